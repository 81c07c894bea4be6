//! A ZIP file as it is written from its first byte to its last, nothing compressed: what is in
//! one are photos, which are as small as they get.
//!
//! After APPNOTE.TXT 6.3.10 of PKWARE: local headers (4.3.7), the central directory (4.3.12), and
//! its end, always with the ZIP64 records (4.3.14, 4.3.15), so that no size is a special case.
//!
//! Invariant: an entry is whole in memory before its header is written, so no header lies.

use std::io::{self, Write};

/// Names are UTF-8 (general purpose bit 11).
const UTF8: u16 = 1 << 11;
/// What reads it must know ZIP64 (version 4.5).
const VERSION: u16 = 45;
/// Midnight of 1 January 1980, the format's first day: what is inside says when it was.
const DATE: u32 = 1 << 21 | 1 << 16;

struct Entry {
    name: String,
    crc: u32,
    size: u64,
    at: u64,
}

/// A ZIP file that grows.
pub struct Zip<W> {
    to: W,
    at: u64,
    entries: Vec<Entry>,
}

impl<W: Write> Zip<W> {
    /// One with nothing in it.
    pub fn new(to: W) -> Self {
        Self { to, at: 0, entries: Vec::new() }
    }

    /// Adds a file, of at most 4 GiB.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let (crc, size) = (crc32fast::hash(bytes), bytes.len() as u64);
        let short = u32::try_from(size).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        let entry = Entry { name: name.into(), crc, size, at: self.at };
        let mut head = Vec::new();
        number(&mut head, 0x0403_4b50, 4);
        entry.common(&mut head, short);
        number(&mut head, 0, 2);
        head.extend(name.as_bytes());
        self.write(&head)?;
        self.write(bytes)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes what is inside, and where it ends.
    pub fn finish(mut self) -> io::Result<()> {
        let (begins, count) = (self.at, self.entries.len() as u64);
        let mut all = Vec::new();
        for entry in &self.entries {
            entry.listed(&mut all);
        }
        let size = all.len() as u64;
        let ends = begins + size;
        number(&mut all, 0x0606_4b50, 4);
        number(&mut all, 44, 8);
        number(&mut all, VERSION.into(), 2);
        number(&mut all, VERSION.into(), 2);
        number(&mut all, 0, 8);
        number(&mut all, count, 8);
        number(&mut all, count, 8);
        number(&mut all, size, 8);
        number(&mut all, begins, 8);
        number(&mut all, 0x0706_4b50, 4);
        number(&mut all, 0, 4);
        number(&mut all, ends, 8);
        number(&mut all, 1, 4);
        number(&mut all, 0x0605_4b50, 4);
        number(&mut all, 0, 4);
        // All of it is in the records before.
        number(&mut all, u64::MAX, 2);
        number(&mut all, u64::MAX, 2);
        number(&mut all, u64::MAX, 4);
        number(&mut all, u64::MAX, 4);
        number(&mut all, 0, 2);
        self.write(&all)?;
        self.to.flush()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.to.write_all(bytes)
    }
}

impl Entry {
    /// From the version that is needed to the name's length: the same in both headers.
    fn common(&self, to: &mut Vec<u8>, size: u32) {
        number(to, VERSION.into(), 2);
        number(to, UTF8.into(), 2);
        number(to, 0, 2);
        number(to, DATE.into(), 4);
        number(to, self.crc.into(), 4);
        number(to, size.into(), 4);
        number(to, size.into(), 4);
        number(to, self.name.len() as u64, 2);
    }

    /// Its line of the central directory; where it begins stands in its ZIP64 field (4.5.3).
    fn listed(&self, to: &mut Vec<u8>) {
        number(to, 0x0201_4b50, 4);
        number(to, VERSION.into(), 2);
        self.common(to, self.size as u32);
        number(to, 12, 2);
        number(to, 0, 2);
        number(to, 0, 2);
        number(to, 0, 2);
        number(to, 0, 4);
        number(to, u64::MAX, 4);
        to.extend(self.name.as_bytes());
        number(to, 1, 2);
        number(to, 8, 2);
        number(to, self.at, 8);
    }
}

/// The lowest `bytes` bytes of a number, the least first.
fn number(to: &mut Vec<u8>, value: u64, bytes: usize) {
    to.extend(&value.to_le_bytes()[..bytes]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_two_is_as_the_format_says() {
        let mut bytes = Vec::new();
        let mut zip = Zip::new(&mut bytes);
        zip.put("a.txt", b"hello").unwrap();
        zip.put("å/b.txt", b"").unwrap();
        zip.finish().unwrap();
        // CRC-32 of "hello" (ISO 3309).
        assert_eq!(&bytes[14..18], &0x3610_a686u32.to_le_bytes());
        assert_eq!(&bytes[30..40], b"a.txthello");
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
        let u64_at = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        let record = u64_at(end - 12) as usize;
        assert_eq!(&bytes[record..record + 4], b"PK\x06\x06");
        let (count, begins) = (u64_at(record + 32), u64_at(record + 48) as usize);
        assert_eq!((count, &bytes[begins..begins + 4]), (2, &b"PK\x01\x02"[..]));
    }
}
