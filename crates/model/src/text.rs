//! Bounds and cleaning of what people type and of what files are called.

use crate::code::{Code, Problem};
use crate::media::FileType;
use crate::policy::TEXT_MAX_CHARS;

/// Controls that turn the reading direction of what follows them: U+202A–U+202E,
/// U+2066–U+2069, and the marks U+200E, U+200F, U+061C. In a file name they make
/// `photo_gpj.exe` read as a picture (Unicode Technical Report 36, §2.5).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

/// Whether a character may stand in one plain line: it is no control, ends no line and turns
/// nothing around.
fn is_plain(c: char) -> bool {
    !c.is_control() && !turns_direction(c) && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// Refuses a message text over [`TEXT_MAX_CHARS`]; it is otherwise kept exactly.
pub fn check_text(text: &str) -> Result<(), Problem> {
    // Bytes bound characters, so a megabyte is refused without being counted.
    if text.len() > TEXT_MAX_CHARS * 4 || text.chars().count() > TEXT_MAX_CHARS {
        return Err(Problem::limit(Code::TextTooLong, TEXT_MAX_CHARS as u64));
    }
    Ok(())
}

/// A shown name of a person or customer: trimmed, one line, 1 to 120 characters.
pub fn clean_name(name: &str) -> Result<String, Problem> {
    let name: String = name.chars().filter(|c| is_plain(*c)).collect();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 120 {
        return Err(Code::BadName.into());
    }
    Ok(name.to_owned())
}

/// A phone number as digits with an optional leading plus: 4 to 20 digits
/// (E.164 allows 15; some switchboards add an extension).
pub fn clean_phone(phone: &str) -> Result<String, Problem> {
    let phone = phone.trim();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let other = phone.chars().any(|c| !(c.is_ascii_digit() || " +-().".contains(c)));
    if other || !(4..=20).contains(&digits.len()) {
        return Err(Code::BadName.into());
    }
    Ok(if phone.starts_with('+') { format!("+{digits}") } else { digits })
}

/// An e-mail address as it is kept: trimmed, lower-cased, at most 254 characters with an @
/// between two parts (RFC 5321 §4.5.3.1.3 bounds the length; no more is told from its shape).
pub fn clean_email(email: &str) -> Result<String, Problem> {
    let email = email.trim().to_lowercase();
    let plain = |c: char| !c.is_whitespace() && is_plain(c);
    let two = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if two && email.len() <= 254 && email.chars().all(plain) { Ok(email) } else { Err(Code::BadName.into()) }
}

/// The most bytes of a file's name: file systems take 255, and whoever saves it may add some.
pub const FILE_NAME_MAX_BYTES: usize = 200;
/// The most characters of a file's name.
pub const FILE_NAME_MAX_CHARS: usize = 80;

/// What a file is called, shown and saved: no path, no controls, no turned direction, nothing
/// that a file system refuses or takes for something else, at most [`FILE_NAME_MAX_CHARS`] and
/// [`FILE_NAME_MAX_BYTES`], and the ending its bytes deserve.
pub fn clean_file_name(name: &str, kind: FileType) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = last.chars().filter(|c| is_plain(*c));
    let shown: String = plain.map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let stem = shown.rsplit_once('.').map_or(shown.as_str(), |(stem, _)| stem);
    let edge = |c: char| c == '.' || c.is_whitespace();
    let room = kind.ending().len() + 1;
    let mut stem = cut(stem.trim_matches(edge), room).to_owned();
    if is_device(&stem) {
        stem = format!("_{}", cut(&stem, room + 1));
    }
    match stem.trim_end_matches(edge) {
        "" => format!("photo.{}", kind.ending()),
        stem => format!("{stem}.{}", kind.ending()),
    }
}

/// As much of a name as leaves `room` bytes for what follows it.
fn cut(name: &str, room: usize) -> &str {
    let fits = |(at, c): &(usize, char)| at + c.len_utf8() + room <= FILE_NAME_MAX_BYTES;
    let chars = name.char_indices().take(FILE_NAME_MAX_CHARS - room).take_while(fits);
    &name[..chars.last().map_or(0, |(at, c)| at + c.len_utf8())]
}

/// Whether Windows takes it for a device, with whatever ending.
fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let port = first.strip_prefix("COM").or(first.strip_prefix("LPT"));
    let number = |it: &str| it.chars().count() == 1 && it.contains(|c| "0123456789¹²³".contains(c));
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&first.as_str()) || port.is_some_and(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_of_text_is_refused_and_ten_thousand_letters_are_not() {
        assert!(check_text(&"é".repeat(TEXT_MAX_CHARS)).is_ok());
        assert!(check_text(&"é".repeat(TEXT_MAX_CHARS + 1)).is_err());
        assert_eq!(check_text(&"a".repeat(1 << 20)).unwrap_err().code, Code::TextTooLong);
    }

    #[test]
    fn a_file_name_is_never_a_path_nor_turned_around() {
        let name = |n: &str| clean_file_name(n, FileType::Jpeg);
        assert_eq!(name("../../x"), "x.jpg");
        assert_eq!(name("C:\\x\\a.jpg"), "a.jpg");
        assert_eq!(name("photo\u{202e}gpj.exe"), "photogpj.jpg");
        assert_eq!(name("\0\r\n"), "photo.jpg");
        assert_eq!(name(".htaccess"), "photo.jpg");
        assert_eq!(name("a\u{2028}b\u{2029}"), "ab.jpg");
    }

    /// FB7: the file is kept by people, on systems of every kind.
    #[test]
    fn a_file_name_is_one_that_every_system_keeps() {
        let name = |n: &str| clean_file_name(n, FileType::Heic);
        let devices = [("CON.jpg", "_CON.heic"), ("aux", "_aux.heic"), ("Com1.tar.gz", "_Com1.tar.heic")];
        let more =
            [("lpt³ .x.y", "_lpt³ .x.heic"), ("nul .jpg", "_nul.heic"), ("CONOUT$.a.b", "_CONOUT$.a.heic")];
        for (device, safe) in devices.into_iter().chain(more) {
            assert_eq!(name(device), safe);
        }
        assert_eq!(name(&format!("con{}x", " ".repeat(80))), "_con.heic", "one by being cut");
        for plain in ["CONTRACT", "com", "COM10", "_CON", "Gear"] {
            assert_eq!(name(plain), format!("{plain}.heic"));
        }
        assert_eq!(name("12:30 <a|b>?*\".jpg"), "12_30 _a_b____.heic");
        for letter in ["x", "é", "写", "😀", "x ."] {
            let long = name(&letter.repeat(5000));
            assert!(
                long.chars().count() <= FILE_NAME_MAX_CHARS && long.len() <= FILE_NAME_MAX_BYTES,
                "{long}"
            );
            assert!(long.len() > 70 && !long.contains(" .heic"), "{long}");
        }
    }

    #[test]
    fn a_phone_number_is_digits_and_a_name_is_one_line() {
        assert_eq!(clean_phone(" +47 (900) 12-345 ").unwrap(), "+4790012345");
        assert!(clean_phone("call me").is_err());
        assert!(clean_phone("12").is_err());
        assert_eq!(clean_name("  Rosa\u{202e}\nDíaz\u{2028} ").unwrap(), "RosaDíaz");
        assert!(clean_name(" \u{7} ").is_err());
        assert_eq!(clean_email(" Rosa@Example.org ").unwrap(), "rosa@example.org");
        assert!(clean_email("nowhere").is_err() && clean_email("@x").is_err());
    }
}
