//! Message threads: their lists, the people they are chosen from, and what is asked
//! of them.

use super::Engine;
use super::asks::{Minted, asked, file_ref, mint, once};
use crate::store::{cache, contacts, drafts, group_lists, groups, outbox};
use crate::view::{
    Begin, Block, Contacts, Draft, GroupPeople, GroupTab, Groups, MembersChange, NewGroup, Page, Typed,
};
use fieldline_model::group::PEOPLE_MAX;
use fieldline_model::{
    Ask, Code, GroupId, IntentId, Me, PersonId, PlaceId, Problem, Send, SoundLevel, Start,
};
use rusqlite::Connection;

impl Engine {
    /// A part of a list of message threads.
    pub async fn groups(&self, tab: GroupTab, search: String, page: Page) -> Result<Groups, Problem> {
        let wanted = move |c: &mut Connection| {
            group_lists::list(c, &group_lists::Wanted { tab, search: search.trim(), page })
        };
        self.profile()?.run(wanted).await
    }

    /// A part of a block of the contact list, by name.
    pub async fn contacts(
        &self,
        block: Block,
        search: String,
        from: u32,
        limit: u32,
    ) -> Result<Contacts, Problem> {
        let wanted = move |c: &mut Connection| {
            contacts::list(c, &contacts::Wanted { block, search: &search, from, limit })
        };
        self.profile()?.run(wanted).await
    }

    /// The message thread that is being composed on this device.
    pub async fn new_group(&self) -> Result<NewGroup, Problem> {
        let place = PlaceId::NEW_GROUP;
        let draft = self.profile()?.run(move |c| drafts::get(c, place)).await?;
        Ok(NewGroup { place, draft, people_max: PEOPLE_MAX as u32 })
    }

    /// Begins a message thread with what is composed, and with its own text, as the
    /// first message; with nothing composed, without one. Replies which place it is:
    /// that of a direct thread may have been there before.
    ///
    /// Errors: what [`fieldline_model::Group::started`] says, [`Code::ModuleNeeded`],
    /// [`Code::UpdateNeeded`] at a server that knows no threads.
    pub async fn start_group(&self, id: IntentId, begin: Begin) -> Result<PlaceId, Problem> {
        let profile = self.profile()?;
        profile.failpoints.pass("before_mint").await;
        let now_ms = profile.clock.server_now_ms();
        let place = profile
            .keep(move |c| {
                let work = cache::begin(c)?;
                let place = start(&work, (id, begin), now_ms)?;
                cache::commit(work)?;
                Ok(place)
            })
            .await?;
        profile.failpoints.pass("after_mint").await;
        asked(&profile, place);
        Ok(place)
    }

    /// Who is in a group, with what was asked and not answered yet.
    pub async fn group_people(&self, place: PlaceId) -> Result<GroupPeople, Problem> {
        self.profile()?.run(move |c| group_lists::people(c, place)).await
    }

    /// Adds and removes people against what was shown: one batch.
    ///
    /// Errors: what [`fieldline_model::Group::change`] says, [`Code::ModuleNeeded`].
    pub async fn save_members(
        &self,
        id: IntentId,
        place: PlaceId,
        change: MembersChange,
    ) -> Result<(), Problem> {
        let MembersChange { add, remove, history } = change;
        if add.is_empty() && remove.is_empty() {
            return Ok(());
        }
        self.ask(id, Ask::Members { group: place.into(), add, remove, history }).await
    }

    /// Goes out of a group.
    pub async fn leave_group(&self, id: IntentId, place: PlaceId) -> Result<(), Problem> {
        self.ask(id, Ask::Leave { group: place.into() }).await
    }

    /// Names a group; an empty name takes it away.
    pub async fn rename_group(&self, id: IntentId, place: PlaceId, name: String) -> Result<(), Problem> {
        self.ask(id, Ask::Rename { group: place.into(), name }).await
    }

    /// Sets how loud the news of a place is for this person, on all their devices; nothing:
    /// as each is set. Only the newest is sent.
    pub async fn set_sound(
        &self,
        id: IntentId,
        place: PlaceId,
        sound: Option<SoundLevel>,
    ) -> Result<(), Problem> {
        let profile = self.profile()?;
        let now_ms = profile.clock.server_now_ms();
        let work = move |work: &Connection| {
            outbox::drop_sounds(work, place)?;
            mint(work, id, Ask::Sound { place, sound }, Minted { files: &[], now_ms })
        };
        once(&profile, id, work).await?;
        asked(&profile, place);
        Ok(())
    }
}

/// Mints the beginning of a thread, or, where it is there already, its message.
fn start(work: &Connection, (id, begin): (IntentId, Begin), now_ms: i64) -> Result<PlaceId, Problem> {
    if let Some(place) = outbox::place_of(work, id)? {
        return Ok(place);
    }
    let me = cache::my(work)?;
    let draft = drafts::get(work, PlaceId::NEW_GROUP)?;
    let Begin { group, mut people, name, text } = begin;
    people.sort_unstable();
    people.dedup();
    people.retain(|who| *who != me.person.id);
    let place = place_for(&me, &people, group)?;
    let first = said(place, text, draft.clone());
    let there = groups::laid(work, place)?.is_some();
    let ask = match (there, first) {
        // Nothing to ask: it is only opened.
        (true, None) => return Ok(place),
        (true, Some(send)) => Ask::Send(send),
        (false, first) => Ask::Start(Start { group: place.into(), people, name, first }),
    };
    mint(work, id, ask, Minted { files: &draft.files, now_ms })?;
    drafts::clear(work, PlaceId::NEW_GROUP)?;
    Ok(place)
}

/// Where a thread with these people is: with one, the direct thread of both.
fn place_for(me: &Me, people: &[PersonId], fresh: PlaceId) -> Result<PlaceId, Problem> {
    let [other] = people else { return Ok(fresh) };
    let workspace = me.workspace_id.ok_or(Code::UpdateNeeded)?;
    Ok(GroupId::direct(workspace, me.person.id, *other).into())
}

/// What is composed, as a message; none when nothing is.
fn said(place: PlaceId, Typed { text, mentions }: Typed, draft: Draft) -> Option<Send> {
    if text.trim().is_empty() && draft.files.is_empty() && draft.location.is_none() {
        return None;
    }
    let files = draft.files.iter().map(file_ref).collect();
    Some(Send { place, text, files, location: draft.location, reply_to: None, mentions })
}
