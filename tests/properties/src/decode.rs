//! What is made of a picture, as a worker makes it.

use crate::Property;
use crate::memory::counted;
use fieldline_model::{Code, FileType};
use fieldline_server::media::{Made, Media};
use fieldline_server::store::Stop;
use image::codecs::{gif::GifEncoder, jpeg::JpegEncoder, png::PngEncoder};
use image::{DynamicImage, Frame, ImageReader, Rgba, RgbaImage};
use std::io::Cursor;

/// The property.
pub const IT: Property = Property { name: "decode", holds, seeds };

/// More pixels than this are not tried here, where each try is to be quick: what is too large is
/// the business of the tests of FB3.
const PIXELS_MAX: u64 = 1 << 20;
/// What any picture may take, and each of its pixels and each byte of its file beside that. (A
/// frame of a GIF may be larger than its canvas: a decoder takes 400 MB at most, a worker has 1.5 GB.)
const BYTES_MAX: usize = 512 << 20;
const BYTES_A_PIXEL: usize = 64;
const BYTES_A_BYTE: usize = 64;

/// A picture becomes pixels of a bounded size, made in bounded memory, or is refused.
fn holds(bytes: &[u8]) {
    // HEIC is decoded in C++, which may die of a file: in a worker alone.
    let kind = FileType::of(bytes);
    if kind == Some(FileType::Heic) {
        return;
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let size = reader.ok().and_then(|it| it.into_dimensions().ok());
    let pixels = size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
    if pixels > PIXELS_MAX {
        return;
    }
    let (made, most) = counted(|| Media::Here.make(bytes));
    let bearable = BYTES_MAX + pixels as usize * BYTES_A_PIXEL + bytes.len() * BYTES_A_BYTE;
    assert!(most <= bearable, "{most} bytes for {size:?} and {} bytes", bytes.len());
    match made {
        Ok(made) => {
            assert_eq!(Some(made.facts.kind), kind);
            assert!(made.facts.kind.is_whole(bytes), "what is shown was all there");
            shows(&made);
        }
        Err(Stop::Refused(problem)) => {
            let codes = [Code::FileNotPicture, Code::FileDamaged, Code::PictureTooLarge];
            assert!(codes.contains(&problem.code), "{problem:?}");
            assert_eq!(problem.code == Code::FileNotPicture, kind.is_none());
        }
        Err(fault) => panic!("a file is no fault of the server: {fault:?}"),
    }
}

fn shows(made: &Made) {
    let facts = &made.facts;
    let (display, thumb) = (pixels_alone(&made.display), pixels_alone(&made.thumb));
    assert_eq!((display.width(), display.height()), (facts.width, facts.height));
    assert!(facts.width.max(facts.height) <= 2048 && thumb.width().max(thumb.height()) <= 320);
    let shown = if facts.moves { FileType::Gif } else { FileType::Jpeg };
    assert_eq!(FileType::of(&made.display), Some(shown));
    assert_eq!(FileType::of(&made.thumb), Some(FileType::Jpeg));
    if let Some(time) = &facts.taken_at {
        assert!(time.chars().all(|c| c.is_ascii_digit() || "-:T+".contains(c)), "{time:?}");
    }
    // Whoever saves it may send it again.
    let again = Media::Here.make(&made.display).unwrap_or_else(|_| panic!("what is shown is a picture"));
    assert_eq!((again.facts.width, again.facts.height), (facts.width, facts.height));
    assert_eq!(again.facts.moves, facts.moves);
}

/// Decodes a rendition; a JPEG holds no segment that could tell anything but pixels.
fn pixels_alone(rendition: &[u8]) -> DynamicImage {
    if FileType::of(rendition) == Some(FileType::Jpeg) {
        let mut at = 2;
        while rendition[at + 1] != 0xda {
            assert!(
                matches!(rendition[at + 1], 0xe0 | 0xdb | 0xc0 | 0xc4),
                "marker {:#x}",
                rendition[at + 1]
            );
            at += 2 + usize::from(u16::from_be_bytes([rendition[at + 2], rendition[at + 3]]));
        }
    }
    image::load_from_memory(rendition).expect("what is shown can be shown")
}

/// Small pictures of every type, a moving one among them.
pub fn seeds() -> Vec<Vec<u8>> {
    let clear = RgbaImage::from_fn(9, 6, |x, y| Rgba([x as u8 * 20, y as u8 * 30, 80, 128 + x as u8]));
    let solid = DynamicImage::from(clear.clone());
    let jpeg = |image: DynamicImage| {
        let mut bytes = Vec::new();
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 60)).expect("a JPEG");
        bytes
    };
    let png = |image: DynamicImage| {
        let mut bytes = Vec::new();
        image.write_with_encoder(PngEncoder::new(&mut bytes)).expect("a PNG");
        bytes
    };
    let gif = |frames: usize| {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for _ in 0..frames {
            encoder.encode_frame(Frame::new(clear.clone())).expect("a frame");
        }
        drop(encoder);
        bytes
    };
    // A turned one, that says when it was taken.
    let plain = jpeg(solid.to_rgb8().into());
    let exif = [b"\xff\xe1\0\x67Exif\0\0".as_slice(), &tiff()].concat();
    let turned = [&plain[..2], &exif, &plain[2..]].concat();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1\0\0\0\x08mdat".to_vec();
    vec![
        plain,
        turned,
        jpeg(solid.to_luma8().into()),
        png(solid.clone()),
        png(solid.to_luma8().into()),
        png(solid.to_rgb16().into()),
        gif(1),
        gif(3),
        heic,
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
    ]
}

/// Orientation 6 and a time, 95 bytes.
fn tiff() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
    };
    [
        b"MM\0\x2a\0\0\0\x08\0\x02".to_vec(),
        entry(0x0112, 3, 1, 6 << 16),
        entry(0x8769, 4, 1, 38),
        b"\0\0\0\0\0\x02".to_vec(),
        entry(0x9003, 2, 20, 68),
        entry(0x9011, 2, 7, 88),
        b"\0\0\0\0".to_vec(),
        b"2026:03:02 09:15:00\0+01:00\0".to_vec(),
    ]
    .concat()
}
