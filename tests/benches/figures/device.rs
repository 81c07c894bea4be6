//! A device that holds much: opening it, its first list, the end of a long thread,
//! paging back, search. Each against the bare SQLite query that returns the same
//! rows, with 100,000 and with 1,000,000 messages, to see whether it costs more when
//! there are more; and the memory an engine takes.

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
use fieldline_core::view::{Section, Sort};
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

/// What is measured, and what its rows are by bare SQL.
const READS: [(&str, &str); 5] = [
    ("a list", "SELECT body FROM conversation WHERE state = 'ended' ORDER BY at_ms DESC, id DESC LIMIT 50"),
    ("the end of a thread of 50,000", "SELECT body FROM message WHERE place = ?1 ORDER BY n DESC LIMIT 50"),
    (
        "a page in its middle",
        "SELECT body FROM message WHERE place = ?1 AND n <= 25000 ORDER BY n DESC LIMIT 50",
    ),
    (
        "search of a word",
        "SELECT m.place FROM search JOIN message m ON m.rowid = search.rowid
         WHERE search MATCH '\"valve\"' ORDER BY search.rowid DESC LIMIT 50",
    ),
    (
        "search of a beginning",
        "SELECT m.place FROM search JOIN message m ON m.rowid = search.rowid
         WHERE search MATCH '\"va\"*' ORDER BY search.rowid DESC LIMIT 50",
    ),
];

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
    let [mut opened, mut grown] = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        let ours = bench.askers.block_on(many.opens());
        opened.push((ours, many.opens_bare()));
        grown.push((ours, bench.askers.block_on(few.opens())));
    }
    note(bench, ("opening, and the first list / bare", "its growth, tenfold"), (opened, grown));
    let [of_few, of_many] = [&few, &many].map(|held| held.connection());
    for (i, (_, sql)) in READS.iter().enumerate() {
        let (mut rows, mut growth) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let ours = each(|| read(&of_many, i));
            rows.push((ours, each(|| bare(&of_many, sql))));
            growth.push((ours, each(|| read(&of_few, i))));
        }
        note(bench, NAMES[i], (rows, growth));
    }
    let took = many.memory();
    bench.sheet.fact("memory of an engine with a million messages, SQLite's cache included", took);
}

const NAMES: [(&str, &str); 5] = [
    ("a list of 50 / bare query", "its growth, tenfold"),
    ("the end of a thread of 50,000 / bare query", "its growth, tenfold"),
    ("a page back in its middle / bare query", "its growth, tenfold"),
    ("search of a word / bare query", "its growth, tenfold"),
    ("search of a beginning of words / bare query", "its growth, tenfold (reported)"),
];

type Pairs = Vec<(f64, f64)>;

fn note(bench: &mut Bench, (what, growth): (&'static str, &'static str), (rows, grown): (Pairs, Pairs)) {
    let mut figure = |what, bound, unit, pairs: Pairs| {
        let (ours, floor): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        bench.sheet.figure(what, bound, &Rounds { unit, ours: &ours, floor: &floor });
    };
    let prefix = growth.ends_with("(reported)");
    figure(what, Bound::AtMost(2.0), "µs", rows);
    figure(growth, if prefix { Bound::Free } else { Bound::AtMost(1.3) }, "µs", grown);
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

fn read(connection: &Connection, which: usize) {
    let part = |until| Part { limit: PAGE, until };
    let thread = |until| {
        let thread = threads::thread(connection, full::place(0), part(until), &InFlight::default());
        assert_eq!(thread.expect("a thread reads").bubbles.len(), PAGE as usize);
    };
    match which {
        0 => {
            let (section, sort, limit) = (Section::History, Sort::Newest, PAGE);
            let rows = lists::rows(connection, &Wanted { section, sort, search: "", limit });
            assert_eq!(rows.expect("a list reads").rows.len(), PAGE as usize);
        }
        1 => thread(None),
        2 => thread(Some(LONG / 2)),
        3 => assert!(!search::hits(connection, "valve ").expect("a search").is_empty()),
        _ => assert!(!search::hits(connection, "va").expect("a search").is_empty()),
    }
}

fn bare(connection: &Connection, sql: &str) {
    let mut query = connection.prepare_cached(sql).expect("a statement");
    let place = full::place(0).0;
    let wanted = if query.parameter_count() == 0 { params![] } else { params![place] };
    let mut rows = query.query(wanted).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        black_box(row.get_ref(0).expect("a column"));
    }
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
        let rows = engine.rows(Section::History, Sort::Newest, String::new(), PAGE).await;
        let took = micros(began.elapsed());
        assert_eq!(rows.expect("a list reads").rows.len(), PAGE as usize);
        drop(engine);
        took
    }

    fn opens_bare(&self) -> f64 {
        let began = Instant::now();
        let connection = Connection::open(&self.file).expect("the file opens");
        bare(&connection, READS[0].1);
        micros(began.elapsed())
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
        let rows = engine.rows(Section::History, Sort::Newest, typed.into(), PAGE).await;
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
