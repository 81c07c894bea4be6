//! Previous conversations: read one by one by who holds one of that customer now.

use crate::house::{Device, House, Page, Uploads, accepted};
use crate::pictures::png;
use fieldline_model::api::{OlderPage, PreviousPage};
use fieldline_model::message::FileRef;
use fieldline_model::{BlobHash, Code, ConversationId, MessageId, Record, Role, What};

/// Bo had Rosa before, with a photo; now she waits again.
struct Back {
    house: House,
    ana: Device,
    bo: Device,
    rosa: Page,
    old: ConversationId,
    photo: MessageId,
}

async fn back() -> Back {
    let house = House::open();
    let (ana, bo, rosa) = (house.agent("Ana").await, house.agent("Bo").await, house.customer("Rosa").await);
    let bytes = png(20, 20);
    rosa.upload(&bytes).await;
    let send = rosa.mints("Look", vec![FileRef { hash: BlobHash::of(&bytes), name: "a.png".into() }]);
    assert!(rosa.sends(&send).await.status.is_success());
    let old = bo.only().await;
    accepted(&bo.picks(old).await);
    accepted(&bo.ends(old).await);
    rosa.says("Again").await;
    Back { house, ana, bo, rosa, old, photo: send.id.into() }
}

fn waiting(all: &[fieldline_model::Conversation]) -> ConversationId {
    all.iter().find(|it| it.state == fieldline_model::State::Waiting).expect("one waits").id
}

/// What `by` is told at each of the ways to the old conversation.
async fn tried(it: &Back, by: &Device, held: ConversationId) -> Vec<Result<(), Code>> {
    let mut told = Vec::new();
    for path in [
        format!("/v1/conversations/{held}/previous"),
        format!("/v1/conversations/{}/messages", it.old),
        format!("/v1/messages/{}/files/0/display", it.photo),
    ] {
        let reply = by.get(&path).await;
        told.push(if reply.status.is_success() { Ok(()) } else { Err(reply.code()) });
    }
    told
}

#[tokio::test(start_paused = true)]
async fn who_holds_one_reads_the_one_before_with_its_photos_and_no_longer_than_that() {
    let it = back().await;
    let now = waiting(&it.ana.conversations().await);
    let gone = Err(Code::NotFound);
    assert_eq!(tried(&it, &it.ana, now).await, [Err(Code::NotPermitted), gone, gone]);
    accepted(&it.ana.picks(now).await);
    assert_eq!(tried(&it, &it.ana, now).await, [Ok(()), Ok(()), Ok(())]);
    let page: PreviousPage = it.ana.get(&format!("/v1/conversations/{now}/previous")).await.json();
    let older: OlderPage = it.ana.get(&format!("/v1/conversations/{}/messages", it.old)).await.json();
    assert_eq!((page.conversation.unwrap().id, page.more, &page.messages), (it.old, false, &older.messages));
    assert_eq!(page.messages.len(), 3);
    let before = format!("/v1/conversations/{now}/previous?before={}", it.old);
    assert_eq!(it.ana.get(&before).await.json::<PreviousPage>().conversation, None);
    accepted(&it.ana.ends(now).await);
    assert_eq!(tried(&it, &it.ana, now).await, [Err(Code::NotPermitted), gone, gone]);
}

#[tokio::test(start_paused = true)]
async fn nobody_else_reads_it_and_no_other_customers_is_reached_through_it() {
    let it = back().await;
    let now = waiting(&it.ana.conversations().await);
    accepted(&it.ana.picks(now).await);
    let eva = it.house.agent("Eva").await;
    let gone = Err(Code::NotFound);
    assert_eq!(tried(&it, &eva, now).await, [gone; 3]);
    // Bo had it: it is his own history, but Rosa is Ana's now.
    assert_eq!(tried(&it, &it.bo, now).await, [gone, Ok(()), Ok(())]);
    let root = it.house.person("Root", Role::Admin).await;
    let root = it.house.device_of(&root).await;
    assert_eq!(tried(&it, &root, now).await, [Ok(()); 3]);
    let tom = it.house.customer("Tom").await;
    tom.says("Hello").await;
    let toms = waiting(&eva.conversations().await);
    let through = it.ana.get(&format!("/v1/conversations/{now}/previous?before={toms}")).await;
    assert_eq!(through.code(), Code::NotFound);
    assert_eq!(
        it.ana.get(&format!("/v1/conversations/{now}/previous?before=x")).await.code(),
        Code::BadRequest
    );
    drop(it.rosa);
}

/// I14: a device asks for it and keeps it as such; the feed brings none of it by itself.
#[tokio::test(start_paused = true)]
async fn what_may_be_read_as_a_previous_conversation_is_no_change_of_who_may_read_it() {
    let it = back().await;
    let now = waiting(&it.ana.conversations().await);
    accepted(&it.ana.picks(now).await);
    let of_old = |change: &fieldline_model::Change| match &change.what {
        What::Put(Record::Message(entry)) => entry.place == it.old.into(),
        _ => false,
    };
    assert!(!it.ana.changes(0).await.iter().any(of_old));
    assert!(it.bo.changes(0).await.iter().any(of_old));
}
