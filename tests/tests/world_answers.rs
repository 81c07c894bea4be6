//! FN6: every answer a device may get to what it submits, and what the engine then does:
//! exactly one of *again later*, *sign in again*, *update*, *stuck*, *wiped*.

use fieldline_core::remote::WireFault;
use fieldline_core::view::{Door, Mark};
use fieldline_model::Code;
use fieldline_tests::world::{Customer, Device, Fate, Said, World, hours, minutes};
use std::time::Duration;

/// What the engine does about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// The same again by itself, no sooner than after so many seconds.
    Again(u64),
    /// Everything waits for its person's password.
    SignIn,
    /// Everything waits for another app.
    Update,
    /// This one needs its person, for this reason; what comes after it goes on.
    Stuck(Code),
}

use Does::{Again, SignIn, Stuck, Update};

const HTML: &str = "<html>Bad gateway";
const EMPTY: &str = "{}";
const NOT_FOUND: &str = r#"{"problem":{"code":"not_found"}}"#;
const SIGNED_OUT: &str = r#"{"problem":{"code":"signed_out"}}"#;
const BUSY: &str = r#"{"problem":{"code":"busy"}}"#;
const FULL: &str = r#"{"problem":{"code":"storage_full"}}"#;
const NEWER: &str = r#"{"problem":{"code":"juggled","since":"0.9"}}"#;
const TOO_MANY: &str = r#"{"problem":{"code":"too_many_tries","limit":45}}"#;
const JUGGLED: &str = r#"{"verdicts":[{"intent":null,"outcome":{"outcome":"juggled"}}]}"#;
const NONE: &str = r#"{"verdicts":[]}"#;
const TWO: &str = r#"{"verdicts":[{"intent":null,"outcome":{"outcome":"sign_in_again"}},
                                 {"intent":null,"outcome":{"outcome":"sign_in_again"}}]}"#;
const OTHERS: &str = r#"{"verdicts":[{"intent":"01939aaa-0000-7000-8000-000000000001",
                                    "outcome":{"outcome":"accepted","changes":[]}}]}"#;
const SIGN_IN: &str = r#"{"verdicts":[{"intent":null,"outcome":{"outcome":"sign_in_again"}}]}"#;
const REFUSED: &str = r#"{"verdicts":[{"intent":null,
    "outcome":{"outcome":"refused","problem":{"code":"id_reused"}}}]}"#;
const LATER: &str = r#"{"verdicts":[{"intent":null,"outcome":{"outcome":"later","wait_ms":30000}}]}"#;

/// Answers by status and body. (429 and 503 with a header are below.)
const TABLE: &[(u16, &str, Does)] = &[
    // Only a Fieldline server refuses; all else is something in between.
    (400, HTML, Again(0)),
    (400, EMPTY, Again(0)),
    (400, NOT_FOUND, Stuck(Code::NotFound)),
    (400, NEWER, Stuck(Code::UpdateNeeded)),
    (403, HTML, Again(0)),
    (403, NOT_FOUND, Stuck(Code::NotFound)),
    (404, HTML, Again(0)),
    (404, NOT_FOUND, Stuck(Code::NotFound)),
    (409, HTML, Again(0)),
    (409, NOT_FOUND, Stuck(Code::NotFound)),
    (410, HTML, Again(0)),
    (410, NOT_FOUND, Stuck(Code::NotFound)),
    (413, HTML, Again(0)),
    (413, NOT_FOUND, Stuck(Code::NotFound)),
    (415, HTML, Again(0)),
    (415, NOT_FOUND, Stuck(Code::NotFound)),
    (422, HTML, Again(0)),
    (422, NOT_FOUND, Stuck(Code::NotFound)),
    (401, HTML, SignIn),
    (401, SIGNED_OUT, SignIn),
    (426, HTML, Update),
    (426, NOT_FOUND, Update),
    (408, EMPTY, Again(0)),
    (425, EMPTY, Again(0)),
    (429, EMPTY, Again(0)),
    (429, TOO_MANY, Again(45)),
    (500, HTML, Again(0)),
    (500, NOT_FOUND, Again(0)),
    (502, HTML, Again(0)),
    (503, BUSY, Again(0)),
    (507, FULL, Again(0)),
    (520, HTML, Again(0)),
    // No redirect is followed, and no success is one that does not say what was done.
    (301, HTML, Again(0)),
    (302, HTML, Again(0)),
    (304, "", Again(0)),
    (200, HTML, Again(0)),
    (200, EMPTY, Again(0)),
    (200, NONE, Again(0)),
    (200, TWO, Again(0)),
    (200, OTHERS, Again(0)),
    (204, "", Again(0)),
    (200, LATER, Again(30)),
    (200, REFUSED, Stuck(Code::IdReused)),
    (200, SIGN_IN, SignIn),
    (200, JUGGLED, Update),
];

