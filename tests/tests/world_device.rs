//! What a device does with waits it was told, with clocks that somebody sets, and with a file
//! that somebody else has.

use fieldline_core::store::runner::Runner;
use fieldline_core::store::{Disk, damage, drafts, pictures, problem};
use fieldline_core::view::{Mark, Section};
use fieldline_model::public::PublicBody;
use fieldline_model::{BlobHash, Code, PersonId, PlaceId};
use fieldline_tests::world::{Customer, Device, Fate, Said, World, hours, memory_folder, minutes, photo};
use std::time::Duration;

const YEAR_MS: i64 = 365 * 24 * 3600 * 1000;

fn says(status: u16, body: &'static str) -> Fate {
    Fate::Says(Said { after: Duration::ZERO, status, body })
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

/// How often intents were submitted so far.
fn submits(device: &Device) -> usize {
    device.net.asked().iter().filter(|what| what.starts_with("POST /v1/intents")).count()
}

const TOLD_FIVE_MINUTES: &str = r#"{"problem":{"code":"too_many_tries","limit":300}}"#;

/// FN6, FC13: 429 waits as told, whatever is written and whatever comes meanwhile.
#[tokio::test(start_paused = true)]
async fn a_wait_the_server_asked_for_is_not_cut_short_by_what_is_written_or_read() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    let before = submits(&ana);
    ana.net.next("POST /v1/intents", says(429, TOLD_FIVE_MINUTES));
    ana.sends("Rosa", "No. 0").await.unwrap();
    for n in 1..20 {
        world.after(Duration::from_secs(14)).await;
        ana.sends("Rosa", &format!("No. {n}")).await.unwrap();
        customers[0].writes("Are you there?").await.unwrap();
    }
    assert_eq!(submits(&ana) - before, 1, "after {} s of 300", 14 * 19);
    assert_eq!(ana.marks("Rosa").await.last(), Some(&Mark::Waiting));
    world.after(Duration::from_secs(300 - 14 * 19 + 2)).await;
    assert_eq!(submits(&ana) - before, 2, "then everything goes at once");
    let said: Vec<String> = customers[0].texts().await.into_iter().filter(|t| t.starts_with("No.")).collect();
    assert_eq!(said, (0..20).map(|n| format!("No. {n}")).collect::<Vec<_>>());
}

/// FN6: its person says *now*, or the connection is another one: then it is tried.
#[tokio::test(start_paused = true)]
async fn a_wait_the_server_asked_for_ends_when_its_person_says_now_or_the_connection_changes() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    ana.net.next("POST /v1/intents", says(429, TOLD_FIVE_MINUTES));
    ana.sends("Rosa", "One").await.unwrap();
    world.after(Duration::from_secs(5)).await;
    ana.engine().sync_now().await.unwrap();
    world.after(Duration::from_secs(1)).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "One"]);
    ana.net.next("POST /v1/intents", says(429, TOLD_FIVE_MINUTES));
    ana.sends("Rosa", "Two").await.unwrap();
    world.after(Duration::from_secs(5)).await;
    ana.offline();
    world.after(Duration::from_secs(1)).await;
    // The app notices by itself, within a minute.
    ana.net.heal();
    world.after(minutes(1)).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "One", "Two"]);
}

/// FN6: *later* holds the lane it was said of, for as long as was said, and no other lane.
#[tokio::test(start_paused = true)]
async fn a_lane_that_was_told_later_waits_as_told_and_others_go_on() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa", "Kim"]).await;
    let later = r#"{"verdicts":[{"intent":null,"outcome":{"outcome":"later","wait_ms":120000}}]}"#;
    ana.net.next("POST /v1/intents", says(200, later));
    ana.sends("Rosa", "To Rosa").await.unwrap();
    for n in 0..10 {
        world.after(Duration::from_secs(10)).await;
        ana.sends("Kim", &format!("{n}")).await.unwrap();
        world.after(Duration::from_secs(1)).await;
        assert_eq!(customers[1].texts().await.len(), n + 2, "Kim's goes at once");
        assert_eq!(customers[0].texts().await, ["Hello?"], "Rosa's was told two minutes");
    }
    world.after(Duration::from_secs(15)).await;
    assert_eq!(customers[0].texts().await, ["Hello?", "To Rosa"]);
}

