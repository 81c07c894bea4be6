//! What people do in message threads beside writing: how loud they are, what is found in
//! them, and what nobody may ask.

use fieldline_core::view::{Begin, Mark, Topic};
use fieldline_model::admin::people::EditPerson;
use fieldline_model::{AdminAsk, Code, History, PersonId, PlaceId, Problem, SoundLevel};
use fieldline_tests::world::{Device, office};

#[tokio::test(start_paused = true)]
async fn how_loud_a_place_is_is_the_persons_own_and_told_with_its_news() {
    let (world, ana, bo, cy) = office().await;
    let second = world.device_of("Bo").await;
    let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    world.settles(&[&ana, &bo, &second, &cy]).await;
    bo.engine().set_sound(bo.next_id(), place, Some(SoundLevel::All)).await.unwrap();
    bo.engine().set_sound(bo.next_id(), place, Some(SoundLevel::Quiet)).await.unwrap();
    assert_eq!(bo.at(place).await.unwrap().sound, Some(SoundLevel::Quiet), "at once");
    world.settles(&[&bo, &second]).await;
    assert_eq!(second.at(place).await.unwrap().sound, Some(SoundLevel::Quiet));
    let mut hints = [&bo, &second, &cy].map(|device| device.engine().subscribe());
    ana.says(place, "Tea?").await.unwrap();
    world.settles(&[&ana, &bo, &second, &cy]).await;
    let mut loud = |i: usize| {
        let mut found = Vec::new();
        while let Ok(topics) = hints[i].try_recv() {
            found.extend(topics.into_iter().filter_map(|topic| match topic {
                Topic::News { sound, .. } => Some(sound),
                _ => None,
            }));
        }
        found
    };
    assert_eq!((loud(0), loud(1)), (vec![Some(SoundLevel::Quiet)], vec![Some(SoundLevel::Quiet)]));
    assert_eq!(loud(2), [None]);
    bo.engine().set_sound(bo.next_id(), place, None).await.unwrap();
    world.settles(&[&bo, &second]).await;
    assert_eq!(second.at(place).await.unwrap().sound, None);
}

#[tokio::test(start_paused = true)]
async fn every_member_sees_who_has_read_how_far_and_seen_is_what_all_have() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "Who is on call?").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    let state = async |device: &Device| {
        let thread = device.at(place).await.unwrap();
        let seen = thread.group.unwrap().seen.into_iter().map(|it| (it.name, it.n)).collect::<Vec<_>>();
        (seen, thread.bubbles.last().unwrap().mark)
    };
    assert_eq!(state(&ana).await, (vec![], Mark::Sent));
    bo.engine().read(place, 2).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!(state(&ana).await, (vec![("Bo".to_owned(), 2)], Mark::Sent));
    // That she read what she wrote goes without saying.
    assert_eq!(state(&cy).await.0, [("Bo".to_owned(), 2)]);
    cy.engine().read(place, 2).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    let both = vec![("Bo".to_owned(), 2), ("Cy".to_owned(), 2)];
    assert_eq!(state(&ana).await, (both.clone(), Mark::Seen));
    // A device that comes later knows the same; one that is out, nothing.
    let second = world.device_of("Ana").await;
    world.settles(&[&second]).await;
    assert_eq!(state(&second).await, (both, Mark::Seen));
    ana.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!(state(&ana).await.0, [("Bo".to_owned(), 2)]);
    assert!(cy.at(place).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_search_in_a_thread_finds_its_own_messages_alone_and_nothing_deleted() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "The valve is worn").await.unwrap();
    let other = ana.begins(&["Bo"], "Which valve?").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    ana.says(place, "A new valve costs 40").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    bo.offline();
    let found = async |place| {
        let hits = bo.engine().find(place, " valv".into()).await.unwrap();
        hits.into_iter().map(|hit| (hit.n, hit.text)).collect::<Vec<_>>()
    };
    let both = [(3, "A new valve costs 40".to_owned()), (2, "The valve is worn".to_owned())];
    assert_eq!(found(place).await, both);
    assert_eq!(found(other).await.len(), 1);
    assert!(bo.engine().find(place, "  ".into()).await.unwrap().is_empty());
    let newest = ana.engine().find(place, "costs".into()).await.unwrap().remove(0).message;
    ana.engine().delete(ana.next_id(), place, newest).await.unwrap();
    assert!(ana.engine().find(place, "costs".into()).await.unwrap().is_empty(), "at once");
    bo.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!(found(place).await, both[1..]);
}

