//! How a server and the worker of a picture talk: frames, each a length (four bytes,
//! big-endian) and so many bytes.
//!
//! ```text
//! server ► worker   the file
//! worker ► server   JSON: {"Ok": facts} or {"Err": problem}
//!                   after Ok: the display rendition, the thumbnail
//! ```
//!
//! Invariant: what a worker says is not trusted: it is bounded, and whatever is not as it
//! must be is an answer that did not come.

use super::{Facts, Made};
use fieldline_model::{Code, FileType, Problem};
use std::io::{self, Read, Write};

/// The largest frame either side takes, in bytes: more than any policy lets in.
const FRAME_MAX: usize = 256 << 20;
/// The most pixels a side of a rendition has.
const SIDE_MAX: u32 = super::picture::DISPLAY_SIDE;
/// What a worker may refuse with; *busy*: it could not be confined.
const REFUSALS: [Code; 5] =
    [Code::FileNotPicture, Code::FileHeic, Code::PictureTooLarge, Code::FileDamaged, Code::Busy];

/// Writes one frame.
pub fn write(mut to: impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(bytes)
}

/// Reads one frame whole.
pub fn read(mut from: impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > FRAME_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Grows by what comes, never by what is claimed.
    let mut bytes = Vec::new();
    from.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Writes a worker's answer.
pub fn answer(mut to: impl Write, made: Result<Made, Problem>) -> io::Result<()> {
    let (said, made) = match made {
        Ok(made) => (Ok(made.facts.clone()), Some(made)),
        Err(problem) => (Err(problem), None),
    };
    write(&mut to, &serde_json::to_vec(&said)?)?;
    if let Some(made) = made {
        write(&mut to, &made.display)?;
        write(&mut to, &made.thumb)?;
    }
    to.flush()
}

/// Reads a worker's answer.
pub fn answered(mut from: impl Read) -> io::Result<Result<Made, Problem>> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let facts = match serde_json::from_slice::<Result<Facts, Problem>>(&read(&mut from)?)? {
        Err(problem) if REFUSALS.contains(&problem.code) => return Ok(Err(problem)),
        Err(_) => return Err(wrong()),
        Ok(facts) => facts,
    };
    let made = Made { facts, display: read(&mut from)?, thumb: read(&mut from)? };
    if holds(&made) { Ok(Ok(made)) } else { Err(wrong()) }
}

fn holds(Made { facts, display, thumb }: &Made) -> bool {
    let shown = if facts.moves { FileType::Gif } else { FileType::Jpeg };
    (1..=SIDE_MAX).contains(&facts.width)
        && (1..=SIDE_MAX).contains(&facts.height)
        && facts.taken_at.as_deref().is_none_or(super::taken::is_time)
        && FileType::of(display) == Some(shown)
        && FileType::of(thumb) == Some(FileType::Jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Made {
        let facts = Facts { kind: FileType::Png, width: 2, height: 3, moves: false, taken_at: None };
        Made { facts, display: b"\xff\xd8\xff\xe0".to_vec(), thumb: b"\xff\xd8\xff\xe0".to_vec() }
    }

    fn heard(said: Result<Made, Problem>) -> io::Result<Result<Made, Problem>> {
        let mut bytes = Vec::new();
        answer(&mut bytes, said).unwrap();
        answered(bytes.as_slice())
    }

    #[test]
    fn an_answer_is_heard_as_it_was_said() {
        let there = heard(Ok(made())).unwrap().unwrap();
        assert_eq!((there.facts, there.display), (made().facts, made().display));
        let too_large = Problem::limit(Code::PictureTooLarge, 5);
        assert_eq!(heard(Err(too_large.clone())).unwrap().err(), Some(too_large));
    }

    #[test]
    fn a_worker_that_was_taken_over_is_not_believed() {
        assert!(heard(Err(Code::NotPermitted.into())).is_err());
        let lies: [fn(&mut Made); 6] = [
            |it| it.facts.width = 0,
            |it| it.facts.height = 100_000,
            |it| it.facts.moves = true,
            |it| it.facts.taken_at = Some("<script>".into()),
            |it| it.display = b"<html>".to_vec(),
            |it| it.thumb = b"GIF89a".to_vec(),
        ];
        for lie in lies {
            let mut lying = made();
            lie(&mut lying);
            assert!(heard(Ok(lying)).is_err());
        }
        for broken in [b"".as_slice(), b"\xff\xff\xff\xff", b"\0\0\0\x04{}", b"\0\0\0\x02{}"] {
            assert!(answered(broken).is_err());
        }
    }
}
