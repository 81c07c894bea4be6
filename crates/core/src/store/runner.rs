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
use std::sync::Mutex;

#[cfg(not(target_arch = "wasm32"))]
type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Runs work on the one connection.
pub enum Runner {
    /// A thread of its own.
    #[cfg(not(target_arch = "wasm32"))]
    Thread(std::sync::mpsc::Sender<Job>),
    /// Where it is called.
    Inline(Mutex<Connection>),
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
        Ok(Self::Thread(jobs))
    }

    /// Runs work where it is called.
    pub fn inline(connection: Connection) -> Self {
        Self::Inline(Mutex::new(connection))
    }

    /// Runs `work` after everything asked before it.
    pub async fn run<T: MaybeSend + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Problem> + MaybeSend + 'static,
    ) -> Result<T, Problem> {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::Thread(jobs) => {
                let (answer, answered) = tokio::sync::oneshot::channel();
                let job: Job = Box::new(move |connection| {
                    // A screen that stopped waiting does not undo what it asked.
                    let _ = answer.send(work(connection));
                });
                jobs.send(job).map_err(|_| Problem::new(Code::StorageFailed))?;
                answered.await.unwrap_or(Err(Code::StorageFailed.into()))
            }
            Self::Inline(connection) => {
                let mut connection = connection.lock().map_err(|_| Problem::new(Code::StorageFailed))?;
                work(&mut connection)
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
