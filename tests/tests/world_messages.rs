//! Answering a message, finding one, and canned replies, across devices and without signal.

use fieldline_core::view::{BubbleBody, Page, PictureOf, QuoteLine, RowHit, Section, Sort};
use fieldline_model::public::PublicBody;
use fieldline_model::{BlobHash, Canned};
use fieldline_tests::world::{Device, World, hours, photo, public_transcript, transcript};

async fn answers(device: &Device, text: &str) {
    let thread = device.thread("Rosa").await;
    let is_it = |b: &&fieldline_core::view::Bubble| matches!(&b.body, BubbleBody::Said { text: said, .. } if said == text);
    let to = thread.bubbles.iter().rfind(is_it).expect("such a message").id;
    device.engine().set_reply(thread.place, Some(to)).await.unwrap();
}

async fn quote_of(device: &Device, text: &str) -> Option<QuoteLine> {
    let said = |b: fieldline_core::view::Bubble| match b.body {
        BubbleBody::Said { text: said, reply, .. } if said == text => Some(reply.map(|quote| *quote)),
        _ => None,
    };
    device.thread("Rosa").await.bubbles.into_iter().find_map(said).expect("such a message")
}

async fn hit(device: &Device, section: Section, word: &str) -> Option<RowHit> {
    let rows = device.engine().rows(section, Sort::Newest, word.into(), Page::first(9)).await.unwrap();
    rows.rows.into_iter().next().and_then(|row| row.hit)
}

