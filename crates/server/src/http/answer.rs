//! How the server says no, and how it says yes in JSON.

use crate::log;
use crate::store::{Fault, Stop};
use axum::Json;
use axum::response::{IntoResponse, Response};
use fieldline_model::api::Refusal;
use fieldline_model::{Code, Problem};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// An answer that is no success.
#[derive(Debug)]
pub struct Refused(pub Problem);

/// What a route gives.
pub type Answer<T = Response> = Result<T, Refused>;

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(match fault {
            Fault::Busy => Problem::limit(Code::Busy, 1),
            Fault::Full => {
                log::fault("no room on the disk");
                Code::StorageFull.into()
            }
            Fault::Disk(why) => {
                log::fault(&why);
                Problem::limit(Code::Busy, 5)
            }
            Fault::Broken(why) => {
                log::fault(&why);
                Code::Internal.into()
            }
        })
    }
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(problem) => Self(problem),
            Stop::Fault(fault) => fault.into(),
        }
    }
}

/// The HTTP status a code goes with.
pub fn status(code: Code) -> StatusCode {
    use Code::*;
    match code {
        SignedOut | Copied => StatusCode::UNAUTHORIZED,
        NotPermitted | WrongPassword | CodeNeeded | WrongCode | Blocked | ModuleNeeded | Yourself => {
            StatusCode::FORBIDDEN
        }
        NotFound => StatusCode::NOT_FOUND,
        IdReused | AlreadyPicked | NotPicked | ConversationEnded | NotEnded | OfferOver | NeedsRefused
        | DirectThread | OwnerStays | NotInThread | LastColleague | NoColleague | LoginTaken | LastAdmin => {
            StatusCode::CONFLICT
        }
        LinkInvalid | FileMissing | PersonGone => StatusCode::GONE,
        FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FileTypeForbidden | FileNotPicture | FileHeic => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        WeakPassword | MessageEmpty | NoteEmpty | TextTooLong | TooManyFiles | BadName | BadLocation
        | PictureTooLarge | FileDamaged | NoPeople | TooManyPeople | BadHours => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        UpdateNeeded => StatusCode::UPGRADE_REQUIRED,
        TooManyTries => StatusCode::TOO_MANY_REQUESTS,
        Busy => StatusCode::SERVICE_UNAVAILABLE,
        StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        Internal => StatusCode::INTERNAL_SERVER_ERROR,
        // What a device says of itself is never a server's answer.
        BadRequest | UnknownIntent | OnItsWay | Unreachable | NotAServer | TlsFailed | BadAddress
        | NotProtected | InUse | AppTooOld | KeychainShut | StorageFailed | StorageDamaged | UnsentWork => {
            StatusCode::BAD_REQUEST
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let code = self.0.code;
        let wait = self.0.limit.filter(|_| matches!(code, Code::TooManyTries | Code::Busy));
        let mut response = (status(code), Json(Refusal { problem: self.0 })).into_response();
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A success, as JSON.
pub fn json<T: Serialize>(body: T) -> Answer {
    Ok(Json(body).into_response())
}

/// A success that says nothing more.
pub fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}
