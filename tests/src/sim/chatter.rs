//! A customer in a simulation: the chat page's own rules (ids minted once, kept until
//! they are answered, in order) over the real customer API and a bad network.

use super::dice::Dice;
use super::sky::Sky;
use super::tally::Tally;
use crate::world::{MORNING_MS, Net, Road};
use bytes::Bytes;
use fieldline_core::remote::Wire;
use fieldline_model::public::PublicPage;
use fieldline_model::{BlobHash, MessageId};
use futures_util::StreamExt;
use http::{Method, header};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// One message, until it is answered.
#[derive(Clone)]
struct Saying {
    id: MessageId,
    body: Bytes,
    photo: Option<Bytes>,
}

/// What the page knows.
#[derive(Default)]
pub struct Page {
    queue: VecDeque<Saying>,
    /// Everything that was written, in order.
    pub said: Vec<MessageId>,
    /// What it was answered by a server that was restored without it: there again if a late
    /// copy of the request arrives.
    pub lost: BTreeSet<MessageId>,
    /// How often it was opened anew: what was asked before says nothing any more.
    openings: u32,
    /// What it has read, by number.
    pub seen: BTreeMap<i64, MessageId>,
    /// What went wrong that must not.
    pub wrong: Option<String>,
    cursor: i64,
}

/// One customer.
pub struct Chatter {
    /// Their name.
    pub name: &'static str,
    /// Their network.
    pub net: Net,
    /// Its weather.
    pub sky: Arc<Sky>,
    cookie: String,
    dice: Dice,
    page: Arc<Mutex<Page>>,
    bell: Arc<Notify>,
}

/// How long a page waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

impl Chatter {
    /// The `number`th customer of the morning, with the page open.
    pub fn new(seed: u64, number: usize, at: (&Road, &Tally)) -> Self {
        let name = super::morning::CUSTOMERS[number];
        let dice = Dice::of(seed, 200 + number as u64);
        let sky = Arc::new(Sky::new((name.into(), false), dice.clone(), at.1.clone()));
        let net = Net::over(at.0.clone());
        net.weather(Some(sky.clone()));
        let cookie = super::morning::Morning::of_today().cookies[number].clone();
        let it = Self { name, net, sky, cookie, dice, page: Arc::default(), bell: Arc::default() };
        let caller = Caller { net: it.net.clone(), cookie: it.cookie.clone(), page: it.page.clone() };
        tokio::spawn(caller.goes_on(it.bell.clone(), Dice::of(seed, 300 + number as u64)));
        it
    }

    /// The page as it is now.
    pub fn page(&self) -> MutexGuard<'_, Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes; it goes by itself.
    pub fn writes(&mut self, text: &str, photo: Option<Vec<u8>>) -> MessageId {
        let mut random = [3; 10];
        random[..8].copy_from_slice(&self.dice.roll().to_be_bytes());
        let id = MessageId::mint(MORNING_MS, random);
        let files: Vec<_> =
            photo.iter().map(|bytes| json!({ "hash": BlobHash::of(bytes), "name": "photo.png" })).collect();
        let body = json!({ "id": id, "written_at_ms": 5, "text": text, "files": files, "location": null });
        let saying = Saying { id, body: body.to_string().into(), photo: photo.map(Bytes::from) };
        let mut page = self.page();
        page.said.push(id);
        page.queue.push_back(saying);
        drop(page);
        self.bell.notify_one();
        id
    }

    /// Whether everything was answered, and everything there is was read.
    pub fn is_quiet(&self, head: i64) -> bool {
        let page = self.page();
        page.queue.is_empty() && page.cursor == head
    }

    /// The page is opened anew, at a server that was restored from a backup. What it was
    /// answered since that is lost, and so are the numbers it knew.
    pub fn opens_anew(&self, is_there: impl Fn(MessageId) -> bool) {
        let mut page = self.page();
        let waiting: BTreeSet<MessageId> = page.queue.iter().map(|saying| saying.id).collect();
        let (stays, lost): (Vec<_>, Vec<_>) =
            page.said.iter().partition(|id| waiting.contains(id) || is_there(**id));
        (page.said, page.openings) = (stays, page.openings + 1);
        page.lost.extend(lost);
        (page.seen, page.cursor) = (BTreeMap::new(), 0);
    }

    /// Looks for news now.
    pub fn looks(&self) {
        self.bell.notify_one();
    }
}

struct Caller {
    net: Net,
    cookie: String,
    page: Arc<Mutex<Page>>,
}

/// An answer that is worth asking for again.
struct Later;

impl Caller {
    fn page(&self) -> MutexGuard<'_, Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn goes_on(self, bell: Arc<Notify>, mut dice: Dice) {
        loop {
            let next = self.page().queue.front().cloned();
            let done = match next {
                Some(saying) => self.says(saying).await,
                None => self.reads().await,
            };
            let rest = match done {
                Ok(()) if !self.page().queue.is_empty() => continue,
                Ok(()) => Duration::from_secs(20),
                Err(Later) => Duration::from_millis(500) + dice.time(Duration::from_secs(8)),
            };
            tokio::select! {
                biased;
                () = bell.notified() => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    async fn says(&self, saying: Saying) -> Result<(), Later> {
        if let Some(photo) = saying.photo {
            let path = format!("/v1/customer/blobs/{}?offset=0&size={}", BlobHash::of(&photo), photo.len());
            self.asks::<serde_json::Value>(Method::PUT, path, photo).await?;
        }
        let taken: PublicPage = self.asks(Method::POST, "/v1/customer/messages".into(), saying.body).await?;
        self.takes(taken, false);
        self.page().queue.pop_front();
        Ok(())
    }

    async fn reads(&self) -> Result<(), Later> {
        let path = format!("/v1/customer/chat?after={}", self.page().cursor);
        let page = self.asks(Method::GET, path, Bytes::new()).await?;
        self.takes(page, true);
        Ok(())
    }

    fn takes(&self, new: PublicPage, moves: bool) {
        let mut page = self.page();
        for message in &new.messages {
            let known = page.seen.insert(message.public_seq, message.id);
            if known.is_some_and(|known| known != message.id) {
                page.wrong = Some(format!("number {} was given twice", message.public_seq));
            }
        }
        if moves {
            page.cursor = page.cursor.max(new.cursor);
        }
    }

    async fn asks<T>(&self, method: Method, path: String, body: Bytes) -> Result<T, Later>
    where
        T: serde::de::DeserializeOwned,
    {
        let request = http::Request::builder()
            .method(method)
            .uri(&path)
            .header("x-fieldline", "1")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .expect("a request");
        let openings = self.page().openings;
        let answering = async {
            let (head, mut body) = self.net.send(request).await.map_err(|_| Later)?.into_parts();
            let mut bytes = Vec::new();
            while let Some(part) = body.next().await {
                bytes.extend_from_slice(&part.map_err(|_| Later)?);
            }
            Ok((head.status.as_u16(), bytes))
        };
        let (status, bytes) = tokio::time::timeout(PATIENCE, answering).await.map_err(|_| Later)??;
        if self.page().openings != openings {
            return Err(Later);
        }
        if (400..500).contains(&status) && status != 429 {
            let said = String::from_utf8_lossy(&bytes).into_owned();
            self.page().wrong = Some(format!("{path} was refused: {status} {said}"));
        }
        let answer = Some(bytes).filter(|_| (200..300).contains(&status)).ok_or(Later)?;
        serde_json::from_slice(&answer).map_err(|_| Later)
    }
}
