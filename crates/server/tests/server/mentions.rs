//! Mentions: of members alone, by whoever writes, told to whoever reads.

use crate::house::{Device, House, accepted, refused};
use fieldline_model::change::{Change, What};
use fieldline_model::{
    Ask, Body, Code, GroupId, History, Mention, Message, Module, PersonId, Record, Send, Start,
};
use uuid::Uuid;

fn group() -> GroupId {
    GroupId(Uuid::from_u128(1))
}

/// Ana, who may begin threads, Bo, and Kim, a client.
async fn house() -> (House, Device, Device, Device) {
    let house = House::open();
    let (ana, bo, kim) = (house.agent("Ana").await, house.agent("Bo").await, house.client("Kim").await);
    house.server.grant(ana.person.id, Module::MessagingCompany, true).await.unwrap();
    (house, ana, bo, kim)
}

fn start(people: &[&Device], first: Send) -> Ask {
    let people = people.iter().map(|d| d.person.id).collect();
    Ask::Start(Start { group: group(), people, name: None, first: Some(first) })
}

/// Calls somebody by `@` and their name.
fn calls(who: PersonId, name: &str) -> Send {
    let mention = Mention { person: who, at: 0, chars: name.chars().count() as u32 + 1 };
    Send { mentions: vec![mention], ..Send::text(group().into(), format!("@{name} is it you?")) }
}

fn mentions(changes: &[Change]) -> Vec<Vec<Mention>> {
    let said = |change: &Change| match &change.what {
        What::Put(Record::Message(it)) => match &it.body {
            Body::Said { mentions, .. } => Some(mentions.clone()),
            _ => None,
        },
        _ => None,
    };
    changes.iter().filter_map(said).collect()
}

#[tokio::test(start_paused = true)]
async fn a_mention_comes_with_its_message_to_every_member_client_or_not() {
    let (_house, ana, bo, kim) = house().await;
    let first = calls(kim.person.id, "Kim");
    let all = vec![first.mentions.clone()];
    accepted(&ana.asks(start(&[&bo, &kim], first)).await);
    assert_eq!(mentions(&bo.changes(0).await), all);
    assert_eq!(mentions(&kim.snapshot().await.records), all);
    // A client mentions as well: whoever is in it, a colleague or not.
    accepted(&kim.asks(Ask::Send(calls(bo.person.id, "Bo"))).await);
    assert_eq!(mentions(&bo.changes(0).await)[1][0].person, bo.person.id);
}

/// The refusal says the same of who is nobody, of who is somebody else's, and of who was
/// here: whoever asks learns of nobody by it.
#[tokio::test(start_paused = true)]
async fn whoever_is_not_in_the_thread_is_not_mentioned_and_nothing_is_said_of_them() {
    let (house, ana, bo, kim) = house().await;
    let eva = house.agent("Eva").await;
    accepted(&ana.asks(start(&[&bo, &kim, &eva], Send::text(group().into(), "Hi"))).await);
    let remove =
        Ask::Members { group: group(), add: vec![], remove: vec![eva.person.id], history: History::FromNow };
    accepted(&ana.asks(remove).await);
    let dan = house.agent("Dan").await;
    let nobody = PersonId(Uuid::from_u128(0xdead));
    let before = mentions(&bo.changes(0).await).len();
    for by in [&ana, &kim] {
        for who in [eva.person.id, dan.person.id, nobody] {
            let outcome = by.asks(Ask::Send(calls(who, "You"))).await;
            let said = format!("{outcome:?}");
            assert_eq!(refused(&outcome), Code::NotInThread);
            assert!(said.contains("who: None") && !said.contains("Eva") && !said.contains("Dan"), "{said}");
        }
    }
    assert_eq!(mentions(&bo.changes(0).await).len(), before, "nothing half-said");
    let other = GroupId(Uuid::from_u128(2));
    let first = Send { place: other.into(), ..calls(dan.person.id, "Dan") };
    let people = vec![bo.person.id, kim.person.id];
    let start = Ask::Start(Start { group: other, people, name: None, first: Some(first) });
    assert_eq!(refused(&ana.asks(start).await), Code::NotInThread, "nor by the first message");
    assert_eq!(refused(&bo.asks(Ask::Leave { group: other }).await), Code::NotFound, "nothing half-begun");
}

#[tokio::test(start_paused = true)]
async fn ranges_that_are_not_of_the_text_are_refused() {
    let (_house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(&[&bo, &kim], Send::text(group().into(), "Hi"))).await);
    let mut it = calls(bo.person.id, "Bo");
    for (at, chars) in [(0, 0), (0, 1), (1, 2), (0, 99), (u32::MAX, u32::MAX)] {
        it.mentions[0] = Mention { person: bo.person.id, at, chars };
        assert_eq!(refused(&ana.asks(Ask::Send(it.clone())).await), Code::BadRequest, "{at} {chars}");
    }
}

/// Before a customer nobody is mentioned: their conversation has no members.
#[tokio::test(start_paused = true)]
async fn a_conversation_takes_no_mentions() {
    let (house, ana, bo, _kim) = house().await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let send = Send { place: it.into(), ..calls(bo.person.id, "Bo") };
    assert_eq!(refused(&ana.asks(Ask::Send(send)).await), Code::NotInThread);
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_mention_is_left_when_its_message_is_deleted() {
    let (_house, ana, bo, kim) = house().await;
    let told = ana.asks(start(&[&bo, &kim], calls(bo.person.id, "Bo"))).await;
    let message = accepted(&told)
        .iter()
        .find_map(|c| match &c.what {
            What::Put(Record::Message(it)) if it.n == 2 => Some(Message::clone(it)),
            _ => None,
        })
        .unwrap();
    accepted(&ana.asks(Ask::Delete { place: group().into(), message: message.id }).await);
    assert_eq!(mentions(&kim.snapshot().await.records), [vec![]]);
}
