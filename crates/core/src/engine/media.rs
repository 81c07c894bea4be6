//! Photos in, pictures out.
//!
//! Invariant: bytes are durable in the profile's files before the draft mentions
//! them, and are refused in words before that if the policy does not admit them.

use super::Engine;
use crate::store::pictures::Picture;
use crate::store::{cache, drafts, outbox};
use crate::sync::pictures::fetch;
use crate::view::{Draft, DraftFile, PictureOf, Topic};
use bytes::Bytes;
use fieldline_model::text::clean_file_name;
use fieldline_model::{BlobHash, Code, FileType, MessageId, PlaceId, Problem};

impl Engine {
    /// Copies a photo's bytes into this device's storage and puts it into the draft.
    ///
    /// Errors: what [`fieldline_model::Policy::admits`] says, [`Code::FileDamaged`] of one that
    /// was cut off, [`Code::TooManyFiles`], [`Code::StorageFull`]; the draft is then as it was.
    pub async fn attach(&self, place: PlaceId, name: String, bytes: Bytes) -> Result<Draft, Problem> {
        self.attach_instead(place, None, name, bytes).await
    }

    /// As [`Engine::attach`]; with `instead` the photo takes the place of that one in the
    /// draft, which is then as if it had never been another. One that is not there any
    /// more is no hindrance.
    ///
    /// Errors: as there.
    pub async fn attach_instead(
        &self,
        place: PlaceId,
        instead: Option<BlobHash>,
        name: String,
        bytes: Bytes,
    ) -> Result<Draft, Problem> {
        let profile = self.profile()?;
        let policy = profile.run(|c| cache::policy(c)).await?;
        let size_bytes = bytes.len() as u64;
        let kind = policy.admits(&bytes[..bytes.len().min(64)], size_bytes)?;
        if !kind.is_whole(&bytes) {
            return Err(Code::FileDamaged.into());
        }
        let hash = BlobHash::of(&bytes);
        let turn = profile.files.lock().await;
        profile.blobs.put(hash.as_str(), bytes).await?;
        let file = DraftFile { hash: hash.clone(), name: clean_file_name(&name, kind), kind, size_bytes };
        let draft = profile
            .keep(move |c| {
                match instead {
                    Some(instead) => drafts::replace_file(c, place, &instead, &file)?,
                    None => drafts::add_file(c, place, &file)?,
                }
                drafts::get(c, place)
            })
            .await;
        if draft.as_ref().is_err_and(|problem| problem.code == Code::Blocked) {
            // Nothing of a wiped profile mentions it.
            let _ = profile.blobs.remove(hash.as_str()).await;
        }
        drop(turn);
        let draft = draft?;
        profile.tell([Topic::Lists, Topic::Thread { place }]);
        Ok(draft)
    }

    /// A picture's bytes: from this device when they are here, else from the
    /// server, and then kept. Of a HEIC photo that was sent from here it is what the server
    /// made, since few screens draw the photo itself.
    pub async fn picture(&self, of: PictureOf) -> Result<Bytes, Problem> {
        let profile = self.profile()?;
        let picture = match of {
            PictureOf::Blob { hash } => {
                let bytes = profile.blobs.get(hash.as_str()).await?;
                return bytes.ok_or_else(|| Code::FileMissing.into());
            }
            PictureOf::Tile { tile } => return Ok(profile.remote().tile(tile).await?),
            PictureOf::Message { message, i, rendition } => Picture { message, i, rendition },
        };
        if let Some(bytes) = profile.blobs.get(&picture.name()).await? {
            return Ok(bytes);
        }
        if let Some(bytes) = self.own_photo(picture.message, picture.i).await?
            && FileType::of(&bytes) != Some(FileType::Heic)
        {
            return Ok(bytes);
        }
        Ok(fetch(&profile, picture).await?)
    }

    /// The original of a photo that was sent from here and is still kept.
    async fn own_photo(&self, message: MessageId, i: u32) -> Result<Option<Bytes>, Problem> {
        let profile = self.profile()?;
        let files = profile.run(move |c| outbox::files(c, message.0)).await?;
        match files.get(i as usize) {
            Some(file) => profile.blobs.get(file.hash.as_str()).await,
            None => Ok(None),
        }
    }
}
