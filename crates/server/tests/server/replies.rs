//! Answering a message: what is quoted, to whom, and what goes with what it quotes.

use crate::house::{Device, House, Page, accepted, refused, says};
use fieldline_model::change::What;
use fieldline_model::public::{PublicAuthor, PublicBody, PublicQuote};
use fieldline_model::{Ask, Author, Change, Code, ConversationId, Intent, Message, MessageId, Record, Send};

fn reply(place: ConversationId, text: &str, to: MessageId) -> Ask {
    Ask::Send(Send { reply_to: Some(to), ..Send::text(place.into(), text) })
}

/// Ana has Rosa's conversation and answered its first message; gives that and the answer.
async fn ana_answers(house: &House) -> (Device, Page, ConversationId, MessageId, Intent) {
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says(&format!("Is this the part? {}", "x".repeat(200))).await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let first = rosa.chat(0).await.messages[0].id;
    let answer = ana.mints(reply(it, "Yes", first));
    accepted(&ana.submit(&answer).await);
    (ana, rosa, it, first, answer)
}

fn message(changes: &[Change], which: MessageId) -> Message {
    let put = |change: &Change| match &change.what {
        What::Put(Record::Message(it)) if it.id == which => Some(it.as_ref().clone()),
        _ => None,
    };
    changes.iter().find_map(put).expect("the message is among them")
}

async fn public_quote(rosa: &Page, which: MessageId) -> PublicQuote {
    let page = rosa.chat(0).await;
    let entry = page.messages.into_iter().find(|entry| entry.id == which).expect("it is there");
    let PublicBody::Said { reply_to: Some(quote), .. } = entry.body else { panic!("no quote") };
    *quote
}

#[tokio::test(start_paused = true)]
async fn an_answer_quotes_its_message_to_staff_and_customer_alike() {
    let house = House::open();
    let (ana, rosa, _it, first, answer) = ana_answers(&house).await;
    let sent = message(&ana.changes(0).await, answer.id.into());
    let quote = sent.reply_to().expect("a quote");
    assert_eq!((quote.message, quote.n, &quote.author), (first, 1, &Author::Customer));
    assert!(quote.text.starts_with("Is this the part?") && quote.text.chars().count() == 140);
    let shown = public_quote(&rosa, answer.id.into()).await;
    assert_eq!((shown.message, shown.author, shown.deleted), (first, PublicAuthor::You, false));
}

#[tokio::test(start_paused = true)]
async fn only_a_message_of_the_same_place_is_answered() {
    let house = House::open();
    let (ana, rosa, it, _first, _answer) = ana_answers(&house).await;
    let kim = house.customer("Kim").await;
    kim.says("Hello?").await;
    let others = kim.chat(0).await.messages[0].id;
    let picked = rosa.chat(0).await.messages[1].id;
    for which in [others, picked, MessageId::mint(1, [9; 10])] {
        assert_eq!(refused(&ana.asks(reply(it, "Yes", which)).await), Code::NotFound);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deleted_message_is_gone_from_its_answers_too() {
    let house = House::open();
    let (ana, rosa, it, _first, _answer) = ana_answers(&house).await;
    let mine = ana.mints(says(it, "The code is 4711"));
    accepted(&ana.submit(&mine).await);
    let answer = ana.mints(reply(it, "As I wrote", mine.id.into()));
    accepted(&ana.submit(&answer).await);
    let cursor = house.server.head().await.unwrap();
    accepted(&ana.asks(Ask::Delete { place: it.into(), message: mine.id.into() }).await);
    let sent = message(&ana.changes(cursor).await, answer.id.into());
    let quote = sent.reply_to().expect("a quote");
    assert_eq!((quote.deleted, quote.text.as_str()), (true, ""));
    let shown = public_quote(&rosa, answer.id.into()).await;
    assert_eq!((shown.deleted, shown.text.as_str()), (true, ""));
    let page = ana.get(&format!("/v1/conversations/{it}/messages")).await;
    assert!(!String::from_utf8_lossy(&page.bytes).contains("4711"));
    // Answering what is deleted quotes that it was.
    let late = ana.mints(reply(it, "Never mind", mine.id.into()));
    accepted(&ana.submit(&late).await);
    assert!(public_quote(&rosa, late.id.into()).await.deleted);
}
