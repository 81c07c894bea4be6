use super::*;
use crate::store::{files, outbox, pictures, schema, search};
use fieldline_model::{Author, Body, ConversationId, Event, Message, MessageId, Rendition};
use uuid::Uuid;

fn store() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::prepare(&mut connection).unwrap();
    connection
}

fn entry(id: u128, n: i64) -> Record {
    Record::Message(Box::new(Message {
        id: MessageId(Uuid::from_u128(id)),
        place: ConversationId(Uuid::from_u128(1)).into(),
        n,
        author: Author::Customer,
        at_ms: 5,
        written_at_ms: 5,
        body: Body::Happened { event: Event::Ended },
        deleted: false,
    }))
}

fn page(cursor: i64, records: Vec<(i64, Record)>) -> ChangesPage {
    let change = |(seq, record)| serde_json::to_value(Change { seq, what: What::Put(record) }).unwrap();
    let changes = records.into_iter().map(change).collect();
    ChangesPage { epoch: "a".into(), cursor, at_ms: 0, more: false, resync: false, changes }
}

fn snapshot(epoch: &str) -> Snapshot {
    Snapshot { epoch: epoch.into(), cursor: 1, at_ms: 0, records: Vec::new() }
}

#[test]
fn two_entries_with_one_number_hold_up_nothing_and_the_newer_stays() {
    for seqs in [(5, 6), (6, 5)] {
        let mut it = store();
        let records = vec![(seqs.0, entry(2, 1)), (seqs.1, entry(3, 1)), (7, entry(4, 2))];
        apply_page(&mut it, &page(7, records), 0).unwrap();
        let mut ids = it.prepare("SELECT id FROM message ORDER BY n").unwrap();
        let ids: Vec<Uuid> = ids.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
        let newer = if seqs.1 > seqs.0 { 3 } else { 2 };
        assert_eq!(ids, [Uuid::from_u128(newer), Uuid::from_u128(4)]);
    }
}

#[test]
fn a_snapshot_leaves_no_picture_of_what_it_does_not_hold() {
    let mut it = store();
    apply_page(&mut it, &page(7, vec![(5, entry(2, 1))]), 0).unwrap();
    let picture =
        |id| pictures::Picture { message: MessageId(Uuid::from_u128(id)), i: 0, rendition: Rendition::Thumb };
    assert_eq!(pictures::keep(&it, &picture(2), 9), Ok(true));
    assert_eq!(pictures::keep(&it, &picture(3), 9), Ok(false), "of no message");
    let applied = replace(&mut it, snapshot("a"), 0).unwrap();
    assert_eq!(applied.gone, [picture(2).name()]);
    assert!(files::mentioned(&it).unwrap().is_empty());
}

#[test]
fn an_app_of_another_version_reads_all_anew_and_still_knows_a_restored_server() {
    let mut it = store();
    schema::reread_by(&it, "1").unwrap();
    replace(&mut it, snapshot("a"), 0).unwrap();
    schema::reread_by(&it, "1").unwrap();
    assert_eq!(cursor(&it).unwrap(), Some(("a".into(), 1)));
    let intent: fieldline_model::Intent = serde_json::from_str(
        r#"{"id":"00000000-0000-0000-0000-000000000009","written_at_ms":7,
            "ask":{"kind":"pick","conversation":"00000000-0000-0000-0000-000000000001"}}"#,
    )
    .unwrap();
    outbox::add(&it, outbox::NewRow { intent: &intent, files: &[], title: "" }).unwrap();
    outbox::settle(&it, intent.id.0, 0).unwrap();
    schema::reread_by(&it, "2").unwrap();
    assert_eq!(cursor(&it).unwrap(), None);
    replace(&mut it, snapshot("b"), 0).unwrap();
    assert_eq!(outbox::waiting(&it, 9).unwrap().len(), 1);
}

