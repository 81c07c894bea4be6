//! Clients with a login: the same core, on routes and numbers of their own.

use fieldline_core::view::{Bubble, BubbleBody, Mark, Section};
use fieldline_model::{AdminAsk, Code, History, PlaceId, Role, SoundLevel};
use fieldline_tests::world::{Device, World, golden, hours, photo, transcript};

/// Ana, who may begin threads, Bo, and Kim Berg, a client who signed up by a link.
async fn office() -> (World, Device, Device, Device) {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    world.grants("ana", true).await;
    let kim = world.signed_up_client("Kim Berg").await;
    world.settles(&[&ana, &bo, &kim]).await;
    (world, ana, bo, kim)
}

/// What a device asked the server for, but for the doors that are anybody's.
fn asked(device: &Device) -> Vec<String> {
    let anybodys = ["/v1/hello", "/v1/invite", "/v1/join", "/v1/sign-in"];
    let paths = device.net.asked().into_iter().filter(|line| !anybodys.iter().any(|p| line.contains(p)));
    paths.collect()
}

fn photos(bubbles: &[Bubble]) -> usize {
    let files = |b: &Bubble| if let BubbleBody::Said { files, .. } = &b.body { files.len() } else { 0 };
    bubbles.iter().map(files).sum()
}

#[tokio::test(start_paused = true)]
async fn a_client_answers_in_a_thread_without_signal_and_reads_what_is_theirs() {
    let (world, ana, bo, mut kim) = office().await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Is anybody there?").await.unwrap();
    let place = ana.begins(&["Bo", "Kim Berg"], "Which part is it?").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    assert_eq!(kim.said(place).await, ["Which part is it?"]);
    kim.offline();
    kim.engine().attach(place, "part.png".into(), photo(4, 120).into()).await.unwrap();
    kim.says(place, "This one").await.unwrap();
    kim.crashes();
    kim.starts().await;
    assert_eq!(kim.at(place).await.unwrap().bubbles.last().unwrap().mark, Mark::Waiting);
    ana.picks("Rosa").await.unwrap();
    ana.notes("Rosa", "Kim will pay for her").await.unwrap();
    bo.says(place, "We wait for a picture").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    world.after(hours(3)).await;
    kim.online().await;
    world.settles(&[&ana, &bo, &kim]).await;
    let (kims, anas) = (kim.at(place).await.unwrap(), ana.at(place).await.unwrap());
    let row = &bo.threads().await.rows[0];
    assert_eq!((row.preview.as_ref().unwrap().text.as_str(), row.unread), ("This one", 1));
    golden("thread-client", &transcript(&kims));
    golden("thread-with-client", &transcript(&anas));
    assert_eq!((photos(&kims.bubbles), photos(&anas.bubbles)), (1, 1));
    for path in asked(&kim) {
        assert!(path.contains(" /v1/client/"), "{path}");
    }
    assert!(!kim.mentions("Rosa").await && !kim.mentions("will pay").await);
}

