//! Lists of message threads by the page, with and without an outbox.

use super::*;
use crate::store::outbox::NewRow;
use crate::store::{facts, schema};
use fieldline_model::api::ChangesPage;
use fieldline_model::{
    Ask, Change, GroupId, Intent, IntentId, Member, MessageId, PersonCard, Record, Send, SoundLevel, What,
};
use uuid::Uuid;

fn card(n: u128, name: impl Into<String>) -> PersonCard {
    PersonCard { id: PersonId(Uuid::from_u128(n)), name: name.into() }
}

fn place(n: u128) -> PlaceId {
    PlaceId(Uuid::from_u128(n))
}

/// Of every three one is direct, one among colleagues and one with a client; two of each
/// moved at the same moment.
fn thread(n: u128) -> Group {
    let member =
        |n, name: String, client| Member { person: card(n, name), client, from_n: 1, disabled: false };
    let mut members = vec![member(0xf, "Ana".into(), false), member(0xe, "Bo".into(), false)];
    if !n.is_multiple_of(3) {
        members.push(member(1000 + n, format!("Renée {n}"), n % 3 == 2));
    }
    let (direct, owner) = (members.len() == 2, card(0xf, "").id);
    Group {
        id: GroupId(Uuid::from_u128(n)),
        name: None,
        direct,
        members,
        owner,
        made_at_ms: (n / 2) as i64,
        last_n: 1,
    }
}

fn said(n: u128) -> Message {
    Message {
        id: MessageId(Uuid::from_u128(5000 + n)),
        place: place(n),
        n: 1,
        author: Author::Person(card(0xe, "Bo")),
        at_ms: (n / 2) as i64,
        written_at_ms: 0,
        body: Body::said(format!("the valve {n}")),
        deleted: false,
    }
}

fn with_threads(many: u128) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::prepare(&mut connection).unwrap();
    let me = r#"{"person":{"id":"00000000-0000-0000-0000-00000000000f","name":"Ana","role":"agent"},"workspace":"N"}"#;
    facts::set(&connection, "me", me).unwrap();
    let put = |seq: u128, record| {
        serde_json::to_value(Change { seq: seq as i64, what: What::Put(record) }).unwrap()
    };
    let groups = (1..=many).map(|n| put(n, Record::Group(Box::new(thread(n)))));
    let messages = (1..=many).map(|n| put(many + n, Record::Message(Box::new(said(n)))));
    let changes = groups.chain(messages).collect();
    let page = ChangesPage { epoch: "a".into(), cursor: 1, at_ms: 0, more: false, resync: false, changes };
    cache::apply_page(&mut connection, &page, 0).unwrap();
    connection
}

fn asks(connection: &Connection, n: u128, ask: Ask) {
    let intent =
        Intent { id: IntentId(Uuid::from_u128(900 + n)), written_at_ms: 500 - n as i64, needs: None, ask };
    outbox::add(connection, NewRow { intent: &intent, files: &[], title: "" }).unwrap();
}

fn part(connection: &Connection, tab: GroupTab, search: &str, page: Page) -> Groups {
    list(connection, &Wanted { tab, search, page }).unwrap()
}

const TABS: [GroupTab; 4] = [GroupTab::All, GroupTab::Internal, GroupTab::Customers, GroupTab::Groups];

#[test]
fn the_pages_of_a_list_of_threads_are_the_list_also_while_the_outbox_has_some_of_it() {
    let it = with_threads(60);
    for asked in [false, true] {
        if asked {
            // One is moved to its head, one changes its tab, one is left, one only read.
            asks(&it, 1, Ask::Send(Send::text(place(7), "Hi")));
            let (add, remove) = (vec![], vec![card(1020, "").id]);
            asks(&it, 2, Ask::Members { group: place(20).into(), add, remove, history: Default::default() });
            asks(&it, 3, Ask::Leave { group: place(22).into() });
            asks(&it, 4, Ask::Read { place: place(30), n: 1 });
        }
        for tab in TABS {
            for search in ["", "renee 2", "valve"] {
                let whole = part(&it, tab, search, Page::first(500));
                let mut rows = Vec::new();
                while rows.len() < whole.rows.len() {
                    let page = part(&it, tab, search, Page { from: rows.len() as u32, limit: 7 });
                    assert_eq!((page.total, page.unread), (whole.total, whole.unread));
                    assert!(!page.rows.is_empty());
                    rows.extend(page.rows);
                }
                assert_eq!(rows, whole.rows, "{tab:?} {search} {asked}");
                assert_eq!(whole.total as usize, whole.rows.len());
                assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse((row.at_ms, row.place))));
            }
        }
    }
    let all = part(&it, GroupTab::All, "", Page::first(500));
    assert_eq!((all.total, all.rows[0].place), (59, place(7)), "one is left, and one was moved");
    assert_eq!(part(&it, GroupTab::Customers, "", Page::first(1)).total, 19, "one has no client any more");
}

#[test]
fn unread_messages_are_counted_by_tab_but_for_what_is_muted_or_read_here() {
    let it = with_threads(9);
    let count = || {
        let unread = part(&it, GroupTab::All, "", Page::first(0)).unread;
        (unread.all, unread.internal, unread.customers, unread.groups)
    };
    assert_eq!(count(), (9, 6, 3, 6));
    asks(&it, 1, Ask::Read { place: place(3), n: 1 });
    asks(&it, 2, Ask::Sound { place: place(2), sound: Some(SoundLevel::None) });
    assert_eq!(count(), (7, 5, 2, 5));
    let muted = "INSERT INTO read_mark (place, seq, n, sound) VALUES (?1, 99, 0, '\"none\"')";
    it.execute(muted, [place(4).0]).unwrap();
    assert_eq!((count(), unread(&it).unwrap()), ((6, 4, 2, 4), 6));
}

/// A search by one's own name would find every thread.
#[test]
fn a_thread_is_found_by_its_name_and_by_the_others_in_it() {
    let it = with_threads(9);
    let found = |search| part(&it, GroupTab::All, search, Page::first(50)).total;
    assert_eq!((found("BO"), found("renée 4"), found("ana"), found("valve 5")), (9, 1, 0, 1));
}
