//! A customer's previous conversations: from this device, and past it, from the server.

use super::Engine;
use crate::store::cache::{self, Applied};
use crate::store::previous::{self, Next};
use crate::view::Previous;
use fieldline_model::{PlaceId, Problem};

impl Engine {
    /// The newest `limit` entries of the conversations before this one.
    pub async fn previous(&self, place: PlaceId, limit: u32) -> Result<Previous, Problem> {
        let profile = self.profile()?;
        profile.run(move |c| previous::previous(c, place, limit)).await
    }

    /// Fetches what comes before the oldest of them on this device. Replies whether
    /// there was anything to ask for.
    pub async fn fetch_previous(&self, place: PlaceId) -> Result<bool, Problem> {
        let profile = self.profile()?;
        let Some(next) = profile.run(move |c| previous::next(c, place)).await? else {
            return Ok(false);
        };
        let (session, remote, via) = (profile.session(), profile.remote(), place.into());
        let (link, page) = match next {
            Next::Link(of) => (Some((of, remote.previous(via, of).await?)), Vec::new()),
            Next::Entries(of, before) => (None, remote.older(of, before).await?.messages),
        };
        let applied = profile
            .take(session, move |c| {
                let work = cache::begin(c)?;
                let mut applied = Applied::default();
                // It may have left while the page was on its way: then the same is not asked
                // for any more.
                if previous::next(&work, place).is_ok_and(|now| now == Some(next)) {
                    match &link {
                        Some((of, page)) => previous::put_link(&work, (via, *of), page, &mut applied)?,
                        None => previous::put_entries(&work, via, &page, &mut applied)?,
                    }
                }
                cache::commit(work)?;
                Ok(applied)
            })
            .await?;
        profile.tell_applied(applied).await;
        Ok(true)
    }
}
