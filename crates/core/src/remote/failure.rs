//! What an answer that is no success means: what to do next.

use super::WireFault;
use fieldline_model::api::Refusal;
use fieldline_model::{Code, Problem};
use http::StatusCode;
use std::time::Duration;

/// The longest a server may ask to wait: none, however confused, puts a device off
/// for ever.
pub const WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// What to do about a request that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The same again, later: after `wait` if the server said so.
    Later {
        /// As the server said.
        wait: Option<Duration>,
        /// What to tell the person meanwhile.
        problem: Problem,
    },
    /// The same again, later: no connection came about, so nothing left this device.
    NotSent(Problem),
    /// Never, as things stand.
    Refused(Problem),
    /// The session is over.
    SignInAgain,
    /// Likewise, because a copy of this device's files went on with it.
    Copied,
    /// Its person was blocked by an admin.
    Blocked,
    /// This app is too old.
    UpdateNeeded,
}

impl Failure {
    pub(super) fn later(code: Code) -> Self {
        Self::Later { wait: None, problem: code.into() }
    }
}

impl From<WireFault> for Failure {
    fn from(fault: WireFault) -> Self {
        match fault.may_have_come() {
            true => Self::later(fault.code()),
            false => Self::NotSent(fault.code().into()),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Later { problem, .. } | Failure::NotSent(problem) | Failure::Refused(problem) => problem,
            Failure::SignInAgain => Code::SignedOut.into(),
            Failure::Copied => Code::Copied.into(),
            Failure::Blocked => Code::Blocked.into(),
            Failure::UpdateNeeded => Code::UpdateNeeded.into(),
        }
    }
}

/// What a refusal means: by the server's own word where it gave one, else by status.
pub(super) fn classify(status: StatusCode, wait: Option<Duration>, body: &[u8]) -> Failure {
    let said = serde_json::from_slice::<Refusal>(body).ok().map(|r| r.problem);
    match (status.as_u16(), said) {
        (401 | 403, Some(problem)) if problem.code == Code::Blocked => Failure::Blocked,
        (401, Some(problem)) if problem.code == Code::Copied => Failure::Copied,
        (401, Some(problem)) if problem.code != Code::SignedOut => Failure::Refused(problem),
        (401, _) => Failure::SignInAgain,
        (426, _) => Failure::UpdateNeeded,
        (429, Some(problem)) if problem.code == Code::TooManyTries => {
            let wait = wait.or(problem.limit.map(Duration::from_secs));
            Failure::Later { wait: wait.map(|told| told.min(WAIT_MAX)), problem }
        }
        (408 | 425 | 429, _) | (500..=599, _) => {
            // Full is told as full: it may last, and the person can do something.
            let full = said_full(body);
            let code = if full { Code::StorageFull } else { Code::Busy };
            Failure::Later { wait: wait.map(|told| told.min(WAIT_MAX)), problem: code.into() }
        }
        (_, Some(problem)) => Failure::Refused(problem),
        // Not a word a Fieldline server says: something stands between.
        (_, None) => Failure::later(Code::NotAServer),
    }
}

fn said_full(body: &[u8]) -> bool {
    serde_json::from_slice::<Refusal>(body).is_ok_and(|r| r.problem.code == Code::StorageFull)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: Code) -> Vec<u8> {
        serde_json::to_vec(&Refusal { problem: code.into() }).unwrap()
    }

    /// FN6: each answer maps to exactly one of retry, re-auth, park.
    #[test]
    fn every_refusal_has_one_meaning() {
        let later = |s: u16| classify(StatusCode::from_u16(s).unwrap(), None, b"<html>");
        for status in [408, 425, 429, 500, 502, 503, 520] {
            assert_eq!(later(status), Failure::later(Code::Busy), "{status}");
        }
        for status in [400, 403, 404, 409, 410, 413, 415, 422] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(classify(status, None, b"<html>"), Failure::later(Code::NotAServer));
            let said = classify(status, None, &refusal(Code::NotFound));
            assert_eq!(said, Failure::Refused(Code::NotFound.into()));
        }
        assert_eq!(classify(StatusCode::UNAUTHORIZED, None, b""), Failure::SignInAgain);
        let wrong = classify(StatusCode::UNAUTHORIZED, None, &refusal(Code::WrongPassword));
        assert_eq!(wrong, Failure::Refused(Code::WrongPassword.into()));
        let copied = classify(StatusCode::UNAUTHORIZED, None, &refusal(Code::Copied));
        assert_eq!(copied, Failure::Copied);
        assert_eq!(classify(StatusCode::UPGRADE_REQUIRED, None, b""), Failure::UpdateNeeded);
        let wait = Some(Duration::from_secs(7));
        let told = classify(StatusCode::TOO_MANY_REQUESTS, wait, b"");
        assert_eq!(told, Failure::Later { wait, problem: Code::Busy.into() });
        let for_ever = classify(StatusCode::SERVICE_UNAVAILABLE, Some(Duration::MAX), b"");
        assert_eq!(for_ever, Failure::Later { wait: Some(WAIT_MAX), problem: Code::Busy.into() });
        assert_eq!(classify(StatusCode::FORBIDDEN, None, &refusal(Code::Blocked)), Failure::Blocked);
    }
}
