//! A device's file that holds much: 10,000 conversations, one of them very long.

use fieldline_core::store::cache;
use fieldline_model::api::ChangesPage;
use fieldline_model::conversation::{Customer, Preview};
use fieldline_model::{
    Author, Body, Change, Conversation, ConversationId, CustomerId, Message, MessageId, PersonCard, PlaceId,
    Record, What,
};
use rusqlite::{Connection, params};
use std::path::Path;
use uuid::Uuid;

const CONVERSATIONS: usize = 10_000;
/// Entries of the first conversation.
pub const LONG: i64 = 50_000;
/// One conversation in so many is open; the others are ended.
const OPEN: usize = 100;
const BEGAN_MS: i64 = 1_772_438_400_000;

const WORDS: [&str; 20] = [
    "the", "panel", "on", "left", "turn", "it", "until", "light", "goes", "green", "behind", "water",
    "pressure", "is", "still", "low", "please", "valve", "vapour", "check",
];

/// The place of the conversation at `i`.
pub fn place(i: usize) -> PlaceId {
    PlaceId(Uuid::from_u128(((BEGAN_MS as u128 + i as u128) << 80) | 7 << 76 | 2 << 62 | i as u128))
}

/// Fills the file of a signed-in device, so that it holds `messages`.
pub fn fill(file: &Path, messages: usize) {
    let mut connection = Connection::open(file).expect("the file opens");
    connection.execute_batch("PRAGMA synchronous = OFF").expect("a setting");
    let me = cache::my(&connection).expect("somebody is signed in").person.card();
    let (epoch, cursor) = cache::cursor(&connection).expect("a cursor reads").expect("a snapshot came");
    let rest = (messages - LONG as usize) / (CONVERSATIONS - 1);
    let count = |i: usize| if i == 0 { LONG } else { rest as i64 };
    for some in (0..CONVERSATIONS).collect::<Vec<_>>().chunks(500) {
        let put = |i: &usize| {
            let it = Record::Conversation(Box::new(conversation(*i, count(*i), &me)));
            serde_json::to_value(Change { seq: cursor, what: What::Put(it) }).expect("JSON")
        };
        let changes = some.iter().map(put).collect();
        let page = ChangesPage { epoch: epoch.clone(), cursor, at_ms: 1, more: true, resync: false, changes };
        cache::apply_page(&mut connection, &page, 1).expect("a page applies");
    }
    let work = connection.transaction().expect("the file is ours");
    {
        let mut insert = work
            .prepare("INSERT INTO message (rowid, id, place, n, seq, files, theirs, body) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7)")
            .expect("a statement");
        let mut at = 0;
        // The long one's entries lie between all the others', as they would.
        for turn in 0..LONG.max(rest as i64) {
            let others = if turn < rest as i64 { CONVERSATIONS } else { 1 };
            for i in 0..others {
                if turn < count(i) {
                    at += 1;
                    let it = message(i, turn + 1, at, &me);
                    let body = serde_json::to_string(&it).expect("JSON");
                    let theirs = it.author == Author::Customer;
                    // The row's number grows with its time, as the cache has it.
                    let row = it.at_ms << 20;
                    insert
                        .execute(params![row, it.id.0, it.place.0, it.n, cursor, theirs, body])
                        .expect("a row");
                }
            }
        }
    }
    work.commit().expect("the disk has room");
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("a checkpoint");
}

fn author(n: i64, me: &PersonCard) -> Author {
    if n % 2 == 1 { Author::Customer } else { Author::Person(me.clone()) }
}

/// Ten words, like dice and the same at each run; one message in ten is about a valve.
fn text(at: i64) -> String {
    let mut words = Vec::new();
    for i in 0..10 {
        let spread = ((at * 10 + i) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        words.push(WORDS[spread as usize % (WORDS.len() - 3)]);
    }
    if at % 10 == 0 {
        words.push("valve");
    }
    words.join(" ")
}

fn conversation(i: usize, last_n: i64, me: &PersonCard) -> Conversation {
    let at_ms = BEGAN_MS + i as i64;
    let customer = CustomerId(Uuid::from_u128(1 << 90 | i as u128));
    let customer = Customer { id: customer, name: Some(format!("Customer {i}")), phone: None };
    let mut it = Conversation::begun(ConversationId(place(i).0), customer, at_ms);
    it.pick(me).expect("it waits");
    let text = text(i as i64);
    it.said(Preview { author: author(last_n, me), text, photos: 0, location: false, at_ms, deleted: false });
    it.last_n = last_n;
    if !i.is_multiple_of(OPEN) {
        it.end(me, at_ms).expect("it is open");
    }
    it
}

fn message(i: usize, n: i64, at: i64, me: &PersonCard) -> Message {
    let at_ms = BEGAN_MS + at;
    Message {
        id: MessageId(Uuid::from_u128((at_ms as u128) << 80 | 7 << 76 | 2 << 62 | at as u128)),
        place: place(i),
        n,
        author: author(n, me),
        at_ms,
        written_at_ms: at_ms,
        body: Body::said(text(at)),
        deleted: false,
    }
}
