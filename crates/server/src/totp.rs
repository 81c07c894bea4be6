//! The codes of a second factor: TOTP (RFC 6238) over HOTP (RFC 4226), SHA-1, six digits, steps
//! of 30 seconds, as every authenticator app makes them. Pure: who asks brings the time.
//!
//! HMAC-SHA-1 is that of the TLS library, so nothing more is built for it; what RFC 4226 adds to it
//! is five lines (docs/decisions/007-second-factor.md).
//!
//! Invariants
//! - A code holds during its own step, the one before and the one after, by the server's clock.
//! - Whoever is told a code is of step *n* asks next with `after` = *n*: no code is right twice.

use crate::clock::Clock;
use crate::secrets::{self, SecretHash};
use aws_lc_rs::hmac;
use fieldline_model::second_factor::RECOVERY_CODES;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::ops::RangeInclusive;

/// A code changes so often.
pub const STEP_MS: i64 = 30_000;
/// A phone's clock may go wrong by so many steps, and a code be typed so much later.
const STEPS_APART: i64 = 1;

/// What codes are made of: 160 random bits, as RFC 4226 §4 recommends. The server has to be
/// able to read it, so it is kept as it is.
pub type Secret = [u8; 20];

/// What somebody typed as a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Six digits.
    Code(u32),
    /// Anything else: the hash of it, in case it is a recovery code.
    Recovery(SecretHash),
}

impl Typed {
    /// Reads what was typed: spaces and hyphens are for the eye, digits may be Arabic ones.
    pub fn read(text: &str) -> Self {
        let plain = plain(text);
        let is_code = plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit());
        match plain.parse() {
            Ok(code) if is_code => Self::Code(code),
            _ => Self::Recovery(secrets::hash(&plain)),
        }
    }
}

/// What is kept of a recovery code, however it is typed.
pub fn recovery_hash(code: &str) -> SecretHash {
    secrets::hash(&plain(code))
}

fn plain(text: &str) -> String {
    let written = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64);
    written.map(|typed| latin(typed).to_ascii_lowercase()).collect()
}

/// A digit as it is typed on an Arabic or Persian keyboard, as the same digit here.
fn latin(typed: char) -> char {
    let digit = match typed {
        '\u{660}'..='\u{669}' => u32::from(typed) - 0x660,
        '\u{6f0}'..='\u{6f9}' => u32::from(typed) - 0x6f0,
        _ => return typed,
    };
    char::from_digit(digit, 10).unwrap_or(typed)
}

/// The code of a step since 1970.
pub fn code(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    // RFC 4226 §5.3: the last four bits say where the 31 bits are.
    let at = usize::from(bytes[19] & 15);
    let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
}

/// The steps whose codes hold at `now_ms`.
pub fn steps(now_ms: i64) -> RangeInclusive<i64> {
    let now = now_ms.div_euclid(STEP_MS);
    now - STEPS_APART..=now + STEPS_APART
}

/// Which step `typed` is the code of, at `now_ms` and later than the step `after`.
pub fn step_of(secret: &Secret, typed: u32, after: i64, now_ms: i64) -> Option<i64> {
    steps(now_ms).find(|step| *step > after && code(secret, *step) == typed)
}

/// What an authenticator app shows at `now_ms` that was told a secret in base32: for tests, which
/// hold such an app's part. None, if that is no secret.
pub fn shown(secret: &str, now_ms: i64) -> Option<String> {
    let secret = secrets::of_base32(secret)?;
    Some(format!("{:06}", code(&secret, now_ms.div_euclid(STEP_MS))))
}

/// The address by which authenticator apps learn a secret, with whose it is.
pub fn uri(secret: &Secret, workspace: &str, login: &str) -> String {
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let (issuer, login, secret) = (encoded(workspace), encoded(login), secrets::base32(secret));
    format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}")
}

/// New recovery codes: 120 random bits each, so that a plain hash keeps them (ASVS 6.5.2), in
/// groups that can be copied by hand.
pub fn recovery_codes(clock: &Clock) -> Vec<String> {
    let one = || {
        let digits = secrets::base32(&clock.random::<15>()).to_ascii_lowercase();
        digits.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
    };
    (0..RECOVERY_CODES).map(|_| one()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &Secret = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B: the last six of its eight digits; RFC 4226, appendix D.
        let at = [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ];
        for (seconds, expected) in at {
            assert_eq!(code(SECRET, seconds * 1_000 / STEP_MS), expected, "at {seconds} s");
        }
        assert_eq!([0, 1, 9].map(|counter| code(SECRET, counter)), [755_224, 287_082, 520_489]);
    }

    #[test]
    fn a_code_holds_for_its_step_and_the_two_beside_it_and_never_twice() {
        let now = 100 * STEP_MS + 5;
        let holds = |step, after| step_of(SECRET, code(SECRET, step), after, now);
        assert_eq!(
            [98, 99, 100, 101, 102].map(|step| holds(step, 0)),
            [None, Some(99), Some(100), Some(101), None]
        );
        assert_eq!([99, 100, 101].map(|step| holds(step, 100)), [None, None, Some(101)]);
    }

    #[test]
    fn what_is_typed_is_read_as_a_person_means_it() {
        for six in ["081804", " 081 804 ", "081-804", "٠٨١٨٠٤", "۰۸۱۸۰۴"] {
            assert_eq!(Typed::read(six), Typed::Code(81_804), "{six}");
        }
        let kept = Typed::Recovery(secrets::hash("abcdefgh2345"));
        for recovery in ["abcd-efgh-2345", " ABCD EFGH 2345", "abcdefgh2345"] {
            assert_eq!(Typed::read(recovery), kept, "{recovery}");
        }
        for other in ["81804", "0818040", "+81804", ""] {
            assert!(matches!(Typed::read(other), Typed::Recovery(_)), "{other}");
        }
    }

    #[test]
    fn an_authenticator_app_is_told_whose_secret_it_is() {
        assert_eq!(
            uri(SECRET, "Blå & co: Oslo", "ana@nordlys.example"),
            "otpauth://totp/Bl%C3%A5%20%26%20co%3A%20Oslo:ana%40nordlys%2Eexample\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Bl%C3%A5%20%26%20co%3A%20Oslo"
        );
    }
}
