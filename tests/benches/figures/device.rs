//! A device that holds much: opening it, its first list, the end of a long thread,
//! paging back, search. Each against the bare SQLite query that returns the same
//! rows, with 100,000 and with 1,000,000 messages, to see whether it costs more than
//! that query does when there are more; and the memory an engine takes.

use super::Bench;
use super::desk::Desk;
use super::disk::micros;
use super::figure::{Bound, Rounds, median};
use super::full::{self, LONG};
use super::seen::{device, setup};
use fieldline_core::Engine;
use fieldline_core::store::lists::{self, Wanted};
use fieldline_core::store::threads::{self, InFlight, Part};
use fieldline_core::store::{schema, search};
use fieldline_core::view::{Page, Section, Sort};
use rusqlite::{Connection, params};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

const ROUNDS: usize = 9;
/// Calls of one thing in a round.
const CALLS: u32 = 20;
/// Rows of a page of anything.
const PAGE: u32 = 50;
const FEW: usize = 100_000;
const MANY: usize = 1_000_000;

/// The word that starts this program as one that opens a device and says what memory
/// that took.
pub const MEMORY: &str = "memory-of";

/// How a file is set up whose commits are to last.
const SETTINGS: &str = "PRAGMA user_version; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = memory;";

/// Who is signed in, and what of the outbox would move a row: every screen needs that.
const WHO: &str = "SELECT body FROM record WHERE kind = 'me' AND id = zeroblob(16)";
const MOVES: &str = "SELECT body FROM outbox WHERE state <> 'settled' AND state = 'waiting'
    AND kind IN ('pick', 'accept', 'end', 'reopen', 'transfer') ORDER BY pos";
const UNSENT: &str = "SELECT DISTINCT place FROM outbox WHERE state <> 'settled'";
const LIST_TOTAL: &str = "SELECT count(*) FROM conversation WHERE state = 'ended'";

/// Something a screen reads.
struct Read {
    what: &'static str,
    growth: &'static str,
    /// What of it is asked: nothing of what is only reported.
    bound: Bound,
    ours: fn(&Connection),
    /// The floor: prepared statements, in one transaction, that return every row and every
    /// fact that ours returns; their columns are looked at where they lie. Nothing is
    /// decoded, copied or put together.
    bare: &'static [&'static str],
}

const READS: [Read; 7] = [
    Read {
        what: "a list's first 50 of 9,900 / bare queries",
        growth: "its growth, tenfold / the bare queries'",
        bound: Bound::AtMost(2.0),
        ours: |it| list(it, 0),
        // Each row with how many notes it has, whether a draft, and how loud it is; and how many rows there are.
        bare: &[
            WHO,
            MOVES,
            UNSENT,
            LIST_TOTAL,
            "SELECT body, (SELECT count(*) FROM note WHERE place = id),
                 EXISTS (SELECT 1 FROM draft WHERE place = id)
                 OR EXISTS (SELECT 1 FROM draft_file WHERE place = id),
                 (SELECT sound FROM read_mark WHERE place = id)
             FROM conversation WHERE state = 'ended' ORDER BY at_ms DESC, id DESC LIMIT 50",
        ],
    },
    Read {
        what: "its rows 9,000 to 9,050 / bare queries",
        growth: "their growth, tenfold / the bare queries'",
        bound: Bound::AtMost(2.0),
        ours: |it| list(it, 9_000),
        bare: &[
            WHO,
            MOVES,
            UNSENT,
            LIST_TOTAL,
            "SELECT c.body, (SELECT count(*) FROM note WHERE place = c.id),
                 EXISTS (SELECT 1 FROM draft WHERE place = c.id)
                 OR EXISTS (SELECT 1 FROM draft_file WHERE place = c.id),
                 (SELECT sound FROM read_mark WHERE place = c.id)
             FROM (SELECT id FROM conversation WHERE state = 'ended'
                   ORDER BY at_ms DESC, id DESC LIMIT 50 OFFSET 9000) page
             CROSS JOIN conversation c ON c.id = page.id",
        ],
    },
    Read {
        what: "the end of a thread of 50,000 / bare queries",
        growth: "its growth, tenfold / the bare queries'",
        bound: Bound::AtMost(2.0),
        ours: |it| thread(it, None),
        bare: &[
            WHO,
            "SELECT body FROM conversation WHERE id = ?1",
            "SELECT body FROM message WHERE place = ?1 ORDER BY n DESC LIMIT 50",
            "SELECT 1 FROM outbox WHERE state <> 'settled' AND place = ?1",
            "SELECT n, sound FROM read_mark WHERE place = ?1",
            "SELECT text, mentions, sum, location, location_sum, reply_to FROM draft WHERE place = ?1",
            "SELECT hash, name, kind, size_bytes FROM draft_file WHERE place = ?1 ORDER BY pos",
            "SELECT count(*) FROM note WHERE place = ?1",
        ],
    },
    Read {
        what: "a page back in its middle / bare queries",
        growth: "its growth, tenfold / the bare queries'",
        bound: Bound::AtMost(2.0),
        ours: |it| thread(it, Some(LONG / 2)),
        bare: &[
            WHO,
            "SELECT body FROM conversation WHERE id = ?1",
            "SELECT body FROM message WHERE place = ?1 AND n <= 25000 ORDER BY n DESC LIMIT 50",
            "SELECT 1 FROM outbox WHERE state <> 'settled' AND place = ?1",
            "SELECT n, sound FROM read_mark WHERE place = ?1",
            "SELECT text, mentions, sum, location, location_sum, reply_to FROM draft WHERE place = ?1",
            "SELECT hash, name, kind, size_bytes FROM draft_file WHERE place = ?1 ORDER BY pos",
            "SELECT count(*) FROM note WHERE place = ?1",
        ],
    },
    Read {
        what: "search of a whole word / bare queries",
        growth: "its growth, tenfold / the bare queries'",
        bound: Bound::AtMost(2.0),
        ours: |it| found(it, "valve"),
        bare: &[
            DELETIONS,
            "SELECT m.place, m.id, m.body FROM search JOIN message m ON m.rowid = search.rowid
             WHERE search MATCH '\"valve\"' ORDER BY search.rowid DESC LIMIT 50",
        ],
    },
    Read {
        what: "search of two whole words / bare queries",
        growth: "its growth, tenfold / the bare queries'",
        bound: Bound::AtMost(2.0),
        ours: |it| found(it, "panel valve"),
        bare: &[
            DELETIONS,
            "SELECT m.place, m.id, m.body FROM search JOIN message m ON m.rowid = search.rowid
             WHERE search MATCH '\"panel\" \"valve\"' ORDER BY search.rowid DESC LIMIT 50",
        ],
    },
    Read {
        what: "search of a word half-typed / bare queries",
        growth: "its growth, tenfold / the bare queries'",
        bound: Bound::Free,
        ours: |it| found(it, "valv"),
        bare: &[
            DELETIONS,
            "SELECT m.place, m.id, m.body FROM search JOIN message m ON m.rowid = search.rowid
             WHERE search MATCH '\"valv\"*' ORDER BY search.rowid DESC LIMIT 50",
        ],
    },
];

