//! A connection whose peer must say what it wants, and go on taking what it is sent.
//!
//! Which HTTP a peer speaks is read from its first bytes, without a deadline of its own; so
//! one that says nothing, or too little to tell, is given up after [`GREETING_MAX`].
//!
//! A live stream has no deadline, so a peer that stops reading (or is gone without
//! a word) would keep its connection for ever. Here a write that makes no headway
//! for [`STALL_MAX`] ends the connection; the device comes back with its cursor.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Without headway for this long a connection is given up.
const STALL_MAX: Duration = Duration::from_secs(60);

/// A peer's first words come within this.
const GREETING_MAX: Duration = Duration::from_secs(20);
/// By so many bytes it is clear what it speaks: the preface of HTTP/2.
const GREETING_BYTES: usize = 24;

/// A stream that gives up on a peer that says or takes nothing.
pub struct Stalling<S> {
    stream: S,
    since: Option<Pin<Box<Sleep>>>,
    /// How much of the greeting is still to come, and until when.
    greeting: Option<(usize, Pin<Box<Sleep>>)>,
}

impl<S> Stalling<S> {
    /// Watches `stream`.
    pub fn new(stream: S) -> Self {
        Self { stream, since: None, greeting: Some((GREETING_BYTES, Box::pin(sleep(GREETING_MAX)))) }
    }

    /// Passes a write's outcome on; counts the time while there is none.
    fn watched<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.since = None;
            return outcome;
        }
        let since = self.since.get_or_insert_with(|| Box::pin(sleep(STALL_MAX)));
        ready!(since.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stalling<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let Some((left, until)) = &mut self.greeting else { return outcome };
        if outcome.is_ready() {
            *left = left.saturating_sub(buffer.filled().len() - before);
            if *left == 0 {
                self.greeting = None;
            }
            return outcome;
        }
        ready!(until.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stalling<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.watched(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watched(cx, outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_for_a_minute_is_given_up() {
        let (ours, _theirs) = duplex(16);
        let mut ours = Stalling::new(ours);
        let clock = Clock::simulated(0, 1);
        let gone = ours.write_all(&[0; 64]).await.unwrap_err();
        assert_eq!((gone.kind(), clock.now_ms()), (io::ErrorKind::TimedOut, STALL_MAX.as_millis() as i64));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_peer_that_takes_a_little_now_and_then_is_kept() {
        let (ours, mut theirs) = duplex(16);
        let mut ours = Stalling::new(ours);
        let reader = tokio::spawn(async move {
            let mut part = [0; 16];
            for _ in 0..8 {
                sleep(Duration::from_secs(50)).await;
                theirs.read_exact(&mut part).await.unwrap();
            }
        });
        ours.write_all(&[0; 128]).await.unwrap();
        reader.await.unwrap();
    }
}
