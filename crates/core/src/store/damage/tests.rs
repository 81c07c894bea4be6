//! FC6: flipped bytes, a cut file, a log of zeros. What is shown afterwards is what
//! was written, or it is missing and said to be.

use super::*;
use crate::store::{cache, drafts};
use fieldline_model::{Ask, Intent, IntentId, PlaceId, Send};
use uuid::Uuid;

const PLACES: u128 = 40;

fn text(n: u128) -> String {
    format!("Message {n}: {}", "the valve behind the panel; ".repeat(n as usize % 60))
}

fn place(n: u128) -> PlaceId {
    PlaceId(Uuid::from_u128(1 + n % PLACES))
}

/// A device's file with 300 intents and 40 drafts in it; closed in good order.
async fn written(folder: &Path) -> Disk {
    let disk = Disk::open(folder).await.unwrap();
    let mut connection = open(&disk, "p", false).unwrap();
    let work = cache::begin(&mut connection).unwrap();
    facts::set(&work, "server", "https://desk.example.org").unwrap();
    facts::set(&work, "cursor", "7").unwrap();
    for n in 0..300 {
        let send = Send::text(place(n), text(n));
        let id = IntentId(Uuid::from_u128(1000 + n));
        let intent = Intent { id, written_at_ms: 5, needs: None, ask: Ask::Send(send) };
        outbox::add(&work, outbox::NewRow { intent: &intent, files: &[], title: "Rosa" }).unwrap();
    }
    for n in 0..PLACES {
        drafts::save_text(&work, place(n), &text(n).into(), 5).unwrap();
    }
    cache::commit(work).unwrap();
    disk
}

/// What reads after the damage: each text is one that was written.
fn left(connection: &Connection) -> (usize, usize) {
    let (mut sent, mut composed) = (0, 0);
    for row in outbox::unsettled(connection, 1000).unwrap() {
        let Ask::Send(send) = &row.intent.ask else { panic!("only messages were asked") };
        if row.problem.is_none() {
            assert_eq!(send.text, text(row.intent.id.0.as_u128() - 1000));
            sent += 1;
        } else {
            assert_eq!(send.text, "", "what does not read shows nothing");
        }
    }
    for n in 0..PLACES {
        let draft = drafts::get(connection, place(n)).unwrap();
        assert!(draft.text.is_empty() || draft.text == text(n));
        composed += usize::from(!draft.text.is_empty());
    }
    (sent, composed)
}

/// Whether a person who reads this knows that something is gone.
fn says_so(it: Mended) -> bool {
    it.lost > 0 || it.at_least
}

fn roll(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[tokio::test]
async fn flipped_bytes_anywhere_leave_what_was_written_or_say_that_it_is_lost() {
    let (mut mended_once, mut kept) = (0, 0);
    for seed in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        let disk = written(folder.path()).await;
        let file = folder.path().join("p.db");
        let mut bytes = std::fs::read(&file).unwrap();
        let mut dice = seed;
        for _ in 0..=seed % 8 {
            let at = roll(&mut dice) as usize % bytes.len();
            bytes[at] ^= 1 << (roll(&mut dice) % 8);
        }
        std::fs::write(&file, bytes).unwrap();
        let mut connection = open(&disk, "p", false).unwrap();
        // What only shows when it is read makes the engine mend, as here.
        let readable = (0..PLACES).all(|n| drafts::get(&connection, place(n)).is_ok())
            && outbox::unsettled(&connection, 1000).is_ok();
        if !readable {
            drop(connection);
            connection = open(&disk, "p", true).unwrap();
        }
        let (sent, composed) = left(&connection);
        let mended = mended(&connection).unwrap();
        let stuck = outbox::count(&connection, None).unwrap().0 as usize - sent;
        let all = sent == 300 && composed == PLACES as usize;
        assert!(all || stuck > 0 || mended.is_some_and(says_so), "seed {seed}: {sent} {composed}");
        mended_once += usize::from(mended.is_some());
        kept += sent;
    }
    assert!(mended_once > 5, "the dice meet pages that matter: {mended_once}");
    assert!(kept > 60 * 150, "most is carried over: {kept}");
}

