//! Whether a file is all there.
//!
//! Decoders are made to show what they can of a file that was cut off; a message
//! must not be sent with half a photo in it, so each format's own end is looked for.

use super::FileType;

/// As [`FileType::is_whole`] says.
pub(super) fn is_whole(bytes: &[u8], kind: FileType) -> bool {
    let end = match kind {
        FileType::Jpeg => jpeg_end(bytes),
        FileType::Png => png_end(bytes),
        FileType::Gif => gif_end(bytes),
        FileType::Heic => None,
    };
    end.is_some()
}

/// Walks markers (ISO 10918-1 B.1.1): segments with lengths, and after each start
/// of scan coded bytes in which 0xFF is followed by 0 or a restart mark.
fn jpeg_end(bytes: &[u8]) -> Option<()> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        at += 1;
        match marker {
            0xff => continue, // Fill bytes.
            0xd9 => return Some(()),
            0x01 | 0xd0..=0xd7 => at += 1,
            _ => {
                let length = u16::from_be_bytes([*bytes.get(at + 1)?, *bytes.get(at + 2)?]);
                at += 1 + usize::from(length.max(2));
                if marker == 0xda {
                    at = scan_end(bytes, at)?;
                }
            }
        }
    }
}

/// Where the coded bytes that begin at `at` end: at the next marker.
fn scan_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// Walks chunks (PNG 1.2 §3.2) to IEND.
fn png_end(bytes: &[u8]) -> Option<()> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let kind = bytes.get(at + 4..at + 8)?;
        at = at.checked_add(12 + length as usize)?;
        bytes.get(..at)?;
        if kind == b"IEND" {
            return Some(());
        }
    }
}

/// Walks blocks (GIF89a, appendix A) to the trailer.
fn gif_end(bytes: &[u8]) -> Option<()> {
    let table = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        at = match *bytes.get(at)? {
            0x3b => return Some(()),
            0x21 => sub_blocks_end(bytes, at + 2)?,
            0x2c => {
                let flags = *bytes.get(at + 9)?;
                sub_blocks_end(bytes, at + 10 + table(flags) + 1)?
            }
            _ => return None,
        }
    }
}

fn sub_blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            length => at += 1 + usize::from(length),
        }
    }
}
