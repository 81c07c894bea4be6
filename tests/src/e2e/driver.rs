//! WebDriver, the dozen commands of it that the flows use: JSON over HTTP.
//!
//! Errors are sentences: a flow that is waiting for something takes them for "not
//! yet", and only its deadline makes them a failure.

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use serde_json::{Value, json};

use super::wait::settled;

/// The key the standard gives to a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// In how many parts a finger goes its way.
const DRAG_STEPS: i64 = 6;

pub(super) static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let builder = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(40));
    builder.build().expect("the harness's client can be made")
});

/// A session with one window.
pub struct Driver {
    session: String,
}

/// Something on the page; gone when the page draws it anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element(String);

impl Element {
    /// As an argument of a script.
    pub fn as_argument(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

impl Driver {
    /// Asks the driver at this port for a session.
    pub fn begin(port: u16, capabilities: &Value) -> Result<Self, String> {
        let base = format!("http://127.0.0.1:{port}/session");
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let begun = ask("POST", &base, Some(body))?;
        let id = begun["sessionId"].as_str().ok_or_else(|| format!("no session in {begun}"))?;
        Ok(Self { session: format!("{base}/{id}") })
    }

    fn get(&self, path: &str) -> Result<Value, String> {
        ask("GET", &format!("{}/{path}", self.session), None)
    }

    fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        ask("POST", &format!("{}/{path}", self.session), Some(body))
    }

    /// Opens an address.
    pub fn open(&self, address: &str) -> Result<(), String> {
        self.post("url", json!({ "url": address })).map(drop)
    }

    /// The first element that fits.
    pub fn find(&self, css: &str) -> Result<Element, String> {
        let found = self.post("element", json!({ "using": "css selector", "value": css }))?;
        reference(&found).ok_or_else(|| format!("no element in {found}"))
    }

    /// All that fit, in the page's order.
    pub fn all(&self, css: &str) -> Result<Vec<Element>, String> {
        let found = self.post("elements", json!({ "using": "css selector", "value": css }))?;
        Ok(references(&found))
    }

    /// A click as a person's: refused when something covers the element.
    pub fn click(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("element/{}/click", element.0), json!({})).map(drop)
    }

    /// Presses keys in it; a file box takes paths, one a line.
    pub fn press(&self, element: &Element, keys: &str) -> Result<(), String> {
        self.post(&format!("element/{}/value", element.0), json!({ "text": keys })).map(drop)
    }

    /// The text people see. The page is asked: WebKit's driver leaves out what is cut
    /// short with an ellipsis.
    pub fn text(&self, element: &Element) -> Result<String, String> {
        let text = self.run("return arguments[0].innerText", &[element.as_argument()])?;
        Ok(text.as_str().unwrap_or("").to_owned())
    }

