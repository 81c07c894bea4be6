//! What a file is called.

use crate::Property;
use fieldline_model::FileType;
use fieldline_model::text::{FILE_NAME_MAX_BYTES, FILE_NAME_MAX_CHARS, clean_file_name, clean_name};

/// The property.
pub const IT: Property = Property { name: "names", holds, seeds };

/// What no name may have in it: what ends or leads out of one on some system, and what turns,
/// breaks or ends the line it is shown in.
fn is_trick(c: char) -> bool {
    let turns =
        ['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}'];
    let isolates = ['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
    let breaks = ['\u{2028}', '\u{2029}'];
    "/\\<>:\"|?*".contains(c) || c.is_control() || [&turns[..], &isolates, &breaks].concat().contains(&c)
}

const DEVICES: [&str; 24] = [
    "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Whatever a file is called, its name is short, plain, no path and no device, ends as its bytes
/// deserve, and is not changed by being cleaned again; a person's name is one plain line.
fn holds(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    for kind in FileType::ALL {
        let name = clean_file_name(&said, kind);
        assert!(!name.chars().any(is_trick), "{name:?}");
        assert!(name.len() <= FILE_NAME_MAX_BYTES && name.chars().count() <= FILE_NAME_MAX_CHARS, "{name:?}");
        let stem = name.strip_suffix(&format!(".{}", kind.ending())).expect("its ending");
        assert!(!stem.is_empty() && stem.trim_matches(['.', ' ']) == stem, "{name:?}");
        let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
        assert!(!DEVICES.contains(&first.as_str()), "{name:?} is a device");
        assert_eq!(clean_file_name(&name, kind), name, "it stays as it is");
    }
    if let Ok(name) = clean_name(&said) {
        assert!(!name.is_empty() && name.chars().count() <= 120 && name.trim() == name);
        let line = |c: char| c.is_control() || (is_trick(c) && !c.is_ascii());
        assert!(!name.chars().any(line), "{name:?}");
        assert_eq!(clean_name(&name), Ok(name));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let names = [
        "../../x.jpg",
        "C:\\x\\CON.jpg",
        "photo\u{202e}gpj.exe",
        "\"><svg onload=alert(1)>.svg",
        " .trailing. ",
        "a\u{2028}b\r\n\0",
        "com1 .tar.gz",
        "写真 😀 é.heic",
    ];
    let long = ["x".repeat(300), "写".repeat(90), format!("{}.{}", "a ".repeat(60), "b".repeat(20))];
    names.map(str::to_owned).into_iter().chain(long).map(String::into_bytes).collect()
}
