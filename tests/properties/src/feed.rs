//! What a server says to a device, whoever the server is.

use crate::{Property, device};
use serde_json::{Value, json};
use uuid::Uuid;

/// The property.
pub const IT: Property = Property { name: "feed", holds, seeds };

/// A device applies any page of changes and every screen reads what came of it; the page again,
/// and it stays as it is. (The first time may differ from the second: who is let in again where
/// they were sent out, within one page, is told all of it anew by any server.)
fn holds(bytes: &[u8]) {
    let Ok(changes) = serde_json::from_slice::<Vec<Value>>(bytes) else { return };
    device::with(|device| {
        device.empty();
        let mut seen = Vec::new();
        for _ in 0..3 {
            device.pulls(changes.clone()).expect("any page is applied");
            seen.push(device.holds());
            device.shows();
        }
        assert_eq!(seen[1], seen[2]);
    });
}

/// An id as it stands in JSON.
fn id(of: u128) -> String {
    Uuid::from_u128(of).to_string()
}

/// Each told of, and each told of and taken back.
fn seeds() -> Vec<Vec<u8>> {
    let put = |records: Vec<Value>| -> Vec<Value> {
        let put = |(i, record): (usize, Value)| json!({"seq": i + 1, "put": record});
        records.into_iter().enumerate().map(put).collect()
    };
    let stays: Vec<Vec<Value>> = records().into_iter().map(put).collect();
    let goes = stays.iter().cloned().map(|mut changes| {
        let first = &changes[0]["put"];
        let left = json!({"kind": first["kind"], "id": first["id"], "erased": true});
        changes.push(json!({"seq": 9, "left": left}));
        changes
    });
    let pages = stays.clone().into_iter().chain(goes);
    pages.map(|changes| serde_json::to_vec(&changes).expect("JSON")).collect()
}

/// Records of every kind, those that hang together side by side.
fn records() -> [Vec<Value>; 6] {
    let ana = json!({"id": id(7), "name": "Ana"});
    let bo = json!({"id": id(8), "name": "Bo"});
    let conversation = json!({"kind": "conversation", "id": id(1), "state": "open", "agent": ana,
        "customer": {"id": id(2), "name": "Rosa", "phone": "+4790012345"}, "took_part": [ana],
        "created_at_ms": 5, "waiting_since_ms": 6, "ended_at_ms": null, "ended_by": null,
        "last": {"author": {"by": "customer"}, "text": "a", "photos": 1, "location": false, "at_ms": 6},
        "last_n": 1, "seen_n": 0, "first": true});
    let file = json!({"name": "a.jpg", "kind": "jpeg", "size_bytes": 9, "width": 4, "height": 3,
        "taken_at": "2026-03-02T09:15:00"});
    let said = |place: u128, author: &Value| {
        json!({"kind": "message", "id": id(place + 100), "place": id(place), "n": 1, "author": author,
            "at_ms": 6, "written_at_ms": 5, "body": {"what": "said", "text": "a @Bo", "files": [file],
            "location": {"latitude": 59.9, "longitude": 10.7},
            "mentions": [{"person": id(7), "at": 2, "chars": 3}]}})
    };
    let person = |card: &Value| json!({"by": "person", "id": card["id"], "name": card["name"]});
    let happened = json!({"kind": "message", "id": id(102), "place": id(1), "n": 2, "author": person(&ana),
        "at_ms": 7, "written_at_ms": 7, "body": {"what": "happened", "event": "ended"}});
    let group = json!({"kind": "group", "id": id(11), "name": null, "direct": false, "owner": id(7),
        "members": [{"person": ana, "from_n": 1}, {"person": bo, "from_n": 1, "client": true}],
        "made_at_ms": 5, "last_n": 1});
    let changed = json!({"kind": "message", "id": id(112), "place": id(11), "n": 2, "author": person(&bo),
        "at_ms": 7, "written_at_ms": 7, "body": {"what": "changed", "change": {"did": "renamed", "name": "a"}}});
    [
        vec![conversation.clone(), said(1, &json!({"by": "customer"})), happened],
        vec![
            group.clone(),
            said(11, &person(&bo)),
            changed,
            json!({"kind": "seen", "place": id(11), "by": [{"person": id(8), "n": 1}]}),
        ],
        vec![
            json!({"kind": "note", "id": id(3), "place": id(1), "author": bo, "at_ms": 6, "written_at_ms": 6,
            "text": "a"}),
            conversation,
        ],
        vec![json!({"kind": "read", "place": id(1), "person": id(7), "n": 1, "sound": "quiet"}), group],
        vec![
            json!({"kind": "person", "id": id(8), "name": "a", "role": "client", "phone": "+4790012345",
            "email": "a@b", "signed_up": true}),
            json!({"kind": "policy", "types": ["png"], "file_max_bytes": 7}),
        ],
        vec![
            json!({"kind": "queue", "id": id(4), "mode": "offer", "offer_ms": 30000}),
            json!({"kind": "offer", "conversation": id(1), "agent": id(7), "made_at_ms": 1, "expires_at_ms": 2}),
            json!({"kind": "availability", "person": id(8), "ready": "busy", "since_ms": 1}),
            json!({"kind": "canned", "id": id(5), "shortcut": "a", "text": "a {name}"}),
            json!({"kind": "me", "person": {"id": id(7), "name": "Ana", "role": "admin"}, "workspace": "W"}),
        ],
    ]
}
