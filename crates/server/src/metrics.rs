//! Counts for who watches over the server, in Prometheus' text format.
//!
//! Invariants
//! - No count is by name: requests are counted by their route's template, so that
//!   there are few counts whatever is asked for.
//! - What is measured is read when it is asked for; nothing here is kept up.

use crate::http::Shared;
use crate::store::{Fault, Stop};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// A request, as it is counted: method, route's template, status.
type Request = (String, String, u16);

/// What is counted as it happens.
#[derive(Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<Request, u64>>,
}

impl Metrics {
    /// A request was answered.
    pub fn count(&self, request: Request) {
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry(request).or_default() += 1;
    }
}

struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP fieldline_{name} {help}\n# TYPE fieldline_{name} {kind}");
    }

    fn line(&mut self, name: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "fieldline_{name} {value}");
    }

    fn one(&mut self, (name, kind): (&str, &str), help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.line(name, value);
    }
}

/// Everything, as text.
pub async fn text(app: &Shared) -> Result<String, Stop> {
    let mut text = Text(String::new());
    text.one(("up", "gauge"), "The server answers.", 1);
    text.head("requests_total", "counter", "Requests answered, by route and status.");
    let requests = app.metrics.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for ((method, route, status), count) in requests {
        let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
        text.line(&format!("requests_total{{{labels}}}"), count);
    }
    let groups = app.store.groups();
    text.head("commit_jobs", "histogram", "Jobs that shared one commit.");
    for (most, count) in &groups.up_to {
        text.line(&format!("commit_jobs_bucket{{le=\"{most}\"}}"), count);
    }
    text.line("commit_jobs_bucket{le=\"+Inf\"}", groups.commits);
    text.line("commit_jobs_sum", groups.jobs);
    text.line("commit_jobs_count", groups.commits);
    text.one(("writer_queue", "gauge"), "Jobs that wait for the writer.", app.store.queued());
    text.one(("live_streams", "gauge"), "Live streams that are open.", app.hub.open());
    let dir = app.dir.clone();
    let sizes = app.store.beside(move || sizes(&dir)).await?;
    text.one(("database_bytes", "gauge"), "The database's files.", sizes.database);
    text.one(("uploads_unfinished", "gauge"), "Uploads whose bytes are not all here.", sizes.parts);
    text.one(("uploads_unfinished_bytes", "gauge"), "What is here of them.", sizes.part_bytes);
    Ok(text.0)
}

struct Sizes {
    database: u64,
    parts: u64,
    part_bytes: u64,
}

fn sizes(dir: &Path) -> Result<Sizes, Stop> {
    let broken =
        |error: std::io::Error| Stop::from(Fault::Broken(format!("sizes cannot be read: {}", error.kind())));
    let length = |name: &str| std::fs::metadata(dir.join(name)).map_or(0, |meta| meta.len());
    let database = ["fieldline.db", "fieldline.db-wal", "fieldline.db-shm"].map(length).iter().sum();
    let (mut parts, mut part_bytes) = (0, 0);
    let owners = match std::fs::read_dir(dir.join("parts")) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        owners => Some(owners.map_err(broken)?),
    };
    for owner in owners.into_iter().flatten() {
        // What goes while it is counted is finished or given up.
        let Ok(files) = owner.map_err(broken).and_then(|it| std::fs::read_dir(it.path()).map_err(broken))
        else {
            continue;
        };
        for meta in files.filter_map(|file| file.ok()?.metadata().ok()) {
            (parts, part_bytes) = (parts + 1, part_bytes + meta.len());
        }
    }
    Ok(Sizes { database, parts, part_bytes })
}
