//! The only place that speaks HTTP. Every failure is classified here, once, into
//! what to do next ([`failure`]); nobody else looks at a status or an error text.
//!
//! Invariants
//! - An answer that is not of the shape the API page gives is a network fault
//!   (a captive portal, a proxy), never "sent".
//! - No redirect is followed, and the token goes to no other server.

mod failure;
mod own;
mod pages;
mod sse;
mod wire;

pub use failure::{Failure, WAIT_MAX};
pub use pages::Parts;
pub use sse::{Event, Events};
pub use wire::{ReqwestWire, Wire, WireBody, WireFault};

use crate::clock::Clock;
use bytes::Bytes;
use failure::classify;
use fieldline_model::api::{
    BlobProgress, ChangesPage, Hello, IntentsAnswer, Invited, Join, PRODUCT, SignIn, SignedIn, Snapshot,
};
use fieldline_model::location::Tile;
use fieldline_model::signal::Signal;
use fieldline_model::{BlobHash, Code, MessageId, Problem, Rendition, Role, STAMP_HEADER, Shown};
use futures_util::{StreamExt, future::Either};
use http::{HeaderValue, Method};
use serde::{Serialize, de::DeserializeOwned};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The longest an ordinary request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is read into memory.
const ANSWER_MAX_BYTES: usize = 64 * 1024 * 1024;

/// Where the staff's routes begin.
const STAFF: &str = "/v1";
/// Where the clients' do.
const CLIENT: &str = "/v1/client";

/// One server, as one session sees it.
#[derive(Clone)]
pub struct Remote {
    wire: Arc<dyn Wire>,
    clock: Arc<Clock>,
    server: String,
    token: Option<String>,
    /// Where this session's own routes begin: the staff's, or the clients'.
    own: &'static str,
}

/// What a person types as an address, as the address requests go to: `https://`
/// unless something else is said, no path, no trailing slash. An empty one means
/// the page's own server and stays empty (the browser). This device itself may be asked
/// without protection; on the way to any other everybody could read along.
///
/// Errors: [`Code::BadAddress`], [`Code::NotProtected`].
pub fn clean_address(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    let typed = if typed.ends_with("://") { typed } else { typed.trim_end_matches('/') };
    if typed.is_empty() && cfg!(target_arch = "wasm32") {
        return Ok(String::new());
    }
    let bare = !typed.contains("://");
    let address = if bare { format!("https://{typed}") } else { typed.to_owned() };
    let uri: http::Uri = address.parse().map_err(|_| Problem::new(Code::BadAddress))?;
    let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(Code::BadAddress.into());
    };
    if authority.as_str().contains('@') {
        return Err(Code::BadAddress.into());
    }
    let local = is_this_device(authority.host());
    let scheme = if bare && local { "http" } else { scheme };
    if scheme == "http" && !local {
        return Err(Code::NotProtected.into());
    }
    // One spelling: a profile is named by its server, and a second one would
    // hide the outbox of the first.
    let host = authority.as_str().to_ascii_lowercase();
    let port = if scheme == "https" { ":443" } else { ":80" };
    Ok(format!("{scheme}://{}", host.strip_suffix(port).unwrap_or(&host)))
}

