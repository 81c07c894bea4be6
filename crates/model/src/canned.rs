//! Canned replies: short texts of a workspace that its staff send often, each called
//! by a shortcut. No message is one: what is sent is a text like any other.

use crate::code::{Code, Problem};
use crate::ids::CannedId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The longest shortcut, in characters.
pub const SHORTCUT_MAX_CHARS: usize = 32;
/// The longest text, in characters.
pub const CANNED_MAX_CHARS: usize = 2_000;

/// One canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Canned {
    /// Which.
    pub id: CannedId,
    /// What is typed after the slash: letters, digits, hyphens; no two are the same.
    pub shortcut: String,
    /// What is inserted; `{name}` stands for the customer's name.
    pub text: String,
}

/// A shortcut as it is kept: trimmed, lower case, without a slash in front.
///
/// Refuses with [`Code::BadName`] what is empty, too long or no single word.
pub fn clean_shortcut(typed: &str) -> Result<String, Problem> {
    let word = typed.trim().trim_start_matches('/').to_lowercase();
    let fits = (1..=SHORTCUT_MAX_CHARS).contains(&word.chars().count());
    if fits && word.chars().all(|c| c.is_alphanumeric() || c == '-') {
        Ok(word)
    } else {
        Err(Code::BadName.into())
    }
}

/// Refuses an empty text with [`Code::MessageEmpty`], a long one with [`Code::TextTooLong`].
pub fn check_canned(text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Code::MessageEmpty.into());
    }
    if text.chars().count() > CANNED_MAX_CHARS {
        return Err(Problem::limit(Code::TextTooLong, CANNED_MAX_CHARS as u64));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcut_is_one_word_however_it_is_typed() {
        assert_eq!(clean_shortcut(" /Hours ").unwrap(), "hours");
        assert_eq!(clean_shortcut("on-my-way").unwrap(), "on-my-way");
        for bad in ["", "/", "two words", "a/b", &"a".repeat(33)] {
            assert_eq!(clean_shortcut(bad), Err(Code::BadName.into()), "{bad}");
        }
        assert_eq!(check_canned(" "), Err(Code::MessageEmpty.into()));
        assert_eq!(check_canned(&"a".repeat(2001)).unwrap_err().code, Code::TextTooLong);
    }
}
