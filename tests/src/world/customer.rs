//! A customer on the chat page, as far as the server sees it: the public routes
//! and a cookie.

use axum::body::Body;
use fieldline_model::public::{PublicBody, PublicMessage, PublicPage};
use fieldline_model::{BlobHash, Location, MessageId, Problem};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::cell::Cell;
use tower::ServiceExt;

/// One customer.
pub struct Customer {
    router: axum::Router,
    cookie: String,
    seed: Cell<u64>,
    /// The private link's secret.
    pub secret: String,
}

impl Customer {
    pub(super) async fn starts(
        router: axum::Router,
        seed: u64,
        name: Option<&str>,
        phone: Option<&str>,
    ) -> Self {
        let mut it =
            Self { router, cookie: String::new(), seed: Cell::new(seed << 20), secret: String::new() };
        let body = json!({ "name": name, "phone": phone });
        let answer = it.send(Method::POST, "/v1/customer/start", body.to_string().into()).await;
        it.take_cookie(&answer);
        let answer: Value = parsed(answer).await.expect("a start");
        it.secret = answer["secret"].as_str().expect("a secret").to_owned();
        it
    }

    /// Comes back on another device by the private link.
    pub async fn comes_back(&self) -> Result<Self, Problem> {
        let seed = Cell::new(self.seed.get() + (1 << 16));
        let secret = self.secret.clone();
        let mut it = Self { router: self.router.clone(), cookie: String::new(), seed, secret };
        let body = json!({ "secret": it.secret }).to_string();
        let answer = it.send(Method::POST, "/v1/customer/session", body.into()).await;
        it.take_cookie(&answer);
        if answer.status().is_success() { Ok(it) } else { parsed::<Value>(answer).await.map(|_| it) }
    }

    /// The same customer, at another server.
    pub(super) fn at(&self, router: axum::Router) -> Self {
        let (cookie, secret) = (self.cookie.clone(), self.secret.clone());
        Self { router, cookie, seed: Cell::new(self.seed.get() + (1 << 17)), secret }
    }

    /// What their browser is known by.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    fn take_cookie(&mut self, answer: &http::Response<Body>) {
        if let Some(cookie) = answer.headers().get(header::SET_COOKIE).and_then(|c| c.to_str().ok()) {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
    }

    async fn send(&self, method: Method, path: &str, body: Body) -> http::Response<Body> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-fieldline", "1")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .expect("a request");
        let Ok(answer) = self.router.clone().oneshot(request).await;
        answer
    }

    fn id(&self) -> MessageId {
        self.seed.set(self.seed.get() + 1);
        let mut random = [1; 10];
        random[..8].copy_from_slice(&self.seed.get().to_be_bytes());
        MessageId::mint(super::MORNING_MS, random)
    }

    /// Writes text.
    pub async fn writes(&self, text: &str) -> Result<PublicPage, Problem> {
        self.says(text, &[], None).await
    }

    /// Writes text with photos and a location.
    pub async fn says(
        &self,
        text: &str,
        photos: &[Vec<u8>],
        location: Option<Location>,
    ) -> Result<PublicPage, Problem> {
        let mut files = Vec::new();
        for bytes in photos {
            let hash = BlobHash::of(bytes);
            let path = format!("/v1/customer/blobs/{hash}?offset=0&size={}", bytes.len());
            parsed::<Value>(self.send(Method::PUT, &path, bytes.clone().into()).await).await?;
            files.push(json!({ "hash": hash, "name": "photo.png" }));
        }
        let body = json!({
            "id": self.id(), "written_at_ms": super::MORNING_MS, "text": text,
            "files": files, "location": location,
        });
        parsed(self.send(Method::POST, "/v1/customer/messages", body.to_string().into()).await).await
    }

    /// Begins or ends to type.
    pub async fn types(&self, typing: bool) {
        let body = json!({ "typing": typing }).to_string();
        let answer = self.send(Method::POST, "/v1/customer/signals", body.into()).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }

    /// The page has shown everything up to a number.
    pub async fn reads(&self, public_seq: i64) {
        let body = json!({ "public_seq": public_seq }).to_string();
        let answer = self.send(Method::POST, "/v1/customer/read", body.into()).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }

    /// Everything the page shows.
    pub async fn page(&self) -> PublicPage {
        self.page_after(0).await
    }

    /// What the page shows after a cursor.
    pub async fn page_after(&self, after: i64) -> PublicPage {
        let path = format!("/v1/customer/chat?after={after}");
        parsed(self.send(Method::GET, &path, Body::empty()).await).await.expect("the chat reads")
    }

    /// The texts the page shows, oldest first.
    pub async fn texts(&self) -> Vec<String> {
        self.page().await.messages.into_iter().filter_map(text).collect()
    }

    /// The bytes of a picture, or the status that came instead.
    pub async fn picture(&self, of: &PublicMessage, i: usize) -> Result<Vec<u8>, StatusCode> {
        let path = format!("/v1/customer/messages/{}/files/{i}/display", of.id);
        let answer = self.send(Method::GET, &path, Body::empty()).await;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        if status.is_success() { Ok(bytes.to_vec()) } else { Err(status) }
    }
}

/// What somebody said in an entry.
pub fn text(entry: PublicMessage) -> Option<String> {
    match entry.body {
        PublicBody::Said { text, .. } => Some(text),
        PublicBody::Happened { .. } => None,
    }
}

async fn parsed<T: serde::de::DeserializeOwned>(answer: http::Response<Body>) -> Result<T, Problem> {
    let status = answer.status();
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    if status.is_success() {
        let bytes = if bytes.is_empty() { b"null".as_slice() } else { &bytes };
        return Ok(serde_json::from_slice(bytes).expect("an answer of the API's shape"));
    }
    let refusal: fieldline_model::api::Refusal = serde_json::from_slice(&bytes).expect("a refusal");
    Err(refusal.problem)
}
