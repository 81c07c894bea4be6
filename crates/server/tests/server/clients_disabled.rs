//! Who is disabled, and who is enabled again: what becomes of threads with clients.

use crate::clients::{group, house, save, say, start};
use crate::house::{Device, accepted, refused};
use crate::live::Ear;
use crate::told::{entries, texts};
use fieldline_model::admin::people::EditPerson;
use fieldline_model::change::{Change, What};
use fieldline_model::{
    AdminAsk, Ask, Body, Code, GroupChange, GroupId, History, Module, Record, Role, Send, Start,
};
use serde_json::json;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_client_who_is_disabled_is_cut_at_once_and_shown_as_disabled() {
    let (house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    let mut kims = Ear::of(&kim, 0).await;
    let cursor = house.server.head().await.unwrap();
    house.server.block(kim.person.id).await.unwrap();
    assert!(kims.ends(Duration::from_secs(1)).await);
    for path in
        ["/v1/client/snapshot", "/v1/client/changes?after=0&epoch=x", "/v1/client/live?after=0&epoch=x"]
    {
        assert_eq!(kim.get(path).await.code(), Code::Blocked);
    }
    let group = |c: &Change| if let What::Put(Record::Group(it)) = &c.what { Some(it.clone()) } else { None };
    let now = bo.changes(cursor).await.iter().find_map(group).expect("the members changed");
    assert!(now.member(kim.person.id).unwrap().disabled && now.clients() == 0);
    accepted(&bo.asks(say("Gone")).await);
}

#[tokio::test(start_paused = true)]
async fn a_colleague_who_is_disabled_owns_no_thread_and_reads_none() {
    let (house, ana, bo, kim) = house().await;
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    let cursor = kim.snapshot().await.cursor;
    house.server.block(ana.person.id).await.unwrap();
    let page = kim.feed(cursor).await;
    let members = page.changes[0]["put"]["members"].as_array().unwrap().clone();
    assert_eq!(members[0]["disabled"], true);
    assert_eq!(page.changes[0]["put"]["owner"], json!(bo.person.id));
    house.server.grant(bo.person.id, Module::MessagingCompany, true).await.unwrap();
    accepted(&bo.asks(save(&[], &[&ana], History::FromNow)).await);
}

#[tokio::test(start_paused = true)]
async fn where_the_last_colleague_is_disabled_a_client_hears_that_nobody_would_read_it_and_may_go() {
    let (house, ana, bo, kim) = house().await;
    let lin = house.client("Lin").await;
    accepted(&ana.asks(start(&[&bo, &kim, &lin], "1")).await);
    house.server.block(ana.person.id).await.unwrap();
    accepted(&kim.asks(say("Bo is there")).await);
    house.server.block(bo.person.id).await.unwrap();
    let cursor = kim.snapshot().await.cursor;
    assert_eq!(refused(&kim.asks(say("Anybody?")).await), Code::NoColleague);
    assert!(kim.changes(cursor).await.is_empty());
    accepted(&kim.asks(Ask::Leave { group: group() }).await);
    assert_eq!(refused(&lin.asks(say("Anybody?")).await), Code::NoColleague);
    accepted(&lin.asks(Ask::Leave { group: group() }).await);
}

/// An admin disables somebody, or lets them in again.
async fn enable(by: &Device, who: &Device, on: bool) {
    let edit = EditPerson { enabled: Some(on), ..EditPerson::of(who.person.id) };
    by.configures(AdminAsk::EditPerson(edit)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_admin_who_disables_the_last_colleague_answers_the_clients_and_reads_what_they_said() {
    let (house, ana, bo, kim) = house().await;
    let kari = house.device_of(&house.person("Kari", Role::Admin).await).await;
    let me =
        |change: &Change| if let What::Put(Record::Me(me)) = &change.what { me.workspace_id } else { None };
    let workspace = bo.snapshot().await.records.iter().find_map(me).unwrap();
    let direct = GroupId::direct(workspace, bo.person.id, kim.person.id);
    accepted(&ana.asks(start(&[&bo, &kim], "Which part is it?")).await);
    house.server.grant(bo.person.id, Module::MessagingCompany, true).await.unwrap();
    let first = Some(Send::text(direct.into(), "Between us"));
    let people = vec![kim.person.id];
    accepted(&bo.asks(Ask::Start(Start { group: direct, people, name: None, first })).await);
    enable(&kari, &ana, false).await;
    assert!(texts(&kari.snapshot().await.records).is_empty(), "a colleague is left");
    let cursor = kim.snapshot().await.cursor;
    enable(&kari, &bo, false).await;
    assert_eq!(texts(&kari.snapshot().await.records), ["Which part is it?"], "and nothing direct");
    let told = entries(&kim.changes(cursor).await);
    let came =
        Body::Changed { change: GroupChange::Members { added: vec![kari.person.card()], removed: vec![] } };
    assert_eq!((told.len(), &told[0].body), (1, &came));
    accepted(&kim.asks(say("This one")).await);
    accepted(&kari.asks(say("Thank you")).await);
    assert_eq!(refused(&kim.asks(Ask::Send(Send::text(direct.into(), "Bo?"))).await), Code::NoColleague);
}

#[tokio::test(start_paused = true)]
async fn who_is_enabled_again_is_back_in_their_threads_with_all_that_was_said() {
    let (house, ana, bo, kim) = house().await;
    let kari = house.device_of(&house.person("Kari", Role::Admin).await).await;
    accepted(&ana.asks(start(&[&bo, &kim], "1")).await);
    enable(&kari, &bo, false).await;
    accepted(&ana.asks(say("2")).await);
    enable(&kari, &bo, true).await;
    accepted(&ana.asks(say("3")).await);
    let bo = house.device_of(&bo.person).await;
    assert_eq!(texts(&bo.snapshot().await.records), ["1", "2", "3"]);
    accepted(&bo.asks(say("4")).await);
    assert_eq!(texts(&kim.snapshot().await.records), ["1", "2", "3", "4"]);
}
