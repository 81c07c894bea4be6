//! Backup while the server runs, and the restore drill.

use crate::house::{House, Uploads, accepted, says};
use crate::live::Ear;
use crate::pictures::jpeg;
use fieldline_model::message::FileRef;
use fieldline_model::public::{PublicBody, PublicMessage, PublicPage};
use fieldline_model::{Ask, BlobHash, Intent, Outcome, Record, Send, What};
use fieldline_server::backup::{Copied, backup, restore};
use fieldline_server::{OpenError, Run};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;
use uuid::Uuid;

fn restored(from: &Path, house: &House) -> House {
    let folder = tempfile::tempdir().unwrap();
    restore(from, folder.path(), &house.clock).unwrap();
    House::of(folder, house.clock.clone())
}

/// What holds of every server's database: whole, numbers without a gap, no message
/// without its intent.
fn is_sound(folder: &Path) {
    let db = Connection::open(folder.join("fieldline.db")).unwrap();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    assert_eq!(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(number("SELECT count(*) - max(seq) FROM change"), 0);
    assert_eq!(number("SELECT (SELECT seq FROM workspace) - max(seq) FROM change"), 0);
    assert_eq!(
        number("SELECT count(*) FROM (SELECT 1 FROM message GROUP BY place HAVING max(n) <> count(*))"),
        0
    );
    assert_eq!(
        number(
            "SELECT count(*) FROM message m LEFT JOIN intent_log i ON i.id = m.id AND i.code IS NULL
             WHERE i.id IS NULL"
        ),
        0
    );
}

fn messages(folder: &Path) -> BTreeSet<Uuid> {
    let db = Connection::open(folder.join("fieldline.db")).unwrap();
    let mut rows = db.prepare("SELECT id FROM message").unwrap();
    let ids = rows.query_map([], |row| row.get::<_, [u8; 16]>(0)).unwrap();
    ids.map(|id| Uuid::from_bytes(id.unwrap())).collect()
}

/// FS7: what was answered before the backup began is in it, whatever goes on meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_all_that_was_answered_before_it() {
    let house = House::run(Run::Thread);
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let (stop, sender) = (std::sync::Arc::new(AtomicBool::new(false)), ana.clone());
    let going = stop.clone();
    let load = tokio::spawn(async move {
        let mut answered = Vec::new();
        while !going.load(Ordering::SeqCst) {
            let intents: Vec<Intent> = (0..20).map(|_| sender.mints(says(it, "Hi"))).collect();
            let bodies: Vec<_> = intents.iter().map(|it| serde_json::to_string(it).unwrap()).collect();
            for outcome in sender.submits(&bodies).await {
                accepted(&outcome);
            }
            answered.extend(intents.iter().map(|intent| intent.id.0));
        }
        answered
    });
    for _ in 0..3 {
        let before = messages(house.folder.path());
        let (to, back) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (dir, clock) = (house.folder.path().to_owned(), house.clock.clone());
        let there = to.path().join("copy");
        let (made, time) = (there.clone(), clock.clone());
        tokio::task::spawn_blocking(move || backup(&dir, &made, &time)).await.unwrap().unwrap();
        restore(&there, back.path(), &clock).unwrap();
        is_sound(back.path());
        assert!(before.is_subset(&messages(back.path())));
    }
    stop.store(true, Ordering::SeqCst);
    let answered = load.await.unwrap();
    assert!(!answered.is_empty());
    is_sound(house.folder.path());
    let there = messages(house.folder.path());
    assert!(answered.iter().all(|id| there.contains(id)));
}

/// FN10: the drill. A device is ahead of the restored server: its cursor means a new
/// snapshot, and what it sends again is there once, whether the copy knew it or not.
#[tokio::test(start_paused = true)]
async fn after_a_restore_a_device_takes_a_snapshot_and_sends_again_what_was_lost() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    let photo = jpeg(64, 48);
    rosa.upload(&photo).await;
    let names = vec![FileRef { hash: BlobHash::of(&photo), name: "part.jpg".into() }];
    assert!(rosa.sends(&rosa.mints("", names)).await.status.is_success());
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let known = ana.mints(says(it, "In the backup"));
    accepted(&ana.submit(&known).await);

    let to = tempfile::tempdir().unwrap();
    let copied = backup(house.folder.path(), to.path(), &house.clock).unwrap();
    assert_eq!(copied, Copied { blobs: 1, damaged: 0 });

    let lost = ana.mints(says(it, "After the backup"));
    accepted(&ana.submit(&lost).await);
    let (epoch, head) = (ana.snapshot().await.epoch, house.server.head().await.unwrap());

    let new = restored(to.path(), &house);
    let ana = ana.at(&new);
    for after in [0, head] {
        let page: fieldline_model::api::ChangesPage =
            ana.get(&format!("/v1/changes?after={after}&epoch={epoch}")).await.json();
        assert!(page.resync && page.epoch != epoch);
    }
    accepted(&ana.submit(&known).await);
    accepted(&ana.submit(&lost).await);
    accepted(&ana.submit(&lost).await);
    let said: Vec<_> = ana.snapshot().await.records.into_iter().filter_map(text).collect();
    assert_eq!(said, ["", "In the backup", "After the backup"]);
    let first = messages(new.folder.path()).into_iter().next().unwrap();
    let shown = ana.get(&format!("/v1/messages/{first}/files/0/original")).await;
    assert_eq!(shown.bytes, photo[..]);
    is_sound(new.folder.path());
}