#[tokio::test(start_paused = true)]
async fn an_answer_begun_offline_survives_a_kill_and_reaches_everybody_with_its_quote() {
    let world = World::new().await;
    let (mut ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    let second = world.device_of("Ana").await;
    ana.offline();
    answers(&ana, "Is this the part?").await;
    ana.crashes();
    ana.starts().await;
    let draft = ana.thread("Rosa").await.draft.reply.expect("the draft still answers it");
    assert_eq!((draft.author.as_str(), draft.text.as_str(), draft.n), ("Rosa", "Is this the part?", Some(1)));
    ana.sends("Rosa", "Yes, that one").await.unwrap();
    assert_eq!(quote_of(&ana, "Yes, that one").await.unwrap().text, "Is this the part?");
    assert_eq!(ana.thread("Rosa").await.draft.reply, None, "the next message answers nothing");
    ana.online().await;
    world.settles(&[&ana, &second]).await;
    let quote = quote_of(&second, "Yes, that one").await;
    assert_eq!(quote, quote_of(&ana, "Yes, that one").await);
    assert_eq!(quote.unwrap().n, Some(1));
    let page = public_transcript(&rosa.page().await);
    assert!(page.ends_with("Ana: [re You: Is this the part?] Yes, that one\n"), "{page}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_goes_back_to_the_draft_still_answers_and_a_deleted_message_is_quoted_as_such() {
    let world = World::new().await;
    let (ana, _rosa) = world.ana_serves_rosa("Is this the part?").await;
    ana.sends("Rosa", "The code is 4711").await.unwrap();
    world.settles(&[&ana]).await;
    ana.offline();
    answers(&ana, "The code is 4711").await;
    ana.sends("Rosa", "As I wrote").await.unwrap();
    let row = ana.engine().outbox().await.unwrap().remove(0);
    ana.engine().discard(row.intent, true).await.unwrap();
    let thread = ana.thread("Rosa").await;
    assert_eq!((thread.draft.text.as_str(), thread.draft.reply.is_some()), ("As I wrote", true));
    ana.online().await;
    ana.deletes("Rosa", "The code is 4711").await.unwrap();
    ana.sends("Rosa", "As I wrote").await.unwrap();
    world.settles(&[&ana]).await;
    let quote = quote_of(&ana, "As I wrote").await.unwrap();
    assert_eq!((quote.deleted, quote.text.as_str(), quote.author.as_str()), (true, "", "Ana"));
    assert!(!ana.mentions("4711").await);
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_quotes_is_fetched_by_its_number_when_it_is_far_above() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    for i in 0..200 {
        rosa.writes(&format!("and number {i}")).await.unwrap();
        if i % 50 == 49 {
            world.after(hours(1)).await;
        }
    }
    world.settles(&[&ana]).await;
    let late = world.device_of("Ana").await;
    world.settles(&[&late]).await;
    let place = late.with("Rosa").await;
    let shown = async |until| {
        let thread = late.engine().thread_until(place, until, 60).await.unwrap();
        thread.bubbles.iter().any(|b| b.n == Some(1) && !matches!(b.body, BubbleBody::Hole { .. }))
    };
    assert!(!shown(30).await, "it is not on this device");
    assert!(late.engine().fetch_at(place, 1).await.unwrap());
    assert!(shown(30).await);
    // What lies between is a hole, and is fetched as ever.
    while late.engine().older(place).await.unwrap() {}
    assert_eq!(transcript(&late.thread("Rosa").await), transcript(&ana.thread("Rosa").await));
}

#[tokio::test(start_paused = true)]
async fn a_search_tells_the_message_that_has_the_words_and_where_it_is() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    ana.sends("Rosa", "Please close the red valve").await.unwrap();
    world.settles(&[&ana]).await;
    rosa.writes("Thank you").await.unwrap();
    world.settles(&[&ana]).await;
    let found = hit(&ana, Section::Conversations, "red val").await.expect("a hit");
    assert_eq!((found.n, found.text.as_str()), (3, "Please close the red valve"));
    assert_eq!(found.author, fieldline_core::view::PreviewBy::You);
    assert_eq!(hit(&ana, Section::Conversations, "rosa").await, None, "the name is no message");
    assert_eq!(hit(&ana, Section::Conversations, "").await, None);
    ana.offline();
    ana.deletes("Rosa", "Please close the red valve").await.unwrap();
    assert_eq!(hit(&ana, Section::Conversations, "red val").await, None);
    let rows = ana
        .engine()
        .rows(Section::Conversations, Sort::Newest, "red val".into(), Page::first(9))
        .await
        .unwrap();
    assert!(rows.rows.is_empty());
}

#[tokio::test(start_paused = true)]
async fn canned_replies_are_on_the_device_also_without_signal() {
    let world = World::new().await;
    let mut ana = world.agent("Ana").await;
    let shortcuts = async |ana: &Device| -> Vec<String> {
        let all: Vec<Canned> = ana.engine().canned().await.unwrap();
        all.into_iter().map(|it| it.shortcut).collect()
    };
    world.server.set_canned("hours", "Monday to Friday").await.unwrap();
    world.server.set_canned("hello", "Hello {name}").await.unwrap();
    world.settles(&[&ana]).await;
    ana.offline();
    ana.crashes();
    ana.starts().await;
    assert_eq!(shortcuts(&ana).await, ["hello", "hours"]);
    world.server.remove_canned("hours").await.unwrap();
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(shortcuts(&ana).await, ["hello"]);
}

/// A photo that was cut or turned stands where it stood, and its original is not sent.
#[tokio::test(start_paused = true)]
async fn an_edited_photo_takes_the_place_of_its_original_in_the_draft() {
    let world = World::new().await;
    let (mut ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    ana.offline();
    let place = ana.with("Rosa").await;
    for n in 0..10 {
        ana.engine().attach(place, "part.png".into(), photo(n, 40).into()).await.unwrap();
    }
    let hash = |n| BlobHash::of(&photo(n, 40));
    let instead =
        |of, with| ana.engine().attach_instead(place, Some(of), "cut.png".into(), photo(with, 40).into());
    // A full draft has room for it, and one that is there twice is one.
    instead(hash(3), 50).await.unwrap();
    instead(hash(5), 6).await.unwrap();
    let draft = instead(hash(99), 7).await.unwrap();
    let there: Vec<_> = draft.files.iter().map(|file| file.hash.clone()).collect();
    assert_eq!(there, [0, 1, 2, 50, 4, 6, 7, 8, 9].map(hash));
    ana.crashes();
    ana.starts().await;
    ana.sends("Rosa", "like this").await.unwrap();
    ana.online().await;
    world.settles(&[&ana]).await;
    let page = rosa.page().await;
    let PublicBody::Said { files, .. } = &page.messages.last().unwrap().body else { panic!("a message") };
    assert_eq!(files.len(), 9);
}

/// Of a chain only the first row's photos came back.
#[tokio::test(start_paused = true)]
async fn a_reopening_that_is_taken_back_gives_back_every_text_and_photo_that_needed_it() {
    let world = World::new().await;
    let (ana, _rosa) = world.ana_serves_rosa("Is this the part?").await;
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    ana.offline();
    ana.reopens("Rosa").await.unwrap();
    ana.sends_photo("Rosa", "This one?", photo(1, 40)).await.unwrap();
    ana.sends_photo("Rosa", "Or that?", photo(2, 40)).await.unwrap();
    let first = ana.engine().outbox().await.unwrap().into_iter().next().unwrap();
    ana.engine().discard(first.intent, true).await.unwrap();
    assert!(ana.engine().outbox().await.unwrap().is_empty());
    let draft = ana.thread("Rosa").await.draft;
    assert_eq!((draft.text.as_str(), draft.files.len()), ("This one?\nOr that?", 2));
    for file in &draft.files {
        let there = ana.engine().picture(PictureOf::Blob { hash: file.hash.clone() }).await;
        assert!(there.is_ok(), "{there:?}");
    }
}

/// The words of messages were found without their accents, and names were not.
#[tokio::test(start_paused = true)]
async fn a_name_is_found_without_its_accents_as_a_word_is() {
    let world = World::new().await;
    let ana = world.agent("Ana").await;
    let customer = world.customer(Some("José Ångström"), None).await;
    customer.writes("Buenos días").await.unwrap();
    world.settles(&[&ana]).await;
    for typed in ["jose", "JOSÉ", "ang", "jose\u{301} å", "dias"] {
        let found =
            ana.engine().rows(Section::Picklist, Sort::Newest, typed.into(), Page::first(9)).await.unwrap();
        assert_eq!((found.rows.len(), found.total), (1, 1), "{typed}");
    }
    // Also of one that the outbox is about to move.
    ana.offline();
    ana.picks("José Ångström").await.unwrap();
    let found = ana
        .engine()
        .rows(Section::Conversations, Sort::Newest, "angstrom".into(), Page::first(9))
        .await
        .unwrap();
    assert_eq!(found.rows.len(), 1);
}
