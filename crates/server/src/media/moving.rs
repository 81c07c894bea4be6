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
