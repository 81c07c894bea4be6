//! Quotes: what a message, or a draft, answers.
//!
//! A message that was sent carries its quote with it, as the server made it. What is
//! unsent names the message alone; what is shown of that is read from the cache.

use super::previews::one_line;
use super::{cache, json, problem};
use crate::view::QuoteLine;
use fieldline_model::{Author, Message, MessageId, PersonCard, PlaceId, Problem, Quote};
use rusqlite::{Connection, OptionalExtension};

/// A quote as a screen shows it.
pub fn line(quote: &Quote, customer: &str, me: &PersonCard) -> QuoteLine {
    let (mine, author) = match &quote.author {
        Author::Customer => (false, customer.to_owned()),
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
    if let Some(quote) = quote {
        let customer =
            cache::conversation(connection, place)?.map(|it| cache::title(&it)).unwrap_or_default();
        return Ok(line(&quote, &customer, &cache::my(connection)?.person.card()));
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
