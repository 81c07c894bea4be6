//! Lists the customer chat page's files, so that the binary carries them: a page
//! that cannot be missing, or of another version than its server.

use std::path::Path;
use std::{env, fs};

fn main() {
    let page = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("set by Cargo")).join("page");
    println!("cargo::rerun-if-changed={}", page.display());
    let mut names: Vec<String> = fs::read_dir(&page)
        .expect("the page's folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| [".html", ".js", ".css", ".svg"].iter().any(|ending| name.ends_with(ending)))
        .collect();
    names.sort();
    let line = |name: &String| format!("    ({name:?}, include_str!({:?})),\n", page.join(name));
    let table: String = names.iter().map(line).collect();
    let to = Path::new(&env::var("OUT_DIR").expect("set by Cargo")).join("chat_page.rs");
    fs::write(to, format!("&[\n{table}]")).expect("the list can be written");
}
