//! A conversation kept as a file of the person's own, by the system's dialog. It is written as it
//! comes: it may be larger than memory.

use std::io::Write;

use fieldline_core::Engine;
use fieldline_model::{Code, ConversationId, Problem};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_fs::{FsExt, OpenOptions};

/// Lets the person say where, and writes the file there. Replies whether they did.
///
/// Errors: what stops the export; [`Code::StorageFull`], [`Code::StorageFailed`] of the file. What was
/// written until then is no whole file, and opens as none.
pub async fn save(app: &AppHandle, core: &Engine, conversation: ConversationId) -> Result<bool, Problem> {
    // Asked first: whoever may not is told before they choose.
    let mut parts = core.export(conversation).await?;
    let (tell, told) = tokio::sync::oneshot::channel();
    let name = format!("conversation-{conversation}.zip");
    app.dialog().file().set_file_name(name).save_file(move |chosen| drop(tell.send(chosen)));
    let Some(path) = told.await.ok().flatten() else { return Ok(false) };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut file = app.fs().open(path, options).map_err(|error| failed(&error))?;
    while let Some(part) = parts.next().await? {
        let written = tauri::async_runtime::spawn_blocking(move || file.write_all(&part).map(|()| file));
        file = match written.await {
            Ok(Ok(file)) => file,
            Ok(Err(error)) => return Err(failed(&error)),
            Err(_) => return Err(Code::StorageFailed.into()),
        };
    }
    Ok(true)
}

fn failed(error: &std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Code::StorageFull.into(),
        _ => Code::StorageFailed.into(),
    }
}
