//! Lists by the page, with and without an outbox.

use super::*;
use crate::store::outbox::NewRow;
use crate::store::{facts, schema};
use fieldline_model::api::ChangesPage;
use fieldline_model::{Change, Customer, CustomerId, Intent, IntentId, PersonId, Record, What};
use uuid::Uuid;

fn me() -> PersonCard {
    PersonCard { id: PersonId(Uuid::from_u128(0xf)), name: "Ana".into() }
}

fn id(n: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(n))
}

/// Of every three one waits, one is open and one is ended; some moved at the same moment.
fn with_conversations(many: u128) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::prepare(&mut connection).unwrap();
    let card = r#"{"person":{"id":"00000000-0000-0000-0000-00000000000f","name":"Ana","role":"agent"},"workspace":"N"}"#;
    facts::set(&connection, "me", card).unwrap();
    let change = |n: u128| {
        let customer =
            Customer { id: CustomerId(Uuid::from_u128(n)), name: Some(format!("C{n}")), phone: None };
        let mut it = Conversation::begun(id(n), customer, (n / 2) as i64);
        if !n.is_multiple_of(3) {
            it.pick(&me()).unwrap();
        }
        if n % 3 > 1 {
            it.end(&me(), (n / 2) as i64).unwrap();
        }
        let what = What::Put(Record::Conversation(Box::new(it)));
        serde_json::to_value(Change { seq: n as i64, what }).unwrap()
    };
    let changes = (1..=many).map(change).collect();
    let page = ChangesPage { epoch: "a".into(), cursor: 1, at_ms: 0, more: false, resync: false, changes };
    cache::apply_page(&mut connection, &page, 0).unwrap();
    connection
}

fn asks(connection: &Connection, n: u128, ask: Ask) {
    let intent = Intent { id: IntentId(Uuid::from_u128(900 + n)), written_at_ms: 5, needs: None, ask };
    outbox::add(connection, NewRow { intent: &intent, files: &[], title: "" }).unwrap();
}

fn part(connection: &Connection, section: Section, sort: Sort, page: Page) -> (Vec<PlaceId>, u32) {
    let found = rows(connection, &Wanted { section, sort, search: "", page }).unwrap();
    (found.rows.into_iter().map(|row| row.place).collect(), found.total)
}

const SECTIONS: [Section; 3] = [Section::Picklist, Section::Conversations, Section::History];

#[test]
fn the_pages_of_a_list_are_the_list_also_while_the_outbox_moves_some_of_it() {
    let it = with_conversations(60);
    for moves in [false, true] {
        if moves {
            for n in [3, 9, 30] {
                asks(&it, n, Ask::Pick { conversation: id(n) });
            }
            for n in [4, 31, 58] {
                asks(&it, n, Ask::End { conversation: id(n) });
            }
        }
        let mut all = 0;
        for (section, sort) in
            SECTIONS.into_iter().flat_map(|it| [(it, Sort::Newest), (it, Sort::LongestWaiting)])
        {
            let (whole, total) = part(&it, section, sort, Page::first(100));
            assert_eq!(whole.len(), total as usize);
            all += total;
            for limit in [1, 7] {
                let pages = (0..total).step_by(limit as usize).flat_map(|from| {
                    let (rows, of) = part(&it, section, sort, Page { from, limit });
                    assert_eq!((rows.len(), of), (limit.min(total - from) as usize, total));
                    rows
                });
                assert_eq!(pages.collect::<Vec<_>>(), whole, "{section:?} {sort:?} {limit} {moves}");
            }
            assert_eq!(part(&it, section, sort, Page { from: total, limit: 9 }).0, []);
        }
        assert_eq!(all, 120, "each of the sixty is in one list, and each list was read in two orders");
    }
    let counts = counts(&it).unwrap();
    assert_eq!((counts.picklist, counts.conversations), (17, 20));
}

#[test]
fn a_page_of_a_list_is_found_by_an_index_and_nothing_is_sorted() {
    let it = with_conversations(3);
    for (section, sort) in [
        (Section::Picklist, Sort::Newest),
        (Section::Picklist, Sort::LongestWaiting),
        (Section::Conversations, Sort::Newest),
        (Section::History, Sort::Newest),
    ] {
        let wanted = Wanted { section, sort, search: "", page: Page::first(9) };
        let Plain { filter, table, order, .. } = Plain::of(&wanted, &[], false);
        let sql =
            format!("EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE {filter} ORDER BY {order} LIMIT 9");
        let plan: Vec<String> = it
            .prepare(&sql)
            .and_then(|mut s| {
                s.query_map([me().id.0.to_string(), String::new(), "[]".into()], |r| r.get(3))?.collect()
            })
            .unwrap();
        assert!(plan.len() == 1 && plan[0].contains("INDEX"), "{section:?} {sort:?} {plan:?}");
    }
}

#[test]
fn what_is_unread_is_counted_after_what_was_read_here_or_elsewhere() {
    let it = with_conversations(6);
    for n in 1..=3 {
        it.execute(
            "INSERT INTO message (id, place, n, seq, files, theirs, body) VALUES (?1, ?2, ?3, 1, 0, 1, '{}')",
            params![Uuid::from_u128(n), id(4).0, n as i64],
        )
        .unwrap();
    }
    it.execute("UPDATE conversation SET last_n = 3 WHERE id = ?1", [id(4).0]).unwrap();
    let unread = || {
        let of_row = rows(
            &it,
            &Wanted { section: Section::Conversations, sort: Sort::Newest, search: "", page: Page::first(1) },
        );
        (of_row.unwrap().rows[0].unread, counts(&it).unwrap().unread)
    };
    assert_eq!(unread(), (3, 3));
    it.execute("INSERT INTO read_mark (place, seq, n) VALUES (?1, 1, 1)", [id(4).0]).unwrap();
    assert_eq!(unread(), (2, 2));
    asks(&it, 4, Ask::Read { place: id(4).into(), n: 2 });
    assert_eq!(unread(), (1, 1));
}
