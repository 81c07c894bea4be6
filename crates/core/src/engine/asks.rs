//! Minting intents. What would be refused for certain is refused here, in words,
//! by the same rules the server has; all else is committed and goes by itself.
//!
//! Invariants
//! - The caller gives the intent's id; asking twice with one id asks once.
//! - *Send* takes draft and text in one transaction: what is typed is at every
//!   moment either draft or outbox.

use super::Engine;
use crate::clock::MaybeSend;
use crate::overlay;
use crate::profile::Profile;
use crate::store::outbox::NewRow;
use crate::store::{cache, drafts, groups, offers, outbox};
use crate::view::{Draft, DraftFile, Topic, Typed};
use fieldline_model::message::FileRef;
use fieldline_model::note::check_note;
use fieldline_model::{
    Ask, BlobHash, Code, Intent, IntentId, Location, MessageId, PersonId, PlaceId, Problem, Send,
};
use rusqlite::Connection;

impl Engine {
    /// Takes a waiting conversation.
    pub async fn pick(&self, id: IntentId, place: PlaceId) -> Result<(), Problem> {
        self.ask(id, Ask::Pick { conversation: place.into() }).await
    }

    /// Ends a conversation.
    pub async fn end(&self, id: IntentId, place: PlaceId) -> Result<(), Problem> {
        self.ask(id, Ask::End { conversation: place.into() }).await
    }

    /// Takes an ended conversation back.
    pub async fn reopen(&self, id: IntentId, place: PlaceId) -> Result<(), Problem> {
        self.ask(id, Ask::Reopen { conversation: place.into() }).await
    }

    /// Hands an open conversation to a colleague, or back to the picklist, with a note.
    ///
    /// Errors: as the rule says; [`Code::TextTooLong`] of the note.
    pub async fn transfer(
        &self,
        id: IntentId,
        place: PlaceId,
        to: Option<PersonId>,
        note: String,
    ) -> Result<(), Problem> {
        self.ask(id, Ask::Transfer { conversation: place.into(), to, note }).await
    }

    /// Sends the draft with `text` as its text.
    pub async fn send(&self, id: IntentId, place: PlaceId, text: Typed) -> Result<(), Problem> {
        let Typed { text, mentions } = text;
        let profile = self.profile()?;
        profile.failpoints.pass("before_mint").await;
        let now_ms = profile.clock.server_now_ms();
        let work = move |work: &Connection| {
            let draft = drafts::get(work, place)?;
            let files = draft.files.iter().map(file_ref).collect();
            let reply_to = draft.reply.map(|quote| quote.message);
            let ask = Ask::Send(Send { place, text, files, location: draft.location, reply_to, mentions });
            mint(work, id, ask, Minted { files: &draft.files, now_ms })?;
            drafts::clear(work, place)
        };
        once(&profile, id, work).await?;
        profile.failpoints.pass("after_mint").await;
        asked(&profile, place);
        Ok(())
    }

    /// Everything up to `n` was read. Only the newest mark is kept.
    pub async fn read(&self, place: PlaceId, n: i64) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        let id = IntentId::mint(now_ms, profile.clock.random());
        let moved = profile
            .keep(move |c| {
                let work = cache::begin(c)?;
                if crate::store::marks::of(&work, place, true)?.n >= n {
                    return Ok(false);
                }
                outbox::drop_reads(&work, place)?;
                mint(&work, id, Ask::Read { place, n }, Minted { files: &[], now_ms })?;
                cache::commit(work)?;
                Ok(true)
            })
            .await?;
        if moved {
            asked(&profile, place);
        }
        Ok(())
    }

    /// Keeps the text being composed.
    pub async fn save_draft(&self, place: PlaceId, text: Typed) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        profile.keep(move |c| drafts::save_text(c, place, &text, now_ms)).await?;
        profile.tell([Topic::Lists]);
        Ok(())
    }

    /// Takes a photo out of the draft.
    pub async fn detach(&self, place: PlaceId, hash: BlobHash) -> Result<Draft, Problem> {
        let profile = self.profile()?;
        profile.keep(move |c| drafts::remove_file(c, place, &hash)).await?;
        profile.tell([Topic::Lists, Topic::Thread { place }]);
        profile.run(move |c| drafts::get(c, place)).await
    }

    /// Puts a location into the draft, or takes it out.
    ///
    /// Errors: [`Code::BadLocation`].
    pub async fn set_location(&self, place: PlaceId, location: Option<Location>) -> Result<Draft, Problem> {
        location.as_ref().map_or(Ok(()), Location::check)?;
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        profile.keep(move |c| drafts::set_location(c, place, location.as_ref(), now_ms)).await?;
        profile.tell([Topic::Lists, Topic::Thread { place }]);
        profile.run(move |c| drafts::get(c, place)).await
    }

    /// Lets the draft answer a message of its place, or none.
    pub async fn set_reply(&self, place: PlaceId, message: Option<MessageId>) -> Result<Draft, Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        profile.keep(move |c| drafts::set_reply(c, place, message, now_ms)).await?;
        profile.tell([Topic::Thread { place }]);
        profile.run(move |c| drafts::get(c, place)).await
    }

    /// Tries again now: one stuck intent and what hangs together with it, or everything.
    pub async fn retry(&self, intent: Option<IntentId>) -> Result<(), Problem> {
        let profile = self.profile()?;
        profile.keep(move |c| outbox::retry(c, intent)).await?;
        profile.wake();
        profile.tell([Topic::Outbox, Topic::Lists, Topic::Status]);
        Ok(())
    }

    pub(super) async fn ask(&self, id: IntentId, ask: Ask) -> Result<(), Problem> {
        let profile = self.profile()?;
        let (now_ms, place) = (profile.clock.server_now_ms(), ask.place());
        once(&profile, id, move |work| mint(work, id, ask, Minted { files: &[], now_ms })).await?;
        asked(&profile, place);
        Ok(())
    }
}

