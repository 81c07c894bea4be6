//! The server's HTTP: staff's API, clients' API, customers' API, pages.
//!
//! Invariants
//! - Every API route stands in [`routes::table`]; router and OpenAPI document are
//!   made from it.
//! - Every refusal is a [`fieldline_model::api::Refusal`] with a fitting status.
//! - Nothing is cached anywhere unless its route says so.

mod admin;
mod answer;
mod blobs;
pub mod caller;
mod client;
mod customer;
mod devices;
mod files;
mod guard;
mod health;
mod live;
mod openapi;
mod own;
mod pages;
mod password;
mod route;
pub mod routes;
mod second_factor;
mod session;
mod signals;
mod staff;
mod tiles;

pub use openapi::document;
pub use session::folded as session_login;

use crate::clock::Clock;
use crate::health::Health;
use crate::hub::Hub;
use crate::limits::{Limits, Try};
use crate::metrics::Metrics;
use crate::password::Passwords;
use crate::presence::Presence;
use crate::secrets::SecretHash;
use crate::store::{Act, Actor, Look, Session, Stop, Store};
use crate::tiles::Tiles;
use crate::uploads::Uploads;
use answer::Refused;
use axum::Router;
use caller::{Signed, Visitor};
use fieldline_model::{Code, CustomerId, PersonId, Problem};
use http::StatusCode;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What every route works with.
pub struct App {
    /// The truth.
    pub store: Store,
    /// Who is listening.
    pub hub: Arc<Hub>,
    /// Time and chance.
    pub clock: Clock,
    /// Who types and who looks.
    pub presence: Presence,
    /// How often somebody may try.
    pub limits: Limits,
    /// Where passwords are hashed.
    pub passwords: Passwords,
    /// Where bytes come in.
    pub uploads: Arc<Uploads>,
    /// The map's.
    pub tiles: Tiles,
    /// Pictures decoded at once.
    pub decoding: Semaphore,
    /// Whether a proxy in front says who calls.
    pub behind_proxy: bool,
    /// The folder of the web app.
    pub web: Option<PathBuf>,
    /// What was found ready last.
    pub health: Health,
    /// What is counted.
    pub metrics: Metrics,
    /// Who shows it reads the counts.
    pub metrics_token: Option<SecretHash>,
    /// The folder of the data.
    pub dir: PathBuf,
    /// Held as long as this is the folder's server.
    pub lock: Option<std::fs::File>,
}

/// The one all routes share.
pub type Shared = Arc<App>;

impl App {
    /// What a signed-in person may see: session and record read at one moment, so
    /// that nothing is shown by a right that was taken before. A denial is written
    /// down as `what`; who is denied too often is told so, and no more is written.
    async fn see<T, F>(&self, by: impl Signed, what: &'static str, see: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: FnOnce(&Look<'_>, &Session) -> Result<T, Stop> + Send + 'static,
    {
        let now = self.clock.now_ms();
        let read = self.store.read(move |look| {
            let session = by.session(look, now)?;
            Ok((Actor::Person(session.person.id), kept_apart(see(look, &session))?))
        });
        self.audited(what, read.await?).await
    }

    /// What a customer may see, likewise.
    async fn visit<T, F>(&self, Visitor(token): Visitor, what: &'static str, see: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: FnOnce(&Look<'_>, CustomerId) -> Result<T, Stop> + Send + 'static,
    {
        let now = self.clock.now_ms();
        let read = self.store.read(move |look| {
            let who = look.customer_session(&token, now)?;
            Ok((Actor::Customer(who), kept_apart(see(look, who))?))
        });
        self.audited(what, read.await?).await
    }

    async fn audited<T>(
        &self,
        what: &'static str,
        (by, seen): (Actor, Result<T, Problem>),
    ) -> Result<T, Refused> {
        if let Err(problem) = &seen {
            let problem = problem.clone();
            if let Actor::Person(PersonId(who)) | Actor::Customer(CustomerId(who)) = by {
                self.limits.count(Try::Denied(who))?;
            }
            self.store.write(move |tx| tx.deny(Act::new(by, what), &problem)).await?;
        }
        Ok(seen?)
    }
}

/// A refusal as a value, faults as faults.
pub fn kept_apart<T>(result: Result<T, Stop>) -> Result<Result<T, Problem>, Stop> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Refused(problem)) => Ok(Err(problem)),
        Err(fault) => Err(fault),
    }
}

/// Everything the server answers.
pub fn router(app: Shared) -> Router {
    let mut router = Router::new();
    for route in routes::table() {
        router = router.route(route.path, route.does);
    }
    let api = router.with_state(app.clone());
    Router::new()
        .merge(api)
        .merge(pages::router(&app))
        .method_not_allowed_fallback(|| async {
            (StatusCode::METHOD_NOT_ALLOWED, Refused::from(Code::BadRequest))
        })
        .layer(axum::middleware::from_fn(guard::guard))
        .layer(axum::middleware::from_fn_with_state(app, health::count))
}
