//! How the store runs its work: one connection, one piece of work at a time.
//!
//! Why one: SQLite has one writer anyway; with one connection a read after a
//! write sees it, nothing waits for a lock, and a piece of work is a plain
//! function of a connection. In production it runs on a thread of its own, so
//! that no screen waits for the disk; in a browser's worker, and in tests whose
//! clock is paused, it runs where it is called.

use crate::clock::MaybeSend;
use fieldline_model::{Code, Problem};
use rusqlite::Connection;
#[cfg(not(target_arch = "wasm32"))]
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

#[cfg(not(target_arch = "wasm32"))]
type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Runs work on the one connection.
pub struct Runner {
    place: Place,
    damage: Arc<Damage>,
}

enum Place {
    /// A thread of its own.
    #[cfg(not(target_arch = "wasm32"))]
    Thread(std::sync::mpsc::Sender<Job>),
    /// Where it is called.
    Inline(Mutex<Connection>),
}

/// Whether a piece of work met damage. From then on the file is closed and nothing
/// is written any more: what is carried over into a fresh file is all there is.
#[derive(Default)]
pub struct Damage {
    met: AtomicBool,
    told: Notify,
}

impl Damage {
    /// Waits until damage is met.
    pub async fn met(&self) {
        self.told.notified().await;
    }

    fn guard<T>(
        &self,
        connection: &mut Connection,
        work: impl FnOnce(&mut Connection) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if self.met.load(Ordering::Acquire) {
            return Err(Code::StorageDamaged.into());
        }
        let done = work(connection);
        if matches!(&done, Err(problem) if problem.code == Code::StorageDamaged) {
            self.met.store(true, Ordering::Release);
            if let Ok(nothing) = Connection::open_in_memory() {
                *connection = nothing;
            }
            self.told.notify_one();
        }
        done
    }
}

impl Runner {
    /// A thread that owns `connection` until this runner is dropped.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn thread(mut connection: Connection) -> Result<Self, Problem> {
        let (jobs, queue) = std::sync::mpsc::channel::<Job>();
        std::thread::Builder::new()
            .name("store".into())
            .spawn(move || {
                for job in queue {
                    // A panic ends its own piece of work, whose transaction is rolled
                    // back, and nobody else's.
                    let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
                }
            })
            .map_err(|_| Problem::new(Code::StorageFailed))?;
        Ok(Self { place: Place::Thread(jobs), damage: Arc::default() })
    }

    /// Runs work where it is called.
    pub fn inline(connection: Connection) -> Self {
        Self { place: Place::Inline(Mutex::new(connection)), damage: Arc::default() }
    }

    /// Whether damage was met.
    pub fn damage(&self) -> Arc<Damage> {
        self.damage.clone()
    }

    /// Runs `work` after everything asked before it.
    pub async fn run<T: MaybeSend + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Problem> + MaybeSend + 'static,
    ) -> Result<T, Problem> {
        match &self.place {
            #[cfg(not(target_arch = "wasm32"))]
            Place::Thread(jobs) => {
                let (answer, answered) = tokio::sync::oneshot::channel();
                let damage = self.damage();
                let job: Job = Box::new(move |connection| {
                    // A screen that stopped waiting does not undo what it asked.
                    let _ = answer.send(damage.guard(connection, work));
                });
                jobs.send(job).map_err(|_| Problem::new(Code::StorageFailed))?;
                answered.await.unwrap_or(Err(Code::StorageFailed.into()))
            }
            Place::Inline(connection) => {
                let mut connection = connection.lock().map_err(|_| Problem::new(Code::StorageFailed))?;
                self.damage.guard(&mut connection, work)
            }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_one_piece_of_work_and_not_the_store() {
        let runner = Runner::thread(Connection::open_in_memory().unwrap()).unwrap();
        let lost = runner.run(|_| -> Result<(), Problem> { panic!("on purpose") }).await;
        assert_eq!(lost, Err(Code::StorageFailed.into()));
        assert_eq!(runner.run(|_| Ok(7)).await, Ok(7));
    }
}
