//! The contacts loop: takes the pages of the contact list that came with no snapshot.

use super::{is_open, rest, rest_after, wait_after};
use crate::profile::{Profile, Session};
use crate::remote::Failure;
use crate::store::cache::{self, Applied};
use crate::store::contacts;
use fieldline_model::Problem;
use std::sync::Arc;

pub(super) async fn run(it: Arc<Profile>) {
    let mut tries = 0;
    loop {
        if !is_open(&it) {
            it.contacts.heard().await;
            continue;
        }
        let session = it.session();
        match take_pages(&it, session).await {
            // A server that has no such pages has none a minute later.
            Ok(()) | Err(Failure::Refused(_)) => {
                tries = 0;
                rest(&it, &it.contacts, None).await;
            }
            Err(failure) => {
                tries += 1;
                if let Some(wait) = wait_after(&it, session, &failure, tries).await {
                    rest_after(&it, &it.contacts, &failure, wait).await;
                }
            }
        }
    }
}

async fn take_pages(it: &Profile, session: Session) -> Result<(), Failure> {
    let stored = |problem: Problem| Failure::Later { wait: None, problem };
    // A client's app has no contact list.
    if it.remote().is_clients() {
        return Ok(());
    }
    while let Some(after) = it.run(|c| contacts::missing(c)).await.map_err(stored)? {
        let page = it.remote().contacts(after).await?;
        let applied = it
            .take(session, move |c| {
                let (work, mut applied) = (cache::begin(c)?, Applied::default());
                contacts::put_page(&work, after, &page, &mut applied)?;
                cache::commit(work)?;
                Ok(applied)
            })
            .await
            .map_err(stored)?;
        it.tell_applied(applied).await;
    }
    Ok(())
}
