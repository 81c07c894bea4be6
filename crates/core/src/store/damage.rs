//! A damaged file is noticed, and what its person wrote is carried over into a
//! fresh one. The cache is not: the server says it again.
//!
//! ```text
//! p.db  damaged ──► p-1.db: tables, then in one transaction every readable row of
//!                   PRECIOUS and the fact `whole`; from then on p-1.db is the file
//! ```
//!
//! The newest file that is whole is the profile's, so a kill on the way repeats the
//! work and no database is renamed. The damaged file is kept aside until the next damage;
//! a log that SQLite would take for an empty one, and remove, is put aside before any
//! look at its file ([`Disk::database`]).
//!
//! Invariants
//! - Only damage leads here. A file that is locked, protected or on a full disk is
//!   a failure to open: tried again later, never replaced.
//! - A text that was changed on the disk is never shown or sent: outbox and drafts
//!   carry sums, and what does not fit its own is left behind and counted.
//! - What nobody can count is said to be so: never *nothing was lost* when a log or a
//!   part of a table is gone.
//! - A mended file is whole by itself, without its log, before it is used.

use super::{Disk, at_once, cache, drafts, facts, notes, outbox, problem, schema};
use crate::view::Mended;
use fieldline_model::{Code, Problem};
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params_from_iter};
use std::collections::BTreeSet;
use std::path::Path;

/// What is carried over: what was asked, what is being composed, and whose it is.
pub(super) const PRECIOUS: [&str; 6] = ["fact", "outbox", "outbox_file", "draft", "draft_file", "note_draft"];
/// How often a file can be mended: more means that the disk is broken.
const TURNS: u32 = 100;
/// A file of up to so many pages (64 MB) is read whole after a kill; in a larger one
/// damage of the cache is met when it is read.
const PAGES_CHECKED: i64 = 16_384;
/// The fact that says that a file holds all that was carried over, and, until its
/// person was told, how many things could not be read.
const WHOLE: &str = "whole";
const MENDED: &str = "mended";

/// Opens and prepares the database called `name`; mends it first if it is damaged,
/// or when `damaged` says so.
pub fn open(disk: &Disk, name: &str, damaged: bool) -> Result<Connection, Problem> {
    let turn = newest(disk, name)?;
    let file = file_name(name, turn);
    let opened = if damaged { Err(Code::StorageDamaged.into()) } else { checked(disk, &file) };
    let (connection, turn) = match opened {
        Err(problem) if problem.code == Code::StorageDamaged && turn + 1 < TURNS => {
            (mend(disk, name, turn)?, turn + 1)
        }
        other => (other?, turn),
    };
    if turn > 0 {
        // Else the loss of its log would make it give way to the damaged one.
        facts::empty_log(&connection)?;
    }
    Ok(connection)
}

/// What could not be read when the file was mended, until [`forget_mended`]; `None` when
/// it never was.
pub fn mended(connection: &Connection) -> Result<Option<Mended>, Problem> {
    let told = facts::get(connection, MENDED)?;
    Ok(told.map(|told| {
        let (count, at_least) = told.strip_suffix('+').map_or((told.as_str(), false), |count| (count, true));
        Mended { lost: count.parse().unwrap_or(0), at_least }
    }))
}

/// Its person was told.
pub fn forget_mended(connection: &Connection) -> Result<(), Problem> {
    facts::clear(connection, MENDED)
}

/// Removes every file of the database called `name` but the one that is `open`.
pub fn forget_aside(disk: &Disk, name: &str, open: &Connection) {
    let Some(open) = open.path().and_then(|path| Path::new(path).file_stem()) else { return };
    file_names(name).filter(|file| open != file.as_str()).for_each(|file| disk.forget_file(&file));
}

/// Every file that a database called `name` may have.
pub(super) fn file_names(name: &str) -> impl Iterator<Item = String> {
    (0..TURNS).map(move |turn| file_name(name, turn))
}

fn file_name(name: &str, turn: u32) -> String {
    if turn == 0 { name.to_owned() } else { format!("{name}-{turn}") }
}

/// The newest file that is whole. One that does not even say so is damaged, and whole.
fn newest(disk: &Disk, name: &str) -> Result<u32, Problem> {
    for turn in (1..TURNS).rev().filter(|turn| disk.has(&file_name(name, *turn))) {
        let opened = disk.database(&file_name(name, turn)).map_err(problem)?;
        let tables: Result<i64, _> =
            opened.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'fact'", [], |r| r.get(0));
        let whole = match tables.map_err(problem) {
            Ok(0) => Ok(None),
            Ok(_) => facts::get(&opened, WHOLE),
            Err(problem) => Err(problem),
        };
        match whole {
            Ok(None) => {}
            Err(problem) if problem.code != Code::StorageDamaged => return Err(problem),
            _ => return Ok(turn),
        }
    }
    Ok(0)
}

