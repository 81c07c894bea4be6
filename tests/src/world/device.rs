//! One device of an agent: a real core on real files.

use super::keyring::Keyring;
use super::net::Net;
use super::{MORNING_MS, PASSWORD};
use fieldline_core::clock::Clock;
use fieldline_core::store::Disk;
use fieldline_core::tokens::Keychain;
use fieldline_core::view::{
    Bubble, BubbleBody, Link, Mark, Page, PreviousConversation, Rows, Section, Sort, Thread,
};
use fieldline_core::{Engine, Setup};
use fieldline_model::api::Hold;
use fieldline_model::{Change, IntentId, PlaceId, Problem, Ready};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One device.
pub struct Device {
    /// Whose.
    pub name: String,
    /// Its network.
    pub net: Net,
    /// The system's keychain, if it has one.
    pub keychain: Option<Arc<Keyring>>,
    pub(crate) folder: tempfile::TempDir,
    began: tokio::time::Instant,
    /// How wrong its own clock is.
    pub wrong_by_ms: i64,
    seed: AtomicU64,
    engine: Option<Engine>,
}

/// A photo that is unlike any of another number, `side` pixels square, as a PNG
/// of about `3 * side * side` bytes: noise does not compress.
pub fn photo(number: u8, side: u32) -> Vec<u8> {
    let mut noise = u32::from(number) + 1;
    let picture = image::RgbImage::from_fn(side, side, |_, _| {
        // Marsaglia, "Xorshift RNGs", 2003.
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        image::Rgb([noise as u8, (noise >> 8) as u8, (noise >> 16) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a PNG is written");
    bytes.into_inner()
}

impl Device {
    pub(super) async fn new(name: &str, seed: u64, net: Net, began: tokio::time::Instant) -> Self {
        let mut device = Self::off(name, super::memory_folder(), seed, net, began);
        device.starts().await;
        device
    }

    /// One whose files are in `folder` and whose app is not running.
    pub(crate) fn off(
        name: &str,
        folder: tempfile::TempDir,
        seed: u64,
        net: Net,
        began: tokio::time::Instant,
    ) -> Self {
        let seed = AtomicU64::new(seed * 1_000_003);
        Self { name: name.to_owned(), net, keychain: None, folder, began, wrong_by_ms: 0, seed, engine: None }
    }

    /// The app is started on what is on disk.
    pub async fn starts(&mut self) {
        assert!(self.engine.is_none(), "{} is running already", self.name);
        let seed = self.seed.fetch_add(1, Ordering::Relaxed);
        let setup = Setup {
            disk: Disk::open(self.folder.path()).await.expect("the folder is free"),
            clock: Clock::virtual_from(self.now_ms(), seed),
            wire: Arc::new(self.net.clone()),
            device_name: format!("{}'s device", self.name),
            hold: Hold::Token,
            keychain: self.keychain.clone().map(|keychain| keychain as Arc<dyn Keychain>),
            inline: true,
        };
        self.engine = Some(Engine::open(setup).await.expect("the engine opens"));
    }

    /// The app is killed: nothing is finished, nothing is told.
    pub fn crashes(&mut self) {
        self.engine = None;
    }

    /// Its files become what an app of version 1 would have left.
    pub(crate) fn was_of_version_1(&self) {
        assert!(self.engine.is_none(), "{} is running", self.name);
        super::older::as_version_1(self.folder.path()).expect("the files are written");
    }

    /// Every file of the app's own folder.
    pub fn files(&self) -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder reads");
        files.map(|file| file.expect("a file").path()).collect()
    }

    /// The file of its session's token, if it is in one.
    pub fn token_file(&self) -> Option<std::path::PathBuf> {
        let folder =
            std::fs::read_dir(self.folder.path().join("session-token-files")).expect("the folder reads");
        folder.map(|file| file.expect("a file").path()).next()
    }

    /// The files of the app's own folder that are photos and pictures.
    pub fn pictures(&self) -> Vec<std::path::PathBuf> {
        let folders =
            self.files().into_iter().filter(|path| path.is_dir() && !path.ends_with("session-token-files"));
        let files = folders.flat_map(|folder| std::fs::read_dir(folder).expect("a folder reads"));
        files.map(|file| file.expect("a file").path()).collect()
    }

    /// Whether a word stands in any row of the profile's database.
    pub async fn mentions(&self, word: &str) -> bool {
        let like = format!("%{word}%");
        let profile = self.engine().profile().expect("somebody is signed in");
        let look = move |c: &mut rusqlite::Connection| {
            let columns = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
                           WHERE t.type = 'table' AND t.name NOT LIKE 'search%'";
            let mut columns = c.prepare(columns).expect("the schema reads");
            let columns = columns.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)));
            let mut found = false;
            for (table, column) in columns.expect("the schema reads").map(|row| row.expect("a column")) {
                let sql = format!("SELECT count(*) FROM \"{table}\" WHERE \"{column}\" LIKE ?1");
                found |= c.query_row(&sql, [&like], |r| r.get::<_, i64>(0)).expect("a table reads") > 0;
            }
            Ok(found)
        };
        profile.run(look).await.expect("the store reads")
    }

    /// Whether the app is running.
    pub fn is_running(&self) -> bool {
        self.engine.is_some()
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("the app is running")
    }

    /// Signs in.
    pub async fn signs_in(&self) {
        let login = self.name.to_lowercase();
        let done = self.engine().sign_in("https://desk.test".into(), login, PASSWORD.into(), None).await;
        done.expect("the sign-in is right");
    }

    /// No signal.
    pub fn offline(&self) {
        self.net.cut();
    }

    /// Signal again, and the app notices.
    pub async fn online(&self) {
        self.net.heal();
        self.engine().sync_now().await.expect("somebody is signed in");
    }

    fn now_ms(&self) -> i64 {
        MORNING_MS + self.wrong_by_ms + self.began.elapsed().as_millis() as i64
    }

    /// A new intent's id.
    pub(crate) fn id(&self) -> IntentId {
        let n = self.seed.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 10];
        random[..8].copy_from_slice(&n.to_be_bytes());
        IntentId::mint(self.now_ms(), random)
    }

    /// The rows of a list.
    pub async fn list(&self, section: Section) -> Rows {
        self.engine()
            .rows(section, Sort::Newest, String::new(), Page::first(100))
            .await
            .expect("a list reads")
    }

    /// The names in a list.
    pub async fn names(&self, section: Section) -> Vec<String> {
        let rows = self.list(section).await.rows.into_iter();
        rows.map(|r| r.name.or(r.phone).unwrap_or_default()).collect()
    }

    /// The place of the conversation with `customer` (name or number), in any list;
    /// of several, one that is not ended.
    pub async fn with(&self, customer: &str) -> PlaceId {
        for section in [Section::Conversations, Section::Picklist, Section::History] {
            for row in self.list(section).await.rows {
                if row.name.as_deref() == Some(customer) || row.phone.as_deref() == Some(customer) {
                    return row.place;
                }
            }
        }
        panic!("{} sees no conversation with {customer}", self.name);
    }

    /// The thread with `customer`.
    pub async fn thread(&self, customer: &str) -> Thread {
        let place = self.with(customer).await;
        self.engine().thread(place, 500).await.expect("a thread reads")
    }

    /// What the conversation with `customer` shows above it: who ended each previous one,
    /// and its texts; and whether there may be more.
    pub async fn previous(&self, customer: &str) -> (Vec<(String, Vec<String>)>, bool) {
        let place = self.with(customer).await;
        let past = self.engine().previous(place, 500).await.expect("the past reads");
        let texts = |bubbles: Vec<Bubble>| {
            let text = |b: Bubble| match b.body {
                BubbleBody::Said { text, .. } => Some(text),
                _ => None,
            };
            bubbles.into_iter().filter_map(text).collect()
        };
        let one =
            |c: PreviousConversation| (c.ended_by.map(|p| p.name).unwrap_or_default(), texts(c.bubbles));
        (past.conversations.into_iter().map(one).collect(), past.more)
    }

    /// Fetches previous conversations with `customer` until there is nothing to ask for.
    pub async fn fetches_previous(&self, customer: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        while self.engine().fetch_previous(place).await? {}
        Ok(())
    }

    /// The marks of what this device sent to `customer`, in order.
    pub async fn marks(&self, customer: &str) -> Vec<Mark> {
        let thread = self.thread(customer).await;
        thread.bubbles.iter().filter(|b| b.mine).map(|b| b.mark).collect()
    }

    /// Picks.
    pub async fn picks(&self, customer: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().pick(self.id(), place).await
    }

    /// Takes what is offered.
    pub async fn accepts(&self, customer: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().accept(self.id(), place).await
    }

    /// Lets an offer go on to the next agent.
    pub async fn passes(&self, customer: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().pass(self.id(), place).await
    }

    /// Sets their availability.
    pub async fn is_ready(&self, ready: Ready) {
        self.engine().set_availability(self.id(), ready).await.expect("it is kept");
    }

    /// Ends.
    pub async fn ends(&self, customer: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().end(self.id(), place).await
    }

    /// Reopens.
    pub async fn reopens(&self, customer: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().reopen(self.id(), place).await
    }

    /// Hands the conversation to a colleague by name, or back to the picklist.
    pub async fn transfers(&self, customer: &str, to: Option<&str>, note: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        let colleagues = self.engine().colleagues().await?;
        let to = to.map(|name| colleagues.iter().find(|c| c.name == name).expect("a colleague").id);
        self.engine().transfer(self.id(), place, to, note.into()).await
    }

    /// Deletes the newest message with this text.
    pub async fn deletes(&self, customer: &str, text: &str) -> Result<(), Problem> {
        let thread = self.thread(customer).await;
        let is_it = |b: &&Bubble| matches!(&b.body, BubbleBody::Said { text: said, .. } if said == text);
        let message = thread.bubbles.iter().rfind(is_it).expect("such a message").id;
        self.engine().delete(self.id(), thread.place, message).await
    }

    /// Keeps an internal note.
    pub async fn notes(&self, customer: &str, text: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().note(self.id(), place, text.into()).await
    }

    /// Sends text.
    pub async fn sends(&self, customer: &str, text: &str) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().send(self.id(), place, text.into()).await
    }

    /// Sends a photo with a caption.
    pub async fn sends_photo(&self, customer: &str, caption: &str, bytes: Vec<u8>) -> Result<(), Problem> {
        let place = self.with(customer).await;
        self.engine().attach(place, "part.png".into(), bytes.into()).await?;
        self.engine().send(self.id(), place, caption.into()).await
    }

    /// Where it stands, for somebody who wonders why it does not settle.
    pub(super) async fn standing(&self) -> String {
        let Ok(profile) = self.engine().profile() else { return "signed out".into() };
        let waiting = profile.run(|c| fieldline_core::store::outbox::waiting(c, 5)).await;
        let cursor = profile.run(|c| fieldline_core::store::cache::cursor(c)).await;
        let asked = self.net.asked();
        let last = &asked[asked.len().saturating_sub(8)..];
        format!("{:?}\n{waiting:?}\n{cursor:?}\n{last:?}", profile.link())
    }

    /// Whether nothing would go by itself any more, and the server has no news for it.
    pub(super) async fn is_quiet(&self) -> bool {
        let Some(engine) = &self.engine else { return true };
        let Ok(profile) = engine.profile() else { return true };
        let waiting = profile.run(|c| fieldline_core::store::outbox::waiting(c, 1)).await.expect("reads");
        let cursor = profile.run(|c| fieldline_core::store::cache::cursor(c)).await.expect("reads");
        let Some((epoch, cursor)) = cursor else { return false };
        if !waiting.is_empty() || profile.link().link != Link::Live {
            return false;
        }
        let page = profile.remote().changes(&epoch, cursor).await;
        let news = |change: &serde_json::Value| Change::deserialize(change).is_ok();
        page.is_ok_and(|page| !page.changes.iter().any(news) && !page.resync)
    }
}
