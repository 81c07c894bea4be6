//! A GIF that moves, written anew: its frames' pixels, times and places, and how often it
//! goes round. Comments, programs' own blocks and whatever stands behind its end stay
//! behind, since they are never read into anything that is written.

use super::picture::{DISPLAY_SIDE, bearable};
use fieldline_model::{Code, Problem, gif_frames};
use gif::{ColorOutput, DecodeOptions, Encoder, MemoryLimit};
use std::num::NonZeroU64;

/// More frames than anybody draws: a bomb, refused.
const FRAMES_MAX: usize = 1_000;
/// The most pixels of all frames together that still move; more is shown still.
const MOVING_PIXELS_MAX: u64 = 150_000_000;
/// The most bytes of a rendition that moves; more is shown still.
const MOVING_BYTES_MAX: usize = 8 << 20;
/// The most bytes a frame may take while it is decoded.
const FRAME_BYTES_MAX: u64 = 64 << 20;

/// The same moving picture, made anew; none of one that stands still, or is shown still
/// because it is too much.
///
/// Refuses with *picture_too_large* more than [`FRAMES_MAX`] frames, counted before any is
/// decoded, or a canvas of too many pixels.
pub fn again(bytes: &[u8]) -> Result<Option<Vec<u8>>, Problem> {
    let Some(frames) = gif_frames(bytes) else { return Err(Code::FileDamaged.into()) };
    let canvas = |at: usize| bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
    let (width, height) = (u32::from(canvas(6)), u32::from(canvas(8)));
    bearable(width, height)?;
    if frames.len() > FRAMES_MAX {
        return Err(Problem::limit(Code::PictureTooLarge, FRAMES_MAX as u64));
    }
    let pixels: u64 = frames.iter().sum();
    if frames.len() < 2 || width.max(height) > DISPLAY_SIDE || pixels > MOVING_PIXELS_MAX {
        return Ok(None);
    }
    let made = written(bytes).map_err(|_| Problem::new(Code::FileDamaged))?;
    Ok(Some(made).filter(|made| made.len() <= MOVING_BYTES_MAX))
}

fn written(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    let most = NonZeroU64::new(FRAME_BYTES_MAX).ok_or("no limit")?;
    options.set_memory_limit(MemoryLimit::Bytes(most));
    let mut old = options.read_info(bytes)?;
    let palette = old.global_palette().unwrap_or_default().to_vec();
    let mut new = Encoder::new(Vec::new(), old.width(), old.height(), &palette)?;
    let mut first = true;
    while let Some(frame) = old.read_next_frame()?.cloned() {
        // How often it goes round is known by now, and is said before the first frame.
        if std::mem::take(&mut first) {
            new.set_repeat(old.repeat())?;
        }
        new.write_frame(&frame)?;
        if new.get_ref().len() > MOVING_BYTES_MAX {
            break;
        }
    }
    Ok(new.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::FileType;

    /// A GIF of so many frames as large as its canvas, each of one colour; with `noise`, of chance.
    fn gif((width, height): (u16, u16), frames: usize, noise: bool) -> Vec<u8> {
        let palette: Vec<u8> = (0..=255).flat_map(|shade| [shade, shade, 80]).collect();
        let mut encoder = Encoder::new(Vec::new(), width, height, &palette).unwrap();
        let mut state = 1_u32;
        let mut chance = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if noise { (state >> 24) as u8 } else { 7 }
        };
        for _ in 0..frames {
            let pixels = (0..usize::from(width) * usize::from(height)).map(|_| chance()).collect::<Vec<_>>();
            encoder.write_frame(&gif::Frame::from_indexed_pixels(width, height, pixels, None)).unwrap();
        }
        encoder.into_inner().unwrap()
    }

    /// The same without its pixels: what is judged before any is decoded.
    fn claimed((width, height): (u16, u16), frames: usize) -> Vec<u8> {
        let mut bytes = b"GIF89a\x02\0\x02\0\0\0\0".to_vec();
        for _ in 0..frames {
            let [w, h] = [width, height].map(u16::to_le_bytes);
            bytes.extend([0x2c, 0, 0, 0, 0, w[0], w[1], h[0], h[1], 0, 2, 1, 0x44, 0]);
        }
        bytes.push(0x3b);
        bytes
    }

    fn moves(bytes: &[u8]) -> Result<bool, Code> {
        again(bytes).map(|made| made.is_some()).map_err(|problem| problem.code)
    }

    #[test]
    fn what_moves_is_shown_still_from_where_it_would_be_too_much() {
        assert_eq!(moves(&gif((9, 9), 1, false)), Ok(false), "one frame stands still");
        assert_eq!(
            (moves(&gif((2048, 1), 2, false)), moves(&gif((2049, 1), 2, false))),
            (Ok(true), Ok(false))
        );
        // 37 frames of 2000 × 2000 are 148 million pixels, 38 are 152: only the first are decoded, in vain.
        let large = |frames| moves(&claimed((2_000, 2_000), frames));
        assert_eq!((large(37), large(38)), (Err(Code::FileDamaged), Ok(false)));
        assert_eq!(moves(&gif((1_000, 1_000), 5, true)), Ok(true), "less than 8 MiB");
        assert_eq!(moves(&gif((1_000, 1_000), 9, true)), Ok(false), "more than 8 MiB");
        assert_eq!(
            (moves(&gif((1, 1), 1_000, false)), moves(&gif((1, 1), 1_001, false))),
            (Ok(true), Err(Code::PictureTooLarge))
        );
    }

    #[test]
    fn what_is_shown_still_is_its_first_frame_as_a_jpeg() {
        let made = super::super::here(&gif((2049, 3), 2, false)).unwrap();
        assert!(!made.facts.moves);
        assert_eq!((FileType::of(&made.display), made.facts.width), (Some(FileType::Jpeg), 2048));
    }
}
