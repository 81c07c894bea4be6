//! The picture types, told from the bytes, never from the name.

mod whole;

pub use whole::gif_frames;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The fixed super-set of types (jpg and jpeg are one type with two endings).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// GIF.
    Gif,
    /// HEIC or HEIF.
    Heic,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl FileType {
    /// Every type there is.
    pub const ALL: [Self; 4] = [Self::Gif, Self::Heic, Self::Jpeg, Self::Png];

    /// Tells the type from the first 32 bytes; `None` when they are no picture.
    ///
    /// Signatures: PNG 1.2 §3.1, GIF89a §17, JPEG (ISO 10918-1 B.1.1.3), and the
    /// brands of ISO 23008-12 for HEIC.
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
            return Some(Self::Gif);
        }
        if head.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        let brand = head.get(8..12)?;
        let heic = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"];
        (head.get(4..8)? == b"ftyp" && heic.iter().any(|b| *b == brand)).then_some(Self::Heic)
    }

    /// Whether the structure of a file of this type reaches its end mark. Bytes after the end
    /// are no fault (phones put films there); they are in no rendition.
    pub fn is_whole(self, bytes: &[u8]) -> bool {
        whole::is_whole(bytes, self)
    }

    /// The media type a server gives with such bytes.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Gif => "image/gif",
            Self::Heic => "image/heic",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// The ending a saved file gets.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gif => "gif",
            Self::Heic => "heic",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// A form of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rendition {
    /// JPEG, upright, at most 320 pixels on its longer side, no metadata.
    Thumb,
    /// JPEG, upright, at most 2048 pixels on its longer side, no metadata.
    Display,
    /// The bytes as they were sent: for staff, as a download only.
    Original,
}

impl Rendition {
    /// The word in addresses and file names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Thumb => "thumb",
            Self::Display => "display",
            Self::Original => "original",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_comes_from_the_bytes() {
        assert_eq!(FileType::of(b"\xff\xd8\xff\xe1...."), Some(FileType::Jpeg));
        assert_eq!(FileType::of(b"GIF89a"), Some(FileType::Gif));
        assert_eq!(FileType::of(b"\0\0\0\x18ftypheic\0\0"), Some(FileType::Heic));
        assert_eq!(FileType::of(b"\0\0\0\x18ftypmp42\0\0"), None);
        assert_eq!(FileType::of(b"<svg xmlns=\"http://www.w3.org/2000/svg\">"), None);
        assert_eq!(FileType::of(b"MZ\x90\0"), None);
        assert_eq!(FileType::of(b""), None);
    }
}
