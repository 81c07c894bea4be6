//! A desktop's notifications, in place of GNOME's or KDE's: what the app shows there,
//! what it takes away, and a person who chooses one.
//!
//! The Desktop Notifications Specification 1.2: `Notify`, `CloseNotification`,
//! `ActionInvoked`, `NotificationClosed`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zbus::blocking::Connection;
use zbus::zvariant::OwnedValue;

use super::bus::{Bus, Call, Program, Signal};
use super::wait::soon;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// Why one is gone: the person chose it; the app took it away.
const CHOSEN: u32 = 2;
const TAKEN: u32 = 3;

/// One notification, as a person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    id: u32,
    /// In bold.
    pub title: String,
    /// Below; markup, so that `&lt;` is a `<`.
    pub text: String,
}

#[derive(Default)]
struct Board {
    shown: Vec<Notice>,
    last: u32,
}

/// What is shown at the moment.
pub struct Notices {
    bus: Connection,
    board: Arc<Mutex<Board>>,
}

impl Notices {
    /// Shows what comes over this bus.
    pub fn on(bus: &Bus) -> Self {
        let board = Arc::default();
        Self { bus: bus.serves(NAME, Desk(Arc::clone(&board))), board }
    }

    /// What is shown at the moment, from the oldest.
    pub fn shown(&self) -> Vec<Notice> {
        lock(&self.board).shown.clone()
    }

    /// Waits until one has these words, and is the only one.
    #[track_caller]
    pub fn shows_only(&self, words: &str) -> Notice {
        soon(&format!("one notification, of “{words}”"), || match self.shown().as_slice() {
            [one] if one.title.contains(words) || one.text.contains(words) => Ok(one.clone()),
            others => Err(format!("{others:?} are shown")),
        })
    }

    /// Waits until none is shown.
    #[track_caller]
    pub fn shows_none(&self) {
        soon("no notification", || match self.shown().as_slice() {
            [] => Ok(()),
            left => Err(format!("{left:?} are shown")),
        });
    }

    /// The person chooses it, and it is gone.
    #[track_caller]
    pub fn chooses(&self, notice: &Notice) {
        let told = signal("ActionInvoked").tell(&self.bus, &(notice.id, "default"));
        told.expect("the app is told what was chosen");
        lock(&self.board).shown.retain(|it| it.id != notice.id);
        signal("NotificationClosed")
            .tell(&self.bus, &(notice.id, CHOSEN))
            .expect("the app is told it is gone");
    }
}

struct Desk(Arc<Mutex<Board>>);

/// Of which app, instead of which, with what icon; title and text; what may be done;
/// hints; for how long.
type Notify = (String, u32, String, String, String, Vec<String>, HashMap<String, OwnedValue>, i32);

impl Program for Desk {
    fn answer(&mut self, call: &Call<'_>) -> zbus::Result<()> {
        match call.member().as_str() {
            "Notify" => {
                let (_, instead, _, title, text, ..) = call.message.body().deserialize::<Notify>()?;
                call.reply(&lock(&self.0).show(instead, title, text))
            }
            "CloseNotification" => {
                let id: u32 = call.message.body().deserialize()?;
                lock(&self.0).shown.retain(|it| it.id != id);
                call.reply(&())?;
                call.tell(signal("NotificationClosed"), &(id, TAKEN))
            }
            "GetCapabilities" => call.reply(&["actions", "body", "body-markup"]),
            "GetServerInformation" => call.reply(&("Notices", "Fieldline", "1", "1.2")),
            _ => call.refuse("org.freedesktop.DBus.Error.UnknownMethod"),
        }
    }
}

impl Board {
    fn show(&mut self, instead: u32, title: String, text: String) -> u32 {
        self.last += 1;
        let id = if instead == 0 { self.last } else { instead };
        self.shown.retain(|it| it.id != id);
        self.shown.push(Notice { id, title, text });
        id
    }
}

fn signal(member: &str) -> Signal<'_> {
    Signal { path: PATH, interface: NAME, member }
}

fn lock(board: &Mutex<Board>) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}
