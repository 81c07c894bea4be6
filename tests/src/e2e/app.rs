//! The built app in a display of its own, driven through its webview's WebDriver.
//!
//! The display is never the person's own: keys are typed into whatever dialog has
//! the focus there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::bus::Bus;
use super::driver::Driver;
use super::process::{Process, built, free_port, tool};
use super::screen::Device;
use super::wait::{eventually, seconds, soon};

/// A display without a screen, 1280 × 900.
pub struct Display {
    name: String,
    _server: Process,
}

impl Display {
    /// Starts one under a number that it finds free itself.
    pub fn start() -> Arc<Self> {
        let mut command = Command::new(tool(&["Xvfb"]));
        command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
        let mut server = Process::start("display", command);
        let number = soon("the display says its number", || match server.has_ended() {
            Some(end) => Err(end),
            None => {
                server.said().lines().find_map(|line| line.trim().parse::<u32>().ok()).ok_or("not yet".into())
            }
        });
        Arc::new(Self { name: format!(":{number}"), _server: server })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(tool(&[program]));
        command.env("DISPLAY", &self.name);
        command
    }

    /// What xdotool answers.
    fn xdo(&self, words: &[&str]) -> Result<String, String> {
        let done = self.command("xdotool").args(words).output().map_err(|error| error.to_string())?;
        if done.status.success() {
            Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
        } else {
            Err(format!("xdotool {}: {}", words.join(" "), String::from_utf8_lossy(&done.stderr).trim()))
        }
    }

    /// Nobody looks at any of its windows: none has the focus, until one is given it. A
    /// window below the pointer has it together with the root.
    pub fn looks_away(&self) {
        soon("nothing has the focus", || {
            self.xdo(&["mousemove", "--sync", "640", "880"])?;
            let root = self.xdo(&["search", "--maxdepth", "0", "--class", ".*"])?;
            self.xdo(&["windowfocus", root.lines().next().ok_or("the display has no root")?])
        });
    }

    /// Another program of this display has copied a PNG: it is on the clipboard while that runs.
    pub fn copies(&self, picture: &Path) -> Process {
        let clipboard = ["-selection", "clipboard"];
        let mut owner = self.command("xclip");
        owner.arg("-quiet").args(clipboard).args(["-t", "image/png", "-i"]).arg(picture);
        let owner = Process::start("clipboard", owner);
        soon("a picture is on the clipboard", || {
            let asked = self.command("xclip").args(clipboard).args(["-o", "-t", "TARGETS"]).output();
            match String::from_utf8_lossy(&asked.map_err(|error| error.to_string())?.stdout) {
                kinds if kinds.contains("image/png") => Ok(()),
                kinds => Err(format!("there is {kinds}")),
            }
        });
        owner
    }

    /// The upper left part of the display, as a PNG.
    fn photograph(&self, (width, height): (u32, u32)) -> Vec<u8> {
        let part = format!("{width}x{height}+0+0");
        let mut import = self.command("import");
        import.args(["-window", "root", "-crop", &part, "+repage", "png:-"]);
        let done = import.output().expect("import runs");
        assert!(done.status.success(), "the display cannot be photographed: {:?}", done.stderr);
        done.stdout
    }
}

/// What an app finds on its machine.
pub struct Around {
    /// Its session bus, and its system bus.
    pub bus: Bus,
    /// A demo's sign-in, handed over in a file.
    pub demo: Option<PathBuf>,
    /// Whether it has a camera: a made-up one, since a machine that runs tests has none.
    pub camera: bool,
}

/// One person's app with its profile folder.
pub struct App {
    display: Arc<Display>,
    name: String,
    home: PathBuf,
    around: Around,
    size: (u32, u32),
    running: Option<Running>,
}

struct Running {
    driver: Driver,
    window: String,
    processes: Process,
}

impl App {
    /// Starts it on an empty profile below `folder`.
    pub fn start(name: &str, display: &Arc<Display>, folder: &Path) -> Self {
        let around = Around { bus: Bus::start(name, folder), demo: None, camera: false };
        Self::start_among(name, display, folder, around)
    }

    /// The same, among things that a story put there.
    pub fn start_among(name: &str, display: &Arc<Display>, folder: &Path, around: Around) -> Self {
        let home = folder.join(name);
        fs::create_dir_all(&home).expect("the app's folder can be made");
        let mut app = Self {
            display: Arc::clone(display),
            name: name.to_owned(),
            home,
            around,
            size: (1280, 800),
            running: None,
        };
        app.start_again();
        app
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the app runs")
    }

    /// Makes its window so wide and high.
    pub fn resize(&mut self, width: u32, height: u32) {
        self.size = (width, height);
        fit(&self.display, &self.running().window, self.size);
    }

