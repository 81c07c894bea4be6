//! What a person asks for. An intent is minted on the device with its own id,
//! serialised once, and safe to send twice: those bytes are stored, sent and hashed.

use crate::change::SoundLevel;
use crate::code::{Code, Problem};
use crate::group::History;
use crate::ids::{ConversationId, GroupId, IntentId, MessageId, PersonId, PlaceId};
use crate::location::Location;
use crate::mention::{Mention, check_mentions};
use crate::message::FileRef;
use crate::offer::Ready;
use crate::policy::FILES_MAX;
use crate::text::check_text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing a person asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// Idempotency key; for a message also its id.
    pub id: IntentId,
    /// By the device's clock; only ever shown.
    #[ts(type = "number")]
    pub written_at_ms: i64,
    /// The intent that must be accepted before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<IntentId>,
    /// What is asked.
    pub ask: Ask,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Ask {
    /// Take a waiting conversation.
    Pick {
        /// Which.
        conversation: ConversationId,
    },
    /// Send a message.
    Send(Send),
    /// End a conversation.
    End {
        /// Which.
        conversation: ConversationId,
    },
    /// Take an ended conversation back.
    Reopen {
        /// Which.
        conversation: ConversationId,
    },
    /// Everything up to `n` was read.
    Read {
        /// Where.
        place: PlaceId,
        /// The highest number seen.
        #[ts(type = "number")]
        n: i64,
    },
    /// Take an offered conversation.
    Accept {
        /// Which.
        conversation: ConversationId,
    },
    /// Let an offered conversation go on to the next agent.
    Pass {
        /// Which.
        conversation: ConversationId,
    },
    /// Set one's own availability.
    Availability {
        /// To what.
        ready: Ready,
    },
    /// Hand one's own open conversation to a colleague, or back to the picklist.
    Transfer {
        /// Which.
        conversation: ConversationId,
        /// To whom; to nobody is back to the picklist.
        #[serde(default)]
        to: Option<PersonId>,
        /// An internal note for whoever has it next; may be empty.
        #[serde(default)]
        note: String,
    },
    /// Delete a message of one's own, for everybody.
    Delete {
        /// Where it is.
        place: PlaceId,
        /// Which.
        message: MessageId,
    },
    /// Keep an internal note with a conversation.
    Note {
        /// Which.
        conversation: ConversationId,
        /// 1 to [`crate::policy::TEXT_MAX_CHARS`] characters.
        text: String,
    },
    /// Begin a message thread, with its first message.
    Start(Start),
    /// Change who is in a group, against what was shown; all of it or nothing.
    Members {
        /// Which.
        group: GroupId,
        /// Who is to be in it.
        #[serde(default)]
        add: Vec<PersonId>,
        /// Who is not.
        #[serde(default)]
        remove: Vec<PersonId>,
        /// From where those who come read.
        #[serde(default)]
        history: History,
    },
    /// Go out of a group.
    Leave {
        /// Which.
        group: GroupId,
    },
    /// Name a group.
    Rename {
        /// Which.
        group: GroupId,
        /// At most 120 characters; empty takes the name away.
        name: String,
    },
    /// Set how loud the news of a place is for oneself.
    Sound {
        /// Which.
        place: PlaceId,
        /// Nothing: as each device is set.
        #[serde(default)]
        sound: Option<SoundLevel>,
    },
}

/// A message thread to be begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Minted where it is begun; that of a direct thread is [`GroupId::direct`].
    pub group: GroupId,
    /// Who beside oneself; one alone makes it a direct thread, which may be there already.
    pub people: Vec<PersonId>,
    /// At most 120 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// The first message, to this group; its id is the intent's.
    #[serde(default)]
    pub first: Option<Send>,
}

