//! HEIC files, put together box by box (ISO 14496-12, ISO 23008-12) around one coded tile.

use crate::pictures::{SECRET, exif};

/// Of a tile, in pixels.
const TILE: u32 = 64;

/// How the tile is coded: the body of its `hvcC` box.
const HVCC: &[u8] = &[
    0x01, 0x03, 0x70, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x1e, 0xf0, 0x00, 0xfc, 0xfd,
    0xf8, 0xf8, 0x00, 0x00, 0x0f, 0x03, 0x20, 0x00, 0x01, 0x00, 0x18, 0x40, 0x01, 0x0c, 0x01, 0xff, 0xff,
    0x03, 0x70, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x1e, 0xba, 0x02,
    0x40, 0x21, 0x00, 0x01, 0x00, 0x2a, 0x42, 0x01, 0x01, 0x03, 0x70, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00,
    0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x1e, 0xa0, 0x20, 0x81, 0x05, 0x96, 0xea, 0xe4, 0xa6, 0xb9, 0xb8,
    0x10, 0x10, 0x30, 0x20, 0x00, 0x00, 0x03, 0x00, 0x20, 0x00, 0x00, 0x03, 0x00, 0x21, 0x22, 0x00, 0x01,
    0x00, 0x06, 0x44, 0x01, 0xc1, 0x73, 0xc0, 0x89,
];

/// The tile, left half red, right half blue, by an HEVC encoder.
const CODED: &[u8] = &[
    0x00, 0x00, 0x00, 0x61, 0x28, 0x01, 0xaf, 0x13, 0x80, 0xf8, 0x10, 0xe1, 0xa7, 0xff, 0xfc, 0x1f, 0xa8,
    0xff, 0xf8, 0x77, 0xcf, 0x0f, 0xcb, 0x7a, 0xb9, 0x89, 0xff, 0xf8, 0xcb, 0x39, 0x1f, 0xd6, 0x55, 0x0f,
    0xff, 0x2e, 0xc9, 0x0e, 0xee, 0xf6, 0x13, 0x14, 0xc0, 0xf1, 0x6a, 0xb0, 0xe0, 0x7b, 0xc7, 0x0e, 0x6c,
    0x12, 0x62, 0xc3, 0x61, 0x2e, 0x34, 0x62, 0x19, 0x58, 0x99, 0x3b, 0x87, 0xda, 0xa0, 0x1f, 0xf9, 0x1f,
    0x86, 0x93, 0x14, 0xdc, 0x84, 0xf0, 0x21, 0x40, 0xab, 0x88, 0x15, 0x6e, 0x40, 0x88, 0x29, 0x53, 0xf4,
    0xf9, 0xcb, 0x73, 0x2f, 0x80, 0x24, 0x7f, 0x5a, 0xf2, 0xab, 0x62, 0xdc, 0x0f, 0x3e, 0xfb, 0xf7,
];

/// What a file is to be of.
#[derive(Clone, Copy)]
struct Plan {
    /// Of the picture, in pixels.
    size: (u32, u32),
    /// Tiles across and down.
    tiles: (u32, u32),
    /// Turns to the left, by a quarter each, that make it upright.
    turns: u8,
    /// Whether it says where it was taken, in every place there is for it.
    tells: bool,
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [(body.len() as u32 + 8).to_be_bytes().as_slice(), kind, body].concat()
}

/// With a version and no flags.
fn full(kind: &[u8; 4], version: u8, body: &[u8]) -> Vec<u8> {
    boxed(kind, &[[version, 0, 0, 0].as_slice(), body].concat())
}

fn two(number: u32) -> [u8; 2] {
    (number as u16).to_be_bytes()
}

/// A part of the file: its kind, its bytes, and which of the properties below it has.
struct Item {
    kind: &'static [u8; 4],
    body: Vec<u8>,
    properties: &'static [u8],
}

impl Plan {
    /// The picture, its tiles, and what tells: Exif, XMP, and a smaller picture.
    fn items(&self) -> Vec<Item> {
        let (across, down) = self.tiles;
        let size = [two(self.size.0), two(self.size.1)].concat();
        let grid = [[0, 0, (down - 1) as u8, (across - 1) as u8].as_slice(), &size].concat();
        let tile = || Item { kind: b"hvc1", body: CODED.to_vec(), properties: &[0x81, 2] };
        let mut items = vec![Item { kind: b"grid", body: grid, properties: &[3, 0x84] }];
        items.extend((0..across * down).map(|_| tile()));
        if self.tells {
            let exif = [b"\0\0\0\x06Exif\0\0".as_slice(), &exif()].concat();
            items.push(Item { kind: b"Exif", body: exif, properties: &[] });
            items.push(Item { kind: b"mime", body: SECRET.to_vec(), properties: &[] });
            items.push(tile());
        }
        items
    }

