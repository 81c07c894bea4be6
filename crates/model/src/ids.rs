//! Names of things. Every id is a UUIDv7 minted where the thing is born, so a
//! message, its idempotency key and its row share one id, and nothing is ever
//! matched by echo. A blob is named by the SHA-256 of its bytes.
//!
//! Invariants
//! - An id is not a secret and grants nothing; secrets are random 256-bit tokens.
//! - [`BlobHash`] is always 64 lower-case hexadecimal digits: safe as a file name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use ts_rs::TS;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl $name {
            /// Mints an id from a moment (milliseconds since 1970, UTC) and ten random bytes.
            pub fn mint(now_ms: i64, random: [u8; 10]) -> Self {
                let ms = u64::try_from(now_ms).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )*};
}

id! {
    /// One company's people, customers, conversations and policy.
    WorkspaceId,
    /// Anyone who can sign in.
    PersonId,
    /// Somebody outside who is being served.
    CustomerId,
    /// The routing unit behind the picklist; the first one shares its workspace's UUID.
    QueueId,
    /// The ordered messages with one customer and its life.
    ConversationId,
    /// A message thread among chosen people.
    GroupId,
    /// Where messages are: a conversation or a group. Shares its UUID with that.
    PlaceId,
    /// One message; the same UUID as the intent that sent it.
    MessageId,
    /// One internal note; the same UUID as the intent that kept it.
    NoteId,
    /// One canned reply.
    CannedId,
    /// What a person asked for.
    IntentId,
    /// One installed app, or one browser's profile, of one person.
    DeviceId,
}

impl From<ConversationId> for PlaceId {
    fn from(id: ConversationId) -> Self {
        Self(id.0)
    }
}

impl From<PlaceId> for ConversationId {
    fn from(id: PlaceId) -> Self {
        Self(id.0)
    }
}

impl From<GroupId> for PlaceId {
    fn from(id: GroupId) -> Self {
        Self(id.0)
    }
}

impl From<PlaceId> for GroupId {
    fn from(id: PlaceId) -> Self {
        Self(id.0)
    }
}

impl GroupId {
    /// The direct thread of two people: whoever of them starts it, offline too, starts
    /// this one. A UUIDv8 (RFC 9562 §5.8) of the first 16 bytes of the SHA-256 of the
    /// workspace's id and both of theirs, the lower one first.
    pub fn direct(workspace: WorkspaceId, one: PersonId, other: PersonId) -> Self {
        let mut hash = Sha256::new();
        for id in [workspace.0, one.min(other).0, one.max(other).0] {
            hash.update(id.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl PlaceId {
    /// Where a message thread is composed before it is begun: its draft is there.
    pub const NEW_GROUP: Self = Self(Uuid::max());
}

impl From<IntentId> for MessageId {
    fn from(id: IntentId) -> Self {
        Self(id.0)
    }
}

impl From<IntentId> for NoteId {
    fn from(id: IntentId) -> Self {
        Self(id.0)
    }
}

/// The SHA-256 of a blob's bytes, as 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct BlobHash(String);

impl BlobHash {
    /// Names `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_digest(&Sha256::digest(bytes))
    }

    /// Names the bytes whose SHA-256 digest is `digest`.
    pub fn from_digest(digest: &[u8]) -> Self {
        let mut text = String::with_capacity(digest.len() * 2);
        for byte in digest {
            text.push_str(&format!("{byte:02x}"));
        }
        Self(text)
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BlobHash {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == 64 && text.bytes().all(lower_hex) {
            Ok(Self(text))
        } else {
            Err("a blob's name is 64 lower-case hexadecimal digits")
        }
    }
}

impl FromStr for BlobHash {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl From<BlobHash> for String {
    fn from(hash: BlobHash) -> Self {
        hash.0
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobHash({}…)", &self.0[..8])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minted_ids_sort_by_their_moment() {
        let early = MessageId::mint(1_000, [255; 10]);
        let late = MessageId::mint(1_001, [0; 10]);
        assert!(early < late);
        assert_eq!(early.0.get_version_num(), 7);
    }

    #[test]
    fn two_people_have_one_direct_thread_in_a_workspace() {
        let (here, there) = (WorkspaceId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
        let (ana, bo) = (PersonId(Uuid::from_u128(3)), PersonId(Uuid::from_u128(4)));
        let direct = GroupId::direct(here, ana, bo);
        assert_eq!(direct, GroupId::direct(here, bo, ana));
        assert_ne!(direct, GroupId::direct(there, ana, bo));
        // Two versions of the app must derive the same one.
        assert_eq!(direct.to_string(), "8a9391a5-1abd-8aa3-874a-7a34e81f79c8");
        assert_eq!(direct.0.get_version_num(), 8);
    }

    /// FB14.
    #[test]
    fn a_blob_is_named_by_its_bytes_and_a_path_is_no_name() {
        let hash = BlobHash::of(b"abc");
        assert!(hash.as_str().starts_with("ba7816bf"));
        assert!(BlobHash::from_str("../../etc/passwd").is_err());
        assert!(BlobHash::from_str(&hash.as_str().to_uppercase()).is_err());
        assert!(serde_json::from_str::<BlobHash>("\"ab\"").is_err());
    }
}
