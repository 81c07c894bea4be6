//! Scrolling in Chromium: a list of 10,000 rows and a thread of 50,000 messages, a frame
//! at a time; and a search among 10,000 contacts, a key at a time. What counts is the longest task that the browser itself reports (its
//! performance entries of type `longtask`, which are those over 50 ms), and how many
//! elements the page has at most.
//!
//! The page is the app as it is built, before the gallery's made-up workspace in the
//! place of the core: in a browser the core runs in a worker of its own, and its cost is
//! measured by the part `device`. What the made-up one costs here counts against the page.

use super::Bench;
use super::figure::{Bound, Rounds};
use axum::Router;
use axum::extract::Path as Asked;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use fieldline_tests::e2e::{Chromium, Device, Frame};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A task that is longer is noticed by who scrolls.
const LONG_MS: f64 = 50.0;
const ROUNDS: usize = 3;
/// At 600 pixels a frame: 36,000 a second, some forty screens.
const FRAMES: u32 = 600;
/// What a page may take to be shown, and to be scrolled.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is scrolled: the scene, its element, and by how many pixels a frame.
const PAGES: [(&str, &str, &str, i32); 2] = [
    ("longest task, a list of 10,000 scrolled / 50 ms", "history-10000", ".rows", 600),
    ("longest task, a thread of 50,000 scrolled / 50 ms", "thread-50000", ".thread .pane", -600),
];

/// Scrolls, and keeps what was seen in `scrolled`.
const SCROLL: &str = "
    const [css, by, frames] = arguments;
    const pane = document.querySelector(css);
    const seen = { tasks: [], nodes: 0, pixels: 0 };
    const observer = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((it) => it.duration)));
    observer.observe({ type: 'longtask' });
    let left = frames;
    window.scrolled = null;
    const step = () => {
        seen.nodes = Math.max(seen.nodes, document.querySelectorAll('*').length);
        const before = pane.scrollTop;
        pane.scrollTop += by;
        seen.pixels += Math.abs(pane.scrollTop - before);
        left -= 1;
        if (left > 0) requestAnimationFrame(step);
        else setTimeout(() => { observer.disconnect(); window.scrolled = seen; }, 300);
    };
    requestAnimationFrame(step);";

/// Watches until `window.watched.end` is called, which says what was seen.
const WATCH: &str = "
    const seen = { tasks: [], nodes: 0 };
    const observer = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((it) => it.duration)));
    observer.observe({ type: 'longtask' });
    window.watched = null;
    const look = () => {
        seen.nodes = Math.max(seen.nodes, document.querySelectorAll('*').length);
        if (!window.watched) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    window.endWatch = () => setTimeout(() => { observer.disconnect(); window.watched = seen; }, 300);
    document.querySelector('[data-testid=picker-search]').focus();";

/// Typed into the search of the contact list, and taken away again.
const TYPED: &str = "customer 0042";
const BACKSPACE: char = '\u{E003}';

/// Measures and notes the figures.
pub fn measure(bench: &mut Bench) {
    let built = build(&bench.target);
    let address = bench.servers.block_on(serve(built));
    for (what, scene, css, by) in PAGES {
        watch(bench, &address, (what, scene), |browser| {
            browser.driver().run(SCROLL, &[json!(css), json!(by), json!(FRAMES)]).expect("it scrolls");
            let seen = wait(browser, "return window.scrolled");
            let pixels = seen["pixels"].as_f64().unwrap_or_default();
            assert!(pixels > f64::from(FRAMES * by.unsigned_abs()) / 4.0, "{scene} stood still: {seen}");
            seen
        });
    }
    let what = "longest task, 10,000 contacts searched key by key / 50 ms";
    watch(bench, &address, (what, "picker"), |browser| {
        let driver = browser.driver();
        driver.run(WATCH, &[]).expect("it watches");
        let away = std::iter::repeat_n(BACKSPACE, TYPED.len());
        for key in TYPED.chars().chain(away).chain(TYPED.chars()) {
            driver.key(key).expect("a key is pressed");
        }
        driver.run("endWatch()", &[]).expect("it ends");
        let found = driver.run("return document.querySelectorAll('[data-testid=contact]').length", &[]);
        assert!((1..20).contains(&found.expect("it is read").as_u64().unwrap_or(0)), "nothing is searched");
        wait(browser, "return window.watched")
    });
}

/// Opens a scene a few times, and notes the longest task while something is done with it.
fn watch(
    bench: &mut Bench,
    address: &str,
    (what, scene): (&'static str, &'static str),
    mut act: impl FnMut(&Chromium) -> Value,
) {
    let folder = bench.folder();
    let (mut longest, mut count, mut nodes) = (0.0_f64, 0, 0);
    for round in 0..ROUNDS {
        let address = format!("{address}/gallery.html?scene={scene}");
        let browser =
            Chromium::start(&format!("scroll-{scene}-{round}"), Frame::Wide, folder.path(), &address);
        wait(&browser, "return document.documentElement.dataset.shown ?? null");
        let seen = act(&browser);
        let tasks: Vec<f64> =
            seen["tasks"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        count += tasks.len();
        longest = tasks.into_iter().fold(longest, f64::max);
        nodes = nodes.max(seen["nodes"].as_u64().unwrap_or_default());
    }
    bench.sheet.figure(what, Bound::AtMost(1.0), &Rounds { unit: "ms", ours: &[longest], floor: &[LONG_MS] });
    bench.sheet.fact(scene, format!("{count} tasks over 50 ms in {ROUNDS} rounds, at most {nodes} elements"));
}

/// What the script says as soon as it says anything.
fn wait(browser: &Chromium, script: &str) -> Value {
    let began = Instant::now();
    loop {
        let said = browser.driver().run(script, &[]).expect("the page answers");
        if !said.is_null() {
            return said;
        }
        assert!(began.elapsed() < PATIENCE, "the page never said {script}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Builds app and gallery. Gives the folder they are in.
fn build(target: &Path) -> PathBuf {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui");
    let built = target.join("gallery");
    let mut vite = Command::new(ui.join("node_modules/.bin/vite"));
    vite.current_dir(&ui).args(["build", "--config", "vite.gallery.config.ts", "--logLevel", "error"]);
    let done = vite.arg("--outDir").arg(&built).arg("--emptyOutDir").status();
    assert!(done.expect("vite is there: `make setup` installs it").success(), "the gallery builds");
    built
}

/// Serves the files of a folder. Gives its address.
async fn serve(folder: PathBuf) -> String {
    let file = move |Asked(path): Asked<String>| {
        let file = folder.join(&path);
        async move {
            let kind = match file.extension().and_then(|ending| ending.to_str()) {
                Some("html") => "text/html",
                Some("js") => "text/javascript",
                Some("css") => "text/css",
                Some("svg") => "image/svg+xml",
                Some("json") => "application/json",
                _ => "application/octet-stream",
            };
            match std::fs::read(file) {
                Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            }
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let app = Router::new().route("/{*path}", get(file));
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}