/// FC8: set back or forward while somebody types: they stop when they stop.
#[tokio::test(start_paused = true)]
async fn who_types_stops_when_they_stop_whatever_is_done_to_the_devices_clock() {
    for by_ms in [-YEAR_MS, YEAR_MS] {
        let world = World::new().await;
        let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
        customers[0].types(true).await;
        world.after(Duration::from_secs(1)).await;
        assert!(ana.thread("Rosa").await.customer_typing);
        ana.engine().profile().unwrap().clock.set_by(by_ms);
        assert!(ana.thread("Rosa").await.customer_typing, "{by_ms}");
        // Cut off, so that no word of the server ends it.
        let mut told = ana.engine().subscribe();
        ana.net.next("GET /v1/live", Fate::RequestLost);
        world.after(Duration::from_secs(6)).await;
        assert!(!ana.thread("Rosa").await.customer_typing, "{by_ms}");
        assert!(told.try_recv().is_ok(), "screens are told");
    }
}

/// FC8: *last synced*, and every time shown beside it, by the server's clock: right before,
/// while and after somebody sets the device's, and after the app was started anew on it.
#[tokio::test(start_paused = true)]
async fn last_synced_is_right_whatever_is_done_to_the_devices_clock() {
    for by_ms in [-YEAR_MS, YEAR_MS] {
        let world = World::new().await;
        let (mut ana, _customers) = ana_serves(&world, &["Rosa"]).await;
        ana.offline();
        world.after(minutes(1)).await;
        ana.engine().profile().unwrap().clock.set_by(by_ms);
        world.after(hours(2)).await;
        let age_s = async |ana: &Device| {
            let status = ana.engine().status().await.unwrap();
            (status.now_ms - status.synced_at_ms.unwrap()) / 1000
        };
        let age = age_s(&ana).await;
        assert!((7200..7200 + 90).contains(&age), "{age} s, set by {by_ms}");
        ana.crashes();
        ana.wrong_by_ms += by_ms;
        ana.starts().await;
        assert!(age_s(&ana).await >= 0, "never in the future");
        ana.net.heal();
        ana.engine().sync_now().await.unwrap();
        world.settles(&[&ana]).await;
        assert!(age_s(&ana).await < 20);
    }
}

/// FC8, FN10: a clock that jumps by years while offline makes the device forget nothing that
/// a server restored from a backup may have to be told again; fourteen days of the server's
/// clock do.
#[tokio::test(start_paused = true)]
async fn what_is_settled_is_kept_for_fourteen_days_of_the_servers_clock() {
    let world = World::new().await;
    let (mut ana, customers) = ana_serves(&world, &["Rosa"]).await;
    let settled = async |device: &Device| {
        let profile = device.engine().profile().unwrap();
        let sql = "SELECT count(*) FROM outbox WHERE state = 'settled'";
        let read = profile.run(move |c| c.query_row(sql, [], |r| r.get::<_, i64>(0)).map_err(problem));
        read.await.unwrap()
    };
    ana.sends("Rosa", "One").await.unwrap();
    world.settles(&[&ana]).await;
    let kept = settled(&ana).await;
    assert!(kept >= 2);
    for by_ms in [YEAR_MS, -3 * YEAR_MS] {
        ana.offline();
        ana.crashes();
        ana.wrong_by_ms += by_ms;
        ana.starts().await;
        assert_eq!(settled(&ana).await, kept, "set by {by_ms}");
        ana.online().await;
        world.settles(&[&ana]).await;
    }
    ana.crashes();
    world.after(hours(24 * 14 + 1)).await;
    ana.starts().await;
    customers[0].writes("It is two weeks later").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(settled(&ana).await, kept, "an app that runs forgets nothing");
    ana.crashes();
    ana.starts().await;
    assert_eq!(settled(&ana).await, 0);
}

