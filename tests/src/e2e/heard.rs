//! What a screen reader makes of a page in Chromium: its tree, in reading order; what is
//! spoken unasked; and the faults axe finds.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use super::driver::Driver;
use super::process::root_folder;

/// Roles that hold others, and are said before them.
const HOLDERS: [&str; 10] =
    ["alert", "banner", "dialog", "form", "list", "listitem", "log", "main", "region", "status"];
/// Roles that are said whole, by their name.
const WHOLE: [&str; 8] =
    ["StaticText", "button", "heading", "image", "link", "menuitem", "progressbar", "textbox"];

/// From the next page on: everything that comes into a region that speaks, with how it does.
const LISTEN: &str = "
    window.spoken = [];
    new MutationObserver((all) => {
        for (const { addedNodes, target } of all) {
            const at = target instanceof Element ? target : target.parentElement;
            const region = at?.closest('[aria-live], [role=alert], [role=status], [role=log]');
            if (!region || at.closest('[hidden]')) continue;
            const how = region.getAttribute('aria-live') ?? (region.role === 'alert' ? 'assertive' : 'polite');
            for (const node of addedNodes) {
                const said = node.textContent.replace(/\\s+/g, ' ').trim();
                if (how !== 'off' && said) window.spoken.push(`${how}: ${said}`);
            }
        }
    }).observe(document, { childList: true, subtree: true });";

const AXE: &str = "
    return axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)));";

impl Driver {
    /// The page from its beginning, a line for whatever is said of it, deeper for what a
    /// landmark, a list or the log holds. Times are left out.
    pub fn heard(&self) -> Result<String, String> {
        let tree = self.devtools("Accessibility.getFullAXTree", json!({}))?;
        let nodes = tree["nodes"].as_array().ok_or("there is no tree")?;
        let mut heard = String::new();
        tell(nodes, &nodes[0], 0, &mut heard);
        Ok(heard)
    }

    /// Takes note of what is spoken unasked, on every page that is opened from now on.
    pub fn listens(&self) -> Result<(), String> {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTEN })).map(drop)
    }

    /// What was spoken unasked since the page was opened, each with how: politely, or at once.
    pub fn spoken(&self) -> Result<Vec<String>, String> {
        let spoken = self.run("return window.spoken", &[])?;
        serde_json::from_value(spoken).map_err(|error| error.to_string())
    }

    /// What axe finds wrong with the page as it is, the installed UI's own axe.
    pub fn faults(&self) -> Result<Vec<String>, String> {
        let axe = root_folder().join("ui/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(&axe).map_err(|error| format!("{}: {error}", axe.display()))?;
        let found = self.run(&format!("{axe}\n{AXE}"), &[])?;
        serde_json::from_value(found).map_err(|error| error.to_string())
    }
}

fn tell(nodes: &[Value], node: &Value, depth: usize, heard: &mut String) {
    let role = node["role"]["value"].as_str().unwrap_or("");
    let name = without_times(node["name"]["value"].as_str().unwrap_or(""));
    let ignored = node["ignored"] == true;
    let whole = !ignored && WHOLE.contains(&role);
    let holds = !ignored && HOLDERS.contains(&role);
    if (whole && !name.is_empty()) || holds {
        let role = if role == "StaticText" { String::new() } else { format!("{role} ") };
        let live = property(node, "live").filter(|live| *live != "off").map(|live| format!(" ({live})"));
        let line = format!("{role}{name}{}", live.unwrap_or_default());
        let _ = writeln!(heard, "{:1$}{2}", "", depth * 2, line.trim_end());
    }
    if whole {
        return;
    }
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = nodes.iter().find(|it| it["nodeId"] == *child) {
            tell(nodes, child, depth + usize::from(holds), heard);
        }
    }
}

fn property<'a>(node: &'a Value, wanted: &str) -> Option<&'a str> {
    let all = node["properties"].as_array()?;
    all.iter().find(|it| it["name"] == wanted)?["value"]["value"].as_str()
}

/// The words but for hours and minutes, so that a page says the same at any time of day.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| {
        let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
        digits.split_once(':').is_some_and(|(h, m)| [h, m].iter().all(|it| it.parse::<u8>().is_ok()))
    };
    let words = text.split_whitespace().filter(|word| !is_time(word) && !["AM", "PM"].contains(word));
    words.collect::<Vec<_>>().join(" ")
}
