//! Mentions across devices: who is called, and hears of it.

use fieldline_core::view::{Begin, Mark, OutboxKind, Topic, Typed};
use fieldline_model::{Code, History, Mention, PlaceId, SoundLevel};
use fieldline_tests::world::{Device, golden, office, transcript};

/// What is typed, with the first `@` and somebody's name behind it as their mention.
async fn calling(by: &Device, name: &str, text: &str) -> Typed {
    let called = format!("@{name}");
    let at = text.find(&called).map(|at| text[..at].chars().count() as u32).expect("they are named");
    let chars = called.chars().count() as u32;
    Typed { text: text.into(), mentions: vec![Mention { person: by.contact(name).await, at, chars }] }
}

type Hints = tokio::sync::broadcast::Receiver<Vec<Topic>>;

/// The news of hints: title and loudness.
fn news(hints: &mut Hints) -> Vec<(String, Option<SoundLevel>)> {
    let mut found = Vec::new();
    while let Ok(topics) = hints.try_recv() {
        found.extend(topics.into_iter().filter_map(|topic| match topic {
            Topic::News { title, sound, .. } => Some((title, sound)),
            _ => None,
        }));
    }
    found
}

async fn marked(device: &Device) -> (bool, u32) {
    let row = device.threads().await.rows.remove(0);
    (row.mentioned, row.unread)
}

#[tokio::test(start_paused = true)]
async fn who_is_mentioned_is_told_also_in_a_muted_thread_and_the_row_says_so_until_it_is_read() {
    let (world, ana, bo, cy) = office().await;
    let second = world.device_of("Bo").await;
    let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    world.settles(&[&ana, &bo, &second, &cy]).await;
    bo.engine().read(place, 2).await.unwrap();
    bo.engine().set_sound(bo.next_id(), place, Some(SoundLevel::None)).await.unwrap();
    cy.engine().set_sound(cy.next_id(), place, Some(SoundLevel::None)).await.unwrap();
    world.settles(&[&bo, &second, &cy]).await;
    let mut hints = [&bo, &second, &cy].map(|device| device.engine().subscribe());
    let typed = calling(&ana, "Bo", "🔧 can you look, @Bo?").await;
    ana.engine().send(ana.next_id(), place, typed).await.unwrap();
    world.settles(&[&ana, &bo, &second, &cy]).await;
    for hints in &mut hints[..2] {
        assert_eq!(news(hints), [("@ Ana, Cy".to_owned(), Some(SoundLevel::None))], "told, and no louder");
    }
    assert!(news(&mut hints[2]).is_empty(), "Cy muted it, and is not meant");
    assert_eq!(
        (marked(&bo).await, marked(&second).await, marked(&cy).await),
        ((true, 1), (true, 1), (false, 2))
    );
    golden("mention-who-wrote", &transcript(&ana.at(place).await.unwrap()));
    golden("mention-who-is-meant", &transcript(&bo.at(place).await.unwrap()));
    bo.engine().read(place, 3).await.unwrap();
    assert_eq!(marked(&bo).await, (false, 0), "at once");
    world.settles(&[&bo, &second]).await;
    assert_eq!(marked(&second).await, (false, 0), "and on the other device");
}

/// Without signal: the draft keeps it through a crash, the bubble shows it at once, and it
/// goes out with the first message of a thread as with any other.
#[tokio::test(start_paused = true)]
async fn a_mention_is_kept_by_the_draft_and_sent_from_a_thread_begun_offline() {
    let (world, mut ana, bo, cy) = office().await;
    ana.offline();
    let people = vec![ana.contact("Bo").await, ana.contact("Cy").await];
    let group = PlaceId(ana.next_id().0);
    let text = calling(&ana, "Cy", "Hello @Cy and Bo").await;
    let begin = Begin { group, people, name: None, text };
    let place = ana.engine().start_group(ana.next_id(), begin).await.unwrap();
    let typed = calling(&ana, "Bo", "And @Bo").await;
    ana.engine().save_draft(place, typed.clone()).await.unwrap();
    ana.crashes();
    ana.starts().await;
    let thread = ana.at(place).await.unwrap();
    assert_eq!((&thread.draft.text, &thread.draft.mentions), (&typed.text, &typed.mentions));
    golden("mention-offline", &transcript(&thread));
    ana.engine().send(ana.next_id(), place, typed).await.unwrap();
    assert!(ana.at(place).await.unwrap().draft.mentions.is_empty());
    ana.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    golden("mention-offline-settled", &transcript(&cy.at(place).await.unwrap()));
    assert_eq!((marked(&bo).await, marked(&cy).await), ((true, 2), (true, 2)));
    let row = bo.threads().await.rows.remove(0);
    assert_eq!(row.preview.unwrap().text, "And @Bo", "a preview says the name");
    let found = cy.engine().find(place, "cy".into()).await.unwrap();
    assert_eq!(found.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["Hello @Cy and Bo"]);
}

#[tokio::test(start_paused = true)]
async fn who_was_mentioned_offline_and_taken_out_meanwhile_makes_the_message_come_back_without_it() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    bo.offline();
    let typed = calling(&bo, "Cy", "Ask @Cy").await;
    bo.engine().send(bo.next_id(), place, typed.clone()).await.unwrap();
    ana.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
    world.settles(&[&ana, &cy]).await;
    bo.online().await;
    world.settles(&[&ana, &bo]).await;
    let stuck = bo.unsent().await.remove(0);
    assert_eq!(
        (stuck.mark, stuck.kind, stuck.problem.unwrap().code),
        (Mark::Stuck, OutboxKind::Send, Code::NotInThread)
    );
    let again = bo.engine().send(bo.next_id(), place, typed).await.unwrap_err();
    assert_eq!(again.code, Code::NotInThread, "known here now");
    bo.engine().discard(stuck.intent, true).await.unwrap();
    let draft = bo.at(place).await.unwrap().draft;
    assert_eq!((draft.text.as_str(), draft.mentions.len()), ("Ask @Cy", 0));
    bo.says(place, &draft.text).await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(ana.said(place).await, ["Hi", "Ask @Cy"]);
}

/// Whoever is called keeps being meant: the id goes with the message.
#[tokio::test(start_paused = true)]
async fn a_deleted_mention_marks_no_row() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    let typed = calling(&ana, "Bo", "@Bo?").await;
    let id = ana.next_id();
    ana.engine().send(id, place, typed).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert!(marked(&bo).await.0);
    ana.engine().delete(ana.next_id(), place, id.into()).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert!(!marked(&bo).await.0);
}
