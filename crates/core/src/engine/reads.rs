//! What screens read: the store, never the network.

use super::Engine;
use crate::store::cache::Applied;
use crate::store::lists::Wanted;
use crate::store::threads::Part;
use crate::store::{cache, canned, deleted, groups, left, lists, offers, outbox, reach, threads};
use crate::view::{Colleague, Mark, OutboxKind, OutboxRow, Page, RowHit, Rows, Section, Sort, Thread, Topic};
use fieldline_model::{Ask, Canned, IntentId, PlaceId, Problem};

/// The most rows of the outbox a screen is given.
const OUTBOX_SHOWN: u32 = 1_000;
/// How many entries after a wanted one come with it: half a page.
const PAGE_AFTER: i64 = 25;

impl Engine {
    /// A part of a list.
    pub async fn rows(
        &self,
        section: Section,
        sort: Sort,
        search: String,
        page: Page,
    ) -> Result<Rows, Problem> {
        let profile = self.profile()?;
        profile.run(move |c| lists::rows(c, &Wanted { section, sort, search: search.trim(), page })).await
    }

    /// The newest messages of a place on this device that have the words of `search`.
    pub async fn find(&self, place: PlaceId, search: String) -> Result<Vec<RowHit>, Problem> {
        self.profile()?.run(move |c| lists::found_in(c, place, search.trim())).await
    }

    /// A conversation with its newest `limit` entries.
    pub async fn thread(&self, place: PlaceId, limit: u32) -> Result<Thread, Problem> {
        let profile = self.profile()?;
        let flying = profile.flying();
        let part = Part { limit, until: None };
        let mut thread = profile.run(move |c| threads::thread(c, place, part, &flying)).await?;
        profile.signals.lay(&mut thread, profile.clock.ticks_ms());
        Ok(thread)
    }

    /// A conversation with `limit` entries up to the number `until`.
    pub async fn thread_until(&self, place: PlaceId, until: i64, limit: u32) -> Result<Thread, Problem> {
        let profile = self.profile()?;
        let flying = profile.flying();
        let part = Part { limit, until: Some(until) };
        let mut thread = profile.run(move |c| threads::thread(c, place, part, &flying)).await?;
        profile.signals.lay(&mut thread, profile.clock.ticks_ms());
        Ok(thread)
    }

    /// Fetches entries before the oldest on this device, or the newest hole.
    /// Replies whether any came.
    pub async fn older(&self, place: PlaceId) -> Result<bool, Problem> {
        let profile = self.profile()?;
        let Some(before) = profile.run(move |c| reach::missing_before(c, place)).await? else {
            return Ok(false);
        };
        self.page_before(place, before).await
    }

    /// Fetches the entries around a number, wherever the oldest on this device is. Replies
    /// whether any came.
    pub async fn fetch_at(&self, place: PlaceId, n: i64) -> Result<bool, Problem> {
        self.page_before(place, n.saturating_add(PAGE_AFTER)).await
    }

    /// Fetches the page of entries before a number.
    async fn page_before(&self, place: PlaceId, before: i64) -> Result<bool, Problem> {
        let profile = self.profile()?;
        let of_group = profile.run(move |c| Ok(groups::group(c, place)?.is_some())).await?;
        let session = profile.session();
        let page = match of_group {
            true => profile.remote().group_older(place.into(), before).await?,
            false => profile.remote().older(place.into(), before).await?,
        };
        let now_ms = profile.clock.server_now_ms();
        let came = !page.messages.is_empty();
        let applied = profile
            .take(session, move |c| {
                let work = cache::begin(c)?;
                let mut applied = Applied::default();
                // It may have left while the page was on its way.
                if cache::conversation(&work, place)?.is_some() || groups::group(&work, place)?.is_some() {
                    cache::apply(&work, &page.messages, now_ms, &mut applied)?;
                }
                applied.topics.retain(|t| !matches!(t, Topic::News { .. }));
                cache::commit(work)?;
                Ok(applied)
            })
            .await?;
        profile.tell_applied(applied).await;
        Ok(came)
    }

    /// The canned replies of the workspace, by shortcut.
    pub async fn canned(&self) -> Result<Vec<Canned>, Problem> {
        self.profile()?.run(|c| canned::all(c)).await
    }

    /// The colleagues a conversation may be handed to, by name.
    pub async fn colleagues(&self) -> Result<Vec<Colleague>, Problem> {
        self.profile()?.run(|c| offers::colleagues(c)).await
    }

    /// Everything unsent on this device that is not to be deleted, oldest first; behind it
    /// drafts whose place is gone.
    pub async fn outbox(&self) -> Result<Vec<OutboxRow>, Problem> {
        let profile = self.profile()?;
        let flying = profile.flying();
        let link = profile.link();
        let (asked, deleted, left) = profile
            .run(|c| Ok((outbox::unsettled(c, OUTBOX_SHOWN)?, deleted::all_asked(c)?, left::all(c)?)))
            .await?;
        let row = |a: outbox::Asked| {
            // Of a message that is to be deleted only that is left to be done.
            if a.intent.ask.said().is_some() && deleted.contains(&a.intent.id.into()) {
                return None;
            }
            let kind = outbox::kind(&a.intent.ask)?;
            let said = a.intent.ask.said();
            let photos = said.map_or(0, |send| send.files.len() as u32);
            let text = match &a.intent.ask {
                Ask::Note { text, .. } | Ask::Transfer { note: text, .. } => text.clone(),
                Ask::Rename { name, .. } => name.clone(),
                _ => said.map(|send| send.text.clone()).unwrap_or_default(),
            };
            Some(OutboxRow {
                intent: a.intent.id,
                place: a.intent.ask.place(),
                kind,
                text,
                photos,
                files: Vec::new(),
                mark: threads::mark(&a, &flying),
                problem: a.problem.clone().or_else(|| link.problem.clone()),
                asked_at_ms: a.asked_at_ms,
                progress: flying.intents.get(&a.intent.id).copied().filter(|_| photos > 0),
                title: a.title,
            })
        };
        Ok(asked.into_iter().filter_map(row).chain(left.into_iter().map(of_draft)).collect())
    }
}

fn of_draft(it: left::Left) -> OutboxRow {
    OutboxRow {
        intent: IntentId(it.place.0),
        place: it.place,
        title: it.title,
        kind: if it.note { OutboxKind::NoteDraft } else { OutboxKind::Draft },
        text: it.text,
        photos: it.files.len() as u32,
        files: it.files,
        mark: Mark::Stuck,
        problem: Some(it.why),
        asked_at_ms: it.at_ms,
        progress: None,
    }
}