#[tokio::test]
async fn a_cut_file_is_mended_and_the_damaged_one_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let file = folder.path().join("p.db");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() * 2 / 3]).unwrap();
    let connection = open(&disk, "p", false).unwrap();
    assert!(mended(&connection).unwrap().is_some_and(|it| it.at_least), "how much was cut off, nobody knows");
    assert!(left(&connection).0 > 50);
    assert_eq!(facts::get(&connection, "cursor").unwrap(), None, "the cache is asked for anew");
    assert_eq!(facts::get(&connection, "server").unwrap().as_deref(), Some("https://desk.example.org"));
    drop(connection);
    assert_eq!(std::fs::metadata(&file).unwrap().len() as usize, whole.len() * 2 / 3);
    let again = open(&disk, "p", false).unwrap();
    assert!(mended(&again).unwrap().is_some(), "its person was not told yet");
    forget_mended(&again).unwrap();
    assert_eq!(mended(&again), Ok(None));
}

/// A copy of `from` as a kill leaves it, with the log of `name` spoilt.
fn killed_with(from: &Path, name: &str, spoil: impl FnOnce(&mut Vec<u8>)) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if file.file_name().to_string_lossy().contains(".db") && !file.path().ends_with("-shm") {
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
    }
    let log = copy.path().join(format!("{name}.db-wal"));
    let mut bytes = std::fs::read(&log).unwrap();
    assert!(bytes.len() > 1000, "there is a log");
    spoil(&mut bytes);
    std::fs::write(&log, bytes).unwrap();
    copy
}

/// FC6: a log whose bytes were lost, or that does not begin as one, is taken for an empty
/// one by SQLite itself. What stood in it alone nobody can count, and nobody says *none*.
#[tokio::test]
async fn a_log_that_is_none_is_noticed_kept_aside_and_not_counted_as_nothing() {
    let spoils: [fn(&mut Vec<u8>); 3] = [
        |bytes| bytes.fill(0),
        |bytes| bytes[..32].fill(0),
        // One letter of what it says of itself.
        |bytes| bytes[17] ^= 1,
    ];
    for spoil in spoils {
        let folder = tempfile::tempdir().unwrap();
        let disk = written(folder.path()).await;
        let connection = open(&disk, "p", false).unwrap();
        drafts::save_text(&connection, place(1), &"the last words".into(), 6).unwrap();
        let copy = killed_with(folder.path(), "p", spoil);
        let spoilt = std::fs::read(copy.path().join("p.db-wal")).unwrap();
        let disk = Disk::open(copy.path()).await.unwrap();
        let mended_file = open(&disk, "p", false).unwrap();
        assert_eq!(mended(&mended_file), Ok(Some(Mended { lost: 0, at_least: true })));
        assert_eq!(left(&mended_file), (300, PLACES as usize));
        assert_eq!(std::fs::read(copy.path().join("p.db-wal-aside")).unwrap(), spoilt);
    }
}

/// FC6: killed between putting the log aside and the end of the mend: still noticed.
#[tokio::test]
async fn a_log_put_aside_is_noticed_at_every_opening_until_its_file_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let connection = open(&disk, "p", false).unwrap();
    drafts::save_text(&connection, place(1), &"the last words".into(), 6).unwrap();
    let copy = killed_with(folder.path(), "p", |bytes| bytes.fill(0));
    let disk = Disk::open(copy.path()).await.unwrap();
    drop(disk.database("p").unwrap());
    assert!(mended(&open(&disk, "p", false).unwrap()).unwrap().is_some_and(|it| it.at_least));
    assert!(disk.has("p-1"));
    drop(open(&disk, "p", false).unwrap());
    assert!(!disk.has("p-2"), "it is mended once");
}

