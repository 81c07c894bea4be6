//! Faults that are looked for on purpose: damaged rows, answers of a newer or a
//! lying server, refusals at the worst moment, people who leave.

use fieldline_core::view::{BubbleBody, Door, Mark, OutboxRow, PictureOf, Section};
use fieldline_model::{Code, Ready, Rendition};
use fieldline_tests::world::{Customer, Device, Fate, Said, World, minutes, photo};
use std::time::Duration;

const NOW: Duration = Duration::ZERO;

fn says(status: u16, body: &'static str) -> Fate {
    Fate::Says(Said { after: NOW, status, body })
}

/// Ana has picked the conversations of `names` on the one device there is.
async fn ana_serves(world: &World, names: &[&str]) -> (Device, Vec<Customer>) {
    let ana = world.agent("Ana").await;
    let mut customers = Vec::new();
    for name in names {
        let customer = world.customer(Some(name), None).await;
        customer.writes("Hello?").await.unwrap();
        customers.push(customer);
        world.settles(&[&ana]).await;
        ana.picks(name).await.unwrap();
    }
    world.settles(&[&ana]).await;
    (ana, customers)
}

async fn outbox(device: &Device) -> Vec<OutboxRow> {
    device.engine().outbox().await.expect("the outbox reads")
}

/// Does `sql` to the device's file, as damage would.
async fn damage(device: &Device, sql: &'static str) {
    let profile = device.engine().profile().unwrap();
    let done = profile.run(move |c| c.execute(sql, []).map_err(fieldline_core::store::problem)).await;
    assert_eq!(done, Ok(1));
}

/// FC14: what cannot be read is parked with a reason; the rest goes on.
#[tokio::test(start_paused = true)]
async fn a_row_that_does_not_read_is_parked_and_holds_nothing_up() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa", "Kim"]).await;
    ana.offline();
    for text in ["One", "Two", "Three"] {
        ana.sends("Rosa", text).await.unwrap();
    }
    ana.sends("Kim", "Four").await.unwrap();
    damage(&ana, "UPDATE outbox SET body = '{\"ask\":' WHERE body LIKE '%Two%'").await;
    assert_eq!(ana.names(Section::Conversations).await.len(), 2);
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "One", "Three"]);
    assert_eq!(customers[1].texts().await, ["Hello?", "Four"]);
    let stuck = outbox(&ana).await;
    assert_eq!(stuck.len(), 1);
    assert_eq!((stuck[0].mark, stuck[0].title.as_str()), (Mark::Stuck, "Rosa"));
    assert_eq!(stuck[0].problem.as_ref().unwrap().code, Code::StorageFailed);
    assert_eq!(ana.engine().status().await.unwrap().counts.stuck, 1);
    ana.engine().discard(stuck[0].intent, true).await.unwrap();
    assert!(outbox(&ana).await.is_empty());
}

/// FN9: a newer server refuses for a reason this app has no word for.
#[tokio::test(start_paused = true)]
async fn a_refusal_of_a_newer_server_parks_one_message_and_no_other() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    let refused = r#"{"verdicts":[{"intent":null,
        "outcome":{"outcome":"refused","problem":{"code":"juggled","new":1}}}]}"#;
    ana.net.next("POST /v1/intents", says(200, refused));
    ana.sends("Rosa", "One").await.unwrap();
    world.settles(&[&ana]).await;
    let stuck = outbox(&ana).await;
    assert_eq!(stuck[0].problem.as_ref().unwrap().code, Code::UpdateNeeded);
    ana.sends("Rosa", "Two").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "Two"]);
}

/// FN9: what must be understood and is not pauses everything and keeps it.
#[tokio::test(start_paused = true)]
async fn a_verdict_of_a_newer_server_asks_for_an_update_and_keeps_the_outbox() {
    let world = World::new().await;
    let (ana, _customers) = ana_serves(&world, &["Rosa"]).await;
    let juggled = r#"{"verdicts":[{"intent":null,"outcome":{"outcome":"juggled"}}]}"#;
    ana.net.next("POST /v1/intents", says(200, juggled));
    ana.sends("Rosa", "One").await.unwrap();
    world.after(minutes(1)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::UpdateNeeded);
    assert_eq!(outbox(&ana).await[0].mark, Mark::Waiting);
}

