//! Where the token of a device's session lies (MASVS STORAGE): in the system's keychain, else in
//! a file for this account alone; in no database.

use fieldline_core::store::facts;
use fieldline_core::view::{Door, Link};
use fieldline_model::Code;
use fieldline_tests::world::{Device, Lock, PASSWORD, World, minutes};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

/// Whether these bytes stand anywhere below a folder.
fn stands(folder: &std::path::Path, what: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder reads").map(|file| file.expect("a file").path()).any(|path| {
        if path.is_dir() {
            return stands(&path, what);
        }
        let bytes = std::fs::read(&path).expect("a file reads");
        bytes.windows(what.len()).any(|part| part == what.as_bytes())
    })
}

fn is_on_disk(device: &Device, token: &str) -> bool {
    device.files().iter().any(|path| path.parent().is_some_and(|folder| stands(folder, token)))
}

fn in_keychain(device: &Device) -> Vec<String> {
    device.keychain.as_ref().expect("a keychain").secrets().into_values().collect()
}

fn in_file(device: &Device) -> Option<String> {
    device.token_file().map(|file| std::fs::read_to_string(file).expect("it reads"))
}

async fn standing(device: &Device) -> (Door, Option<Code>) {
    let status = device.engine().status().await.unwrap();
    (status.door, status.link_problem.map(|problem| problem.code))
}

/// Ana, signed in on a device with a keychain.
async fn ana(world: &World) -> Device {
    drop(world.agent("Ana").await);
    let ana = world.device_with_a_keychain("Ana").await;
    ana.signs_in().await;
    world.settles(&[&ana]).await;
    ana
}

#[tokio::test(start_paused = true)]
async fn a_sessions_token_is_in_the_keychain_and_in_no_file() {
    let world = World::new().await;
    let mut ana = ana(&world).await;
    let [token] = &in_keychain(&ana)[..] else { panic!("one entry") };
    assert!(!is_on_disk(&ana, token));
    ana.crashes();
    ana.starts().await;
    world.settles(&[&ana]).await;
    assert_eq!(standing(&ana).await, (Door::SignedIn, None));
}

#[tokio::test(start_paused = true)]
async fn without_a_keychain_a_token_is_in_a_file_and_a_folder_of_this_account_alone() {
    let world = World::new().await;
    let ana = world.agent("Ana").await;
    let file = ana.token_file().expect("the token's file");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap().parent().unwrap())), (0o600, 0o700));
}

/// What somebody signs out of is nowhere on the device, and what of another person is stays theirs.
#[tokio::test(start_paused = true)]
async fn signing_out_takes_the_token_from_the_keychain_and_leaves_the_next_person_nothing() {
    let world = World::new().await;
    let ana = ana(&world).await;
    drop(world.agent("Bo").await);
    let tokens = in_keychain(&ana);
    ana.engine().sign_out(true).await.unwrap();
    assert_eq!(in_keychain(&ana), [""; 0]);
    ana.engine().sign_in("https://desk.test".into(), "bo".into(), PASSWORD.into(), None).await.unwrap();
    world.settles(&[&ana]).await;
    assert_ne!(in_keychain(&ana), tokens);
    assert_eq!(in_keychain(&ana).len(), 1);
}

/// An app before this one kept it in the profile's database.
#[tokio::test(start_paused = true)]
async fn an_older_apps_token_moves_into_the_keychain_and_is_in_no_byte_of_its_database() {
    let world = World::new().await;
    for with_keychain in [true, false] {
        let mut ana = if with_keychain { ana(&world).await } else { world.device_of("Ana").await };
        let token = match &ana.keychain {
            Some(_) => in_keychain(&ana).remove(0),
            None => in_file(&ana).expect("a file"),
        };
        let was = token.clone();
        let puts = move |c: &mut rusqlite::Connection| facts::set(c, "token", &was);
        ana.engine().profile().unwrap().run(puts).await.unwrap();
        ana.crashes();
        if let Some(file) = ana.token_file() {
            std::fs::remove_file(file).unwrap();
        }
        if with_keychain {
            ana.keychain = Some(Default::default());
        }
        assert!(is_on_disk(&ana, &token), "the database has it");
        ana.starts().await;
        world.settles(&[&ana]).await;
        assert_eq!(standing(&ana).await, (Door::SignedIn, None));
        if with_keychain {
            assert_eq!(in_keychain(&ana), std::slice::from_ref(&token));
        } else {
            let file = ana.token_file().expect("the token's file");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), token);
            std::fs::remove_file(file).unwrap();
        }
        assert!(!is_on_disk(&ana, &token));
    }
}

