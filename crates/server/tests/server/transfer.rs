//! Handing a conversation on: who may, to whom, and what the others read.

use crate::house::{House, accepted, refused};
use fieldline_model::change::What;
use fieldline_model::public::PublicBody;
use fieldline_model::{Ask, Code, ConversationId, Event, PersonId, Record, Role};

fn transfer(conversation: ConversationId, to: Option<PersonId>, note: &str) -> Ask {
    Ask::Transfer { conversation, to, note: note.into() }
}

#[tokio::test(start_paused = true)]
async fn only_who_has_it_hands_it_on_and_to_staff_alone() {
    let house = House::open();
    let (ana, bo, cy) = (house.agent("Ana").await, house.agent("Bo").await, house.agent("Cy").await);
    let kim = house.person("Kim", Role::Client).await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    assert_eq!(refused(&ana.asks(transfer(it, Some(bo.person.id), "")).await), Code::NotPicked);
    accepted(&ana.picks(it).await);
    assert_eq!(refused(&bo.asks(transfer(it, Some(bo.person.id), "")).await), Code::NotFound);
    assert_eq!(refused(&ana.asks(transfer(it, Some(kim.id), "")).await), Code::NotFound);
    house.server.block(cy.person.id).await.unwrap();
    assert_eq!(refused(&ana.asks(transfer(it, Some(cy.person.id), "")).await), Code::NotFound);
    let long = "a".repeat(10_001);
    assert_eq!(refused(&ana.asks(transfer(it, Some(bo.person.id), &long)).await), Code::TextTooLong);
    assert_eq!(ana.conversations().await[0].agent.as_ref().unwrap().id, ana.person.id, "nothing was done");
    let cursor = house.server.head().await.unwrap();
    let done = ana.asks(transfer(it, Some(bo.person.id), "Wants a refund")).await;
    assert!(matches!(accepted(&done)[..], [ref one] if matches!(one.what, What::Left(_))), "{done:?}");
    let bos = bo.changes(cursor).await;
    let entries = bos.iter().filter(|c| matches!(c.what, What::Put(Record::Message(_)))).count();
    let notes = bos.iter().filter(|c| matches!(c.what, What::Put(Record::Note(_)))).count();
    assert_eq!((entries, notes), (3, 1), "what was said and noted comes with it: {bos:?}");
    let page = rosa.chat(0).await;
    assert_eq!(page.messages.last().unwrap().body, PublicBody::Happened { event: Event::Transferred });
    assert_eq!(page.chat.agent.as_deref(), Some("Bo"));
}

#[tokio::test(start_paused = true)]
async fn who_gets_a_conversation_back_has_still_read_what_they_had_read() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.asks(Ask::Read { place: it.into(), n: 2 }).await);
    accepted(&ana.asks(transfer(it, Some(bo.person.id), "")).await);
    let cursor = house.server.head().await.unwrap();
    accepted(&bo.asks(transfer(it, Some(ana.person.id), "")).await);
    let marks: Vec<_> = ana
        .changes(cursor)
        .await
        .into_iter()
        .filter_map(
            |change| if let What::Put(Record::Read(mark)) = change.what { Some(mark.n) } else { None },
        )
        .collect();
    assert_eq!(marks, [2]);
}
