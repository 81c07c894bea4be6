//! The one line of a list's row that says what was said, is unsent or is being composed.

use super::deleted;
use super::outbox::Asked;
use crate::view::{Draft, PreviewBy, RowPreview};
use fieldline_model::conversation::Preview;
use fieldline_model::{Author, PersonCard, Problem, Send};
use rusqlite::Connection;

/// What is being composed.
pub(super) fn of_draft(draft: &Draft) -> RowPreview {
    let (photos, location) = (draft.files.len() as u32, draft.location.is_some());
    RowPreview { author: PreviewBy::Draft, text: one_line(&draft.text), photos, location, deleted: false }
}

/// What is unsent; of what is to be deleted, that it is.
pub(super) fn of_unsent(connection: &Connection, row: &Asked, send: &Send) -> Result<RowPreview, Problem> {
    let author = PreviewBy::You;
    if deleted::asked(connection, send.place)?.contains(&row.intent.id.into()) {
        return Ok(RowPreview { author, text: String::new(), photos: 0, location: false, deleted: true });
    }
    let (photos, location) = (send.files.len() as u32, send.location.is_some());
    Ok(RowPreview { author, text: one_line(&send.text), photos, location, deleted: false })
}

/// What was said last.
pub(super) fn of_last(last: &Preview, me: &PersonCard) -> RowPreview {
    let author = by(&last.author, me);
    let (photos, location, deleted) = (last.photos, last.location, last.deleted);
    RowPreview { author, text: one_line(&last.text), photos, location, deleted }
}

/// Whose words they are, to `me`.
pub(super) fn by(author: &Author, me: &PersonCard) -> PreviewBy {
    match author {
        Author::Customer => PreviewBy::Customer,
        Author::Person(p) if p.id == me.id => PreviewBy::You,
        Author::Person(p) => PreviewBy::Colleague { name: p.name.clone() },
    }
}

/// Text on one line, cut short.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(140).collect()
}
