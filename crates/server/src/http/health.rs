//! For who watches over the server: is it there, can it work, how much is there to do.

use super::answer::{Answer, Refused, done};
use super::caller::Peer;
use super::{Shared, caller};
use crate::{log, metrics, secrets};
use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fieldline_model::Code;
use http::header::CONTENT_TYPE;
use http::{Extensions, HeaderMap, Method, StatusCode};

/// The process is there.
pub async fn alive() -> Answer {
    done()
}

/// The server can work, or what of it cannot.
pub async fn ready(State(app): State<Shared>) -> Answer {
    let found = app.health.look(&app).await;
    let status = if found.is_all() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok((status, Json(found)).into_response())
}

/// The counts: for who has the token; without one, for a process of the same machine.
pub async fn metrics(State(app): State<Shared>, headers: HeaderMap, extensions: Extensions) -> Answer {
    let allowed = match &app.metrics_token {
        Some(token) => caller::bearer(&headers).is_some_and(|given| secrets::hash(given) == *token),
        // Behind a proxy everybody comes from this machine.
        None => {
            let peer = extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical());
            !app.behind_proxy && peer.is_some_and(|ip| ip.is_loopback())
        }
    };
    if !allowed {
        return Err(Code::NotPermitted.into());
    }
    let text = metrics::text(&app).await.map_err(Refused::from)?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

/// Counts a request, and says in the log that it was answered.
pub async fn count(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    // An address that is no route of ours is whatever somebody typed.
    let route = route.unwrap_or_else(|| "other".into());
    let method = request.method();
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE].contains(method);
    let method = if known { method.to_string() } else { "other".into() };
    let began_ms = app.clock.now_ms();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    log::request(&method, &route, (status, app.clock.now_ms() - began_ms));
    app.metrics.count((method, route, status));
    response
}
