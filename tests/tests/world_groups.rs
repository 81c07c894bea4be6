//! Message threads across devices: begun without signal, joined, left, and taken away.

use fieldline_core::view::{Block, BubbleBody, GroupTab, Mark, OutboxKind, Page, Topic};
use fieldline_model::{Code, GroupChange, History, PlaceId, SoundLevel};
use fieldline_tests::world::{Device, office, photo};

#[tokio::test(start_paused = true)]
async fn two_who_begin_their_direct_thread_offline_have_one_with_both_messages() {
    let (world, ana, bo, _cy) = office().await;
    ana.offline();
    bo.offline();
    let place = ana.begins(&["Bo"], "Lunch?").await.unwrap();
    assert_eq!(bo.begins(&["Ana"], "Are you in?").await.unwrap(), place);
    assert_eq!(ana.begins(&["Bo"], "").await.unwrap(), place, "asking again opens the same");
    let row = &ana.threads().await.rows[0];
    assert_eq!((row.title.as_str(), row.direct, row.pending, row.unsent), ("Bo", true, true, 1));
    ana.online().await;
    world.settles(&[&ana]).await;
    bo.online().await;
    world.settles(&[&ana, &bo]).await;
    for device in [&ana, &bo] {
        assert_eq!(device.said(place).await, ["Lunch?", "Are you in?"]);
        assert_eq!((device.threads().await.total, device.unsent().await.len()), (1, 0));
        assert!(!device.threads().await.rows[0].pending);
    }
    assert_eq!(bo.threads().await.rows[0].title, "Ana");
}

/// The first message, its photo and what is queued behind them go out in order, also
/// when the app is killed before there is signal.
#[tokio::test(start_paused = true)]
async fn a_thread_begun_offline_is_there_at_once_and_goes_out_in_order() {
    let (world, mut ana, bo, cy) = office().await;
    ana.offline();
    let draft = ana.engine().new_group().await.unwrap().place;
    ana.engine().attach(draft, "valve.png".into(), photo(1, 200).into()).await.unwrap();
    let place = ana.begins(&["Bo", "Cy"], "Which valve is this?").await.unwrap();
    assert!(ana.engine().new_group().await.unwrap().draft.files.is_empty());
    ana.says(place, "It leaks").await.unwrap();
    ana.engine().attach(place, "drop.png".into(), photo(2, 200).into()).await.unwrap();
    ana.says(place, "A lot").await.unwrap();
    ana.crashes();
    ana.starts().await;
    let all = ["Which valve is this?", "It leaks", "A lot"];
    let thread = ana.at(place).await.unwrap();
    assert!(thread.bubbles.iter().all(|b| b.mark == Mark::Waiting) && thread.can.send);
    assert_eq!(ana.said(place).await, all);
    assert_eq!(ana.sees_in(place).await, ["Ana", "Bo", "Cy"]);
    assert_eq!(ana.unsent().await[0].kind, OutboxKind::Start);
    ana.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    for device in [&ana, &bo, &cy] {
        assert_eq!(device.said(place).await, all);
        let thread = device.at(place).await.unwrap();
        let files = |b: &fieldline_core::view::Bubble| match &b.body {
            BubbleBody::Said { files, .. } => files.len(),
            _ => 0,
        };
        assert_eq!(thread.bubbles.iter().map(files).collect::<Vec<_>>(), [0, 1, 0, 1]);
        assert_eq!(thread.bubbles[0].body, BubbleBody::Changed { change: GroupChange::Started });
        assert!(thread.bubbles.iter().all(|b| b.mark == Mark::Sent));
    }
}

