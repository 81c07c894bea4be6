//! `make bench`: what the first journey costs, as ratios.
//!
//! A time says more about the machine than about the program, so every figure is
//! measured beside its floor (the least that any program would have to do for the
//! same end) in the same run, in turns, and what counts is their ratio: the median
//! of the rounds', because the machine may be busy with other things.
//!
//! ```text
//! round:  floor │ ours │ floor │ ours …   ──►  ratio of each round  ──►  median
//! ```
//!
//! Invariants
//! - Real files below the build folder, a real clock, real loopback HTTP.
//! - The program fails when a budget is missed by far ([`figure::Bound`]); a
//!   figure between that and its budget is printed as missed, no more.
//!
//! `cargo bench -p fieldline-tests --bench figures -- intents` measures that part
//! alone; the parts are `intents`, `seen`, `apply`, `device` and `scroll`.

mod apply;
mod bare;
mod desk;
mod device;
mod disk;
mod figure;
mod full;
mod intents;
mod line;
mod scroll;
mod seen;
mod smallest;

use figure::Sheet;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime::{Builder, Runtime};

/// The server's and the desktop app's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every part measures with.
pub struct Bench {
    /// Where servers run.
    pub servers: Runtime,
    /// Where those who ask run: one thread, so that they take little from a server.
    pub askers: Runtime,
    /// The build folder; the files of a run are in temporary folders below it.
    pub target: PathBuf,
    /// The figures so far.
    pub sheet: Sheet,
}

impl Bench {
    fn new() -> Self {
        let servers = Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let askers = Builder::new_current_thread().enable_all().build().expect("a runtime");
        // The program is <target>/<profile>/deps/<name>.
        let own = std::env::current_exe().expect("the program has a path");
        let target = own.ancestors().nth(3).expect("the program is in a build folder").to_owned();
        Self { servers, askers, target, sheet: Sheet::default() }
    }

    /// A new folder on the disk that is measured, removed when dropped.
    pub fn folder(&self) -> tempfile::TempDir {
        tempfile::tempdir_in(&self.target).expect("a temporary folder")
    }
}

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wants = |part: &str| asked.is_empty() || asked.iter().any(|word| word == part);
    let mut bench = Bench::new();
    if let [word, root] = &asked[..]
        && word == device::MEMORY
    {
        bench.askers.block_on(device::tell_memory(root.as_ref()));
        return ExitCode::SUCCESS;
    }
    disk::measure(&mut bench);
    if wants("intents") {
        intents::measure(&mut bench);
    }
    if wants("seen") {
        seen::measure(&mut bench);
    }
    if wants("apply") {
        apply::measure(&mut bench);
    }
    if wants("device") {
        device::measure(&mut bench);
    }
    if wants("scroll") {
        scroll::measure(&mut bench);
    }
    print!("{}", bench.sheet);
    let file = bench.target.join("bench.json");
    std::fs::write(&file, bench.sheet.json()).expect("the build folder is writable");
    println!("\nThe same as JSON: {}", file.display());
    if bench.sheet.is_far_off() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
