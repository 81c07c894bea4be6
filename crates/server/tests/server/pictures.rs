//! Files to upload: good ones, and ones with something in them.

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{Frame, ImageEncoder, Rgba, RgbaImage};

/// Text that must not come out again.
pub const SECRET: &[u8] = b"59.91273N 10.74609E";

/// A picture, left half red, right half blue.
pub fn picture(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let shade = ((x * 7 + y * 13) % 32) as u8;
        if x * 2 < width { Rgba([220, shade, 20, 255]) } else { Rgba([20, shade, 220, 255]) }
    })
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let rgb = image::DynamicImage::from(picture(width, height)).into_rgb8();
    rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = picture(width, height);
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(&pixels, width, height, image::ExtendedColorType::Rgba8).unwrap();
    bytes
}

pub fn gif(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for _ in 0..3 {
        encoder.encode_frame(Frame::new(picture(width, height))).unwrap();
    }
    drop(encoder);
    bytes
}

/// A TIFF block: orientation 6 (turn right to see it upright), when it was taken, a GPS
/// block, [`SECRET`], and a smaller picture that says where once more.
pub fn exif() -> Vec<u8> {
    let block = |entries: Vec<Vec<u8>>, next: u32| {
        [(entries.len() as u16).to_be_bytes().as_slice(), &entries.concat(), &next.to_be_bytes()].concat()
    };
    let at = |tag: u16, kind: u16, count: u32, value: u32| {
        let [count, value] = [count, value].map(u32::to_be_bytes);
        [tag.to_be_bytes().as_slice(), &kind.to_be_bytes(), &count, &value].concat()
    };
    let small =
        [[0xff, 0xd8, 0xff, 0xfe, 0, SECRET.len() as u8 + 2].as_slice(), SECRET, &[0xff, 0xd9]].concat();
    let length = small.len() as u32;
    [
        b"MM\0\x2a\0\0\0\x08".to_vec(),
        block(vec![at(0x0112, 3, 1, 6 << 16), at(0x8769, 4, 1, 50), at(0x8825, 4, 1, 80)], 98),
        block(vec![at(0x9003, 2, 20, 128), at(0x9011, 2, 7, 148)], 0),
        // Its latitude's reference, "N".
        block(vec![at(1, 2, 2, u32::from(b'N') << 24)], 0),
        block(vec![at(0x0201, 4, 1, 155), at(0x0202, 4, 1, length)], 0),
        b"2026:03:02 09:15:00\0+01:00\0".to_vec(),
        small,
        SECRET.to_vec(),
    ]
    .concat()
}

/// A JPEG that lies on its side, with Exif, XMP, IPTC and a comment that say where, and a
/// film and an archive behind its end.
pub fn jpeg_with_metadata(width: u32, height: u32) -> Vec<u8> {
    let plain = jpeg(width, height);
    let mut bytes = plain[..2].to_vec();
    let exif = [b"Exif\0\0".to_vec(), exif()].concat();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".to_vec(), SECRET.to_vec()].concat();
    let iptc = [b"Photoshop 3.0\08BIM\x04\x04\0\0".to_vec(), SECRET.to_vec()].concat();
    for (marker, body) in [(0xe1, exif), (0xe1, xmp), (0xed, iptc), (0xfe, SECRET.to_vec())] {
        bytes.extend([0xff, marker]);
        bytes.extend((body.len() as u16 + 2).to_be_bytes());
        bytes.extend(body);
    }
    bytes.extend(&plain[2..]);
    bytes.extend([b"\0\0\0\x14ftypqt  ".as_slice(), SECRET, b"PK\x03\x04", SECRET].concat());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

pub fn png_chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), body].concat();
    [&(body.len() as u32).to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
}

/// A PNG with eXIf and text chunks that say where, and a page behind its end.
pub fn png_with_metadata(width: u32, height: u32) -> Vec<u8> {
    let plain = png(width, height);
    let text = [b"Comment\0".as_slice(), SECRET].concat();
    let xmp = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), SECRET].concat();
    let after_header = 8 + 25;
    [
        &plain[..after_header],
        &png_chunk(b"eXIf", &exif()),
        &png_chunk(b"tEXt", &text),
        &png_chunk(b"iTXt", &xmp),
        &plain[after_header..],
        b"<script>alert(1)</script>",
    ]
    .concat()
}

/// A GIF with a comment and an XMP block that say where, and a script behind its end.
pub fn gif_with_metadata(width: u32, height: u32) -> Vec<u8> {
    let plain = gif(width, height);
    let table = if plain[10] & 0x80 != 0 { 3 << ((plain[10] & 7) + 1) } else { 0 };
    let at = 13 + table;
    let comment = [&[0x21, 0xfe, SECRET.len() as u8], SECRET, &[0]].concat();
    let xmp = [b"\x21\xff\x0bXMP DataXMP".as_slice(), &[SECRET.len() as u8], SECRET, &[0]].concat();
    [&plain[..at], &comment, &xmp, &plain[at..], b"<script>alert(1)</script>"].concat()
}

/// A PNG whose header claims this many pixels, and has none.
pub fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &png_chunk(b"IHDR", &header),
        &png_chunk(b"IDAT", &[0; 64]),
        &png_chunk(b"IEND", b""),
    ]
    .concat()
}

/// A JPEG whose frame claims this many pixels.
pub fn jpeg_bomb(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(64, 64);
    let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A GIF of so many frames, of one pixel each, put together block by block: it goes round
/// for ever, two turns a second.
pub fn gif_of(frames: usize) -> Vec<u8> {
    let mut bytes = b"GIF89a\x02\0\x02\0\x80\0\0\xff\0\0\0\0\xff".to_vec();
    bytes.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    for frame in 0..frames {
        bytes.extend([0x21, 0xf9, 4, 0, 50, 0, 0, 0]);
        bytes.extend([
            0x2c,
            (frame % 2) as u8,
            0,
            0,
            0,
            1,
            0,
            1,
            0,
            0,
            2,
            2,
            0x44 + 8 * (frame % 2) as u8,
            1,
            0,
        ]);
    }
    bytes.push(0x3b);
    bytes
}