#[tokio::test(start_paused = true)]
async fn members_saved_by_two_offline_converge_in_either_order() {
    for ana_first in [true, false] {
        let (world, ana, bo, cy) = office().await;
        let dan = world.agent("Dan").await;
        world.settles(&[&ana, &bo, &cy, &dan]).await;
        let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
        world.settles(&[&ana, &bo, &cy, &dan]).await;
        ana.offline();
        bo.offline();
        ana.saves(place, (&["Dan"], &[]), History::FromNow).await.unwrap();
        bo.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
        assert_eq!(ana.sees_in(place).await, ["Ana", "Bo", "Cy", "Dan"], "shown at once");
        assert_eq!(bo.sees_in(place).await, ["Ana", "Bo"]);
        let (first, second) = if ana_first { (&ana, &bo) } else { (&bo, &ana) };
        first.online().await;
        world.settles(&[first]).await;
        second.online().await;
        world.settles(&[&ana, &bo, &cy, &dan]).await;
        for device in [&ana, &bo, &dan] {
            assert_eq!(device.sees_in(place).await, ["Ana", "Bo", "Dan"]);
        }
        assert_eq!(cy.at(place).await.unwrap_err().code, Code::NotFound);
        assert!(cy.threads().await.rows.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn of_one_person_changed_both_ways_the_later_wins() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    bo.offline();
    bo.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
    ana.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
    ana.saves(place, (&["Cy"], &[]), History::FromNow).await.unwrap();
    world.settles(&[&ana, &cy]).await;
    assert_eq!(cy.sees_in(place).await, ["Ana", "Bo", "Cy"]);
    bo.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!(ana.sees_in(place).await, ["Ana", "Bo"]);
    assert!(cy.threads().await.rows.is_empty());
}

/// FD2: removed while offline with replies queued.
#[tokio::test(start_paused = true)]
async fn who_is_removed_while_offline_keeps_what_they_wrote_and_nothing_else() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "The gate code is 4711").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    bo.offline();
    bo.says(place, "On my way").await.unwrap();
    bo.engine().attach(place, "door.png".into(), photo(3, 100).into()).await.unwrap();
    bo.says(place, "This door?").await.unwrap();
    ana.saves(place, (&[], &["Bo"]), History::FromNow).await.unwrap();
    ana.says(place, "Only we two now").await.unwrap();
    world.settles(&[&ana, &cy]).await;
    bo.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    let stuck = bo.unsent().await;
    let texts: Vec<_> = stuck.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(texts, ["On my way", "This door?"]);
    for row in &stuck {
        assert_eq!((row.mark, row.problem.as_ref().unwrap().code), (Mark::Stuck, Code::NotPermitted));
    }
    assert_eq!(bo.at(place).await.unwrap_err().code, Code::NotFound);
    assert!(bo.threads().await.rows.is_empty());
    let found = bo.engine().groups(GroupTab::All, "gate".into(), Page::first(10)).await.unwrap();
    assert_eq!(found.total, 0, "nor is it found by what was said");
    let profile = bo.engine().profile().unwrap();
    let kept = profile.run(|c| {
        c.query_row("SELECT count(*) FROM message", [], |r| r.get::<_, u32>(0))
            .map_err(fieldline_core::store::problem)
    });
    assert_eq!(kept.await, Ok(0), "purged");
    assert_eq!(ana.said(place).await, ["The gate code is 4711", "Only we two now"]);
}

/// The thread goes from the device, and its name with it; what was being composed there keeps it.
#[tokio::test(start_paused = true)]
async fn who_is_removed_reads_of_which_thread_what_they_were_composing_is() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "Lunch?").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    bo.engine().save_draft(place, "At no".into()).await.unwrap();
    ana.saves(place, (&[], &["Bo"]), History::FromNow).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    let left = bo.engine().outbox().await.unwrap();
    let left: Vec<_> = left.iter().map(|row| (row.title.as_str(), row.text.as_str())).collect();
    assert_eq!(left, [("Ana, Cy", "At no")]);
}