    /// What starts the driver that starts the app: buses of its own, and no folder of
    /// the person who runs the tests.
    fn command(&self, port: u16) -> Command {
        let mut command = self.display.command("tauri-driver");
        command.arg("--port").arg(port.to_string()).arg("--native-port").arg(free_port().to_string());
        command.arg("--native-driver").arg(tool(&["WebKitWebDriver"]));
        command.env("FIELDLINE_HOME", self.home.join("profile")).env("HOME", &self.home);
        command.env("GDK_BACKEND", "x11").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("NO_AT_BRIDGE", "1");
        for bus in ["DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"] {
            command.env(bus, self.around.bus.address());
        }
        for unset in
            ["WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "FIELDLINE_DEMO", "FIELDLINE_TEST_CAMERA"]
        {
            command.env_remove(unset);
        }
        if self.around.camera {
            command.env("FIELDLINE_TEST_CAMERA", "1");
        }
        if let Some(file) = &self.around.demo {
            command.env("FIELDLINE_DEMO", file);
        }
        command
    }

    /// The system's file dialog, which is opening.
    fn file_dialog(&self) -> String {
        let (display, own) = (&self.display, &self.running().window);
        let dialog = soon("the file dialog opens", || {
            let windows = display.xdo(&["search", "--onlyvisible", "--class", "fieldline"])?;
            windows
                .lines()
                .find(|id| id != own)
                .map(str::to_owned)
                .ok_or_else(|| "only the app's window".into())
        });
        soon("the dialog takes keys", || display.xdo(&["windowfocus", "--sync", &dialog]));
        dialog
    }

    fn press_in(&self, dialog: &str, key: &str) {
        soon("the dialog takes keys", || self.display.xdo(&["windowfocus", "--sync", dialog]));
        self.display.xdo(&["key", "--clearmodifiers", key]).expect("the dialog takes a key");
    }

    /// Types a path into the dialog; its first letter opens the field for it.
    fn types_path(&self, dialog: &str, path: &Path) {
        self.press_in(dialog, "ctrl+a");
        let path = path.to_str().expect("a plain path");
        self.display.xdo(&["type", "--delay", "8", path]).expect("the path is typed");
    }

    /// Does all of it, with Return at its end, until the dialog is closed: one that just
    /// opened loses keys. A press too many would go to whatever has the focus in the app.
    fn ends(&self, dialog: &str, act: impl Fn()) {
        let display = &self.display;
        let mut acted: Option<Instant> = None;
        eventually("the file dialog closes", seconds(40), || {
            match display.xdo(&["search", "--onlyvisible", "--class", "fieldline"]) {
                Ok(windows) if windows.lines().any(|id| id == dialog) => {}
                _ => return Ok(()),
            }
            if acted.is_none_or(|at| at.elapsed() > seconds(5)) {
                act();
                display.xdo(&["key", "Return"])?;
                acted = Some(Instant::now());
            }
            Err("it is still there".to_owned())
        });
    }
}

fn fit(display: &Display, window: &str, (width, height): (u32, u32)) {
    let (width, height) = (width.to_string(), height.to_string());
    soon("the window is where it is photographed", || {
        display.xdo(&["windowmove", "--sync", window, "0", "0"])?;
        display.xdo(&["windowsize", "--sync", window, &width, &height])
    });
}

impl Device for App {
    fn name(&self) -> &str {
        &self.name
    }

    fn driver(&self) -> &Driver {
        &self.running().driver
    }

    fn kill(&mut self) {
        self.running.take().expect("the app runs").processes.kill();
    }

    fn start_again(&mut self) {
        let port = free_port();
        let app = built("FIELDLINE_APP", "target/debug/fieldline");
        let wanted = json!({ "tauri:options": { "application": app } });
        let mut processes = Process::start(&self.name, self.command(port));
        let driver = eventually("the app opens its window", seconds(40), || match processes.has_ended() {
            Some(end) => Err(end),
            None => Driver::begin(port, &wanted),
        });
        let window = soon("the app has a window", || {
            let windows = self.display.xdo(&["search", "--onlyvisible", "--name", "Fieldline"])?;
            windows.lines().last().map(str::to_owned).ok_or_else(|| "none".into())
        });
        fit(&self.display, &window, self.size);
        self.running = Some(Running { driver, window, processes });
    }

    fn choose_from_gallery(&self, photos: &[&Path]) {
        let dialog = self.file_dialog();
        if let [photo] = photos {
            return self.ends(&dialog, || self.types_path(&dialog, photo));
        }
        // Several have no path to be typed: they lie on the desktop, and all there is is marked.
        let desktop = self.home.join("Desktop");
        let _ = fs::remove_dir_all(&desktop);
        fs::create_dir(&desktop).expect("the desktop can be made");
        for photo in photos {
            let name = photo.file_name().expect("a file");
            fs::copy(photo, desktop.join(name)).expect("a photo can be copied");
        }
        self.press_in(&dialog, "alt+d");
        self.ends(&dialog, || self.press_in(&dialog, "ctrl+a"));
    }

    fn name_file(&self, file: &Path) {
        self.choose_from_gallery(&[file]);
    }

    fn close_picker(&self) {
        let dialog = self.file_dialog();
        soon("the file dialog closes", || {
            self.display.xdo(&["windowfocus", "--sync", &dialog])?;
            self.display.xdo(&["key", "Escape"])?;
            match self.display.xdo(&["search", "--onlyvisible", "--class", "fieldline"])?.contains(&dialog) {
                true => Err("it is still there".to_owned()),
                false => Ok(()),
            }
        });
    }

    fn photograph(&self) -> Vec<u8> {
        self.display.photograph(self.size)
    }
}
