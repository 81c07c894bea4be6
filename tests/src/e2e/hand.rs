//! What acts on a screen: a finger, a mouse, or a keyboard alone.
//!
//! The keyboard goes where a person's goes: Tab from where it stands, arrows where a
//! group is walked by arrows, Enter on what has the focus. Nothing is given the focus
//! by a script, so what Tab does not come to is not reached.

use serde_json::json;

use super::driver::{Driver, Element};

/// What a device is held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// A touch screen.
    Finger,
    /// A mouse, and keys for words.
    Mouse,
    /// Keys for everything.
    Keys,
}

/// Keys, as WebDriver writes them.
pub(super) const TAB: char = '\u{E004}';
const ENTER: char = '\u{E007}';
const SHIFT: char = '\u{E008}';
const SPACE: char = ' ';
const UP: char = '\u{E013}';
const DOWN: char = '\u{E015}';
const RIGHT: char = '\u{E014}';
const F10: char = '\u{E03A}';

/// More stops than any screen has.
const STOPS: usize = 160;

/// Which key leads from what has the focus to an element; *here* when it has it, and
/// *Space* when it is one that Space chooses.
const NEXT_KEY: &str = "
    const row = arguments[0].matches('[data-testid=row]') ? arguments[0].querySelector('a') : arguments[0];
    const wanted = row.closest('label')?.control ?? row;
    const now = document.activeElement;
    const has = now === wanted || (wanted.contains(now) && !wanted.matches('.bubble *'));
    if (has && wanted.matches('[type=radio], [type=checkbox]')) return 'space';
    if (has) return 'here';
    const bubble = wanted.closest('.bubble');
    if (now.matches('.bubble') && bubble) {
        if (now === bubble) return wanted.matches('a, button') ? 'tab' : 'here';
        return now.compareDocumentPosition(bubble) & Node.DOCUMENT_POSITION_FOLLOWING ? 'down' : 'up';
    }
    if (now.matches('[role^=menuitem]')) return 'down';
    const group = now.closest('[role=tablist], [role=listbox]');
    if (group?.contains(wanted) && now.matches('[role=tab]')) return 'right';
    if (group?.contains(wanted) && now.matches('[role=option]')) {
        return now.getBoundingClientRect().top < wanted.getBoundingClientRect().top ? 'down' : 'up';
    }
    if (now.matches('[type=radio]') && now.name === wanted.name) return 'down';
    return 'tab';";

impl Hand {
    /// Does what the element is there for.
    pub(super) fn taps(self, driver: &Driver, element: &Element) -> Result<(), String> {
        match self {
            Self::Finger => driver.touch(element),
            Self::Mouse => driver.click(element),
            Self::Keys => driver.key(reach(driver, element)?),
        }
    }

    /// Asks what may be done with an element: a finger rests on it, the mouse's other
    /// button, Shift and F10.
    pub(super) fn asks_for_menu(self, driver: &Driver, element: &Element) -> Result<(), String> {
        match self {
            Self::Finger | Self::Mouse => driver.ask_for_menu(element, self == Self::Finger),
            Self::Keys => reach(driver, element).and_then(|_| driver.keys(&[SHIFT, F10])),
        }
    }

    /// Makes ready to type into a field.
    pub(super) fn comes_to(self, driver: &Driver, field: &Element) -> Result<(), String> {
        match self {
            Self::Finger | Self::Mouse => Ok(()),
            Self::Keys => reach(driver, field).map(drop),
        }
    }
}

/// Goes to an element by keys, and returns the one that acts on it.
fn reach(driver: &Driver, element: &Element) -> Result<char, String> {
    for _ in 0..STOPS {
        let next = driver.run(NEXT_KEY, &[element.as_argument()])?;
        let key = match next.as_str() {
            Some("here") => return Ok(ENTER),
            Some("space") => return Ok(SPACE),
            Some("up") => UP,
            Some("down") => DOWN,
            Some("right") => RIGHT,
            _ => TAB,
        };
        driver.key(key)?;
    }
    let now = driver.run("return document.activeElement.outerHTML.slice(0, 120)", &[])?;
    Err(format!("Tab does not come to it; at last it is at {}", json!(now)))
}
