//! What is typed: a text, and who is mentioned in it.

use fieldline_model::Mention;
use fieldline_model::mention::check_mentions;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A text with its mentions. A text alone says that it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(from = "AnyTyped")]
#[ts(type = "string | { text: string, mentions: Array<Mention> }")]
pub struct Typed {
    /// As it was typed.
    pub text: String,
    /// In the order of their ranges.
    pub mentions: Vec<Mention>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AnyTyped {
    Plain(String),
    With { text: String, mentions: Vec<Mention> },
}

impl From<AnyTyped> for Typed {
    fn from(it: AnyTyped) -> Self {
        match it {
            AnyTyped::Plain(text) => text.into(),
            AnyTyped::With { text, mentions } => Self { text, mentions },
        }
    }
}

impl From<String> for Typed {
    fn from(text: String) -> Self {
        Self { text, mentions: Vec::new() }
    }
}

impl From<&str> for Typed {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Typed {
    /// This and, on a line of its own, another; of what is empty nothing.
    pub fn and(mut self, other: Self) -> Self {
        self.text.truncate(self.text.trim_end().len());
        if check_mentions(&self.text, &self.mentions).is_err() {
            self.mentions.clear();
        }
        if self.text.is_empty() {
            return other;
        }
        if !other.text.is_empty() {
            self.text.push('\n');
            let before = self.text.chars().count() as u32;
            self.text.push_str(&other.text);
            self.mentions.extend(other.mentions.iter().map(|it| Mention { at: it.at + before, ..*it }));
        }
        self
    }
}

/// Somebody who is mentioned in a bubble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mentioned {
    /// Which character of the text it begins with, from 0; characters are Unicode scalar values.
    pub at: u32,
    /// How many characters it has.
    pub chars: u32,
    /// Whether that is me.
    pub me: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::PersonId;
    use uuid::Uuid;

    fn mention(at: u32, chars: u32) -> Mention {
        Mention { person: PersonId(Uuid::from_u128(3)), at, chars }
    }

    #[test]
    fn a_text_alone_is_read_as_one_without_mentions() {
        assert_eq!(serde_json::from_str::<Typed>("\"Hi\"").unwrap(), Typed::from("Hi"));
        let with = r#"{"text":"@Bo","mentions":[{"person":"00000000-0000-0000-0000-000000000003","at":0,"chars":3}]}"#;
        let typed = Typed { text: "@Bo".into(), mentions: vec![mention(0, 3)] };
        assert_eq!(serde_json::from_str::<Typed>(with).unwrap(), typed);
    }

    #[test]
    fn what_stands_behind_another_text_keeps_its_mentions_in_their_places() {
        let bo = || Typed { text: "@Bo".into(), mentions: vec![mention(0, 3)] };
        let first = Typed { text: "é @Bo \n".into(), mentions: vec![mention(2, 3)] };
        let both = first.and(bo());
        assert_eq!((both.text.as_str(), both.mentions), ("é @Bo\n@Bo", vec![mention(2, 3), mention(6, 3)]));
        assert_eq!(Typed::from("  ").and(bo()), bo());
        assert_eq!(bo().and("".into()), bo());
    }
}
