//! FC10: a device's files are there twice, or are older than what the server knows of them.
//! FD5: a session that somebody ended.

use fieldline_core::view::{Door, Mark};
use fieldline_model::Code;
use fieldline_tests::world::{Customer, Device, Fate, PASSWORD, World, minutes, photo};
use std::time::Duration;

/// Ana serves Rosa on the one device there is.
async fn ana_serves(world: &World) -> (Device, Customer) {
    let ana = world.agent("Ana").await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    (ana, rosa)
}

/// FC10: a profile that was copied, with everything in it. Whoever connects second is found
/// out, and both must sign in again; then what either asked is there once.
#[tokio::test(start_paused = true)]
async fn a_copied_profile_signs_in_again_on_both_devices_and_loses_and_doubles_nothing() {
    let world = World::new().await;
    let (mut ana, rosa) = ana_serves(&world).await;
    world.settles(&[&ana]).await;
    ana.crashes();
    ana.net.cut();
    ana.starts().await;
    ana.sends_photo("Rosa", "Before the copy", photo(1, 40)).await.unwrap();
    let mut copy = world.copy_of(&ana).await;
    ana.sends("Rosa", "On the first").await.unwrap();
    copy.sends("Rosa", "On the copy").await.unwrap();
    ana.online().await;
    world.settles(&[&ana]).await;
    // What was about to be shown when the copy was made, both show: then the next tells.
    for device in [&copy, &ana, &copy] {
        device.online().await;
        world.after(minutes(1)).await;
    }
    for device in [&mut ana, &mut copy] {
        // Also when it was closed meanwhile.
        device.crashes();
        device.starts().await;
        world.after(minutes(2)).await;
        let status = device.engine().status().await.unwrap();
        assert_eq!((status.door, status.link_problem), (Door::SignInAgain, Some(Code::Copied.into())));
    }
    copy.sends("Rosa", "Nobody is signed in").await.unwrap();
    for device in [&ana, &copy] {
        device.signs_in().await;
    }
    world.settles(&[&ana, &copy]).await;
    let mut texts = rosa.texts().await;
    texts[1..].sort();
    assert_eq!(texts, ["Hello?", "Before the copy", "Nobody is signed in", "On the copy", "On the first"]);
    for device in [&ana, &copy] {
        assert!(device.engine().outbox().await.unwrap().is_empty());
        assert_eq!(device.thread("Rosa").await.bubbles.len(), 6);
    }
    // They are two devices from here on: neither ends the other's session.
    for _ in 0..3 {
        for device in [&ana, &copy] {
            device.offline();
            device.online().await;
        }
        world.settles(&[&ana, &copy]).await;
    }
}

/// FC10: an older copy of a profile is put back where it was, after the device went on.
#[tokio::test(start_paused = true)]
async fn an_old_backup_of_a_profile_signs_in_again_and_sends_nothing_twice() {
    let world = World::new().await;
    let (mut ana, rosa) = ana_serves(&world).await;
    ana.offline();
    ana.sends("Rosa", "Was sent later").await.unwrap();
    let backup = world.copy_of(&ana).await;
    ana.online().await;
    world.settles(&[&ana]).await;
    ana.offline();
    ana.online().await;
    world.settles(&[&ana]).await;
    ana.crashes();
    backup.online().await;
    world.after(minutes(1)).await;
    assert_eq!(backup.engine().status().await.unwrap().door, Door::SignInAgain);
    assert_eq!(
        backup.marks("Rosa").await,
        [Mark::Sent, Mark::Waiting],
        "the pick, and what was not sent then"
    );
    backup.signs_in().await;
    world.settles(&[&backup]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "Was sent later"]);
    assert_eq!(backup.marks("Rosa").await, [Mark::Sent; 2]);
}

/// FC10: who signs out and comes back is another device than a copy that was made before, so
/// neither ends the other's session, and both are listed.
#[tokio::test(start_paused = true)]
async fn a_copy_made_before_a_sign_out_and_its_device_go_on_as_two() {
    let world = World::new().await;
    let (ana, _rosa) = ana_serves(&world).await;
    let copy = world.copy_of(&ana).await;
    ana.engine().sign_out(true).await.unwrap();
    ana.signs_in().await;
    world.settles(&[&ana]).await;
    copy.online().await;
    world.after(minutes(2)).await;
    assert_eq!(copy.engine().status().await.unwrap().door, Door::SignInAgain);
    copy.signs_in().await;
    for _ in 0..3 {
        for device in [&ana, &copy] {
            device.offline();
            device.online().await;
        }
        world.settles(&[&ana, &copy]).await;
    }
}

