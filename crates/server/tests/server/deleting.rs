//! Deleting a message of one's own: who may, what is left, and what goes with it.

use crate::house::{Device, House, Page, Uploads, accepted, refused};
use crate::pictures::jpeg;
use axum::body::Body as Bytes;
use fieldline_model::api::BlobProgress;
use fieldline_model::change::What;
use fieldline_model::message::FileRef;
use fieldline_model::public::{PublicBody, PublicMessage};
use fieldline_model::{
    Ask, BlobHash, Body, Change, Code, ConversationId, IntentId, Message, MessageId, Outcome, Record, Send,
};
use http::{Method, StatusCode};

fn delete(place: ConversationId, message: impl Into<MessageId>) -> Ask {
    Ask::Delete { place: place.into(), message: message.into() }
}

/// Sends text with these bytes as its photo; gives the message.
async fn shows(by: &Device, place: ConversationId, text: &str, bytes: &[u8]) -> IntentId {
    by.upload(bytes).await.json::<BlobProgress>().ready.expect("ready");
    let files = vec![FileRef { hash: BlobHash::of(bytes), name: "valve.jpg".into() }];
    let intent = by.mints(Ask::Send(Send { files, ..Send::text(place.into(), text) }));
    accepted(&by.submit(&intent).await);
    intent.id
}

/// Ana has Rosa's conversation.
async fn ana_serves(house: &House) -> (Device, Page, ConversationId) {
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    (ana, rosa, it)
}

fn messages(changes: &[Change]) -> Vec<&Message> {
    let put = |change| match change {
        &Change { what: What::Put(Record::Message(ref it)), .. } => Some(it.as_ref()),
        _ => None,
    };
    changes.iter().filter_map(put).collect()
}

fn nothing_of(body: &PublicBody) -> bool {
    matches!(body, PublicBody::Said { text, files, location: None, reply_to: None, deleted: true }
        if text.is_empty() && files.is_empty())
}

fn photos_on_disk(house: &House, bytes: &[u8]) -> usize {
    let hash = BlobHash::of(bytes).to_string();
    let folder = house.folder.path().join("blobs").join(&hash[..2]);
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter(|file| file.file_name().to_string_lossy().starts_with(&hash)).count()
}

#[tokio::test(start_paused = true)]
async fn of_a_deleted_message_everybody_gets_a_tombstone_and_nobody_its_text_or_photo() {
    let house = House::open();
    let (ana, rosa, it) = ana_serves(&house).await;
    let bytes = jpeg(64, 48);
    let message = shows(&ana, it, "The code is 4711", &bytes).await;
    let shown = rosa.chat(0).await;
    let (feed, page) = (house.server.head().await.unwrap(), shown.cursor);
    let file = |who: &str, form: &str| format!("/v1/{who}messages/{message}/files/0/{form}");
    assert_eq!(ana.get(&file("", "display")).await.status, StatusCode::OK);

    let done = ana.asks(delete(it, message)).await;
    let left = messages(accepted(&done))[0].clone();
    assert_eq!((left.deleted, left.n), (true, 3));
    assert_eq!(left.body, Body::said(String::new()));
    let changes = ana.changes(feed).await;
    assert_eq!(messages(&changes), [&left]);
    let last = ana.conversations().await[0].last.clone().unwrap();
    assert_eq!((last.deleted, last.text.as_str(), last.photos), (true, "", 0));

    for form in ["thumb", "display", "original"] {
        assert_eq!(ana.get(&file("", form)).await.status, StatusCode::NOT_FOUND, "{form}");
    }
    let customers = rosa.call(Method::GET, &file("customer/", "display"), Bytes::empty()).await;
    assert_eq!(customers.status, StatusCode::NOT_FOUND);
    let news = rosa.chat(page).await;
    assert_eq!((news.messages.len(), &news.deleted[..]), (0, &[MessageId::from(message)][..]));
    assert!(news.cursor > page && rosa.chat(news.cursor).await.deleted.is_empty());
    let all: Vec<PublicMessage> = rosa.chat(0).await.messages;
    assert!(nothing_of(&all[2].body), "{all:?}");
    assert_eq!(all[2].public_seq, shown.messages[2].public_seq, "its place stays");
}