/// Rule 4: a page that breaks off half-way has moved neither records nor the cursor.
#[test]
fn a_page_and_its_cursor_are_kept_together_or_not_at_all() {
    let mut it = store();
    replace(&mut it, snapshot("a"), 0).unwrap();
    it.execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON message WHEN NEW.n = 2 BEGIN SELECT RAISE(ABORT, 'full'); END;",
    )
    .unwrap();
    let news = page(7, vec![(6, entry(2, 1)), (7, entry(3, 2))]);
    assert!(apply_page(&mut it, &news, 0).is_err());
    let entries = |it: &Connection| it.query_row("SELECT count(*) FROM message", [], |r| r.get::<_, i64>(0));
    assert_eq!((cursor(&it).unwrap(), entries(&it)), (Some(("a".into(), 1)), Ok(0)));
    it.execute_batch("DROP TRIGGER full").unwrap();
    apply_page(&mut it, &news, 0).unwrap();
    assert_eq!((cursor(&it).unwrap(), entries(&it)), (Some(("a".into(), 7)), Ok(2)));
}

/// Found by the property `order`: a mark that comes late is of a place that is not here any more.
#[test]
fn a_read_mark_from_before_its_place_was_left_is_not_kept() {
    let mut it = store();
    let place = PlaceId(Uuid::from_u128(1));
    let name = RecordRef { kind: RecordKind::Conversation, id: place.0 };
    let person = fieldline_model::PersonId(Uuid::from_u128(7));
    let mark = Record::Read(ReadMark { place, person, n: 3, sound: None });
    let changes =
        [Change { seq: 8, what: What::Left(name.into()) }, Change { seq: 6, what: What::Put(mark) }];
    let work = begin(&mut it).unwrap();
    apply(&work, &changes, 0, &mut Applied::default()).unwrap();
    commit(work).unwrap();
    let marks = it.query_row("SELECT count(*) FROM read_mark", [], |r| r.get::<_, i64>(0));
    assert_eq!(marks, Ok(0));
}

fn said(id: u128, n: i64, at_ms: i64, text: &str) -> (i64, Record) {
    let Record::Message(mut it) = entry(id, n) else { unreachable!("an entry is a message") };
    (it.at_ms, it.place) = (at_ms, PlaceId(Uuid::from_u128(id)));
    it.body = Body::said(text);
    (id as i64, Record::Message(it))
}

fn found(it: &Connection, typed: &str) -> Vec<u128> {
    search::hits(it, typed).unwrap().into_iter().map(|hit| hit.place.0.as_u128()).collect()
}

#[test]
fn a_search_finds_whole_words_newest_first_and_then_what_the_last_one_begins() {
    let mut it = store();
    let records = vec![
        said(2, 1, 50, "The red valve leaks"),
        said(3, 1, 90, "a RED pump, señor"),
        said(4, 1, 50, "redder"),
        said(5, 1, 50, "valve"),
    ];
    apply_page(&mut it, &page(7, records), 0).unwrap();
    assert_eq!(found(&it, "red"), [3, 2, 4]);
    assert_eq!(found(&it, "red val"), [2]);
    assert_eq!(found(&it, "valve red"), [2]);
    assert_eq!(found(&it, "val red"), [] as [u128; 0], "only the last word may be unfinished");
    assert_eq!(found(&it, "senor"), [3]);
    assert_eq!(found(&it, "ed"), [] as [u128; 0]);
    assert_eq!(found(&it, "\" OR ("), [] as [u128; 0]);
    // What is said anew is found by its new words, and what left by none.
    let (_, changed) = said(5, 1, 50, "washer");
    apply_page(&mut it, &page(8, vec![(8, changed)]), 0).unwrap();
    assert_eq!((found(&it, "washer"), found(&it, "valve")), (vec![5], vec![2]));
    let name = RecordRef { kind: RecordKind::Conversation, id: Uuid::from_u128(2) };
    let left = serde_json::to_value(Change { seq: 9, what: What::Left(name.into()) }).unwrap();
    let page = ChangesPage { changes: vec![left], ..page(9, vec![]) };
    apply_page(&mut it, &page, 0).unwrap();
    assert_eq!(found(&it, "valve"), [] as [u128; 0]);
    replace(&mut it, snapshot("a"), 0).unwrap();
    assert_eq!(found(&it, "red"), [] as [u128; 0]);
}

