//! The feed: what each reader gets, and what leaves them.

use crate::house::{Device, House, accepted};
use fieldline_model::change::{RecordRef, What};
use fieldline_model::{Ask, Change, ConversationId, Record, RecordKind, Role};
use std::collections::{BTreeMap, BTreeSet};

fn about(changes: &[Change], it: ConversationId) -> Vec<&What> {
    changes
        .iter()
        .map(|change| &change.what)
        .filter(|what| match what {
            What::Put(record) => record.name() == RecordRef { kind: RecordKind::Conversation, id: it.0 },
            What::Left(name) => name.id == it.0,
        })
        .collect()
}

/// The state a device would have: the newest of each record, without what left.
fn applied<'c>(changes: impl IntoIterator<Item = &'c Change>) -> BTreeMap<RecordRef, Change> {
    let mut cache: BTreeMap<RecordRef, Change> = BTreeMap::new();
    for change in changes {
        let name = match &change.what {
            What::Put(record) => record.name(),
            What::Left(left) => left.name(),
        };
        if cache.get(&name).is_none_or(|known| known.seq <= change.seq) {
            cache.insert(name, change.clone());
        }
    }
    let gone: Vec<_> = cache
        .values()
        .filter_map(|c| match c.what {
            What::Left(n) => Some(n.id),
            _ => None,
        })
        .collect();
    cache.retain(|_, change| match &change.what {
        What::Left(_) => false,
        What::Put(Record::Message(entry)) => !gone.contains(&entry.place.0),
        What::Put(_) => true,
    });
    cache
}

#[tokio::test(start_paused = true)]
async fn a_pick_is_two_changes_and_the_other_agent_reads_left() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.customer("Rosa").await.says("Hello?").await;
    let (it, cursor) = (ana.only().await, house.server.head().await.unwrap());
    accepted(&ana.picks(it).await);
    assert_eq!(house.server.head().await.unwrap(), cursor + 2);
    let bos = bo.changes(cursor).await;
    assert!(matches!(about(&bos, it)[..], [What::Left(_)]) && bos.len() == 1, "{bos:?}");
    let anas = ana.changes(cursor).await;
    assert!(matches!(about(&anas, it)[..], [What::Put(_)]) && anas.len() == 2, "{anas:?}");
    assert!(bo.conversations().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn of_what_is_reopened_the_newest_entries_come_along_and_older_ones_by_page() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let root = house.device_of(&house.person("Root", Role::Admin).await).await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.ends(it).await);
    let cursor = house.server.head().await.unwrap();
    accepted(&root.asks(Ask::Reopen { conversation: it }).await);
    let roots = root.changes(cursor).await;
    // The record, what says so, and the three before: a snapshot has none of what is ended.
    assert_eq!(roots.len(), 5);
    assert!(matches!(about(&ana.changes(cursor).await, it)[..], [What::Left(_)]));
    let page: fieldline_model::api::OlderPage =
        root.get(&format!("/v1/conversations/{it}/messages?before=4")).await.json();
    assert_eq!(page.messages.len(), 3);
}

/// A device that had left a place takes nothing of it before it is back. (Simulation: seeds 316, 1057.)
#[tokio::test(start_paused = true)]
async fn what_comes_back_in_a_page_comes_before_all_that_is_of_it_and_each_once() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    let cursor = house.server.head().await.unwrap();
    let noted = bo.mints(Ask::Note { conversation: it, text: "The gate code is new".into() });
    accepted(&bo.submit(&noted).await);
    accepted(&bo.picks(it).await);
    accepted(&bo.asks(Ask::Transfer { conversation: it, to: None, note: String::new() }).await);
    let changes = ana.changes(cursor).await;
    let at = |kind, id| {
        let is = |change: &Change| matches!(&change.what, What::Put(record) if record.name() == RecordRef { kind, id });
        let found: Vec<usize> = (0..changes.len()).filter(|i| is(&changes[*i])).collect();
        assert_eq!(found.len(), 1, "once: {changes:?}");
        found[0]
    };
    assert!(at(RecordKind::Conversation, it.0) < at(RecordKind::Note, noted.id.0));
}

