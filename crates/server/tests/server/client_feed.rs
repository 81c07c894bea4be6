//! A client's feed, page by page: a thread comes whole and before its entries, and a page is
//! never large.

use crate::house::{Device, House, accepted};
use crate::told::texts;
use fieldline_model::api::PAGE_MAX;
use fieldline_model::change::{Change, What};
use fieldline_model::{Ask, GroupId, History, Module, Record, Send, Start};
use uuid::Uuid;

fn nth(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(n))
}

fn send(to: GroupId, text: &str) -> Send {
    Send::text(to.into(), text)
}

fn start(group: GroupId, people: &[&Device], text: &str) -> Ask {
    let people = people.iter().map(|d| d.person.id).collect();
    Ask::Start(Start { group, people, name: None, first: Some(send(group, text)) })
}

fn add(group: GroupId, who: &Device, history: History) -> Ask {
    Ask::Members { group, add: vec![who.person.id], remove: vec![], history }
}

/// Ana, who may begin threads, Bo, and Kim, a client.
async fn house() -> (House, Device, Device, Device) {
    let house = House::open();
    let (ana, bo, kim) = (house.agent("Ana").await, house.agent("Bo").await, house.client("Kim").await);
    house.server.grant(ana.person.id, Module::MessagingCompany, true).await.unwrap();
    (house, ana, bo, kim)
}

/// All pages after a cursor.
async fn pages(of: &Device, mut after: i64) -> Vec<Vec<Change>> {
    let mut pages = Vec::new();
    loop {
        let page = of.feed(after).await;
        pages.push(page.changes.into_iter().map(|it| serde_json::from_value(it).unwrap()).collect());
        assert!(!page.more || page.cursor > after, "a page moves on");
        after = page.cursor;
        if !page.more {
            return pages;
        }
    }
}

/// Asserts that each entry comes after its thread.
fn threads_first(changes: &[Change]) {
    let mut there: Vec<Uuid> = Vec::new();
    for change in changes {
        match &change.what {
            What::Put(Record::Group(it)) => there.push(it.id.0),
            What::Put(Record::Message(it)) => assert!(there.contains(&it.place.0), "entry {} first", it.n),
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_thread_comes_with_what_was_said_before_also_when_it_changed_a_page_later() {
    let (_house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(nth(1), &[&bo, &kim], "Hi")).await);
    accepted(&ana.asks(start(nth(2), &[&bo, &_house.agent("Cy").await], "Before Kim")).await);
    accepted(&ana.asks(add(nth(2), &kim, History::Everything)).await);
    for n in 0..PAGE_MAX + 10 {
        accepted(&ana.asks(Ask::Send(send(nth(1), &format!("{n}")))).await);
    }
    accepted(&ana.asks(Ask::Rename { group: nth(2), name: "Roof".into() }).await);
    let pages = pages(&kim, 0).await;
    assert!(pages.len() > 1 && texts(&pages[0]).contains(&"Before Kim".to_owned()));
    let all = pages.concat();
    threads_first(&all);
    let newest = all.iter().rev().find_map(|c| match &c.what {
        What::Put(Record::Group(it)) if it.id == nth(2) => Some(it.name.clone()),
        _ => None,
    });
    assert_eq!(newest, Some(Some("Roof".into())));
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_came_back_comes_before_what_was_told_of_it_then() {
    let (_house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(nth(1), &[&bo, &kim], "1")).await);
    let remove =
        Ask::Members { group: nth(1), add: vec![], remove: vec![kim.person.id], history: History::FromNow };
    accepted(&ana.asks(remove).await);
    accepted(&ana.asks(add(nth(1), &kim, History::Everything)).await);
    let changes = pages(&kim, 0).await.concat();
    threads_first(&changes);
    assert_eq!(texts(&changes), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_is_bounded_also_where_many_threads_come_at_once() {
    let (house, ana, bo, kim) = house().await;
    let cy = house.agent("Cy").await;
    for group in (1..=8).map(nth) {
        accepted(&ana.asks(start(group, &[&bo, &cy], "First")).await);
        for n in 0..60 {
            accepted(&ana.asks(Ask::Send(send(group, &format!("{n}")))).await);
        }
        accepted(&ana.asks(add(group, &kim, History::Everything)).await);
    }
    let pages = pages(&kim, 0).await;
    let most = pages.iter().map(Vec::len).max().unwrap();
    assert!(most <= PAGE_MAX + 60, "{most} changes in a page");
    let all = pages.concat();
    threads_first(&all);
    assert!((1..=8).all(|n| all.iter().any(
        |c| matches!(&c.what, What::Put(Record::Message(it)) if it.place == nth(n).into() && it.n == 61)
    )));
}
