//! A device held against the truth, when everything has healed and settled.

use super::acts::Act;
use super::agent::{Agent, Asked, Said};
use super::fresh::{self, pairs};
use super::truth::Truth;
use fieldline_core::profile::Profile;
use fieldline_core::store::cache;
use fieldline_core::view::{Bubble, BubbleBody, Door, GroupTab, Mark, OutboxKind, OutboxRow, Page};
use fieldline_model::{Code, PlaceId};
use std::collections::{BTreeMap, BTreeSet};

type Held = Result<(), String>;

/// Holds one device against the truth.
pub async fn device(agent: &Agent, truth: &Truth) -> Held {
    let profile = agent.device.engine().profile().map_err(|p| format!("{p:?}"))?;
    if agent.blocked {
        return left_with_nothing(agent, &profile).await;
    }
    fresh::as_one(agent, &profile, truth).await?;
    bounded(agent)?;
    let rows = agent.device.engine().outbox().await.map_err(|p| format!("{p:?}"))?;
    stands_still(agent, &rows)?;
    nothing_lost(agent, &rows, truth)?;
    in_order(agent, truth)?;
    settled_is_known(agent, &profile, truth).await?;
    for place in places(&profile).await? {
        shown_once(agent, place, &rows).await?;
    }
    calls_are_marked(agent, &profile, truth).await
}

/// I19: retries become fewer: however bad the network, a device asks no more than this.
const ASKED_MAX: usize = 4_000;

fn bounded(agent: &Agent) -> Held {
    let asked = agent.device.net.asked().len();
    if asked > ASKED_MAX { Err(format!("I19: {} asked {asked} times", agent.name)) } else { Ok(()) }
}

/// FD5: who was blocked is left nothing.
async fn left_with_nothing(agent: &Agent, profile: &Profile) -> Held {
    let left = profile
        .run(|c| {
            let sql = "SELECT (SELECT count(*) FROM conversation) + (SELECT count(*) FROM message)
                 + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM draft)
                 + (SELECT count(*) FROM note) + (SELECT count(*) FROM note_draft)
                 + (SELECT count(*) FROM message_group) + (SELECT count(*) FROM contact)";
            c.query_row(sql, [], |r| r.get::<_, i64>(0)).map_err(fieldline_core::store::problem)
        })
        .await;
    let door = profile.door();
    if left != Ok(0) || door != Door::SignInAgain {
        return Err(format!("I14: {} was blocked and has {left:?} rows, {door:?}", agent.name));
    }
    Ok(())
}

/// I3: whatever is unsent is stuck for a reason, or is an end behind such a message, or
/// is behind such an end.
fn stands_still(agent: &Agent, rows: &[OutboxRow]) -> Held {
    let (mut stuck, mut shut) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        if matches!(row.kind, OutboxKind::End | OutboxKind::Transfer) && stuck.contains(&row.place) {
            shut.insert(row.place);
        }
        match row.mark {
            Mark::Stuck if row.problem.is_some() => {
                if row.kind == OutboxKind::Send {
                    stuck.insert(row.place);
                }
            }
            Mark::Waiting if shut.contains(&row.place) => {}
            _ => return Err(format!("I3: {} still has {row:?}", agent.name)),
        }
    }
    Ok(())
}

/// I3, I4: each thing that was asked is on the server once, or stuck, or taken back.
fn nothing_lost(agent: &Agent, rows: &[OutboxRow], truth: &Truth) -> Held {
    for (id, asked) in &agent.asked {
        let here = rows.iter().any(|row| row.intent == *id);
        let accepted = truth.intents.get(&id.0).is_some_and(Option::is_none);
        let erased = agent.erased(*id);
        let right = match asked.said {
            // What is deleted leaves the device, and its server may have been restored since.
            Said::Yes if erased => !(here && accepted),
            Said::Yes if matches!(asked.act, Act::Delete(_)) => !(here && accepted),
            Said::Yes => here != accepted,
            Said::No | Said::TakenBack | Said::Dropped => !here && !accepted,
            Said::Nothing => false,
        };
        let wrong = |why: &str| Err(format!("I3: {} {id} {asked:?}: {why}", agent.name));
        if !right {
            return wrong(&format!("on the device {here}, on the server {accepted}"));
        }
        let entry = truth.entry(id.0);
        if asked.act.is_message() && accepted && entry.is_none() {
            return wrong("was accepted and is not there");
        }
        if asked.act.is_note() && accepted != truth.notes.contains_key(&id.0) {
            return wrong("a note without its intent, or the other way");
        }
        deleted_for_good(asked, truth, (here, accepted)).or_else(|why| wrong(&why))?;
    }
    Ok(())
}

/// I8: what somebody deleted is deleted once that was done; and unless it was refused, it was.
fn deleted_for_good(asked: &Asked, truth: &Truth, (here, accepted): (bool, bool)) -> Result<(), String> {
    let Act::Delete(message) = asked.act else { return Ok(()) };
    let there = truth.entry(message.0).is_some_and(|it| !it.deleted);
    if there && (accepted || asked.said == Said::Yes && !here) {
        return Err("what was deleted is still there".into());
    }
    Ok(())
}

