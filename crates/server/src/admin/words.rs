//! The verbs at the command line: words become an ask by the very description of
//! [`AdminAsk`] that the API's document is made of, so a verb needs no line here.
//!
//! `edit-person --id … --enabled false` is `{"ask": "edit_person", "id": …, "enabled": false}`: hyphens
//! are underscores; a list is parted by commas; what has more shape than that is JSON.

use fieldline_model::AdminAsk;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One verb, as it is asked in words.
pub struct Verb {
    /// `add-person`.
    pub name: String,
    /// What it takes: `name`, `file-max-bytes`.
    pub options: Vec<String>,
    fields: Map<String, Value>,
    described: Value,
}

/// Every verb, in the order of [`AdminAsk`].
pub fn verbs() -> Vec<Verb> {
    let described = Value::from(schemars::schema_for!(AdminAsk));
    let all = described["oneOf"].as_array().cloned().unwrap_or_default();
    all.into_iter().filter_map(|one| verb(&described, one)).collect()
}

/// One of them.
pub fn named(name: &str) -> Option<Verb> {
    verbs().into_iter().find(|verb| verb.name == name)
}

fn verb(described: &Value, one: Value) -> Option<Verb> {
    let mut fields = one["properties"].as_object()?.clone();
    let tag = fields.remove("ask")?;
    let name = spoken(tag["const"].as_str()?);
    let shared = resolved(described, &one)["properties"].as_object().cloned();
    fields.extend(shared.unwrap_or_default().into_iter().filter(|(field, _)| field != "ask"));
    let options = fields.keys().map(|field| spoken(field)).collect();
    Some(Verb { name, options, fields, described: described.clone() })
}

fn spoken(field: &str) -> String {
    field.replace('_', "-")
}

/// What `$ref` names, else the same.
fn resolved<'d>(described: &'d Value, schema: &'d Value) -> &'d Value {
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    name.map_or(schema, |name| &described["$defs"][name])
}

impl Verb {
    /// Whether it takes an option.
    pub fn takes(&self, option: &str) -> bool {
        self.options.iter().any(|known| known == option)
    }

    /// The ask that `words` make of it.
    ///
    /// Errors: a sentence about the option that cannot be.
    pub fn ask(&self, words: BTreeMap<String, String>) -> Result<AdminAsk, String> {
        let mut ask = Map::new();
        ask.insert("ask".into(), self.name.replace('-', "_").into());
        for (option, word) in words {
            let field = option.replace('-', "_");
            let schema = self.fields.get(&field).ok_or_else(|| format!("--{option} is not understood"))?;
            let value = self.value(schema, &word).ok_or_else(|| format!("--{option} cannot be {word}"))?;
            ask.insert(field, value);
        }
        let read = serde_json::from_value(Value::Object(ask));
        read.map_err(|why| format!("{} is not asked so: {why}", self.name))
    }

    /// What a word means where the description says what is there.
    fn value(&self, schema: &Value, word: &str) -> Option<Value> {
        let schema = resolved(&self.described, schema);
        if let Some(choices) = schema["anyOf"].as_array() {
            let known = choices.iter().find(|choice| choice["type"] != "null")?;
            return self.value(known, word);
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.clone(),
            one => vec![one.clone()],
        };
        let kind = kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null");
        match kind {
            Some("integer") => word.parse::<i64>().ok().map(Value::from),
            Some("boolean") => word.parse::<bool>().ok().map(Value::from),
            Some("array") if !word.starts_with('[') => {
                let parts = word.split(',').map(str::trim).filter(|part| !part.is_empty());
                Some(parts.map(|part| Value::from(part.to_owned())).collect())
            }
            Some("array" | "object") => serde_json::from_str(word).ok(),
            _ => Some(word.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::admin::desk::PolicyRules;
    use fieldline_model::admin::people::EditPerson;
    use fieldline_model::{FileType, Module, PersonId};

    fn ask(verb: &str, words: &[(&str, &str)]) -> Result<AdminAsk, String> {
        let words = words.iter().map(|(option, word)| ((*option).into(), (*word).into()));
        named(verb).unwrap().ask(words.collect())
    }

    #[test]
    fn words_become_the_ask_that_the_screens_ask() {
        let id = PersonId(uuid::Uuid::from_u128(1));
        let words = [("id", "00000000-0000-0000-0000-000000000001"), ("modules", "messaging.company")];
        let modules = Some(vec![Module::MessagingCompany]);
        assert_eq!(
            ask("edit-person", &words),
            Ok(AdminAsk::EditPerson(EditPerson { modules, ..EditPerson::of(id) }))
        );
        let words = [("types", "gif, png"), ("file-max-bytes", "200000"), ("devices-max", "3")];
        let rules = PolicyRules {
            types: vec![FileType::Gif, FileType::Png],
            file_max_bytes: 200_000,
            devices_max: Some(3),
        };
        assert_eq!(ask("set-policy", &words), Ok(AdminAsk::SetPolicy(rules)));
        let words = [("hours", r#"{"zone":"UTC","days":[[],[],[],[],[],[],[]]}"#), ("greeting", "Hi")];
        let Ok(AdminAsk::SetChatPage(page)) = ask("set-chat-page", &words) else { panic!("a page") };
        assert_eq!((page.hours.unwrap().days.len(), page.greeting.as_str()), (7, "Hi"));
        assert_eq!(ask("queues", &[]), Ok(AdminAsk::Queues));
        assert!(ask("queues", &[("typo", "1")]).unwrap_err().contains("--typo"));
        assert!(ask("set-policy", &[("file-max-bytes", "much")]).unwrap_err().contains("much"));
        assert!(named("juggle").is_none());
    }

    #[test]
    fn every_verb_has_words_and_the_audits_words_are_the_same() {
        let described = Value::from(schemars::schema_for!(AdminAsk));
        assert_eq!(verbs().len(), described["oneOf"].as_array().unwrap().len());
        for asked in [AdminAsk::Queues, AdminAsk::Policy, AdminAsk::ChatPage, AdminAsk::Canned] {
            assert!(named(&asked.verb().replace('_', "-")).is_some());
        }
    }
}
