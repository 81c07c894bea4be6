//! One browser, several tabs: one engine between them, whichever tab is closed and
//! whichever build it is of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fieldline_model::BlobHash;
use fieldline_tests::e2e::{
    Account, Chromium, Device, Driver, Frame, Process, Screen, eventually, free_port, seconds, soon,
};
use serde_json::json;

use crate::stage::{folder, stage};

/// How many hold the engine's lock.
const HOLDERS: &str = "
    return navigator.locks.query().then(({ held }) =>
        held.filter((lock) => lock.name === 'fieldline').length);";

/// What the service worker keeps that is no file of the shell.
const STRANGE: &str = "
    return (async () => {
        const shell = /^\\/(|assets\\/[^\\/]+|[^\\/]+\\.(png|svg|webmanifest))$/;
        const kept = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
        const asked = (await Promise.all(kept.map((cache) => cache.keys()))).flat();
        return asked.map(({ url }) => new URL(url).pathname).filter((path) => !shell.test(path));
    })();";

/// The build of the engine that answers.
const BUILD: &str = "
    return new Promise((found) => {
        const channel = new BroadcastChannel('fieldline');
        channel.onmessage = ({ data }) => {
            if (data.say !== 'lead') return;
            channel.close();
            found(data.build);
        };
        channel.postMessage({ say: 'who' });
    });";

#[test]
fn tabs_share_one_engine_and_those_that_stay_go_on_without_the_ones_that_close() {
    let screen = stage().browser("tabs", Frame::Wide);
    screen.signs_in(Account::ANA);
    stage().house.writes("Tuva Moe", "The tap drips");
    screen.goes_to("picklist");
    screen.sees_row("Tuva Moe");
    let first = screen.driver().tab().unwrap();
    let address = screen.line().address();

    screen.driver().open_tab(&address).unwrap();
    screen.goes_to("picklist");
    screen.sees_row("Tuva Moe");
    one_tab_has_the_engine(&screen);
    screen.driver().close_tab(&first).unwrap();
    screen.opens("Tuva Moe");
    screen.taps("pick");
    screen.says("I am on my way");
    screen.sees_bubble("the answer sent", |bubble| bubble.text.contains("on my way") && bubble.is_sent());

    screen.driver().open_tab(&address).unwrap();
    screen.goes_to("conversations");
    screen.sees_row("Tuva Moe");
    let second = screen.driver().tab().unwrap();
    screen.driver().turn_to(&first).unwrap();
    one_tab_has_the_engine(&screen);
    screen.driver().close_tab(&second).unwrap();
    screen.opens("Tuva Moe");
    screen.says("Five minutes");
    screen
        .sees_bubble("the next one sent", |bubble| bubble.text.contains("Five minutes") && bubble.is_sent());
    shells(screen.driver(), 1);
    assert_eq!(screen.driver().run(STRANGE, &[]).unwrap(), json!([]));
}

#[track_caller]
fn one_tab_has_the_engine(screen: &Screen) {
    soon("one tab has the engine", || match screen.driver().run(HOLDERS, &[])? {
        holders if holders == 1 => Ok(()),
        holders => Err(format!("{holders} have")),
    });
}

#[test]
fn a_tab_of_a_newer_build_takes_the_engine_over_and_older_tabs_become_that_build() {
    let web = folder("web");
    publish(&web, 1_000);
    let (_server, port) = serve(&web);
    let address = format!("http://127.0.0.1:{port}");
    let browser = Chromium::start("tabs-builds", Frame::Wide, &folder("tabs-builds"), &address);
    let driver = browser.driver();
    leads(driver, 1_000);
    shells(driver, 1);
    driver.run("window.isOld = true", &[]).unwrap();
    let old = driver.tab().unwrap();

    publish(&web, 2_000);
    driver.open_window(&address).unwrap();
    shells(driver, 2);
    leads(driver, 1_000);
    driver.open(&address).unwrap();
    leads(driver, 2_000);

    driver.turn_to(&old).unwrap();
    assert_eq!(driver.run("return window.isOld", &[]).unwrap(), json!(true), "it is looked at, and stays");
    driver.minimize().unwrap();
    soon("the tab of the old build loads itself again", || {
        match driver.run("return window.isOld === undefined && document.readyState", &[])? {
            state if state == "complete" => Ok(()),
            state => Err(state.to_string()),
        }
    });
    leads(driver, 2_000);
}

