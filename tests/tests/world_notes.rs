//! Internal notes across devices: offline, refused, and gone with their conversation.

use fieldline_core::view::{BubbleBody, Mark, NoteLine, OutboxKind};
use fieldline_model::Code;
use fieldline_tests::world::{Device, World};

async fn notes(device: &Device, customer: &str) -> Vec<NoteLine> {
    let place = device.with(customer).await;
    device.engine().notes(place).await.expect("notes read").notes
}

fn texts(notes: &[NoteLine]) -> Vec<&str> {
    notes.iter().map(|note| note.text.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_note_written_offline_survives_a_crash_and_reaches_the_other_device_and_no_customer() {
    let world = World::new().await;
    let mut ana = world.agent("Ana").await;
    let second = world.device_of("Ana").await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana, &second]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &second]).await;
    ana.offline();
    ana.notes("Rosa", "Gate code 4711").await.unwrap();
    ana.crashes();
    ana.starts().await;
    let kept = notes(&ana, "Rosa").await;
    assert_eq!((texts(&kept), kept[0].mark), (vec!["Gate code 4711"], Mark::Waiting));
    let thread = ana.thread("Rosa").await;
    assert_eq!((thread.note_count, thread.notes.len()), (1, 1));
    assert!(
        !thread
            .bubbles
            .iter()
            .any(|b| matches!(&b.body, BubbleBody::Said { text, .. } if text.contains("4711")))
    );
    ana.online().await;
    world.settles(&[&ana, &second]).await;
    let there = notes(&second, "Rosa").await;
    assert_eq!((texts(&there), there[0].mark, there[0].mine), (vec!["Gate code 4711"], Mark::Sent, true));
    assert_eq!(notes(&ana, "Rosa").await, there);
    assert_eq!(rosa.texts().await, ["Hello?"]);
    assert_eq!(ana.list(fieldline_core::view::Section::Conversations).await.rows[0].notes, 1);
}

#[tokio::test(start_paused = true)]
async fn a_note_being_written_is_never_the_chats_draft() {
    let world = World::new().await;
    let mut ana = world.agent("Ana").await;
    world.customer(Some("Rosa"), None).await.writes("Hello?").await.unwrap();
    world.settles(&[&ana]).await;
    let place = ana.with("Rosa").await;
    ana.engine().save_note_draft(place, "She owes".into()).await.unwrap();
    ana.crashes();
    ana.starts().await;
    assert_eq!(ana.engine().notes(place).await.unwrap().draft, "She owes");
    assert_eq!(ana.thread("Rosa").await.draft.text, "");
    ana.notes("Rosa", "She owes us 300").await.unwrap();
    assert_eq!(ana.engine().notes(place).await.unwrap().draft, "");
    assert_eq!(ana.notes("Rosa", " ").await.unwrap_err().code, Code::NoteEmpty);
}

#[tokio::test(start_paused = true)]
async fn a_note_that_lost_its_conversation_is_stuck_and_its_text_is_safe() {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    world.customer(Some("Rosa"), None).await.writes("Hello?").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    bo.notes("Rosa", "Called before").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    bo.offline();
    bo.notes("Rosa", "Call back at six").await.unwrap();
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(texts(&notes(&ana, "Rosa").await), ["Called before"]);
    bo.online().await;
    world.settles(&[&ana, &bo]).await;
    let stuck = bo.engine().outbox().await.unwrap();
    assert_eq!((stuck.len(), stuck[0].kind, stuck[0].mark), (1, OutboxKind::Note, Mark::Stuck));
    assert_eq!(
        (stuck[0].text.as_str(), stuck[0].problem.as_ref().unwrap().code),
        ("Call back at six", Code::NotFound)
    );
    // What was noted went with the conversation.
    let profile = bo.engine().profile().unwrap();
    let left = profile.run(|c| {
        c.query_row("SELECT count(*) FROM note", [], |r| r.get::<_, u32>(0))
            .map_err(fieldline_core::store::problem)
    });
    assert_eq!(left.await, Ok(0));
    assert_eq!(ana.thread("Rosa").await.note_count, 1);
}
