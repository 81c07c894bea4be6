//! The map's tiles, for who is signed in.

use super::Shared;
use super::answer::Answer;
use super::caller::Staff;
use crate::limits::Try;
use crate::store::{Look, Session};
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use fieldline_model::location::Tile;
use fieldline_model::{Code, FileType, PersonId};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// A device may keep a tile as long as people look at one place.
const KEEP: &str = "private, max-age=86400";

pub async fn tile(State(app): State<Shared>, by: Staff, at: Path<(String, String, String)>) -> Answer {
    let see = move |look: &Look<'_>, session: &Session| Ok((session.person.id, look.tiles()?));
    let may = app.see(by, "read_tile", see).await?;
    get(&app, may, at).await
}

/// The tile, from the address the admin set, to somebody signed in.
pub(super) async fn get(
    app: &Shared,
    (who, address): (PersonId, Option<String>),
    Path((z, x, y)): Path<(String, String, String)>,
) -> Answer {
    // Whoever asks, the host is the admin's, and its patience is shared by all.
    app.limits.count(Try::Tile(who.0))?;
    let tile = || Some(Tile { z: z.parse().ok()?, x: x.parse().ok()?, y: y.parse().ok()? });
    let (Some(address), Some(tile)) = (address, tile()) else { return Err(Code::NotFound.into()) };
    let bytes = app.tiles.get(&app.store, &address, tile).await?;
    let kind = if crate::tiles::kind(&bytes) == Some(FileType::Png) { "image/png" } else { "image/jpeg" };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, KEEP)], bytes).into_response())
}
