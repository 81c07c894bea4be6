//! HEIC, by libheif and libde265 (see docs/decisions). The one decoder here that is not
//! written in a safe language: it runs in a worker, or in a test.
//!
//! Invariant: its own limits are set before it reads, and its threads are few.

use super::picture::{Decoded, bearable};
use fieldline_model::policy::PIXELS_MAX;
use fieldline_model::{Code, FileType, Problem};
use image::{DynamicImage, RgbImage, RgbaImage};
use libheif_rs::{
    ColorSpace, DecodingOptions, HeifContext, HeifError, HeifErrorSubCode, ImageHandle, LibHeif, Plane,
    RgbChroma, SecurityLimits,
};

/// The most tiles a picture is put together from; the largest phones have some two hundred.
const TILES_MAX: u64 = 1_024;
/// The most parts a file is of: pictures, tiles and what is written beside them.
const ITEMS_MAX: u32 = 2_048;
/// The most bytes the decoder takes.
const MEMORY_MAX: u64 = PIXELS_MAX * 16;

fn refused(error: HeifError) -> Problem {
    match error.sub_code {
        HeifErrorSubCode::SecurityLimitExceeded => Problem::limit(Code::PictureTooLarge, PIXELS_MAX),
        _ => Code::FileDamaged.into(),
    }
}

/// Decodes the file's main picture, upright.
///
/// Refuses with *picture_too_large* or *file_damaged*.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Problem> {
    let lib = LibHeif::new_checked().map_err(refused)?;
    let mut file = HeifContext::new().map_err(refused)?;
    let mut limits = SecurityLimits::new();
    limits.set_max_image_size_pixels(PIXELS_MAX);
    limits.set_max_number_of_tiles(TILES_MAX);
    limits.set_max_items(ITEMS_MAX);
    limits.set_max_total_memory(MEMORY_MAX);
    limits.set_max_memory_block_size(MEMORY_MAX);
    file.set_security_limits(&limits).map_err(refused)?;
    file.set_max_decoding_threads(0);
    file.read_bytes(bytes).map_err(refused)?;
    let handle = file.primary_image_handle().map_err(refused)?;
    bearable(handle.width(), handle.height())?;
    if !FileType::Heic.is_whole(bytes) {
        return Err(Code::FileDamaged.into());
    }
    let exif = exif(&handle);
    Ok(Decoded { picture: pixels(&lib, &handle)?, exif })
}

fn pixels(lib: &LibHeif, handle: &ImageHandle) -> Result<DynamicImage, Problem> {
    let clear = handle.has_alpha_channel();
    let (chroma, depth) = if clear { (RgbChroma::Rgba, 4) } else { (RgbChroma::Rgb, 3) };
    let mut options = DecodingOptions::new().ok_or(Code::FileDamaged)?;
    options.set_convert_hdr_to_8bit(true);
    let decoded = lib.decode(handle, ColorSpace::Rgb(chroma), Some(options)).map_err(refused)?;
    let plane = decoded.planes().interleaved.ok_or(Code::FileDamaged)?;
    bearable(plane.width, plane.height)?;
    let (width, height) = (plane.width, plane.height);
    let rows = rows(&plane, width as usize * depth).ok_or(Code::FileDamaged)?;
    let picture = if clear {
        RgbaImage::from_raw(width, height, rows).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(width, height, rows).map(DynamicImage::from)
    };
    picture.ok_or(Code::FileDamaged.into())
}

/// The rows of a plane without what pads them.
fn rows(plane: &Plane<&[u8]>, length: usize) -> Option<Vec<u8>> {
    let mut rows = Vec::with_capacity(length * plane.height as usize);
    for y in 0..plane.height as usize {
        rows.extend_from_slice(plane.data.get(y * plane.stride..)?.get(..length)?);
    }
    Some(rows)
}

/// The block after its own beginning: four bytes that say how much to pass over.
fn exif(handle: &ImageHandle) -> Option<Vec<u8>> {
    let mut id = [0];
    if handle.metadata_block_ids(&mut id, b"Exif") == 0 {
        return None;
    }
    let block = handle.metadata(id[0]).ok()?;
    let skip = u32::from_be_bytes(block.get(..4)?.try_into().ok()?) as usize;
    block.get(4usize.checked_add(skip)?..).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use libheif_rs::CompressionFormat;

    /// Whatever codecs a machine has for builders, what may be given away is built in.
    #[test]
    fn hevc_is_decoded_by_what_is_built_in_and_never_encoded() {
        let lib = LibHeif::new();
        let ids = |all: Vec<libheif_rs::DecoderDescriptor<'_>>| {
            all.iter().map(|it| it.id().to_owned()).collect::<Vec<_>>()
        };
        let decoders = ids(lib.decoder_descriptors(9, Some(CompressionFormat::Hevc)));
        assert!(decoders.iter().any(|id| id == "libde265"), "{decoders:?}: is libde265-dev installed?");
        let encoders = lib.encoder_descriptors(9, Some(CompressionFormat::Hevc), None);
        assert_eq!(encoders.len(), 0, "x265 is GPL: build without its headers");
        let version = lib.version();
        assert!(version >= [1, 23, 1], "{version:?} has known faults");
    }
}
