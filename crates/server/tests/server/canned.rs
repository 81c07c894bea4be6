//! Canned replies: kept once by their shortcut, for staff alone.

use crate::house::{Device, House};
use fieldline_model::change::What;
use fieldline_model::{Change, Code, Record, Role};
use fieldline_server::store::Stop;

fn texts(changes: &[Change]) -> Vec<(String, String)> {
    let put = |change: &Change| match &change.what {
        What::Put(Record::Canned(it)) => Some((it.shortcut.clone(), it.text.clone())),
        _ => None,
    };
    changes.iter().filter_map(put).collect()
}

async fn kept(by: &Device) -> Vec<(String, String)> {
    texts(&by.snapshot().await.records)
}

fn pair(shortcut: &str, text: &str) -> (String, String) {
    (shortcut.into(), text.into())
}

#[tokio::test(start_paused = true)]
async fn staff_get_them_and_every_change_of_them_and_nobody_else_does() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let kim = house.person("Kim", Role::Client).await;
    let kims = house.device_of(&kim).await;
    house.server.set_canned("/Hours", "Monday to Friday").await.unwrap();
    house.server.set_canned("hello", "Hello {name}").await.unwrap();
    let cursor = house.server.head().await.unwrap();
    house.server.set_canned("hours", "Every day").await.unwrap();
    assert_eq!(texts(&ana.changes(cursor).await), [pair("hours", "Every day")]);
    assert_eq!(kept(&ana).await, [pair("hello", "Hello {name}"), pair("hours", "Every day")]);
    assert_eq!(kims.get("/v1/snapshot").await.code(), Code::NotPermitted);
    let cursor = house.server.head().await.unwrap();
    house.server.remove_canned("hours").await.unwrap();
    assert!(matches!(ana.changes(cursor).await[..], [Change { what: What::Left(_), .. }]));
    assert_eq!(kept(&ana).await, [pair("hello", "Hello {name}")]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_called_or_says_nothing_is_refused() {
    let house = House::open();
    for (shortcut, text, code) in
        [("two words", "x", Code::BadName), ("", "x", Code::BadName), ("empty", " ", Code::MessageEmpty)]
    {
        let refused = house.server.set_canned(shortcut, text).await;
        assert!(matches!(refused, Err(Stop::Refused(ref problem)) if problem.code == code), "{refused:?}");
    }
    let refused = house.server.remove_canned("unknown").await;
    assert!(matches!(refused, Err(Stop::Refused(ref problem)) if problem.code == Code::NotFound));
}