    fn entries(items: &[Item]) -> Vec<u8> {
        let entry = |(i, item): (usize, &Item)| {
            let names: &[u8] = if item.kind == b"mime" { b"\0application/rdf+xml\0" } else { b"\0" };
            full(b"infe", 2, &[two(i as u32 + 1).as_slice(), &[0, 0], item.kind, names].concat())
        };
        let all: Vec<u8> = items.iter().enumerate().flat_map(entry).collect();
        full(b"iinf", 0, &[two(items.len() as u32).to_vec(), all].concat())
    }

    /// Where each part is: one after the other behind `at`, all tiles the same bytes.
    fn places(items: &[Item], at: u32) -> (Vec<u8>, Vec<u8>) {
        let (mut places, mut data) = (Vec::new(), CODED.to_vec());
        for (i, item) in items.iter().enumerate() {
            let mut offset = at;
            if item.kind != b"hvc1" {
                offset += data.len() as u32;
                data.extend(&item.body);
            }
            places.extend([two(i as u32 + 1), [0, 0], [0, 1]].concat());
            places.extend([offset.to_be_bytes(), (item.body.len() as u32).to_be_bytes()].concat());
        }
        let body = [[0x44, 0].as_slice(), &two(items.len() as u32), &places].concat();
        (full(b"iloc", 0, &body), data)
    }

    fn properties(&self, items: &[Item]) -> Vec<u8> {
        let size = |(width, height): (u32, u32)| {
            full(b"ispe", 0, &[width.to_be_bytes(), height.to_be_bytes()].concat())
        };
        let all = [boxed(b"hvcC", HVCC), size((TILE, TILE)), size(self.size), boxed(b"irot", &[self.turns])];
        let mut whose = Vec::new();
        let with = items.iter().enumerate().filter(|(_, item)| !item.properties.is_empty());
        for (i, item) in with.clone() {
            whose.extend(two(i as u32 + 1));
            whose.push(item.properties.len() as u8);
            whose.extend(item.properties);
        }
        let whose = [(with.count() as u32).to_be_bytes().to_vec(), whose].concat();
        boxed(b"iprp", &[boxed(b"ipco", &all.concat()), full(b"ipma", 0, &whose)].concat())
    }

    fn references(&self) -> Vec<u8> {
        let refers = |kind, from: u32, to: Vec<u32>| {
            let to: Vec<u8> = [to.len() as u32].into_iter().chain(to).flat_map(two).collect();
            boxed(kind, &[two(from).to_vec(), to].concat())
        };
        let tiles = self.tiles.0 * self.tiles.1;
        let mut all = refers(b"dimg", 1, (2..tiles + 2).collect());
        if self.tells {
            all.extend(refers(b"cdsc", tiles + 2, vec![1]));
            all.extend(refers(b"cdsc", tiles + 3, vec![1]));
            all.extend(refers(b"thmb", tiles + 4, vec![1]));
        }
        full(b"iref", 0, &all)
    }

    fn bytes(&self) -> Vec<u8> {
        let items = self.items();
        let head = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
        let about = |at| {
            let hdlr = full(b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
            let (places, data) = Self::places(&items, at);
            let all = [
                hdlr,
                full(b"pitm", 0, &[0, 1]),
                places,
                Self::entries(&items),
                self.properties(&items),
                self.references(),
            ];
            (full(b"meta", 0, &all.concat()), data)
        };
        let at = head.len() + about(0).0.len() + 8;
        let (meta, data) = about(at as u32);
        [head, meta, boxed(b"mdat", &data)].concat()
    }
}

/// A HEIC photo of so many pixels, in tiles.
pub fn heic(width: u32, height: u32) -> Vec<u8> {
    let tiles = (width.div_ceil(TILE), height.div_ceil(TILE));
    Plan { size: (width, height), tiles, turns: 0, tells: false }.bytes()
}

/// One of 64 by 48 that lies on its side, and says where in Exif, in XMP, and carries a
/// smaller picture.
pub fn heic_with_metadata() -> Vec<u8> {
    Plan { size: (64, 48), tiles: (1, 1), turns: 3, tells: true }.bytes()
}

/// One of 65,536 tiles.
pub fn heic_bomb() -> Vec<u8> {
    let mut bytes = Plan { size: (16_384, 16_384), tiles: (1, 1), turns: 0, tells: false }.bytes();
    let grid = [0, 0, 0, 0, 0x40, 0, 0x40, 0];
    let at = bytes.windows(8).rposition(|part| part == grid).expect("a grid");
    bytes[at + 2..at + 4].copy_from_slice(&[0xff, 0xff]);
    bytes
}