/// A batch that is refused as a whole is taken apart: one poison item stops itself.
#[tokio::test(start_paused = true)]
async fn a_batch_refused_as_a_whole_parks_only_what_is_refused_alone() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    ana.offline();
    for text in ["One", "Two", "Three"] {
        ana.sends("Rosa", text).await.unwrap();
    }
    let refused = r#"{"problem":{"code":"bad_request"}}"#;
    for _ in 0..2 {
        ana.net.next("POST /v1/intents", says(400, refused));
    }
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "Two", "Three"]);
    assert_eq!(outbox(&ana).await[0].text, "One");
}

/// FC14: the file of a photo was cut off on this device.
#[tokio::test(start_paused = true)]
async fn a_photo_that_was_cut_off_on_the_device_is_parked_and_asks_for_nothing_more() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    ana.offline();
    let bytes = photo(1, 200);
    let hash = fieldline_model::BlobHash::of(&bytes);
    ana.sends_photo("Rosa", "Look", bytes.clone()).await.unwrap();
    ana.sends("Rosa", "After").await.unwrap();
    let profile = ana.engine().profile().unwrap();
    profile.blobs.put(hash.as_str(), bytes[..1000].to_vec().into()).await.unwrap();
    let before = ana.net.asked().len();
    ana.online().await;
    world.settles(&[&ana]).await;
    assert!(ana.net.asked().len() - before < 20, "it asked on and on");
    assert_eq!(customers[0].texts().await, ["Hello?", "After"]);
    assert_eq!(outbox(&ana).await[0].problem.as_ref().unwrap().code, Code::FileDamaged);
}

/// A photo the server stumbles over holds its own lane, not everybody's photos.
#[tokio::test(start_paused = true)]
async fn a_photo_the_server_stumbles_over_holds_up_no_other_lane() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa", "Kim"]).await;
    ana.offline();
    let poison = photo(1, 200);
    let path = format!("PUT /v1/blobs/{}", fieldline_model::BlobHash::of(&poison));
    for _ in 0..100 {
        ana.net.next(&path, says(500, "{}"));
    }
    ana.sends_photo("Rosa", "Poison", poison).await.unwrap();
    for n in 0..600 {
        ana.sends("Rosa", &format!("{n}")).await.unwrap();
    }
    ana.sends_photo("Kim", "Good", photo(2, 200)).await.unwrap();
    ana.online().await;
    world.after(minutes(1)).await;
    assert_eq!(customers[1].texts().await, ["Hello?", "Good"]);
    assert_eq!(ana.marks("Rosa").await.last(), Some(&Mark::Waiting));
}

/// What is being submitted may be on the server already: taking it back now would
/// leave it sent and in the draft.
#[tokio::test(start_paused = true)]
async fn a_message_on_its_way_is_not_taken_back() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    let late = Fate::Says(Said { after: Duration::from_secs(5), status: 503, body: "{}" });
    ana.net.next("POST /v1/intents", late);
    ana.sends("Rosa", "One").await.unwrap();
    world.after(Duration::from_secs(1)).await;
    let row = outbox(&ana).await.remove(0);
    assert_eq!(row.mark, Mark::Sending);
    let refused = ana.engine().discard(row.intent, true).await.unwrap_err();
    assert_eq!(refused.code, Code::OnItsWay);
    world.settles(&[&ana]).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "One"]);
    assert_eq!(ana.thread("Rosa").await.draft.text, "");
}

/// The refusal of a session that was renewed meanwhile says nothing about the new one.
#[tokio::test(start_paused = true)]
async fn a_late_refusal_of_the_old_session_does_not_shut_the_new_one_out() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    let late = Fate::Says(Said { after: Duration::from_secs(10), status: 401, body: "{}" });
    ana.net.next("POST /v1/intents", late);
    ana.sends("Rosa", "One").await.unwrap();
    world.after(Duration::from_secs(1)).await;
    ana.signs_in().await;
    world.after(Duration::from_secs(20)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignedIn);
    world.settles(&[&ana]).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "One"]);
}

/// FD5: a blocked person's device keeps nothing of the workspace.
#[tokio::test(start_paused = true)]
async fn a_blocked_person_is_left_nothing_to_read() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    customers[0].says("Look", &[photo(1, 200)], None).await.unwrap();
    world.settles(&[&ana]).await;
    world.after(minutes(1)).await;
    let place = ana.with("Rosa").await;
    ana.engine().save_draft(place, "Half a sen".into()).await.unwrap();
    let who = world.server.person_of("ana").await.unwrap().unwrap();
    world.server.block(who.id).await.unwrap();
    world.after(minutes(2)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignInAgain);
    assert!(ana.names(Section::Conversations).await.is_empty());
    assert_eq!(ana.engine().thread(place, 50).await.unwrap_err().code, Code::NotFound);
    let profile = ana.engine().profile().unwrap();
    assert_eq!(profile.blobs.names().await.unwrap(), Vec::<String>::new());
    drop(profile);
    // And may always leave.
    assert_eq!(ana.engine().sign_out(false).await.unwrap().door, Door::SignedOut);
}

