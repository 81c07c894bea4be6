//! Processes that never outlive the run.
//!
//! Each leads a process group of its own, so that killing it takes its children
//! along: a browser is a dozen processes. A *keeper* (a shell that waits for its
//! input to close) kills the group also when the run itself dies without dropping
//! anything, as after Ctrl-C.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use super::wait::soon;

/// A running process and everything it started.
pub struct Process {
    name: String,
    child: Child,
    keeper: Child,
    log: PathBuf,
}

impl Process {
    /// Starts it; what it says goes to `tests/out/logs/<name>.log`, of a run beside
    /// others (`scripts/e2e.sh`) to a folder of its hand.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(name: &str, mut command: Command) -> Self {
        let hand = std::env::var("FIELDLINE_HAND").unwrap_or_default();
        let log = out_folder(&format!("logs/{hand}")).join(format!("{name}.log"));
        let file = File::create(&log).expect("a log file can be made");
        let both = file.try_clone().expect("a log file can be shared");
        command.stdin(Stdio::null()).stdout(file).stderr(both).process_group(0);
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        let keeper = keep(child.id());
        Self { name: name.to_owned(), child, keeper, log }
    }

    /// Its id, which is also its group's.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Why it ended, with the last it said; nothing while it runs.
    pub fn has_ended(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok()??;
        Some(format!("{} ended with {status}: {}", self.name, tail_of(&self.log)))
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// SIGKILL to the whole group, and waits until it is gone.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // The keeper first: later the number may be another group's.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
        kill_group(self.child.id());
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn keep(group: u32) -> Child {
    let mut keeper = Command::new("sh");
    // Not `kill --`: the shell's own knows no such word.
    keeper.args(["-c", "read -r _; kill -KILL \"-$1\"", "keeper"]).arg(group.to_string());
    keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    keeper.spawn().expect("a shell can be started")
}

/// SIGKILL to a process group, until the system has nothing of it any more.
fn kill_group(group: u32) {
    soon("everything the process started is gone", || {
        let left = group_size(group);
        if left == 0 {
            return Ok(());
        }
        let mut kill = Command::new("kill");
        kill.args(["-KILL", "--", &format!("-{group}")]).stdout(Stdio::null()).stderr(Stdio::null());
        let _ = kill.status();
        Err(format!("{left} processes are left"))
    });
}

/// How many live processes a group has; one that is dead and unclaimed is none.
fn group_size(group: u32) -> usize {
    let Ok(all) = fs::read_dir("/proc") else { return 0 };
    let stats = all.flatten().filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    stats.filter(|stat| is_alive_in(stat, group)).count()
}

/// A line of `/proc/<id>/stat`: id, (name), state, parent, group …; the name may
/// hold anything.
fn is_alive_in(stat: &str, group: u32) -> bool {
    let Some((_, after_name)) = stat.rsplit_once(") ") else { return false };
    let words: Vec<&str> = after_name.split(' ').collect();
    words[0] != "Z" && words.get(2) == Some(&group.to_string().as_str())
}

/// The program of this name on the PATH, or among the tools beside the sources.
///
/// # Panics
///
/// When it is missing, with the command that installs it.
pub fn tool(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = root_folder().join("build/tools/bin");
    let folders: Vec<PathBuf> = std::iter::once(own).chain(std::env::split_paths(&path)).collect();
    let found = names.iter().find_map(|name| folders.iter().map(|f| f.join(name)).find(|p| p.is_file()));
    found.unwrap_or_else(|| panic!("{} is missing; `scripts/setup.sh test` installs it", names.join(" or ")))
}

/// One of the programs of this repository, as the variable names it or as cargo
/// leaves it.
///
/// # Panics
///
/// When it was not built, with the command that builds it.
pub(super) fn built(variable: &str, usual: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(|| root_folder().join(usual), PathBuf::from);
    assert!(path.exists(), "{} is missing; `make server app` builds it", path.display());
    path
}

/// The top of the repository.
pub(super) fn root_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand inside the repository")
}

/// A folder below `tests/out`, made when it is missing.
pub(super) fn out_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("out").join(name);
    fs::create_dir_all(&folder).expect("tests/out can be written to");
    folder
}

/// A loopback port nobody uses.
///
/// It lies below those the system gives to outgoing connections, so that nobody
/// takes it while its line is cut.
///
/// # Panics
///
/// When a thousand ports are taken.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Runs that were started one after another are far from each other's.
    let start = (std::process::id() % 10_000 * 4_567 % 10_000) as u16;
    for _ in 0..1000 {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("a thousand loopback ports are taken");
}

fn tail_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_dies_takes_its_processes_along() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & sleep 600"]);
        let mut process = Process::start("orphan", command);
        soon("a child of the child runs", || match group_size(process.id()) {
            3 => Ok(()),
            count => Err(format!("{count} run")),
        });
        // What the system does to the pipes of a run that dies.
        drop(process.keeper.stdin.take());
        soon("all of them are gone", || match group_size(process.id()) {
            0 => Ok(()),
            count => Err(format!("{count} run")),
        });
    }
}