#[tokio::test(start_paused = true)]
async fn what_is_pulled_from_any_cursor_ends_in_the_snapshot() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let root = house.device_of(&house.person("Root", Role::Admin).await).await;
    for name in ["Rosa", "Kim", "Leo"] {
        house.customer(name).await.says("Hello?").await;
    }
    let ids: Vec<_> = ana.conversations().await.iter().map(|c| c.id).collect();
    accepted(&ana.picks(ids[0]).await);
    accepted(&bo.picks(ids[1]).await);
    accepted(&ana.says(ids[0], "Hi").await);
    accepted(&ana.ends(ids[0]).await);
    accepted(&bo.says(ids[1], "Hei").await);
    for device in [&ana, &bo, &root] {
        let snapshot = device.snapshot().await;
        let fresh: Vec<_> = applied(&snapshot.records).into_keys().collect();
        let pulled = device.changes(0).await;
        // The snapshot has no entries of ended ones, and Me stands only there.
        let shown = |name: &RecordRef| name.kind != RecordKind::Me && name.kind != RecordKind::Message;
        let fresh: Vec<_> = fresh.into_iter().filter(shown).collect();
        let pulled: Vec<_> = applied(&pulled).into_keys().filter(shown).collect();
        assert_eq!(pulled, fresh, "{}", device.person.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_read_twice_or_late_never_makes_a_copy_older() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    let early = ana.changes(0).await;
    accepted(&ana.picks(it).await);
    accepted(&ana.says(it, "Hi").await);
    let late = ana.changes(0).await;
    let in_order = applied(early.iter().chain(&late));
    assert_eq!(in_order, applied(late.iter().chain(&early)));
    assert_eq!(in_order, applied(early.iter().chain(&late).chain(&early).chain(&late)));
}

/// What comes along with a conversation may fill a page past its last place.
#[tokio::test(start_paused = true)]
async fn many_long_conversations_that_enter_at_once_come_in_pages_that_miss_nothing() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    for i in 0..8 {
        let customer = house.customer(&format!("Customer {i}")).await;
        for line in 0..60 {
            customer.says(&format!("line {line}")).await;
        }
    }
    let all: Vec<_> = ana.conversations().await.iter().map(|it| it.id).collect();
    for conversation in &all {
        accepted(&ana.picks(*conversation).await);
    }
    let mut after = house.server.head().await.unwrap();
    for conversation in &all {
        let to = Some(bo.person.id);
        accepted(&ana.asks(Ask::Transfer { conversation: *conversation, to, note: String::new() }).await);
    }
    let mut got: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    loop {
        let page = bo.feed(after).await;
        // The last to enter brings its newest fifty entries along.
        assert!(page.changes.len() <= 200 + 50, "{}", page.changes.len());
        for change in page.changes.iter().filter(|c| c["put"]["kind"] == "message") {
            let text = |field: &str| change["put"][field].as_str().unwrap().to_owned();
            got.entry(text("place")).or_default().insert(text("id"));
        }
        after = page.cursor;
        if !page.more {
            break;
        }
    }
    assert_eq!(got.values().map(BTreeSet::len).collect::<Vec<_>>(), [50; 8]);
    assert_eq!(after, house.server.head().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_long_feed_comes_in_pages_that_miss_nothing() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    for i in 0..240 {
        rosa.says(&format!("line {i}")).await;
        house.clock.sleep(std::time::Duration::from_secs(10)).await;
    }
    let (mut after, mut messages, mut pages) = (0, 0, 0);
    loop {
        let page = ana.feed(after).await;
        assert!(page.changes.len() <= 200 && page.cursor > after);
        messages += page.changes.iter().filter(|c| c["put"]["kind"] == "message").count();
        (after, pages) = (page.cursor, pages + 1);
        if !page.more {
            break;
        }
    }
    assert_eq!((messages, after), (240, house.server.head().await.unwrap()));
    assert_eq!(pages, 2);
    let snapshot = ana.snapshot().await;
    let entries = snapshot.records.iter().filter(|c| matches!(c.what, What::Put(Record::Message(_)))).count();
    assert_eq!(entries, 50);
}

async fn resyncs(ana: &Device, after: i64, epoch: &str) -> bool {
    let page: fieldline_model::api::ChangesPage =
        ana.get(&format!("/v1/changes?after={after}&epoch={epoch}")).await.json();
    assert!(!page.resync || page.changes.is_empty());
    page.resync
}

#[tokio::test(start_paused = true)]
async fn a_cursor_of_another_epoch_or_ahead_of_the_head_means_a_new_snapshot() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let (epoch, head) = (ana.snapshot().await.epoch, house.server.head().await.unwrap());
    assert!(!resyncs(&ana, head, &epoch).await);
    assert!(resyncs(&ana, head + 1, &epoch).await);
    assert!(resyncs(&ana, head, "other").await);
    assert!(resyncs(&ana, -1, &epoch).await);
}

