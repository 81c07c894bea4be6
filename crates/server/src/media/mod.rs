//! Pictures: what is made of one before anybody sees it.
//!
//! Whatever is shown is re-encoded from pixels: upright, in a size for screens,
//! with nothing of the file it came from. So no place, no camera's serial number
//! and no script in a comment gets through; and a file that cannot be decoded whole
//! is refused when it arrives, not when somebody opens it.
//!
//! Invariants
//! - Nothing is decoded before its header's pixels are under the limit.
//! - A rendition holds pixels alone.
//! - A decoder that panics refuses one file and harms nothing else.

use fieldline_model::policy::PIXELS_MAX;
use fieldline_model::{Code, FileType, Problem};
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, Limits, RgbImage};
use std::io::Cursor;
use std::panic::catch_unwind;

/// The longer side of a display rendition, in pixels.
const DISPLAY_SIDE: u32 = 2048;
/// The longer side of a thumbnail, in pixels.
const THUMB_SIDE: u32 = 320;
/// The most memory a decoder may take, in bytes: the pixel limit at 8 bytes each.
const ALLOC_MAX: u64 = PIXELS_MAX * 8;

/// What is shown of a picture, as JPEG.
pub struct Renditions {
    /// At most [`DISPLAY_SIDE`].
    pub display: Vec<u8>,
    /// At most [`THUMB_SIDE`].
    pub thumb: Vec<u8>,
    /// Of the display rendition, in pixels.
    pub width: u32,
    /// Of the display rendition, in pixels.
    pub height: u32,
}

/// Makes the renditions of a picture of type `kind`.
///
/// Refuses with *file_heic*, *picture_too_large* or *file_damaged*.
pub fn renditions(bytes: &[u8], kind: FileType) -> Result<Renditions, Problem> {
    catch_unwind(|| {
        let picture = decode(bytes, kind)?;
        let display = shrink(&picture, DISPLAY_SIDE, FilterType::Triangle);
        let thumb = shrink(&display, THUMB_SIDE, FilterType::Triangle);
        Ok(Renditions {
            display: encode(&display, 85)?,
            thumb: encode(&thumb, 78)?,
            width: display.width(),
            height: display.height(),
        })
    })
    .unwrap_or(Err(Code::FileDamaged.into()))
}

fn decode(bytes: &[u8], kind: FileType) -> Result<RgbImage, Problem> {
    let damaged = |_| Problem::new(Code::FileDamaged);
    let file = Cursor::new(bytes);
    let picture = match kind {
        FileType::Heic => return Err(Code::FileHeic.into()),
        FileType::Jpeg => bounded(JpegDecoder::new(file).map_err(damaged)?)?,
        FileType::Png => bounded(PngDecoder::new(file).map_err(damaged)?)?,
        FileType::Gif => bounded(GifDecoder::new(file).map_err(damaged)?)?,
    };
    // After the size is known to be bearable: a bomb is named by its size.
    if kind.is_whole(bytes) { Ok(on_white(picture)) } else { Err(Code::FileDamaged.into()) }
}

/// Decodes what is not too large, upright.
fn bounded<D: ImageDecoder>(mut decoder: D) -> Result<DynamicImage, Problem> {
    let damaged = |_| Problem::new(Code::FileDamaged);
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Code::FileDamaged.into());
    }
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Problem::limit(Code::PictureTooLarge, PIXELS_MAX));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(ALLOC_MAX);
    decoder.set_limits(limits).map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Lays a picture that may be see-through on white, as JPEG has no transparency.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0.map(u32::from);
        let over = |c: u32| ((c * a + 255 * (255 - a)) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

fn shrink(picture: &RgbImage, side: u32, filter: FilterType) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= side {
        return picture.clone();
    }
    let scaled = |length: u32| (u64::from(length) * u64::from(side) / u64::from(longer)).max(1) as u32;
    // Far larger pictures are averaged down first: as good, and much faster.
    if longer > side * 3 {
        let rough = image::imageops::thumbnail(picture, scaled(width) * 2, scaled(height) * 2);
        return image::imageops::resize(&rough, scaled(width), scaled(height), filter);
    }
    image::imageops::resize(picture, scaled(width), scaled(height), filter)
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).map_err(|_| Problem::new(Code::FileDamaged))?;
    Ok(bytes)
}
