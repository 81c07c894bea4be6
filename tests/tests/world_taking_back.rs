//! Taking back what is not sent: *Discard* and *Edit*, of what never left the device and of
//! what may have come.

use fieldline_core::view::{BubbleBody, Mark, OutboxKind, Section};
use fieldline_model::{Code, PlaceId};
use fieldline_tests::world::{Customer, Device, Fate, World, minutes, office, photo, public_transcript};
use std::time::Duration;

/// Ana has Rosa's conversation, on two devices.
async fn ana_serves_rosa(world: &World) -> (Device, Device, Customer) {
    let (ana, second) = (world.agent("Ana").await, world.device_of("Ana").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana, &second]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &second]).await;
    (ana, second, rosa)
}

/// From here on it hears nothing: not on its stream, and not what comes of what it submits next.
async fn hears_nothing(world: &World, device: &Device, fate: Fate) {
    device.offline();
    device.net.next("GET /v1/live", Fate::BodySilent(Duration::from_secs(1)));
    device.online().await;
    world.after(Duration::from_secs(2)).await;
    device.net.next("POST /v1/intents", fate);
}

/// Sends and hears no answer; then there is no signal.
async fn sends_unanswered(world: &World, ana: &Device, (text, fate): (&str, Fate)) {
    hears_nothing(world, ana, fate).await;
    ana.sends("Rosa", text).await.unwrap();
    world.after(Duration::from_millis(10)).await;
    ana.offline();
}

async fn discards(device: &Device, keep: bool) {
    let row = device.unsent().await.pop().expect("something unsent");
    device.engine().discard(row.intent, keep).await.expect("it is taken back");
}

async fn bodies(device: &Device, place: PlaceId) -> Vec<String> {
    let body = |b: fieldline_core::view::Bubble| match b.body {
        BubbleBody::Said { text, .. } => Some(text),
        BubbleBody::Deleted => Some("(deleted)".into()),
        _ => None,
    };
    device.at(place).await.unwrap().bubbles.into_iter().filter_map(body).collect()
}

/// What a try without signal leaves behind is nothing: also after many of them.
#[tokio::test(start_paused = true)]
async fn what_was_tried_without_signal_never_left_and_is_discarded() {
    let world = World::new().await;
    let (ana, _second, rosa) = ana_serves_rosa(&world).await;
    ana.offline();
    ana.sends("Rosa", "Wrong window").await.unwrap();
    ana.sends("Rosa", "Wrong once more").await.unwrap();
    world.after(minutes(5)).await;
    ana.deletes("Rosa", "Wrong window").await.unwrap();
    discards(&ana, false).await;
    assert!(ana.unsent().await.is_empty());
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?"]);
    assert!(!public_transcript(&rosa.page().await).contains("deleted"), "and no trace of it");
}

