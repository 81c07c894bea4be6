//! The network between one device and the server.

use super::Road;
use bytes::Bytes;
use fieldline_core::remote::{Wire, WireBody, WireFault};
use futures_util::StreamExt;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// What becomes of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The request never arrives.
    RequestLost,
    /// The request takes this long, and arrives also when nobody waits for it any more.
    RequestLate(Duration),
    /// The server does it, and nobody hears.
    AnswerLost,
    /// The request arrives twice, in parallel; one answer comes back.
    Doubled,
    /// The request arrives once more, this much later; the first answer comes back.
    DoubledLate(Duration),
    /// The answer takes this long.
    AnswerLate(Duration),
    /// The answer breaks off after this long.
    BodyCut(Duration),
    /// The answer says nothing more after this long, and does not end.
    BodySilent(Duration),
    /// Each part of the answer comes twice.
    BodyDoubled,
    /// A captive portal answers instead: 200, HTML.
    Portal,
    /// Something answers in the server's place.
    Says(Said),
    /// Something answers in the server's place and asks, by a header, to wait.
    SaysWait {
        /// Its HTTP status.
        status: u16,
        /// How long, in seconds.
        wait_s: u64,
    },
    /// No connection comes about.
    Fails(WireFault),
    /// The answer is that of a newer server ([`super::newer`]).
    Newer,
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

/// What decides of every exchange for which no fate was written, and hears of all.
pub trait Weather: Send + Sync {
    /// What becomes of a request.
    fn fate(&self, what: &str, request: &http::Request<Bytes>) -> Option<Fate>;
    /// What came of it: an answer's status, if one came back.
    fn heard(&self, what: &str, request: &http::Request<Bytes>, fate: Option<Fate>, status: Option<u16>);
}

struct State {
    up: watch::Sender<bool>,
    fates: Mutex<VecDeque<(String, Fate)>>,
    weather: Mutex<Option<Arc<dyn Weather>>>,
    asked: Mutex<Vec<String>>,
}

/// One device's network; clones are the same one.
#[derive(Clone)]
pub struct Net {
    road: Road,
    it: Arc<State>,
}

impl Net {
    /// A good network to a server that never falls.
    pub fn new(router: axum::Router) -> Self {
        Self::over(Road::to(router))
    }

    /// A good network.
    pub fn over(road: Road) -> Self {
        let it = State {
            up: watch::channel(true).0,
            fates: Mutex::default(),
            weather: Mutex::default(),
            asked: Mutex::default(),
        };
        Self { road, it: Arc::new(it) }
    }

    /// Cuts everything, open streams too.
    pub fn cut(&self) {
        self.it.up.send_replace(false);
    }

    /// Heals.
    pub fn heal(&self) {
        self.it.up.send_replace(true);
    }

    /// Whether there is signal.
    pub fn is_up(&self) -> bool {
        *self.it.up.borrow()
    }

    /// What becomes of the next request whose method and path begin with `what`,
    /// for example `POST /v1/intents`. Fates are used up in order.
    pub fn next(&self, what: &str, fate: Fate) {
        self.it.fates.lock().unwrap().push_back((what.to_owned(), fate));
    }

    /// Forgets the fates that were written and not used.
    pub fn forget(&self) {
        self.it.fates.lock().unwrap().clear();
    }

    /// Lets `weather` decide from now on; `None`: it is good again.
    pub fn weather(&self, weather: Option<Arc<dyn Weather>>) {
        *self.it.weather.lock().unwrap() = weather;
    }

    /// Every request that was asked of this network, as method and path.
    pub fn asked(&self) -> Vec<String> {
        self.it.asked.lock().unwrap().clone()
    }

    fn fate(&self, what: &str, request: &http::Request<Bytes>) -> Option<Fate> {
        let mut fates = self.it.fates.lock().unwrap();
        let at = fates.iter().position(|(begin, _)| what.starts_with(begin.as_str()));
        match at.and_then(|at| fates.remove(at)) {
            Some((_, fate)) => Some(fate),
            None => self.sky().and_then(|weather| weather.fate(what, request)),
        }
    }

    fn sky(&self) -> Option<Arc<dyn Weather>> {
        self.it.weather.lock().unwrap().clone()
    }

