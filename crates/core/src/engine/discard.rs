//! Taking back what is not sent: *Discard*, and *Edit*, which keeps the words.
//!
//! ```text
//! never on its way, or refused ──► gone, and what needs it
//! on its way once, unanswered:
//!   a message ───────────────────► stays, and an intent that deletes it follows
//!   anything else ───────────────► refused: nobody knows whether it is done already
//! ```
//!
//! Invariant: what is said to be taken back is never on the server in the end.

use super::Engine;
use super::asks::asked;
use crate::clock::Clock;
use crate::store::outbox::{Asked, NewRow, Standing};
use crate::store::threads::InFlight;
use crate::store::{cache, deleted, drafts, groups, notes, outbox};
use crate::view::{DraftFile, Topic, Typed};
use fieldline_model::{Ask, Code, Intent, IntentId, MessageId, PlaceId, Problem, Send};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::PoisonError;

impl Engine {
    /// Takes an unsent intent back, and what needs it; with `keep` a message's text and
    /// photos go back to the draft, behind what is there. A message that may be on the
    /// server already is deleted there.
    ///
    /// Errors: [`Code::OnItsWay`] while the server may be taking one of them, or may have
    /// taken one that is no message; [`Code::NotFound`] when it is settled, or there is no
    /// conversation any more whose draft could `keep` it.
    pub async fn discard(&self, intent: IntentId, keep: bool) -> Result<(), Problem> {
        let profile = self.profile()?;
        let (clock, flight) = (profile.clock.clone(), profile.flight());
        let places = profile
            .keep(move |c| {
                let work = cache::begin(c)?;
                let flying = flight.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let all = taken(outbox::chain(&work, intent)?, intent, &flying)?;
                take_back(&work, &all, (keep, &clock))?;
                cache::commit(work)?;
                Ok(all.iter().map(|it| it.row.intent.ask.place()).collect::<BTreeSet<_>>())
            })
            .await?;
        for place in places {
            asked(&profile, place);
        }
        Ok(())
    }

    /// Throws away what was being composed in a place: the message, or the internal note.
    pub async fn discard_draft(&self, place: PlaceId, note: bool) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        let empty = move |c: &mut Connection| match note {
            true => notes::save_draft(c, place, "", now_ms),
            false => {
                let work = cache::begin(c)?;
                drafts::clear(&work, place)?;
                cache::commit(work)
            }
        };
        profile.keep(empty).await?;
        profile.tell([Topic::Thread { place }, Topic::Lists, Topic::Outbox, Topic::Status]);
        Ok(())
    }
}

/// A row that is to be taken back.
struct Taken {
    row: Asked,
    /// It is a message that may be on the server: it stays, and is deleted there.
    stays: bool,
}

/// Which rows are to be taken back: one, and what needs it, oldest first.
fn taken(chain: Vec<Asked>, root: IntentId, flying: &InFlight) -> Result<Vec<Taken>, Problem> {
    if !chain.iter().any(|row| row.intent.id == root) {
        return Err(Code::NotFound.into());
    }
    let mut all: Vec<Taken> = Vec::with_capacity(chain.len());
    for row in chain {
        let stays = row.tried && row.standing == Standing::Waiting;
        let deletes = matches!(row.intent.ask, Ask::Delete { .. });
        if flying.submitted.contains(&row.intent.id) {
            return Err(Code::OnItsWay.into());
        }
        if deletes && all.iter().any(|it| it.stays && row.intent.needs == Some(it.row.intent.id)) {
            // That is what is asked for.
            continue;
        }
        if stays && row.intent.ask.said().is_none() {
            return Err(Code::OnItsWay.into());
        }
        all.push(Taken { row, stays });
    }
    Ok(all)
}

fn take_back(work: &Connection, all: &[Taken], (keep, clock): (bool, &Clock)) -> Result<(), Problem> {
    let now_ms = clock.server_now_ms();
    let begun = all.iter().any(|it| !it.stays && matches!(it.row.intent.ask, Ask::Start(_)));
    for Taken { row, stays } in all {
        let (place, id) = (row.intent.ask.place(), row.intent.id);
        if *stays && deleted::asked(work, place)?.contains(&id.into()) {
            continue;
        }
        let photos = if *stays { outbox::files(work, id.0)? } else { outbox::take(work, id)? };
        if keep {
            back_to_draft(work, (row, &photos), begun, now_ms)?;
        }
        if *stays {
            let ask = Ask::Delete { place, message: MessageId(id.0) };
            let minted = IntentId::mint(now_ms, clock.random());
            let intent = Intent { id: minted, written_at_ms: now_ms, needs: Some(id), ask };
            outbox::add(work, NewRow { intent: &intent, files: &[], title: &row.title })?;
        }
    }
    Ok(())
}

/// What was written, back where it is written: nothing typed is lost. Of a thread that is
/// `begun` no more that is where one is composed.
fn back_to_draft(
    work: &Connection,
    (row, photos): (&Asked, &[DraftFile]),
    begun: bool,
    now_ms: i64,
) -> Result<(), Problem> {
    if let Some(send) = row.intent.ask.said() {
        let place = if begun { PlaceId::NEW_GROUP } else { draft_of(work, send.place)? };
        return message_to_draft(work, (place, send), photos, now_ms);
    }
    if let Ask::Note { conversation, text } | Ask::Transfer { conversation, note: text, .. } = &row.intent.ask
    {
        let place = (*conversation).into();
        cache::conversation(work, place)?.ok_or(Code::NotFound)?;
        notes::back_to_draft(work, place, text, now_ms)?;
    }
    Ok(())
}

/// Where a message that is not sent may go back to: a draft nobody can open any more
/// would be a loss.
fn draft_of(work: &Connection, place: PlaceId) -> Result<PlaceId, Problem> {
    if cache::conversation(work, place)?.is_some() || groups::laid(work, place)?.is_some() {
        return Ok(place);
    }
    Err(Code::NotFound.into())
}

/// A message's text and photos, back in the draft.
fn message_to_draft(
    work: &Connection,
    (place, send): (PlaceId, &Send),
    files: &[DraftFile],
    now_ms: i64,
) -> Result<(), Problem> {
    let there = drafts::get(work, place)?;
    let mut back = Typed { text: send.text.clone(), mentions: send.mentions.clone() };
    // Whoever is mentioned and no longer in it would be refused once more.
    if let Some(laid) = groups::laid(work, place)? {
        back.mentions.retain(|it| laid.group.member(it.person).is_some());
    }
    let text = Typed { text: there.text, mentions: there.mentions }.and(back);
    drafts::save_text(work, place, &text, now_ms)?;
    for file in files {
        drafts::add_file(work, place, file)?;
    }
    if there.reply.is_none() && place == send.place {
        drafts::set_reply(work, place, send.reply_to, now_ms)?;
    }
    if there.location.is_none() {
        drafts::set_location(work, place, send.location.as_ref(), now_ms)?;
    }
    Ok(())
}
