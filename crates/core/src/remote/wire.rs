//! What carries a request to a server and its answer back.

use bytes::Bytes;
use fieldline_model::Code;
use futures_util::StreamExt;

/// An answer's body, as it comes. `Send` where tasks may move between threads.
#[cfg(not(target_arch = "wasm32"))]
pub type WireBody = futures_util::stream::BoxStream<'static, Result<Bytes, WireFault>>;
/// An answer's body, as it comes.
#[cfg(target_arch = "wasm32")]
pub type WireBody = futures_util::stream::LocalBoxStream<'static, Result<Bytes, WireFault>>;

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireFault {
    /// No connection came about: no network, no such host, or nobody listens. Nothing was sent.
    NotConnected,
    /// The connection broke, or this wire cannot tell (a browser's): what was sent may have come.
    Unreachable,
    /// The certificate is not trusted. Nothing was sent.
    Tls,
}

impl WireFault {
    /// What to tell the person.
    pub fn code(self) -> Code {
        match self {
            Self::NotConnected | Self::Unreachable => Code::Unreachable,
            Self::Tls => Code::TlsFailed,
        }
    }

    /// Whether the request may have come to the server all the same.
    pub fn may_have_come(self) -> bool {
        self == Self::Unreachable
    }
}

/// Carries requests. The one production kind is [`ReqwestWire`]; tests carry
/// them to a server in the same process.
#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
pub trait Wire: WireBounds {
    /// Sends a request and waits for the head of its answer.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault>;
}

/// `Send + Sync`, where tasks may move between threads.
#[cfg(not(target_arch = "wasm32"))]
pub trait WireBounds: Send + Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + Sync> WireBounds for T {}
/// Nothing more, where they may not.
#[cfg(target_arch = "wasm32")]
pub trait WireBounds {}
#[cfg(target_arch = "wasm32")]
impl<T> WireBounds for T {}

/// The production wire: the one place where an HTTP client is made. That reads the
/// system's certificates, so it waits for the first request, and no screen waits for it.
#[derive(Default)]
pub struct ReqwestWire {
    client: tokio::sync::OnceCell<reqwest::Client>,
}

impl ReqwestWire {
    async fn client(&self) -> Result<&reqwest::Client, WireFault> {
        #[cfg(not(target_arch = "wasm32"))]
        let made = || async {
            let made = tokio::task::spawn_blocking(client).await;
            made.map_err(|_| WireFault::NotConnected)?
        };
        #[cfg(target_arch = "wasm32")]
        let made = || async { client() };
        self.client.get_or_try_init(made).await
    }
}

/// The one client. Where none can be made there is no network either.
fn client() -> Result<reqwest::Client, WireFault> {
    let builder = reqwest::Client::builder();
    #[cfg(not(target_arch = "wasm32"))]
    let builder = builder
        .connect_timeout(std::time::Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none())
        .tcp_keepalive(std::time::Duration::from_secs(20))
        .user_agent(concat!("Fieldline/", env!("CARGO_PKG_VERSION")));
    builder.build().map_err(|_| WireFault::NotConnected)
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
impl Wire for ReqwestWire {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault> {
        let (parts, body) = request.into_parts();
        let mut asked =
            self.client().await?.request(parts.method, address(&parts.uri)).headers(parts.headers);
        if !body.is_empty() {
            asked = asked.body(body);
        }
        let answer = asked.send().await.map_err(|e| fault(&e))?;
        let mut head = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            head = head.header(name, value);
        }
        let body = answer.bytes_stream().map(|part| part.map_err(|e| fault(&e)));
        #[cfg(not(target_arch = "wasm32"))]
        let body = body.boxed();
        #[cfg(target_arch = "wasm32")]
        let body = body.boxed_local();
        head.body(body).map_err(|_| WireFault::Unreachable)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn address(uri: &http::Uri) -> String {
    uri.to_string()
}

/// In a browser an address without a server means the page's own.
#[cfg(target_arch = "wasm32")]
fn address(uri: &http::Uri) -> String {
    match uri.authority() {
        Some(_) => uri.to_string(),
        None => format!("{}{uri}", crate::clock::page_origin()),
    }
}

/// What a TLS stack says when it gave a connection up: an untrusted certificate, an
/// alert, or a server that does not speak TLS at all.
const TLS_WORDS: [&str; 4] = ["certificate", "corrupt message", "fatal alert", "peer is incompatible"];

/// A connection that cannot be trusted is worth a sentence of its own. Only while it comes
/// about is nothing sent; a browser does not say which it was.
fn fault(error: &reqwest::Error) -> WireFault {
    #[cfg(not(target_arch = "wasm32"))]
    let connecting = error.is_connect();
    #[cfg(target_arch = "wasm32")]
    let connecting = false;
    if !connecting {
        return WireFault::Unreachable;
    }
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(it) = cause {
        let text = it.to_string();
        if TLS_WORDS.iter().any(|words| text.contains(words)) {
            return WireFault::Tls;
        }
        cause = it.source();
    }
    WireFault::NotConnected
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    async fn asked(address: &str) -> WireFault {
        let request = http::Request::post(address).body(Bytes::from_static(b"{}")).unwrap();
        match ReqwestWire::default().send(request).await {
            Ok(answer) => panic!("{} of nobody", answer.status()),
            Err(fault) => fault,
        }
    }

    #[tokio::test]
    async fn a_fault_tells_whether_anything_may_have_come() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let hangs_up = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut some = [0; 1];
                let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut some).await;
            }
        });
        assert_eq!(asked(&format!("http://127.0.0.1:{port}/")).await, WireFault::Unreachable);
        assert!(!asked(&format!("https://127.0.0.1:{port}/")).await.may_have_come());
        hangs_up.abort();
        assert!(hangs_up.await.is_err());
        assert_eq!(asked(&format!("http://127.0.0.1:{port}/")).await, WireFault::NotConnected);
    }
}
