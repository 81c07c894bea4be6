//! Internal notes: who reads them, and that a customer never does.

use crate::house::{Device, House, accepted, refused};
use axum::body::Body;
use fieldline_model::change::What;
use fieldline_model::{Ask, Code, ConversationId, Record, Role};
use http::Method;

fn note(conversation: ConversationId, text: &str) -> Ask {
    Ask::Note { conversation, text: text.into() }
}

/// The texts of the notes in a device's snapshot.
async fn noted(device: &Device) -> Vec<String> {
    let text = |what| match what {
        What::Put(Record::Note(note)) => Some(note.text),
        _ => None,
    };
    device.snapshot().await.records.into_iter().filter_map(|change| text(change.what)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_note_is_read_by_who_sees_the_conversation_and_by_nobody_else() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    // Before picking, too: every agent sees it wait.
    accepted(&bo.asks(note(it, "Rings twice, speaks slowly")).await);
    assert_eq!(noted(&ana).await, ["Rings twice, speaks slowly"]);
    accepted(&ana.picks(it).await);
    assert_eq!(refused(&bo.asks(note(it, "Mine?")).await), Code::NotFound);
    let cursor = house.server.head().await.unwrap();
    accepted(&ana.asks(note(it, "Gate code 4711")).await);
    assert!(bo.changes(cursor).await.is_empty());
    assert_eq!((noted(&bo).await.len(), noted(&ana).await.len()), (0, 2));
    accepted(&ana.ends(it).await);
    accepted(&ana.asks(note(it, "Paid in cash")).await);
    assert_eq!(noted(&ana).await, ["Paid in cash", "Gate code 4711", "Rings twice, speaks slowly"]);
}

#[tokio::test(start_paused = true)]
async fn who_enters_a_conversation_gets_its_notes_with_it() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.asks(note(it, "Gate code 4711")).await);
    accepted(&ana.ends(it).await);
    let root = house.device_of(&house.person("Root", Role::Admin).await).await;
    let bo = house.agent("Bo").await;
    let cursor = house.server.head().await.unwrap();
    // An admin saw it all along; who takes it back from history is in *took part*.
    accepted(&root.asks(Ask::Reopen { conversation: it }).await);
    let got = root.changes(cursor).await;
    assert!(!got.iter().any(|change| matches!(change.what, What::Put(Record::Note(_)))));
    assert!(bo.changes(0).await.iter().all(|change| !matches!(change.what, What::Put(Record::Note(_)))));
    accepted(&root.ends(it).await);
    // A device whose cursor is from before the note was kept.
    assert_eq!(noted(&ana).await, ["Gate code 4711"]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_note_and_one_of_a_megabyte_are_refused_and_a_repeat_adds_nothing() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    assert_eq!(refused(&ana.asks(note(it, " \n")).await), Code::NoteEmpty);
    assert_eq!(refused(&ana.asks(note(it, &"a".repeat(1 << 20))).await), Code::TextTooLong);
    let once = ana.mints(note(it, "Once"));
    let first = ana.submit(&once).await;
    assert_eq!((accepted(&first).len(), ana.submit(&once).await == first), (1, true));
    assert_eq!(noted(&ana).await, ["Once"]);
}

/// Everything a customer is told in a world where notes are kept, or minted and not kept.
async fn told(kept: bool) -> Vec<(String, Vec<u8>)> {
    let house = House::open();
    let (ana, rosa) = (house.agent("Ana").await, house.customer("Rosa").await);
    let mut told = Vec::new();
    let mut hear =
        |reply: crate::house::Reply| told.push((format!("{:?}", reply.headers), reply.bytes.to_vec()));
    hear(rosa.says("Hello?").await);
    let it = ana.only().await;
    let notes = ["Owes us 300", "Do not mention the recall", "Ok"];
    for (i, text) in notes.into_iter().enumerate() {
        let intent = ana.mints(note(it, text));
        if kept {
            accepted(&ana.submit(&intent).await);
        }
        match i {
            0 => drop(accepted(&ana.picks(it).await)),
            1 => drop(accepted(&ana.says(it, "Hi Rosa").await)),
            _ => drop(accepted(&ana.ends(it).await)),
        }
        for path in ["/v1/customer/chat", "/v1/customer/chat?after=1", "/v1/customer/chat?after=99"] {
            hear(rosa.call(Method::GET, path, Body::empty()).await);
        }
    }
    hear(rosa.says("Thanks").await);
    hear(rosa.call(Method::GET, &format!("/v1/customer/messages/{it}/files/0/thumb"), Body::empty()).await);
    told
}

/// FD7, I15: two worlds that differ only in notes.
#[tokio::test(start_paused = true)]
async fn a_customer_is_told_the_same_bytes_with_notes_and_without() {
    let (with, without) = (told(true).await, told(false).await);
    assert_eq!(with.len(), 12);
    assert_eq!(with, without);
}
