//! Gallery: the system's own picker, several photos at once, and the way back: a photo
//! kept as a file of the person's own.
//!
//! What was chosen is copied at once, since a phone's permission to read it ends
//! with the picking. Which files are taken is the engine's to say, by their
//! bytes; the picker only greys what the policy forbids.

use std::io::{ErrorKind, Read, Write};

use fieldline_core::Engine;
use fieldline_core::view::{Draft, PictureOf};
use fieldline_model::{Code, FileType, PlaceId, Policy, Problem};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FilePath, PickerMode};
use tauri_plugin_fs::{FsExt, OpenOptions};

/// What came of choosing: the draft as it is now, and what was not taken.
#[derive(Debug, Serialize)]
pub struct Attached {
    /// With all that was taken.
    pub draft: Draft,
    /// In the order of choosing.
    pub refused: Vec<Refused>,
}

/// A file that was not taken, and why.
#[derive(Debug, Serialize)]
pub struct Refused {
    /// As the picker named it.
    pub name: String,
    /// Why.
    pub problem: Problem,
}

/// Lets the person choose photos for the draft of `place`; `None` when they chose nothing.
///
/// Errors: only what stops all of them, such as a place that is not this person's.
pub async fn attach(app: &AppHandle, core: &Engine, place: PlaceId) -> Result<Option<Attached>, Problem> {
    let policy = core.status().await?.policy;
    let Some(chosen) = choose(app, &policy).await else { return Ok(None) };
    let mut draft = core.thread(place, 0).await?.draft;
    let mut refused = Vec::new();
    for path in chosen {
        let name = name_of(&path);
        let taken = match copy(app, path, policy.file_max_bytes).await {
            Ok(bytes) => core.attach(place, name.clone(), bytes.into()).await,
            Err(problem) => Err(problem),
        };
        match taken {
            Ok(now) => draft = now,
            Err(problem) => refused.push(Refused { name, problem }),
        }
    }
    Ok(Some(Attached { draft, refused }))
}

async fn choose(app: &AppHandle, policy: &Policy) -> Option<Vec<FilePath>> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let endings = endings(policy);
    let mut dialog = app.dialog().file().set_picker_mode(PickerMode::Image);
    if !endings.is_empty() {
        let endings: Vec<&str> = endings.iter().map(String::as_str).collect();
        // The names of the endings need no translation.
        dialog = dialog.add_filter(endings.join(" "), &endings).add_filter("*", &["*"]);
    }
    dialog.pick_files(move |chosen| drop(tell.send(chosen)));
    told.await.ok().flatten()
}

/// Lets the person keep a picture as a file of their own, called `name` unless they say
/// otherwise. Replies whether they did.
///
/// Errors: what stops the picture; [`Code::StorageFull`], [`Code::StorageFailed`] of the file.
pub async fn save(app: &AppHandle, core: &Engine, of: PictureOf, name: String) -> Result<bool, Problem> {
    let bytes = core.picture(of).await?;
    let (tell, told) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |chosen| drop(tell.send(chosen)));
    let Some(path) = told.await.ok().flatten() else { return Ok(false) };
    let app = app.clone();
    let written = tauri::async_runtime::spawn_blocking(move || {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        app.fs().open(path, options)?.write_all(&bytes)
    });
    match written.await {
        Ok(Ok(())) => Ok(true),
        Ok(Err(error)) if error.kind() == ErrorKind::StorageFull => Err(Code::StorageFull.into()),
        _ => Err(Code::StorageFailed.into()),
    }
}

/// In both cases, since GTK tells them apart and cameras write either.
fn endings(policy: &Policy) -> Vec<String> {
    let lower = policy.types.iter().flat_map(|kind| match kind {
        FileType::Jpeg => vec!["jpg", "jpeg"],
        FileType::Heic => vec!["heic", "heif"],
        FileType::Gif | FileType::Png => vec![kind.ending()],
    });
    lower.flat_map(|ending| [ending.to_owned(), ending.to_uppercase()]).collect()
}

/// Reads a chosen file, one byte more than is allowed at most: enough for the
/// engine to refuse it, and no more of a large one in memory.
async fn copy(app: &AppHandle, path: FilePath, file_max_bytes: u64) -> Result<Vec<u8>, Problem> {
    let app = app.clone();
    let read = tauri::async_runtime::spawn_blocking(move || {
        let mut options = OpenOptions::new();
        options.read(true);
        let mut bytes = Vec::new();
        app.fs().open(path, options)?.take(file_max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    });
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes),
        _ => Err(Code::FileMissing.into()),
    }
}

/// The last part of a path or a URI.
fn name_of(path: &FilePath) -> String {
    let whole = path.to_string();
    let last = whole.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    match path {
        FilePath::Url(_) => unescape(&last).unwrap_or(last),
        FilePath::Path(_) => last,
    }
}

/// Undoes the page's `encodeURIComponent`; nothing when the result is no text.
pub fn unescape(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_with_its_letters_restored() {
        assert_eq!(name_of(&FilePath::Path("/home/ana/Bilder/Tür 1.jpg".into())), "Tür 1.jpg");
        let uri = "content://media/picked/T%C3%BCr%201.jpg".parse().expect("a URI");
        assert_eq!(name_of(&FilePath::Url(uri)), "Tür 1.jpg");
        assert_eq!(unescape("%ff"), None);
    }

    #[test]
    fn the_picker_offers_what_the_policy_admits_and_nothing_else() {
        let policy = Policy { types: vec![FileType::Jpeg], file_max_bytes: 1, map: None };
        assert_eq!(endings(&policy), ["jpg", "JPG", "jpeg", "JPEG"]);
    }
}
