//! What people ask for, as a device or anybody else sends it.

use crate::Property;
use fieldline_model::intent::{Ask, Intent};
use serde_json::{Value, json};

/// The property.
pub const IT: Property = Property { name: "intents", holds, seeds };

/// Any bytes are an intent or none; one reads as it is written, is judged without a fault and
/// the same again, is about one place, and has no field that nobody knows. (A location and a mention
/// are parts of records, too, in which an older app passes over what a newer server adds.)
fn holds(bytes: &[u8]) {
    let Ok(intent) = serde_json::from_slice::<Intent>(bytes) else { return };
    let written = serde_json::to_string(&intent).expect("an intent is plain data");
    let again: Intent = serde_json::from_str(&written).expect("an intent reads as it was written");
    assert_eq!(serde_json::to_string(&again).unwrap(), written);
    assert_eq!(judged(&intent), judged(&again));
    assert_eq!(intent.ask.place(), again.ask.place());
    let value: Value = serde_json::from_str(&written).unwrap();
    let mut paths = Vec::new();
    objects(&value, String::new(), &mut paths);
    for path in paths {
        let mut more = value.clone();
        let place = more.pointer_mut(&path).expect("it was just there");
        place.as_object_mut().expect("an object").insert("role".into(), json!("admin"));
        assert!(serde_json::from_value::<Intent>(more).is_err(), "a field nobody knows at {path:?}");
    }
}

fn judged(intent: &Intent) -> Result<(), fieldline_model::Problem> {
    match &intent.ask {
        Ask::Send(send) => send.check(),
        Ask::Start(start) => start.check(),
        Ask::Note { text, .. } => fieldline_model::note::check_note(text),
        _ => Ok(()),
    }
}

/// Where there are objects that are of intents alone.
fn objects(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let own = fields.iter().filter(|(name, _)| !["location", "mentions"].contains(&name.as_str()));
            own.for_each(|(name, it)| objects(it, format!("{at}/{name}"), found));
            found.push(at);
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, it)| objects(it, format!("{at}/{i}"), found));
        }
        _ => {}
    }
}

fn seeds() -> Vec<Vec<u8>> {
    const ID: &str = "01939aaa-0000-7000-8000-000000000001";
    let hash = "0".repeat(64);
    let said = json!({"place": ID, "text": "Hei @Bo", "files": [{"hash": hash, "name": "a.jpg"}],
        "location": {"latitude": 59.9, "longitude": 10.7, "accuracy_m": 8.5, "fixed_at_ms": 1, "label": "Here"},
        "reply_to": ID, "mentions": [{"person": ID, "at": 4, "chars": 3}]});
    let mut send = said.clone();
    send["kind"] = json!("send");
    let asks = [
        send,
        json!({"kind": "pick", "conversation": ID}),
        json!({"kind": "end", "conversation": ID}),
        json!({"kind": "reopen", "conversation": ID}),
        json!({"kind": "accept", "conversation": ID}),
        json!({"kind": "pass", "conversation": ID}),
        json!({"kind": "read", "place": ID, "n": 7}),
        json!({"kind": "availability", "ready": "busy"}),
        json!({"kind": "transfer", "conversation": ID, "to": ID, "note": "Tall"}),
        json!({"kind": "delete", "place": ID, "message": ID}),
        json!({"kind": "note", "conversation": ID, "text": "Gate code"}),
        json!({"kind": "start", "group": ID, "people": [ID], "name": "Roof", "first": said}),
        json!({"kind": "members", "group": ID, "add": [ID], "remove": [], "history": "everything"}),
        json!({"kind": "leave", "group": ID}),
        json!({"kind": "rename", "group": ID, "name": "Cellar"}),
        json!({"kind": "sound", "place": ID, "sound": "quiet"}),
    ];
    let intent =
        |ask| json!({"id": ID, "written_at_ms": 7, "needs": ID, "ask": ask}).to_string().into_bytes();
    asks.into_iter().map(intent).collect()
}
