//! Reads a stream of server-sent events (HTML Living Standard, §9.2): only what
//! the live feed uses, `event` and `data` lines.
//!
//! Invariant: a stream that says nothing for [`SILENCE`] counts as dead; the
//! server says something every 15 seconds.

use super::WireBody;
use crate::clock::Clock;
use fieldline_model::api::ChangesPage;
use fieldline_model::signal::Signals;
use futures_util::StreamExt;
use futures_util::future::Either;
use std::sync::Arc;
use std::time::Duration;

/// The longest a live stream may be silent.
const SILENCE: Duration = Duration::from_secs(40);
/// The longest event that is believed.
const EVENT_MAX_BYTES: usize = 16 * 1024 * 1024;

/// What the stream says.
#[derive(Debug)]
pub enum Event {
    /// New facts; an empty page says that there are none up to its cursor.
    Changes(ChangesPage),
    /// The server is there; its clock, milliseconds since 1970.
    Tick(i64),
    /// Who types and who looks just now.
    Signals(Signals),
    /// Something this app does not know.
    Unknown,
    /// A page that does not read. What follows it would leave it out, so it is the
    /// stream's end.
    Broken,
}

/// The live stream.
pub struct Events {
    body: WireBody,
    clock: Arc<Clock>,
    buffer: Vec<u8>,
}

impl Events {
    pub(super) fn new(body: WireBody, clock: Arc<Clock>) -> Self {
        Self { body, clock, buffer: Vec::new() }
    }

    /// The next event, or `None` when the stream ended, broke or fell silent.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(block) = self.take_block() {
                match parse(&block) {
                    Some(Event::Broken) => return None,
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let clock = self.clock.clone();
            let timer = std::pin::pin!(clock.sleep(SILENCE));
            match futures_util::future::select(self.body.next(), timer).await {
                Either::Left((Some(Ok(part)), _)) if self.buffer.len() + part.len() <= EVENT_MAX_BYTES => {
                    self.buffer.extend_from_slice(&part);
                }
                _ => return None,
            }
        }
    }

    /// The lines up to the next blank one.
    fn take_block(&mut self) -> Option<String> {
        let end = self.buffer.windows(2).position(|w| w == b"\n\n")?;
        let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
        Some(String::from_utf8_lossy(&block).into_owned())
    }
}

/// An event, or `None` for a comment.
fn parse(block: &str) -> Option<Event> {
    let (mut name, mut data) = ("", String::new());
    for line in block.lines() {
        if let Some(value) = line.strip_prefix("event:") {
            name = value.trim();
        } else if let Some(value) = line.strip_prefix("data:") {
            data.push_str(value.trim_start());
        }
    }
    if name.is_empty() && data.is_empty() {
        return None;
    }
    Some(match name {
        "changes" => serde_json::from_str(&data).map_or(Event::Broken, Event::Changes),
        "signals" => serde_json::from_str(&data).map_or(Event::Unknown, Event::Signals),
        "tick" => serde_json::from_str::<serde_json::Value>(&data)
            .ok()
            .and_then(|v| v.get("at_ms")?.as_i64())
            .map_or(Event::Unknown, Event::Tick),
        _ => Event::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[tokio::test(start_paused = true)]
    async fn events_cut_anywhere_are_read_whole_and_silence_ends_the_stream() {
        let text = b": hi\n\nevent: tick\ndata: {\"at_ms\":5}\n\nevent: new\ndata: {}\n\n";
        let parts: Vec<_> = text.iter().map(|b| Ok(Bytes::copy_from_slice(&[*b]))).collect();
        let body = futures_util::stream::iter(parts).chain(futures_util::stream::pending()).boxed();
        let mut events = Events::new(body, Arc::new(Clock::virtual_from(0, 1)));
        assert!(matches!(events.next().await, Some(Event::Tick(5))));
        assert!(matches!(events.next().await, Some(Event::Unknown)));
        assert!(events.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_does_not_read_ends_the_stream_before_the_next_one() {
        let text = "event: changes\ndata: {\"cursor\":\"x\"}\n\nevent: tick\ndata: {\"at_ms\":5}\n\n";
        let body = futures_util::stream::iter([Ok(Bytes::from(text))]).boxed();
        let mut events = Events::new(body, Arc::new(Clock::virtual_from(0, 1)));
        assert!(events.next().await.is_none());
    }
}
