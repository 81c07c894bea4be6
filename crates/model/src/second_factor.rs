//! A second factor of sign-in: a code that an authenticator app makes of a secret and the
//! time (TOTP, RFC 6238: SHA-1, six digits, 30 seconds), asked after the password.
//!
//! Invariant: the secret and the recovery codes are told once, to who begins it by their
//! password; after that nothing tells them again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How many recovery codes come with a second factor; each serves once in place of a code.
pub const RECOVERY_CODES: usize = 10;

/// `GET /v1/second-factor`: how one's own stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SecondFactor {
    /// Since when a code is asked, milliseconds since 1970; absent: none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub on_since_ms: Option<i64>,
    /// How many recovery codes are left.
    pub recovery_left: u32,
}

/// `POST /v1/second-factor`: a new secret is made; it asks nothing of anybody until it is on.
///
/// Refuses with *wrong_password*; with *not_permitted* while one is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {
    /// The password one has.
    pub password: String,
}

/// What an authenticator app is to know, and the recovery codes: told this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct SecondFactorBegun {
    /// In base32 (RFC 4648 §6), without padding.
    pub secret: String,
    /// The same with the names of workspace and login, as authenticator apps read it:
    /// `otpauth://totp/…`.
    pub uri: String,
    /// [`RECOVERY_CODES`] of them; they serve once it is on.
    pub recovery: Vec<String>,
}

/// `POST /v1/second-factor/on`: from now on a code is asked at sign-in.
///
/// Refuses with *wrong_code* one that the secret begun last does not make now. Asked again
/// after a lost answer, by the next code, it is as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnSecondFactorOn {
    /// As the authenticator app shows it now.
    pub code: String,
}

/// `POST /v1/second-factor/off`: no code is asked any more.
///
/// Refuses with *wrong_password*, with *wrong_code*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnSecondFactorOff {
    /// The password one has.
    pub password: String,
    /// As the authenticator app shows it now, or a recovery code.
    pub code: String,
}
