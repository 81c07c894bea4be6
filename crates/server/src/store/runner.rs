//! The writer, and the readers beside it.
//!
//! ```text
//! jobs ──► queue ──► BEGIN ─► job, job, job … (savepoints) ─► COMMIT ─► hub ─► answers
//!            ▲                                                  │
//!            └──────── those that arrive meanwhile share the next one
//! ```
//!
//! In production the writer is a thread of its own: a commit waits for the disk,
//! and what arrives while it waits goes out together with the next one (group
//! commit), so twenty senders cost few more disk waits than one. In tests that
//! pause the clock, [`Run::Inline`] runs each job at once where it is asked, so
//! that no thread unknown to the paused clock holds up or overtakes anybody.
//!
//! Invariants
//! - An answer is given after its COMMIT, or it is a fault.
//! - The hub is told after the COMMIT and before the answers.
//! - One job that is refused or fails leaves the others of its group untouched; a
//!   group whose commit fails is answered with that fault, each of it.

use super::look::Look;
use super::tx::{Told, Tx};
use super::{Fault, Stop};
use crate::clock::Clock;
use crate::fp;
use crate::hub::Hub;
use fieldline_model::WorkspaceId;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{Semaphore, oneshot};

/// Where the store's work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// A writer thread and a pool of readers: production.
    Thread,
    /// On the spot, one at a time: tests with a paused clock.
    Inline,
}

/// Jobs that may wait for the writer; past that the server says it is busy.
const QUEUE_MAX: usize = 4096;
/// Jobs that share one commit at most, so that the first of them does not wait long.
const GROUP_MAX: usize = 256;
/// Connections that read at once.
const READERS: usize = 4;

type Answer = Box<dyn FnOnce(Result<(), Fault>, Rest) + Send>;
type Job = Box<dyn FnOnce(&mut Tx<'_>) -> Answer + Send>;

/// What the writer works with.
pub struct WriteSide {
    pub conn: Connection,
    pub workspace: WorkspaceId,
    pub clock: Clock,
    pub hub: Arc<Hub>,
    pub commits: Arc<AtomicU64>,
}

impl WriteSide {
    /// Runs `first` and what `next` still gives in one transaction, then answers.
    fn commit_group(&mut self, first: Job, next: impl FnMut() -> Option<Job>) {
        // A job dropped unrun answers Busy by dropping its sender.
        if self.conn.execute_batch("BEGIN IMMEDIATE").is_err() {
            return;
        }
        let mut answers = Vec::new();
        let ran = self.run_jobs(first, next, &mut answers);
        let committed = ran.and_then(|told| {
            fp!("before_commit");
            self.conn.execute_batch("COMMIT").map_err(Fault::from)?;
            Ok(told)
        });
        let outcome = match committed {
            Ok(told) => {
                self.commits.fetch_add(1, Ordering::Relaxed);
                fp!("after_commit_before_answer");
                self.hub.tell(&told);
                Ok(())
            }
            Err(fault) => {
                if !self.conn.is_autocommit() {
                    // When even this fails, the next BEGIN does, and says so.
                    let _ = self.conn.execute_batch("ROLLBACK");
                }
                Err(fault)
            }
        };
        drop(Rest { outcome, answers });
    }

    fn run_jobs(
        &self,
        first: Job,
        mut next: impl FnMut() -> Option<Job>,
        answers: &mut Vec<Answer>,
    ) -> Result<Told, Fault> {
        let mut tx = Tx::begin(Look::new(&self.conn, self.workspace), &self.clock).map_err(as_fault)?;
        let mut job = Some(first);
        while let Some(run) = job {
            match catch_unwind(AssertUnwindSafe(|| run(&mut tx))) {
                Ok(answer) => answers.push(answer),
                Err(_) => return Err(Fault::Broken("a job of the store panicked".into())),
            }
            // A full disk ends the whole transaction, whatever the job made of it.
            if self.conn.is_autocommit() {
                return Err(Fault::Full);
            }
            job = if answers.len() < GROUP_MAX { next() } else { None };
        }
        tx.take_numbers().map_err(as_fault)?;
        Ok(tx.into_told())
    }
}

/// The answers of a group that are still to be given: they are when this is dropped.
///
/// Waking somebody of another thread costs the writer as much as a fifth of an
/// intent; so it wakes the first asker alone, who carries these and wakes the others
/// from the askers' own threads. Should the first be gone, the next one gets them.
struct Rest {
    outcome: Result<(), Fault>,
    answers: Vec<Answer>,
}

impl Drop for Rest {
    fn drop(&mut self) {
        let mut answers = std::mem::take(&mut self.answers).into_iter();
        if let Some(first) = answers.next() {
            let rest = Self { outcome: self.outcome.clone(), answers: answers.collect() };
            first(self.outcome.clone(), rest);
        }
    }
}

impl Rest {
    /// Gives the answers, from an asker's own thread.
    fn give(mut self) {
        for answer in std::mem::take(&mut self.answers) {
            answer(self.outcome.clone(), Self { outcome: Ok(()), answers: Vec::new() });
        }
    }
}

/// Of what no rule has a say in.
fn as_fault(stop: Stop) -> Fault {
    match stop {
        Stop::Fault(fault) => fault,
        Stop::Refused(problem) => Fault::Broken(format!("{:?}", problem.code)),
    }
}

enum Way {
    Thread { jobs: Option<SyncSender<Job>>, thread: Option<JoinHandle<()>> },
    Inline(Box<Mutex<WriteSide>>),
}

/// The one writer.
pub struct Writer(Way);

impl Writer {
    pub fn start(run: Run, mut side: WriteSide) -> std::io::Result<Self> {
        if run == Run::Inline {
            return Ok(Self(Way::Inline(Box::new(Mutex::new(side)))));
        }
        let (jobs, queue) = sync_channel::<Job>(QUEUE_MAX);
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || {
            while let Ok(first) = queue.recv() {
                side.commit_group(first, || queue.try_recv().ok());
            }
        })?;
        Ok(Self(Way::Thread { jobs: Some(jobs), thread: Some(thread) }))
    }

    pub async fn write<T, F>(&self, run: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        let (answered, answer) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            let got = run(tx);
            Box::new(move |committed: Result<(), Fault>, rest: Rest| {
                // Nobody listens when the asker has gone; what was done stays done.
                let _ = answered.send((committed.map_err(Stop::from).and(got), rest));
            })
        });
        match &self.0 {
            Way::Inline(side) => {
                side.lock().unwrap_or_else(PoisonError::into_inner).commit_group(job, || None);
            }
            Way::Thread { jobs, .. } => match jobs.as_ref().map(|jobs| jobs.try_send(job)) {
                Some(Ok(())) => {}
                Some(Err(TrySendError::Full(_))) => return Err(Fault::Busy.into()),
                _ => return Err(Fault::Broken("the writer has stopped".into()).into()),
            },
        }
        let Ok((answer, rest)) = answer.await else { return Err(Fault::Busy.into()) };
        rest.give();
        answer
    }
}