/// But what may have come before the signal went stays marked.
#[tokio::test(start_paused = true)]
async fn what_may_have_come_is_deleted_there_when_it_is_discarded() {
    for fate in [Fate::AnswerLost, Fate::RequestLost] {
        let world = World::new().await;
        let (mut ana, second, rosa) = ana_serves_rosa(&world).await;
        sends_unanswered(&world, &ana, ("Wrong window", fate)).await;
        world.after(minutes(5)).await;
        ana.crashes();
        ana.starts().await;
        discards(&ana, false).await;
        let place = ana.with("Rosa").await;
        assert_eq!(bodies(&ana, place).await, ["Hello?", "(deleted)"]);
        assert_eq!(ana.at(place).await.unwrap().bubbles.last().unwrap().mark, Mark::Waiting);
        let preview = ana.list(Section::Conversations).await.rows[0].preview.clone().unwrap();
        assert_eq!((preview.text.as_str(), preview.deleted), ("", true));
        let unsent: Vec<_> = ana.unsent().await.iter().map(|row| row.kind).collect();
        assert_eq!(unsent, [OutboxKind::Delete], "that alone is left to be done");
        ana.online().await;
        world.settles(&[&ana, &second]).await;
        for device in [&ana, &second] {
            assert_eq!(bodies(device, place).await, ["Hello?", "(deleted)"]);
        }
        assert!(public_transcript(&rosa.page().await).ends_with("Ana: (deleted)\n"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_come_and_is_edited_is_there_once_as_it_was_written_anew() {
    let world = World::new().await;
    let (ana, second, rosa) = ana_serves_rosa(&world).await;
    let place = ana.with("Rosa").await;
    ana.engine().attach(place, "part.png".into(), photo(1, 60).into()).await.unwrap();
    sends_unanswered(&world, &ana, ("At nine", Fate::AnswerLost)).await;
    world.after(minutes(1)).await;
    assert_eq!(second.with("Rosa").await, place);
    discards(&ana, true).await;
    let draft = ana.at(place).await.unwrap().draft;
    assert_eq!((draft.text.as_str(), draft.files.len()), ("At nine", 1));
    ana.online().await;
    world.settles(&[&ana, &second]).await;
    let draft = ana.at(place).await.unwrap().draft;
    assert_eq!((draft.text.as_str(), draft.files.len()), ("At nine", 1), "kept when the first one went");
    ana.sends("Rosa", "At ten").await.unwrap();
    world.settles(&[&ana, &second]).await;
    assert_eq!(bodies(&second, place).await, ["Hello?", "(deleted)", "At ten"]);
    let page = rosa.page().await;
    assert!(rosa.picture(page.messages.last().unwrap(), 0).await.is_ok(), "its photo went again");
}

/// What changes a conversation, and a note, may be done already: nobody can say *it is not*.
#[tokio::test(start_paused = true)]
async fn a_note_or_an_end_that_may_have_come_is_not_taken_back() {
    let world = World::new().await;
    let (ana, second, _rosa) = ana_serves_rosa(&world).await;
    for what in ["note", "end"] {
        hears_nothing(&world, &ana, Fate::AnswerLost).await;
        match what {
            "note" => ana.notes("Rosa", "Wants nine").await.unwrap(),
            _ => ana.ends("Rosa").await.unwrap(),
        }
        world.after(Duration::from_millis(10)).await;
        ana.offline();
        let row = ana.unsent().await.remove(0);
        for keep in [false, true] {
            let refused = ana.engine().discard(row.intent, keep).await.unwrap_err();
            assert_eq!(refused.code, Code::OnItsWay, "{what}");
        }
        ana.online().await;
        world.settles(&[&ana, &second]).await;
        assert!(ana.unsent().await.is_empty());
    }
    assert_eq!(second.names(Section::History).await, ["Rosa"]);
    assert_eq!(second.thread("Rosa").await.note_count, 1);
}

/// A thread that may be begun stays; what was said in it goes.
#[tokio::test(start_paused = true)]
async fn a_thread_that_may_be_begun_stays_without_what_was_said() {
    for keep in [false, true] {
        let (world, ana, bo, _cy) = office().await;
        hears_nothing(&world, &ana, Fate::AnswerLost).await;
        let place = ana.begins(&["Bo", "Cy"], "Wrong people").await.unwrap();
        world.after(Duration::from_millis(10)).await;
        ana.offline();
        ana.says(place, "And more").await.unwrap();
        let begin = ana.unsent().await.remove(0);
        assert_eq!(begin.kind, OutboxKind::Start);
        ana.engine().discard(begin.intent, keep).await.unwrap();
        let draft = ana.at(place).await.unwrap().draft.text;
        assert_eq!(draft, if keep { "Wrong people\nAnd more" } else { "" });
        assert_eq!(bodies(&ana, place).await, ["(deleted)"]);
        let row = &ana.threads().await.rows[0];
        if !keep {
            let preview = row.preview.clone().unwrap();
            assert_eq!((preview.text.as_str(), preview.deleted), ("", true));
        }
        ana.online().await;
        world.settles(&[&ana, &bo]).await;
        for device in [&ana, &bo] {
            assert_eq!(bodies(device, place).await, ["(deleted)"]);
        }
        assert!(ana.engine().new_group().await.unwrap().draft.text.is_empty());
    }
}

/// What was refused is not there: so it is as its person wanted, and asks them nothing.
#[tokio::test(start_paused = true)]
async fn a_discarded_message_that_turns_out_to_be_refused_is_gone_with_its_deletion() {
    let world = World::new().await;
    let (ana, second, rosa) = ana_serves_rosa(&world).await;
    sends_unanswered(&world, &ana, ("Wrong window", Fate::RequestLost)).await;
    discards(&ana, false).await;
    second.ends("Rosa").await.unwrap();
    world.settles(&[&second]).await;
    ana.online().await;
    world.settles(&[&ana, &second]).await;
    assert!(ana.unsent().await.is_empty(), "{:?}", ana.unsent().await);
    assert_eq!(rosa.texts().await, ["Hello?"]);
}

/// The restored server has neither the message nor its deletion, and the device has only the
/// deletion left, which needs the message: nobody will ever send that.
#[tokio::test(start_paused = true)]
async fn a_deletion_whose_message_a_restored_server_lost_holds_nothing_up() {
    let mut world = World::new().await;
    let (ana, second, rosa) = ana_serves_rosa(&world).await;
    let backup = world.backs_up();
    hears_nothing(&world, &ana, Fate::AnswerLost).await;
    ana.sends("Rosa", "Wrong window").await.unwrap();
    world.after(Duration::from_millis(10)).await;
    ana.deletes("Rosa", "Wrong window").await.unwrap();
    world.settles(&[&ana, &second]).await;
    world.restores(&backup);
    ana.sends("Rosa", "The next one").await.unwrap();
    world.settles(&[&ana, &second]).await;
    assert!(ana.unsent().await.is_empty());
    let rosa = world.comes_back(&rosa).await;
    assert_eq!(rosa.texts().await, ["Hello?", "The next one"]);
}

/// What a damaged file lost nobody can send: what needed it asks its person, and the lane goes on.
#[tokio::test(start_paused = true)]
async fn a_message_whose_pick_was_lost_on_the_device_asks_its_person_and_holds_nothing_up() {
    let world = World::new().await;
    let ana = world.agent("Ana").await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    world.settles(&[&ana]).await;
    ana.offline();
    ana.picks("Rosa").await.unwrap();
    ana.sends("Rosa", "On my way").await.unwrap();
    let profile = ana.engine().profile().unwrap();
    let lost = profile.run(|c| {
        c.execute("DELETE FROM outbox WHERE kind = 'pick'", []).map_err(fieldline_core::store::problem)
    });
    assert_eq!(lost.await, Ok(1));
    ana.online().await;
    world.settles(&[&ana]).await;
    let row = ana.unsent().await.remove(0);
    assert_eq!((row.mark, row.problem.unwrap().code), (Mark::Stuck, Code::NeedsRefused));
    ana.picks("Rosa").await.unwrap();
    ana.engine().discard(row.intent, true).await.unwrap();
    ana.sends("Rosa", "On my way").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Hello?", "On my way"]);
}

/// Its bytes are removed a moment after the transaction that says so: not when the photo was
/// chosen again in between.
#[tokio::test(start_paused = true)]
async fn a_photo_that_is_chosen_again_is_not_removed_with_the_message_that_had_it() {
    let world = World::new().await;
    let (ana, _second, rosa) = ana_serves_rosa(&world).await;
    let place = ana.with("Rosa").await;
    let bytes = photo(1, 60);
    ana.engine().attach(place, "part.png".into(), bytes.clone().into()).await.unwrap();
    let mut late = fieldline_core::store::cache::Applied::default();
    late.gone.push(fieldline_model::BlobHash::of(&bytes).as_str().to_owned());
    ana.engine().profile().unwrap().tell_applied(late).await;
    ana.sends("Rosa", "Here it is").await.unwrap();
    world.settles(&[&ana]).await;
    assert!(ana.unsent().await.is_empty());
    assert_eq!(rosa.texts().await.last().unwrap(), "Here it is");
}