    /// What a script returns; its body sees `arguments`.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.post("execute/sync", json!({ "script": script, "args": arguments }))
    }

    /// A press of one key in whatever has the focus.
    pub fn key(&self, key: char) -> Result<(), String> {
        self.keys(&[key])
    }

    /// The same of several together, such as Control and f.
    pub fn keys(&self, keys: &[char]) -> Result<(), String> {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key }));
        let pressed: Vec<_> = down.chain(up).collect();
        self.post("actions", json!({ "actions": [{ "type": "key", "id": "keys", "actions": pressed }] }))
            .map(drop)
    }

    /// A finger on the middle of the element.
    pub fn touch(&self, element: &Element) -> Result<(), String> {
        let at = element.as_argument();
        let tap = json!([
            { "type": "pointerMove", "duration": 0, "origin": at, "x": 0, "y": 0 },
            { "type": "pointerDown", "button": 0 },
            { "type": "pause", "duration": 30 },
            { "type": "pointerUp", "button": 0 },
        ]);
        self.finger(&tap)
    }

    /// A finger that comes down on the element, so far beside its middle, goes so many
    /// pixels across and down, and lets go.
    pub fn drag(&self, element: &Element, beside: i64, (across, down): (i64, i64)) -> Result<(), String> {
        let at = element.as_argument();
        let mut drag = vec![
            json!({ "type": "pointerMove", "duration": 0, "origin": at, "x": beside, "y": 0 }),
            json!({ "type": "pointerDown", "button": 0 }),
        ];
        let part = |whole: i64, step: i64| whole * step / DRAG_STEPS - whole * (step - 1) / DRAG_STEPS;
        drag.extend((1..=DRAG_STEPS).map(|step| {
            let (x, y) = (part(across, step), part(down, step));
            json!({ "type": "pointerMove", "duration": 40, "origin": "pointer", "x": x, "y": y })
        }));
        drag.push(json!({ "type": "pointerUp", "button": 0 }));
        self.finger(&json!(drag))
    }

    /// What opens a menu: a finger that rests on the element's middle, or the mouse's
    /// other button.
    pub fn ask_for_menu(&self, element: &Element, finger: bool) -> Result<(), String> {
        let at = element.as_argument();
        let (button, rests_ms) = if finger { (0, 900) } else { (2, 0) };
        let actions = json!([
            { "type": "pointerMove", "duration": 0, "origin": at, "x": 0, "y": 0 },
            { "type": "pointerDown", "button": button },
            { "type": "pause", "duration": rests_ms },
            { "type": "pointerUp", "button": button },
        ]);
        if finger {
            return self.finger(&actions);
        }
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.post("actions", json!({ "actions": [mouse] })).map(drop)
    }

    fn finger(&self, actions: &Value) -> Result<(), String> {
        let finger = json!({ "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": actions });
        self.post("actions", json!({ "actions": [finger] })).map(drop)
    }

    /// A command of Chromium's own protocol.
    pub fn devtools(&self, command: &str, parameters: Value) -> Result<Value, String> {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
    }

    /// What the page complained of since the last time this was asked; only Chromium
    /// tells.
    pub fn console(&self) -> Vec<String> {
        let entries = self.post("se/log", json!({ "type": "browser" })).unwrap_or_default();
        let lines = entries.as_array().into_iter().flatten();
        lines.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    /// The window's content as a PNG. WebKit's driver hangs on it.
    pub fn picture(&self) -> Result<Vec<u8>, String> {
        let picture = self.get("screenshot")?;
        let text = picture.as_str().unwrap_or("");
        base64::engine::general_purpose::STANDARD.decode(text).map_err(|error| error.to_string())
    }

    /// The tab that is looked at.
    pub fn tab(&self) -> Result<String, String> {
        self.get("window").map(|tab| tab.as_str().unwrap_or("").to_owned())
    }

    /// Opens an address in another tab and looks at that.
    pub fn open_tab(&self, address: &str) -> Result<(), String> {
        self.open_beside("tab", address)
    }

    /// Opens an address in a window beside this one, and looks at both.
    pub fn open_window(&self, address: &str) -> Result<(), String> {
        self.open_beside("window", address)
    }

    fn open_beside(&self, kind: &str, address: &str) -> Result<(), String> {
        let opened = self.post("window/new", json!({ "type": kind }))?;
        self.turn_to(opened["handle"].as_str().unwrap_or(""))?;
        self.open(address)
    }

    /// Looks at another tab.
    pub fn turn_to(&self, tab: &str) -> Result<(), String> {
        self.post("window", json!({ "handle": tab })).map(drop)
    }

    /// Puts the window away, as a person does: its page is not seen any more.
    pub fn minimize(&self) -> Result<(), String> {
        self.post("window/minimize", json!({})).map(drop)
    }

    /// Closes the tab that is looked at, and looks at another.
    pub fn close_tab(&self, next: &str) -> Result<(), String> {
        ask("DELETE", &format!("{}/window", self.session), None)?;
        self.turn_to(next)
    }

    /// Ends the session, and the window with it.
    pub fn end(&self) -> Result<(), String> {
        ask("DELETE", &self.session, None).map(drop)
    }
}

fn reference(value: &Value) -> Option<Element> {
    value[ELEMENT].as_str().map(|id| Element(id.to_owned()))
}

/// The elements in what a script returned.
pub(super) fn references(value: &Value) -> Vec<Element> {
    value.as_array().into_iter().flatten().filter_map(reference).collect()
}

/// One request of the protocol; its answer's `value`.
fn ask(method: &str, address: &str, body: Option<Value>) -> Result<Value, String> {
    let method = method.parse::<reqwest::Method>().map_err(|error| error.to_string())?;
    let mut request = CLIENT.request(method, address);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let text = settled(async { request.send().await?.text().await });
    let text = text.map_err(|error| format!("the driver does not answer: {error}"))?;
    let mut answer: Value = serde_json::from_str(&text).map_err(|_| format!("the driver says {text}"))?;
    match answer["value"]["error"].as_str() {
        Some(error) => Err(format!("{error}: {}", first_line(&answer["value"]["message"]))),
        None => Ok(answer["value"].take()),
    }
}

fn first_line(message: &Value) -> &str {
    message.as_str().unwrap_or("").lines().next().unwrap_or("")
}