#[tokio::test(start_paused = true)]
async fn who_is_added_from_now_to_a_thread_with_customers_gets_what_is_written_next() {
    let (world, ana, bo, cy) = office().await;
    world.client("Rosa").await;
    world.settles(&[&ana, &bo, &cy]).await;
    let place = ana.begins(&["Bo", "Rosa"], "The old boiler leaks").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    ana.saves(place, (&["Cy"], &[]), History::FromNow).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    ana.says(place, "Cy has the parts").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!(ana.said(place).await, ["The old boiler leaks", "Cy has the parts"]);
    assert_eq!(cy.said(place).await, ["Cy has the parts"]);
}

/// What nobody may ask is refused on the device at once: a code, and nothing half-made.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_a_thread_is_refused_at_once_and_leaves_nothing() {
    let (world, ana, bo, cy) = office().await;
    let [me, bos, cys] = [bo.contact("Ana").await, ana.contact("Bo").await, ana.contact("Cy").await];
    let begin = |people: Vec<PersonId>, name: Option<&str>| {
        let (group, name) = (PlaceId(ana.next_id().0), name.map(str::to_owned));
        ana.engine().start_group(ana.next_id(), Begin { group, people, name, text: "Hi".into() })
    };
    let code = |it: Result<PlaceId, Problem>| it.unwrap_err().code;
    assert_eq!(code(begin(vec![], None).await), Code::NoPeople);
    assert_eq!(code(begin(vec![me, me], None).await), Code::NoPeople, "oneself alone");
    let many = (0..5_000).map(|n| PersonId(uuid::Uuid::from_u128(n))).collect();
    let too_many = begin(many, None).await.unwrap_err();
    assert_eq!((too_many.code, too_many.limit), (Code::TooManyPeople, Some(500)));
    assert_eq!(code(begin(vec![bos, cys], Some(&"x".repeat(10_000))).await), Code::BadName);
    assert_eq!((ana.threads().await.total, ana.unsent().await.len()), (0, 0));
    // Somebody twice is once, and oneself is no other: it is the direct thread.
    let direct = begin(vec![bos, bos, me], None).await.unwrap();
    assert_eq!(begin(vec![bos], None).await, Ok(direct));
    // A name that would turn the line around keeps its letters and loses its tricks.
    let named = begin(vec![bos, cys], Some("Roof \u{202e}maet\u{2066}\n\u{200f}")).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!((bo.threads().await.total, cy.threads().await.total), (2, 1));
    for device in [&ana, &bo, &cy] {
        let title = device.at(named).await.unwrap().name.unwrap();
        assert_eq!(title, "Roof maet");
    }
    let renamed = ana.engine().rename_group(ana.next_id(), named, "x".repeat(10_000)).await;
    assert_eq!(renamed.unwrap_err().code, Code::BadName);
    assert_eq!(bo.said(direct).await, ["Hi", "Hi"]);
}

/// Whoever is called so would turn the lines around that name them, on every screen.
#[tokio::test(start_paused = true)]
async fn a_persons_name_that_would_turn_lines_around_keeps_its_letters_and_loses_its_tricks() {
    let (world, ana, bo, cy) = office().await;
    let who = world.server.person_of("bo").await.unwrap().unwrap().id;
    let name = Some("Bo \u{202e}lhaD\u{2066}\u{200f}".to_owned());
    world.server.admin(AdminAsk::EditPerson(EditPerson { name, ..EditPerson::of(who) })).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    let (place, people) = (PlaceId(ana.next_id().0), vec![ana.contact("Bo lhaD").await]);
    let begin = Begin { group: place, people, name: None, text: "Hi".into() };
    ana.engine().start_group(ana.next_id(), begin).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!(bo.threads().await.total, 1);
    for device in [&ana, &bo, &cy] {
        assert!(device.mentions("Bo lhaD").await);
        for trick in ["\u{202e}", "\u{2066}", "\u{200f}"] {
            assert!(!device.mentions(trick).await, "{trick:?}");
        }
    }
}