#[track_caller]
fn leads(driver: &Driver, build: u64) {
    soon("the engine of the right build answers", || match driver.run(BUILD, &[])?.as_u64() {
        Some(found) if found == build => Ok(()),
        other => Err(format!("{other:?} does")),
    });
}

/// Waits until so many shells are kept, all whole: the last one is in charge.
#[track_caller]
fn shells(driver: &Driver, count: u64) {
    let script = "
        const registration = await navigator.serviceWorker.ready;
        if (registration.installing || registration.waiting) return 'one is on its way';
        return (await caches.keys()).length;";
    let script = format!("return (async () => {{{script}}})()");
    soon("the shell is kept", || match driver.run(&script, &[])? {
        kept if kept == count => Ok(()),
        kept => Err(kept.to_string()),
    });
}

/// What stands at the address of an environment variable, or where `make` puts it.
fn built(variable: &str, path: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in a folder");
    std::env::var_os(variable).map_or_else(|| root.join(path), PathBuf::from)
}

/// Puts the built web app into the folder as if it were this build: its number, and
/// the hashes that its service worker checks.
fn publish(web: &Path, build: u64) {
    let ui = built("FIELDLINE_UI", "ui/dist");
    copy(&ui, web);
    let scripts: Vec<PathBuf> = fs::read_dir(web.join("assets"))
        .expect("the app is built")
        .map(|entry| entry.expect("a folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "js"))
        .collect();
    let number = scripts.iter().find_map(|path| number_in(&fs::read_to_string(path).ok()?));
    let number = number.expect("the engine's script says its build");
    let mut worker = fs::read_to_string(web.join("sw.js")).expect("there is a service worker");
    for path in scripts {
        let before = fs::read_to_string(&path).expect("a script can be read");
        let after = before.replace(&number, &build.to_string());
        let hash = |text: &str| BlobHash::of(text.as_bytes()).as_str().to_owned();
        worker = worker.replace(&hash(&before), &hash(&after));
        fs::write(&path, after).expect("a script can be written");
    }
    let (head, tail) = worker.split_once("\"build\":\"").expect("the service worker says its build");
    let tail = tail.split_once('"').expect("a build's name ends").1;
    fs::write(web.join("sw.js"), format!("{head}\"build\":\"{build:016}\"{tail}"))
        .expect("it can be written");
}

fn number_in(script: &str) -> Option<String> {
    let (_, tail) = script.split_once("build:")?;
    let digits: String = tail.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the app is built") {
        let path = entry.expect("a folder can be read").path();
        let target = to.join(path.file_name().expect("a file has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

/// A server of its own, whose web app can be replaced while it runs.
fn serve(web: &Path) -> (Process, u16) {
    let program = built("FIELDLINE_SERVER", "target/debug/fieldline-server");
    let data = folder("builds");
    let mut init = Command::new(&program);
    init.args(["init", "--workspace", "Nordlys Repairs", "--admin", "Kari Vik", "--login", "kari", "--data"]);
    assert!(init.arg(&data).output().expect("the server can be started").status.success());
    let port = free_port();
    let mut command = Command::new(&program);
    command
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(&data)
        .arg("--web")
        .arg(web);
    let mut process = Process::start("builds-server", command);
    eventually("the server listens", seconds(20), || match process.has_ended() {
        Some(end) => Err(end),
        None => std::net::TcpStream::connect(("127.0.0.1", port)).map(drop).map_err(|e| e.to_string()),
    });
    (process, port)
}
