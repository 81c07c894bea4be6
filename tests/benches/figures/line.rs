//! A kept-alive HTTP connection with as little around it as possible, so that
//! who asks takes no time from who answers.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub struct Line {
    stream: TcpStream,
    token: String,
    got: Vec<u8>,
}

impl Line {
    /// Connects; every request carries `token`.
    pub async fn to(address: SocketAddr, token: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("small requests go at once");
        Self { stream, token: token.to_owned(), got: Vec::with_capacity(16 * 1024) }
    }

    /// Posts JSON; gives the body of the answer, which must be a 200.
    pub async fn post(&mut self, path: &str, body: &[u8]) -> Vec<u8> {
        self.ask(&format!("POST {path}"), body).await;
        self.answer().await
    }

    /// Gets a body, which must come with a 200.
    pub async fn get(&mut self, path: &str) -> Vec<u8> {
        self.ask(&format!("GET {path}"), b"").await;
        self.answer().await
    }

    async fn ask(&mut self, what: &str, body: &[u8]) {
        let head = format!(
            "{what} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            self.token,
            body.len()
        );
        let request = [head.as_bytes(), body].concat();
        self.stream.write_all(&request).await.expect("the request is sent");
    }

    async fn more(&mut self) {
        let count = self.stream.read_buf(&mut self.got).await.expect("the answer is read");
        assert!(count > 0, "the server closed the connection");
    }

    /// Reads the head of an answer away.
    async fn head(&mut self) -> String {
        loop {
            if let Some(end) = find(&self.got, b"\r\n\r\n") {
                let head: Vec<u8> = self.got.drain(..end + 4).collect();
                let head = String::from_utf8(head).expect("a head is text").to_lowercase();
                assert!(head.starts_with("http/1.1 200"), "{head}{}", String::from_utf8_lossy(&self.got));
                return head;
            }
            self.more().await;
        }
    }

    async fn answer(&mut self) -> Vec<u8> {
        let head = self.head().await;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.expect("an answer says its length").parse().expect("a number");
        while self.got.len() < length {
            self.more().await;
        }
        self.got.drain(..length).collect()
    }

    /// Begins a stream of events.
    pub async fn listen(mut self, path: &str) -> Self {
        self.ask(&format!("GET {path}"), b"").await;
        self.head().await;
        self
    }

    /// Waits until the stream says `word`, and forgets what it said so far.
    pub async fn hears(&mut self, word: &str) {
        while find(&self.got, word.as_bytes()).is_none() {
            self.more().await;
        }
        self.got.clear();
    }
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|part| part == word)
}