/// What is being deleted is not found.
const DELETIONS: &str = "SELECT body FROM outbox WHERE state <> 'settled' AND state = 'waiting'
    AND kind = 'delete' ORDER BY pos";

fn list(connection: &Connection, from: u32) {
    let page = Page { from, limit: PAGE };
    let wanted = Wanted { section: Section::History, sort: Sort::Newest, search: "", page };
    let rows = lists::rows(connection, &wanted).expect("a list reads");
    assert_eq!((rows.rows.len(), rows.total), (PAGE as usize, 9_900));
}

fn thread(connection: &Connection, until: Option<i64>) {
    let part = Part { limit: PAGE, until };
    let thread = threads::thread(connection, full::place(0), part, &InFlight::default());
    assert_eq!(thread.expect("a thread reads").bubbles.len(), PAGE as usize);
}

fn found(connection: &Connection, typed: &str) {
    assert!(!search::hits(connection, typed).expect("a search").is_empty());
}

/// Measures and notes the figures.
pub fn measure(bench: &mut Bench) {
    let desk = Desk::open(bench, 1);
    let folder = bench.folder();
    let [few, many] = [("few", FEW), ("many", MANY)].map(|(name, messages)| {
        let root = folder.path().join(name);
        bench.askers.block_on(async {
            desk.lets_in(&desk.agents[0]).await;
            drop(device(&desk, &root).await);
        });
        let file = profile(&root);
        full::fill(&file, messages);
        Held { root, file }
    });
    let opened =
        rounds(|| [&many, &few].map(|held| (bench.askers.block_on(held.opens()), held.opens_bare())));
    let what = (
        "opening, and the first list / bare SQLite",
        "its growth, tenfold / bare SQLite's",
        Bound::AtMost(2.0),
    );
    note(bench, what, &opened);
    let [of_few, of_many] = [&few, &many].map(|held| held.connection());
    for Read { what, growth, bound, ours, bare: floor } in &READS {
        let took = rounds(|| [&of_many, &of_few].map(|it| (each(|| ours(it)), each(|| bare(it, floor)))));
        note(bench, (what, growth, *bound), &took);
    }
    let took = many.memory();
    bench.sheet.fact("memory of an engine with a million messages, SQLite's cache included", took);
}

/// What ours and the floor took, of many messages and of few.
type Round = [(f64, f64); 2];