/// Does `work` in one transaction, unless the outbox knows its intent already: asking
/// twice with one id asks once.
pub(super) async fn once(
    profile: &Profile,
    id: IntentId,
    work: impl FnOnce(&Connection) -> Result<(), Problem> + MaybeSend + 'static,
) -> Result<(), Problem> {
    let all = move |c: &mut Connection| {
        let transaction = cache::begin(c)?;
        if outbox::knows(&transaction, id)? {
            return Ok(());
        }
        work(&transaction)?;
        cache::commit(transaction)
    };
    profile.keep(all).await
}

pub(super) fn file_ref(file: &DraftFile) -> FileRef {
    FileRef { hash: file.hash.clone(), name: file.name.clone() }
}

/// What an intent is minted with beside its words.
pub(super) struct Minted<'a> {
    pub files: &'a [DraftFile],
    pub now_ms: i64,
}

/// Checks an intent against the cache with the outbox laid over it, and adds it.
pub(super) fn mint(work: &Connection, id: IntentId, ask: Ask, with: Minted<'_>) -> Result<(), Problem> {
    mint_needing(work, id, ask, (with, None))
}

/// The same of an intent that needs another one.
pub(super) fn mint_needing(
    work: &Connection,
    id: IntentId,
    ask: Ask,
    (with, needs): (Minted<'_>, Option<IntentId>),
) -> Result<(), Problem> {
    match &ask {
        Ask::Send(send) => send.check()?,
        Ask::Note { text, .. } => check_note(text)?,
        Ask::Transfer { note, .. } if !note.trim().is_empty() => check_note(note)?,
        _ => {}
    }
    let place = ask.place();
    if matches!(ask, Ask::Accept { .. }) {
        offers::check(work, place, with.now_ms)?;
    }
    let me = cache::my(work)?.person.card();
    let Some(truth) = cache::conversation(work, place)? else {
        let title = groups::check(work, &ask)?;
        return add(work, (id, ask), (with, needs), &title);
    };
    if matches!(ask, Ask::Start(_)) {
        return Err(Code::IdReused.into());
    }
    if ask.said().is_some_and(|send| !send.mentions.is_empty()) {
        // Members are mentioned, and only a thread has any.
        return Err(Code::NotInThread.into());
    }
    let title = cache::title(&truth);
    let mut it = overlay::lay(truth, &outbox::moves_of(work, place)?, &me);
    let moves = matches!(
        ask,
        Ask::Pick { .. } | Ask::Accept { .. } | Ask::End { .. } | Ask::Reopen { .. } | Ask::Transfer { .. }
    );
    let event = overlay::apply(&mut it, &ask, &me, with.now_ms)?;
    if moves && event.is_none() {
        // It is so already: nothing to ask.
        return Ok(());
    }
    add(work, (id, ask), (with, needs), &title)
}

fn add(
    work: &Connection,
    (id, ask): (IntentId, Ask),
    (with, needs): (Minted<'_>, Option<IntentId>),
    title: &str,
) -> Result<(), Problem> {
    let needs = match ask {
        Ask::Read { .. } | Ask::Pass { .. } | Ask::Delete { .. } | Ask::Sound { .. } => needs,
        _ => outbox::opener(work, ask.place())?,
    };
    let intent = Intent { id, written_at_ms: with.now_ms, needs, ask };
    outbox::add(work, NewRow { intent: &intent, files: with.files, title })
}

/// Something was asked of a place: send it, and show it.
pub(super) fn asked(profile: &Profile, place: PlaceId) {
    profile.push.news();
    profile.tell([Topic::Thread { place }, Topic::Lists, Topic::Outbox, Topic::Status]);
}
