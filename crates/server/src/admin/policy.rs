//! What may be sent and from how many devices, the map, and the canned replies.
//!
//! Invariant: a policy that is set is the server's, every device's and every chat page's within
//! a second; what was sent before it stays.

use crate::store::{Look, Stop, Tx};
use fieldline_model::admin::desk::{
    AdminCanned, DEVICES_MAX, FILE_MAX_BYTES, MapSource, PolicyEffect, PolicyRules,
};
use fieldline_model::canned::{check_canned, clean_shortcut};
use fieldline_model::policy::{Map, Policy};
use fieldline_model::{AdminAnswer, Canned, CannedId, Code, Problem};

/// What may be sent.
pub(super) fn get(look: &Look<'_>) -> Result<AdminAnswer, Stop> {
    let Policy { types, file_max_bytes, .. } = look.workspace()?.policy;
    Ok(AdminAnswer::Policy(PolicyRules { types, file_max_bytes, devices_max: look.devices_max()? }))
}

fn check(rules: &PolicyRules) -> Result<PolicyRules, Problem> {
    let mut types = rules.types.clone();
    types.sort();
    types.dedup();
    let fits = rules.devices_max.is_none_or(|max| DEVICES_MAX.contains(&max));
    if types.is_empty() || !FILE_MAX_BYTES.contains(&rules.file_max_bytes) || !fits {
        return Err(Code::BadRequest.into());
    }
    Ok(PolicyRules { types, ..rules.clone() })
}

/// Sets it.
pub(super) fn set(tx: &mut Tx<'_>, rules: &PolicyRules) -> Result<AdminAnswer, Stop> {
    let PolicyRules { types, file_max_bytes, devices_max } = check(rules)?;
    let policy = Policy { types, file_max_bytes, ..tx.workspace()?.policy };
    tx.put_policy(&policy)?;
    tx.set_devices_max(devices_max)?;
    get(tx)
}

/// What setting it would do.
pub(super) fn preview(look: &Look<'_>, rules: &PolicyRules, now_ms: i64) -> Result<AdminAnswer, Stop> {
    let rules = check(rules)?;
    let kept = look.kept_files(&rules)?;
    let refused = kept.iter().map(|it| it.refused).sum();
    let people_over = match rules.devices_max {
        Some(max) => look.people_over(max, now_ms)?,
        None => 0,
    };
    Ok(AdminAnswer::PolicyEffect(PolicyEffect { kept, refused, people_over }))
}

/// Where the map comes from.
pub(super) fn map(look: &Look<'_>) -> Result<AdminAnswer, Stop> {
    let credit = look.workspace()?.policy.map.map(|map| map.credit).unwrap_or_default();
    Ok(AdminAnswer::Map(MapSource { tiles: look.tiles()?, credit }))
}

/// Sets it, or takes the map away.
pub(super) fn set_map(tx: &mut Tx<'_>, source: &MapSource) -> Result<AdminAnswer, Stop> {
    if let Some(address) = &source.tiles {
        crate::tiles::check(address)?;
    }
    if source.credit.chars().count() > 200 {
        return Err(Problem::limit(Code::TextTooLong, 200).into());
    }
    tx.put_tiles(source.tiles.as_deref())?;
    let of_map = source.tiles.as_ref().map(|_| Map { credit: source.credit.trim().to_owned() });
    let policy = Policy { map: of_map, ..tx.workspace()?.policy };
    tx.put_policy(&policy)?;
    map(tx)
}

/// Every canned reply, by shortcut.
pub(super) fn canned(look: &Look<'_>) -> Result<AdminAnswer, Stop> {
    let all = look.canned_all()?.into_iter();
    let canned = all.map(|Canned { shortcut, text, .. }| AdminCanned { shortcut, text }).collect();
    Ok(AdminAnswer::Canned { canned })
}

/// Adds one, or sets the text of one.
pub(super) fn put_canned(tx: &mut Tx<'_>, asked: &AdminCanned) -> Result<AdminAnswer, Stop> {
    let shortcut = clean_shortcut(&asked.shortcut)?;
    check_canned(&asked.text)?;
    let id = match tx.canned_called(&shortcut)? {
        Some(known) => known.id,
        None => CannedId::mint(tx.clock.now_ms(), tx.clock.random()),
    };
    tx.put_canned(&Canned { id, shortcut, text: asked.text.trim().to_owned() })?;
    canned(tx)
}

/// Removes one; refuses with *not_found* a shortcut that calls none.
pub(super) fn remove_canned(tx: &mut Tx<'_>, shortcut: &str) -> Result<AdminAnswer, Stop> {
    let id = tx.canned_called(&clean_shortcut(shortcut)?)?.ok_or(Code::NotFound)?.id;
    tx.drop_canned(id)?;
    canned(tx)
}