/// FD2: whether something that this person wrote into a thread is stuck, because they are no
/// longer in it; then it is theirs to read, for that reason alone.
pub async fn queued_in_vain(agent: &Agent, truth: &Truth) -> Result<bool, String> {
    if agent.blocked {
        return Ok(false);
    }
    let rows = agent.device.engine().outbox().await.map_err(|p| format!("{p:?}"))?;
    let refused = |row: &&OutboxRow| {
        let code = row.problem.as_ref().map(|problem| problem.code);
        row.kind == OutboxKind::Send
            && truth.groups.contains_key(&row.place.0)
            && code == Some(Code::NotPermitted)
    };
    Ok(rows.iter().any(|row| refused(&row)))
}

/// I7: what a device said in one place is there in the order it was said.
fn in_order(agent: &Agent, truth: &Truth) -> Held {
    let mut last: BTreeMap<PlaceId, (usize, i64)> = BTreeMap::new();
    let mut asked: Vec<_> = agent.asked.iter().filter(|(_, a)| a.act.is_message() && !a.again).collect();
    asked.sort_by_key(|(_, a)| a.turn);
    for (id, it) in asked {
        let Some(entry) = truth.entry(id.0) else { continue };
        if let Some((turn, n)) = last.insert(entry.place, (it.turn, entry.n))
            && n > entry.n
        {
            return Err(format!("I7: {} said {turn} before {} in {}", agent.name, it.turn, entry.place));
        }
    }
    Ok(())
}

/// I2: what the device was told is done is done.
async fn settled_is_known(agent: &Agent, profile: &Profile, truth: &Truth) -> Held {
    let settled = profile
        .run(|c| {
            let sql = "SELECT id, 0, kind FROM outbox WHERE state = 'settled'";
            pairs(c, sql).map_err(fieldline_core::store::problem)
        })
        .await
        .map_err(|p| format!("{p:?}"))?;
    for (id, (_, kind)) in settled {
        if truth.intents.get(&id) != Some(&None) {
            return Err(format!("I2: {} was told its {kind} {id} is done", agent.name));
        }
    }
    Ok(())
}

/// I12: the list of threads says where somebody is mentioned in what they have not read.
async fn calls_are_marked(agent: &Agent, profile: &Profile, truth: &Truth) -> Held {
    let told = |problem| format!("{problem:?}");
    let me = profile.run(|c| cache::my(c)).await.map_err(told)?.person.id;
    let engine = agent.device.engine();
    let list = engine.groups(GroupTab::All, String::new(), Page::first(100)).await.map_err(told)?;
    for row in list.rows {
        let Some(from_n) = truth.groups.get(&row.place.0).and_then(|it| it.member(me)).map(|it| it.from_n)
        else {
            continue;
        };
        let read_n = engine.thread(row.place, 1).await.map_err(told)?.read_n;
        let calls = truth.entries.iter().map(|entry| &entry.message).any(|it| {
            it.place == row.place && it.n > read_n && it.n >= from_n && !it.deleted && it.mentions(me)
        });
        if row.mentioned != calls {
            return Err(format!("I12: {} is mentioned in {}: {calls}", agent.name, row.place));
        }
    }
    Ok(())
}

async fn places(profile: &Profile) -> Result<Vec<PlaceId>, String> {
    let read = profile
        .run(|c| {
            let sql = "SELECT id, 0, '' FROM conversation WHERE body IS NOT NULL
                 UNION ALL SELECT id, 0, '' FROM message_group WHERE body IS NOT NULL
                 UNION SELECT place, 0, '' FROM outbox WHERE kind = 'start' AND state <> 'settled'";
            pairs(c, sql).map_err(fieldline_core::store::problem)
        })
        .await;
    Ok(read.map_err(|p| format!("{p:?}"))?.into_keys().map(PlaceId).collect())
}

/// I9, I6: a thread shows each entry once, in order, and then what is unsent.
pub async fn shown_once(agent: &Agent, place: PlaceId, rows: &[OutboxRow]) -> Held {
    let Ok(thread) = agent.device.engine().thread(place, 500).await else { return Ok(()) };
    let wrong = |why: &str| Err(format!("I9: {} {place}: {why}", agent.name));
    let mut ids = BTreeSet::new();
    let mut n = 0;
    for bubble in &thread.bubbles {
        let is_hole = matches!(bubble.body, BubbleBody::Hole { .. });
        if !is_hole && !ids.insert(bubble.id) {
            return wrong(&format!("{} is shown twice", bubble.id));
        }
        if let Some(number) = bubble.n {
            if number <= n {
                return wrong(&format!("{number} stands after {n}"));
            }
            n = number;
        }
    }
    let unsent = |b: &&Bubble| b.n.is_none() && !matches!(b.body, BubbleBody::Hole { .. });
    let shown = thread.bubbles.iter().filter(unsent).count();
    // These are no part of a thread, or laid over what is there.
    let beside = [OutboxKind::Note, OutboxKind::Delete, OutboxKind::Leave];
    let kept = rows.iter().filter(|r| r.place == place && !beside.contains(&r.kind)).count();
    if shown != kept {
        return wrong(&format!("{kept} are unsent and {shown} are shown so"));
    }
    Ok(())
}
