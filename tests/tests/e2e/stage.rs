//! What all stories share: one server, one display, the photos to choose from.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use fieldline_tests::e2e::{Account, App, Around, Bus, Chromium, Display, Fixtures, Frame, House, Screen};

/// Where a story runs.
pub struct Stage {
    /// The server.
    pub house: House,
    /// Where the app's windows are.
    pub display: Arc<Display>,
    /// Files to choose from.
    pub fixtures: Fixtures,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let house = House::open(&folder("house"), &[Account::ANA, Account::BO]);
    Stage { house, display: Display::start(), fixtures: Fixtures::draw(&folder("fixtures")) }
});

/// The stage of this run, set when the first story asks for it.
pub fn stage() -> &'static Stage {
    &STAGE
}

/// A folder of this run that nobody else has; what earlier runs left goes first.
pub fn folder(name: &str) -> PathBuf {
    static RUN: LazyLock<PathBuf> = LazyLock::new(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e");
        for left in fs::read_dir(&all).into_iter().flatten().flatten() {
            if !Path::new("/proc").join(left.file_name()).exists() {
                let _ = fs::remove_dir_all(left.path());
            }
        }
        all.join(std::process::id().to_string())
    });
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let folder = RUN.join(format!("{}-{name}", NEXT.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir_all(&folder).expect("the run's folder can be made");
    folder
}

/// The three ways to hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A phone in the hand: narrow, fingers.
    Phone,
    /// A wide browser and a keyboard alone.
    Keys,
    /// The built app, wide, on a desktop.
    App,
}

impl Held {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Keys, Self::App];
}

/// Each of the three ways with a customer of its own.
pub fn three(customers: [&'static str; 3]) -> impl Iterator<Item = (Held, &'static str)> {
    Held::ALL.into_iter().zip(customers)
}

impl Stage {
    /// A device that is held so, called after a row.
    pub fn held(&self, held: Held, row: &str) -> Screen {
        self.held_at(&self.house, held, row)
    }

    /// The same at another house.
    pub fn held_at(&self, house: &House, held: Held, row: &str) -> Screen {
        match held {
            Held::Phone => self.browser_at(house, &format!("{row}-phone"), Frame::Phone),
            Held::Keys => self.browser_at(house, &format!("{row}-keys"), Frame::Keys),
            Held::App => self.app_at(house, &format!("{row}-app")),
        }
    }

    /// The app, on a profile and a line of its own.
    pub fn app(&self, name: &str) -> Screen {
        self.app_at(&self.house, name)
    }

    /// The same at another house.
    pub fn app_at(&self, house: &House, name: &str) -> Screen {
        Screen::of(App::start(name, &self.display, &folder(name)), house.line())
    }

    /// The same in a window as narrow as a phone.
    pub fn narrow_app_at(&self, house: &House, name: &str) -> Screen {
        let mut app = App::start(name, &self.display, &folder(name));
        app.resize(390, 844);
        Screen::of(app, house.line())
    }

    /// The same among what a story put on its machine's bus.
    pub fn app_on(&self, house: &House, name: &str, bus: Bus) -> Screen {
        let around = Around { bus, demo: None, camera: false };
        Screen::of(App::start_among(name, &self.display, &folder(name), around), house.line())
    }

    /// The same with its profile below a folder that its story looks into.
    pub fn app_in(&self, home: &Path, name: &str, bus: Bus) -> Screen {
        let around = Around { bus, demo: None, camera: false };
        Screen::of(App::start_among(name, &self.display, home, around), self.house.line())
    }

    /// The same with a camera.
    pub fn app_with_camera(&self, name: &str) -> Screen {
        let around = Around { bus: Bus::start(name, &folder("bus")), demo: None, camera: true };
        Screen::of(App::start_among(name, &self.display, &folder(name), around), self.house.line())
    }

    /// The web app in a browser, on a profile and a line of its own.
    pub fn browser(&self, name: &str, frame: Frame) -> Screen {
        self.browser_at(&self.house, name, frame)
    }

    /// The web app in a browser that was opened by a one-time link.
    pub fn browser_by_link(&self, house: &House, name: &str, frame: Frame, secret: &str) -> Screen {
        let line = house.line();
        let address = format!("{}/#invite={secret}", line.address());
        Screen::of(Chromium::start(name, frame, &folder(name), &address), line)
    }

    /// The same at another house.
    pub fn browser_at(&self, house: &House, name: &str, frame: Frame) -> Screen {
        let line = house.line();
        Screen::of(Chromium::start(name, frame, &folder(name), &line.address()), line)
    }
}
