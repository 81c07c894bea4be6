//! Search over the words of every cached message, without signal.
//!
//! The index is kept by triggers of the schema, so it is in step with the messages
//! in every transaction, and what leaves the device leaves it too. A message's row
//! number grows with its time by the server's clock, so "newest first" is the order
//! of the index itself and the first page costs no more for a million messages.
//!
//! Whole words come first: they alone are found that way. What only begins with the
//! last word that is typed costs as much as there is of it, so it is looked for when
//! the whole words leave room: while a word is half-typed, and hardly ever behind it.

use super::{deleted, json, problem, text};
use fieldline_model::message::EXCERPT_CHARS;
use fieldline_model::{Message, MessageId, PlaceId, Problem};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The most messages one search looks at.
const NEWEST: i64 = 50;

/// How many bits count the messages of one moment.
const MOMENT_BITS: u32 = 20;

/// The first row number of a message of this moment, and the last that another one
/// of the moment may be counted up from.
pub(super) fn positions(at_ms: i64) -> (i64, i64) {
    let first = at_ms.clamp(0, (1 << 42) - 1) << MOMENT_BITS;
    (first, first + (1 << MOMENT_BITS) - 2)
}

/// Whether a character belongs to a word: an accent does that stands behind its letter, as
/// some keyboards write it. What it means is for the index to say.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')
}

/// What is typed, as the index is asked for it: every word.
/// Empty where there is no word in it.
pub fn expression(typed: &str) -> String {
    let words: Vec<String> = typed
        .split(|c| !is_of_word(c))
        .filter(|word| word.contains(char::is_alphanumeric))
        .map(|word| format!("\"{word}\""))
        .collect();
    words.join(" ")
}

/// The same, of a text alone, and of one place where that is said: the index knows a
/// message's place as a word of its own.
fn in_text(words: &str, place: Option<PlaceId>) -> String {
    match place {
        None => format!("text : ({words})"),
        Some(place) => format!("place : {:X} AND text : ({words})", place.0.simple()),
    }
}

/// A message that has the words.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Where it is.
    pub place: PlaceId,
    /// It, as the server last said.
    pub message: Message,
}

/// The newest messages with these words, newest first, one of each place; after them
/// those where the last word is only begun. None whose deletion is on its way.
pub fn hits(connection: &Connection, typed: &str) -> Result<Vec<Hit>, Problem> {
    let whole = expression(typed);
    if whole.is_empty() {
        return Ok(Vec::new());
    }
    let leaving = deleted::all_asked(connection)?;
    let mut found = Vec::new();
    let looked_at = find(connection, &whole, &leaving, &mut found)?;
    if looked_at < NEWEST {
        find(connection, &format!("{whole}*"), &leaving, &mut found)?;
    }
    Ok(found)
}

/// Adds the newest messages that fit, of places that are not among `found`. Replies how
/// many it looked at.
fn find(
    connection: &Connection,
    expression: &str,
    leaving: &BTreeSet<MessageId>,
    found: &mut Vec<Hit>,
) -> Result<i64, Problem> {
    let mut rows = connection
        .prepare_cached(
            "SELECT m.place, m.id, m.body FROM search JOIN message m ON m.rowid = search.rowid
             WHERE search MATCH ?1 ORDER BY search.rowid DESC LIMIT ?2",
        )
        .map_err(problem)?;
    let mut rows = rows.query(params![in_text(expression, None), NEWEST]).map_err(problem)?;
    let mut looked_at = 0;
    while let Some(row) = rows.next().map_err(problem)? {
        looked_at += 1;
        let place = PlaceId(row.get(0).map_err(problem)?);
        let message = MessageId(row.get::<_, Uuid>(1).map_err(problem)?);
        if !leaving.contains(&message) && found.iter().all(|hit| hit.place != place) {
            found.push(Hit { place, message: json(text(row, 2)?)? });
        }
    }
    Ok(looked_at)
}

/// The newest messages of a place with these words, newest first; where they leave room,
/// also those where the last word is only begun. None whose deletion is on its way.
pub fn hits_in(connection: &Connection, place: PlaceId, typed: &str) -> Result<Vec<Message>, Problem> {
    let whole = expression(typed);
    if whole.is_empty() {
        return Ok(Vec::new());
    }
    let leaving = deleted::all_asked(connection)?;
    let mut found: BTreeMap<i64, Message> = BTreeMap::new();
    for expression in [whole.clone(), format!("{whole}*")] {
        if found.len() < NEWEST as usize {
            let more = find_in(connection, place, &expression)?;
            found.extend(more.into_iter().filter(|it| !leaving.contains(&it.id)).map(|it| (it.n, it)));
        }
    }
    Ok(found.into_values().rev().take(NEWEST as usize).collect())
}

fn find_in(connection: &Connection, place: PlaceId, expression: &str) -> Result<Vec<Message>, Problem> {
    let mut rows = connection
        .prepare_cached(
            "SELECT m.body FROM search JOIN message m ON m.rowid = search.rowid
             WHERE search MATCH ?1 ORDER BY search.rowid DESC LIMIT ?2",
        )
        .map_err(problem)?;
    let mut rows = rows.query(params![in_text(expression, Some(place)), NEWEST]).map_err(problem)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(problem)? {
        found.push(json(text(row, 0)?)?);
    }
    Ok(found)
}

/// Characters of a text shown before the first of the words that were typed.
const BEFORE_CHARS: usize = 24;

/// The part of a text around the first of the words that were typed, on one line.
pub fn around(text: &str, typed: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower: Vec<char> = line.chars().flat_map(|c| c.to_lowercase().next()).collect();
    let word: Vec<char> = typed
        .split(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty())
        .map(|word| word.chars().flat_map(|c| c.to_lowercase().next()).collect())
        .unwrap_or_default();
    let at = lower.windows(word.len().max(1)).position(|part| part == word).unwrap_or(0);
    let from = at.saturating_sub(BEFORE_CHARS);
    // A word that is cut in two says nothing: the part begins with a whole one.
    let from = lower[from..at].iter().position(|c| *c == ' ').map_or(at, |space| from + space + 1);
    let from = if at <= BEFORE_CHARS { 0 } else { from };
    let part: String = line.chars().skip(from).take(EXCERPT_CHARS).collect();
    if from > 0 { format!("… {part}") } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shown_around_the_first_word_that_was_typed() {
        assert_eq!(around("The red valve\nleaks", "valve"), "The red valve leaks");
        let long = format!("{} the Valve behind the panel", "and so on".repeat(20));
        assert_eq!(around(&long, "valve"), "… so onand so on the Valve behind the panel");
        assert_eq!(around("no such word", "zeppelin"), "no such word");
        assert_eq!(around("", "x"), "");
    }

    #[test]
    fn what_is_typed_is_words_and_never_the_language_of_the_index() {
        assert_eq!(expression("  red valve"), "\"red\" \"valve\"");
        assert_eq!(expression("a\"OR b* NEAR("), "\"a\" \"OR\" \"b\" \"NEAR\"");
        assert_eq!(expression("* \" - \u{301}"), "");
    }
}