fn rounds(measure: impl FnMut() -> Round) -> Vec<Round> {
    std::iter::repeat_with(measure).take(ROUNDS).collect()
}

/// Notes the ratio to the floor with many messages; and how much ours grew from few to many,
/// to how much the floor did: what SQLite itself takes for more is no growth of ours.
fn note(bench: &mut Bench, (what, growth, bound): (&'static str, &'static str, Bound), took: &[Round]) {
    let mut figure = |what, bound, unit, of: fn(&Round) -> (f64, f64)| {
        let (ours, floor): (Vec<f64>, Vec<f64>) = took.iter().map(of).unzip();
        bench.sheet.figure(what, bound, &Rounds { unit, ours: &ours, floor: &floor });
    };
    figure(what, bound, "µs", |[many, _]| *many);
    let bound = if matches!(bound, Bound::Free) { Bound::Free } else { Bound::AtMost(1.3) };
    figure(growth, bound, "times", |[many, few]| (many.0 / few.0, many.1 / few.1));
}

/// The middle one of the times of a call, in microseconds.
fn each(mut call: impl FnMut()) -> f64 {
    let mut took = Vec::new();
    for _ in 0..CALLS {
        let began = Instant::now();
        call();
        took.push(micros(began.elapsed()));
    }
    median(&took)
}

fn bare(connection: &Connection, statements: &[&str]) {
    let run = |sql: &str| {
        let mut query = connection.prepare_cached(sql).expect("a statement");
        let place = full::place(0).0;
        let wanted = if query.parameter_count() == 0 { params![] } else { params![place] };
        let columns = query.column_count();
        let mut rows = query.query(wanted).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..columns {
                black_box(row.get_ref(column).expect("a column"));
            }
        }
    };
    run("BEGIN");
    statements.iter().for_each(|sql| run(sql));
    run("COMMIT");
}

/// The database of the one profile in a device's folder.
fn profile(root: &Path) -> PathBuf {
    let files = std::fs::read_dir(root).expect("the device's folder").filter_map(Result::ok);
    let is_profile = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "db") && path.file_stem().is_some_and(|n| n != "home")
    };
    files.map(|file| file.path()).find(is_profile).expect("somebody is signed in")
}

/// A device's folder.
struct Held {
    root: PathBuf,
    file: PathBuf,
}

impl Held {
    fn connection(&self) -> Connection {
        let mut connection = Connection::open(&self.file).expect("the file opens");
        schema::prepare(&mut connection).expect("the newest schema");
        connection
    }

    /// Until the first list is there, in microseconds.
    async fn opens(&self) -> f64 {
        let began = Instant::now();
        let engine = Engine::open(setup(&self.root).await).await.expect("the engine opens");
        let rows = engine.rows(Section::History, Sort::Newest, String::new(), Page::first(PAGE)).await;
        let took = micros(began.elapsed());
        assert_eq!(rows.expect("a list reads").rows.len(), PAGE as usize);
        drop(engine);
        took
    }

    /// The least that opens the same: both files, set up as durable ones, what they say of the
    /// device, the person, the session and the feed, and the list.
    fn opens_bare(&self) -> f64 {
        let began = Instant::now();
        let open = |file: &Path| {
            let connection = Connection::open(file).expect("the file opens");
            connection.execute_batch(SETTINGS).expect("settings");
            bare(&connection, &["SELECT value FROM fact"]);
            connection
        };
        let home = open(&self.root.join("home.db"));
        let connection = open(&self.file);
        bare(&connection, READS[0].bare);
        let took = micros(began.elapsed());
        drop((home, connection));
        took
    }

    /// What a process's memory grows by with an engine that has read all that is measured here.
    fn memory(&self) -> String {
        let own = std::env::current_exe().expect("the program has a path");
        let said = std::process::Command::new(own).arg(MEMORY).arg(&self.root).output();
        String::from_utf8(said.expect("the program starts").stdout).expect("it says text")
    }
}

/// Opens the device in `root`, reads what screens read, and says what that took.
pub async fn tell_memory(root: &Path) {
    let before = resident_kb();
    let engine = Engine::open(setup(root).await).await.expect("the engine opens");
    for typed in ["", "valve", "va"] {
        let rows = engine.rows(Section::History, Sort::Newest, typed.into(), Page::first(PAGE)).await;
        black_box(rows.expect("a list reads"));
    }
    for until in (PAGE.into()..LONG).step_by(PAGE as usize) {
        black_box(engine.thread_until(full::place(0), until, PAGE).await.expect("a thread reads"));
    }
    print!("{:.1} MB (at most 60)", (resident_kb() - before) as f64 / 1024.0);
}

/// The most this process had in memory at once, in kilobytes.
fn resident_kb() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
