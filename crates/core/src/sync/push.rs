//! The push loop: empties the outbox, lane by lane.

use super::lanes::{Known, plan};
use super::{is_live, is_open, rest, wait_after};
use crate::profile::Profile;
use crate::remote::Failure;
use crate::store::outbox::Asked;
use crate::store::{cache, outbox};
use crate::view::{DraftFile, Topic};
use fieldline_model::api::PART_MAX_BYTES;
use fieldline_model::{Ask, BlobHash, Code, Outcome, PlaceId, Problem, Verdict};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How many rows are looked at in one step.
const LOOK: u32 = 500;

/// What the loop remembers between steps; all of it may be forgotten.
#[derive(Default)]
struct Memory {
    /// Photos the server was seen to have ready.
    ready: BTreeSet<BlobHash>,
    /// Lanes that were told *later*.
    held: BTreeSet<PlaceId>,
    /// How long they were told to wait.
    held_for: Option<Duration>,
    /// How often the size of a part was halved: a megabyte may be more than a bad
    /// network carries before everybody's patience ends.
    halved: u32,
    tries: u32,
}

enum Step {
    Did,
    Nothing,
}

pub(super) async fn run(it: Arc<Profile>) {
    let mut memory = Memory::default();
    loop {
        if !is_open(&it) {
            it.push.notified().await;
            continue;
        }
        let wait = match step(&it, &mut memory).await {
            Ok(Step::Did) => continue,
            Ok(Step::Nothing) if memory.held.is_empty() => {
                memory.tries = 0;
                None
            }
            Ok(Step::Nothing) => {
                memory.tries += 1;
                Some(memory.held_for.take().unwrap_or_else(|| it.clock.backoff(memory.tries)))
            }
            Err(failure) => {
                it.fly(|f| f.intents.clear());
                memory.tries += 1;
                wait_after(&it, &failure, memory.tries)
            }
        };
        tell_outbox(&it, []);
        let woken = rest(&it, &it.push, wait).await;
        if woken && is_live(&it) {
            memory.tries = 0;
        }
        memory.held.clear();
    }
}

async fn step(it: &Profile, memory: &mut Memory) -> Result<Step, Failure> {
    let (waiting, stuck, files) = it
        .run(|c| {
            let waiting = outbox::waiting(c, LOOK)?;
            let mut files = std::collections::BTreeMap::new();
            for row in waiting.iter().filter(|r| has_photos(r)) {
                files.insert(row.intent.id, outbox::files(c, row.intent.id.0)?);
            }
            Ok((waiting, outbox::stuck_messages(c)?, files))
        })
        .await
        .map_err(|problem| Failure::Later { wait: None, problem })?;
    let known = Known { held: &memory.held, stuck: &stuck };
    let lacks = |row: &Asked| {
        files.get(&row.intent.id).is_some_and(|f| f.iter().any(|f| !memory.ready.contains(&f.hash)))
    };
    let plan = plan(waiting, &known, lacks);
    if !plan.submit.is_empty() {
        submit(it, memory, plan.submit).await?;
        return Ok(Step::Did);
    }
    if let Some(row) = plan.upload {
        let files = files.get(&row.intent.id).cloned().unwrap_or_default();
        upload(it, memory, &row, &files).await?;
        return Ok(Step::Did);
    }
    Ok(Step::Nothing)
}

fn has_photos(row: &Asked) -> bool {
    matches!(&row.intent.ask, Ask::Send(send) if !send.files.is_empty())
}

fn tell_outbox(it: &Profile, places: impl IntoIterator<Item = PlaceId>) {
    let threads = places.into_iter().map(|place| Topic::Thread { place });
    it.tell([Topic::Outbox, Topic::Status, Topic::Lists].into_iter().chain(threads));
}

