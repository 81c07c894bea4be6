//! Mentions: who is called by name in a message of a thread, and where in its text.
//!
//! A mention is a person's id with the range of the text that names them as its author
//! wrote it. So the text says the name in lists, quotes, searches and apps that know no
//! mentions, and whoever was meant stays so whatever they are called later.
//!
//! Invariants
//! - Ranges are in order, do not overlap, lie within the text and begin with an `@`.
//! - Only members of the thread are mentioned ([`crate::Group::may_mention`]): nobody is
//!   named to a reader who does not see them in it anyway.

use crate::code::{Code, Problem};
use crate::ids::PersonId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The most mentions in one message.
pub const MENTIONS_MAX: usize = 50;

/// Somebody who is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Mention {
    /// Who.
    pub person: PersonId,
    /// Which character of the text it begins with, from 0: that is an `@`. Characters are
    /// Unicode scalar values.
    pub at: u32,
    /// How many characters it has.
    pub chars: u32,
}

/// Refuses ranges that are not of `text`: with *bad_request*.
pub fn check_mentions(text: &str, mentions: &[Mention]) -> Result<(), Problem> {
    if mentions.len() > MENTIONS_MAX {
        return Err(Code::BadRequest.into());
    }
    let mut chars = text.chars();
    let mut passed: u32 = 0;
    for it in mentions {
        let gap = it.at.checked_sub(passed).ok_or(Code::BadRequest)?;
        let begins = chars.nth(gap as usize) == Some('@');
        let rest = it.chars.checked_sub(2).ok_or(Code::BadRequest)?;
        if !begins || chars.nth(rest as usize).is_none() {
            return Err(Code::BadRequest.into());
        }
        passed = it.at.checked_add(it.chars).ok_or(Code::BadRequest)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn mention(at: u32, chars: u32) -> Mention {
        Mention { person: PersonId(Uuid::from_u128(3)), at, chars }
    }

    #[test]
    fn a_mention_is_a_range_of_its_text_that_begins_with_an_at() {
        let text = "é @Bo and @نور 🔧";
        let ok = |mentions: &[Mention]| check_mentions(text, mentions).is_ok();
        assert!(ok(&[]) && ok(&[mention(2, 3)]) && ok(&[mention(2, 3), mention(10, 4)]));
        assert!(ok(&[mention(10, 6)]), "up to the last character");
        assert!(!ok(&[mention(10, 7)]), "past the end");
        assert!(!ok(&[mention(3, 3)]), "no @");
        assert!(!ok(&[mention(2, 0)]) && !ok(&[mention(2, 1)]), "an @ alone names nobody");
        assert!(!ok(&[mention(10, 4), mention(2, 3)]), "out of order");
        assert!(!ok(&[mention(2, 9), mention(10, 4)]), "one over the other");
        assert!(!ok(&[mention(u32::MAX, 2)]) && !ok(&[mention(2, u32::MAX)]));
    }

    #[test]
    fn more_mentions_than_anybody_reads_are_refused() {
        let (text, all) = ("@a".repeat(51), (0..51).map(|i| mention(2 * i, 2)).collect::<Vec<_>>());
        assert!(check_mentions(&text, &all[..50]).is_ok());
        assert!(check_mentions(&text, &all).is_err());
    }
}
