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
        FileType::Gif => gif_frames(bytes).map(drop),
        FileType::Heic => heic_end(bytes),
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

/// Walks chunks (PNG 1.2 §3.2) to IEND. Those without which no picture can be made hold what
/// their sums say.
fn png_end(bytes: &[u8]) -> Option<()> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let (from, end) = (at + 4, at.checked_add(8)?.checked_add(length)?);
        let (chunk, sum) = (bytes.get(from..end)?, bytes.get(end..end + 4)?);
        let critical = chunk[0].is_ascii_uppercase();
        if critical && crc(chunk) != u32::from_be_bytes(sum.try_into().ok()?) {
            return None;
        }
        if chunk.starts_with(b"IEND") {
            return Some(());
        }
        at = end + 4;
    }
}

/// CRC-32 (PNG 1.2, appendix 15).
fn crc(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut n = 0;
        while n < 256 {
            let (mut c, mut bit) = (n as u32, 0);
            while bit < 8 {
                c = if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 };
                bit += 1;
            }
            table[n] = c;
            n += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |c, byte| TABLE[usize::from(c as u8 ^ byte)] ^ (c >> 8))
}

/// Walks blocks (GIF89a, appendix A) to the trailer: the pixels of each frame, undecoded.
pub fn gif_frames(bytes: &[u8]) -> Option<Vec<u64>> {
    let side = |at: usize| Some(u64::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let mut frames = Vec::new();
    let table = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        at = match *bytes.get(at)? {
            0x3b => return Some(frames),
            0x21 => sub_blocks_end(bytes, at + 2)?,
            0x2c => {
                frames.push(side(at + 5)? * side(at + 7)?);
                let flags = *bytes.get(at + 9)?;
                sub_blocks_end(bytes, at + 10 + table(flags) + 1)?
            }
            _ => return None,
        }
    }
}

/// Walks boxes (ISO 14496-12 §4.2): the last one ends with the file, or says that it does.
fn heic_end(bytes: &[u8]) -> Option<()> {
    let mut at = 0;
    while at < bytes.len() {
        let size = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        bytes.get(at + 4..at + 8)?;
        let size = match size {
            0 => return Some(()),
            1 => usize::try_from(u64::from_be_bytes(bytes.get(at + 8..at + 16)?.try_into().ok()?)).ok()?,
            size => size as usize,
        };
        at = at.checked_add(size.max(8))?;
        bytes.get(..at)?;
    }
    Some(())
}

fn sub_blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            length => at += 1 + usize::from(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One pixel, as a PNG.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
        \0\0\0\nIDAT\x78\x9c\x63\x60\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xae\x42\x60\x82";
    /// Start, a comment, a scan with a stuffed byte and a restart, end.
    const JPEG: &[u8] = b"\xff\xd8\xff\xfe\0\x04hi\xff\xda\0\x02\x11\xff\0\x22\xff\xd0\x33\xff\xd9";
    /// A screen without colours, one block of one byte, trailer.
    const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x01\x44\0\x3b";

    #[test]
    fn a_file_is_whole_with_its_end_and_what_follows_it_and_torn_anywhere_before() {
        for (kind, bytes) in [(FileType::Png, PNG), (FileType::Jpeg, JPEG), (FileType::Gif, GIF)] {
            assert!(kind.is_whole(bytes), "{kind:?}");
            assert!(kind.is_whole(&[bytes, b"a film"].concat()), "{kind:?} with a film");
            for cut in 0..bytes.len() {
                assert!(!kind.is_whole(&bytes[..cut]), "{kind:?} cut off at {cut}");
            }
        }
    }

    #[test]
    fn a_png_with_another_byte_in_its_picture_is_not_whole() {
        let mut torn = PNG.to_vec();
        let at = PNG.len() - 20;
        torn[at] ^= 1;
        assert!(!FileType::Png.is_whole(&torn));
    }
}
