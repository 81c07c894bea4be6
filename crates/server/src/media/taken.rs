//! When a picture was taken, as its camera wrote it down: a time apart from that of its
//! upload, which is the message's.

use exif::{In, Tag, Value};

/// `2026-03-02T09:15:00`, with `+01:00` behind it where the camera said how far from UTC
/// it was; of the Exif block of a picture.
pub fn taken_at(block: &[u8]) -> Option<String> {
    let exif = exif::Reader::new().read_raw(block.to_vec()).ok()?;
    let ascii = |tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => String::from_utf8(lines.first()?.clone()).ok(),
        _ => None,
    };
    let (date, time) = ascii(Tag::DateTimeOriginal)?
        .split_once(' ')
        .map(|(date, time)| (date.replace(':', "-"), time.trim_end_matches('\0').to_owned()))?;
    let offset = ascii(Tag::OffsetTimeOriginal).unwrap_or_default();
    let local = format!("{date}T{time}");
    [format!("{local}{}", offset.trim_end_matches('\0')), local].into_iter().find(|it| is_time(it))
}

/// Whether a text is such a time, and nothing else: what a camera wrote is shown to people.
pub fn is_time(text: &str) -> bool {
    match text.get(19..) {
        None => false,
        Some("") => text.parse::<jiff::civil::DateTime>().is_ok() && shaped(text, "0000-00-00T00:00:00"),
        Some(_) => text.parse::<jiff::Timestamp>().is_ok() && shaped(text, "0000-00-00T00:00:00+00:00"),
    }
}

/// Whether every digit of `shape` is a digit, and all else as it is there (`+` may be `-`).
fn shaped(text: &str, shape: &str) -> bool {
    let fits = |(it, like): (u8, u8)| match like {
        b'0' => it.is_ascii_digit(),
        b'+' => it == b'+' || it == b'-',
        other => it == other,
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_time_and_nothing_else() {
        for good in ["2026-03-02T09:15:00", "2026-03-02T09:15:00+01:00", "1999-12-31T23:59:59-11:30"] {
            assert!(is_time(good), "{good}");
        }
        let bad = ["", "2026-03-02", "2026-13-02T09:15:00", "2026-03-02T09:15:00Z", "0000-00-00T00:00:00"];
        let worse = ["2026-03-02T09:15:00+1:00", "2026-03-02T09:15:00 59.9", "å026-03-02T09:15:00"];
        for bad in bad.into_iter().chain(worse) {
            assert!(!is_time(bad), "{bad}");
        }
    }
}
