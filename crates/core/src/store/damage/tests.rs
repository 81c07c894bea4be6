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
        let send = Send { place: place(n), text: text(n), files: vec![], location: None };
        let id = IntentId(Uuid::from_u128(1000 + n));
        let intent = Intent { id, written_at_ms: 5, needs: None, ask: Ask::Send(send) };
        outbox::add(&work, outbox::NewRow { intent: &intent, files: &[], title: "Rosa" }).unwrap();
    }
    for n in 0..PLACES {
        drafts::save_text(&work, place(n), &text(n), 5).unwrap();
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
        assert!(all || stuck > 0 || mended.is_some_and(|lost| lost > 0), "seed {seed}: {sent} {composed}");
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
    assert!(mended(&connection).unwrap().is_some_and(|lost| lost > 0));
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

/// FC6: SQLite itself does not notice a letter that became another.
#[tokio::test]
async fn a_half_written_note_that_changed_on_the_disk_is_lost_and_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let connection = open(&disk, "p", false).unwrap();
    for n in 0..2 {
        notes::save_draft(&connection, place(n), "Wants a refund of 10", 5).unwrap();
    }
    let sql = "UPDATE note_draft SET text = 'Wants a refund of 90' WHERE place = ?1";
    connection.execute(sql, [place(0).0]).unwrap();
    assert_eq!(notes::draft(&connection, place(0)), Err(Code::StorageDamaged.into()));
    drop(connection);
    let connection = open(&disk, "p", true).unwrap();
    assert_eq!(mended(&connection), Ok(Some(1)));
    assert_eq!(notes::draft(&connection, place(0)).as_deref(), Ok(""));
    assert_eq!(notes::draft(&connection, place(1)).as_deref(), Ok("Wants a refund of 10"));
}

/// A log whose bytes were lost is taken for an empty one by SQLite itself.
#[tokio::test]
async fn a_log_of_zeros_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let disk = written(folder.path()).await;
    let connection = open(&disk, "p", false).unwrap();
    drafts::save_text(&connection, place(1), "the last words", 6).unwrap();
    let copy = tempfile::tempdir().unwrap();
    for file in ["p.db", "p.db-wal"] {
        std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    let log = copy.path().join("p.db-wal");
    std::fs::write(&log, vec![0; std::fs::metadata(&log).unwrap().len() as usize]).unwrap();
    let disk = Disk::open(copy.path()).await.unwrap();
    let mended_file = open(&disk, "p", false).unwrap();
    assert!(mended(&mended_file).unwrap().is_some());
    assert_eq!(left(&mended_file), (300, PLACES as usize));
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
    assert_eq!(mended(&connection), Ok(Some(0)));
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
