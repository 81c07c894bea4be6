//! What a worker gives up before it reads a picture.
//!
//! On Linux: memory, time and files by `setrlimit`, and by seccomp every call to the
//! kernel but those that move bytes through what is open, and take memory and threads: no
//! socket, no file, no other process. On other Unixes the limits there are; elsewhere
//! being another process is all (see docs/SECURITY.md).
//!
//! Invariant: a worker that cannot be confined decodes nothing.

use super::Limits;
use std::io;

/// Gives up what a worker must not have.
pub fn confine(limits: &Limits) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    inherited()?;
    #[cfg(unix)]
    resources(limits)?;
    #[cfg(target_os = "linux")]
    calls()?;
    let _ = limits;
    Ok(())
}

/// Closes whatever else came along: a server that was started by a careless parent has files
/// open that it knows nothing of.
#[cfg(target_os = "linux")]
fn inherited() -> io::Result<()> {
    // SAFETY: nothing in this process has opened a file yet, so that none is closed under its
    // owner's hands.
    match unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(unix)]
fn resources(limits: &Limits) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let to = |most| Rlimit { current: Some(most), maximum: Some(most) };
    // The pipes are open already: nothing else will be.
    let mut all = vec![(Resource::Nofile, 0), (Resource::Fsize, 0), (Resource::Core, 0)];
    all.push((Resource::Cpu, limits.cpu_s));
    #[cfg(target_os = "linux")]
    all.push((Resource::As, limits.memory_bytes));
    for (resource, most) in all {
        setrlimit(resource, to(most))?;
    }
    Ok(())
}

/// Leaves the calls that decoding takes.
#[cfg(target_os = "linux")]
fn calls() -> io::Result<()> {
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch, apply_filter,
    };
    let here = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    let filter = |rules: Vec<(i64, Vec<SeccompRule>)>, otherwise, when| -> io::Result<BpfProgram> {
        let filter = SeccompFilter::new(rules.into_iter().collect(), otherwise, when, here);
        filter.and_then(TryInto::try_into).map_err(io::Error::other)
    };
    let threads = libc::CLONE_THREAD as u64;
    let thread = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(threads), threads)
        .and_then(|condition| SeccompRule::new(vec![condition]))
        .map_err(io::Error::other)?;
    let mut left: Vec<_> = CALLS.iter().map(|call| (*call, vec![])).collect();
    left.push((libc::SYS_clone, vec![thread]));
    // What the newer call is to do stands in memory, where no filter looks: the C library
    // is told that there is none, and takes the older one.
    let newer = SeccompAction::Errno(libc::ENOSYS as u32);
    apply_filter(&filter(vec![(libc::SYS_clone3, vec![])], SeccompAction::Allow, newer)?)
        .map_err(io::Error::other)?;
    left.push((libc::SYS_clone3, vec![]));
    let denied = SeccompAction::Errno(libc::EPERM as u32);
    apply_filter(&filter(left, denied, SeccompAction::Allow)?).map_err(io::Error::other)
}

#[cfg(target_os = "linux")]
const CALLS: [i64; 33] = [
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_tgkill,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_exit,
    libc::SYS_exit_group,
];