#[tokio::test(start_paused = true)]
async fn a_client_has_messaging_alone() {
    let (world, ana, bo, kim) = office().await;
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("Hello?").await.unwrap();
    let place = ana.begins(&["Bo", "Kim Berg"], "Hi").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    for section in [Section::Picklist, Section::Conversations, Section::History] {
        assert!(kim.list(section).await.rows.is_empty());
    }
    let status = kim.engine().status().await.unwrap();
    assert_eq!(status.me.unwrap().person.role, Role::Client);
    let people = kim.engine().group_people(place).await.unwrap();
    assert_eq!(people.people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Ana", "Bo", "Kim Berg"]);
    assert!(!people.can.members && !people.can.rename && people.can.leave);
    for block in [fieldline_core::view::Block::Internal, fieldline_core::view::Block::Customer] {
        assert_eq!(kim.engine().contacts(block, String::new(), 0, 9).await.unwrap().total, 0);
    }
    let begin = fieldline_core::view::Begin {
        group: PlaceId(kim.next_id().0),
        people: vec![people.people[0].id],
        name: None,
        text: "Hi".into(),
    };
    let refused = kim.engine().start_group(kim.next_id(), begin).await.unwrap_err();
    assert_eq!(refused.code, Code::ModuleNeeded);
    let kims = kim.engine().admin(AdminAsk::Reset { person: people.people[1].id }).await.unwrap_err();
    assert_eq!(kims.code, Code::NotPermitted);
    // Their own doings.
    kim.engine().read(place, 2).await.unwrap();
    kim.engine().set_sound(kim.next_id(), place, Some(SoundLevel::None)).await.unwrap();
    kim.engine().leave_group(kim.next_id(), place).await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    assert!(kim.threads().await.rows.is_empty() && kim.unsent().await.is_empty());
    assert_eq!(ana.sees_in(place).await, ["Ana", "Bo"]);
}

#[tokio::test(start_paused = true)]
async fn a_client_who_was_taken_out_and_comes_back_reads_from_there() {
    let (world, ana, bo, kim) = office().await;
    let place = ana.begins(&["Bo", "Kim Berg"], "One").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    kim.offline();
    kim.says(place, "Wait for me").await.unwrap();
    ana.saves(place, (&[], &["Kim Berg"]), History::FromNow).await.unwrap();
    ana.says(place, "Two").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    kim.online().await;
    world.settles(&[&kim]).await;
    assert_eq!(kim.at(place).await.unwrap_err().code, Code::NotFound);
    let stuck = kim.unsent().await;
    assert_eq!(
        (stuck[0].text.as_str(), stuck[0].problem.as_ref().unwrap().code),
        ("Wait for me", Code::NotPermitted)
    );
    kim.engine().discard(stuck[0].intent, false).await.unwrap();
    kim.offline();
    ana.saves(place, (&["Kim Berg"], &[]), History::FromNow).await.unwrap();
    ana.says(place, "Three").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    kim.online().await;
    world.settles(&[&kim]).await;
    let second = world.device_of("Kim Berg").await;
    world.settles(&[&second]).await;
    for device in [&kim, &second] {
        assert_eq!(device.said(place).await, ["Three"]);
        let thread = device.at(place).await.unwrap();
        assert!(thread.group.unwrap().starts_here && !thread.older);
    }
}

/// A server that was restored is another feed: what it does not know is sent again.
#[tokio::test(start_paused = true)]
async fn a_client_sends_again_what_a_restored_server_does_not_know() {
    let (mut world, ana, bo, kim) = office().await;
    let place = ana.begins(&["Bo", "Kim Berg"], "One").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    let backup = world.backs_up();
    kim.says(place, "Two").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    world.restores(&backup);
    for device in [&ana, &bo, &kim] {
        device.online().await;
    }
    world.settles(&[&ana, &bo, &kim]).await;
    assert_eq!(bo.said(place).await, ["One", "Two"]);
    assert_eq!(kim.said(place).await, ["One", "Two"]);
}

#[tokio::test(start_paused = true)]
async fn a_client_who_is_disabled_is_left_nothing_and_is_shown_so() {
    let (world, ana, bo, kim) = office().await;
    let place = ana.begins(&["Bo", "Kim Berg"], "One").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    let kims = ana.contact("Kim Berg").await;
    world.server.block(kims).await.unwrap();
    world.settles(&[&ana, &bo]).await;
    let people = ana.engine().group_people(place).await.unwrap().people;
    let disabled: Vec<_> = people.iter().filter(|p| p.disabled).map(|p| p.name.as_str()).collect();
    assert_eq!(disabled, ["Kim Berg"]);
    assert_eq!(ana.at(place).await.unwrap().group.unwrap().customers, 0);
    assert!(!kim.mentions("One").await, "wiped");
}
