//! Photos for the demo, drawn when it is seeded: plain shapes, soft light, a
//! little noise, so that lists and threads look lived in without a stranger's photo.

use crate::clock::Clock;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// What is on a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A radiator with a puddle under it.
    Radiator,
    /// A boiler's display.
    Display,
    /// A thermostat's dial.
    Dial,
    /// A copper pipe with a drop.
    Pipe,
}

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 960;

type Colour = [f32; 3];

impl Picture {
    /// What its file is called.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Radiator => "hallway.jpg",
            Self::Display => "display.jpg",
            Self::Dial => "thermostat.jpg",
            Self::Pipe => "pipe.jpg",
        }
    }

    fn colour(self, x: f32, y: f32) -> Colour {
        match self {
            Self::Radiator => radiator(x, y),
            Self::Display => display(x, y),
            Self::Dial => dial(x, y),
            Self::Pipe => pipe(x, y),
        }
    }

    /// The photo as JPEG; its noise is never the same, so neither is its hash.
    pub fn jpeg(self, clock: &Clock) -> Vec<u8> {
        let mut noise = u64::from_be_bytes(clock.random()) | 1;
        let picture = RgbImage::from_fn(WIDTH, HEIGHT, |px, py| {
            let (x, y) = (px as f32 / WIDTH as f32, py as f32 / HEIGHT as f32);
            // Xorshift: grain, nothing anybody guesses at.
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let grain = (noise >> 40) as f32 / (1 << 24) as f32 * 12.0 - 6.0;
            let corner = ((x - 0.5).powi(2) + (y - 0.5).powi(2)) * 0.7;
            Rgb(self.colour(x, y).map(|c| (c * (1.0 - corner) + grain).clamp(0.0, 255.0) as u8))
        });
        let mut bytes = Vec::new();
        let written = picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 88));
        written.expect("a picture in memory can be written");
        bytes
    }
}

/// From `a` to `b` as `t` goes from 0 to 1.
fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    let t = t.clamp(0.0, 1.0);
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