/// FD9: the module is gone when what was asked by it arrives.
#[tokio::test(start_paused = true)]
async fn a_thread_begun_while_the_module_was_taken_away_is_stuck_and_its_text_is_safe() {
    let (world, ana, bo, cy) = office().await;
    ana.offline();
    let place = ana.begins(&["Bo", "Cy"], "Who is on call?").await.unwrap();
    ana.says(place, "Anyone?").await.unwrap();
    world.grants("ana", false).await;
    ana.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    let stuck = ana.unsent().await;
    assert_eq!(stuck.iter().map(|row| row.kind).collect::<Vec<_>>(), [OutboxKind::Start, OutboxKind::Send]);
    assert!(stuck.iter().all(|row| row.problem.as_ref().unwrap().code == Code::ModuleNeeded));
    let thread = ana.at(place).await.unwrap();
    assert!(!thread.can.send && thread.bubbles.iter().all(|b| b.mark == Mark::Stuck));
    assert!(ana.threads().await.rows[0].stuck);
    assert_eq!(ana.begins(&["Bo"], "Hi").await.unwrap_err().code, Code::ModuleNeeded);
    assert!(bo.threads().await.rows.is_empty() && cy.threads().await.rows.is_empty());
    ana.engine().discard(stuck[0].intent, true).await.unwrap();
    assert_eq!(ana.engine().new_group().await.unwrap().draft.text, "Who is on call?\nAnyone?");
    assert!(ana.threads().await.rows.is_empty() && ana.unsent().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn history_starts_here_for_who_is_added_from_now_also_when_they_were_there_before() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "One").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    assert_eq!(cy.said(place).await, ["One"]);
    cy.offline();
    ana.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
    ana.says(place, "Two").await.unwrap();
    ana.saves(place, (&["Cy"], &[]), History::FromNow).await.unwrap();
    ana.says(place, "Three").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    cy.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    let thread = cy.at(place).await.unwrap();
    assert!(thread.group.unwrap().starts_here && !thread.older);
    assert!(
        matches!(&thread.bubbles[0].body, BubbleBody::Changed { .. }),
        "the line that says so comes first"
    );
    assert_eq!(cy.said(place).await, ["Three"]);
    assert_eq!(cy.engine().older(place).await, Ok(false));
    let fresh = world.device_of("Cy").await;
    world.settles(&[&fresh]).await;
    assert_eq!(fresh.said(place).await, ["Three"]);
    assert_eq!(bo.said(place).await, ["One", "Two", "Three"]);
}

type Hints = tokio::sync::broadcast::Receiver<Vec<Topic>>;

/// What hints a device got since it was asked last.
fn hinted(hints: &mut Hints) -> Vec<Topic> {
    let mut found = Vec::new();
    while let Ok(topics) = hints.try_recv() {
        found.extend(topics);
    }
    found
}

/// Those of news: title and text.
fn news(hints: &mut Hints) -> Vec<(String, String)> {
    let news = hinted(hints).into_iter().filter_map(|topic| match topic {
        Topic::News { title, text, .. } => Some((title, text)),
        _ => None,
    });
    news.collect()
}

#[tokio::test(start_paused = true)]
async fn every_member_is_told_unless_they_muted_it_and_reading_on_one_device_clears_the_others() {
    let (world, ana, bo, cy) = office().await;
    let second = world.device_of("Bo").await;
    world.settles(&[&ana, &bo, &second, &cy]).await;
    let mut hints = [&ana, &bo, &second, &cy].map(|device| device.engine().subscribe());
    let place = ana.begins(&["Bo", "Cy"], "Who is on call?").await.unwrap();
    world.settles(&[&ana, &bo, &second, &cy]).await;
    assert!(news(&mut hints[0]).is_empty());
    // Thread and first message are one piece of news.
    let told = |title: &str| vec![(title.to_owned(), "Ana: Who is on call?".to_owned())];
    assert_eq!([1, 2].map(|it| news(&mut hints[it])), [told("Ana, Cy"), told("Ana, Cy")]);
    assert_eq!(news(&mut hints[3]), told("Ana, Bo"));
    let unread = async |device: &Device| {
        let counts = device.engine().status().await.unwrap().counts;
        (counts.messages, device.threads().await.rows[0].unread)
    };
    assert_eq!((unread(&ana).await, unread(&bo).await, unread(&second).await), ((0, 0), (1, 1), (1, 1)));
    bo.engine().read(place, 2).await.unwrap();
    world.settles(&[&bo, &second]).await;
    assert_eq!((unread(&bo).await, unread(&second).await, unread(&cy).await), ((0, 0), (0, 0), (1, 1)));
    bo.engine().set_sound(bo.next_id(), place, Some(SoundLevel::None)).await.unwrap();
    assert_eq!(bo.threads().await.rows[0].sound, Some(SoundLevel::None), "at once");
    world.settles(&[&bo, &second]).await;
    hinted(&mut hints[1]);
    ana.says(place, "Hello?").await.unwrap();
    world.settles(&[&ana, &bo, &second, &cy]).await;
    let quiet = hinted(&mut hints[1]);
    assert!(quiet.contains(&Topic::Lists) && quiet.contains(&Topic::Status), "{quiet:?}");
    assert!(!quiet.iter().any(|topic| matches!(topic, Topic::News { .. })) && news(&mut hints[2]).is_empty());
    assert_eq!(news(&mut hints[3]).last().unwrap().1, "Ana: Hello?");
    assert_eq!((unread(&bo).await, unread(&second).await), ((0, 1), (0, 1)), "it is only not counted");
}

