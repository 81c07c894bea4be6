use super::*;
use crate::store::{outbox, pictures, schema};
use fieldline_model::{ConversationId, Event, MessageId, Rendition};
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
    assert!(outbox::mentioned(&it).unwrap().is_empty());
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
