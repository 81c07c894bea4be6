//! What the admin allows. Synced to every device, so that a forbidden file is
//! refused in words at the moment it is chosen, and checked again on the server.

use crate::code::{Code, Problem};
use crate::media::FileType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The longest message, in characters (Unicode scalar values).
pub const TEXT_MAX_CHARS: usize = 10_000;
/// The most photos in one message.
pub const FILES_MAX: usize = 10;
/// The most pixels a picture may have before anybody decodes it.
pub const PIXELS_MAX: u64 = 50_000_000;

/// What may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Policy {
    /// The types an admin chose out of the fixed super-set.
    #[serde(deserialize_with = "crate::change::known")]
    pub types: Vec<FileType>,
    /// The largest file, in bytes.
    #[ts(type = "number")]
    pub file_max_bytes: u64,
    /// The map, when the admin set one up: its tiles come through the server alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Map>,
}

/// A map that places are shown on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Map {
    /// Whose map it is; shown wherever it is. May be empty.
    pub credit: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self { types: FileType::ALL.to_vec(), file_max_bytes: 20 * 1024 * 1024, map: None }
    }
}

impl Policy {
    /// Whether a file of these bytes may be sent, by its bytes alone, and as what.
    ///
    /// `head` is at least the first 32 bytes; `size_bytes` the whole length.
    pub fn admits(&self, head: &[u8], size_bytes: u64) -> Result<FileType, Problem> {
        let Some(kind) = FileType::of(head) else {
            return Err(Code::FileNotPicture.into());
        };
        if !self.types.contains(&kind) {
            return Err(Code::FileTypeForbidden.into());
        }
        if size_bytes > self.file_max_bytes {
            return Err(Problem::limit(Code::FileTooLarge, self.file_max_bytes));
        }
        Ok(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

    #[test]
    fn a_file_is_judged_by_type_then_by_size() {
        let policy = Policy { types: vec![FileType::Png], file_max_bytes: 100, map: None };
        assert_eq!(policy.admits(PNG, 100), Ok(FileType::Png));
        assert_eq!(policy.admits(PNG, 101), Err(Problem::limit(Code::FileTooLarge, 100)));
        assert_eq!(policy.admits(b"\xff\xd8\xff\xe0", 1), Err(Code::FileTypeForbidden.into()));
        assert_eq!(policy.admits(b"<html>", 1), Err(Code::FileNotPicture.into()));
    }
}