/// The restored server has gone on as far as the page had come: its cursor alone says nothing.
#[tokio::test(start_paused = true)]
async fn after_a_restore_an_open_chat_page_is_told_everything_by_its_epoch() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("In the backup").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let to = tempfile::tempdir().unwrap();
    backup(house.folder.path(), to.path(), &house.clock).unwrap();
    accepted(&ana.says(it, "Lost").await);
    let seen = rosa.chat(0).await;
    assert_eq!(said(&seen), ["In the backup", "Lost"]);

    let new = restored(to.path(), &house);
    let (ana, rosa) = (ana.at(&new), rosa.at(&new));
    accepted(&ana.says(it, "Instead").await);
    let from = format!("after={}&epoch={}", seen.cursor, seen.epoch);
    let path = format!("/v1/customer/chat?{from}");
    let page: PublicPage = rosa.call(http::Method::GET, &path, "").await.json();
    assert_eq!((said(&page), page.cursor), (vec!["In the backup".into(), "Instead".into()], seen.cursor));
    assert_ne!(page.epoch, seen.epoch);
    let cookie = ("cookie", rosa.cookie.as_str());
    let mut ear = Ear::open(&rosa.line, &format!("/v1/customer/live?{from}"), cookie).await;
    let (name, heard) = ear.next().await.unwrap();
    assert_eq!((name.as_str(), &heard["epoch"]), ("page", &page.epoch.clone().into()));
    let from = format!("/v1/customer/live?after={}&epoch={}", page.cursor, page.epoch);
    let mut ear = Ear::open(&rosa.line, &from, cookie).await;
    assert_eq!(ear.next().await.unwrap().0, "tick", "nothing is told twice");
}

fn said(page: &PublicPage) -> Vec<String> {
    let text = |it: &PublicMessage| match &it.body {
        PublicBody::Said { text, .. } => Some(text.clone()),
        PublicBody::Happened { .. } => None,
    };
    page.messages.iter().filter_map(text).collect()
}

fn text(change: fieldline_model::Change) -> Option<String> {
    match change.what {
        What::Put(Record::Message(it)) => match it.body {
            fieldline_model::Body::Said { text, .. } => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// FS7: a copied folder may lack what was in its log, so only a whole backup is restored.
#[tokio::test(start_paused = true)]
async fn a_plain_copy_is_refused_and_so_is_a_backup_that_was_cut_off_or_changed() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    accepted(&ana.picks(ana.only().await).await);
    let refused = |from: &Path| {
        let dir = tempfile::tempdir().unwrap();
        let why = restore(from, dir.path(), &house.clock).unwrap_err();
        assert!(matches!(why, OpenError::NoBackup), "{why:?}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    };
    let plain = tempfile::tempdir().unwrap();
    let database = |dir: &TempDir| dir.path().join("fieldline.db");
    std::fs::copy(database(&house.folder), database(&plain)).unwrap();
    refused(plain.path());
    let made = tempfile::tempdir().unwrap();
    backup(house.folder.path(), made.path(), &house.clock).unwrap();
    // The server's own file, without its log, in the copy's place.
    std::fs::copy(database(&house.folder), database(&made)).unwrap();
    refused(made.path());
    let cut = tempfile::tempdir().unwrap();
    backup(house.folder.path(), cut.path(), &house.clock).unwrap();
    std::fs::remove_file(cut.path().join("backup.json")).unwrap();
    refused(cut.path());
}

#[tokio::test(start_paused = true)]
async fn a_folder_with_something_in_it_is_neither_backed_up_to_nor_restored_to() {
    let house = House::open();
    let made = tempfile::tempdir().unwrap();
    backup(house.folder.path(), made.path(), &house.clock).unwrap();
    let before = std::fs::read(made.path().join("fieldline.db")).unwrap();
    let again = backup(house.folder.path(), made.path(), &house.clock);
    assert!(matches!(again, Err(OpenError::NotEmpty)));
    assert_eq!(std::fs::read(made.path().join("fieldline.db")).unwrap(), before);
    let onto = restore(made.path(), house.folder.path(), &house.clock);
    assert!(matches!(onto, Err(OpenError::NotEmpty)));
}

/// FS9: a photo that is damaged on the disk stops no backup, and is counted.
#[tokio::test(start_paused = true)]
async fn a_damaged_photo_is_counted_and_stops_no_backup() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    for side in [48, 64, 80] {
        ana.upload(&jpeg(side, side)).await;
    }
    let file = |side: u32, form: &str| {
        let hash = BlobHash::of(&jpeg(side, side));
        house.folder.path().join("blobs").join(&hash.as_str()[..2]).join(format!("{hash}.{form}"))
    };
    std::fs::write(file(48, "original"), b"flipped").unwrap();
    std::fs::remove_file(file(64, "thumb")).unwrap();
    let made = tempfile::tempdir().unwrap();
    let copied = backup(house.folder.path(), made.path(), &house.clock).unwrap();
    assert_eq!(copied, Copied { blobs: 1, damaged: 2 });
    let new = restored(made.path(), &house);
    let rosa = new.customer("Rosa").await;
    rosa.says("Hello?").await;
    let ana = ana.at(&new);
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let files = vec![FileRef { hash: BlobHash::of(&jpeg(80, 80)), name: "a.jpg".into() }];
    let send = Send { files, ..Send::text(it.into(), "") };
    assert!(matches!(ana.asks(Ask::Send(send)).await, Outcome::Accepted { .. }));
}