#[tokio::test(start_paused = true)]
async fn only_ones_own_message_is_deleted_and_a_repeat_changes_nothing() {
    let house = House::open();
    let (ana, rosa, it) = ana_serves(&house).await;
    let bo = house.agent("Bo").await;
    let theirs = rosa.chat(0).await.messages[0].id;
    let picked = rosa.chat(0).await.messages[1].id;
    let mine = ana.mints(crate::house::says(it, "One moment"));
    accepted(&ana.submit(&mine).await);
    for (which, why) in [(theirs, "the customer's"), (picked, "an event")] {
        assert_eq!(refused(&ana.asks(delete(it, which)).await), Code::NotPermitted, "{why}");
    }
    assert_eq!(refused(&bo.asks(delete(it, mine.id)).await), Code::NotFound);
    assert_eq!(refused(&ana.asks(delete(it, IntentId::mint(1, [7; 10]))).await), Code::NotFound);
    accepted(&ana.ends(it).await);
    let intent = ana.mints(delete(it, mine.id));
    accepted(&ana.submit(&intent).await);
    let before = (house.server.head().await.unwrap(), rosa.chat(0).await);
    assert!(matches!(ana.submit(&intent).await, Outcome::Accepted { .. }));
    assert!(matches!(ana.asks(delete(it, mine.id)).await, Outcome::Accepted { .. }));
    assert_eq!((house.server.head().await.unwrap(), rosa.chat(0).await), before);
}

#[tokio::test(start_paused = true)]
async fn a_list_goes_on_showing_what_was_said_after_a_deleted_message() {
    let house = House::open();
    let (ana, rosa, it) = ana_serves(&house).await;
    let mine = ana.mints(crate::house::says(it, "One moment"));
    accepted(&ana.submit(&mine).await);
    rosa.says("Thank you").await;
    accepted(&ana.asks(delete(it, mine.id)).await);
    assert_eq!(ana.conversations().await[0].last.clone().unwrap().text, "Thank you");
}

/// FC2's other end: no bytes stay that nothing names, and none go that something does.
#[tokio::test(start_paused = true)]
async fn the_bytes_of_a_deleted_photo_go_unless_another_message_shows_them() {
    let house = House::open();
    let (ana, rosa, it) = ana_serves(&house).await;
    let (twice, once) = (jpeg(64, 48), jpeg(48, 64));
    let first = shows(&ana, it, "", &twice).await;
    let second = shows(&ana, it, "", &twice).await;
    let third = shows(&ana, it, "", &once).await;
    rosa.upload(&once).await.json::<BlobProgress>().ready.expect("ready");
    accepted(&ana.asks(delete(it, first)).await);
    accepted(&ana.asks(delete(it, third)).await);
    assert_eq!(house.server.collect().await.unwrap(), 0);
    let file = format!("/v1/messages/{second}/files/0/display");
    assert_eq!(ana.get(&file).await.status, StatusCode::OK);
    assert_eq!(photos_on_disk(&house, &once), 3, "Rosa has a claim on them");
    accepted(&ana.asks(delete(it, second)).await);
    assert_eq!(ana.progress(&BlobHash::of(&twice)).await.ready, None);
    assert_eq!((house.server.collect().await.unwrap(), photos_on_disk(&house, &twice)), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn who_brings_the_same_bytes_again_before_they_are_collected_keeps_them() {
    let house = House::open();
    let (ana, _rosa, it) = ana_serves(&house).await;
    let bytes = jpeg(64, 48);
    let first = shows(&ana, it, "", &bytes).await;
    accepted(&ana.asks(delete(it, first)).await);
    let second = shows(&ana, it, "", &bytes).await;
    assert_eq!(house.server.collect().await.unwrap(), 0);
    let file = format!("/v1/messages/{second}/files/0/display");
    assert_eq!(ana.get(&file).await.status, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn who_read_it_as_a_previous_conversation_gets_the_tombstone_too() {
    let house = House::open();
    let (ana, rosa, it) = ana_serves(&house).await;
    let bo = house.agent("Bo").await;
    let mine = ana.mints(crate::house::says(it, "The code is 4711"));
    accepted(&ana.submit(&mine).await);
    accepted(&ana.ends(it).await);
    rosa.says("Hello again").await;
    let newer = bo.only().await;
    accepted(&bo.picks(newer).await);
    let cursor = house.server.head().await.unwrap();
    accepted(&ana.asks(delete(it, mine.id)).await);
    let changes = bo.changes(cursor).await;
    let found = messages(&changes);
    assert_eq!((found.len(), found[0].id, found[0].deleted), (1, mine.id.into(), true));
}

/// Neither of a text of one line nor of one that takes pages of its own.
#[tokio::test(start_paused = true)]
async fn a_deleted_text_is_in_no_byte_of_the_servers_file() {
    let house = House::open();
    let (ana, _rosa, it) = ana_serves(&house).await;
    for text in ["The code is 4711-0815".to_owned(), "The code is 4711-0815. ".repeat(400)] {
        let mine = ana.mints(crate::house::says(it, text.trim_end()));
        accepted(&ana.submit(&mine).await);
        accepted(&ana.asks(delete(it, mine.id)).await);
    }
    let House { server, folder, .. } = house;
    drop((server, ana, _rosa));
    let file = folder.path().join("fieldline.db");
    assert!(!folder.path().join("fieldline.db-wal").exists(), "its log is in it");
    let bytes = std::fs::read(file).unwrap();
    assert!(!bytes.windows(9).any(|part| part == b"4711-0815"));
}