/// FC6: a file that was mended once and whose log is lost then: what was mended stays, and
/// does not give way to the older, damaged one.
#[tokio::test]
async fn a_mended_file_that_loses_its_log_keeps_what_was_mended() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let mended_once = open(&disk, "p", true).unwrap();
    outbox::discard(&mended_once, IntentId(Uuid::from_u128(1000))).unwrap();
    mended_once.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drafts::save_text(&mended_once, place(1), &"the last words".into(), 6).unwrap();
    let copy = killed_with(folder.path(), "p-1", |bytes| bytes.fill(0));
    let disk = Disk::open(copy.path()).await.unwrap();
    let again = open(&disk, "p", false).unwrap();
    assert!(disk.has("p-2"), "its own damage was noticed");
    assert_eq!(left(&again).0, 299, "what was taken back stays so");
    assert_eq!(mended(&again), Ok(Some(Mended { lost: 0, at_least: true })));
}

/// FC6: right after a mend, before anything else was written: the same.
#[tokio::test]
async fn a_mend_is_in_the_mended_file_itself_and_not_in_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let _open = open(&disk, "p", true).unwrap();
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("p-1.db"), copy.path().join("p-1.db")).unwrap();
    let alone = Disk::open(copy.path()).await.unwrap();
    assert_eq!(left(&open(&alone, "p", false).unwrap()), (300, PLACES as usize));
}

/// FC6: a letter that became another, where SQLite sees nothing: in a note being written, in
/// a location. It is not shown, it is counted, and the text beside it stays.
#[tokio::test]
async fn a_changed_note_draft_or_location_is_dropped_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let connection = open(&disk, "p", false).unwrap();
    let here = fieldline_model::Location {
        latitude: 48.5,
        longitude: 2.25,
        accuracy_m: Some(9.0),
        fixed_at_ms: Some(5),
        label: None,
    };
    drafts::set_location(&connection, place(1), Some(&here), 6).unwrap();
    notes::save_draft(&connection, place(1), "Ask for the key", 6).unwrap();
    notes::save_draft(&connection, place(2), "She pays on Friday", 6).unwrap();
    connection
        .execute_batch(
            "UPDATE draft SET location = replace(location, '48.5', '38.5') WHERE location IS NOT NULL;
             UPDATE note_draft SET text = 'Ask for the kex' WHERE text = 'Ask for the key';",
        )
        .unwrap();
    let damaged = Err(Code::StorageDamaged.into());
    assert_eq!(notes::draft(&connection, place(1)), damaged);
    assert_eq!(drafts::get(&connection, place(1)).map(|it| it.text), damaged);
    drop(connection);
    let connection = open(&disk, "p", true).unwrap();
    assert_eq!(mended(&connection), Ok(Some(Mended { lost: 2, at_least: false })));
    let draft = drafts::get(&connection, place(1)).unwrap();
    assert_eq!((draft.text, draft.location), (text(1), None));
    assert_eq!(notes::draft(&connection, place(1)).as_deref(), Ok(""));
    assert_eq!(notes::draft(&connection, place(2)).as_deref(), Ok("She pays on Friday"));
}

/// Killed while it was being mended: it is mended again, from the damaged file.
#[tokio::test]
async fn a_mend_that_was_killed_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let mut half = disk.database("p-1").unwrap();
    schema::prepare(&mut half).unwrap();
    facts::set(&half, "server", "half").unwrap();
    drop(half);
    let connection = open(&disk, "p", false).unwrap();
    assert_eq!(left(&connection), (300, PLACES as usize));
    drop(connection);
    let connection = open(&disk, "p", true).unwrap();
    assert_eq!(left(&connection), (300, PLACES as usize));
    assert_eq!(facts::get(&connection, "server").unwrap().as_deref(), Some("https://desk.example.org"));
    assert_eq!(mended(&connection), Ok(Some(Mended { lost: 0, at_least: false })));
}

/// FC9: a file that may not be read just now is no damage.
#[tokio::test]
async fn a_file_that_cannot_be_opened_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::open(folder.path()).await.unwrap();
    std::fs::create_dir(folder.path().join("p.db")).unwrap();
    assert_eq!(open(&disk, "p", false).unwrap_err().code, Code::StorageFailed);
    assert!(!disk.has("p-1"));
}
