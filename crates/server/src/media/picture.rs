//! One picture, decoded and made anew.
//!
//! Invariants
//! - Nothing is decoded before its header's pixels are under the limit.
//! - What comes out was made here of pixels, with nothing of the file beside them.

use super::{Facts, Made, moving, taken};
use fieldline_model::policy::PIXELS_MAX;
use fieldline_model::{Code, FileType, Problem};
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, Limits, RgbImage};
use std::io::Cursor;

/// The longer side of a display rendition, in pixels.
pub const DISPLAY_SIDE: u32 = 2048;
/// The longer side of a thumbnail, in pixels.
const THUMB_SIDE: u32 = 320;
/// The most memory a decoder may take, in bytes: the pixel limit at 8 bytes each.
const ALLOC_MAX: u64 = PIXELS_MAX * 8;

/// A picture, upright, and what its camera wrote beside it.
pub struct Decoded {
    /// Its pixels.
    pub picture: DynamicImage,
    /// Its Exif block, where it has one.
    pub exif: Option<Vec<u8>>,
}

/// Makes what is shown of a picture.
///
/// Refuses with *file_not_picture*, *file_heic*, *picture_too_large* or *file_damaged*.
pub fn make(bytes: &[u8]) -> Result<Made, Problem> {
    let kind = FileType::of(bytes).ok_or(Code::FileNotPicture)?;
    let moves = match kind {
        FileType::Gif => moving::again(bytes)?,
        _ => None,
    };
    let decoded = decode(bytes, kind)?;
    let taken_at = decoded.exif.as_deref().and_then(taken::taken_at);
    let display = shrink(on_white(decoded.picture), DISPLAY_SIDE);
    let (width, height) = display.dimensions();
    let facts = Facts { kind, width, height, moves: moves.is_some(), taken_at };
    let still = if moves.is_none() { encode(&display, 85)? } else { Vec::new() };
    let thumb = encode(&shrink(display, THUMB_SIDE), 78)?;
    Ok(Made { facts, display: moves.unwrap_or(still), thumb })
}

fn decode(bytes: &[u8], kind: FileType) -> Result<Decoded, Problem> {
    let file = Cursor::new(bytes);
    let decoded = match kind {
        #[cfg(not(feature = "heic"))]
        FileType::Heic => return Err(Code::FileHeic.into()),
        #[cfg(feature = "heic")]
        FileType::Heic => return super::heic::decode(bytes),
        FileType::Jpeg => bounded(JpegDecoder::new(file).map_err(damaged)?)?,
        FileType::Png => bounded(PngDecoder::new(file).map_err(damaged)?)?,
        FileType::Gif => bounded(GifDecoder::new(file).map_err(damaged)?)?,
    };
    // After the size is known to be bearable: a bomb is named by its size.
    if kind.is_whole(bytes) { Ok(decoded) } else { Err(Code::FileDamaged.into()) }
}

fn damaged(_: image::ImageError) -> Problem {
    Code::FileDamaged.into()
}

/// Refuses more pixels than anybody is to decode, and none at all.
pub fn bearable(width: u32, height: u32) -> Result<(), Problem> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Code::FileDamaged.into()),
        1..=PIXELS_MAX => Ok(()),
        _ => Err(Problem::limit(Code::PictureTooLarge, PIXELS_MAX)),
    }
}

/// Decodes what is not too large, upright.
fn bounded<D: ImageDecoder>(mut decoder: D) -> Result<Decoded, Problem> {
    let (width, height) = decoder.dimensions();
    bearable(width, height)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(ALLOC_MAX);
    decoder.set_limits(limits).map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let exif = decoder.exif_metadata().unwrap_or_default();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok(Decoded { picture, exif })
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

fn shrink(picture: RgbImage, side: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= side {
        return picture;
    }
    let scaled = |length: u32| (u64::from(length) * u64::from(side) / u64::from(longer)).max(1) as u32;
    let fine = |picture: &RgbImage| {
        image::imageops::resize(picture, scaled(width), scaled(height), FilterType::Triangle)
    };
    // Far larger pictures are averaged down first: as good, and much faster.
    if longer > side * 3 {
        return fine(&image::imageops::thumbnail(&picture, scaled(width) * 2, scaled(height) * 2));
    }
    fine(&picture)
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).map_err(damaged)?;
    Ok(bytes)
}