/// Submits a batch and does what each verdict says.
async fn submit(it: &Profile, memory: &mut Memory, batch: Vec<Asked>) -> Result<(), Failure> {
    it.failpoints.pass("before_submit").await;
    it.fly(|f| f.intents.extend(batch.iter().map(|row| (row.intent.id, 1.0))));
    tell_outbox(it, batch.iter().map(|row| row.intent.ask.place()));
    let bodies: Vec<String> = batch.iter().map(|row| row.body.clone()).collect();
    let answer = it.remote().intents(&bodies).await?;
    it.failpoints.pass("before_settle").await;
    if answer.verdicts.len() != batch.len() {
        return Err(Failure::Later { wait: None, problem: Code::NotAServer.into() });
    }
    let mut shut = None;
    for (row, verdict) in batch.iter().zip(answer.verdicts) {
        if let Err(failure) = take_verdict(it, memory, row, verdict).await {
            shut = Some(failure);
        }
        it.fly(|f| {
            f.intents.remove(&row.intent.id);
        });
    }
    it.failpoints.pass("after_settle").await;
    tell_outbox(it, batch.iter().map(|row| row.intent.ask.place()));
    shut.map_or(Ok(()), Err)
}

async fn take_verdict(
    it: &Profile,
    memory: &mut Memory,
    row: &Asked,
    verdict: Verdict,
) -> Result<(), Failure> {
    let (id, now_ms, place) = (row.intent.id, it.clock.now_ms(), row.intent.ask.place());
    if verdict.intent.is_some_and(|told| told != id) {
        return Err(Failure::Later { wait: None, problem: Code::NotAServer.into() });
    }
    match verdict.outcome {
        Outcome::Accepted { changes } => {
            let settle = move |c: &mut rusqlite::Connection| {
                let work = cache::begin(c)?;
                let applied = cache::apply(&work, &changes, now_ms)?;
                outbox::settle(&work, id.0, now_ms)?;
                cache::commit(work)?;
                Ok(applied)
            };
            let applied = it.run(settle).await.map_err(|problem| Failure::Later { wait: None, problem })?;
            it.tell_applied(applied);
        }
        Outcome::Refused { problem } if lost_photos(memory, row, &problem) => {
            memory.held.insert(place);
        }
        Outcome::Refused { problem } => refuse(it, row, problem).await?,
        Outcome::Later { wait_ms } => {
            memory.held.insert(place);
            memory.held_for = memory.held_for.max(Some(Duration::from_millis(wait_ms)));
        }
        Outcome::SignInAgain => return Err(Failure::SignInAgain),
        Outcome::UpdateNeeded => return Err(Failure::UpdateNeeded),
    }
    Ok(())
}

async fn refuse(it: &Profile, row: &Asked, problem: Problem) -> Result<(), Failure> {
    let id = row.intent.id;
    it.run(move |c| {
        let work = cache::begin(c)?;
        outbox::refuse(&work, id, &problem)?;
        cache::commit(work)
    })
    .await
    .map_err(|problem| Failure::Later { wait: None, problem })
}

/// The server no longer has photos it was seen to have (it was restored): they
/// are uploaded again, instead of telling the person.
fn lost_photos(memory: &mut Memory, row: &Asked, problem: &Problem) -> bool {
    let Ask::Send(send) = &row.intent.ask else { return false };
    problem.code == Code::FileMissing && send.files.iter().any(|f| memory.ready.remove(&f.hash))
}

/// Sends the next part of the first photo that is not on the server.
async fn upload(it: &Profile, memory: &mut Memory, row: &Asked, files: &[DraftFile]) -> Result<(), Failure> {
    let Some(at) = files.iter().position(|f| !memory.ready.contains(&f.hash)) else { return Ok(()) };
    it.failpoints.pass("before_upload").await;
    let file = &files[at];
    show_progress(it, row, files, at, 0);
    let mut progress = match it.remote().blob(&file.hash).await {
        Err(Failure::Refused(problem)) => return refuse(it, row, problem).await,
        other => other?,
    };
    if progress.ready.is_none() {
        let length = PART_MAX_BYTES >> memory.halved;
        let part = it.blobs.part(file.hash.as_str(), progress.offset, length).await;
        let Ok(Some(part)) = part else {
            // The bytes are gone from this device: say so and let the rest go on.
            return refuse(it, row, Code::FileMissing.into()).await;
        };
        let sent = it.remote().blob_part(&file.hash, progress.offset, file.size_bytes, part).await;
        progress = match sent {
            Err(Failure::Refused(problem)) => return refuse(it, row, problem).await,
            Err(failure) => {
                memory.halved = (memory.halved + 1).min(4);
                return Err(failure);
            }
            Ok(progress) => progress,
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
