//! The photos of messages. Reading is by message, allowed as the message is:
//! knowing a hash grants nothing.
//!
//! Invariants
//! - What is shown is a rendition; an original is a download, for staff, written
//!   down in the audit.
//! - The media type is ours to say, never the sender's.

use super::Shared;
use super::answer::{Answer, Refused};
use super::caller::{Client, Staff, Visitor};
use crate::store::{Act, Actor, Look, Session, Stop};
use crate::{desk, older};
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use fieldline_model::{BlobHash, Body, Code, CustomerId, FileType, Message, MessageId, Rendition};
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

/// Which file of which message, in which form, as an address says it.
#[derive(Clone, Copy)]
struct Wanted {
    message: MessageId,
    i: usize,
    form: Rendition,
}

impl Wanted {
    fn of((message, i, form): (String, String, String)) -> Result<Self, Refused> {
        let form = match form.as_str() {
            "thumb" => Rendition::Thumb,
            "display" => Rendition::Display,
            "original" => Rendition::Original,
            _ => return Err(Code::NotFound.into()),
        };
        let not_found = || Refused::from(Code::NotFound);
        let message = message.parse().map_err(|_| not_found())?;
        Ok(Self { message, i: i.parse().map_err(|_| not_found())?, form })
    }
}

/// The shown name and type of a message's file.
fn described(message: &Message, i: usize) -> Result<(String, FileType), Stop> {
    match &message.body {
        Body::Said { files, .. } => files.get(i).map(|file| (file.name.clone(), file.kind)),
        Body::Happened { .. } | Body::Changed { .. } => None,
    }
    .ok_or(Code::NotFound.into())
}

pub async fn staff(
    State(app): State<Shared>,
    by: Staff,
    Path(which): Path<(String, String, String)>,
) -> Answer {
    let wanted = Wanted::of(which)?;
    let see = move |look: &Look<'_>, session: &Session| {
        let message = look.message(wanted.message)?.ok_or(Code::NotFound)?;
        if !older::may_read_entry(look, &session.reader(), &message)? {
            return Err(Code::NotFound.into());
        }
        let hash = look.file(wanted.message, wanted.i)?.ok_or(Code::NotFound)?;
        Ok((session.person.id, hash, described(&message, wanted.i)?))
    };
    let (who, hash, (name, kind)) = app.see(by, "read_file", see).await?;
    let bytes = read(&app, hash, wanted.form).await?;
    let mut headers = headers(wanted.form, (kind, &bytes[..]));
    if wanted.form == Rendition::Original {
        let act = Act::new(Actor::Person(who), "download_original").about(wanted.message.0);
        app.store.write(move |tx| tx.remark(act)).await?;
        headers.insert(CONTENT_DISPOSITION, attachment(&name));
    }
    Ok((headers, bytes).into_response())
}

pub async fn client(
    State(app): State<Shared>,
    by: Client,
    Path(which): Path<(String, String, String)>,
) -> Answer {
    let wanted = Wanted::of(which)?;
    let see = move |look: &Look<'_>, session: &Session| {
        if wanted.form == Rendition::Original {
            return Err(Code::NotFound.into());
        }
        crate::client::entry(look, &session.reader(), wanted.message)?;
        look.file(wanted.message, wanted.i)?.ok_or(Code::NotFound.into())
    };
    let hash = app.see(by, "read_file", see).await?;
    let bytes = read(&app, hash, wanted.form).await?;
    Ok((headers(wanted.form, (FileType::Jpeg, &bytes[..])), bytes).into_response())
}

pub async fn customer(
    State(app): State<Shared>,
    by: Visitor,
    Path(which): Path<(String, String, String)>,
) -> Answer {
    let wanted = Wanted::of(which)?;
    let see = move |look: &Look<'_>, who: CustomerId| {
        if wanted.form == Rendition::Original {
            return Err(Code::NotFound.into());
        }
        desk::public::entry(look, who, wanted.message)?;
        look.file(wanted.message, wanted.i)?.ok_or(Code::NotFound.into())
    };
    let hash = app.visit(by, "read_file", see).await?;
    let bytes = read(&app, hash, wanted.form).await?;
    Ok((headers(wanted.form, (FileType::Jpeg, &bytes[..])), bytes).into_response())
}

async fn read(app: &Shared, hash: BlobHash, form: Rendition) -> Result<bytes::Bytes, Refused> {
    let uploads = app.uploads.clone();
    let read = app.store.beside(move || uploads.read(&hash, form)).await;
    if matches!(&read, Err(Stop::Refused(_))) {
        crate::log::fault("a blob's file is gone or was changed on the disk");
    }
    Ok(read?)
}

/// Whatever a file holds, opened by itself it runs nothing, shows nothing else and is shown nowhere.
const FILE_CSP: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// The type is that of the bytes: a rendition is a JPEG, or a GIF where it moves.
fn headers(form: Rendition, (kind, bytes): (FileType, &[u8])) -> HeaderMap {
    let shown = FileType::of(bytes).unwrap_or(FileType::Jpeg);
    let kind = if form == Rendition::Original { kind } else { shown };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind.mime()));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_CSP));
    headers
}

/// A download's name, as RFC 6266 and RFC 8187 write it: all but plain letters and
/// digits as percent-encoded UTF-8.
fn attachment(name: &str) -> HeaderValue {
    let mut coded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            coded.push(char::from(byte));
        } else {
            coded.push_str(&format!("%{byte:02X}"));
        }
    }
    let text = format!("attachment; filename*=UTF-8''{coded}");
    HeaderValue::from_str(&text).expect("percent-encoded text is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        assert_eq!(attachment("å\r\n\".jpg"), "attachment; filename*=UTF-8''%C3%A5%0D%0A%22.jpg");
    }
}