    async fn carry(&self, request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault> {
        let (head, body) = self.road.carry(request).await?.into_parts();
        let mut up = self.it.up.subscribe();
        // A cut ends streams that are open, as a broken connection does.
        let cut = async move {
            let _ = up.wait_for(|up| !up).await;
        };
        Ok(http::Response::from_parts(head, body.take_until(Box::pin(cut)).boxed()))
    }

    /// Carries it also when nobody waits any more.
    async fn carry_alone(
        &self,
        request: http::Request<Bytes>,
        wait: Duration,
    ) -> Result<http::Response<WireBody>, WireFault> {
        let it = self.clone();
        let carried = tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            it.carry(request).await
        });
        match carried.await {
            Ok(answer) => answer,
            Err(why) => std::panic::resume_unwind(why.into_panic()),
        }
    }

    async fn befall(
        &self,
        request: http::Request<Bytes>,
        fate: Option<Fate>,
    ) -> Result<http::Response<WireBody>, WireFault> {
        match fate {
            None => self.carry(request).await,
            Some(Fate::RequestLost) => Err(WireFault::Unreachable),
            Some(Fate::RequestLate(wait)) => self.carry_alone(request, wait).await,
            Some(Fate::AnswerLost) => {
                self.carry(request).await?;
                Err(WireFault::Unreachable)
            }
            Some(Fate::Doubled) => {
                let (one, two) = tokio::join!(self.carry(request.clone()), self.carry(request));
                drop(one);
                two
            }
            Some(Fate::DoubledLate(wait)) => {
                let (it, again) = (self.clone(), request.clone());
                tokio::spawn(async move { it.carry_alone(again, wait).await.map(drop) });
                self.carry(request).await
            }
            Some(Fate::AnswerLate(time)) => {
                let answer = self.carry(request).await?;
                tokio::select! {
                    biased;
                    () = self.road.fallen() => Err(WireFault::Unreachable),
                    () = tokio::time::sleep(time) => Ok(answer),
                }
            }
            Some(fate @ (Fate::BodyCut(_) | Fate::BodySilent(_) | Fate::BodyDoubled)) => {
                Ok(self.carry(request).await?.map(|body| spoil(body, fate)))
            }
            Some(Fate::SaysWait { status, wait_s }) => {
                let mut answer = page(status, "{}");
                answer.headers_mut().insert(http::header::RETRY_AFTER, wait_s.into());
                Ok(answer)
            }
            Some(Fate::Fails(fault)) => Err(fault),
            Some(Fate::Newer) => Ok(super::newer::answer(self.carry(request).await?)),
            Some(Fate::Portal) => Ok(page(200, "<html>Log in to Wi-Fi")),
            Some(Fate::Says(said)) => {
                tokio::time::sleep(said.after).await;
                Ok(page(said.status, said.body))
            }
        }
    }
}

#[async_trait::async_trait]
impl Wire for Net {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault> {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let what = format!("{} {path}", request.method());
        self.it.asked.lock().unwrap().push(what.clone());
        if !self.is_up() {
            return Err(WireFault::NotConnected);
        }
        let fate = self.fate(&what, &request);
        let Some(sky) = self.sky() else { return self.befall(request, fate).await };
        let answer = self.befall(request.clone(), fate).await;
        let status = answer.as_ref().ok().map(|answer| answer.status().as_u16());
        sky.heard(&what, &request, fate, status);
        answer
    }
}

fn spoil(body: WireBody, fate: Fate) -> WireBody {
    match fate {
        Fate::BodyCut(after) => body.take_until(Box::pin(tokio::time::sleep(after))).boxed(),
        Fate::BodySilent(after) => body
            .take_until(Box::pin(tokio::time::sleep(after)))
            .chain(futures_util::stream::pending())
            .boxed(),
        _ => body.flat_map(|part| futures_util::stream::iter([part.clone(), part])).boxed(),
    }
}

fn page(status: u16, body: &'static str) -> http::Response<WireBody> {
    let body = futures_util::stream::once(async move { Ok(Bytes::from(body)) });
    http::Response::builder().status(status).body(body.boxed()).unwrap()
}
