//! Where somebody is, and how well that is known.

use crate::code::{Code, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A place on earth, sent only by a tap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Location {
    /// Degrees north, -90 to 90 (WGS 84).
    pub latitude: f64,
    /// Degrees east, -180 to 180 (WGS 84).
    pub longitude: f64,
    /// Radius in metres within which the device is at 95 %; absent when set by hand.
    #[serde(default)]
    pub accuracy_m: Option<f64>,
    /// When the fix was made, milliseconds since 1970; absent when set by hand.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub fixed_at_ms: Option<i64>,
    /// What the sender typed for it, at most 200 characters.
    #[serde(default)]
    pub label: Option<String>,
}

impl Location {
    /// Refuses what cannot be: degrees out of range, NaN, negative accuracy, and
    /// a fix at time zero (which is how some platforms say "I made this up").
    pub fn check(&self) -> Result<(), Problem> {
        let degrees = self.latitude.abs() <= 90.0 && self.longitude.abs() <= 180.0;
        let accuracy = self.accuracy_m.is_none_or(|m| m.is_finite() && m >= 0.0);
        let fix = self.fixed_at_ms.is_none_or(|ms| ms > 0);
        let label = self.label.as_ref().is_none_or(|l| l.chars().count() <= 200);
        if degrees && accuracy && fix && label { Ok(()) } else { Err(Code::BadLocation.into()) }
    }
}

/// The deepest zoom level of a map.
pub const ZOOM_MAX: u8 = 19;

/// A tile of a map in Web Mercator, as web maps number them: at zoom level `z` the
/// world is 2^z tiles wide and high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
pub struct Tile {
    /// The zoom level, to [`ZOOM_MAX`].
    pub z: u8,
    /// From the west.
    pub x: u32,
    /// From the north.
    pub y: u32,
}

impl Tile {
    /// Refuses with *not_found* what no map has.
    pub fn check(&self) -> Result<(), Problem> {
        let has = self.z <= ZOOM_MAX && self.x >> self.z == 0 && self.y >> self.z == 0;
        if has { Ok(()) } else { Err(Code::NotFound.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_lies_on_the_map_of_its_zoom() {
        assert!(Tile { z: 0, x: 0, y: 0 }.check().is_ok());
        assert!(Tile { z: 19, x: (1 << 19) - 1, y: 0 }.check().is_ok());
        for bad in [Tile { z: 0, x: 1, y: 0 }, Tile { z: 3, x: 0, y: 8 }, Tile { z: 20, x: 0, y: 0 }] {
            assert_eq!(bad.check(), Err(Code::NotFound.into()));
        }
    }

    fn at(latitude: f64, longitude: f64) -> Location {
        Location { latitude, longitude, accuracy_m: Some(8.0), fixed_at_ms: Some(1), label: None }
    }

    #[test]
    fn only_places_on_earth_are_locations() {
        assert!(at(90.0, -180.0).check().is_ok());
        for bad in [at(91.0, 0.0), at(0.0, 180.5), at(f64::NAN, 0.0), at(0.0, f64::INFINITY)] {
            assert_eq!(bad.check(), Err(Code::BadLocation.into()));
        }
        assert!(Location { fixed_at_ms: Some(0), ..at(1.0, 1.0) }.check().is_err());
        assert!(Location { accuracy_m: Some(-1.0), ..at(1.0, 1.0) }.check().is_err());
    }
}