/// Opens a file and looks at it: at what is precious always, at all of it after a kill.
fn checked(disk: &Disk, file: &str) -> Result<Connection, Problem> {
    let damage = || Problem::new(Code::StorageDamaged);
    let killed = disk.has_log(file);
    let mut connection = disk.database(file).map_err(problem)?;
    if disk.log_is_aside(file) {
        return Err(damage());
    }
    schema::prepare(&mut connection)?;
    let mut looks: Vec<String> = PRECIOUS.iter().map(|table| format!("quick_check('{table}')")).collect();
    let pages: i64 = connection.pragma_query_value(None, "page_count", |r| r.get(0)).map_err(problem)?;
    if killed && pages <= PAGES_CHECKED {
        looks.push("quick_check(1)".into());
    }
    at_once(&connection, |connection| {
        for look in looks {
            let said: String =
                connection.query_row(&format!("PRAGMA {look}"), [], |row| row.get(0)).map_err(problem)?;
            if said != "ok" {
                return Err(damage());
            }
        }
        Ok(())
    })?;
    Ok(connection)
}

/// Carries over what can be read into the next file.
fn mend(disk: &Disk, name: &str, turn: u32) -> Result<Connection, Problem> {
    let old = disk.database(&file_name(name, turn)).map_err(problem)?;
    // Else SQLite reads nothing of a file that is shorter than it says, or whose list
    // of tables has a fault anywhere. Nothing is written to it.
    let _ = old.pragma_update(None, "writable_schema", true);
    let next = file_name(name, turn + 1);
    // A mend that was killed half-way: what it copied is still where it was copied from.
    disk.forget_file(&next);
    let mut new = disk.database(&next).map_err(problem)?;
    schema::prepare(&mut new)?;
    let work = cache::begin(&mut new)?;
    // What stood in its log alone, nobody knows.
    let (mut lost, mut at_least) = (0, disk.log_is_aside(&file_name(name, turn)));
    for table in PRECIOUS {
        work.execute(&format!("DELETE FROM {table}"), []).map_err(problem)?;
        let (rows, cut) = carry(&old, &work, table)?;
        lost += rows + u32::from(cut);
        at_least |= cut;
    }
    lost += outbox::drop_unreadable(&work)? + drafts::drop_unreadable(&work)?;
    lost += notes::drop_unreadable(&work)?;
    let was_whole = facts::get(&work, WHOLE)?.is_some();
    // The mark may have stood in the log alone.
    work.execute("UPDATE outbox SET tried = 1", []).map_err(problem)?;
    // Of the cache nothing came along: it is asked for from the beginning.
    facts::clear(&work, "cursor")?;
    facts::set(&work, WHOLE, "1")?;
    facts::set(&work, MENDED, &format!("{lost}{}", if at_least { "+" } else { "" }))?;
    cache::commit(work)?;
    drop(old);
    if turn > 0 && was_whole {
        disk.forget_file(&file_name(name, turn - 1));
    }
    Ok(new)
}

/// Copies the rows of a table that read, from both ends, because a scan stops at
/// the first damaged page. Replies how many were met that do not read, and whether a part
/// was cut off, of which nobody knows how much was in it.
fn carry(old: &Connection, new: &Transaction<'_>, table: &str) -> Result<(u32, bool), Problem> {
    let there = columns(old, table);
    let columns: Vec<String> = columns(new, table).into_iter().filter(|c| there.contains(c)).collect();
    if columns.is_empty() {
        // Not even its name reads.
        return Ok((0, true));
    }
    let marks = vec!["?"; columns.len()].join(", ");
    let columns = columns.join(", ");
    let mut insert = new
        .prepare(&format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})"))
        .map_err(problem)?;
    let (mut lost, mut cut) = (BTreeSet::new(), false);
    for order in ["ASC", "DESC"] {
        let rows = old.prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1 {order}, 2 {order}"));
        let Ok(mut rows) = rows else { return Ok((0, true)) };
        let width = rows.column_count();
        let Ok(mut rows) = rows.query([]) else { return Ok((0, true)) };
        loop {
            match rows.next() {
                Ok(None) => break,
                Err(_) => {
                    cut = true;
                    break;
                }
                Ok(Some(row)) => {
                    let values: Result<Vec<Value>, _> = (0..width).map(|i| row.get(i)).collect();
                    let kept = values.is_ok_and(|values| insert.execute(params_from_iter(values)).is_ok());
                    if !kept {
                        lost.insert(row.get_ref(0).map(|key| format!("{key:?}")).unwrap_or_default());
                    }
                }
            }
        }
        if !cut {
            break;
        }
    }
    Ok((lost.len() as u32, cut))
}

fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let all = connection.prepare(&format!("SELECT * FROM {table}"));
    all.map(|all| all.column_names().map(str::to_owned).collect()).unwrap_or_default()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