#[tokio::test(start_paused = true)]
async fn who_leaves_is_out_at_once_and_the_others_read_it() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    ana.offline();
    ana.engine().leave_group(ana.next_id(), place).await.unwrap();
    assert!(ana.threads().await.rows.is_empty());
    ana.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    assert!(ana.threads().await.rows.is_empty() && ana.unsent().await.is_empty());
    let thread = bo.at(place).await.unwrap();
    let last = thread.bubbles.last().unwrap();
    assert_eq!(
        (&last.body, last.author.as_str()),
        (&BubbleBody::Changed { change: GroupChange::Left }, "Ana")
    );
    bo.engine().rename_group(bo.next_id(), place, "Roof".into()).await.unwrap();
    world.settles(&[&bo, &cy]).await;
    assert_eq!(cy.threads().await.rows[0].title, "Roof");
    let owner = cy.engine().group_people(place).await.unwrap().people.into_iter().find(|it| it.owner);
    assert_eq!(owner.unwrap().name, "Bo", "who has been in it longest");
}

#[tokio::test(start_paused = true)]
async fn customers_are_chosen_as_colleagues_are_and_the_thread_says_so_at_all_times() {
    let (world, ana, bo, _cy) = office().await;
    world.client("Kim Berg").await;
    world.server.import_contacts("name,phone\nFjord Hotel,+47 900 12 345\nSeñor Ruiz,\n").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    let found = async |block, typed: &str| {
        let all = ana.engine().contacts(block, typed.into(), 0, 10).await.unwrap();
        all.contacts.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(found(Block::Customer, "").await, ["Fjord Hotel", "Kim Berg", "Señor Ruiz"]);
    assert_eq!(found(Block::Internal, "").await, ["Bo", "Cy"]);
    assert_eq!(found(Block::Customer, "b ki").await, ["Kim Berg"]);
    assert_eq!(found(Block::Customer, "senor").await, ["Señor Ruiz"]);
    assert_eq!(found(Block::Customer, "900 12").await, ["Fjord Hotel"]);
    assert_eq!(found(Block::Customer, "*").await, [] as [&str; 0]);
    let place = ana.begins(&["Bo", "Kim Berg"], "Welcome").await.unwrap();
    assert_eq!(ana.at(place).await.unwrap().group.unwrap().customers, 1, "before the server has it");
    world.settles(&[&ana, &bo]).await;
    assert_eq!(bo.at(place).await.unwrap().group.unwrap().customers, 1);
    let tab = async |tab| bo.engine().groups(tab, String::new(), Page::first(10)).await.unwrap().total;
    assert_eq!((tab(GroupTab::Customers).await, tab(GroupTab::Internal).await), (1, 0));
    let direct = ana.begins(&["Bo"], "Psst").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    assert_eq!(
        (tab(GroupTab::Groups).await, tab(GroupTab::Internal).await, tab(GroupTab::All).await),
        (1, 1, 2)
    );
    assert_eq!(bo.threads().await.rows[0].place, direct, "newest first");
    let said = bo.engine().groups(GroupTab::All, "psst".into(), Page::first(10)).await.unwrap();
    assert_eq!((said.total, said.unread.all, said.unread.customers), (1, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn somebody_disabled_leaves_every_list_and_whoever_chose_them_before_hears_who() {
    let (world, ana, bo, cy) = office().await;
    ana.offline();
    ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    let cys = ana.contact("Cy").await;
    world.server.block(cys).await.unwrap();
    ana.online().await;
    world.settles(&[&ana, &bo]).await;
    let stuck = ana.unsent().await;
    let problem = stuck[0].problem.as_ref().unwrap();
    assert_eq!((problem.code, problem.who.as_deref()), (Code::PersonGone, Some("Cy")));
    let internal = ana.engine().contacts(Block::Internal, String::new(), 0, 10).await.unwrap();
    assert_eq!(internal.contacts.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Bo"]);
    drop(cy);
}

#[tokio::test(start_paused = true)]
async fn the_same_beginning_asked_twice_begins_once() {
    let (world, ana, bo, _cy) = office().await;
    let (id, group) = (ana.next_id(), PlaceId(ana.next_id().0));
    let people = vec![ana.contact("Bo").await, ana.contact("Cy").await];
    let begin =
        || fieldline_core::view::Begin { group, people: people.clone(), name: None, text: "Hi".into() };
    for _ in 0..2 {
        assert_eq!(ana.engine().start_group(id, begin()).await, Ok(group));
    }
    world.settles(&[&ana, &bo]).await;
    assert_eq!(ana.engine().start_group(id, begin()).await, Ok(group));
    world.settles(&[&ana, &bo]).await;
    assert_eq!((bo.threads().await.total, bo.said(group).await), (1, vec!["Hi".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_message_is_gone_for_every_member_also_the_first_of_a_thread_that_is_not_sent() {
    let (world, ana, bo, cy) = office().await;
    ana.offline();
    let place = ana.begins(&["Bo", "Cy"], "Oops").await.unwrap();
    ana.says(place, "Who is on call?").await.unwrap();
    let first = ana.at(place).await.unwrap().bubbles[0].id;
    ana.engine().delete(ana.next_id(), place, first).await.unwrap();
    ana.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    for device in [&ana, &bo, &cy] {
        assert_eq!(device.said(place).await, ["Who is on call?"]);
        let bubbles = device.at(place).await.unwrap().bubbles;
        assert_eq!(bubbles.iter().filter(|b| b.body == BubbleBody::Deleted).count(), 1);
    }
    assert_eq!(bo.threads().await.rows[0].unread, 1, "what is deleted is nothing to read");
    let last = bo.at(place).await.unwrap().bubbles.last().unwrap().id;
    assert_eq!(bo.engine().delete(bo.next_id(), place, last).await.unwrap_err().code, Code::NotPermitted);
}

/// The simulation's seed 55: the answer to a deletion told of a conversation that had left,
/// and everything of the thread went with it.
#[tokio::test(start_paused = true)]
async fn deleting_a_message_of_a_thread_takes_nothing_else_of_it() {
    let (world, ana, bo, cy) = office().await;
    let place = ana.begins(&["Bo", "Cy"], "One").await.unwrap();
    ana.says(place, "Two").await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    let one = ana.at(place).await.unwrap().bubbles[1].id;
    ana.engine().delete(ana.next_id(), place, one).await.unwrap();
    world.settles(&[&ana, &bo, &cy]).await;
    for device in [&ana, &bo] {
        assert_eq!(device.said(place).await, ["Two"]);
        assert_eq!(device.at(place).await.unwrap().bubbles.len(), 3);
    }
    assert_eq!(ana.threads().await.rows[0].unread, 0);
}
