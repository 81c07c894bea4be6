//! A device whose storage breaks: its person loses nothing that still reads, is told
//! once, and goes on.

use fieldline_core::store::Disk;
use fieldline_core::store::problem;
use fieldline_core::view::{Door, Mended, Page, Section, Sort};
use fieldline_model::{Code, Problem};
use fieldline_tests::world::{Customer, Device, World, minutes, photo};
use std::path::PathBuf;

/// Ana serves Rosa, and has one message without signal and one draft.
async fn ana_with_unsent_work(world: &World) -> (Device, Customer) {
    let ana = world.agent("Ana").await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    ana.offline();
    ana.sends_photo("Rosa", "Is it this one?", photo(1, 100)).await.unwrap();
    let place = ana.with("Rosa").await;
    ana.engine().save_draft(place, "Half a sen".into()).await.unwrap();
    (ana, rosa)
}

/// Does `sql` to the device's file, as damage would.
async fn damage(device: &Device, sql: &'static str) {
    let profile = device.engine().profile().unwrap();
    profile.run(move |c| c.execute_batch(sql).map_err(problem)).await.unwrap();
}

/// Every file in which the rows of a profile of this device are.
fn databases(device: &Device) -> Vec<PathBuf> {
    let is_one = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("p-") && name.ends_with(".db")
    };
    device.files().into_iter().filter(is_one).collect()
}

async fn nothing_is_lost(world: &World, ana: &Device, rosa: &Customer) {
    ana.online().await;
    world.settles(&[ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "Is it this one?"]);
    assert_eq!(ana.names(Section::Conversations).await, ["Rosa"]);
    let thread = ana.thread("Rosa").await;
    assert_eq!(thread.draft.text, "Half a sen");
    assert_eq!(thread.bubbles.len(), 3);
}

/// FC6: damage that is met while the app runs.
#[tokio::test(start_paused = true)]
async fn a_page_that_stops_reading_is_mended_while_the_app_runs() {
    let world = World::new().await;
    let (ana, rosa) = ana_with_unsent_work(&world).await;
    let place = ana.with("Rosa").await;
    damage(&ana, "UPDATE message SET body = '{\"id\":'").await;
    assert_eq!(ana.engine().thread(place, 50).await.unwrap_err().code, Code::StorageDamaged);
    // Nothing is taken in that the fresh file would not have.
    let refused = ana.engine().save_draft(place, "Half a sentence".into()).await;
    assert_eq!(refused, Err(Problem::new(Code::StorageDamaged)));
    world.after(std::time::Duration::from_secs(1)).await;
    let nothing = Mended { lost: 0, at_least: false };
    assert_eq!(ana.engine().status().await.unwrap().mended, Some(nothing));
    nothing_is_lost(&world, &ana, &rosa).await;
    ana.engine().mended_seen().await.unwrap();
    assert_eq!(ana.engine().status().await.unwrap().mended, None);
}

/// FC6: damage that is there when the app starts; the photo of an unsent message
/// stays although the rows that mention it may be lost.
#[tokio::test(start_paused = true)]
async fn a_file_cut_off_between_two_starts_is_mended_at_the_next() {
    let world = World::new().await;
    let (mut ana, rosa) = ana_with_unsent_work(&world).await;
    ana.crashes();
    let file = databases(&ana).pop().expect("a profile");
    // The last page holds cache alone: what was read last.
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 4096]).unwrap();
    ana.starts().await;
    assert!(ana.engine().status().await.unwrap().mended.is_some());
    nothing_is_lost(&world, &ana, &rosa).await;
}

/// FD5, FC6: neither from the file that was kept aside, nor from the one in use.
#[tokio::test(start_paused = true)]
async fn nothing_of_a_blocked_person_comes_back_after_their_file_was_mended() {
    let world = World::new().await;
    let (mut ana, _rosa) = ana_with_unsent_work(&world).await;
    let place = ana.with("Rosa").await;
    damage(&ana, "UPDATE message SET body = '{\"id\":'").await;
    assert!(ana.engine().thread(place, 50).await.is_err());
    world.after(minutes(1)).await;
    assert_eq!(ana.engine().status().await.unwrap().mended, Some(Mended { lost: 0, at_least: false }));
    let who = world.server.person_of("ana").await.unwrap().unwrap();
    world.server.block(who.id).await.unwrap();
    ana.online().await;
    world.after(minutes(1)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignInAgain);
    assert_eq!(databases(&ana).len(), 1);
    ana.crashes();
    ana.starts().await;
    assert!(ana.engine().outbox().await.unwrap().is_empty());
    assert_eq!(ana.names(Section::Conversations).await, [] as [String; 0]);
    // Nor is there a draft to ask about.
    assert_eq!(ana.engine().sign_out(false).await.unwrap().door, Door::SignedOut);
}

/// FC4: no room for one more message: it stays in the box, nothing is half written,
/// everything still reads, and it goes when there is room.
#[tokio::test(start_paused = true)]
async fn a_message_there_is_no_room_for_stays_in_the_box() {
    let world = World::new().await;
    let (ana, rosa) = ana_with_unsent_work(&world).await;
    damage(&ana, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let pages = "SELECT page_count FROM pragma_page_count";
    let profile = ana.engine().profile().unwrap();
    let room = move |sql: String| {
        let profile = profile.clone();
        async move {
            let done = profile.run(move |c| c.query_row(&sql, [], |r| r.get::<_, i64>(0)).map_err(problem));
            done.await.unwrap()
        }
    };
    let now = room(pages.into()).await;
    room(format!("PRAGMA max_page_count = {now}")).await;
    let long = "x".repeat(3_000);
    let mut sent = 0;
    let refused = loop {
        match ana.sends("Rosa", &long).await {
            Ok(()) => sent += 1,
            Err(problem) => break problem,
        }
    };
    assert_eq!(refused.code, Code::StorageFull);
    let outbox = ana.engine().outbox().await.unwrap();
    assert_eq!(outbox.iter().filter(|row| row.text == long).count(), sent);
    assert_eq!(ana.names(Section::Conversations).await, ["Rosa"]);
    room("PRAGMA max_page_count = 100000".into()).await;
    ana.sends("Rosa", "Room again").await.unwrap();
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await.last().unwrap(), "Room again");
}

/// FC7: a second app on the same files is told so, and sends nothing.
#[tokio::test(start_paused = true)]
async fn a_second_app_on_one_profile_is_refused() {
    let world = World::new().await;
    let mut ana = world.agent("Ana").await;
    let folder = ana.files()[0].parent().unwrap().to_owned();
    assert_eq!(Disk::open(&folder).await.err(), Some(Code::InUse.into()));
    ana.crashes();
    assert!(Disk::open(&folder).await.is_ok());
}

/// The words of any message find its conversation, without signal.
#[tokio::test(start_paused = true)]
async fn a_list_is_searched_by_what_was_said_in_it_without_signal() {
    let world = World::new().await;
    let (ana, rosa) = ana_with_unsent_work(&world).await;
    ana.online().await;
    rosa.writes("It is the blue gasket").await.unwrap();
    rosa.writes("Never mind").await.unwrap();
    world.settles(&[&ana]).await;
    ana.offline();
    for (typed, found) in [("gask", 1), ("blue gasket", 1), ("BLUE", 1), ("green gasket", 0), ("rosa", 1)] {
        let rows = ana
            .engine()
            .rows(Section::Conversations, Sort::Newest, typed.into(), Page::first(50))
            .await
            .unwrap();
        assert_eq!((rows.rows.len(), rows.total), (found, found as u32), "{typed}");
    }
}
