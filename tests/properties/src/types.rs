//! The type of a file, told from its bytes.

use crate::Property;
use fieldline_model::{Code, FileType, Policy};
use image::ImageFormat;

/// The property.
pub const IT: Property = Property { name: "types", holds, seeds: crate::decode::seeds };

/// A file's type is that of another reader, told by its first bytes alone; whether it is whole
/// is told of any bytes, and is not changed by what stands behind its end.
fn holds(bytes: &[u8]) {
    let kind = FileType::of(bytes);
    assert_eq!(kind, FileType::of(&bytes[..bytes.len().min(32)]), "by the first bytes alone");
    let other = match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => Some(FileType::Png),
        Ok(ImageFormat::Jpeg) => Some(FileType::Jpeg),
        Ok(ImageFormat::Gif) => Some(FileType::Gif),
        _ => None,
    };
    assert_eq!(kind.filter(|kind| *kind != FileType::Heic), other, "as another reader tells it");
    let size_bytes = bytes.len() as u64;
    let policy = Policy { file_max_bytes: size_bytes, ..Policy::default() };
    assert_eq!(policy.admits(bytes, size_bytes).ok(), kind);
    assert_eq!(policy.admits(bytes, size_bytes + 1).ok(), None);
    for of in FileType::ALL {
        let only = Policy { types: vec![of], ..policy.clone() };
        assert_eq!(only.admits(bytes, size_bytes).is_ok(), kind == Some(of));
        assert!(kind.is_some() || only.admits(bytes, 0) == Err(Code::FileNotPicture.into()));
        // A box's own length may reach over whatever is put behind it.
        if of.is_whole(bytes) && of != FileType::Heic {
            assert!(
                of.is_whole(&[bytes, b"\0a film"].concat()),
                "{of:?}: what stands behind the end is no fault"
            );
        }
    }
}
