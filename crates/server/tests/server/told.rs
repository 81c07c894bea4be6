//! What of some changes a test looks at.

use fieldline_model::change::{Change, What};
use fieldline_model::{Body, Group, Message, Record};

/// The groups that were put.
pub fn groups(changes: &[Change]) -> Vec<Group> {
    let put = |change: &Change| match &change.what {
        What::Put(Record::Group(it)) => Some((**it).clone()),
        _ => None,
    };
    changes.iter().filter_map(put).collect()
}

/// The entries.
pub fn entries(changes: &[Change]) -> Vec<Message> {
    let put = |change: &Change| match &change.what {
        What::Put(Record::Message(it)) => Some((**it).clone()),
        _ => None,
    };
    changes.iter().filter_map(put).collect()
}

/// What was said in them.
pub fn texts(changes: &[Change]) -> Vec<String> {
    let text = |it: Message| match it.body {
        Body::Said { text, .. } => Some(text),
        _ => None,
    };
    entries(changes).into_iter().filter_map(text).collect()
}
