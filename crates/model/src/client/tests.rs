use super::*;
use crate::intent::Intent;
use crate::message::Event;
use crate::{Change, File, Member, Person};
use uuid::Uuid;

fn card(n: u128) -> PersonCard {
    PersonCard { id: PersonId(Uuid::from_u128(n)), name: format!("P{n}") }
}

fn said() -> Message {
    let file = File {
        name: "a.jpg".into(),
        kind: FileType::Jpeg,
        size_bytes: 4711,
        width: 3,
        height: 2,
        taken_at: Some("2026-03-02T09:15:00".into()),
    };
    let quote = Quote {
        message: MessageId(Uuid::from_u128(8)),
        n: 1,
        author: Author::Person(card(1)),
        text: "Hei".into(),
        photos: 0,
        location: false,
        deleted: false,
    };
    Message {
        id: MessageId(Uuid::from_u128(7)),
        place: PlaceId(Uuid::from_u128(9)),
        n: 2,
        author: Author::Person(card(1)),
        at_ms: 5,
        written_at_ms: 4711,
        body: Body::Said {
            text: "@P2 here".into(),
            files: vec![file],
            location: None,
            reply_to: Some(Box::new(quote)),
            mentions: vec![crate::Mention { person: card(2).id, at: 0, chars: 3 }],
        },
        deleted: false,
    }
}

fn group() -> Group {
    let member = |n, client, from_n| Member { person: card(n), client, from_n, disabled: false };
    Group {
        id: GroupId(Uuid::from_u128(9)),
        name: Some("Roof".into()),
        direct: false,
        members: vec![member(1, false, 6), member(2, true, 3)],
        owner: card(1).id,
        made_at_ms: 5,
        last_n: 7,
    }
}

/// A client's device is the same core: it reads their types as it reads the staff's.
#[test]
fn what_a_client_is_told_reads_as_the_record_of_that_name() {
    let kim = card(2).id;
    let mut person = Person::new(kim, "Kim", Role::Client);
    person.phone = Some("+4790012345".into());
    let me = Me { person, workspace: "Nordlys".into(), workspace_id: None, modules: vec![] };
    let records = [
        Record::Me(me),
        Record::Policy(Policy::default()),
        Record::Group(Box::new(group())),
        Record::Message(Box::new(said())),
        Record::Read(ReadMark {
            place: PlaceId(Uuid::from_u128(9)),
            person: kim,
            n: 3,
            sound: Some(crate::SoundLevel::None),
        }),
    ];
    for record in records {
        let name = record.name();
        let what = ClientWhat::of(What::Put(record), kim).expect("a client's");
        let json = serde_json::to_string(&ClientChange { seq: 5, what }).unwrap();
        for staffs in ["4711", "taken_at", "+47", "size_bytes", "written_at"] {
            assert!(!json.contains(staffs), "{staffs} in {json}");
        }
        let read: Change = serde_json::from_str(&json).unwrap();
        assert_eq!(read.seq, 5);
        let What::Put(read) = read.what else { panic!("{json}") };
        assert_eq!(read.name().kind, name.kind);
    }
    let left = What::Left(group_name().into());
    let what = ClientWhat::of(left.clone(), kim).unwrap();
    let json = serde_json::to_string(&ClientChange { seq: 6, what }).unwrap();
    assert_eq!(serde_json::from_str::<Change>(&json).unwrap(), Change { seq: 6, what: left });
}

fn group_name() -> crate::RecordRef {
    crate::RecordRef { kind: RecordKind::Group, id: Uuid::from_u128(9) }
}

#[test]
fn how_far_back_others_read_is_theirs() {
    let it = ClientGroup::of(group(), card(2).id);
    assert_eq!(it.members.iter().map(|m| m.from_n).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn what_is_staffs_cannot_be_told() {
    let kim = card(2).id;
    let person = Record::Person(Person::new(card(1).id, "Ana", Role::Agent));
    assert_eq!(ClientWhat::of(What::Put(person), kim), None);
    let mut of_conversation = said();
    of_conversation.body = Body::Happened { event: Event::Picked };
    assert_eq!(ClientMessage::of(of_conversation), None);
    let of_customer = Message { author: Author::Customer, ..said() };
    assert_eq!(ClientMessage::of(of_customer), None);
    let name = crate::RecordRef { kind: RecordKind::Person, id: Uuid::from_u128(1) };
    assert_eq!(ClientWhat::of(What::Left(name.into()), kim), None);
}

#[test]
fn a_client_asks_in_the_same_bytes_and_for_nothing_else() {
    let id = "00000000-0000-7000-8000-000000000001";
    let intent = |ask: &str| {
        serde_json::from_str::<ClientIntent>(&format!(r#"{{"id":"{id}","written_at_ms":1,"ask":{ask}}}"#))
    };
    for mine in [
        format!(r#"{{"kind":"send","place":"{id}","text":"Hei"}}"#),
        format!(r#"{{"kind":"read","place":"{id}","n":3}}"#),
        format!(r#"{{"kind":"delete","place":"{id}","message":"{id}"}}"#),
        format!(r#"{{"kind":"leave","group":"{id}"}}"#),
        format!(r#"{{"kind":"sound","place":"{id}","sound":"none"}}"#),
    ] {
        let json = format!(r#"{{"id":"{id}","written_at_ms":1,"ask":{mine}}}"#);
        assert_eq!(Intent::from(intent(&mine).unwrap()), serde_json::from_str::<Intent>(&json).unwrap());
    }
    for staffs in [
        format!(r#"{{"kind":"pick","conversation":"{id}"}}"#),
        format!(r#"{{"kind":"start","group":"{id}","people":["{id}"]}}"#),
        format!(r#"{{"kind":"members","group":"{id}","add":["{id}"]}}"#),
        format!(r#"{{"kind":"rename","group":"{id}","name":"x"}}"#),
    ] {
        assert!(intent(&staffs).is_err(), "{staffs}");
    }
}
