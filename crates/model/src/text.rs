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
    let name: String = name.chars().filter(|c| !c.is_control() && !turns_direction(*c)).collect();
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
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !turns_direction(c);
    let two = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if two && email.len() <= 254 && email.chars().all(plain) { Ok(email) } else { Err(Code::BadName.into()) }
}

/// What a file is called when it is shown: no path, no controls, no turned
/// direction, at most 80 characters, and the ending its bytes deserve.
pub fn clean_file_name(name: &str, kind: FileType) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control() && !turns_direction(*c)).collect();
    let stem = match shown.rsplit_once('.') {
        Some((stem, _)) => stem,
        None => &shown,
    };
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(76).collect();
    let stem = if stem.is_empty() { "photo" } else { &stem };
    format!("{stem}.{}", kind.ending())
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
        assert_eq!(name("C:\\x\\CON.jpg"), "CON.jpg");
        assert_eq!(name("photo\u{202e}gpj.exe"), "photogpj.jpg");
        assert_eq!(name("\0\r\n"), "photo.jpg");
        assert_eq!(name(".htaccess"), "photo.jpg");
        assert!(name(&"x".repeat(5000)).len() <= 80);
    }

    #[test]
    fn a_phone_number_is_digits_and_a_name_is_one_line() {
        assert_eq!(clean_phone(" +47 (900) 12-345 ").unwrap(), "+4790012345");
        assert!(clean_phone("call me").is_err());
        assert!(clean_phone("12").is_err());
        assert_eq!(clean_name("  Rosa\u{202e}\nDíaz ").unwrap(), "RosaDíaz");
        assert!(clean_name(" \u{7} ").is_err());
        assert_eq!(clean_email(" Rosa@Example.org ").unwrap(), "rosa@example.org");
        assert!(clean_email("nowhere").is_err() && clean_email("@x").is_err());
    }
}
