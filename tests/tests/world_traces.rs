//! What is left of what was deleted, and of a person who was blocked: nothing, in no table and
//! in no byte of the device's files.

use fieldline_core::view::Door;
use fieldline_model::admin::people::EditPerson;
use fieldline_model::admin::trail::{CustomersSearch, Erase};
use fieldline_model::{AdminAnswer, AdminAsk, Code, Location, Ready, Role};
use fieldline_tests::world::{Device, World, minutes, photo};

/// Whether these bytes stand anywhere in the device's databases.
fn in_files(device: &Device, what: &str) -> bool {
    device.files().iter().filter(|path| path.is_file()).any(|path| {
        let bytes = std::fs::read(path).expect("a file reads");
        bytes.windows(what.len()).any(|part| part == what.as_bytes())
    })
}

async fn empties_its_log(device: &Device) {
    let profile = device.engine().profile().unwrap();
    let empties = |c: &mut rusqlite::Connection| {
        c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(fieldline_core::store::problem)
    };
    profile.run(empties).await.unwrap();
}

/// A text of one line, and one that takes pages of its own.
#[tokio::test(start_paused = true)]
async fn a_deleted_message_is_in_no_byte_of_a_devices_file() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let second = world.device_of("Ana").await;
    for text in ["The code is 4711-0815".to_owned(), "The code is 4711-0815. ".repeat(400)] {
        let text = text.trim_end();
        ana.sends("Rosa", text).await.unwrap();
        world.settles(&[&ana, &second]).await;
        for device in [&ana, &second] {
            empties_its_log(device).await;
            assert!(in_files(device, "4711-0815"));
        }
        ana.deletes("Rosa", text).await.unwrap();
        world.settles(&[&ana, &second]).await;
        // The list's preview is the next message's.
        rosa.writes("Thank you").await.unwrap();
        world.settles(&[&ana, &second]).await;
        for device in [&ana, &second] {
            empties_its_log(device).await;
            assert!(!in_files(device, "4711-0815"), "{}", text.len());
        }
    }
}

/// FD5: the screen of somebody who is blocked is still open, and goes on to keep what it has.
#[tokio::test(start_paused = true)]
async fn nothing_that_a_screen_still_writes_is_kept_once_its_person_is_blocked() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    rosa.writes("My number is 4711-0815").await.unwrap();
    world.settles(&[&ana]).await;
    let place = ana.with("Rosa").await;
    let intent = ana.engine().profile().unwrap().clock.random();
    let id = || fieldline_model::IntentId::mint(1, intent);
    let who = world.server.person_of("ana").await.unwrap().unwrap();
    world.server.block(who.id).await.unwrap();
    world.after(minutes(2)).await;
    let it = ana.engine();
    assert_eq!(it.status().await.unwrap().door, Door::SignInAgain);
    assert!(!in_files(&ana, "4711-0815"));
    let location =
        Location { latitude: 1.0, longitude: 2.0, accuracy_m: None, fixed_at_ms: None, label: None };
    let told = [
        it.save_draft(place, "Half a sentence".into()).await.unwrap_err(),
        it.save_note_draft(place, "Half a sentence".into()).await.unwrap_err(),
        it.set_location(place, Some(location)).await.unwrap_err(),
        it.attach(place, "part.png".into(), photo(1, 40).into()).await.unwrap_err(),
        it.set_availability(id(), Ready::Available).await.unwrap_err(),
        it.send(id(), place, "A whole sentence".into()).await.unwrap_err(),
        it.read(place, 9).await.unwrap_err(),
    ];
    assert!(told.iter().all(|problem| problem.code == Code::Blocked), "{told:?}");
    assert!(it.outbox().await.unwrap().is_empty());
    for word in ["sentence", "available", "part.png"] {
        assert!(!ana.mentions(word).await, "{word}");
    }
    let profile = it.profile().unwrap();
    assert!(profile.blobs.names().await.unwrap().is_empty());
}

/// What was sent before the conversation was handed on, what waits to be sent and what is
/// half-written are the customer's too.
#[tokio::test(start_paused = true)]
async fn a_customer_an_admin_erased_is_in_no_byte_of_any_device() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let (second, root, bo) =
        (world.device_of("Ana").await, world.agent("Root").await, world.agent("Bo").await);
    rosa.writes(&"The code is 4711-0815. ".repeat(400)).await.unwrap();
    ana.sends("Rosa", "4711-0815, thank you").await.unwrap();
    ana.notes("Rosa", "Gate 4711-0815").await.unwrap();
    let place = ana.with("Rosa").await;
    ana.engine().attach(place, "gate.png".into(), photo(1, 40).into()).await.unwrap();
    ana.sends("Rosa", "A photo of it").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    ana.transfers("Rosa", Some("Bo"), "").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    bo.sends("Rosa", "4711-0815, I have it").await.unwrap();
    let admin = world.server.person_of("root").await.unwrap().unwrap();
    let promote = EditPerson { role: Some(Role::Admin), ..EditPerson::of(admin.id) };
    world.server.admin(AdminAsk::EditPerson(promote)).await.unwrap();
    let all = [&ana, &second, &root, &bo];
    world.settles(&all).await;
    for device in [&root, &bo] {
        empties_its_log(device).await;
        assert!(in_files(device, "4711-0815"), "also an admin's, who came to be one a moment ago");
    }
    for away in [&second, &bo] {
        away.offline();
    }
    bo.sends("Rosa", "4711-0815 once more").await.unwrap();
    bo.engine().save_draft(place, "And 4711".into()).await.unwrap();
    bo.engine().attach(place, "gate.png".into(), photo(2, 40).into()).await.unwrap();
    bo.engine().save_note_draft(place, "4711-0815?".into()).await.unwrap();
    let found = root.engine().admin(AdminAsk::Customers(CustomersSearch::default())).await.unwrap();
    let AdminAnswer::Customers(page) = found else { panic!("customers") };
    let customer = page.customers[0].id;
    let erase = |name: &str| AdminAsk::Erase(Erase { customer, name: name.into() });
    assert_eq!(ana.engine().admin(erase("Rosa")).await.unwrap_err().code, Code::NotPermitted);
    assert_eq!(root.engine().admin(erase("Rosa")).await.unwrap(), AdminAnswer::Done);
    for away in [&second, &bo] {
        away.online().await;
    }
    world.settles(&all).await;
    for device in all {
        for said in ["4711", "Rosa", "gate.png"] {
            assert!(!device.mentions(said).await, "{said}");
        }
        empties_its_log(device).await;
        assert!(!in_files(device, "4711-0815"));
        assert!(device.engine().profile().unwrap().blobs.names().await.unwrap().is_empty());
    }
    // A screen that is still open keeps nothing of them.
    let late = bo.engine().save_draft(place, "And 4711".into()).await;
    assert_eq!(late.unwrap_err().code, Code::NotFound);
    assert!(bo.engine().outbox().await.unwrap().is_empty());
}
