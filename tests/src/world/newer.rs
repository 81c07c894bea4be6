//! Answers as a newer server may give them: every object has a field nobody here knows, and
//! every list of changes begins and ends with a record of a kind nobody here knows.

use bytes::Bytes;
use fieldline_core::remote::WireBody;
use futures_util::StreamExt;
use serde_json::{Value, json};

/// The same answer, of a newer server. What is no JSON stays as it is.
pub(super) fn answer(answer: http::Response<WireBody>) -> http::Response<WireBody> {
    let kind = answer.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    match kind.map(str::to_owned) {
        Some(kind) if kind.starts_with("application/json") => answer.map(whole),
        Some(kind) if kind.starts_with("text/event-stream") => answer.map(events),
        _ => answer,
    }
}

fn whole(mut body: WireBody) -> WireBody {
    let read = async move {
        let mut bytes = Vec::new();
        while let Some(part) = body.next().await {
            bytes.extend_from_slice(&part?);
        }
        Ok(renewed(&bytes))
    };
    futures_util::stream::once(read).boxed()
}

/// Every event comes in a part of its own here: the server writes it so.
fn events(body: WireBody) -> WireBody {
    let stranger = Bytes::from("event: juggled\ndata: {\"balls\":3}\n\n");
    let event = |part: Bytes| {
        let text = String::from_utf8_lossy(&part).into_owned();
        let line = |line: &str| match line.strip_prefix("data:") {
            Some(data) => format!("data: {}", String::from_utf8_lossy(&renewed(data.trim().as_bytes()))),
            None => line.to_owned(),
        };
        let lines: Vec<String> = text.split('\n').map(line).collect();
        Bytes::from(lines.join("\n"))
    };
    let parts = body.map(move |part| part.map(event));
    futures_util::stream::once(async move { Ok(stranger) }).chain(parts).boxed()
}

fn renewed(bytes: &[u8]) -> Bytes {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(mut value) => {
            renew(&mut value);
            value.to_string().into()
        }
        Err(_) => Bytes::copy_from_slice(bytes),
    }
}

fn renew(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                renew(field);
                if let (Value::Array(list), "records" | "changes" | "messages") = (field, name.as_str()) {
                    let stranger = json!({ "seq": 1, "put": { "kind": "juggling", "balls": 3 } });
                    list.insert(0, stranger.clone());
                    list.push(stranger);
                }
            }
            fields.insert("since_0_9".into(), json!({ "deep": [1, "two", null] }));
        }
        Value::Array(list) => list.iter_mut().for_each(renew),
        _ => {}
    }
}
