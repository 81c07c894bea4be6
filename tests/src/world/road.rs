//! The way to the server, shared by every network: there is one server, and it may be
//! down, or fall while it answers.

use bytes::Bytes;
use fieldline_core::remote::{WireBody, WireFault};
use fieldline_server::failpoint::Killed;
use futures_util::{FutureExt, StreamExt};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use tower::ServiceExt;

struct Inner {
    router: Mutex<Option<axum::Router>>,
    /// How often it fell: whoever is being answered hears of it.
    fell: watch::Sender<u64>,
}

/// The way to one server; clones are the same one.
#[derive(Clone)]
pub struct Road(Arc<Inner>);

impl Road {
    /// To a server that stands.
    pub fn to(router: axum::Router) -> Self {
        let router = Mutex::new(Some(router));
        Self(Arc::new(Inner { router, fell: watch::channel(0).0 }))
    }

    fn router(&self) -> std::sync::MutexGuard<'_, Option<axum::Router>> {
        self.0.router.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server is gone: what it was answering ends here, its streams too.
    pub fn falls(&self) {
        *self.router() = None;
        self.0.fell.send_modify(|times| *times += 1);
    }

    /// A server stands at the end of it.
    pub fn stands(&self, router: axum::Router) {
        *self.router() = Some(router);
    }

    /// Whether a server stands.
    pub fn is_up(&self) -> bool {
        self.router().is_some()
    }

    /// Waits until the server falls.
    pub async fn fallen(&self) {
        let _ = self.0.fell.subscribe().changed().await;
    }

    /// Carries a request to the server and its answer back.
    ///
    /// # Panics
    /// When the server does, unless a failpoint made it.
    pub async fn carry(&self, request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault> {
        let Some(router) = self.router().clone() else { return Err(WireFault::NotConnected) };
        let mut fell = self.0.fell.subscribe();
        let answering = AssertUnwindSafe(router.oneshot(request.map(axum::body::Body::from))).catch_unwind();
        let answered = tokio::select! {
            biased;
            _ = fell.changed() => return Err(WireFault::Unreachable),
            answered = answering => answered,
        };
        let (head, body) = match answered {
            Ok(Ok(answer)) => answer.into_parts(),
            Err(why) if why.is::<Killed>() => {
                self.falls();
                return Err(WireFault::Unreachable);
            }
            Err(why) => std::panic::resume_unwind(why),
        };
        let over = async move {
            let _ = fell.changed().await;
        };
        let body = body
            .into_data_stream()
            .map(|part| part.map_err(|_| WireFault::Unreachable))
            .take_until(Box::pin(over))
            .boxed();
        Ok(http::Response::from_parts(head, body))
    }
}