/// FC10's other side: a device that heard no answer, was killed, or whose request comes late
/// or twice is none that was copied.
#[tokio::test(start_paused = true)]
async fn a_device_on_a_bad_network_is_not_taken_for_a_copy() {
    let world = World::new().await;
    let (mut ana, _) = ana_serves(&world).await;
    let soon = Duration::from_secs(40);
    for fate in [
        Fate::AnswerLost,
        Fate::RequestLost,
        Fate::Doubled,
        Fate::DoubledLate(soon),
        Fate::RequestLate(soon),
        Fate::BodyCut(Duration::ZERO),
    ] {
        for killed in [false, true] {
            ana.net.next("GET /v1/live", fate);
            ana.offline();
            ana.online().await;
            world.after(Duration::from_secs(5)).await;
            if killed {
                ana.crashes();
                ana.starts().await;
            }
            world.after(minutes(2)).await;
            world.settles(&[&ana]).await;
            assert_eq!(ana.engine().status().await.unwrap().door, Door::SignedIn, "{fate:?} {killed}");
        }
    }
}

/// FD5: the session ends between two parts of a photo. What was asked is kept for its person
/// alone, and goes on where it stopped.
#[tokio::test(start_paused = true)]
async fn a_session_that_ends_in_the_middle_of_a_photo_keeps_it_for_the_same_person_alone() {
    let world = World::new().await;
    let (ana, rosa) = ana_serves(&world).await;
    world.agent("Bo").await;
    ana.offline();
    let large = photo(1, 1200);
    assert!(large.len() > 3 << 20, "several parts");
    ana.sends_photo("Rosa", "Is this the part?", large).await.unwrap();
    ana.net.next("PUT /v1/blobs", Fate::Doubled);
    ana.net.next("PUT /v1/blobs", Fate::RequestLate(Duration::from_secs(20)));
    ana.online().await;
    world.after(Duration::from_secs(10)).await;
    assert_eq!(ana.net.asked().iter().filter(|what| what.starts_with("PUT")).count(), 2);
    ana.engine().profile().unwrap().remote().sign_out().await.unwrap();
    world.after(minutes(2)).await;
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignInAgain);
    assert_eq!(ana.marks("Rosa").await, [Mark::Sent, Mark::Waiting]);
    // Somebody else on this device finds nothing of it, and nothing of it goes.
    ana.engine().sign_in("https://desk.test".into(), "bo".into(), PASSWORD.into(), None).await.unwrap();
    world.settles(&[&ana]).await;
    assert!(ana.engine().outbox().await.unwrap().is_empty());
    assert!(!ana.mentions("Is this the part?").await);
    assert_eq!(rosa.texts().await, ["Hello?"]);
    let asked = ana.net.asked().len();
    ana.signs_in().await;
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "Is this the part?"]);
    let first = ana.net.asked()[asked..].iter().find(|what| what.starts_with("PUT")).cloned().unwrap();
    assert!(!first.contains("offset=0&"), "{first}");
}

/// What one does about a lost phone, from the device one has: it is online alone, and at once.
#[tokio::test(start_paused = true)]
async fn a_person_signs_a_lost_device_out_and_changes_their_password_from_the_one_they_have() {
    let world = World::new().await;
    let ana = world.agent("Ana").await;
    let (lost, tablet) = (world.device_of("Ana").await, world.device_of("Ana").await);
    let kim = world.signed_up_client("Kim").await;
    world.settles(&[&ana, &lost, &tablet, &kim]).await;
    let theirs = lost.engine().own_devices().await.unwrap();
    let gone = theirs.iter().find(|one| one.this).unwrap().id;
    assert_eq!((theirs.len(), kim.engine().own_devices().await.unwrap().len()), (3, 1));
    ana.engine().sign_out_device(gone).await.unwrap();
    let again = ana.engine().sign_out_device(gone).await.unwrap_err();
    assert_eq!(again.code, Code::NotFound);
    world.after(minutes(1)).await;
    let door = async |device: &Device| device.engine().status().await.unwrap().door;
    assert_eq!((door(&lost).await, door(&tablet).await), (Door::SignInAgain, Door::SignedIn));
    let change = async |old: &str, new: &str| {
        let done = ana.engine().change_password(old.into(), new.into()).await;
        done.map_err(|problem| problem.code)
    };
    let new = "a green kettle in a valley";
    assert_eq!(change("not this one", new).await, Err(Code::WrongPassword));
    assert_eq!(change(PASSWORD, "short").await, Err(Code::WeakPassword));
    ana.offline();
    assert_eq!(change(PASSWORD, new).await, Err(Code::Unreachable));
    assert_eq!(ana.engine().own_devices().await.unwrap_err().code, Code::Unreachable);
    ana.online().await;
    assert_eq!(change(PASSWORD, new).await, Ok(()));
    world.after(minutes(1)).await;
    assert_eq!((door(&ana).await, door(&tablet).await), (Door::SignedIn, Door::SignInAgain));
    let signs_in = async |password: &str| {
        let done =
            tablet.engine().sign_in("https://desk.test".into(), "ana".into(), password.into(), None).await;
        done.map(|status| status.door).map_err(|problem| problem.code)
    };
    assert_eq!(signs_in(PASSWORD).await, Err(Code::WrongPassword));
    assert_eq!(signs_in(new).await, Ok(Door::SignedIn));
    tablet.engine().sign_out_others().await.unwrap();
    world.after(minutes(1)).await;
    assert_eq!((door(&ana).await, door(&kim).await), (Door::SignInAgain, Door::SignedIn));
}
