//! Applying what was missed: pages of the feed into a device's file, against the
//! same rows put into the same tables by prepared statements in as many
//! transactions; and with a tenth as much, to see whether a change costs more
//! when there are more.

use super::Bench;
use super::figure::{Bound, Rounds};
use fieldline_core::store::{cache, schema};
use fieldline_model::api::{ChangesPage, PAGE_MAX, Snapshot};
use fieldline_model::change::ReadMark;
use fieldline_model::conversation::{Customer, Preview};
use fieldline_model::{
    Author, Body, Change, Conversation, ConversationId, CustomerId, Me, Message, MessageId, Person, PersonId,
    Record, Role, What,
};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;
use std::time::Instant;

const ROUNDS: usize = 3;
const MANY: usize = 100_000;
const FEW: usize = MANY / 10;

/// Messages of each conversation; with it and the read mark it makes ten changes.
const MESSAGES: i64 = 8;

const TABLES: [&str; 3] = ["conversation", "message", "read_mark"];

/// Measures and notes the figures.
pub fn measure(bench: &mut Bench) {
    let pages = pages(MANY);
    let [mut ours, mut bare, mut ours_few, mut bare_few] = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        let folder = bench.folder();
        let file = |name| folder.path().join(name);
        ours.push(apply(&pages, &file("ours.db")));
        bare.push(insert(&file("ours.db"), &file("bare.db")));
        ours_few.push(apply(&pages[..FEW / PAGE_MAX], &file("ours-few.db")));
        bare_few.push(insert(&file("ours-few.db"), &file("bare-few.db")));
    }
    let mut figure = |what, bound, ours: &[f64], floor: &[f64]| {
        bench.sheet.figure(what, bound, &Rounds { unit: "µs", ours, floor });
    };
    figure("a change, of 100,000 applied / bare insert of its row", Bound::AtMost(2.0), &ours, &bare);
    figure("a change, of 10,000 applied / bare insert of its row", Bound::AtMost(2.0), &ours_few, &bare_few);
    let growth =
        |many: &[f64], few: &[f64]| many.iter().zip(few).map(|(many, few)| many / few).collect::<Vec<_>>();
    let (ours, floor) = (growth(&ours, &ours_few), growth(&bare, &bare_few));
    let rounds = Rounds { unit: "times", ours: &ours, floor: &floor };
    bench.sheet.figure(
        "growth of a change's cost, tenfold / bare insert's growth",
        Bound::AtMost(1.3),
        &rounds,
    );
}

/// A device's file with somebody signed in, and nothing else.
fn fresh(file: &Path) -> Connection {
    let mut conn = Connection::open(file).expect("the file opens");
    schema::prepare(&mut conn).expect("a new schema");
    let me =
        Record::Me(Me { person: me(), workspace: "Nordlys".into(), workspace_id: None, modules: vec![] });
    let records = vec![Change { seq: 1, what: What::Put(me) }];
    let snapshot = Snapshot { epoch: "bench".into(), cursor: 1, at_ms: 1, records };
    cache::replace(&mut conn, snapshot, 1).expect("a snapshot");
    conn
}

/// Applies `pages`; gives microseconds a change.
fn apply(pages: &[ChangesPage], file: &Path) -> f64 {
    let mut conn = fresh(file);
    let began = Instant::now();
    for page in pages {
        cache::apply_page(&mut conn, page, 1).expect("a page applies");
    }
    each(began, pages.len() * PAGE_MAX)
}

/// Puts the rows of the file `of` into a new one; gives microseconds a row.
fn insert(of: &Path, file: &Path) -> f64 {
    let rows = rows(&Connection::open(of).expect("the file opens"));
    let conn = fresh(file);
    let sql = |table: &&str| {
        let width = conn.prepare(&format!("SELECT * FROM {table}")).expect("a table").column_count();
        format!("INSERT INTO {table} VALUES ({})", vec!["?"; width].join(", "))
    };
    let mut inserts: Vec<_> =
        TABLES.iter().map(|table| conn.prepare(&sql(table)).expect("a statement")).collect();
    let began = Instant::now();
    for page in rows.chunks(PAGE_MAX) {
        let work = conn.unchecked_transaction().expect("the file is ours");
        for (_, table, row) in page {
            inserts[*table].execute(params_from_iter(row)).expect("a row");
        }
        work.commit().expect("the disk has room");
    }
    each(began, rows.len())
}

