//! B5: a customer's previous conversations, from the device and, past it, from the
//! server, for who holds one of that customer now, and for nobody else.

use fieldline_core::store::notes;
use fieldline_core::view::Section;
use fieldline_model::Code;
use fieldline_tests::world::{Customer, Device, World, photo};

/// Rosa was served by Bo, by Ana and by Bo again, and writes anew; Ana picks that.
async fn rosa_comes_back(world: &World) -> (Device, Device, Customer) {
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    for (n, agent) in [&bo, &ana, &bo].into_iter().enumerate() {
        rosa.says(&format!("Question {n}"), &[photo(n as u8, 40)], None).await.unwrap();
        world.settles(&[&ana, &bo]).await;
        agent.picks("Rosa").await.unwrap();
        agent.sends("Rosa", &format!("Answer {n}")).await.unwrap();
        agent.ends("Rosa").await.unwrap();
        world.settles(&[&ana, &bo]).await;
    }
    rosa.writes("It leaks again").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    (ana, bo, rosa)
}

fn told(who: &str, n: usize) -> (String, Vec<String>) {
    (who.into(), vec![format!("Question {n}"), format!("Answer {n}")])
}

#[tokio::test(start_paused = true)]
async fn who_picks_reads_every_previous_conversation_in_one_timeline_also_offline() {
    let world = World::new().await;
    let (mut ana, bo, _rosa) = rosa_comes_back(&world).await;
    // Before the pick: one's own, from the device.
    assert_eq!(ana.previous("Rosa").await.0, [told("Ana", 1)]);
    let refused = ana.fetches_previous("Rosa").await;
    assert!(refused.is_ok(), "{refused:?}");
    assert_eq!(ana.previous("Rosa").await.0, [told("Ana", 1)]);
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert!(ana.previous("Rosa").await.1);
    ana.fetches_previous("Rosa").await.unwrap();
    let whole = (vec![told("Bo", 0), told("Ana", 1), told("Bo", 2)], false);
    assert_eq!(ana.previous("Rosa").await, whole);
    ana.offline();
    ana.crashes();
    ana.starts().await;
    assert_eq!(ana.previous("Rosa").await, whole);
    // In no list of hers but what she had herself.
    assert_eq!(ana.names(Section::History).await, ["Rosa"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_through_a_conversation_goes_when_it_is_no_longer_held() {
    let world = World::new().await;
    let (ana, bo, rosa) = rosa_comes_back(&world).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    ana.fetches_previous("Rosa").await.unwrap();
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(ana.previous("Rosa").await, (vec![told("Ana", 1)], false));
    // Held again by another device's reopening, it is there to be fetched again.
    ana.reopens("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(ana.previous("Rosa").await, (vec![told("Ana", 1)], true));
    ana.fetches_previous("Rosa").await.unwrap();
    assert_eq!(ana.previous("Rosa").await.0.len(), 3);
    drop(rosa);
}

#[tokio::test(start_paused = true)]
async fn the_internal_notes_of_a_previous_conversation_come_and_go_with_it() {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("It leaks").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    bo.picks("Rosa").await.unwrap();
    bo.notes("Rosa", "Paid late twice").await.unwrap();
    bo.ends("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    rosa.writes("It leaks again").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    let place = ana.with("Rosa").await;
    let noted = async || {
        let past = ana.engine().previous(place, 60).await.unwrap().conversations;
        past.into_iter().flat_map(|it| it.notes).map(|it| (it.author, it.text)).collect::<Vec<_>>()
    };
    assert!(noted().await.is_empty());
    ana.fetches_previous("Rosa").await.unwrap();
    assert_eq!(noted().await, [("Bo".to_owned(), "Paid late twice".to_owned())]);
    let old = ana.engine().previous(place, 60).await.unwrap().conversations.remove(0).place;
    let kept = async || {
        let profile = ana.engine().profile().unwrap();
        profile.run(move |c| notes::kept(c, old, 9)).await.unwrap().len()
    };
    assert_eq!(kept().await, 1);
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!((noted().await.len(), kept().await), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_reopened_is_no_previous_one_any_more_and_hides_none_before_it() {
    let world = World::new().await;
    let (ana, bo, _rosa) = rosa_comes_back(&world).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    let place = ana.with("Rosa").await;
    assert!(ana.engine().fetch_previous(place).await.unwrap());
    assert_eq!(ana.previous("Rosa").await, (vec![told("Ana", 1), told("Bo", 2)], true));
    bo.reopens("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(ana.previous("Rosa").await, (vec![told("Ana", 1)], true));
    ana.fetches_previous("Rosa").await.unwrap();
    assert_eq!(ana.previous("Rosa").await, (vec![told("Bo", 0), told("Ana", 1)], false));
}

#[tokio::test(start_paused = true)]
async fn no_signal_says_so_and_shows_what_is_here() {
    let world = World::new().await;
    let (ana, bo, _rosa) = rosa_comes_back(&world).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    ana.offline();
    assert_eq!(ana.fetches_previous("Rosa").await.unwrap_err().code, Code::Unreachable);
    assert_eq!(ana.previous("Rosa").await, (vec![told("Ana", 1)], true));
}

/// 120 entries: page by page, each once.
#[tokio::test(start_paused = true)]
async fn a_long_previous_conversation_comes_page_by_page() {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    for n in 0..120 {
        rosa.writes(&format!("Line {n}")).await.unwrap();
    }
    world.settles(&[&ana, &bo]).await;
    bo.picks("Rosa").await.unwrap();
    bo.ends("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    rosa.writes("Again").await.unwrap();
    world.settles(&[&ana]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    ana.fetches_previous("Rosa").await.unwrap();
    let (past, more) = ana.previous("Rosa").await;
    assert!(!more);
    assert_eq!(past.len(), 1);
    assert_eq!(past[0].1, (0..120).map(|n| format!("Line {n}")).collect::<Vec<_>>());
    let place = ana.with("Rosa").await;
    let newest = ana.engine().previous(place, 10).await.unwrap();
    assert_eq!((newest.conversations[0].bubbles.len(), newest.more), (10, true));
}

/// The button goes with the last one: nobody presses it for nothing.
#[tokio::test(start_paused = true)]
async fn who_has_fetched_the_first_conversation_is_not_offered_another() {
    let world = World::new().await;
    let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
    let rosa = world.customer(Some("Rosa"), None).await;
    rosa.writes("It leaks").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    bo.picks("Rosa").await.unwrap();
    bo.ends("Rosa").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    rosa.writes("It leaks again").await.unwrap();
    world.settles(&[&ana]).await;
    ana.picks("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    let place = ana.with("Rosa").await;
    assert!(ana.engine().fetch_previous(place).await.unwrap());
    assert_eq!(ana.previous("Rosa").await, (vec![("Bo".into(), vec!["It leaks".into()])], false));
}

/// It was offered once, before the server was asked and had said that there is nothing.
#[tokio::test(start_paused = true)]
async fn of_a_customer_who_writes_for_the_first_time_nothing_previous_is_offered() {
    let world = World::new().await;
    let ana = world.agent("Ana").await;
    let kim = world.customer(Some("Kim"), None).await;
    kim.writes("Hello?").await.unwrap();
    world.settles(&[&ana]).await;
    ana.picks("Kim").await.unwrap();
    world.settles(&[&ana]).await;
    assert_eq!(ana.previous("Kim").await, (vec![], false));
    let asked = ana.net.asked().len();
    assert!(!ana.engine().fetch_previous(ana.with("Kim").await).await.unwrap());
    assert_eq!(ana.net.asked().len(), asked, "nor is the server asked");
    ana.ends("Kim").await.unwrap();
    world.settles(&[&ana]).await;
    let bo = world.agent("Bo").await;
    kim.writes("Hello again").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    bo.picks("Kim").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert!(bo.previous("Kim").await.1);
}
