//! Blobs in a browser: a file each in the origin's private file system, or, where
//! there is none, in memory.
//!
//! Why the first byte: a browser has no rename that all of them know and no
//! flush of a folder. So a file begins with one byte that says whether it is
//! whole; it is written last, after everything else was flushed.
//!
//! ```text
//! put:  [0] ──► [0]bytes, flush ──► [1]bytes, flush
//!        └── killed anywhere here: as if it never was ──┘
//! ```
//!
//! Invariants
//! - A file whose first byte is 1 is never written again.
//! - One file is written at a time: a second writer's handle would be refused.

use super::is_name;
use bytes::Bytes;
use fieldline_model::{Code, Problem};
use futures_util::lock::Mutex;
use js_sys::{AsyncIterator, Uint8Array};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DomException, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle,
};

const UNFINISHED: u8 = 0;
const WHOLE: u8 = 1;

/// Files that live as long as the worker.
pub type Memory = Rc<RefCell<HashMap<String, Bytes>>>;

/// The files of one profile.
pub struct Blobs {
    place: Place,
    writing: Mutex<()>,
}

enum Place {
    Folder(FileSystemDirectoryHandle),
    Memory(Memory),
}

impl Blobs {
    /// The files in `folder`.
    pub fn in_folder(folder: FileSystemDirectoryHandle) -> Self {
        Self { place: Place::Folder(folder), writing: Mutex::new(()) }
    }

    /// Files that are gone with the worker.
    pub fn in_memory(files: Memory) -> Self {
        Self { place: Place::Memory(files), writing: Mutex::new(()) }
    }

    /// Keeps `bytes` under `name`, durably.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), Problem> {
        check(name)?;
        match &self.place {
            Place::Memory(files) => {
                files.borrow_mut().insert(name.to_owned(), bytes);
                Ok(())
            }
            Place::Folder(folder) => {
                let _alone = self.writing.lock().await;
                if whole(folder, name).await?.is_some() {
                    return Ok(());
                }
                let create = FileSystemGetFileOptions::new();
                create.set_create(true);
                let file = JsFuture::from(folder.get_file_handle_with_options(name, &create)).await;
                let file: FileSystemFileHandle = file.map_err(problem)?.unchecked_into();
                let handle = JsFuture::from(file.create_sync_access_handle()).await.map_err(problem)?;
                let filled = Open(handle.unchecked_into()).fill(&bytes);
                if filled.is_err() {
                    // A full disk gets back what was taken of it.
                    let _ = JsFuture::from(folder.remove_entry(name)).await;
                }
                filled.map_err(problem)
            }
        }
    }

    /// All bytes under `name`, or `None`.
    pub async fn get(&self, name: &str) -> Result<Option<Bytes>, Problem> {
        self.part(name, 0, usize::MAX).await
    }

    /// At most `length` bytes from `offset` on: how a large file is sent in parts.
    pub async fn part(&self, name: &str, offset: u64, length: usize) -> Result<Option<Bytes>, Problem> {
        check(name)?;
        match &self.place {
            Place::Memory(files) => Ok(files.borrow().get(name).map(|bytes| {
                let from = bytes.len().min(usize::try_from(offset).unwrap_or(usize::MAX));
                bytes.slice(from..bytes.len().min(from.saturating_add(length)))
            })),
            Place::Folder(folder) => match whole(folder, name).await? {
                None => Ok(None),
                Some(file) => {
                    let from = offset as f64 + 1.0;
                    let part = file.slice_with_f64_and_f64(from, from + length as f64).map_err(problem)?;
                    read(&part).await.map(|bytes| Some(bytes.into()))
                }
            },
        }
    }

    /// Every name, in no order; one that was never finished too, so that a sweep finds it.
    pub async fn names(&self) -> Result<Vec<String>, Problem> {
        let folder = match &self.place {
            Place::Memory(files) => return Ok(files.borrow().keys().cloned().collect()),
            Place::Folder(folder) => folder,
        };
        let keys: AsyncIterator = folder.keys().unchecked_into();
        let mut names = Vec::new();
        loop {
            let next = JsFuture::from(keys.next().map_err(problem)?).await.map_err(problem)?;
            let next: js_sys::IteratorNext = next.unchecked_into();
            if next.done() {
                return Ok(names);
            }
            names.extend(next.value().as_string().filter(|name| is_name(name)));
        }
    }

    /// Forgets `name`; no error when there is none.
    pub async fn remove(&self, name: &str) -> Result<(), Problem> {
        check(name)?;
        match &self.place {
            Place::Memory(files) => {
                files.borrow_mut().remove(name);
                Ok(())
            }
            Place::Folder(folder) => {
                let _alone = self.writing.lock().await;
                match JsFuture::from(folder.remove_entry(name)).await {
                    Err(error) if !is(&error, "NotFoundError") => Err(problem(error)),
                    _ => Ok(()),
                }
            }
        }
    }
}

/// An open file, closed when dropped: an open one can be opened by nobody else.
struct Open(FileSystemSyncAccessHandle);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Open {
    fn fill(&self, bytes: &[u8]) -> Result<(), JsValue> {
        self.0.truncate_with_u32(0)?;
        self.write(&[UNFINISHED], 0.0)?;
        self.write(bytes, 1.0)?;
        self.0.flush()?;
        self.write(&[WHOLE], 0.0)?;
        self.0.flush()
    }

    /// A disk that is full may take a part and say so only by the number.
    fn write(&self, bytes: &[u8], at: f64) -> Result<(), JsValue> {
        let options = FileSystemReadWriteOptions::new();
        options.set_at(at);
        let written = self.0.write_with_u8_array_and_options(bytes, &options)?;
        if written == bytes.len() as f64 { Ok(()) } else { Err(JsValue::from_str("QuotaExceededError")) }
    }
}

/// The file called `name`, if it is there and whole; its first byte included.
async fn whole(folder: &FileSystemDirectoryHandle, name: &str) -> Result<Option<File>, Problem> {
    let handle = match JsFuture::from(folder.get_file_handle(name)).await {
        Ok(handle) => handle.unchecked_into::<FileSystemFileHandle>(),
        Err(error) if is(&error, "NotFoundError") => return Ok(None),
        Err(error) => return Err(problem(error)),
    };
    let file: File = JsFuture::from(handle.get_file()).await.map_err(problem)?.unchecked_into();
    let first = read(&file.slice_with_f64_and_f64(0.0, 1.0).map_err(problem)?).await?;
    Ok((first == [WHOLE]).then_some(file))
}

async fn read(blob: &Blob) -> Result<Vec<u8>, Problem> {
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(problem)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn check(name: &str) -> Result<(), Problem> {
    if is_name(name) { Ok(()) } else { Err(Code::BadRequest.into()) }
}

fn is(error: &JsValue, name: &str) -> bool {
    match error.dyn_ref::<DomException>() {
        Some(error) => error.name() == name,
        None => error.as_string().is_some_and(|said| said == name),
    }
}

fn problem(error: JsValue) -> Problem {
    if is(&error, "QuotaExceededError") { Code::StorageFull.into() } else { Code::StorageFailed.into() }
}