/// 1 inside a disc, 0 outside, soft at its edge.
fn disc((x, y): (f32, f32), (cx, cy): (f32, f32), (rx, ry): (f32, f32)) -> f32 {
    let distance = (((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2)).sqrt();
    ((1.0 - distance) * 30.0).clamp(0.0, 1.0)
}

fn radiator(x: f32, y: f32) -> Colour {
    let wall = mix([214.0, 205.0, 190.0], [178.0, 168.0, 152.0], x * 0.7 + y * 0.3);
    let plank = ((x * 9.0 - y * 2.0 + 4.0).fract() * 40.0).min(1.0);
    let floor = mix([96.0, 66.0, 44.0], [150.0, 108.0, 74.0], plank * (y - 0.5));
    let mut seen = if y < 0.78 { wall } else { floor };
    if (0.18..0.82).contains(&x) && (0.2..0.7).contains(&y) {
        let fin = ((x - 0.18) / 0.64 * 16.0).fract();
        let light = 1.0 - (fin - 0.4).abs() * 1.1;
        seen = mix([150.0, 150.0, 146.0], [246.0, 245.0, 240.0], light);
    }
    let valve = disc((x, y), (0.83, 0.66), (0.022, 0.03));
    seen = mix(seen, [184.0, 142.0, 72.0], valve);
    let shine = ((x * 40.0 + y * 60.0).sin() * 0.5 + 0.5) * 0.35;
    let puddle = disc((x, y), (0.76, 0.86), (0.17, 0.05));
    mix(seen, mix([112.0, 122.0, 132.0], [220.0, 228.0, 236.0], shine), puddle * 0.8)
}

/// The bars of "E", "0" and "4" on a seven-bar display, as top, top right, bottom
/// right, bottom, bottom left, top left, middle.
const DIGITS: [[bool; 7]; 3] = [
    [true, false, false, true, true, true, true],
    [true, true, true, true, true, true, false],
    [false, true, true, false, false, true, true],
];

fn bar_lit(digit: [bool; 7], x: f32, y: f32) -> bool {
    let across = (0.12..0.88).contains(&x);
    let (upper, lower) = ((0.06..0.48).contains(&y), (0.52..0.94).contains(&y));
    digit[0] && across && y < 0.12
        || digit[1] && x > 0.84 && upper
        || digit[2] && x > 0.84 && lower
        || digit[3] && across && y > 0.88
        || digit[4] && x < 0.16 && lower
        || digit[5] && x < 0.16 && upper
        || digit[6] && across && (0.46..0.54).contains(&y)
}

fn display(x: f32, y: f32) -> Colour {
    let mut seen = mix([228.0, 230.0, 232.0], [176.0, 180.0, 186.0], x * 0.4 + y * 0.6);
    if (0.2..0.8).contains(&x) && (0.24..0.62).contains(&y) {
        seen = mix([20.0, 26.0, 28.0], [40.0, 50.0, 52.0], 1.0 - y);
        let cell = (x - 0.29) / 0.15;
        let (digit, inside) = (cell.floor(), cell.fract() / 0.72);
        let tall = (y - 0.3) / 0.26;
        if (0.0..3.0).contains(&digit) && (0.0..1.0).contains(&inside) && (0.0..1.0).contains(&tall) {
            let lit = bar_lit(DIGITS[digit as usize], inside, tall);
            seen = if lit { [255.0, 122.0, 60.0] } else { seen };
        }
    }
    for (i, colour) in [[60.0, 70.0, 80.0], [60.0, 70.0, 80.0], [200.0, 60.0, 48.0]].into_iter().enumerate() {
        seen = mix(seen, colour, disc((x, y), (0.34 + 0.16 * i as f32, 0.78), (0.035, 0.047)));
    }
    seen
}

fn dial(x: f32, y: f32) -> Colour {
    let mut seen = mix([170.0, 186.0, 176.0], [120.0, 138.0, 130.0], y);
    seen = mix(seen, [236.0, 234.0, 228.0], disc((x, y), (0.5, 0.5), (0.3, 0.4)));
    seen = mix(seen, [206.0, 203.0, 196.0], disc((x, y), (0.5, 0.5), (0.2, 0.267)));
    let (dx, dy) = ((x - 0.5) / 0.75, y - 0.5);
    let (angle, radius) = (dy.atan2(dx), (dx * dx + dy * dy).sqrt());
    let mark = ((angle / std::f32::consts::TAU * 24.0).fract().abs() - 0.5).abs() > 0.44;
    if mark && (0.31..0.37).contains(&radius) {
        seen = [90.0, 90.0, 88.0];
    }
    let points = (angle + 2.2).abs() < 0.06 && (0.1..0.26).contains(&radius);
    if points { [196.0, 62.0, 40.0] } else { seen }
}

fn pipe(x: f32, y: f32) -> Colour {
    let tile = (x * 6.0).fract() < 0.02 || (y * 4.5).fract() < 0.027;
    let mut seen =
        if tile { [150.0, 152.0, 150.0] } else { mix([214.0, 220.0, 222.0], [176.0, 184.0, 190.0], x) };
    let round = |offset: f32, width: f32| 1.0 - (offset / width * 2.0 - 0.7).abs();
    let across = y - 0.38 - (x - 0.5) * 0.05;
    if (0.0..0.12).contains(&across) {
        seen = mix([104.0, 52.0, 30.0], [232.0, 156.0, 104.0], round(across, 0.12));
    }
    if (0.46..0.6).contains(&x) && (-0.02..0.14).contains(&across) {
        seen = mix([92.0, 74.0, 34.0], [226.0, 196.0, 116.0], round(across + 0.02, 0.16));
    }
    let drop = disc((x, y), (0.53, 0.57), (0.016, 0.034));
    mix(seen, mix([120.0, 150.0, 170.0], [240.0, 248.0, 252.0], (x - 0.515) * 60.0), drop)
}