/// FD5: also when the whole cache was on its way while they were blocked.
#[tokio::test(start_paused = true)]
async fn a_snapshot_that_comes_after_the_block_is_not_kept() {
    let world = World::new().await;
    let (ana, _customers) = ana_serves(&world, &["Rosa"]).await;
    ana.engine().sign_out(false).await.unwrap();
    ana.net.next("GET /v1/snapshot", Fate::AnswerLate(Duration::from_secs(10)));
    ana.signs_in().await;
    world.after(Duration::from_secs(1)).await;
    let who = world.server.person_of("ana").await.unwrap().unwrap();
    world.server.block(who.id).await.unwrap();
    // Another request learns of it first.
    ana.is_ready(Ready::Available).await;
    world.after(Duration::from_secs(1)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignInAgain);
    // Nor does anything tell it once more, by which it would be wiped again.
    for _ in 0..100 {
        ana.net.next("GET /v1/live", Fate::RequestLost);
    }
    world.after(minutes(1)).await;
    assert_eq!(ana.names(Section::Conversations).await, [] as [String; 0]);
}

/// FD5: and when it was the answer to a message.
#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_after_the_block_is_not_kept() {
    let world = World::new().await;
    let (ana, _customers) = ana_serves(&world, &["Rosa"]).await;
    ana.net.next("POST /v1/intents", Fate::AnswerLate(Duration::from_secs(20)));
    ana.sends("Rosa", "One").await.unwrap();
    world.after(Duration::from_secs(1)).await;
    let who = world.server.person_of("ana").await.unwrap().unwrap();
    world.server.block(who.id).await.unwrap();
    world.after(Duration::from_secs(10)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignInAgain);
    world.after(minutes(2)).await;
    assert_eq!(ana.names(Section::Conversations).await, [] as [String; 0]);
    let profile = ana.engine().profile().unwrap();
    let kept = profile.run(|c| {
        c.query_row("SELECT count(*) FROM message", [], |r| r.get::<_, i64>(0))
            .map_err(fieldline_core::store::problem)
    });
    assert_eq!(kept.await, Ok(0));
}

/// Their customers do not wait for somebody who will not come.
#[tokio::test(start_paused = true)]
async fn what_a_blocked_agent_had_open_is_in_everybody_elses_picklist() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    let bo = world.agent("Bo").await;
    world.settles(&[&bo]).await;
    assert!(bo.names(Section::Picklist).await.is_empty());
    let who = world.server.person_of("ana").await.unwrap().unwrap();
    world.server.block(who.id).await.unwrap();
    world.settles(&[&bo]).await;
    assert_eq!(bo.names(Section::Picklist).await, ["Rosa"]);
    bo.picks("Rosa").await.unwrap();
    bo.sends("Rosa", "I go on for Ana").await.unwrap();
    world.settles(&[&bo]).await;
    assert_eq!(customers[0].texts().await.last().unwrap(), "I go on for Ana");
    drop(ana);
}

/// FD2: what somebody may no longer see is gone from the device, its pictures too.
#[tokio::test(start_paused = true)]
async fn a_picture_goes_with_the_conversation_that_left() {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.says("Look", &[photo(1, 200)], None).await.unwrap();
    world.settles(&[&ana, &bo]).await;
    world.after(minutes(1)).await;
    let BubbleBody::Said { files, .. } = &ana.thread("Rosa").await.bubbles[0].body else { panic!("said") };
    let thumb = files[0].thumb.clone();
    assert!(matches!(thumb, PictureOf::Message { rendition: Rendition::Thumb, .. }));
    assert!(ana.engine().picture(thumb.clone()).await.is_ok());
    bo.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert!(ana.engine().picture(thumb).await.is_err());
}

/// What was discarded on leaving is gone, also when the app is killed meanwhile.
#[tokio::test(start_paused = true)]
async fn a_kill_while_signing_out_does_not_bring_back_what_was_discarded() {
    let world = World::new().await;
    let (mut ana, customers) = ana_serves(&world, &["Rosa"]).await;
    ana.offline();
    ana.sends("Rosa", "Never mind").await.unwrap();
    ana.net.heal();
    ana.net.next("POST /v1/sign-out", Fate::AnswerLate(minutes(5)));
    let engine = ana.engine().clone();
    tokio::select! {
        _ = engine.sign_out(true) => panic!("it waits for the server"),
        () = world.after(Duration::from_secs(1)) => {}
    }
    drop(engine);
    ana.crashes();
    ana.starts().await;
    ana.signs_in().await;
    world.settles(&[&ana]).await;
    assert_eq!(customers[0].texts().await, ["Hello?"]);
}

