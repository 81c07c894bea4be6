//! The push loop: empties the outbox, lane by lane.

use super::lanes::{Known, Plan, plan};
use super::{Woken, is_live, is_open, of_server, rest, rest_after, wait_after};
use crate::bell::Rung;
use crate::profile::{Profile, Session};
use crate::remote::{Failure, WAIT_MAX};
use crate::store::cache::Applied;
use crate::store::outbox::{Asked, Standing};
use crate::store::threads::InFlight;
use crate::store::{cache, outbox};
use crate::view::{DraftFile, Topic};
use fieldline_model::api::PART_MAX_BYTES;
use fieldline_model::{BlobHash, Change, Code, IntentId, Outcome, PlaceId, Problem, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// How many rows are looked at in one step.
const LOOK: u32 = 500;

/// What the loop remembers between steps; all of it may be forgotten.
#[derive(Default)]
struct Memory {
    /// In which session the step is done.
    session: Session,
    /// Photos the server was seen to have ready.
    ready: BTreeSet<BlobHash>,
    /// Lanes that were told *later*.
    held: BTreeMap<PlaceId, Held>,
    /// How often the size of a part was halved: a megabyte may be more than a bad
    /// network carries before everybody's patience ends.
    halved: u32,
    /// Whether a batch was refused as a whole: each goes alone, until the one that
    /// is to blame is found.
    alone: bool,
    tries: u32,
}

/// A lane that was told *later*.
#[derive(Default)]
struct Held {
    /// Until when, by [`crate::clock::Clock::ticks_ms`].
    until_ms: i64,
    /// How often in a row.
    tries: u32,
}

impl Memory {
    /// Holds lanes for as long as they were told, and at least as their tries say.
    fn hold(&mut self, it: &Profile, lanes: impl IntoIterator<Item = PlaceId>, told: Option<Duration>) {
        for lane in lanes {
            let held = self.held.entry(lane).or_default();
            held.tries += 1;
            let grown = it.clock.backoff(held.tries);
            let wait = told.map_or(grown, |told| told.clamp(grown, WAIT_MAX));
            held.until_ms = it.clock.ticks_ms() + wait.as_millis() as i64;
        }
    }

    /// The lanes that are held now, and how long until the first of them may go on.
    fn shut(&self, it: &Profile) -> (BTreeSet<PlaceId>, Option<Duration>) {
        let now = it.clock.ticks_ms();
        let shut = || self.held.iter().filter(|(_, held)| held.until_ms > now);
        let first = shut().map(|(_, held)| held.until_ms - now).min();
        (shut().map(|(lane, _)| *lane).collect(), first.map(|ms| Duration::from_millis(ms as u64)))
    }
}

/// What to do next, and the photos of the rows that were looked at.
#[derive(Default)]
struct Look {
    plan: Plan,
    files: BTreeMap<IntentId, Vec<DraftFile>>,
    /// Of the rows to be submitted those that never were on their way, by their places.
    fresh: Vec<i64>,
}

enum Step {
    Did,
    /// Until a held lane may go on, if there is one.
    Nothing(Option<Duration>),
}

pub(super) async fn run(it: Arc<Profile>) {
    let mut memory = Memory::default();
    // What a loop before this one had in flight when it was ended.
    it.fly(|f| *f = InFlight::default());
    loop {
        if !is_open(&it) {
            it.push.heard().await;
            continue;
        }
        memory.session = it.session();
        let woken = match step(&it, &mut memory).await {
            Ok(Step::Did) => continue,
            Ok(Step::Nothing(wait)) => {
                memory.tries = 0;
                memory.alone &= !memory.held.is_empty();
                tell_outbox(&it, []);
                rest(&it, &it.push, wait).await
            }
            Err(failure) => {
                it.fly(|f| *f = InFlight::default());
                memory.tries += 1;
                let wait = wait_after(&it, memory.session, &failure, memory.tries).await;
                tell_outbox(&it, []);
                let Some(wait) = wait else { continue };
                rest_after(&it, &it.push, &failure, wait).await
            }
        };
        if woken == Woken::By(Rung::Now) {
            memory.held.clear();
        }
        if woken != Woken::Time && is_live(&it) {
            memory.tries = 0;
        }
    }
}

async fn step(it: &Profile, memory: &mut Memory) -> Result<Step, Failure> {
    let (ready, alone) = (memory.ready.clone(), memory.alone);
    let (held, wait) = memory.shut(it);
    let flight = it.flight();
    let Look { plan, files, fresh } = it
        .run(move |c| {
            let mut look = look(c, &held, &ready)?;
            if alone {
                look.plan.submit.truncate(1);
            }
            // Here, where nobody can take one of them back at the same time.
            look.fresh = outbox::try_them(c, &look.plan.submit)?;
            let mut flying = flight.lock().unwrap_or_else(PoisonError::into_inner);
            flying.submitted = look.plan.submit.iter().map(|row| row.intent.id).collect();
            Ok(look)
        })
        .await
        .map_err(stored)?;
    if !plan.submit.is_empty() {
        submit(it, memory, (plan.submit, fresh)).await?;
        return Ok(Step::Did);
    }
    let Some(row) = plan.upload else { return Ok(Step::Nothing(wait)) };
    let files = files.get(&row.intent.id).cloned().unwrap_or_default();
    match upload(it, memory, &row, &files).await {
        // The server stumbles over this photo: the other lanes' come first.
        Err(Failure::Later { wait: told, problem }) if of_server(&problem) => {
            memory.hold(it, [row.intent.ask.place()], told);
            it.fly(|f| {
                f.intents.remove(&row.intent.id);
            });
        }
        done => done?,
    }
    Ok(Step::Did)
}

fn stored(problem: Problem) -> Failure {
    Failure::Later { wait: None, problem }
}

/// Looks at the first rows; at more of them when of those none can be submitted,
/// so that thousands in one lane hide no other. One that does not read is parked.
fn look(
    c: &mut rusqlite::Connection,
    held: &BTreeSet<PlaceId>,
    ready: &BTreeSet<BlobHash>,
) -> Result<Look, Problem> {
    let mut most = LOOK;
    loop {
        let mut waiting = outbox::waiting(c, most)?;
        let all = (waiting.len() as u32) < most;
        for row in waiting.iter().filter(|row| row.standing == Standing::Stuck) {
            outbox::refuse(c, row.intent.id, &Code::StorageFailed.into())?;
        }
        waiting.retain(|row| row.standing == Standing::Waiting);
        let mut files = BTreeMap::new();
        for row in waiting.iter().filter(|row| has_photos(row)) {
            files.insert(row.intent.id, outbox::files(c, row.intent.id.0)?);
        }
        let lacks = |row: &Asked| {
            files.get(&row.intent.id).is_some_and(|f| f.iter().any(|f| !ready.contains(&f.hash)))
        };
        let stuck = outbox::stuck_messages(c)?;
        let plan = plan(waiting, &Known { held, stuck: &stuck }, lacks);
        if all || !plan.submit.is_empty() {
            return Ok(Look { plan, files, fresh: Vec::new() });
        }
        most = most.saturating_mul(8);
    }
}

fn has_photos(row: &Asked) -> bool {
    row.intent.ask.said().is_some_and(|send| !send.files.is_empty())
}

fn tell_outbox(it: &Profile, places: impl IntoIterator<Item = PlaceId>) {
    let mut topics = BTreeSet::from([Topic::Outbox, Topic::Status, Topic::Lists]);
    topics.extend(places.into_iter().map(|place| Topic::Thread { place }));
    it.tell(topics);
}

/// Submits a batch and does what each verdict says. Where nothing left this device, the
/// `fresh` ones of it still never were on their way.
async fn submit(
    it: &Profile,
    memory: &mut Memory,
    (batch, fresh): (Vec<Asked>, Vec<i64>),
) -> Result<(), Failure> {
    it.failpoints.pass("before_submit").await;
    it.fly(|f| f.intents.extend(batch.iter().map(|row| (row.intent.id, 1.0))));
    let places = || batch.iter().map(|row| row.intent.ask.place());
    tell_outbox(it, places());
    let bodies: Vec<String> = batch.iter().map(|row| row.body.clone()).collect();
    let done = match it.remote().intents(&bodies).await {
        Ok(answer) => {
            it.failpoints.pass("before_settle").await;
            take_verdicts(it, memory, &batch, answer.verdicts).await
        }
        Err(Failure::Refused(problem)) if batch.len() == 1 => refuse(it, memory, &batch[0], problem).await,
        Err(Failure::Refused(_)) => {
            memory.alone = true;
            Ok(())
        }
        Err(failure @ Failure::NotSent(_)) => {
            it.run(move |c| outbox::never_left(c, &fresh)).await.map_err(stored)?;
            Err(failure)
        }
        Err(failure) => Err(failure),
    };
    it.fly(|f| *f = InFlight::default());
    done?;
    it.failpoints.pass("after_settle").await;
    tell_outbox(it, places());
    Ok(())
}

/// What is written of a verdict.
enum Answer {
    Accepted(Vec<Change>),
    Refused(Problem),
    /// What it needs is not at the server yet.
    Early(IntentId),
}

/// Does what the verdicts say, all of it in one transaction.
async fn take_verdicts(
    it: &Profile,
    memory: &mut Memory,
    batch: &[Asked],
    verdicts: Vec<Verdict>,
) -> Result<(), Failure> {
    let mine = |(row, told): (&Asked, &Verdict)| told.intent.is_none_or(|id| id == row.intent.id);
    if verdicts.len() != batch.len() || !batch.iter().zip(&verdicts).all(mine) {
        return Err(stored(Code::NotAServer.into()));
    }
    let (mut answered, mut shut) = (Vec::new(), None);
    let (mut later, mut told) = (BTreeSet::new(), None);
    for (row, verdict) in batch.iter().zip(verdicts) {
        let (id, place) = (row.intent.id, row.intent.ask.place());
        match verdict.outcome {
            Outcome::Accepted { changes } => answered.push((id, Answer::Accepted(changes))),
            Outcome::Refused { problem } if lost_photos(memory, row, &problem) => {
                later.insert(place);
            }
            Outcome::Refused { problem } => answered.push((id, Answer::Refused(problem))),
            Outcome::Later { wait_ms } => {
                // The rest of its lane waits for it.
                if later.insert(place) {
                    answered.extend(row.intent.needs.map(|needs| (id, Answer::Early(needs))));
                }
                told = told.max(Some(Duration::from_millis(wait_ms)));
            }
            Outcome::SignInAgain => shut = Some(Failure::SignInAgain),
            Outcome::UpdateNeeded => shut = Some(Failure::UpdateNeeded),
        }
    }
    memory
        .held
        .retain(|lane, _| later.contains(lane) || batch.iter().all(|row| row.intent.ask.place() != *lane));
    memory.hold(it, later, told);
    let now_ms = it.clock.server_now_ms();
    let applied = it
        .take(memory.session, move |c| {
            let (work, mut applied) = (cache::begin(c)?, Applied::default());
            for (id, answer) in answered {
                match answer {
                    Answer::Accepted(changes) => {
                        cache::apply(&work, &changes, now_ms, &mut applied)?;
                        outbox::settle(&work, id.0, now_ms)?;
                    }
                    Answer::Refused(problem) => outbox::refuse(&work, id, &problem)?,
                    Answer::Early(needs) => outbox::give_up_without(&work, id, needs)?,
                }
            }
            cache::commit(work)?;
            Ok(applied)
        })
        .await
        .map_err(stored)?;
    it.tell_applied(applied).await;
    shut.map_or(Ok(()), Err)
}

async fn refuse(it: &Profile, memory: &Memory, row: &Asked, problem: Problem) -> Result<(), Failure> {
    let id = row.intent.id;
    it.take(memory.session, move |c| {
        let work = cache::begin(c)?;
        outbox::refuse(&work, id, &problem)?;
        cache::commit(work)
    })
    .await
    .map_err(stored)
}

/// The server no longer has photos it was seen to have (it was restored): they
/// are uploaded again, instead of telling the person.
fn lost_photos(memory: &mut Memory, row: &Asked, problem: &Problem) -> bool {
    let Some(send) = row.intent.ask.said() else { return false };
    let before = memory.ready.len();
    if problem.code == Code::FileMissing {
        memory.ready.retain(|hash| send.files.iter().all(|f| f.hash != *hash));
    }
    memory.ready.len() < before
}

/// Sends the next part of the first photo that is not on the server.
async fn upload(it: &Profile, memory: &mut Memory, row: &Asked, files: &[DraftFile]) -> Result<(), Failure> {
    let Some(at) = files.iter().position(|f| !memory.ready.contains(&f.hash)) else { return Ok(()) };
    it.failpoints.pass("before_upload").await;
    let file = &files[at];
    show_progress(it, row, files, at, 0);
    let mut progress = match it.remote().blob(&file.hash).await {
        Err(Failure::Refused(problem)) => return refuse(it, memory, row, problem).await,
        other => other?,
    };
    if progress.ready.is_none() {
        let length = PART_MAX_BYTES >> memory.halved;
        let part = it.blobs.part(file.hash.as_str(), progress.offset, length).await;
        let Ok(Some(part)) = part else {
            // The bytes are gone from this device: say so and let the rest go on.
            return refuse(it, memory, row, Code::FileMissing.into()).await;
        };
        if part.is_empty() {
            // Fewer bytes than were chosen: there is no more to send, ever.
            return refuse(it, memory, row, Code::FileDamaged.into()).await;
        }
        let before = progress.offset;
        let sent = it.remote().blob_part(&file.hash, progress.offset, file.size_bytes, part).await;
        progress = match sent {
            Err(Failure::Refused(problem)) => return refuse(it, memory, row, problem).await,
            Err(failure) => {
                memory.halved = (memory.halved + 1).min(4);
                return Err(failure);
            }
            // It took nothing: the same again at once would be for ever.
            Ok(now) if now.ready.is_none() && now.offset <= before => return Err(stored(Code::Busy.into())),
            Ok(now) => now,
        };
        memory.halved = memory.halved.saturating_sub(1);
        it.failpoints.pass("between_parts").await;
    }
    show_progress(it, row, files, at, progress.offset);
    if progress.ready.is_some() {
        memory.ready.insert(file.hash.clone());
        it.failpoints.pass("after_upload").await;
    }
    Ok(())
}

/// How much of a message's photos is on the server, 0 to 1.
fn show_progress(it: &Profile, row: &Asked, files: &[DraftFile], at: usize, offset: u64) {
    let all: u64 = files.iter().map(|f| f.size_bytes).sum();
    let before: u64 = files[..at].iter().map(|f| f.size_bytes).sum();
    let there = (before + offset) as f32 / all.max(1) as f32;
    it.fly(|f| {
        f.intents.insert(row.intent.id, there.min(1.0));
    });
    tell_outbox(it, [row.intent.ask.place()]);
}
