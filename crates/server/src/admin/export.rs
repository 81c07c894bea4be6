//! A conversation taken out as one ZIP file that opens without Fieldline: the page
//! `conversation.html`, the same as `conversation.json`, the photos as they were sent, and the SHA-256 of
//! each in `SHA256SUMS`.
//!
//! It is made while it is sent, photo after photo, so that it costs no room and one photo's memory.
//!
//! Invariants
//! - It is an admin's, and stands in the audit before its first byte leaves.
//! - A photo whose bytes are not here as they were sent is left out and named in `MISSING.txt`.
//! - Names inside are made here, never taken from a message, so none leads out of a folder.

use super::export_page::{self, Exported};
use super::zip::Zip;
use super::{Asker, By, looked};
use crate::http::{App, kept_apart};
use crate::store::{Act, Look, Stop};
use crate::uploads::Uploads;
use bytes::Bytes;
use fieldline_model::{BlobHash, Body, Code, ConversationId, FileType, Message, Rendition};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Parts that wait for a slow reader.
const WAITING: usize = 4;
const VERB: &str = "export_conversation";

/// A photo of the conversation: where it goes and where it is.
pub struct Photo {
    /// Its path in the file.
    pub original: String,
    /// The path of its form for showing.
    pub shown: String,
    hash: BlobHash,
}

/// All of them, by the number of their entry and their place in it.
pub type Photos = BTreeMap<(i64, usize), Photo>;

/// What a message says of a photo: where it stands, of which type, which bytes.
type Named = ((i64, usize), FileType, BlobHash);

/// Takes a conversation out for who asks: gives the file in parts.
pub async fn conversation(
    app: &App,
    asker: Asker,
    which: ConversationId,
) -> Result<Receiver<io::Result<Bytes>>, Stop> {
    let now = app.clock.now_ms();
    let all = looked(app, asker, (VERB, Some(which.0)), move |look, _| gathered(look, which, now)).await?;
    let done = app.store.write(move |tx| {
        let by = By::of(tx, asker, now)?;
        let act = Act::new(by.actor(), VERB).about(which.0);
        // Judged anew: a right may have gone since it was read.
        match kept_apart(by.may())? {
            Ok(()) => tx.remark(act).map(Ok),
            Err(problem) => tx.deny(act, &problem).map(|()| Err(problem)),
        }
    });
    done.await??;
    let (tell, parts) = channel(WAITING);
    let uploads = app.uploads.clone();
    tokio::task::spawn_blocking(move || {
        let failed = tell.clone();
        let (all, named) = all;
        if let Err(error) = write(Parts(tell), &uploads, (&all, &placed(&uploads, named))) {
            // Whoever reads finds the file cut off, not whole.
            let _ = failed.blocking_send(Err(error));
        }
    });
    Ok(parts)
}

fn gathered(look: &Look<'_>, which: ConversationId, now_ms: i64) -> Result<(Exported, Vec<Named>), Stop> {
    let conversation = look.conversation(which)?.ok_or(Code::NotFound)?;
    let entries = look.whole(which.into())?;
    let mut notes = look.notes(which, usize::MAX >> 1)?;
    notes.reverse();
    let mut named = Vec::new();
    for entry in &entries {
        for (i, kind) in kinds(entry).into_iter().enumerate() {
            if let Some(hash) = look.file(entry.id, i)? {
                named.push(((entry.n, i), kind, hash));
            }
        }
    }
    let workspace = look.workspace()?.name;
    Ok((Exported { workspace, exported_at_ms: now_ms, conversation, entries, notes }, named))
}

/// Where each goes, with the ending its bytes deserve: what moves is shown as GIF.
fn placed(uploads: &Uploads, named: Vec<Named>) -> Photos {
    let placed = named.into_iter().map(|((n, i), kind, hash)| {
        let name = format!("{n:04}-{}", i + 1);
        let original = format!("originals/{name}.{}", kind.ending());
        let shown = format!("shown/{name}.{}", uploads.shown_kind(&hash).ending());
        ((n, i), Photo { original, shown, hash })
    });
    placed.collect()
}

fn kinds(entry: &Message) -> Vec<FileType> {
    match &entry.body {
        Body::Said { files, .. } => files.iter().map(|file| file.kind).collect(),
        _ => Vec::new(),
    }
}

/// Sends what is written to it as parts.
struct Parts(Sender<io::Result<Bytes>>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that grows, and the list of what is in it.
struct Folder<W> {
    zip: Zip<W>,
    sums: String,
}

impl<W: Write> Folder<W> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.zip.put(path, bytes)?;
        self.sums += &format!("{}  {path}\n", BlobHash::from_digest(&Sha256::digest(bytes)));
        Ok(())
    }
}

fn write(to: impl Write, uploads: &Uploads, (all, photos): (&Exported, &Photos)) -> io::Result<()> {
    let mut folder = Folder { zip: Zip::new(to), sums: String::new() };
    folder.put("conversation.html", export_page::page(all, photos).as_bytes())?;
    folder.put("conversation.json", &serde_json::to_vec_pretty(all)?)?;
    let mut missing = String::new();
    for photo in photos.values() {
        match uploads.read(&photo.hash, Rendition::Original) {
            Ok(bytes) => folder.put(&photo.original, &bytes)?,
            Err(_) => missing += &format!("{}\n", photo.original),
        }
        if let Ok(bytes) = uploads.read(&photo.hash, Rendition::Display) {
            folder.put(&photo.shown, &bytes)?;
        }
    }
    if !missing.is_empty() {
        folder.put("MISSING.txt", missing.as_bytes())?;
    }
    let sums = folder.sums.clone();
    folder.put("SHA256SUMS", sums.as_bytes())?;
    folder.zip.finish()
}
