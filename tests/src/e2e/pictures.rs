//! Photographs of the run: all of them in `tests/out/pictures`, the published ones
//! also in the folder that `make pictures` names.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::process::{out_folder, tool};

/// Keeps a PNG under this name, as evidence of this run.
///
/// # Panics
///
/// When it cannot be written.
pub fn keep_picture(name: &str, png: &[u8]) {
    let file = out_folder("pictures").join(format!("{name}.png"));
    fs::write(file, png).expect("a picture can be written");
}

/// Keeps a PNG that the documentation shows: there with fewer colours, so that a
/// walk through every screen stays small beside the sources.
///
/// # Panics
///
/// When it cannot be written.
pub fn publish_picture(name: &str, png: &[u8]) {
    keep_picture(name, png);
    let Some(folder) = std::env::var_os("FIELDLINE_PICTURES") else { return };
    let kept = out_folder("pictures").join(format!("{name}.png"));
    let small = PathBuf::from(folder).join(format!("{name}.png"));
    fs::create_dir_all(small.parent().expect("a folder")).expect("the pictures' folder can be made");
    let mut convert = Command::new(tool(&["convert"]));
    convert.arg(kept).args(["-strip", "-dither", "FloydSteinberg", "-colors", "256"]);
    let done = convert.arg(format!("png8:{}", small.display())).status().expect("convert runs");
    assert!(done.success(), "{name} cannot be made smaller");
}
