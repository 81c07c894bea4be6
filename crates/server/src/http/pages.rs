//! The pages: the web app at `/`, the customer's chat at `/chat`.
//!
//! Invariants
//! - No inline script anywhere; every page's policy says so.
//! - What carries its content's hash in its name is cached for ever; what does not
//!   is asked for again each time.

use super::{Shared, answer::Refused};
use axum::Router;
use axum::extract::{Path, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fieldline_model::Code;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

const CHAT_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// WebAssembly needs its own word. Styles: the app's parts set style attributes.
const APP_CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async fn no_web_app() -> Response {
    let says =
        "The web app is not installed here. Start the server with --web and the folder it was built into.";
    (StatusCode::NOT_FOUND, says).into_response()
}

/// The chat page's files, name and text, as the build found them.
const CHAT_FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/chat_page.rs"));

fn chat_file(name: &str) -> Response {
    let Some((name, text)) = CHAT_FILES.iter().find(|(known, _)| *known == name) else {
        return Refused::from(Code::NotFound).into_response();
    };
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "image/svg+xml",
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(CHAT_CSP)),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, *text).into_response()
}

/// The chat page: itself at `/chat`, its files below.
fn chat() -> Router {
    Router::new()
        .route("/chat", get(async || chat_file("index.html")))
        .route("/chat/{file}", get(async |Path(name): Path<String>| chat_file(&name)))
}

/// The web app's files: their policy, and how long each is kept.
async fn app_file(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    // A folder's address gets its slash by a redirection: of `//host` it would lead there.
    if path.starts_with("/v1/") || path.starts_with("//") {
        return Refused::from(Code::NotFound).into_response();
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return Refused::from(Code::BadRequest).into_response();
    }
    let hashed = path.starts_with("/assets/") && response.status().is_success();
    let kept = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(APP_CSP));
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if let Some(kind) = kind.filter(|kind| kind.starts_with("text/") && !kind.contains("charset")) {
        let kind = HeaderValue::from_str(&format!("{kind}; charset=utf-8")).expect("a type is plain text");
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response
}

/// The pages' routes, and what every unknown address gets.
pub fn router(app: &Shared) -> Router {
    let files = match &app.web {
        Some(dir) => {
            Router::new().fallback_service(ServeDir::new(dir).precompressed_br().precompressed_gzip())
        }
        None => Router::new().fallback(no_web_app),
    };
    chat().merge(files.layer(from_fn(app_file))).layer(CompressionLayer::new())
}
