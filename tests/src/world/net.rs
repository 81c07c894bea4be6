//! The network between one device and the server.

use bytes::Bytes;
use fieldline_core::remote::{Wire, WireBody, WireFault};
use futures_util::StreamExt;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceExt;

/// What becomes of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The request never arrives.
    RequestLost,
    /// The server does it, and nobody hears.
    AnswerLost,
    /// The request arrives twice, in parallel; one answer comes back.
    Doubled,
    /// The answer takes this long.
    AnswerLate(Duration),
    /// A captive portal answers instead: 200, HTML.
    Portal,
    /// Something answers in the server's place.
    Says(Said),
}

/// An answer that is not the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// How long it takes.
    pub after: Duration,
    /// Its HTTP status.
    pub status: u16,
    /// Its body.
    pub body: &'static str,
}

struct State {
    up: watch::Sender<bool>,
    fates: Mutex<VecDeque<(String, Fate)>>,
    asked: Mutex<Vec<String>>,
}

/// One device's network; clones are the same one.
#[derive(Clone)]
pub struct Net {
    router: axum::Router,
    it: Arc<State>,
}

impl Net {
    /// A good network.
    pub fn new(router: axum::Router) -> Self {
        let it = State { up: watch::channel(true).0, fates: Mutex::default(), asked: Mutex::default() };
        Self { router, it: Arc::new(it) }
    }

    /// Cuts everything, open streams too.
    pub fn cut(&self) {
        self.it.up.send_replace(false);
    }

    /// Heals.
    pub fn heal(&self) {
        self.it.up.send_replace(true);
    }

    /// What becomes of the next request whose method and path begin with `what`,
    /// for example `POST /v1/intents`. Fates are used up in order.
    pub fn next(&self, what: &str, fate: Fate) {
        self.it.fates.lock().unwrap().push_back((what.to_owned(), fate));
    }

    /// Every request that was asked of this network, as method and path.
    pub fn asked(&self) -> Vec<String> {
        self.it.asked.lock().unwrap().clone()
    }

    fn fate(&self, what: &str) -> Option<Fate> {
        let mut fates = self.it.fates.lock().unwrap();
        let at = fates.iter().position(|(begin, _)| what.starts_with(begin.as_str()))?;
        fates.remove(at).map(|(_, fate)| fate)
    }

    async fn carry(&self, request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault> {
        let request = request.map(axum::body::Body::from);
        let Ok(answer) = self.router.clone().oneshot(request).await;
        let (head, body) = answer.into_parts();
        let mut up = self.it.up.subscribe();
        // A cut ends streams that are open, as a broken connection does.
        let cut = async move {
            let _ = up.wait_for(|up| !up).await;
        };
        let body = body
            .into_data_stream()
            .map(|part| part.map_err(|_| WireFault::Unreachable))
            .take_until(Box::pin(cut))
            .boxed();
        Ok(http::Response::from_parts(head, body))
    }
}

#[async_trait::async_trait]
impl Wire for Net {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault> {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let what = format!("{} {path}", request.method());
        self.it.asked.lock().unwrap().push(what.clone());
        if !*self.it.up.borrow() {
            return Err(WireFault::Unreachable);
        }
        match self.fate(&what) {
            None => self.carry(request).await,
            Some(Fate::RequestLost) => Err(WireFault::Unreachable),
            Some(Fate::AnswerLost) => {
                self.carry(request).await?;
                Err(WireFault::Unreachable)
            }
            Some(Fate::Doubled) => {
                let (one, two) = tokio::join!(self.carry(request.clone()), self.carry(request));
                drop(one);
                two
            }
            Some(Fate::AnswerLate(time)) => {
                let answer = self.carry(request).await?;
                tokio::time::sleep(time).await;
                Ok(answer)
            }
            Some(Fate::Portal) => Ok(page(200, "<html>Log in to Wi-Fi")),
            Some(Fate::Says(said)) => {
                tokio::time::sleep(said.after).await;
                Ok(page(said.status, said.body))
            }
        }
    }
}

fn page(status: u16, body: &'static str) -> http::Response<WireBody> {
    let body = futures_util::stream::once(async move { Ok(Bytes::from(body)) });
    http::Response::builder().status(status).body(body.boxed()).unwrap()
}
