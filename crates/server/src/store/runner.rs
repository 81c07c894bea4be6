//! The writer, and the readers beside it.
//!
//! ```text
//! jobs ──► queue ──► BEGIN ─► job, job, job … ─► COMMIT ─► hub ─► answers
//!            ▲                 │                    │
//!            │                 └ one fails half-way: ROLLBACK, all again with savepoints
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

use super::counts::Counts;
use super::look::Look;
use super::tx::{Care, Told, Tx};
use super::{Fault, Stop};
use crate::clock::Clock;
use crate::fp;
use crate::hub::Hub;
use fieldline_model::WorkspaceId;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
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

/// Something asked of the writer. It may be run twice, when what the first run did
/// was undone; it is answered once.
trait Job: Send {
    fn run(&mut self, tx: &mut Tx<'_>);
    /// The fault it ended with, if it did.
    fn fault(&self) -> Option<Fault>;
    fn answer(self: Box<Self>, committed: Result<(), Fault>, rest: Rest);
}

type Group = Vec<Box<dyn Job>>;

struct Asked<T, F> {
    work: F,
    got: Option<Result<T, Stop>>,
    asker: oneshot::Sender<(Result<T, Stop>, Rest)>,
}

impl<T, F> Job for Asked<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) {
        self.got = Some((self.work)(tx));
    }

    fn fault(&self) -> Option<Fault> {
        match &self.got {
            Some(Err(Stop::Fault(fault))) => Some(fault.clone()),
            _ => None,
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), Fault>, rest: Rest) {
        // One that was never run is one of a group that failed.
        let got = self.got.unwrap_or(Err(Fault::Busy.into()));
        // Nobody listens when the asker has gone; what was done stays done.
        let _ = self.asker.send((committed.map_err(Stop::from).and(got), rest));
    }
}

/// What the writer works with.
pub struct WriteSide {
    pub conn: Connection,
    pub workspace: WorkspaceId,
    pub clock: Clock,
    pub hub: Arc<Hub>,
    pub counts: Arc<Counts>,
}

impl WriteSide {
    /// Runs `first` and what `next` still gives in one transaction, then answers.
    fn commit_group(&mut self, first: Box<dyn Job>, next: impl FnMut() -> Option<Box<dyn Job>>) {
        let mut group = vec![first];
        let outcome = self.in_one_commit(&mut group, next);
        if outcome.is_err() {
            self.undo();
        }
        drop(Rest { outcome, group });
    }

    fn in_one_commit(
        &self,
        group: &mut Group,
        next: impl FnMut() -> Option<Box<dyn Job>>,
    ) -> Result<(), Fault> {
        let mut told = self.run_jobs(group, next, Care::Trusting)?;
        if told.is_none() {
            self.undo();
            told = self.run_jobs(group, || None, Care::Careful)?;
        }
        fp!("before_commit");
        self.conn.execute_batch("COMMIT")?;
        self.counts.commit(group.len());
        fp!("after_commit_before_answer");
        self.hub.tell(&told.unwrap_or_default());
        Ok(())
    }

    /// Runs the jobs of `group`, and into it what `next` gives; `None`: they are to be
    /// undone and run again with care.
    fn run_jobs(
        &self,
        group: &mut Group,
        mut next: impl FnMut() -> Option<Box<dyn Job>>,
        care: Care,
    ) -> Result<Option<Told>, Fault> {
        self.conn.execute_batch("BEGIN IMMEDIATE").map_err(|_| Fault::Busy)?;
        let look = Look::new(&self.conn, self.workspace);
        let mut tx = Tx::begin(look, &self.clock, care).map_err(as_fault)?;
        let mut ran = 0;
        while let Some(job) = group.get_mut(ran) {
            let run = catch_unwind(AssertUnwindSafe(|| job.run(&mut tx)));
            if tx.is_to_be_undone() {
                return Ok(None);
            }
            run.map_err(|_| Fault::Broken("a job of the store panicked".into()))?;
            // A disk that fails ends the whole transaction, whatever the job made of it.
            if self.conn.is_autocommit() {
                return Err(job.fault().unwrap_or(Fault::Full));
            }
            ran += 1;
            if ran == group.len() && ran < GROUP_MAX {
                group.extend(next());
            }
        }
        tx.take_numbers().map_err(as_fault)?;
        Ok(Some(tx.into_told()))
    }

    fn undo(&self) {
        if !self.conn.is_autocommit() {
            // When even this fails, the next BEGIN does, and says so.
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }
}

/// The answers of a group that are still to be given: they are when this is dropped.
///
/// Waking somebody of another thread costs the writer as much as a fifth of an
/// intent; so it wakes the first asker alone, who carries these and wakes the others
/// from the askers' own threads. Should the first be gone, the next one gets them.
struct Rest {
    outcome: Result<(), Fault>,
    group: Group,
}

impl Drop for Rest {
    fn drop(&mut self) {
        let mut group = std::mem::take(&mut self.group).into_iter();
        if let Some(first) = group.next() {
            let rest = Self { outcome: self.outcome.clone(), group: group.collect() };
            first.answer(self.outcome.clone(), rest);
        }
    }
}

impl Rest {
    /// Gives the answers, from an asker's own thread.
    fn give(mut self) {
        for job in std::mem::take(&mut self.group) {
            job.answer(self.outcome.clone(), Self { outcome: Ok(()), group: Vec::new() });
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
    Thread { jobs: Option<SyncSender<Box<dyn Job>>>, thread: Option<JoinHandle<()>>, counts: Arc<Counts> },
    Inline(Box<Mutex<WriteSide>>),
}

/// The one writer.
pub struct Writer(Way);

impl Writer {
    pub fn start(run: Run, mut side: WriteSide) -> std::io::Result<Self> {
        if run == Run::Inline {
            return Ok(Self(Way::Inline(Box::new(Mutex::new(side)))));
        }
        let (jobs, queue) = sync_channel::<Box<dyn Job>>(QUEUE_MAX);
        let counts = side.counts.clone();
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || {
            while let Ok(first) = queue.recv() {
                let counts = side.counts.clone();
                counts.queue(-1);
                side.commit_group(first, || queue.try_recv().ok().inspect(|_| counts.queue(-1)));
            }
        })?;
        Ok(Self(Way::Thread { jobs: Some(jobs), thread: Some(thread), counts }))
    }

    /// Runs `work`, which may be run twice: what its first run did is undone then.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        let (asker, answer) = oneshot::channel();
        let job = Box::new(Asked { work, got: None, asker });
        match &self.0 {
            Way::Inline(side) => {
                side.lock().unwrap_or_else(PoisonError::into_inner).commit_group(job, || None);
            }
            Way::Thread { jobs, counts, .. } => {
                counts.queue(1);
                let sent = jobs.as_ref().map(|jobs| jobs.try_send(job));
                if !matches!(sent, Some(Ok(()))) {
                    counts.queue(-1);
                }
                match sent {
                    Some(Ok(())) => {}
                    Some(Err(TrySendError::Full(_))) => return Err(Fault::Busy.into()),
                    _ => return Err(Fault::Broken("the writer has stopped".into()).into()),
                }
            }
        }
        let Ok((answer, rest)) = answer.await else { return Err(Fault::Busy.into()) };
        rest.give();
        answer
    }
}

impl Drop for Writer {
    /// Lets the thread finish what it was given and close the file.
    fn drop(&mut self) {
        if let Way::Thread { jobs, thread, .. } = &mut self.0 {
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