/// FC8: what is written while the clock is a year off, and while it jumps, is in its order and
/// goes out once.
#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_while_messages_wait_changes_no_order_and_holds_nothing_up() {
    let world = World::new().await;
    let (ana, customers) = ana_serves(&world, &["Rosa"]).await;
    ana.offline();
    let mut wanted = vec!["Hello?".to_owned()];
    for (n, by_ms) in [0, YEAR_MS, -2 * YEAR_MS, YEAR_MS, 3_600_000, -3_600_000].into_iter().enumerate() {
        ana.engine().profile().unwrap().clock.set_by(by_ms);
        ana.sends("Rosa", &format!("No. {n}")).await.unwrap();
        wanted.push(format!("No. {n}"));
        world.after(Duration::from_secs(20)).await;
    }
    ana.online().await;
    world.after(Duration::from_secs(2)).await;
    assert_eq!(customers[0].texts().await, wanted);
    let thread = ana.thread("Rosa").await;
    let times: Vec<i64> = thread.bubbles.iter().map(|b| b.at_ms).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(ana.list(Section::Conversations).await.rows[0].unsent, 0);
}

/// Dice of a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// What was typed in a conversation is that conversation's from the first key press,
/// whatever is opened, attached, taken back, killed or sent in between.
#[tokio::test(start_paused = true)]
async fn a_message_is_bound_to_its_conversation_from_the_first_key_press() {
    const NAMES: [&str; 3] = ["Rosa", "Kim", "Lee"];
    for seed in 0..8 {
        let world = World::new().await;
        let (mut ana, customers) = ana_serves(&world, &NAMES).await;
        let mut dice = Dice(seed);
        let mut said = [const { Vec::<String>::new() }; 3];
        for step in 0..60 {
            let who = dice.below(3);
            let place = ana.with(NAMES[who]).await;
            let typed = ana.engine().thread(place, 1).await.unwrap().draft.text;
            assert!(typed.is_empty() || typed.starts_with(NAMES[who]), "seed {seed}: {typed}");
            match dice.below(10) {
                0..5 => {
                    let letter = if typed.is_empty() { format!("{} {step}", NAMES[who]) } else { "x".into() };
                    ana.engine().save_draft(place, (typed + &letter).into()).await.unwrap();
                }
                5 => {
                    let photo = photo((20 * who + dice.below(3)) as u8, 16);
                    let done = ana.engine().attach(place, "part.png".into(), photo.into()).await;
                    assert!(done.is_ok() || done.unwrap_err().code == Code::TooManyFiles);
                }
                6 => ana.offline(),
                7 => ana.online().await,
                8 => {
                    ana.crashes();
                    ana.starts().await;
                }
                _ if !typed.is_empty() => {
                    ana.sends(NAMES[who], &typed).await.unwrap();
                    assert_eq!(ana.engine().thread(place, 1).await.unwrap().draft, Default::default());
                    let unsent = ana.engine().outbox().await.unwrap().into_iter().find(|r| r.text == typed);
                    match unsent.filter(|_| dice.below(3) == 0 && !ana.net.is_up()) {
                        Some(row) => ana.engine().discard(row.intent, true).await.unwrap(),
                        None => said[who].push(typed),
                    }
                }
                _ => {}
            }
        }
        ana.online().await;
        world.settles(&[&ana]).await;
        for (who, customer) in customers.iter().enumerate() {
            let mut wanted = vec!["Hello?".to_owned()];
            wanted.append(&mut said[who]);
            assert_eq!(customer.texts().await, wanted, "seed {seed}");
        }
    }
}

