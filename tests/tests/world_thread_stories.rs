//! Each race and each offline story of message threads, told by what everybody sees in the
//! end: golden transcripts, read by a person.
//!
//! A story is one page: for each person the thread, who is in it, what of theirs is not
//! sent, and what the other devices of theirs see.

use fieldline_core::view::{Mark, MembersChange};
use fieldline_model::{History, PlaceId};
use fieldline_tests::world::{Device, World, golden, office, photo, transcript};
use std::fmt::Write;

/// What everybody sees of a thread.
async fn page(people: &[&Device], place: PlaceId) -> String {
    let mut page = String::new();
    for device in people {
        writeln!(page, "== {}", device.name).unwrap();
        match device.at(place).await {
            Ok(thread) => {
                page += &transcript(&thread);
                let people = device.engine().group_people(place).await.unwrap().people;
                let marks = |on: bool, mark: &'static str| if on { mark } else { "" };
                let names = people.iter().map(|it| {
                    format!("{}{}{}", it.name, marks(it.owner, " (owner)"), marks(it.disabled, " (disabled)"))
                });
                writeln!(page, "in it: {}", names.collect::<Vec<_>>().join(", ")).unwrap();
                if thread.group.is_some_and(|it| it.starts_here) {
                    page += "history starts here\n";
                }
            }
            Err(problem) => writeln!(page, "{:?}", problem.code).unwrap(),
        }
        for row in device.unsent().await {
            let why = row.problem.map(|it| format!(": {:?} {}", it.code, it.who.unwrap_or_default()));
            let why = why.unwrap_or_default();
            writeln!(page, "unsent {:?} {:?} {:?}{}", row.kind, row.text, row.mark, why.trim_end()).unwrap();
        }
        page.push('\n');
    }
    page
}

/// Both come back, one after the other, and everybody hears of it.
async fn come_back(world: &World, (first, second): (&Device, &Device), all: &[&Device]) {
    for device in [first, second] {
        device.online().await;
        world.settles(&[device]).await;
    }
    world.settles(all).await;
}

/// Ana, Bo and Cy in a thread, and Dan, who is not.
async fn three_and_dan() -> (World, [Device; 4], PlaceId) {
    let (world, ana, bo, cy) = office().await;
    let dan = world.agent("Dan").await;
    world.settles(&[&ana, &bo, &cy, &dan]).await;
    let place = ana.begins(&["Bo", "Cy"], "Hi").await.unwrap();
    world.settles(&[&ana, &bo, &cy, &dan]).await;
    (world, [ana, bo, cy, dan], place)
}

/// The two orders of a race, by the names of their pages.
const ORDERS: [(bool, &str); 2] = [(true, "ana-first"), (false, "bo-first")];

#[tokio::test(start_paused = true)]
async fn one_adds_and_another_removes_without_signal() {
    for (ana_first, order) in ORDERS {
        let (world, [ana, bo, cy, dan], place) = three_and_dan().await;
        ana.offline();
        bo.offline();
        ana.saves(place, (&["Dan"], &[]), History::FromNow).await.unwrap();
        ana.says(place, "Welcome, Dan").await.unwrap();
        bo.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
        bo.says(place, "Without Cy").await.unwrap();
        let order_of = if ana_first { (&ana, &bo) } else { (&bo, &ana) };
        come_back(&world, order_of, &[&ana, &bo, &cy, &dan]).await;
        golden(&format!("thread-add-and-remove-{order}"), &page(&[&ana, &bo, &cy, &dan], place).await);
    }
}

/// Both save at the same moment, against the same list: one batch each, whole.
#[tokio::test(start_paused = true)]
async fn two_edit_members_at_once() {
    for (ana_first, order) in ORDERS {
        let (world, [ana, bo, cy, dan], place) = three_and_dan().await;
        ana.offline();
        bo.offline();
        ana.saves(place, (&["Dan"], &["Cy"]), History::Everything).await.unwrap();
        bo.saves(place, (&["Dan"], &[]), History::FromNow).await.unwrap();
        let order_of = if ana_first { (&ana, &bo) } else { (&bo, &ana) };
        come_back(&world, order_of, &[&ana, &bo, &cy, &dan]).await;
        golden(&format!("thread-two-edit-{order}"), &page(&[&ana, &bo, &cy, &dan], place).await);
    }
}