impl Drop for Writer {
    /// Lets the thread finish what it was given and close the file.
    fn drop(&mut self) {
        if let Way::Thread { jobs, thread } = &mut self.0 {
            drop(jobs.take());
            if let Some(thread) = thread.take() {
                let _ = thread.join();
            }
        }
    }
}

/// The readers.
pub struct Readers {
    run: Run,
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub fn open(run: Run, connect: impl Fn() -> rusqlite::Result<Connection>) -> rusqlite::Result<Self> {
        let count = if run == Run::Inline { 1 } else { READERS };
        let free = (0..count).map(|_| connect()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { run, free: Arc::new(Mutex::new(free)), permits: Arc::new(Semaphore::new(count)) })
    }

    /// Runs `job` on a free connection, inside one read transaction.
    pub async fn read<T, F>(&self, job: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Stop> + Send + 'static,
    {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| Fault::Busy)?;
        let free = self.free.clone();
        self.beside(move || {
            let _permit = permit;
            let take = || free.lock().unwrap_or_else(PoisonError::into_inner);
            let conn = take().pop().ok_or(Fault::Busy)?;
            let got = catch_unwind(AssertUnwindSafe(|| in_one_moment(&conn, job)));
            take().push(conn);
            got.unwrap_or_else(|_| Err(Fault::Broken("a read of the store panicked".into()).into()))
        })
        .await
    }

    /// Runs blocking work: on tokio's blocking threads, or inline at once.
    pub async fn beside<T, F>(&self, job: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Stop> + Send + 'static,
    {
        if self.run == Run::Inline {
            return job();
        }
        let broken = |_| Stop::from(Fault::Broken("blocking work panicked".into()));
        tokio::task::spawn_blocking(job).await.map_err(broken)?
    }
}

fn in_one_moment<T>(conn: &Connection, job: impl FnOnce(&Connection) -> Result<T, Stop>) -> Result<T, Stop> {
    // Rolls back when dropped, also by a panic: there is nothing to commit.
    let _moment = conn.unchecked_transaction()?;
    job(conn)
}
