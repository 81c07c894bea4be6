//! Quotes: what a message, or a draft, answers.
//!
//! A message that was sent carries its quote with it, as the server made it. What is
//! unsent names the message alone; what is shown of that is read from the cache.

use super::lists::one_line;
use super::{cache, json, problem};
use crate::view::QuoteLine;
use fieldline_model::{Author, Conversation, Message, MessageId, PersonCard, PlaceId, Problem, Quote};
use rusqlite::{Connection, OptionalExtension};

/// A quote as a screen shows it.
pub fn line(quote: &Quote, it: &Conversation, me: &PersonCard) -> QuoteLine {
    let (mine, author) = match &quote.author {
        Author::Customer => (false, cache::title(it)),
        Author::Person(card) => (card.id == me.id, card.name.clone()),
    };
    QuoteLine {
        message: quote.message,
        n: Some(quote.n),
        mine,
        author,
        text: one_line(&quote.text),
        photos: quote.photos,
        location: quote.location,
        deleted: quote.deleted,
    }
}

/// What is known here of a message that is to be quoted; little when it is not here.
pub fn of(connection: &Connection, place: PlaceId, which: MessageId) -> Result<QuoteLine, Problem> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM message WHERE id = ?1 AND place = ?2")
        .and_then(|mut s| s.query_row([which.0, place.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    let quote = match body {
        Some(body) => Quote::of(&json::<Message>(&body)?),
        None => None,
    };
    let it = cache::conversation(connection, place)?;
    if let (Some(quote), Some(it)) = (quote, it) {
        return Ok(line(&quote, &it, &cache::my(connection)?.person.card()));
    }
    let (author, text) = (String::new(), String::new());
    Ok(QuoteLine {
        message: which,
        n: None,
        mine: false,
        author,
        text,
        photos: 0,
        location: false,
        deleted: false,
    })
}