/// Sends one message that meets `fate`, holds what the engine does against `wanted`, and
/// puts everything right again.
async fn meets(world: &World, (ana, rosa): (&Device, &Customer), fate: Fate, wanted: Does) {
    let text = format!("{fate:?} {wanted:?}").replace(|c: char| !c.is_alphanumeric(), " ");
    ana.net.next("POST /v1/intents", fate);
    ana.sends("Rosa", &text).await.unwrap();
    let wait = if let Again(wait_s) = wanted { wait_s.saturating_sub(1) } else { 2 };
    world.after(Duration::from_millis(wait * 1000 + 100)).await;
    let row = ana.engine().outbox().await.unwrap().into_iter().find(|row| row.text == text);
    let door = ana.engine().status().await.unwrap().door;
    match wanted {
        // The feed may tell of it first.
        Again(_) if fate == Fate::AnswerLost => {}
        Again(_) => assert_eq!(row.map(|row| row.mark), Some(Mark::Waiting), "{text}: too soon"),
        SignIn => assert_eq!((row.unwrap().mark, door), (Mark::Waiting, Door::SignInAgain), "{text}"),
        Update => assert_eq!((row.unwrap().mark, door), (Mark::Waiting, Door::UpdateNeeded), "{text}"),
        Stuck(code) => {
            let row = row.unwrap();
            assert_eq!((row.mark, row.problem.unwrap().code), (Mark::Stuck, code), "{text}");
            assert_eq!(door, Door::SignedIn, "{text}");
            ana.sends("Rosa", "Goes on").await.unwrap();
            world.settles(&[ana]).await;
            assert_eq!(rosa.texts().await.last().unwrap(), "Goes on", "{text}");
            ana.engine().retry(Some(row.intent)).await.unwrap();
        }
    }
    if matches!(wanted, SignIn | Update) {
        world.after(hours(1)).await;
        assert!(!rosa.texts().await.contains(&text), "{text}: it went although the door is shut");
        ana.signs_in().await;
    }
    world.settles(&[ana]).await;
    let times = rosa.texts().await.iter().filter(|it| **it == text).count();
    assert_eq!(times, 1, "{text}: kept, and there once in the end");
    assert!(ana.engine().outbox().await.unwrap().is_empty(), "{text}");
}

#[tokio::test(start_paused = true)]
async fn every_answer_has_one_meaning_and_loses_nothing() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    for (status, body, wanted) in TABLE {
        let said = Said { after: Duration::ZERO, status: *status, body };
        meets(&world, (&ana, &rosa), Fate::Says(said), *wanted).await;
    }
    for (status, wait_s) in [(429, 90), (503, 120), (500, 20)] {
        meets(&world, (&ana, &rosa), Fate::SaysWait { status, wait_s }, Again(wait_s)).await;
    }
    for fault in [WireFault::NotConnected, WireFault::Unreachable, WireFault::Tls] {
        meets(&world, (&ana, &rosa), Fate::Fails(fault), Again(0)).await;
    }
    for fate in [Fate::RequestLost, Fate::AnswerLost, Fate::Portal] {
        meets(&world, (&ana, &rosa), fate, Again(0)).await;
    }
}

/// FB14: an answer without end is given up, and not kept in memory; no answer of another
/// host is one (redirects are in the table above).
#[tokio::test(start_paused = true)]
async fn an_answer_larger_than_any_is_none_and_loses_nothing() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let body: &'static str = " ".repeat(65 << 20).leak();
    let said = Said { after: Duration::ZERO, status: 200, body };
    ana.net.next("POST /v1/intents", Fate::Says(said));
    ana.sends("Rosa", "Still there?").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "Still there?"]);
}

/// I19: against a server that fails for hours the tries become fewer, at most one a minute or
/// so, and however long it asks to wait it is asked again within a quarter of an hour.
#[tokio::test(start_paused = true)]
async fn a_server_that_fails_for_hours_is_asked_ever_more_seldom_and_never_given_up() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let asked = |ana: &Device| ana.net.asked().iter().filter(|it| it.starts_with("POST /v1/intents")).count();
    let before = asked(&ana);
    let down = Fate::Says(Said { after: Duration::ZERO, status: 500, body: "{}" });
    for _ in 0..500 {
        ana.net.next("POST /v1/intents", down);
    }
    ana.sends("Rosa", "Still there?").await.unwrap();
    world.after(minutes(3)).await;
    let first = asked(&ana) - before;
    world.after(hours(2)).await;
    let all = asked(&ana) - before - first;
    assert!((5..=14).contains(&first), "{first} in three minutes");
    assert!((120..=250).contains(&all), "{all} in two hours");
    ana.net.forget();
    ana.net.next("POST /v1/intents", Fate::SaysWait { status: 503, wait_s: 1_000_000_000 });
    ana.engine().sync_now().await.unwrap();
    world.after(minutes(16)).await;
    assert_eq!(rosa.texts().await, ["Hello?", "Still there?"]);
}

/// FN6: blocked: nothing of the workspace stays.
#[tokio::test(start_paused = true)]
async fn an_answer_that_its_person_was_blocked_leaves_nothing_to_read() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let blocked = Said { after: Duration::ZERO, status: 403, body: r#"{"problem":{"code":"blocked"}}"# };
    ana.net.next("POST /v1/intents", Fate::Says(blocked));
    ana.sends("Rosa", "One more").await.unwrap();
    world.after(Duration::from_secs(2)).await;
    assert!(ana.engine().outbox().await.unwrap().is_empty());
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignInAgain);
    assert_eq!(rosa.texts().await, ["Hello?"]);
}
