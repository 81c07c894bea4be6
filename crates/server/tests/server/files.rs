//! The store's own files.

use crate::house::{House, accepted};
use fieldline_model::Role;
use fieldline_server::{Clock, Config, OpenError, Run, Server};

#[tokio::test(start_paused = true)]
async fn everything_is_there_after_the_file_is_opened_again() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    accepted(&ana.picks(ana.only().await).await);
    let (before, person, epoch) = (ana.conversations().await, ana.person.clone(), ana.snapshot().await.epoch);
    drop((ana, rosa));
    let house = house.reopen();
    let ana = house.device_of(&person).await;
    assert_eq!(ana.conversations().await, before);
    assert_eq!(ana.snapshot().await.epoch, epoch);
}

#[tokio::test(start_paused = true)]
async fn a_folder_has_one_server_at_a_time_and_must_be_set_up() {
    let house = House::open();
    let again = Server::open(Config { run: Run::Inline, ..Config::new(house.folder.path()) });
    assert!(matches!(again, Err(OpenError::InUse)));
    assert!(matches!(Server::found(house.folder.path(), "Other", &Clock::system()), Err(OpenError::InUse)));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Server::open(Config::new(empty.path())), Err(OpenError::Empty)));
    assert!(!empty.path().join("fieldline.db").exists());
}

#[tokio::test(start_paused = true)]
async fn the_file_of_a_newer_server_is_refused_and_not_touched() {
    let House { server, folder, .. } = House::open();
    drop(server);
    let file = folder.path().join("fieldline.db");
    let db = rusqlite::Connection::open(&file).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    db.pragma_query(None, "wal_checkpoint", |_| Ok(())).unwrap();
    drop(db);
    let before = std::fs::read(&file).unwrap();
    assert!(matches!(Server::open(Config::new(folder.path())), Err(OpenError::Newer)));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test(start_paused = true)]
async fn what_the_operator_does_beside_a_running_server_is_seen_there() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let beside =
        Server::open_beside(Config { run: Run::Inline, ..Config::new(house.folder.path()) }).unwrap();
    let cursor = house.server.head().await.unwrap();
    let new = fieldline_server::NewPerson { name: "Bo".into(), login: Some("bo".into()), role: Role::Agent };
    beside.add_person(new).await.unwrap();
    assert_eq!(ana.changes(cursor).await.len(), 1);
}
