//! What the writer has done and has to do, counted.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// The sizes of commits that are told apart: up to so many jobs.
const SIZES: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/// The counts.
#[derive(Default)]
pub struct Counts {
    /// Commits, by the first of [`SIZES`] that holds their jobs.
    sizes: [AtomicU64; SIZES.len()],
    jobs: AtomicU64,
    queued: AtomicI64,
}

/// How many jobs the commits had.
pub struct Groups {
    /// Every commit there was.
    pub commits: u64,
    /// Their jobs together.
    pub jobs: u64,
    /// How many commits had at most so many jobs.
    pub up_to: Vec<(u64, u64)>,
}

impl Counts {
    /// There was a commit of so many jobs.
    pub fn commit(&self, jobs: usize) {
        let jobs = jobs as u64;
        let size = SIZES.iter().position(|most| jobs <= *most).unwrap_or(SIZES.len() - 1);
        self.sizes[size].fetch_add(1, Relaxed);
        self.jobs.fetch_add(jobs, Relaxed);
    }

    /// A job came (1) to the queue or went (-1).
    pub fn queue(&self, more: i64) {
        self.queued.fetch_add(more, Relaxed);
    }

    /// How many wait.
    pub fn queued(&self) -> u64 {
        u64::try_from(self.queued.load(Relaxed)).unwrap_or(0)
    }

    /// The commits so far.
    pub fn groups(&self) -> Groups {
        let mut commits = 0;
        let up_to = SIZES.iter().zip(&self.sizes).map(|(most, count)| {
            commits += count.load(Relaxed);
            (*most, commits)
        });
        let up_to = up_to.collect();
        Groups { commits, jobs: self.jobs.load(Relaxed), up_to }
    }
}