fn each(began: Instant, count: usize) -> f64 {
    super::disk::micros(began.elapsed()) / count as f64
}

/// Every row of the cache with its change's number and its table, in order.
fn rows(conn: &Connection) -> Vec<(i64, usize, Vec<Value>)> {
    let mut rows = Vec::new();
    for (table, name) in TABLES.iter().enumerate() {
        let mut all = conn.prepare(&format!("SELECT seq, * FROM {name}")).expect("a table");
        let width = all.column_count();
        let found = all
            .query_map([], |row| {
                let values = (1..width).map(|i| row.get(i)).collect::<Result<_, _>>()?;
                Ok((row.get(0)?, table, values))
            })
            .expect("rows");
        rows.extend(found.map(|row| row.expect("a row reads")));
    }
    rows.sort_by_key(|row| row.0);
    rows
}

fn me() -> Person {
    Person::new(PersonId::mint(1, [1; 10]), "Ana Lima", Role::Agent)
}

/// The feed of `count` changes, in full pages: what a device gets that was away.
fn pages(count: usize) -> Vec<ChangesPage> {
    let changes: Vec<_> = (0..).flat_map(conversation).take(count).enumerate().collect();
    let page = |page: &[(usize, Record)]| ChangesPage {
        epoch: "bench".into(),
        cursor: page.last().map_or(0, |(i, _)| number(*i)),
        at_ms: 1,
        more: true,
        resync: false,
        changes: page.iter().map(change).collect(),
    };
    changes.chunks(PAGE_MAX).map(page).collect()
}

/// The number of the change at `i`; the first is the signed-in person's own.
fn number(i: usize) -> i64 {
    i as i64 + 2
}

fn change((i, record): &(usize, Record)) -> serde_json::Value {
    let change = Change { seq: number(*i), what: What::Put(record.clone()) };
    serde_json::to_value(change).expect("plain records write as JSON")
}

/// One conversation, every second one ended, with its messages and how far it was read.
fn conversation(number: i64) -> Vec<Record> {
    let (me, at_ms) = (me().card(), 1_772_438_400_000 + number * 60_000);
    let random = |n: i64| -> [u8; 10] {
        // Knuth's multiplicative hashing: spread like dice, and the same at each run.
        let spread = ((number * 100 + n) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        std::array::from_fn(|i| spread[i % 8])
    };
    let customer = CustomerId::mint(at_ms, random(90));
    let customer = Customer { id: customer, name: Some(format!("Customer {number}")), phone: None };
    let mut it = Conversation::begun(ConversationId::mint(at_ms, random(91)), customer, at_ms);
    it.pick(&me).expect("it waits");
    let mut messages = Vec::new();
    for n in 1..=MESSAGES {
        let author = if n % 2 == 1 { Author::Customer } else { Author::Person(me.clone()) };
        let text =
            format!("The valve is behind the panel on the left; turn it {n} times until the light is green.");
        it.said(Preview {
            author: author.clone(),
            text: text.clone(),
            photos: 0,
            location: false,
            at_ms,
            deleted: false,
        });
        messages.push(Record::Message(Box::new(Message {
            id: MessageId::mint(at_ms + n, random(n)),
            place: it.id.into(),
            n,
            author,
            at_ms: at_ms + n,
            written_at_ms: at_ms + n,
            body: Body::said(text),
            deleted: false,
        })));
    }
    it.last_n = MESSAGES;
    if number % 2 == 1 {
        it.end(&me, at_ms).expect("it is open");
    }
    let read = ReadMark { place: it.id.into(), person: me.id, n: MESSAGES, sound: None };
    let mut records = vec![Record::Conversation(Box::new(it))];
    records.extend(messages);
    records.push(Record::Read(read));
    records
}
