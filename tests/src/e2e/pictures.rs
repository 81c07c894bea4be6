//! Photographs of the run: `tests/out/pictures`, and the folder that
//! `make pictures` names.

use std::fs;
use std::path::PathBuf;

use super::process::out_folder;

/// Keeps a PNG under this name. One of a failure stays out of the named folder.
///
/// # Panics
///
/// When it cannot be written.
pub fn keep_picture(name: &str, png: &[u8]) {
    let mut folders = vec![out_folder("pictures")];
    if !name.starts_with("failed") {
        folders.extend(std::env::var_os("FIELDLINE_PICTURES").map(PathBuf::from));
    }
    for folder in folders {
        fs::create_dir_all(&folder).expect("the pictures' folder can be made");
        fs::write(folder.join(format!("{name}.png")), png).expect("a picture can be written");
    }
}
