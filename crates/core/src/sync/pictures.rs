//! The pictures loop: fetches what is worth having before the signal goes.

use super::{is_open, rest, rest_after, wait_after};
use crate::profile::Profile;
use crate::remote::Failure;
use crate::store::pictures::{KEPT_MAX_BYTES, Picture};
use crate::store::{cache, pictures};
use bytes::Bytes;
use fieldline_model::Problem;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) async fn run(it: Arc<Profile>) {
    let mut tries = 0;
    // What the server will not give; asked again after a restart.
    let mut refused = BTreeSet::new();
    loop {
        if !is_open(&it) {
            it.pictures.heard().await;
            continue;
        }
        let session = it.session();
        let Err(failure) = fetch_all(&it, &mut refused).await else {
            tries = 0;
            rest(&it, &it.pictures, None).await;
            continue;
        };
        tries += 1;
        if let Some(wait) = wait_after(&it, session, &failure, tries).await {
            rest_after(&it, &it.pictures, &failure, wait).await;
        }
    }
}

async fn fetch_all(it: &Profile, refused: &mut BTreeSet<Picture>) -> Result<(), Failure> {
    let stored = |problem| Failure::Later { wait: None, problem };
    let missing = it
        .run(|c| match cache::me(c)? {
            Some(me) => pictures::missing(c, me.person.id, KEPT_MAX_BYTES),
            None => Ok(Vec::new()),
        })
        .await
        .map_err(stored)?;
    for picture in missing {
        if refused.contains(&picture) {
            continue;
        }
        match fetch(it, picture).await {
            Ok(_) => {}
            Err(Failure::Refused(_)) => drop(refused.insert(picture)),
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// Fetches one picture and keeps it: bytes first, then the row (rule 1).
pub(crate) async fn fetch(it: &Profile, picture: Picture) -> Result<Bytes, Failure> {
    let session = it.session();
    let bytes = it.remote().picture(picture.message, picture.i, picture.rendition).await?;
    let stored = |problem: Problem| Failure::Later { wait: None, problem };
    let turn = it.files.lock().await;
    it.blobs.put(&picture.name(), bytes.clone()).await.map_err(stored)?;
    let size_bytes = bytes.len();
    let kept = it
        .take(session, move |c| {
            if !pictures::keep(c, &picture, size_bytes)? {
                return Ok(vec![picture.name()]);
            }
            pictures::make_room(c, cache::my(c)?.person.id, KEPT_MAX_BYTES)
        })
        .await;
    let (gone, done) = match kept {
        Ok(gone) => (gone, Ok(bytes)),
        Err(problem) => (vec![picture.name()], Err(stored(problem))),
    };
    drop(turn);
    it.drop_files(gone).await;
    done
}
