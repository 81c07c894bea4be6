//! A step is all or nothing, and one step's end is not another's.

use super::{Act, Actor, Fault, Run, Stop, Store, Tx};
use crate::clock::Clock;
use crate::hub::Hub;
use fieldline_model::{Code, Person, PersonId, RecordKind, Role, Scope};
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

fn store() -> (TempDir, Store) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::simulated(1_000, 1));
    Store::found(dir.path(), "Nordlys", &clock).unwrap();
    let store = Store::open(dir.path(), Run::Inline, Arc::new(Hub::default()), clock).unwrap();
    (dir, store)
}

/// Adds somebody, then ends as told.
fn adds(tx: &mut Tx<'_>, name: &str, end: Result<(), Stop>) -> Result<(), Stop> {
    let id = PersonId::mint(tx.clock.now_ms(), tx.clock.random());
    let person = Person::new(id, name, Role::Agent);
    tx.step(Act::new(Actor::Operator, "add_person"), |tx| {
        tx.add_person(&person, Some(name))?;
        end
    })
}

async fn names(store: &Store) -> Vec<String> {
    let people = store.read(|look| look.staff()).await.unwrap();
    let mut names: Vec<_> = people.into_iter().map(|person| person.name).collect();
    names.sort();
    names
}

async fn audited(store: &Store) -> i64 {
    let count = store.read(|look| look.one("SELECT count(*) FROM audit", [], |row| Ok(row.get(0)?))).await;
    count.unwrap().unwrap()
}

/// I2, rule 5: what is answered is on the disk.
#[test]
fn a_commit_waits_for_the_disk() {
    let (dir, _store) = store();
    let conn = super::connect(&dir.path().join("fieldline.db")).unwrap();
    let said = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    assert_eq!((said("synchronous"), said("fullfsync")), (Ok(2), Ok(1)));
    let mode = conn.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    assert_eq!(mode.as_deref(), Ok("wal"));
}

#[tokio::test(start_paused = true)]
async fn a_step_that_is_refused_leaves_its_denial_and_nothing_else() {
    let (_dir, store) = store();
    let refused = store.write(|tx| adds(tx, "ana", Err(Code::NotPermitted.into()))).await;
    assert_eq!(refused, Err(Code::NotPermitted.into()));
    assert!(names(&store).await.is_empty());
    let workspace = store.read(|look| look.workspace()).await.unwrap();
    assert_eq!((workspace.seq, audited(&store).await), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn of_three_steps_the_one_that_fails_takes_no_other_with_it() {
    let (_dir, store) = store();
    let ends = store
        .write(|tx| {
            let first = adds(tx, "ana", Ok(()));
            let second = adds(tx, "bo", Err(Fault::Busy.into()));
            let third = adds(tx, "chidi", Ok(()));
            Ok([first, second, third])
        })
        .await;
    assert_eq!(ends, Ok([Ok(()), Err(Fault::Busy.into()), Ok(())]));
    assert_eq!(names(&store).await, ["ana", "chidi"]);
    let rows = store.read(|look| look.changes(0, 10)).await.unwrap();
    let numbers: Vec<_> = rows.iter().map(|row| row.seq).collect();
    assert_eq!((numbers, audited(&store).await), (vec![1, 2, 3], 2));
}

/// Each intent's failure alone: what is undone to take one back is done again for the others.
#[tokio::test]
async fn of_jobs_that_share_a_commit_the_one_that_fails_half_way_takes_no_other_with_it() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::system());
    Store::found(dir.path(), "Nordlys", &clock).unwrap();
    let store = Store::open(dir.path(), Run::Thread, Arc::new(Hub::default()), clock).unwrap();
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let (_, first, second, third, _) = tokio::join!(
        // Holds the writer until the others wait for it.
        store.write(move |_| Ok(gate.recv().ok())),
        store.write(|tx| adds(tx, "ana", Ok(()))),
        store.write(|tx| adds(tx, "chidi", Ok(()))),
        store.write(|tx| adds(tx, "bo", Err(Code::NotPermitted.into()))),
        async move { go.send(()) },
    );
    assert_eq!((first, second, third), (Ok(()), Ok(()), Err(Code::NotPermitted.into())));
    assert_eq!(names(&store).await, ["ana", "chidi"]);
    assert_eq!((store.commits(), audited(&store).await), (1, 3));
}

/// Whether there are clients to tell is asked once for all of a commit, but not past who signs up.
#[tokio::test(start_paused = true)]
async fn a_client_who_signs_up_is_told_what_the_same_commit_does_next() {
    let (_dir, store) = store();
    let told = store.write(|tx| {
        let nora = Person::new(PersonId::mint(tx.clock.now_ms(), tx.clock.random()), "nora", Role::Client);
        let tells = |tx: &mut Tx<'_>, who: Scope| {
            tx.note((RecordKind::Policy, Uuid::nil()), who.clone(), who);
            Ok(())
        };
        let act = Act::new(Actor::Operator, "test");
        tx.step(act, |tx| tells(tx, Scope::Only { person: nora.id }))?;
        let before = tx.client_head(nora.id)?;
        tx.step(act, |tx| {
            tx.put_contact(&nora)?;
            tx.set_password(nora.id, "a hash")?;
            tells(tx, Scope::Everyone)
        })?;
        Ok((before, tx.client_head(nora.id)?))
    });
    assert_eq!(told.await, Ok((0, 1)));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_panics_is_a_fault_and_the_next_one_is_well() {
    let (_dir, store) = store();
    let broken = store
        .write(|tx| {
            adds(tx, "ana", Ok(()))?;
            if tx.clock.now_ms() > 0 {
                panic!("as the test wants it");
            }
            Ok(())
        })
        .await;
    assert!(matches!(broken, Err(Stop::Fault(_))));
    store.write(|tx| adds(tx, "bo", Ok(()))).await.unwrap();
    assert_eq!(names(&store).await, ["bo"]);
}

/// FS3: a full disk is a fault that passes; what was there is still read.
#[tokio::test(start_paused = true)]
async fn with_no_room_left_nothing_is_half_written_and_it_recovers_alone() {
    let (_dir, store) = store();
    let pages = |most: &'static str| {
        store.write(move |tx| Ok(tx.conn.query_row(most, [], |row| row.get::<_, i64>(0))?))
    };
    let now = pages("PRAGMA page_count").await.unwrap();
    pages("PRAGMA max_page_count = 1").await.unwrap();
    let mut full = 0;
    for i in 0..200 {
        let name = format!("{i}-{}", "x".repeat(100));
        match store.write(move |tx| adds(tx, &name, Ok(()))).await {
            Ok(()) => {}
            Err(stop) => {
                assert_eq!(stop, Stop::Fault(Fault::Full));
                full += 1;
            }
        }
    }
    let (there, lines) = (names(&store).await.len(), audited(&store).await as usize);
    assert!(full > 0 && there + full == 200 && lines == there, "{there} {full} {lines} of {now} pages");
    pages("PRAGMA max_page_count = 1000000").await.unwrap();
    store.write(|tx| adds(tx, "bo", Ok(()))).await.unwrap();
    assert_eq!(names(&store).await.len(), there + 1);
}
