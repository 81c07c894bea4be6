//! The Configurator's doors: one whose body says what is asked, and one for what leaves as a file.

use super::Shared;
use super::answer::{Answer, Refused, json};
use super::caller::{Staff, bytes};
use super::staff::signed_in;
use crate::admin::{self, Asker};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use fieldline_model::admin::{ASK_MAX_BYTES, AdminAsk};
use fieldline_model::{Code, ConversationId};
use futures_util::stream::unfold;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

pub async fn ask(State(app): State<Shared>, Staff(token): Staff, asked: Body) -> Answer {
    // Whose it is, before the body is read: it may be large. Judged again as it is done.
    signed_in(&app, token).await?;
    let asked = bytes(asked, ASK_MAX_BYTES).await?;
    let asked: AdminAsk = serde_json::from_slice(&asked).map_err(|_| Code::BadRequest)?;
    json(admin::ask(&app, Asker::Session(token), asked).await?)
}

/// A conversation as a ZIP file. Its name tells which, and nobody's.
pub async fn export(State(app): State<Shared>, Staff(token): Staff, Path(which): Path<String>) -> Answer {
    let which: ConversationId = which.parse().map_err(|_| Refused::from(Code::NotFound))?;
    let parts = admin::export(&app, Asker::Session(token), which).await?;
    let body = unfold(parts, |mut parts| async move { Some((parts.recv().await?, parts)) });
    let name = format!("attachment; filename=\"conversation-{which}.zip\"");
    let headers = [(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(body)).into_response())
}