#[tokio::test(start_paused = true)]
async fn one_person_is_changed_both_ways() {
    for (ana_first, order) in ORDERS {
        let (world, [ana, bo, cy, dan], place) = three_and_dan().await;
        ana.offline();
        bo.offline();
        // Ana takes Cy out and in again; Bo takes Cy out.
        ana.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
        ana.saves(place, (&["Cy"], &[]), History::FromNow).await.unwrap();
        bo.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
        let order_of = if ana_first { (&ana, &bo) } else { (&bo, &ana) };
        come_back(&world, order_of, &[&ana, &bo, &cy, &dan]).await;
        golden(&format!("thread-both-ways-{order}"), &page(&[&ana, &bo, &cy], place).await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_direct_thread_is_begun_by_both_without_signal() {
    for (ana_first, order) in ORDERS {
        let (world, ana, bo, _cy) = office().await;
        ana.offline();
        bo.offline();
        let place = ana.begins(&["Bo"], "Lunch?").await.unwrap();
        assert_eq!(bo.begins(&["Ana"], "Are you in?").await.unwrap(), place);
        let order_of = if ana_first { (&ana, &bo) } else { (&bo, &ana) };
        come_back(&world, order_of, &[&ana, &bo]).await;
        golden(&format!("thread-direct-by-both-{order}"), &page(&[&ana, &bo], place).await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_thread_with_a_photo_is_begun_without_signal_and_what_is_queued_follows_it() {
    let (world, ana, bo, cy) = office().await;
    ana.offline();
    let draft = ana.engine().new_group().await.unwrap().place;
    ana.engine().attach(draft, "valve.png".into(), photo(1, 200).into()).await.unwrap();
    let place = ana.begins(&["Bo", "Cy"], "Which valve is this?").await.unwrap();
    ana.says(place, "It leaks").await.unwrap();
    ana.engine().rename_group(ana.next_id(), place, "Valve".into()).await.unwrap();
    let before = page(&[&ana], place).await;
    ana.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    let after = page(&[&ana, &bo, &cy], place).await;
    golden("thread-begun-offline", &format!("Without signal\n{before}Later\n{after}"));
}

#[tokio::test(start_paused = true)]
async fn who_is_removed_without_signal_gets_back_what_they_wrote() {
    let (world, [ana, mut bo, cy, _dan], place) = three_and_dan().await;
    bo.offline();
    bo.says(place, "On my way").await.unwrap();
    bo.engine().attach(place, "door.png".into(), photo(3, 100).into()).await.unwrap();
    bo.says(place, "This door?").await.unwrap();
    ana.saves(place, (&[], &["Bo"]), History::FromNow).await.unwrap();
    ana.says(place, "Only we two now").await.unwrap();
    world.settles(&[&ana, &cy]).await;
    bo.crashes();
    bo.starts().await;
    bo.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    golden("thread-removed-offline", &page(&[&ana, &bo, &cy], place).await);
    assert!(!bo.mentions("Only we two").await);
}

/// A colleague and a client alike: what they queued while they were in it went out before,
/// or comes back; what is written after they are in it again is theirs to read.
#[tokio::test(start_paused = true)]
async fn who_is_removed_and_added_again_without_signal_reads_from_then_on() {
    let (world, [ana, bo, cy, _dan], place) = three_and_dan().await;
    cy.offline();
    cy.says(place, "Wait for me").await.unwrap();
    ana.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
    ana.says(place, "Between us").await.unwrap();
    ana.saves(place, (&["Cy"], &[]), History::FromNow).await.unwrap();
    ana.says(place, "Back again").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    cy.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    golden("thread-removed-and-added", &page(&[&ana, &cy], place).await);
    assert!(!cy.mentions("Between us").await);
}

#[tokio::test(start_paused = true)]
async fn the_module_is_taken_while_a_beginning_and_a_change_are_queued() {
    let (world, [ana, bo, cy, dan], place) = three_and_dan().await;
    ana.offline();
    ana.saves(place, (&["Dan"], &[]), History::FromNow).await.unwrap();
    ana.says(place, "Dan, are you there?").await.unwrap();
    let fresh = ana.begins(&["Bo", "Dan"], "A new one").await.unwrap();
    ana.says(fresh, "And more").await.unwrap();
    world.grants("ana", false).await;
    ana.online().await;
    world.settles(&[&ana, &bo, &cy, &dan]).await;
    golden("thread-module-taken", &page(&[&ana, &bo, &dan], place).await);
    golden("thread-module-taken-new", &page(&[&ana, &bo, &dan], fresh).await);
    // Granted again, a person tries again: nothing was lost.
    world.grants("ana", true).await;
    world.settles(&[&ana]).await;
    ana.engine().retry(None).await.unwrap();
    world.settles(&[&ana, &bo, &cy, &dan]).await;
    golden("thread-module-given-back", &page(&[&ana, &dan], place).await);
    golden("thread-module-given-back-new", &page(&[&ana, &bo, &dan], fresh).await);
}

#[tokio::test(start_paused = true)]
async fn somebody_is_added_who_was_disabled_a_moment_before() {
    let (world, [ana, bo, cy, dan], place) = three_and_dan().await;
    let dans = ana.contact("Dan").await;
    ana.offline();
    // All of it or nothing: Cy stays as well.
    ana.saves(place, (&["Dan"], &["Cy"]), History::FromNow).await.unwrap();
    ana.says(place, "Dan takes over").await.unwrap();
    world.server.block(dans).await.unwrap();
    ana.online().await;
    world.settles(&[&ana, &bo, &cy]).await;
    golden("thread-adds-disabled", &page(&[&ana, &bo, &cy], place).await);
    drop(dan);
}

#[tokio::test(start_paused = true)]
async fn a_member_is_disabled_while_others_write_without_signal() {
    let (world, [ana, bo, cy, _dan], place) = three_and_dan().await;
    let cys = ana.contact("Cy").await;
    bo.offline();
    bo.says(place, "Cy, the keys?").await.unwrap();
    world.server.block(cys).await.unwrap();
    world.settles(&[&ana]).await;
    bo.online().await;
    world.settles(&[&ana, &bo]).await;
    golden("thread-member-disabled", &page(&[&ana, &bo], place).await);
    // Whoever was shut out may be taken out, and is called by name while that waits.
    let change = MembersChange { add: vec![], remove: vec![cys], history: History::FromNow };
    bo.offline();
    bo.engine().save_members(bo.next_id(), place, change).await.unwrap();
    golden("thread-removes-disabled", &page(&[&bo], place).await);
    bo.online().await;
    world.settles(&[&ana, &bo]).await;
    assert_eq!(ana.sees_in(place).await, ["Ana", "Bo"]);
    drop(cy);
}

#[tokio::test(start_paused = true)]
async fn one_leaves_while_another_removes_them() {
    for (cy_first, order) in [(true, "leaves-first"), (false, "removed-first")] {
        let (world, [ana, bo, cy, _dan], place) = three_and_dan().await;
        cy.offline();
        ana.offline();
        cy.says(place, "Goodbye").await.unwrap();
        cy.engine().leave_group(cy.next_id(), place).await.unwrap();
        ana.saves(place, (&[], &["Cy"]), History::FromNow).await.unwrap();
        let order_of = if cy_first { (&cy, &ana) } else { (&ana, &cy) };
        come_back(&world, order_of, &[&ana, &bo, &cy]).await;
        golden(&format!("thread-leave-or-remove-{order}"), &page(&[&ana, &bo, &cy], place).await);
    }
}

#[tokio::test(start_paused = true)]
async fn the_owner_leaves_while_another_would_remove_them() {
    for (owner_first, order) in [(true, "leaves-first"), (false, "removed-first")] {
        let (world, [ana, bo, cy, _dan], place) = three_and_dan().await;
        ana.offline();
        bo.offline();
        ana.engine().leave_group(ana.next_id(), place).await.unwrap();
        let refused = bo.saves(place, (&[], &["Ana"]), History::FromNow).await.unwrap_err();
        assert_eq!(refused.code, fieldline_model::Code::OwnerStays, "known without signal");
        bo.engine().rename_group(bo.next_id(), place, "Ours".into()).await.unwrap();
        let order_of = if owner_first { (&ana, &bo) } else { (&bo, &ana) };
        come_back(&world, order_of, &[&ana, &bo, &cy]).await;
        golden(&format!("thread-owner-{order}"), &page(&[&ana, &bo, &cy], place).await);
    }
}

/// Clients are never left by themselves: of two colleagues who leave at once one stays.
#[tokio::test(start_paused = true)]
async fn the_last_two_colleagues_leave_a_thread_with_a_client_at_once() {
    for (ana_first, order) in ORDERS {
        let (world, ana, bo, _cy) = office().await;
        let kim = world.signed_up_client("Kim Berg").await;
        world.settles(&[&ana, &bo, &kim]).await;
        let place = ana.begins(&["Bo", "Kim Berg"], "Welcome").await.unwrap();
        world.settles(&[&ana, &bo, &kim]).await;
        ana.offline();
        bo.offline();
        for device in [&ana, &bo] {
            device.engine().leave_group(device.next_id(), place).await.unwrap();
        }
        let order_of = if ana_first { (&ana, &bo) } else { (&bo, &ana) };
        come_back(&world, order_of, &[&ana, &bo, &kim]).await;
        golden(&format!("thread-last-colleagues-{order}"), &page(&[&ana, &bo, &kim], place).await);
    }
}

#[tokio::test(start_paused = true)]
async fn two_name_a_thread_without_signal() {
    for (ana_first, order) in ORDERS {
        let (world, [ana, bo, cy, _dan], place) = three_and_dan().await;
        ana.offline();
        bo.offline();
        ana.engine().rename_group(ana.next_id(), place, "Roof \u{202e}crew".into()).await.unwrap();
        bo.engine().rename_group(bo.next_id(), place, "Cellar".into()).await.unwrap();
        let order_of = if ana_first { (&ana, &bo) } else { (&bo, &ana) };
        come_back(&world, order_of, &[&ana, &bo, &cy]).await;
        golden(&format!("thread-two-names-{order}"), &page(&[&ana, &cy], place).await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_is_removed_without_signal_and_comes_back() {
    let (world, ana, bo, _cy) = office().await;
    let kim = world.signed_up_client("Kim Berg").await;
    world.settles(&[&ana, &bo, &kim]).await;
    let place = ana.begins(&["Bo", "Kim Berg"], "One").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    kim.offline();
    kim.says(place, "Wait for me").await.unwrap();
    ana.saves(place, (&[], &["Kim Berg"]), History::FromNow).await.unwrap();
    ana.says(place, "Only staff").await.unwrap();
    world.settles(&[&ana, &bo]).await;
    kim.online().await;
    world.settles(&[&ana, &bo, &kim]).await;
    let out = page(&[&kim], place).await;
    for row in kim.unsent().await {
        assert_eq!(row.mark, Mark::Stuck);
    }
    ana.saves(place, (&["Kim Berg"], &[]), History::FromNow).await.unwrap();
    ana.says(place, "Three").await.unwrap();
    world.settles(&[&ana, &bo, &kim]).await;
    let back = page(&[&ana, &kim], place).await;
    golden("thread-client-removed", &format!("Out\n{out}Back\n{back}"));
    assert!(!kim.mentions("Only staff").await);
}