impl Start {
    /// Refuses what no server would take.
    pub fn check(&self) -> Result<(), Problem> {
        match &self.first {
            Some(first) if first.place != self.group.into() => Err(Code::BadRequest.into()),
            Some(first) => first.check(),
            None => Ok(()),
        }
    }
}

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Where to; fixed when the first key is pressed.
    pub place: PlaceId,
    /// May be empty when there is a photo or a location.
    #[serde(default)]
    pub text: String,
    /// At most [`FILES_MAX`].
    #[serde(default)]
    pub files: Vec<FileRef>,
    /// Where its author is.
    #[serde(default)]
    pub location: Option<Location>,
    /// The message of the same place that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// Who is mentioned in the text: members of the thread, in the order of their ranges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
}

impl Send {
    /// A message of nothing but a text.
    pub fn text(place: PlaceId, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { place, text, files: Vec::new(), location: None, reply_to: None, mentions: Vec::new() }
    }

    /// Refuses what no server would take: nothing at all, too much, no place on earth.
    pub fn check(&self) -> Result<(), Problem> {
        check_text(&self.text)?;
        check_mentions(&self.text, &self.mentions)?;
        if self.files.len() > FILES_MAX {
            return Err(Problem::limit(Code::TooManyFiles, FILES_MAX as u64));
        }
        if let Some(location) = &self.location {
            location.check()?;
        }
        if self.text.trim().is_empty() && self.files.is_empty() && self.location.is_none() {
            return Err(Code::MessageEmpty.into());
        }
        Ok(())
    }
}

impl Ask {
    /// The message in it, if there is one.
    pub fn said(&self) -> Option<&Send> {
        match self {
            Self::Send(send) => Some(send),
            Self::Start(start) => start.first.as_ref(),
            _ => None,
        }
    }

    /// The place it is about: intents of one place keep their order.
    pub fn place(&self) -> PlaceId {
        match self {
            Self::Pick { conversation }
            | Self::End { conversation }
            | Self::Reopen { conversation }
            | Self::Transfer { conversation, .. }
            | Self::Note { conversation, .. } => (*conversation).into(),
            Self::Send(send) => send.place,
            Self::Read { place, .. } | Self::Delete { place, .. } => *place,
            Self::Accept { conversation } | Self::Pass { conversation } => (*conversation).into(),
            Self::Start(start) => start.group.into(),
            Self::Members { group, .. } | Self::Leave { group } | Self::Rename { group, .. } => {
                (*group).into()
            }
            Self::Sound { place, .. } => *place,
            // About no place: a lane of its own.
            Self::Availability { .. } => PlaceId(uuid::Uuid::nil()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_intent_reads_as_the_api_page_shows_it() {
        let intent = Intent {
            id: IntentId(Uuid::from_u128(1)),
            written_at_ms: 7,
            needs: None,
            ask: Ask::Send(Send::text(PlaceId(Uuid::from_u128(2)), "Hei")),
        };
        let json = r#"{"id":"00000000-0000-0000-0000-000000000001","written_at_ms":7,"ask":{"kind":"send","place":"00000000-0000-0000-0000-000000000002","text":"Hei","files":[],"location":null}}"#;
        assert_eq!(serde_json::to_string(&intent).unwrap(), json);
        assert_eq!(serde_json::from_str::<Intent>(json).unwrap(), intent);
    }

    #[test]
    fn fields_nobody_asked_for_are_refused() {
        let json = r#"{"id":"00000000-0000-0000-0000-000000000001","written_at_ms":7,"role":"admin","ask":{"kind":"pick","conversation":"00000000-0000-0000-0000-000000000002"}}"#;
        assert!(serde_json::from_str::<Intent>(json).is_err());
    }

    #[test]
    fn an_empty_message_is_refused_and_a_bare_location_is_not() {
        let place = PlaceId(Uuid::from_u128(2));
        let mut send = Send::text(place, " \n");
        assert_eq!(send.check(), Err(Code::MessageEmpty.into()));
        send.location = Some(Location {
            latitude: 59.9,
            longitude: 10.7,
            accuracy_m: None,
            fixed_at_ms: None,
            label: None,
        });
        assert!(send.check().is_ok());
    }
}