/// What an unsent message, or a draft, needs is no part of what makes room for new pictures.
#[tokio::test(start_paused = true)]
async fn making_room_takes_no_picture_that_an_unsent_message_or_a_draft_needs() {
    let world = World::new().await;
    let (mut ana, customers) = ana_serves(&world, &["Rosa"]).await;
    for n in 0..4 {
        customers[0].says("This one?", &[photo(n, 40)], None).await.unwrap();
    }
    world.settles(&[&ana]).await;
    world.after(minutes(1)).await;
    ana.offline();
    let place = ana.with("Rosa").await;
    let (unsent, drafted) = (photo(100, 40), photo(101, 40));
    ana.sends_photo("Rosa", "Or this?", unsent.clone()).await.unwrap();
    ana.engine().attach(place, "part.png".into(), drafted.clone().into()).await.unwrap();
    // All of it is worth having while the conversation is open: so it is somebody else's now.
    let profile = ana.engine().profile().unwrap();
    let gone = profile.run(|c| pictures::make_room(c, PersonId(uuid::Uuid::nil()), 0)).await.unwrap();
    assert_eq!(gone.len(), 8, "each picture in two forms");
    for name in gone {
        profile.blobs.remove(&name).await.unwrap();
    }
    for bytes in [&unsent, &drafted] {
        let kept = profile.blobs.get(BlobHash::of(bytes).as_str()).await.unwrap();
        assert_eq!(kept.as_deref(), Some(bytes.as_slice()));
    }
    drop(profile);
    ana.crashes();
    ana.starts().await;
    ana.online().await;
    world.settles(&[&ana]).await;
    ana.sends("Rosa", "Or that?").await.unwrap();
    world.settles(&[&ana]).await;
    let page = customers[0].page().await;
    let files: Vec<usize> = page
        .messages
        .iter()
        .filter_map(|m| match &m.body {
            PublicBody::Said { files, .. } => Some(files.len()),
            PublicBody::Happened { .. } => None,
        })
        .collect();
    assert_eq!(files, [0, 1, 1, 1, 1, 1, 1]);
}

/// FC5: another program has the file for a while: whoever asks waits, nobody else does, and
/// nothing is dropped, also when it takes too long.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_somebody_else_has_for_a_while_makes_one_wait_and_loses_nothing() {
    let folder = memory_folder();
    let disk = Disk::open(folder.path()).await.unwrap();
    let store = Runner::thread(damage::open(&disk, "p", false).unwrap()).unwrap();
    let place = PlaceId(uuid::Uuid::from_u128(1));
    store.run(move |c| drafts::save_text(c, place, &"Half a sen".into(), 1)).await.unwrap();
    let other = rusqlite::Connection::open(folder.path().join("p.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // It takes too long: said in an error, and what was there stays.
    let patience = |ms: u64| store.run(move |c| c.busy_timeout(Duration::from_millis(ms)).map_err(problem));
    patience(1).await.unwrap();
    let refused = store.run(move |c| drafts::save_text(c, place, &"Half a sentence".into(), 2)).await;
    assert_eq!(refused, Err(Code::StorageFailed.into()));
    let there = store.run(move |c| drafts::get(c, place)).await.unwrap();
    assert_eq!(there.text, "Half a sen", "everything still reads");
    // It is let go in time: what was asked is done, in its order.
    patience(60_000).await.unwrap();
    let asked = store.run(move |c| drafts::save_text(c, place, &"Half a sentence".into(), 3));
    let read = store.run(move |c| drafts::get(c, place));
    let goes_on = async {
        tokio::task::yield_now().await;
        other.execute_batch("COMMIT").unwrap();
    };
    let (asked, read, ()) = tokio::join!(asked, read, goes_on);
    assert_eq!((asked, read.unwrap().text.as_str()), (Ok(()), "Half a sentence"));
}