/// A locked keychain keeps nobody waiting, loses no session and hides nothing that is here.
#[tokio::test(start_paused = true)]
async fn a_locked_keychain_is_waited_for_a_while_and_gives_the_session_when_its_person_opens_it() {
    let world = World::new().await;
    let mut ana = ana(&world).await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana]).await;
    let keychain = ana.keychain.clone().unwrap();
    ana.crashes();
    keychain.is(Lock::Asks);
    let began = tokio::time::Instant::now();
    ana.starts().await;
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    assert_eq!(standing(&ana).await, (Door::SignInAgain, Some(Code::KeychainShut)));
    // What is here is read, and what is asked is kept.
    ana.picks("Rosa").await.unwrap();
    ana.sends("Rosa", "I am on my way").await.unwrap();
    world.after(minutes(10)).await;
    assert_eq!(standing(&ana).await, (Door::SignInAgain, Some(Code::KeychainShut)));
    assert_eq!(rosa.texts().await, ["Hello?"]);
    keychain.is(Lock::Open);
    world.settles(&[&ana]).await;
    assert_eq!(ana.engine().status().await.unwrap().link, Link::Live);
    assert_eq!(rosa.texts().await, ["Hello?", "I am on my way"]);
}

/// Whoever does not want to open their keychain signs in again, and is asked no more.
#[tokio::test(start_paused = true)]
async fn a_keychain_that_refuses_has_its_token_in_the_file_until_it_takes_it() {
    let world = World::new().await;
    let mut ana = ana(&world).await;
    let keychain = ana.keychain.clone().unwrap();
    let first = in_keychain(&ana);
    ana.crashes();
    keychain.is(Lock::Refuses);
    ana.starts().await;
    assert_eq!(standing(&ana).await, (Door::SignInAgain, Some(Code::KeychainShut)));
    ana.signs_in().await;
    world.settles(&[&ana]).await;
    let second = in_file(&ana).expect("the file has it");
    assert_eq!(in_keychain(&ana), first, "of which the server knows nothing any more");
    // The file's is the newer one, whatever the keychain has.
    for lock in [Lock::Refuses, Lock::Asks, Lock::Open] {
        ana.crashes();
        keychain.is(lock);
        ana.starts().await;
        world.settles(&[&ana]).await;
        assert_eq!(standing(&ana).await, (Door::SignedIn, None), "{lock:?}");
    }
    assert_eq!((in_keychain(&ana), in_file(&ana)), (vec![second], None));
}

/// A sign-out while the keychain is locked: the session is over, and the entry goes later.
#[tokio::test(start_paused = true)]
async fn what_a_locked_keychain_kept_of_somebody_who_signed_out_goes_at_the_next_start() {
    let world = World::new().await;
    let mut ana = ana(&world).await;
    let keychain = ana.keychain.clone().unwrap();
    keychain.is(Lock::Asks);
    let left = ana.engine().sign_out(true).await.unwrap();
    assert_eq!(left.door, Door::SignedOut);
    assert_eq!(in_keychain(&ana).len(), 1);
    ana.crashes();
    keychain.is(Lock::Open);
    ana.starts().await;
    assert_eq!(in_keychain(&ana).len(), 0);
}

/// Of who was blocked nothing stays, in the keychain neither; and nothing is asked of it.
#[tokio::test(start_paused = true)]
async fn a_blocked_persons_token_is_gone_from_the_keychain() {
    let world = World::new().await;
    let mut ana = ana(&world).await;
    let who = world.server.person_of("ana").await.unwrap().unwrap();
    world.server.block(who.id).await.unwrap();
    world.after(minutes(2)).await;
    assert_eq!(in_keychain(&ana).len(), 0);
    let keychain = ana.keychain.clone().unwrap();
    ana.crashes();
    keychain.is(Lock::Asks);
    let began = tokio::time::Instant::now();
    ana.starts().await;
    assert_eq!(began.elapsed(), Duration::ZERO);
}
