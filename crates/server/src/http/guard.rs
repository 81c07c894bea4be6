//! What holds for every request and every answer, whatever the route.

use super::answer::Refused;
use super::caller::{changes, is_foreign};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fieldline_model::{Code, Problem};
use http::{HeaderName, HeaderValue, StatusCode, header};
use std::time::Duration;

/// A request has this long to arrive and be answered; a stream, to begin.
const DEADLINE: Duration = Duration::from_secs(120);

/// What an answer gets unless its route set it.
const DEFAULTS: [(HeaderName, &str); 9] = [
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    ),
];

/// Turns other sites' pages away, ends what takes too long, and sets the headers
/// that keep browsers from being clever.
pub async fn guard(request: Request, next: Next) -> Response {
    let foreign = changes(request.method()) && is_foreign(request.headers(), request.uri());
    let mut response = if foreign {
        Refused::from(Code::NotPermitted).into_response()
    } else {
        match tokio::time::timeout(DEADLINE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                let mut late = Refused(Problem::limit(Code::Busy, 1)).into_response();
                *late.status_mut() = StatusCode::REQUEST_TIMEOUT;
                late
            }
        }
    };
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