/// Whether a host is the loopback: by its name (RFC 6761, 6.3) or its number.
fn is_this_device(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || number.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Remote {
    /// A session with `server` (as [`clean_address`] gives it).
    pub fn new(wire: Arc<dyn Wire>, clock: Arc<Clock>, server: String, token: Option<String>) -> Self {
        Self { wire, clock, server, token, own: STAFF }
    }

    /// The same session, of somebody with this role: clients have routes of their own.
    pub fn of(self, role: Role) -> Self {
        Self { own: if role.is_staff() { STAFF } else { CLIENT }, ..self }
    }

    /// The same session, with its token.
    pub fn with(self, token: String) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Whether it is a client's.
    pub fn is_clients(&self) -> bool {
        self.own == CLIENT
    }

    /// Whether there is a Fieldline server at the address.
    pub async fn hello(&self) -> Result<Hello, Failure> {
        let hello: Hello = self.get("/v1/hello").await?;
        if hello.product == PRODUCT { Ok(hello) } else { Err(Failure::later(Code::NotAServer)) }
    }

    /// Signs in.
    pub async fn sign_in(&self, ask: &SignIn) -> Result<SignedIn, Failure> {
        self.post("/v1/sign-in", ask).await
    }

    /// Who an invite is for.
    pub async fn invited(&self, secret: &str) -> Result<Invited, Failure> {
        self.post("/v1/invite", &serde_json::json!({ "secret": secret })).await
    }

    /// Accepts an invite.
    pub async fn join(&self, ask: &Join) -> Result<SignedIn, Failure> {
        self.post("/v1/join", ask).await
    }

    /// Everything for the first screens.
    pub async fn snapshot(&self) -> Result<Snapshot, Failure> {
        self.get(&format!("{}/snapshot", self.own)).await
    }

    /// The live stream from a cursor on, for a device that goes on from what it shows;
    /// and whether the server took that.
    pub async fn live(&self, epoch: &str, cursor: i64, shown: Shown) -> Result<(Events, bool), Failure> {
        let path = format!("{}/live?after={cursor}&epoch={epoch}", self.own);
        let mut request = self.request(Method::GET, &path, Bytes::new())?;
        let stamp = HeaderValue::from_str(&shown.to_string()).expect("digits are a header's");
        request.headers_mut().insert(STAMP_HEADER, stamp);
        let answer = self.carried(request, PATIENCE).await?;
        if !answer.status().is_success() {
            return Err(self.refusal(answer).await);
        }
        let kind = answer.headers().get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        if !kind.is_some_and(|k| k.starts_with("text/event-stream")) {
            return Err(Failure::later(Code::NotAServer));
        }
        let taken = answer.headers().get(STAMP_HEADER).and_then(|stamp| stamp.to_str().ok());
        let taken = taken.is_some_and(|stamp| stamp.parse() == Ok(shown.next));
        Ok((Events::new(answer.into_body(), self.clock.clone()), taken))
    }

    /// A page of the feed.
    pub async fn changes(&self, epoch: &str, cursor: i64) -> Result<ChangesPage, Failure> {
        self.get(&format!("{}/changes?after={cursor}&epoch={epoch}", self.own)).await
    }

    /// Submits intents, each as the bytes it was minted with.
    pub async fn intents(&self, bodies: &[String]) -> Result<IntentsAnswer, Failure> {
        let body = format!("{{\"intents\":[{}]}}", bodies.join(","));
        let answer = self.send(Method::POST, &format!("{}/intents", self.own), body.into(), PATIENCE).await?;
        self.parsed(answer).await
    }

    /// Says that one types or looks just now.
    pub async fn signal(&self, signal: &Signal) -> Result<(), Failure> {
        let body = serde_json::to_string(signal).unwrap_or_default();
        let answer = self.send(Method::POST, &format!("{}/signals", self.own), body.into(), PATIENCE).await?;
        self.success(answer).await.map(|_| ())
    }

    /// How much of a blob of this person's is there.
    pub async fn blob(&self, hash: &BlobHash) -> Result<BlobProgress, Failure> {
        self.get(&format!("{}/blobs/{hash}", self.own)).await
    }

    /// Sends the part of a blob that begins at `offset`.
    pub async fn blob_part(
        &self,
        hash: &BlobHash,
        offset: u64,
        size_bytes: u64,
        part: Bytes,
    ) -> Result<BlobProgress, Failure> {
        let path = format!("{}/blobs/{hash}?offset={offset}&size={size_bytes}", self.own);
        // A megabyte on two bars takes its time.
        let answer = self.send(Method::PUT, &path, part, PATIENCE * 4).await?;
        self.parsed(answer).await
    }

    /// A picture of a message.
    pub async fn picture(&self, message: MessageId, i: u32, rendition: Rendition) -> Result<Bytes, Failure> {
        self.image(&format!("{}/messages/{message}/files/{i}/{}", self.own, rendition.as_str())).await
    }

    /// A tile of the map.
    pub async fn tile(&self, tile: Tile) -> Result<Bytes, Failure> {
        self.image(&format!("{}/tiles/{}/{}/{}", self.own, tile.z, tile.x, tile.y)).await
    }

    async fn image(&self, path: &str) -> Result<Bytes, Failure> {
        let answer = self.send(Method::GET, path, Bytes::new(), PATIENCE * 4).await?;
        let kind = answer.headers().get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        if answer.status().is_success() && !kind.is_some_and(|k| k.starts_with("image/")) {
            return Err(Failure::later(Code::NotAServer));
        }
        self.success(answer).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let answer = self.send(Method::GET, path, Bytes::new(), PATIENCE).await?;
        self.parsed(answer).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).map_err(|_| Failure::Refused(Code::BadRequest.into()))?;
        let answer = self.send(Method::POST, path, body.into(), PATIENCE).await?;
        self.parsed(answer).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        patience: Duration,
    ) -> Result<http::Response<WireBody>, Failure> {
        self.carried(self.request(method, path, body)?, patience).await
    }

    fn request(&self, method: Method, path: &str, body: Bytes) -> Result<http::Request<Bytes>, Failure> {
        let json = method == Method::POST;
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.server))
            .header("x-fieldline", "1");
        if json {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
        }
        if let Some(token) = &self.token {
            request = request.header(http::header::AUTHORIZATION, format!("Bearer {token}"));
        }
        request.body(body).map_err(|_| Failure::Refused(Code::BadAddress.into()))
    }

    async fn carried(
        &self,
        request: http::Request<Bytes>,
        patience: Duration,
    ) -> Result<http::Response<WireBody>, Failure> {
        match self.timed(patience, self.wire.send(request)).await {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(fault)) => Err(fault.into()),
            None => Err(Failure::later(Code::Unreachable)),
        }
    }

    /// The result, or `None` when patience ran out first.
    async fn timed<T>(&self, patience: Duration, work: impl Future<Output = T>) -> Option<T> {
        let clock = self.clock.clone();
        let timer = std::pin::pin!(clock.sleep(patience));
        match futures_util::future::select(std::pin::pin!(work), timer).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(_) => None,
        }
    }

    async fn parsed<T: DeserializeOwned>(&self, answer: http::Response<WireBody>) -> Result<T, Failure> {
        let bytes = self.success(answer).await?;
        serde_json::from_slice(&bytes).map_err(|_| Failure::later(Code::NotAServer))
    }

    /// The body of a success; anything else classified.
    async fn success(&self, answer: http::Response<WireBody>) -> Result<Bytes, Failure> {
        if answer.status().is_success() {
            self.read(answer.into_body()).await
        } else {
            Err(self.refusal(answer).await)
        }
    }

    async fn refusal(&self, answer: http::Response<WireBody>) -> Failure {
        let status = answer.status();
        let header = answer.headers().get(http::header::RETRY_AFTER);
        let wait = header.and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
        let wait = wait.map(Duration::from_secs);
        match self.read(answer.into_body()).await {
            Ok(body) => classify(status, wait, &body),
            Err(failure) => failure,
        }
    }

    async fn read(&self, mut body: WireBody) -> Result<Bytes, Failure> {
        let mut bytes = Vec::new();
        loop {
            match self.timed(PATIENCE, body.next()).await {
                Some(Some(Ok(part))) if bytes.len() + part.len() <= ANSWER_MAX_BYTES => bytes.extend(part),
                Some(None) => return Ok(bytes.into()),
                Some(Some(_)) | None => return Err(Failure::later(Code::Unreachable)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cleaned_or_refused() {
        assert_eq!(clean_address(" desk.example.org/ ").unwrap(), "https://desk.example.org");
        assert_eq!(clean_address("127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(clean_address("https://a.example/path?q").unwrap(), "https://a.example");
        assert_eq!(clean_address("HTTPS://Desk.Example:443").unwrap(), "https://desk.example");
        assert_eq!(clean_address("https://desk.example:80").unwrap(), "https://desk.example:80");
        assert_eq!(clean_address("http://[::1]:80").unwrap(), "http://[::1]");
        assert_eq!(clean_address("LocalHost:80/").unwrap(), "http://localhost");
        assert_eq!(clean_address("localhost.example").unwrap(), "https://localhost.example");
        for open in [
            "http://desk.example",
            "http://10.0.0.7:8080",
            "http://localhost.example",
            "HTTP://127.0.0.1.example",
        ] {
            assert_eq!(clean_address(open), Err(Code::NotProtected.into()), "{open}");
        }
        for bad in ["file:///etc/passwd", "https://", "a b", "https://user@host", ""] {
            assert_eq!(clean_address(bad), Err(Code::BadAddress.into()), "{bad}");
        }
    }
}
