//! A machine's sense of place: GeoClue 2, as WebKitGTK asks it over the system bus.
//!
//! A client is made (`CreateClient`), says who it is (`DesktopId`) and starts; each fix
//! is a thing of its own on the bus, which `LocationUpdated` names.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zbus::blocking::Connection;
use zbus::zvariant::{ObjectPath, Value};

use super::bus::{Bus, Call, Program, Signal};
use super::wait::soon;

const NAME: &str = "org.freedesktop.GeoClue2";
const CLIENT: &str = "/org/freedesktop/GeoClue2/Client/1";
const FIXES: &str = "/org/freedesktop/GeoClue2/Location/";
const UPDATED: Signal<'_> =
    Signal { path: CLIENT, interface: "org.freedesktop.GeoClue2.Client", member: "LocationUpdated" };

/// Where the machine takes itself to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// In degrees.
    pub latitude: f64,
    /// In degrees.
    pub longitude: f64,
    /// In metres.
    pub accuracy_m: f64,
    /// How long ago it was found.
    pub age: Duration,
}

#[derive(Default)]
struct Known {
    readings: Vec<Reading>,
    refuses: bool,
    asked: bool,
}

/// The machine's sensor.
pub struct Sensor {
    bus: Connection,
    known: Arc<Mutex<Known>>,
}

impl Sensor {
    /// Knows nothing yet.
    pub fn on(bus: &Bus) -> Self {
        Self::with(bus, Known::default())
    }

    /// Its owner let nobody know where it is.
    pub fn refusing(bus: &Bus) -> Self {
        Self::with(bus, Known { refuses: true, ..Known::default() })
    }

    fn with(bus: &Bus, known: Known) -> Self {
        let known = Arc::new(Mutex::new(known));
        Self { bus: bus.serves(NAME, GeoClue(Arc::clone(&known))), known }
    }

    /// Finds the machine here, from now on; whoever asks is told at once.
    pub fn finds(&self, reading: Reading) {
        let mut known = lock(&self.known);
        known.readings.push(reading);
        if known.asked {
            UPDATED.tell(&self.bus, &known.last()).expect("whoever asks is told");
        }
    }

    /// Waits until somebody asks, or nobody does any more.
    #[track_caller]
    pub fn is_asked(&self, wanted: bool) {
        soon(&format!("the sensor is asked: {wanted}"), || match lock(&self.known).asked {
            asked if asked == wanted => Ok(()),
            asked => Err(asked.to_string()),
        });
    }
}

impl Known {
    /// The place of the fix before, and of the last.
    fn last(&self) -> (ObjectPath<'static>, ObjectPath<'static>) {
        let path = |at: usize| ObjectPath::try_from(format!("{FIXES}{at}")).expect("a path");
        (path(self.readings.len() - 1), path(self.readings.len()))
    }
}

struct GeoClue(Arc<Mutex<Known>>);

impl Program for GeoClue {
    fn answer(&mut self, call: &Call<'_>) -> zbus::Result<()> {
        let mut known = lock(&self.0);
        match call.member().as_str() {
            "CreateClient" | "GetClient" => call.reply(&ObjectPath::try_from(CLIENT)?),
            "Start" if known.refuses => call.refuse("org.freedesktop.DBus.Error.AccessDenied"),
            "Start" => {
                known.asked = true;
                call.reply(&())?;
                if known.readings.is_empty() { Ok(()) } else { call.tell(UPDATED, &known.last()) }
            }
            "Stop" => {
                known.asked = false;
                call.reply(&())
            }
            "Set" | "DeleteClient" => call.reply(&()),
            "GetAll" => {
                let at = call.path().strip_prefix(FIXES).and_then(|at| at.parse::<usize>().ok());
                let reading = at.and_then(|at| known.readings.get(at.checked_sub(1)?));
                call.reply(&reading.map(properties).unwrap_or_default())
            }
            _ => call.refuse("org.freedesktop.DBus.Error.UnknownMethod"),
        }
    }
}

/// As `org.freedesktop.GeoClue2.Location` has them; what it does not know is the
/// smallest of all numbers, and a course of -1.
fn properties(reading: &Reading) -> HashMap<&'static str, Value<'static>> {
    let at = SystemTime::now().checked_sub(reading.age).expect("a time after 1970");
    let at = at.duration_since(UNIX_EPOCH).expect("a time after 1970");
    HashMap::from([
        ("Latitude", Value::from(reading.latitude)),
        ("Longitude", Value::from(reading.longitude)),
        ("Accuracy", Value::from(reading.accuracy_m)),
        ("Altitude", Value::from(f64::MIN)),
        ("Speed", Value::from(-1.0)),
        ("Heading", Value::from(-1.0)),
        ("Description", Value::from("")),
        ("Timestamp", Value::from((at.as_secs(), u64::from(at.subsec_micros())))),
    ])
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}
