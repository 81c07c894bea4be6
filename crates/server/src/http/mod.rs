//! The server's HTTP: staff's API, customers' API, pages.
//!
//! Invariants
//! - Every API route stands in [`routes::table`]; router and OpenAPI document are
//!   made from it.
//! - Every refusal is a [`fieldline_model::api::Refusal`] with a fitting status.
//! - Nothing is cached anywhere unless its route says so.

mod answer;
mod blobs;
pub mod caller;
mod customer;
mod files;
mod guard;
mod live;
mod openapi;
mod pages;
pub mod routes;
mod session;
mod staff;

pub use openapi::document;
pub use session::folded as session_login;

use crate::clock::Clock;
use crate::hub::Hub;
use crate::limits::Limits;
use crate::password::Passwords;
use crate::store::{Act, Actor, Stop, Store};
use crate::uploads::Uploads;
use answer::Refused;
use axum::Router;
use fieldline_model::Code;
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
    /// How often somebody may try.
    pub limits: Limits,
    /// Where passwords are hashed.
    pub passwords: Passwords,
    /// Where bytes come in.
    pub uploads: Arc<Uploads>,
    /// Pictures decoded at once.
    pub decoding: Semaphore,
    /// Whether a proxy in front says who calls.
    pub behind_proxy: bool,
    /// The folder of the web app.
    pub web: Option<PathBuf>,
    /// Held as long as this is the folder's server.
    pub lock: Option<std::fs::File>,
}

/// The one all routes share.
pub type Shared = Arc<App>;

impl App {
    /// Passes `result` on; a denial of somebody signed in is written down first.
    async fn audited<T>(&self, by: Actor, what: &'static str, result: Result<T, Stop>) -> Result<T, Refused> {
        if let Err(Stop::Refused(problem)) = &result
            && matches!(problem.code, Code::NotFound | Code::NotPermitted)
        {
            let problem = problem.clone();
            self.store.write(move |tx| tx.deny(Act::new(by, what), &problem)).await?;
        }
        Ok(result?)
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
        .method_not_allowed_fallback(|| async { Refused::from(Code::BadRequest) })
        .layer(axum::middleware::from_fn(guard::guard))
}
