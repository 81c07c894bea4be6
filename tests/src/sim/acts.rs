//! What a person may ask of a device, and how it is asked.

use fieldline_core::Engine;
use fieldline_core::view::{Begin, MembersChange, Typed};
use fieldline_model::{Code, IntentId, Mention, MessageId, PersonId, PlaceId, Problem};

/// A photo's bytes.
#[derive(Clone)]
pub struct Picture(pub Vec<u8>);

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a photo")
    }
}

/// What a person asks of a device.
#[derive(Clone, Debug)]
pub enum Act {
    /// Take it.
    Pick,
    /// Take it, as it is offered.
    Accept,
    /// Say something.
    Send(String),
    /// Say something with a photo.
    Photo(String, Picture),
    /// Say something to somebody who is in the thread: their mention is of it.
    Call(String, Mention),
    /// Answer a message.
    Reply(String, MessageId),
    /// End it.
    End,
    /// Take it back.
    Reopen,
    /// Keep an internal note.
    Note(String),
    /// Hand it to a colleague, or back to the picklist, with a note that may be empty.
    Transfer(Option<PersonId>, String),
    /// Delete a message.
    Delete(MessageId),
    /// Begin a message thread, perhaps with a photo.
    Start(Begin, Option<Picture>),
    /// Change who is in one.
    Members(MembersChange),
    /// Go out of it.
    Leave,
    /// Name it.
    Rename(String),
}

impl Act {
    /// Whether it is a message.
    pub fn is_message(&self) -> bool {
        match self {
            Self::Send(_) | Self::Photo(..) | Self::Call(..) | Self::Reply(..) => true,
            Self::Start(begin, photo) => !begin.text.text.is_empty() || photo.is_some(),
            _ => false,
        }
    }

    /// Whether a note comes of it.
    pub fn is_note(&self) -> bool {
        matches!(self, Self::Note(text) | Self::Transfer(_, text) if !text.is_empty())
    }
}

/// Asks it of an engine.
pub async fn does(engine: Engine, id: IntentId, place: PlaceId, act: Act) -> Result<(), Problem> {
    match act {
        Act::Pick => engine.pick(id, place).await,
        Act::Accept => engine.accept(id, place).await,
        Act::End => engine.end(id, place).await,
        Act::Reopen => engine.reopen(id, place).await,
        Act::Note(text) => engine.note(id, place, text).await,
        Act::Transfer(to, note) => engine.transfer(id, place, to, note).await,
        Act::Send(text) => engine.send(id, place, text.into()).await,
        Act::Photo(text, Picture(bytes)) => {
            engine.attach(place, "part.png".into(), bytes.into()).await?;
            engine.send(id, place, text.into()).await
        }
        Act::Call(text, whom) => engine.send(id, place, Typed { text, mentions: vec![whom] }).await,
        Act::Reply(text, to) => {
            engine.set_reply(place, Some(to)).await?;
            engine.send(id, place, text.into()).await
        }
        Act::Delete(message) => engine.delete(id, place, message).await,
        Act::Start(begin, photo) => {
            if let Some(Picture(bytes)) = photo {
                engine.attach(PlaceId::NEW_GROUP, "part.png".into(), bytes.into()).await?;
            }
            engine.start_group(id, begin).await.map(drop)
        }
        Act::Members(change) => engine.save_members(id, place, change).await,
        Act::Leave => engine.leave_group(id, place).await,
        Act::Rename(name) => engine.rename_group(id, place, name).await,
    }
}

/// Whether a refusal is one that a person may meet.
pub fn is_calm(problem: &Problem) -> bool {
    !matches!(problem.code, Code::StorageFailed | Code::StorageFull | Code::Internal | Code::BadRequest)
}
