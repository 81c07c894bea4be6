//! Who calls: the session's token, the caller's address, and whether the call comes
//! from a page of ours.
//!
//! A browser sends a cookie with whatever request any page makes it send. So a
//! request that changes something and is signed in by cookie must carry a header
//! only a page of ours can set (`X-Fieldline: 1`), and where a browser says which
//! page it comes from (`Origin`), that must be ours.
//!
//! Invariants
//! - A token is never taken from an address.
//! - `X-Forwarded-For` is believed from a configured proxy only, and only its last
//!   entry: that is the one the proxy wrote.

use super::Shared;
use super::answer::Refused;
use crate::limits::counted;
use crate::secrets::{self, SecretHash};
use crate::store::{Look, Session, Stop};
use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use fieldline_model::{Code, Problem};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use serde::de::DeserializeOwned;
use std::net::{IpAddr, SocketAddr};

/// The cookie of a person's session in a browser.
pub const STAFF_COOKIE: &str = "__Host-fieldline";
/// The cookie of a customer's session.
pub const CUSTOMER_COOKIE: &str = "__Host-fieldline-chat";

/// Where a connection comes from; the listener puts it on each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// A person's session, by its token's hash; whether it holds is for the store to say.
#[derive(Clone, Copy)]
pub struct Staff(pub SecretHash);

/// A client's session, likewise: they use the staff's app, so its token and cookie.
#[derive(Clone, Copy)]
pub struct Client(pub SecretHash);

/// A person's session, at the doors of their own kind.
pub trait Signed: FromRequestParts<Shared, Rejection = Refused> + Copy + Send + 'static {
    /// The hash of its token.
    fn token(self) -> SecretHash;

    /// Whose it is, at `now_ms`; refuses who has other doors.
    fn session(self, look: &Look<'_>, now_ms: i64) -> Result<Session, Stop>;
}

impl Signed for Staff {
    fn token(self) -> SecretHash {
        self.0
    }

    fn session(self, look: &Look<'_>, now_ms: i64) -> Result<Session, Stop> {
        look.session(&self.0, now_ms)
    }
}

impl Signed for Client {
    fn token(self) -> SecretHash {
        self.0
    }

    fn session(self, look: &Look<'_>, now_ms: i64) -> Result<Session, Stop> {
        look.client_session(&self.0, now_ms)
    }
}

/// A customer's session, likewise.
pub struct Visitor(pub SecretHash);

/// The address a call is counted by, where one is known.
pub struct From(pub Option<IpAddr>);

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .filter(|value| !value.is_empty())
}

/// The token of `Authorization: Bearer`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn by_cookie(parts: &Parts, name: &str) -> Result<SecretHash, Refused> {
    let token = cookie(&parts.headers, name).ok_or(Code::SignedOut)?;
    if changes(&parts.method) && parts.headers.get("x-fieldline").is_none_or(|value| value != "1") {
        return Err(Code::NotPermitted.into());
    }
    Ok(secrets::hash(token))
}

/// Whether a request of this method may change something.
pub fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a browser says that this comes from a page of another site.
pub fn is_foreign(headers: &HeaderMap, uri: &Uri) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(http::uri::Authority::as_str));
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, site)| site);
    site.is_none() || site != host
}

impl FromRequestParts<Shared> for Staff {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Refused> {
        if parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(secrets::hash(bearer(&parts.headers).ok_or(Code::SignedOut)?)));
        }
        by_cookie(parts, STAFF_COOKIE).map(Self)
    }
}

impl FromRequestParts<Shared> for Client {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Refused> {
        Staff::from_request_parts(parts, app).await.map(|Staff(token)| Self(token))
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Refused> {
        by_cookie(parts, CUSTOMER_COOKIE).map(Self)
    }
}

impl FromRequestParts<Shared> for From {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Refused> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let forwarded = || {
            let last = parts.headers.get_all("x-forwarded-for").into_iter().next_back()?;
            last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let address = if app.behind_proxy { forwarded().or(peer) } else { peer };
        Ok(Self(address.map(counted)))
    }
}

/// The cookie that carries `token`, or, empty, takes it away.
///
/// Secure, HttpOnly, for this host alone, and never sent from another site's page.
pub fn set_cookie(name: &str, token: &str, days: u32) -> HeaderValue {
    let age = if token.is_empty() { 0 } else { u64::from(days) * 24 * 3600 };
    let text = format!("{name}={token}; Max-Age={age}; Path=/; Secure; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&text).expect("a token is URL-safe base64")
}

/// A body of at most `max_bytes`.
pub async fn bytes(body: Body, max_bytes: usize) -> Result<Bytes, Refused> {
    let too_much = |_| Problem::limit(Code::BadRequest, max_bytes as u64).into();
    axum::body::to_bytes(body, max_bytes).await.map_err(too_much)
}

/// A small JSON body.
pub async fn body<T: DeserializeOwned>(body: Body) -> Result<T, Refused> {
    let bytes = bytes(body, 64 * 1024).await?;
    serde_json::from_slice(&bytes).map_err(|_| Code::BadRequest.into())
}

/// What an address says after its question mark.
pub fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Refused> {
    axum::extract::Query::try_from_uri(uri).map(|query| query.0).map_err(|_| Code::BadRequest.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; __Host-fieldline-chat=chat"));
        assert_eq!(cookie(&headers, STAFF_COOKIE), None);
        assert_eq!(cookie(&headers, CUSTOMER_COOKIE), Some("chat"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-fieldline=staff"));
        assert_eq!(cookie(&headers, STAFF_COOKIE), Some("staff"));
    }

    #[test]
    fn a_page_of_another_site_is_told_by_its_origin() {
        let foreign = |host: &'static str, origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            is_foreign(&headers, &Uri::from_static("/v1/sign-in"))
        };
        assert!(!foreign("desk.example:8443", "https://desk.example:8443"));
        assert!(foreign("desk.example", "https://evil.example"));
        assert!(foreign("desk.example", "https://desk.example.evil.example"));
        assert!(foreign("desk.example", "null"));
    }
}
