//! What a run brings along: photos that nobody took, files that are not what they
//! say, and a server that is somebody else's.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::{ImageFormat, Rgb, RgbImage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::process::free_port;
use super::wait::{beside, settled};

/// A folder with files to choose from.
pub struct Fixtures {
    /// A worn gear, a JPEG of 1600 × 1200: what the customer asks about.
    pub worn: PathBuf,
    /// A new gear, a PNG of 1200 × 900: what the agent answers with.
    pub new: PathBuf,
    /// The worn gear as a phone takes it, 480 × 360 in HEIC.
    pub heic: PathBuf,
    /// A web page that calls itself a PNG.
    pub forged: PathBuf,
    /// A picture of a kind that no admin can allow: WebP.
    pub webp: PathBuf,
    /// The worn gear, cut off in the middle, as a broken copy leaves it.
    pub torn: PathBuf,
    /// The new gear with another byte in its pixels: no decoder can make a picture of it.
    pub garbled: PathBuf,
    /// Fifty photos, each another, as somebody takes them who marks all of a folder.
    pub fifty: Vec<PathBuf>,
}

impl Fixtures {
    /// Draws them below `folder`.
    pub fn draw(folder: &Path) -> Self {
        let folder = folder.join("gallery");
        fs::create_dir_all(&folder).expect("the gallery's folder can be made");
        let gears = folder.join("gears");
        fs::create_dir_all(&gears).expect("the gears' folder can be made");
        let worn = gears.join("worn-gear.jpg");
        let new = gears.join("new-gear.png");
        let forged = folder.join("invoice.png");
        let rust = Gear { metal: [168, 122, 84], bench: [92, 98, 104], missing_teeth: 3 };
        let steel = Gear { metal: [178, 190, 202], bench: [214, 205, 188], missing_teeth: 0 };
        rust.draw(1600, 1200).save_with_format(&worn, ImageFormat::Jpeg).expect("a JPEG can be drawn");
        steel.draw(1200, 900).save_with_format(&new, ImageFormat::Png).expect("a PNG can be drawn");
        fs::write(&forged, "<!doctype html><title>Invoice</title><p>Not a picture.</p>")
            .expect("a file can be written");
        let heic = folder.join("IMG_0001.HEIC");
        fs::write(&heic, include_bytes!("gear.heic")).expect("a file can be written");
        let webp = folder.join("drawing.webp");
        fs::write(&webp, b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0")
            .expect("a file can be written");
        let (torn, garbled) = (folder.join("torn-gear.jpg"), folder.join("garbled-gear.png"));
        let (whole, mut other) =
            (fs::read(&worn).expect("it was drawn"), fs::read(&new).expect("it was drawn"));
        fs::write(&torn, &whole[..whole.len() / 2]).expect("a file can be written");
        let middle = other.len() / 2;
        other[middle] ^= 0x55;
        fs::write(&garbled, other).expect("a file can be written");
        Self { worn, new, heic, forged, webp, torn, garbled, fifty: fifty(&folder.join("site")) }
    }
}

impl Fixtures {
    /// The worn gear and the new one, alone in their folder.
    pub fn pair(&self) -> [&Path; 2] {
        [&self.worn, &self.new]
    }
}

/// Small ones, each of a colour of its own.
fn fifty(folder: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(folder).expect("the site's folder can be made");
    let draw = |at: u8| {
        let file = folder.join(format!("site-{at:02}.png"));
        let colour = Rgb([at * 5, 120, 255 - at * 5]);
        RgbImage::from_pixel(64, 48, colour)
            .save_with_format(&file, ImageFormat::Png)
            .expect("a PNG can be drawn");
        file
    };
    (1..=50).map(draw).collect()
}

/// A gear on a workbench, in a warm light from the upper left.
struct Gear {
    metal: [u8; 3],
    bench: [u8; 3],
    missing_teeth: u32,
}

const TEETH: u32 = 18;

impl Gear {
    fn draw(&self, width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let unit = f64::from(height) * 0.42;
            let dx = (f64::from(x) - f64::from(width) * 0.5) / unit;
            let dy = (f64::from(y) - f64::from(height) * 0.5) / unit;
            let grain = 1.0 + 0.05 * (f64::from(y) * 0.11 + (f64::from(x) * 0.013).sin() * 2.0).sin();
            let light =
                1.12 - 0.32 * f64::from(x) / f64::from(width) - 0.22 * f64::from(y) / f64::from(height);
            if self.covers(dx, dy) {
                let edge = if self.covers(dx - 0.02, dy - 0.02) { 1.0 } else { 1.35 };
                let sheen = 1.0 + 0.14 * (dy.atan2(dx) * 3.0 + 0.6).cos();
                shade(self.metal, light * edge * sheen)
            } else if self.covers(dx - 0.06, dy - 0.08) {
                shade(self.bench, light * grain * 0.55)
            } else {
                shade(self.bench, light * grain)
            }
        })
    }

    /// Whether the gear, of radius 1, covers the point.
    fn covers(&self, x: f64, y: f64) -> bool {
        let radius = x.hypot(y);
        let turn = (y.atan2(x) / std::f64::consts::TAU + 1.0) * f64::from(TEETH);
        let tooth = turn.floor() as u32 % TEETH;
        let in_tooth = (turn.fract() - 0.5).abs() < 0.28 && tooth >= self.missing_teeth;
        let outer = if in_tooth { 1.0 } else { 0.84 };
        let spoke = ((y.atan2(x) / std::f64::consts::TAU + 1.0) * 6.0).fract();
        let window = (0.36..0.66).contains(&radius) && (spoke - 0.5).abs() < 0.32;
        (0.16..outer).contains(&radius) && !window
    }
}

fn shade(colour: [u8; 3], light: f64) -> Rgb<u8> {
    Rgb(colour.map(|part| (f64::from(part) * light).clamp(0.0, 255.0) as u8))
}

/// Somebody else's web server: it answers everything with a page of its own, as a
/// hotel's network does before one has signed in there.
pub struct Stranger {
    port: u16,
}

impl Stranger {
    /// Answers until the run ends.
    pub fn start() -> Self {
        Self::saying(WELCOME.as_bytes().to_vec())
    }

    /// A host of map tiles: whatever is asked for is a piece of land with two roads.
    pub fn of_tiles() -> Self {
        let land = RgbImage::from_fn(256, 256, |x, y| match (x % 128 < 10, y % 128 < 10) {
            (false, false) => Rgb([222, 216, 204]),
            _ => Rgb([255, 255, 255]),
        });
        let mut png = std::io::Cursor::new(Vec::new());
        land.write_to(&mut png, ImageFormat::Png).expect("a tile can be drawn");
        let mut answer = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\nconnection: close\r\n\r\n".to_vec();
        answer.extend(png.into_inner());
        Self::saying(answer)
    }

    fn saying(answer: Vec<u8>) -> Self {
        let port = free_port();
        let listener =
            settled(TcpListener::bind(("127.0.0.1", port))).expect("a free port can be listened on");
        let answer = Arc::new(answer);
        beside(async move {
            while let Ok((mut guest, _)) = listener.accept().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    let _ = guest.read(&mut [0; 4096]).await;
                    let _ = guest.write_all(&answer).await;
                    let _ = guest.shutdown().await;
                });
            }
        });
        Self { port }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What a person may take for their server's address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

const WELCOME: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n\
    <!doctype html><meta name=viewport content=width=device-width><title>Hotel</title><p>Welcome. Please accept our terms.</p>";
