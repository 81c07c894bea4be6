//! The web app in Chromium: a browser with a profile of its own, wide or as a phone
//! with a touch screen.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::driver::Driver;
use super::hand::Hand;
use super::process::{Process, free_port, tool};
use super::screen::Device;
use super::wait::{eventually, seconds};

/// A browser that shows no window, asks nobody and calls nobody; its camera is a
/// moving picture of its own.
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--hide-scrollbars",
    "--lang=en",
    "--window-size=1280,800",
    "--use-fake-device-for-media-stream",
];

/// What kind of machine the browser seems to run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// 1280 × 800, a mouse.
    Wide,
    /// As wide, a keyboard alone.
    Keys,
    /// 390 × 844, fingers.
    Phone,
}

/// One person's browser with its profile folder.
pub struct Chromium {
    name: String,
    profile: PathBuf,
    frame: Frame,
    address: String,
    running: Option<(Driver, Process)>,
}

impl Chromium {
    /// Starts it on an empty profile below `folder` and opens the address.
    pub fn start(name: &str, frame: Frame, folder: &Path, address: &str) -> Self {
        let profile = folder.join(name);
        fs::create_dir_all(&profile).expect("the browser's folder can be made");
        let mut browser =
            Self { name: name.to_owned(), profile, frame, address: address.to_owned(), running: None };
        browser.start_again();
        browser
    }

    /// What it opens from now on, also when it is started again.
    pub fn opens(&mut self, address: &str) {
        address.clone_into(&mut self.address);
        self.driver().open(address).expect("the browser opens an address");
    }

    /// Stands at this place from now on, and lets pages know it.
    pub fn stands_at(&self, latitude: f64, longitude: f64) {
        let place = json!({ "latitude": latitude, "longitude": longitude, "accuracy": 12 });
        let allowed = json!({ "permissions": ["geolocation"] });
        let driver = self.driver();
        driver.devtools("Browser.grantPermissions", allowed).expect("a permission can be granted");
        driver.devtools("Emulation.setGeolocationOverride", place).expect("a place can be set");
    }

    fn capabilities(&self) -> Value {
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
        flags.push(format!("--user-data-dir={}", self.profile.display()));
        let mut options = json!({
            "binary": tool(&["chromium", "chromium-browser", "google-chrome"]),
            "args": flags,
        });
        if self.frame == Frame::Phone {
            let metrics =
                json!({ "width": 390, "height": 844, "pixelRatio": 2, "touch": true, "mobile": true });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        })
    }
}

impl Device for Chromium {
    fn name(&self) -> &str {
        &self.name
    }

    fn driver(&self) -> &Driver {
        &self.running.as_ref().expect("the browser runs").0
    }

    fn kill(&mut self) {
        self.running.take().expect("the browser runs").1.kill();
    }

    fn start_again(&mut self) {
        let port = free_port();
        let mut command = Command::new(tool(&["chromedriver"]));
        command.arg(format!("--port={port}"));
        let mut processes = Process::start(&self.name, command);
        let wanted = self.capabilities();
        let driver = eventually("the browser starts", seconds(30), || match processes.has_ended() {
            Some(end) => Err(end),
            None => Driver::begin(port, &wanted),
        });
        if self.frame != Frame::Phone {
            // The window's size counts a frame that is not there.
            let size = json!({ "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false });
            driver.devtools("Emulation.setDeviceMetricsOverride", size).expect("a size can be set");
        }
        self.running = Some((driver, processes));
        eventually("the browser opens the address", seconds(20), || self.driver().open(&self.address));
    }

    fn keeps_sign_in(&self) -> Result<(), String> {
        let cookies = fs::read(self.profile.join("Default/Cookies")).unwrap_or_default();
        let name = b"__Host-fieldline";
        let kept = cookies.windows(name.len()).any(|part| part == name);
        if kept { Ok(()) } else { Err("its cookie is only in memory".to_owned()) }
    }

    fn hand(&self) -> Hand {
        match self.frame {
            Frame::Wide => Hand::Mouse,
            Frame::Keys => Hand::Keys,
            Frame::Phone => Hand::Finger,
        }
    }

    fn choose_from_gallery(&self, photos: &[&Path]) {
        let driver = self.driver();
        let paths: Vec<_> = photos.iter().map(|path| path.to_str().expect("a plain path")).collect();
        let paths = paths.join("\n");
        let chosen =
            driver.find("[data-testid=gallery-input]").and_then(|input| driver.press(&input, &paths));
        chosen.expect("the gallery's file box takes a file");
    }

    fn keep_files_in(&self, folder: &Path) {
        let kept = json!({ "behavior": "allow", "downloadPath": folder });
        self.driver().devtools("Browser.setDownloadBehavior", kept).expect("downloads can be allowed");
    }

    fn photograph(&self) -> Vec<u8> {
        self.driver().picture().expect("the browser can be photographed")
    }
}