/// Nor does what was left undone of it take what came after.
#[tokio::test(start_paused = true)]
async fn signing_out_half_way_takes_nothing_of_who_comes_back() {
    let world = World::new().await;
    let (mut ana, customers) = ana_serves(&world, &["Rosa"]).await;
    ana.offline();
    ana.sends("Rosa", "Never mind").await.unwrap();
    ana.net.heal();
    ana.net.next("POST /v1/sign-out", Fate::AnswerLate(minutes(5)));
    tokio::select! {
        _ = ana.engine().sign_out(true) => panic!("it waits for the server"),
        () = world.after(Duration::from_secs(1)) => {}
    }
    ana.signs_in().await;
    world.settles(&[&ana]).await;
    ana.offline();
    ana.sends("Rosa", "I am back").await.unwrap();
    ana.crashes();
    ana.starts().await;
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "I am back"]);
}

#[tokio::test(start_paused = true)]
async fn signing_out_asks_about_a_draft_and_a_half_written_note() {
    let world = World::new().await;
    let (ana, _customers) = ana_serves(&world, &["Rosa"]).await;
    let place = ana.with("Rosa").await;
    ana.engine().save_draft(place, "Half a sen".into()).await.unwrap();
    let refused = ana.engine().sign_out(false).await.unwrap_err();
    assert_eq!((refused.code, refused.limit), (Code::UnsentWork, Some(1)));
    ana.engine().save_note_draft(place, "Half a no".into()).await.unwrap();
    assert_eq!(ana.engine().sign_out(false).await.unwrap_err().limit, Some(2));
    ana.engine().save_draft(place, " ".into()).await.unwrap();
    assert_eq!(ana.engine().sign_out(false).await.unwrap_err().limit, Some(1));
    ana.engine().save_note_draft(place, "\n".into()).await.unwrap();
    assert_eq!(ana.engine().sign_out(false).await.unwrap().door, Door::SignedOut);
}

/// FC13: thousands of messages go out in order, and no screen is handed them all.
#[tokio::test(start_paused = true)]
async fn thousands_of_messages_without_signal_go_out_in_order() {
    const MANY: usize = 2_000;
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    ana.offline();
    let place = ana.with("Rosa").await;
    let id = |n: usize| fieldline_model::IntentId::mint(1_772_438_500_000 + n as i64, [7; 10]);
    for n in 0..MANY {
        ana.engine().send(id(n), place, format!("{n}").into()).await.unwrap();
    }
    damage(&ana, "UPDATE outbox SET state = 'stuck' WHERE body LIKE '%\"1999\"%'").await;
    assert_eq!(ana.engine().thread(place, 50).await.unwrap().bubbles.len(), 50);
    assert_eq!(ana.list(Section::Conversations).await.rows[0].unsent, MANY as u32);
    assert!(
        outbox(&ana).await.iter().any(|row| row.mark == Mark::Stuck),
        "what needs its person is in sight"
    );
    ana.online().await;
    world.settles(&[&ana]).await;
    let mut after = 0;
    let mut texts = Vec::new();
    while texts.len() < MANY {
        let page = customers[0].page_after(after).await;
        after = page.cursor;
        texts.extend(page.messages.into_iter().filter_map(fieldline_tests::world::text));
        if !page.more {
            break;
        }
    }
    let wanted: Vec<String> =
        ["Hello?".to_owned()].into_iter().chain((0..MANY - 1).map(|n| n.to_string())).collect();
    assert_eq!(texts, wanted);
    let earlier = ana.engine().thread_until(place, 100, 40).await.unwrap();
    let numbers: Vec<_> = earlier.bubbles.iter().filter_map(|bubble| bubble.n).collect();
    assert_eq!(numbers, (61..=100).collect::<Vec<_>>(), "a part of a long thread is read by itself");
    // The very last is the one that is stuck, which has no number.
    let newest = ana.engine().thread(place, 2).await.unwrap();
    assert_eq!(earlier.newer, newest.bubbles[0].n.unwrap_or_default() - 100);
    assert_eq!((earlier.older, newest.newer), (true, 0));
}
