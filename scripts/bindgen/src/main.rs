//! Turns the compiled engine into what a web page imports:
//! `fieldline-bindgen <engine.wasm> <folder>` writes a module for
//! `import … from './fieldline_web.js'`, its types, and the stripped WebAssembly.

use wasm_bindgen_cli_support::Bindgen;

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(engine), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: fieldline-bindgen <engine.wasm> <folder>");
        std::process::exit(2);
    };
    let written = Bindgen::new()
        .input_path(engine)
        .out_name("fieldline_web")
        .typescript(true)
        // A quarter of the file, and nothing but a developer's tools reads them.
        .remove_name_section(true)
        .remove_producers_section(true)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder));
    if let Err(error) = written {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}
