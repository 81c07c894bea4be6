//! How far the members of a group have read, as its staff are told, and the marks of one's own.

use crate::house::{Device, House, accepted};
use crate::told::entries;
use fieldline_model::change::{Change, Seen, What};
use fieldline_model::{Ask, GroupId, History, Module, PlaceId, Record, Send, SoundLevel, Start};
use std::collections::BTreeMap;
use uuid::Uuid;

const GROUP: GroupId = GroupId(Uuid::from_u128(1));

/// Ana, Bo and Cy in a thread; entries 1 and 2 are Ana's.
async fn house() -> (House, Device, Device, Device) {
    let house = House::open();
    let (ana, bo, cy) = (house.agent("Ana").await, house.agent("Bo").await, house.agent("Cy").await);
    house.server.grant(ana.person.id, Module::MessagingCompany, true).await.unwrap();
    accepted(&ana.asks(start(&[&bo, &cy])).await);
    (house, ana, bo, cy)
}

fn start(people: &[&Device]) -> Ask {
    let people = people.iter().map(|d| d.person.id).collect();
    Ask::Start(Start { group: GROUP, people, name: None, first: Some(send("Hi")) })
}

fn send(text: &str) -> Send {
    Send::text(GROUP.into(), text)
}

fn say(text: &str) -> Ask {
    Ask::Send(send(text))
}

fn seen(changes: &[Change]) -> Vec<(i64, Seen)> {
    let put = |change: &Change| match &change.what {
        What::Put(Record::Seen(it)) => Some((change.seq, it.clone())),
        _ => None,
    };
    changes.iter().filter_map(put).collect()
}

fn how_far(changes: &[Change], who: &Device) -> Option<i64> {
    let (_, it) = seen(changes).pop()?;
    it.by.iter().find(|by| by.person == who.person.id).map(|by| by.n)
}

#[tokio::test(start_paused = true)]
async fn who_writes_past_what_others_wrote_is_told_to_have_read_it() {
    let (house, ana, bo, cy) = house().await;
    let cursor = house.server.head().await.unwrap();
    accepted(&bo.asks(say("Here")).await);
    assert_eq!(how_far(&ana.changes(cursor).await, &bo), Some(3));
    let cursor = house.server.head().await.unwrap();
    accepted(&bo.asks(say("And here")).await);
    assert!(seen(&ana.changes(cursor).await).is_empty(), "that they read their own is said by it");
    accepted(&ana.asks(say("Good")).await);
    accepted(&bo.asks(say("Bye")).await);
    assert_eq!(how_far(&cy.changes(cursor).await, &bo), Some(6));
}

#[tokio::test(start_paused = true)]
async fn two_devices_that_have_the_same_number_have_read_the_same() {
    let (house, ana, bo, cy) = house().await;
    let mut known: BTreeMap<i64, Seen> = BTreeMap::new();
    let members = |add: &[&Device], remove: &[&Device]| {
        let ids = |of: &[&Device]| of.iter().map(|d| d.person.id).collect();
        Ask::Members { group: GROUP, add: ids(add), remove: ids(remove), history: History::Everything }
    };
    let place = PlaceId::from(GROUP);
    let steps = [
        (&bo, Ask::Read { place, n: 2 }),
        (&bo, say("1")),
        (&bo, say("2")),
        (&cy, say("3")),
        (&ana, say("4")),
        (&ana, members(&[], &[&cy])),
        (&ana, members(&[&cy], &[])),
        (&bo, Ask::Leave { group: GROUP }),
    ];
    for (i, (who, ask)) in steps.into_iter().enumerate() {
        accepted(&who.asks(ask).await);
        for (seq, it) in seen(&ana.snapshot().await.records) {
            assert_eq!(known.entry(seq).or_insert_with(|| it.clone()), &it, "after step {i}");
        }
    }
    assert!(known.len() > 3);
    let _ = house;
}

#[tokio::test(start_paused = true)]
async fn a_quote_a_client_may_not_read_is_deleted_without_a_number_of_theirs() {
    let (house, ana, bo, _cy) = house().await;
    let kim = house.client("Kim").await;
    let first = entries(&bo.changes(0).await).into_iter().find(|m| m.n == 2).unwrap().id;
    let add =
        Ask::Members { group: GROUP, add: vec![kim.person.id], remove: vec![], history: History::FromNow };
    accepted(&ana.asks(add).await);
    accepted(&bo.asks(Ask::Send(Send { reply_to: Some(first), ..send("Yes") })).await);
    let before = kim.snapshot().await;
    let cursor = house.server.head().await.unwrap();
    accepted(&ana.asks(Ask::Delete { place: GROUP.into(), message: first }).await);
    assert_eq!(kim.snapshot().await, before);
    let told = entries(&bo.changes(cursor).await);
    assert_eq!(told.iter().filter(|m| m.reply_to().is_some_and(|quote| quote.deleted)).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thread_made_loud_again_is_so_on_ones_other_device_also_where_nothing_was_read() {
    let (house, ana, bo, _cy) = house().await;
    let kim = house.client("Kim").await;
    let add =
        Ask::Members { group: GROUP, add: vec![kim.person.id], remove: vec![], history: History::FromNow };
    accepted(&ana.asks(add).await);
    let place = PlaceId::from(GROUP);
    for who in [&bo, &kim] {
        let other = house.device_of(&who.person).await;
        accepted(&who.asks(Ask::Sound { place, sound: Some(SoundLevel::None) }).await);
        let cursor = other.snapshot().await.cursor;
        accepted(&who.asks(Ask::Sound { place, sound: None }).await);
        let marks: Vec<_> = other
            .changes(cursor)
            .await
            .into_iter()
            .filter_map(
                |c| if let What::Put(Record::Read(it)) = c.what { Some((it.n, it.sound)) } else { None },
            )
            .collect();
        assert_eq!(marks, [(0, None)]);
    }
}

/// A device keeps of two answers about a record the one of the higher number: told twice under
/// one, it would keep what the first of a batch made of it.
#[tokio::test(start_paused = true)]
async fn of_a_clients_batch_every_answer_says_of_their_mark_what_the_last_made_of_it() {
    let (house, ana, _, _) = house().await;
    let kim = house.client("Kim").await;
    let (group, history) = (GROUP, History::FromNow);
    accepted(&ana.asks(Ask::Members { group, add: vec![kim.person.id], remove: vec![], history }).await);
    let bodies = ["Here", "And here"].map(|text| serde_json::to_string(&kim.mints(say(text))).unwrap());
    let answers = kim.submits(&bodies).await;
    let mark = |change: &Change| match &change.what {
        What::Put(Record::Read(mark)) => Some((change.seq, mark.n)),
        _ => None,
    };
    let marks: Vec<_> = answers.iter().map(|it| accepted(it).iter().find_map(mark).unwrap()).collect();
    assert_eq!((marks[0], marks[1].1), (marks[1], 5));
}
