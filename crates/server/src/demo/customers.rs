//! The demo's customers, each a task of its own: they wait, write again, answer
//! when an agent wrote, and come back after an end, over the public customer API.

use super::Visitor;
use super::pictures::Picture;
use super::story::{NEWCOMERS, NUDGES, REPLIES, RETURNS};
use crate::clock::Clock;
use crate::http::caller::CUSTOMER_COOKIE;
use fieldline_model::public::{
    CustomerSend, CustomerStart, LinkSecret, PublicAuthor, PublicBody, PublicMessage, PublicPage,
};
use fieldline_model::{BlobHash, IntentId, State};
use reqwest::{Client, Method, Response};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// Lines a customer writes unasked before somebody answers.
const PATIENCE: u32 = 3;

/// A fault of the demo's own customers: they try again later.
type Fault = Box<dyn std::error::Error + std::marker::Send + Sync>;

/// Lets customers come and go on, for as long as it is awaited.
pub async fn keep_coming(visitors: Vec<Visitor>, url: String) {
    let clock = Clock::system();
    let mut tasks = JoinSet::new();
    for visitor in visitors {
        tasks.spawn(returns(url.clone(), visitor.secret, clock.clone()));
    }
    for (name, text, picture) in NEWCOMERS {
        clock.sleep(seconds(&clock, 40, 150)).await;
        match comes(&url, &clock, (name, text, *picture)).await {
            Ok(secret) => drop(tasks.spawn(returns(url.clone(), secret, clock.clone()))),
            Err(fault) => eprintln!("demo: a customer could not begin: {fault}"),
        }
    }
    while tasks.join_next().await.is_some() {}
}

fn seconds(clock: &Clock, least: u64, most: u64) -> Duration {
    Duration::from_millis(least * 1000 + clock.below((most - least) * 1000))
}

/// The next of `lines`, in turn, so that no two customers say the same in a row.
fn next_of<'l>(lines: &[&'l str]) -> &'l str {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    lines[TURN.fetch_add(1, Ordering::Relaxed) % lines.len()]
}

/// One customer's page.
struct Page {
    http: Client,
    url: String,
    cookie: String,
    cursor: i64,
    clock: Clock,
}

/// The session's cookie an answer sets.
fn cookie_of(answer: &Response) -> Result<String, Fault> {
    let set = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
    let pair = set.and_then(|line| line.split(';').next()).filter(|pair| pair.starts_with(CUSTOMER_COOKIE));
    pair.map(str::to_owned).ok_or_else(|| "no cookie was set".into())
}

async fn post(http: &Client, address: String, body: Vec<u8>) -> Result<Response, Fault> {
    let sent = http.post(address).header("content-type", "application/json").body(body).send().await?;
    Ok(sent.error_for_status()?)
}

impl Page {
    async fn of_link(url: &str, secret: &str, clock: &Clock) -> Result<Self, Fault> {
        let http = Client::new();
        let body = serde_json::to_vec(&LinkSecret { secret: secret.to_owned() })?;
        let answer = post(&http, format!("{url}/v1/customer/session"), body).await?;
        let cookie = cookie_of(&answer)?;
        Ok(Self { http, url: url.to_owned(), cookie, cursor: 0, clock: clock.clone() })
    }

    async fn call(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Vec<u8>, Fault> {
        let request = self.http.request(method, format!("{}{path}", self.url));
        let request = request.header("cookie", &self.cookie).header("x-fieldline", "1").body(body);
        let answer = request.send().await?.error_for_status()?;
        Ok(answer.bytes().await?.into())
    }

    /// What is new since the last look, and where the chat stands.
    async fn news(&mut self) -> Result<(Vec<PublicMessage>, Option<State>), Fault> {
        let mut news = Vec::new();
        loop {
            let path = format!("/v1/customer/chat?after={}", self.cursor);
            let page: PublicPage = serde_json::from_slice(&self.call(Method::GET, &path, vec![]).await?)?;
            self.cursor = page.cursor;
            news.extend(page.messages);
            if !page.more {
                return Ok((news, page.chat.state));
            }
        }
    }

    async fn writes(&self, text: &str, picture: Option<Picture>) -> Result<(), Fault> {
        let mut files = Vec::new();
        if let Some(picture) = picture {
            let bytes = picture.jpeg(&self.clock);
            let (hash, size) = (BlobHash::of(&bytes), bytes.len());
            for (i, part) in bytes.chunks(256 * 1024).enumerate() {
                let path = format!("/v1/customer/blobs/{hash}?offset={}&size={size}", i * 256 * 1024);
                self.call(Method::PUT, &path, part.to_vec()).await?;
            }
            files.push(fieldline_model::message::FileRef { hash, name: picture.file_name().into() });
        }
        let written_at_ms = self.clock.now_ms();
        let id = IntentId::mint(written_at_ms, self.clock.random());
        let send = CustomerSend { id, written_at_ms, text: text.into(), files, location: None };
        self.call(Method::POST, "/v1/customer/messages", serde_json::to_vec(&send)?).await.map(drop)
    }
}

/// Somebody new begins; gives their private link's secret.
async fn comes(
    url: &str,
    clock: &Clock,
    (name, text, picture): (&str, &str, Option<Picture>),
) -> Result<String, Fault> {
    let http = Client::new();
    let begin = serde_json::to_vec(&CustomerStart { name: Some(name.into()), phone: None, queue: None })?;
    let answer = post(&http, format!("{url}/v1/customer/start"), begin).await?;
    let cookie = cookie_of(&answer)?;
    let LinkSecret { secret } = serde_json::from_slice(&answer.bytes().await?)?;
    let page = Page { http, url: url.to_owned(), cookie, cursor: 0, clock: clock.clone() };
    page.writes(text, picture).await?;
    Ok(secret)
}

/// A customer with a chat goes on with it, until the demo ends.
async fn returns(url: String, secret: String, clock: Clock) {
    loop {
        if let Err(fault) = lives(&url, &secret, &clock).await {
            eprintln!("demo: a customer lost the connection: {fault}");
        }
        clock.sleep(seconds(&clock, 20, 60)).await;
    }
}

async fn lives(url: &str, secret: &str, clock: &Clock) -> Result<(), Fault> {
    let mut page = Page::of_link(url, secret, clock).await?;
    page.news().await?;
    let mut unasked = 0;
    // The first lines come soon: whoever starts the demo wants to see it live.
    let mut next_ms = clock.now_ms() + pause_ms(clock) / 3;
    loop {
        clock.sleep(seconds(clock, 3, 6)).await;
        let (news, state) = page.news().await?;
        if news.iter().any(is_staffs) {
            clock.sleep(seconds(clock, 5, 14)).await;
            page.writes(next_of(REPLIES), None).await?;
            unasked = 0;
            next_ms = clock.now_ms() + pause_ms(clock);
        } else if clock.now_ms() >= next_ms && unasked < PATIENCE {
            let lines = if state == Some(State::Ended) { RETURNS } else { NUDGES };
            page.writes(next_of(lines), None).await?;
            unasked += 1;
            next_ms = clock.now_ms() + pause_ms(clock);
        }
    }
}

/// With six customers at work something happens every half a minute or so.
fn pause_ms(clock: &Clock) -> i64 {
    i64::try_from(seconds(clock, 60, 300).as_millis()).unwrap_or(i64::MAX)
}

fn is_staffs(message: &PublicMessage) -> bool {
    matches!(message.author, PublicAuthor::Staff { .. }) && matches!(message.body, PublicBody::Said { .. })
}