/// What a device ends with that pulls everything after a cursor.
async fn pulled(device: &Device, mut after: i64) -> BTreeMap<RecordRef, Change> {
    let mut all = Vec::new();
    loop {
        let page = device.feed(after).await;
        assert!(!page.resync);
        all.extend(page.changes.into_iter().map(|change| serde_json::from_value(change).unwrap()));
        after = page.cursor;
        if !page.more {
            return applied(&all);
        }
    }
}

/// One of the things people do, as the dice fall; what is refused changes nothing.
async fn something_happens(house: &House, agents: &[Device], customers: &[crate::house::Page]) {
    let by = &agents[house.clock.below(agents.len() as u64) as usize];
    let all = by.conversations().await;
    let Some(it) = all.get(house.clock.below(all.len() as u64) as usize).map(|it| it.id) else {
        customers[house.clock.below(customers.len() as u64) as usize].says("Hello?").await;
        return;
    };
    match house.clock.below(7) {
        0 => drop(by.picks(it).await),
        1 => drop(by.ends(it).await),
        2 => drop(by.asks(Ask::Reopen { conversation: it }).await),
        3 => drop(customers[house.clock.below(customers.len() as u64) as usize].says("And?").await),
        _ => drop(by.says(it, "Hi").await),
    }
}

/// Compaction: whoever reads on from any cursor ends in the same state as without it.
#[tokio::test(start_paused = true)]
async fn from_every_cursor_a_compacted_feed_ends_in_the_same_state() {
    let mut dropped = 0;
    for seed in 0..6 {
        let house = House::open();
        for _ in 0..seed {
            house.clock.below(2);
        }
        let agents = [house.agent("Ana").await, house.agent("Bo").await];
        let customers = [house.customer("Rosa").await, house.customer("Kim").await];
        for _ in 0..40 {
            something_happens(&house, &agents, &customers).await;
        }
        let head = house.server.head().await.unwrap();
        let mut before = Vec::new();
        for agent in &agents {
            for after in (0..=head).step_by(3) {
                before.push(pulled(agent, after).await);
            }
        }
        dropped += house.server.compact(seed * 10).await.unwrap();
        assert_eq!(house.server.compact(seed * 10).await.unwrap(), 0);
        let mut before = before.into_iter();
        for agent in &agents {
            for after in (0..=head).step_by(3) {
                assert_eq!(pulled(agent, after).await, before.next().unwrap(), "{seed}: after {after}");
            }
        }
        let snapshot = agents[0].snapshot().await;
        assert_eq!(snapshot.cursor, head);
    }
    assert!(dropped > 20, "{dropped}");
}
