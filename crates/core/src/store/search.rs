//! Search over the words of every cached message, without signal.
//!
//! The index is kept by triggers of the schema, so it is in step with the messages
//! in every transaction, and what leaves the device leaves it too. A message's row
//! number grows with its time by the server's clock, so "newest first" is the order
//! of the index itself and the first page costs no more for a million messages.

use super::problem;
use fieldline_model::{PlaceId, Problem};
use rusqlite::{Connection, params};

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

/// What is typed, as the index is asked: every word, the last one perhaps unfinished.
/// Empty where there is no word in it.
pub fn expression(typed: &str) -> String {
    let words: Vec<String> = typed
        .split(|c| !is_of_word(c))
        .filter(|word| word.contains(char::is_alphanumeric))
        .map(|word| format!("\"{word}\""))
        .collect();
    if words.is_empty() { String::new() } else { format!("{}*", words.join(" ")) }
}

/// Where the newest messages with these words are, newest first, each place once.
pub fn places(connection: &Connection, typed: &str) -> Result<Vec<PlaceId>, Problem> {
    let expression = expression(typed);
    if expression.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = connection
        .prepare_cached(
            "SELECT m.place FROM search JOIN message m ON m.rowid = search.rowid
             WHERE search MATCH ?1 ORDER BY search.rowid DESC LIMIT ?2",
        )
        .map_err(problem)?;
    let mut found: Vec<PlaceId> = Vec::new();
    for place in rows.query_map(params![expression, NEWEST], |r| r.get(0).map(PlaceId)).map_err(problem)? {
        let place = place.map_err(problem)?;
        if !found.contains(&place) {
            found.push(place);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_words_and_never_the_language_of_the_index() {
        assert_eq!(expression("  red valve"), "\"red\" \"valve\"*");
        assert_eq!(expression("a\"OR b* NEAR("), "\"a\" \"OR\" \"b\" \"NEAR\"*");
        assert_eq!(expression("* \" - \u{301}"), "");
    }
}
