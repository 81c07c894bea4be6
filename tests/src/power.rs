//! The loss of power, and a disk that takes nothing, played: a VFS under SQLite that knows what
//! of each file was synced to
//! the disk. What was not may be there afterwards or not, sector by sector, as dice say; what
//! was must be (`xSync`, sqlite.org/c3ref/io_methods.html).
//!
//! It stands on SQLite's own VFS and is the default of its process once [`install`]ed.

use rusqlite::ffi;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// What a disk writes whole.
const SECTOR: usize = 512;

/// Every open file as it is on the disk for sure.
static SYNCED: Mutex<BTreeMap<PathBuf, Vec<u8>>> = Mutex::new(BTreeMap::new());

fn synced() -> MutexGuard<'static, BTreeMap<PathBuf, Vec<u8>>> {
    SYNCED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A moment of some files: each as it was written, and as it was on the disk for sure.
type Moment = BTreeMap<PathBuf, (Vec<u8>, Vec<u8>)>;

/// When the power goes: below this folder, before so many more syncs; and the files then.
struct Goes {
    folder: PathBuf,
    syncs: u64,
    moment: Option<Moment>,
}

static GOES: Mutex<Option<Goes>> = Mutex::new(None);

fn goes() -> MutexGuard<'static, Option<Goes>> {
    GOES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The power of the device in `folder` will go right before its `syncs`th sync from now on.
pub fn will_go(folder: &Path, syncs: u64) {
    *goes() = Some(Goes { folder: folder.to_owned(), syncs, moment: None });
}

/// Whether it is gone: what is written since says nothing.
pub fn is_gone() -> bool {
    goes().as_ref().is_some_and(|it| it.moment.is_some())
}

fn now(folder: &Path) -> Moment {
    let below = |path: &&PathBuf| path.starts_with(folder);
    let read = |path: &PathBuf| std::fs::read(path).unwrap_or_default();
    let known = synced();
    known.keys().filter(below).map(|path| (path.clone(), (read(path), known[path].clone()))).collect()
}

/// One more sync is asked for.
fn one_more_sync(path: &Path) {
    let mut goes = goes();
    let Some(it) = goes.as_mut().filter(|it| it.moment.is_none() && path.starts_with(&it.folder)) else {
        return;
    };
    it.syncs = it.syncs.saturating_sub(1);
    if it.syncs == 0 {
        it.moment = Some(now(&it.folder));
    }
}

/// What a disk says that takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ails {
    /// It is full.
    Full,
    /// It fails to write (EIO).
    Write,
    /// It takes what is written, and fails to sync it (EIO).
    Sync,
}

static AILS: Mutex<BTreeMap<PathBuf, Ails>> = Mutex::new(BTreeMap::new());

/// The disk below `folder` fails from now on; `None`: it is well again.
pub fn ails(folder: &Path, how: Option<Ails>) {
    let mut ails = AILS.lock().unwrap_or_else(PoisonError::into_inner);
    match how {
        Some(how) => ails.insert(folder.to_owned(), how),
        None => ails.remove(folder),
    };
}

/// How the disk of an open file fails.
///
/// SAFETY: `file` is one that [`open`] was given.
unsafe fn ailing(file: *mut ffi::sqlite3_file) -> Option<Ails> {
    let path = unsafe { (*file.cast::<File>()).path.as_ref()? };
    let ails = AILS.lock().unwrap_or_else(PoisonError::into_inner);
    ails.iter().find(|(folder, _)| path.starts_with(folder)).map(|(_, how)| *how)
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, size: c_int, at: i64) -> c_int {
    unsafe {
        match ailing(file) {
            Some(Ails::Full) => ffi::SQLITE_FULL,
            Some(Ails::Write) => ffi::SQLITE_IOERR_WRITE,
            Some(Ails::Sync) | None => {
                let real = real(file);
                ((*(*real).pMethods).xWrite.expect("the real file has it"))(real, from, size, at)
            }
        }
    }
}

/// A file of this VFS; the real one's memory follows it.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    path: *mut PathBuf,
}

/// The VFS below, which lives as long as the process.
fn below() -> *mut ffi::sqlite3_vfs {
    static IT: OnceLock<usize> = OnceLock::new();
    // SAFETY: asked for once, before this one is registered; SQLite never frees it.
    *IT.get_or_init(|| unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) } as usize) as *mut _
}

/// SAFETY: `file` is one that [`open`] was given, so the real one follows it.
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<File>().add(1).cast() }
}

/// A method that is the real file's.
macro_rules! same {
    ($($name:ident: $method:ident ($($arg:ident: $kind:ty),*) -> $out:ty;)*) => {$(
        unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file, $($arg: $kind),*) -> $out {
            unsafe {
                let real = real(file);
                ((*(*real).pMethods).$method.expect("the real file has it"))(real, $($arg),*)
            }
        }
    )*};
}

