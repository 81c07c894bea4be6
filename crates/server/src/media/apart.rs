//! The server's side of a picture's worker: starts it, gives it the file, takes what it
//! made, and ends it when it takes too long.
//!
//! Invariants
//! - However a worker ends, the upload is answered: made, refused, or *later* with its
//!   bytes kept. Nothing is stored of what a worker did not finish.
//! - A worker inherits nothing: no file but its two pipes, no environment but a word to its allocator, no folder.

use super::{Made, wire};
use crate::log;
use crate::store::{Fault, Stop};
use fieldline_model::{Code, Problem};
use std::ffi::OsString;
use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// What a worker may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Address space, in bytes.
    pub memory_bytes: u64,
    /// Time of a processor, in seconds.
    pub cpu_s: u64,
}

impl Default for Limits {
    /// Room for the largest picture there may be, decoded, turned and shrunk.
    fn default() -> Self {
        Self { memory_bytes: 1536 << 20, cpu_s: 20 }
    }
}

/// How workers are started, and what they may take.
#[derive(Clone, Debug)]
pub struct Apart {
    /// The program and its first arguments.
    pub command: Vec<OsString>,
    /// What each may take.
    pub limits: Limits,
    /// How long each may take by the clock on the wall.
    pub deadline: Duration,
}

/// Why there is no answer.
enum Gone {
    /// No worker could be started.
    NotStarted,
    /// It ended before it answered.
    Died,
    /// It was still at it at the deadline.
    Late,
}

impl Apart {
    /// Workers of this very program.
    pub fn own() -> io::Result<Self> {
        let command = vec![std::env::current_exe()?.into(), "media-worker".into()];
        Ok(Self { command, limits: Limits::default(), deadline: Duration::from_secs(30) })
    }

    /// What is shown of a picture, by a worker. One that died is started once more, since
    /// what ended it may have been the machine; a picture that ends two is refused.
    pub(super) fn make(&self, bytes: &[u8]) -> Result<Made, Stop> {
        let made = match self.once(bytes) {
            Err(Gone::Died) => self.once(bytes),
            once => once,
        };
        let problem: Problem = match made {
            Ok(Ok(made)) => return Ok(made),
            Ok(Err(problem)) if problem.code == Code::Busy => {
                log::fault("a picture's worker could not be confined, and decoded nothing");
                return Err(Fault::Busy.into());
            }
            Ok(Err(problem)) => problem,
            Err(Gone::NotStarted) => {
                log::fault("no worker for a picture could be started");
                return Err(Fault::Busy.into());
            }
            Err(Gone::Died) => {
                log::fault("a picture ended its worker twice, and was refused");
                Code::FileDamaged.into()
            }
            Err(Gone::Late) => {
                log::fault("a picture took its worker too long, and was refused");
                Code::FileDamaged.into()
            }
        };
        Err(problem.into())
    }

    fn start(&self) -> io::Result<Child> {
        let (program, first) = self.command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(first).arg(self.limits.memory_bytes.to_string()).arg(self.limits.cpu_s.to_string());
        // The allocator sets a gigabyte aside as it starts, before any limit holds: not here.
        command.env_clear().env("MIMALLOC_ARENA_RESERVE", "0");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if cfg!(unix) {
            command.current_dir("/");
        }
        command.spawn()
    }

    fn once(&self, bytes: &[u8]) -> Result<Result<Made, Problem>, Gone> {
        let mut child = self.start().map_err(|_| Gone::NotStarted)?;
        let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Gone::NotStarted);
        };
        let (tell, told) = channel();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // It may refuse before it has read everything.
                let _ = wire::write(&mut to, bytes);
                drop(to);
                let _ = tell.send(wire::answered(from));
            });
            let answer = told.recv_timeout(self.deadline);
            // Whoever answered is done, and whoever did not is ended: the pipes close, and
            // so does the thread that waits for them.
            let _ = child.kill();
            let _ = child.wait();
            match answer {
                Ok(Ok(made)) => Ok(made),
                Ok(Err(_)) => Err(Gone::Died),
                Err(_) => Err(Gone::Late),
            }
        })
    }
}
