//! Declares the shell's commands, so that capability files name each of them,
//! and embeds the built interface. Whatever this script reads, it watches.

use std::path::Path;

use tauri_build::{AppManifest, Attributes, CodegenContext};

include!("src/command_list.rs");

macro_rules! names {
    ($($command:ident),* $(,)?) => { &[$(stringify!($command)),*] };
}

const COMMANDS: &[&str] = command_list!(names);
const INTERFACE: &str = "../ui/dist";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/command_list.rs");
    println!("cargo:rerun-if-changed=../capabilities");
    println!("cargo:rerun-if-changed={INTERFACE}");
    allow_checking_without_interface();
    let attributes = Attributes::new()
        .capabilities_path_pattern("../capabilities/**/*")
        .app_manifest(AppManifest::new().commands(COMMANDS))
        .codegen(CodegenContext::new());
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}

/// A check or a test of the Rust alone needs no built interface. An app that is
/// to be released does: there a missing folder stays an error.
fn allow_checking_without_interface() {
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release || Path::new(INTERFACE).exists() {
        return;
    }
    println!("cargo:warning=ui/dist is missing, so the window will be empty: say `make ui` first");
    std::fs::create_dir_all(INTERFACE).expect("ui/dist can be made");
}