same! {
    read: xRead(to: *mut c_void, size: c_int, at: i64) -> c_int;
    truncate: xTruncate(size: i64) -> c_int;
    file_size: xFileSize(size: *mut i64) -> c_int;
    lock: xLock(level: c_int) -> c_int;
    unlock: xUnlock(level: c_int) -> c_int;
    check_lock: xCheckReservedLock(out: *mut c_int) -> c_int;
    control: xFileControl(op: c_int, arg: *mut c_void) -> c_int;
    sector_size: xSectorSize() -> c_int;
    characteristics: xDeviceCharacteristics() -> c_int;
    shm_map: xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock: xShmLock(offset: c_int, n: c_int, flags: c_int) -> c_int;
    shm_barrier: xShmBarrier() -> ();
    shm_unmap: xShmUnmap(delete: c_int) -> c_int;
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        let (real, path) = (real(file), (*file.cast::<File>()).path);
        if ailing(file).is_some() {
            return ffi::SQLITE_IOERR_FSYNC;
        }
        if !path.is_null() {
            one_more_sync(&*path);
        }
        let done = ((*(*real).pMethods).xSync.expect("the real file has it"))(real, flags);
        if done == ffi::SQLITE_OK && !path.is_null() {
            synced().insert((*path).clone(), std::fs::read(&*path).unwrap_or_default());
        }
        done
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let path = std::mem::replace(&mut (*file.cast::<File>()).path, std::ptr::null_mut());
        if !path.is_null() {
            drop(Box::from_raw(path));
        }
        let real = real(file);
        ((*(*real).pMethods).xClose.expect("the real file has it"))(real)
    }
}

/// Version 2: no memory is mapped, whose writes nobody would see.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let it = file.cast::<File>();
        ((*it).base.pMethods, (*it).path) = (std::ptr::null(), std::ptr::null_mut());
        let vfs = below();
        let done = ((*vfs).xOpen.expect("the real one opens"))(vfs, name, real(file), flags, out);
        if (*real(file)).pMethods.is_null() {
            return done;
        }
        (*it).base.pMethods = &METHODS;
        if !name.is_null() {
            let path = PathBuf::from(CStr::from_ptr(name).to_string_lossy().into_owned());
            // What was there before is on the disk; a file that is only now made is not.
            synced().entry(path.clone()).or_insert_with(|| std::fs::read(&path).unwrap_or_default());
            (*it).path = Box::into_raw(Box::new(path));
        }
        done
    }
}

unsafe extern "C" fn delete(_vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    unsafe {
        synced().remove(Path::new(&*CStr::from_ptr(name).to_string_lossy()));
        let vfs = below();
        ((*vfs).xDelete.expect("the real one deletes"))(vfs, name, sync_dir)
    }
}

/// Makes this the VFS of every connection that is opened from now on in this process.
pub fn install() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let real = below();
        // SAFETY: a copy of the real one, which differs in its name, the size of its files
        // and two of its functions; it is leaked, as SQLite keeps it for ever.
        let registered = unsafe {
            let mut it = *real;
            it.zName = c"power".as_ptr();
            it.szOsFile += size_of::<File>() as c_int;
            it.xOpen = Some(open);
            it.xDelete = Some(delete);
            ffi::sqlite3_vfs_register(Box::leak(Box::new(it)), 1)
        };
        assert_eq!(registered, ffi::SQLITE_OK);
    });
}

/// Makes the databases in `to`, a copy of `from`, what a loss of power leaves of them: at the
/// moment of [`will_go`], else now. `arrives` says of each sector that was not synced whether
/// it is there nevertheless. Gives how many sectors were lost.
pub fn lose(from: &Path, to: &Path, mut arrives: impl FnMut() -> bool) -> std::io::Result<usize> {
    for file in std::fs::read_dir(to)? {
        let path = file?.path();
        let name = path.to_string_lossy();
        if [".db", "-wal", "-shm"].iter().any(|ending| name.ends_with(ending)) {
            std::fs::remove_file(&path)?;
        }
    }
    let moment = goes().take().and_then(|it| it.moment).unwrap_or_else(|| now(from));
    let mut lost = 0;
    for (path, (written, sure)) in moment {
        let Some(name) = path.file_name() else { continue };
        let (left, gone) = left_of(&written, &sure, &mut arrives);
        std::fs::write(to.join(name), left)?;
        lost += gone;
    }
    Ok(lost)
}

/// What is left of a file, and how many of its sectors are lost.
fn left_of(written: &[u8], sure: &[u8], arrives: &mut impl FnMut() -> bool) -> (Vec<u8>, usize) {
    let (mut left, mut lost) = (Vec::with_capacity(written.len()), 0);
    for at in (0..written.len().max(sure.len())).step_by(SECTOR) {
        let part = |bytes: &[u8]| bytes[at.min(bytes.len())..(at + SECTOR).min(bytes.len())].to_vec();
        let (new, old) = (part(written), part(sure));
        if new == old || arrives() {
            left.extend(new);
            continue;
        }
        lost += 1;
        if old.is_empty() {
            // The file never grew so far.
            break;
        }
        left.extend(old);
    }
    (left, lost)
}