/// A million rows would be looked at one by one: what watches a row stands aside, and is
/// there again for what comes.
#[test]
fn a_snapshot_empties_the_cache_at_once_and_the_index_goes_on() {
    let mut it = store();
    apply_page(&mut it, &page(7, vec![said(2, 1, 50, "The red valve")]), 0).unwrap();
    let row_by_row = "CREATE TRIGGER each AFTER DELETE ON message BEGIN SELECT RAISE(ABORT, 'each'); END";
    it.execute_batch(row_by_row).unwrap();
    replace(&mut it, snapshot("a"), 0).unwrap();
    assert_eq!(found(&it, "valve"), [] as [u128; 0]);
    apply_page(&mut it, &page(8, vec![said(2, 1, 50, "A blue valve"), said(3, 1, 60, "valve")]), 0).unwrap();
    assert_eq!((found(&it, "valve"), found(&it, "red")), (vec![3, 2], vec![]));
    assert!(it.execute("DELETE FROM message", []).is_err(), "it watches again");
    it.execute_batch("DROP TRIGGER each; DELETE FROM message").unwrap();
    assert_eq!(found(&it, "valve"), [] as [u128; 0]);
}

#[test]
fn a_search_in_one_place_finds_what_is_said_there_alone_and_no_place_by_its_name() {
    let mut it = store();
    let records =
        vec![said(2, 1, 50, "The red valve leaks"), said(3, 1, 90, "valve"), said(4, 1, 50, "valves")];
    apply_page(&mut it, &page(7, records), 0).unwrap();
    let place = |id: u128| PlaceId(Uuid::from_u128(id));
    let inside = |id: u128, typed: &str| search::hits_in(&it, place(id), typed).unwrap().len();
    assert_eq!([inside(2, "valve"), inside(3, "valve"), inside(3, "red"), inside(4, "val")], [1, 1, 0, 1]);
    let name = place(2).0.simple().to_string();
    assert_eq!((found(&it, &name), inside(2, &name)), (vec![], 0));
}

#[test]
fn what_only_begins_with_the_word_is_found_while_whole_words_leave_room() {
    let mut it = store();
    let records = (100..149).map(|id| said(id, 1, 50, "valve")).chain([said(200, 1, 90, "valves")]);
    apply_page(&mut it, &page(7, records.collect()), 0).unwrap();
    assert_eq!((found(&it, "valve").len(), found(&it, "valve").last()), (50, Some(&200)));
    apply_page(&mut it, &page(8, vec![said(149, 1, 50, "valve")]), 0).unwrap();
    assert_eq!((found(&it, "valve").len(), found(&it, "valve").contains(&200)), (50, false));
    assert_eq!(found(&it, "valv").first(), Some(&200), "half-typed it is a beginning alone");
}

#[test]
fn an_accent_is_found_however_it_is_written() {
    let mut it = store();
    let records = vec![said(2, 1, 50, "Los cafés"), said(3, 1, 90, "los cafe\u{301}s")];
    apply_page(&mut it, &page(7, records), 0).unwrap();
    for typed in ["cafés", "cafe\u{301}s", "cafes", "CAFE\u{301}", "los café"] {
        assert_eq!(found(&it, typed), [3, 2], "{typed}");
    }
}

/// Pictures that were kept first make room; what waits for me stays, and nothing is
/// fetched ahead that there is no room for.
#[test]
fn pictures_make_room_in_the_order_they_were_kept() {
    let mut it = store();
    apply_page(&mut it, &page(7, (2..6).map(|id| said(id, 1, 5, "x")).collect()), 0).unwrap();
    let picture =
        |id| pictures::Picture { message: MessageId(Uuid::from_u128(id)), i: 0, rendition: Rendition::Thumb };
    for id in 2..6 {
        assert_eq!(pictures::keep(&it, &picture(id), 10), Ok(true));
    }
    let me = fieldline_model::PersonId(Uuid::from_u128(7));
    assert_eq!(pictures::make_room(&it, me, 40), Ok(vec![]));
    assert_eq!(pictures::make_room(&it, me, 25), Ok(vec![picture(2).name(), picture(3).name()]));
    assert_eq!(pictures::missing(&it, me, 20), Ok(vec![]), "full");
}
