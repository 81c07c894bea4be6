//! What a person does with the app and what they see of it, the same words for the
//! app's window, a wide browser and a phone's.
//!
//! Everything is found by the names that `ui/src/testids.ts` promises, never by how
//! it looks. Each act waits until what it acts on is there.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::driver::{Driver, Element};
use super::hand::Hand;
use super::line::Line;
use super::people::{Account, PASSWORD};
use super::pictures::{keep_picture, publish_picture};
use super::wait::{eventually, seconds, soon};

/// Where the screens of one person are shown.
pub trait Device {
    /// For pictures and logs.
    fn name(&self) -> &str;
    /// Drives its window.
    fn driver(&self) -> &Driver;
    /// SIGKILL to everything of it, at once.
    fn kill(&mut self);
    /// Starts it again on the same data.
    fn start_again(&mut self);
    /// Says why its sign-in would not outlive a kill yet.
    fn keeps_sign_in(&self) -> Result<(), String> {
        Ok(())
    }
    /// What it is held by.
    fn hand(&self) -> Hand {
        Hand::Mouse
    }
    /// Chooses files where *Gallery* asks for them.
    fn choose_from_gallery(&self, photos: &[&Path]);
    /// Lets files that are kept come into this folder, where nobody is asked for one.
    fn keep_files_in(&self, _folder: &Path) {}
    /// Names the file that is being kept, where the system asks.
    fn name_file(&self, _file: &Path) {}
    /// Closes the system's picker without choosing; a browser's page is not told.
    fn close_picker(&self) {}
    /// What it shows, as a PNG.
    fn photograph(&self) -> Vec<u8>;
}

/// One message as the thread shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Bubble {
    /// The message's id.
    pub id: String,
    /// `waiting`, `sending`, `sent`, `seen` or `stuck`; others' have none.
    pub mark: String,
    /// On whose side it stands: `ours` or `theirs`, on the customer's page `mine`
    /// or `theirs`.
    pub side: String,
    /// Its words, with time and author.
    pub text: String,
    /// How many of its photos are drawn, every byte of them.
    pub photos: usize,
}

impl Bubble {
    /// Whether the server has it; the other side may have seen it by now.
    pub fn is_sent(&self) -> bool {
        self.mark == "sent" || self.mark == "seen"
    }
}

/// A device in its person's hands, and its way to the server.
pub struct Screen {
    pub(super) device: Box<dyn Device>,
    line: Arc<Line>,
}

/// The key as WebDriver names it; WebKit's knows no *select all*.
const BACKSPACE: &str = "\u{E003}";

/// The elements that fit and that a person can see.
const SHOWN: &str = "
    return [...document.querySelectorAll(arguments[0])].filter((element) => {
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.height === 0 || box.right <= 0 || box.left >= innerWidth) return false;
        return getComputedStyle(element).visibility !== 'hidden' && !element.closest('[inert]');
    });";

/// Why a tap on the middle of an element would come to nothing; the drivers tap
/// what is switched off without a word.
const IN_THE_WAY: &str = "
    const element = arguments[0];
    if (element.matches(':disabled')) return 'it is switched off';
    const moves = document.getAnimations().some((animation) => animation.playState === 'running'
        && animation.effect?.getComputedTiming().endTime !== Infinity && animation.effect.target?.contains(element));
    if (moves) return 'it is still moving';
    element.scrollIntoView({ block: 'nearest' });
    const box = element.getBoundingClientRect();
    const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return element.contains(met) ? null : 'something covers it';";

/// How many parts are on their way: moved by an animation that ends, or pictures.
const MOVING: &str = "
    const moves = document.getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity
            && animation.playState === 'running');
    const loads = [...document.images].filter((image) => !image.complete);
    return moves.length + loads.length;";

const BUBBLES: &str = "
    return [...document.querySelectorAll('[data-testid=bubble]:not([data-event])')].map((bubble) => ({
        id: bubble.dataset.id ?? '',
        mark: bubble.dataset.mark ?? '',
        side: bubble.dataset.side ?? '',
        text: bubble.innerText,
        photos: [...bubble.querySelectorAll('[data-testid=photo] img, img[data-testid=photo]')]
            .filter((photo) => photo.complete && photo.naturalWidth > 0).length,
    }));";

impl Screen {
    /// A device that reaches the server by this line.
    pub fn of(device: impl Device + 'static, line: impl Into<Arc<Line>>) -> Self {
        Self { device: Box::new(device), line: line.into() }
    }

    /// Its window.
    pub fn driver(&self) -> &Driver {
        self.device.driver()
    }

    /// Its way to the server.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// Throws the device away and keeps its way to the server.
    pub fn gives_up(self) -> Arc<Line> {
        Arc::clone(&self.line)
    }

    /// Keeps a photograph of it, called after the device and what it shows.
    pub fn photograph(&self, what: &str) {
        keep_picture(&format!("{}-{what}", self.device.name()), &self.device.photograph());
    }

    /// The same for the documentation: nothing on it moves any more.
    #[track_caller]
    pub fn publishes(&self, what: &str) {
        soon("the screen is still", || match self.driver().run(MOVING, &[])?.as_u64() {
            Some(0) => Ok(()),
            moving => Err(format!("{moving:?} parts move or load")),
        });
        publish_picture(&format!("{}-{what}", self.device.name()), &self.device.photograph());
    }

    /// Whether a finger is what acts on it.
    pub fn is_touched(&self) -> bool {
        self.device.hand() == Hand::Finger
    }

    // ----- looking

    /// The elements of this name that a person can see.
    pub fn shown(&self, testid: &str) -> Result<Vec<Element>, String> {
        self.shown_by(&named(testid))
    }

    fn shown_by(&self, css: &str) -> Result<Vec<Element>, String> {
        let found = self.driver().run(SHOWN, &[json!(css)])?;
        Ok(super::driver::references(&found))
    }

    fn first_shown(&self, css: &str) -> Result<Element, String> {
        self.shown_by(css)?.into_iter().next().ok_or_else(|| format!("{css} is not to be seen"))
    }

    /// The words in the first element of this name.
    pub fn text_of(&self, testid: &str) -> Result<String, String> {
        let element = self.first_shown(&named(testid))?;
        self.driver().text(&element)
    }

    /// What the box of this name holds.
    pub fn value_of(&self, testid: &str) -> Result<String, String> {
        let field = self.first_shown(&named(testid))?;
        let held = self.driver().run("return arguments[0].value", &[field.as_argument()])?;
        Ok(held.as_str().unwrap_or("").to_owned())
    }

    /// Waits until the element of this name shows these words.
    #[track_caller]
    pub fn reads(&self, testid: &str, words: &str) {
        soon(&format!("{} reads “{words}” in {testid}", self.device.name()), || {
            let text = self.text_of(testid)?;
            if text.contains(words) { Ok(()) } else { Err(format!("it reads “{text}”")) }
        });
    }

    /// Waits until they are asked something with these words.
    #[track_caller]
    pub fn is_asked(&self, words: &str) {
        soon(&format!("{} is asked about {words}", self.device.name()), || {
            let question = self.driver().text(&self.first_shown("[role=alertdialog]")?)?;
            if question.contains(words) { Ok(()) } else { Err(format!("it asks “{question}”")) }
        });
    }

    /// Waits until something of this name is there.
    #[track_caller]
    pub fn sees(&self, testid: &str) {
        soon(&format!("{} sees {testid}", self.device.name()), || self.first_shown(&named(testid)));
    }

    /// Waits until nothing of this name is there.
    #[track_caller]
    pub fn sees_no(&self, testid: &str) {
        soon(&format!("{} sees no {testid}", self.device.name()), || match self.shown(testid)?.len() {
            0 => Ok(()),
            count => Err(format!("{count} are there")),
        });
    }

    /// The messages of the open thread, from the oldest.
    pub fn bubbles(&self) -> Result<Vec<Bubble>, String> {
        let found = self.driver().run(BUBBLES, &[])?;
        serde_json::from_value(found).map_err(|error| error.to_string())
    }

    /// Waits until the thread has a message with these words, and it is so.
    #[track_caller]
    pub fn sees_bubble(&self, what: &str, fits: impl Fn(&Bubble) -> bool) -> Bubble {
        soon(&format!("{} sees {what}", self.device.name()), || {
            let bubbles = self.bubbles()?;
            bubbles.iter().find(|bubble| fits(bubble)).cloned().ok_or_else(|| format!("{bubbles:?}"))
        })
    }

    // ----- acting

    /// Taps what a person can see of this name.
    #[track_caller]
    pub fn taps(&self, testid: &str) {
        self.taps_at(&named(testid));
    }

    /// The same for what has no name of its own.
    #[track_caller]
    pub(super) fn taps_at(&self, css: &str) {
        soon(&format!("{} taps {css}", self.device.name()), || {
            let element = self.first_shown(css)?;
            self.tap(&element)
        });
    }

    pub(super) fn tap(&self, element: &Element) -> Result<(), String> {
        let in_the_way = self.driver().run(IN_THE_WAY, &[element.as_argument()])?;
        match in_the_way.as_str() {
            Some(reason) => Err(reason.to_owned()),
            None => self.device.hand().taps(self.driver(), element),
        }
    }

    /// Types into the box of this name, in place of what it holds.
    #[track_caller]
    pub fn types(&self, testid: &str, text: &str) {
        soon(&format!("{} types into {testid}", self.device.name()), || {
            let field = self.first_shown(&named(testid))?;
            let held = self.driver().run("return arguments[0].value", &[field.as_argument()])?;
            let held = held.as_str().unwrap_or("").chars().count();
            self.device.hand().comes_to(self.driver(), &field)?;
            self.driver().press(&field, &format!("{}{text}", BACKSPACE.repeat(held)))
        });
    }

    /// Goes to a section of the sidebar (`messaging`, `picklist`, `conversations`,
    /// `history`, `outbox`, `settings`), from wherever they are.
    #[track_caller]
    pub fn goes_to(&self, section: &str) {
        let way = [format!("nav-{section}"), "nav-open".into(), "thread-back".into()];
        soon(&format!("{} goes to {section}", self.device.name()), || {
            for step in &way {
                let Ok(element) = self.first_shown(&named(step)) else { continue };
                self.tap(&element)?;
                return if *step == way[0] { Ok(()) } else { Err(format!("only {step} is there")) };
            }
            Err("there is no way to it".to_owned())
        });
    }

    /// Presses Esc, which closes what stands above the screen.
    #[track_caller]
    pub fn presses_escape(&self) {
        self.driver().key('\u{E00C}').expect("a key can be pressed");
    }

    /// Chooses one of a few, as the settings show them.
    #[track_caller]
    pub fn chooses(&self, testid: &str, value: &str) {
        self.taps_at(&format!("{} label:has(input[value={value}])", named(testid)));
        soon(&format!("{value} is chosen"), || {
            self.driver().find(&format!("{}[data-value={value}]", named(testid)))
        });
    }

    /// Signs in; the address is typed where the device asks for one.
    #[track_caller]
    pub fn signs_in(&self, account: Account) {
        self.tries_to_sign_in(account, PASSWORD, &self.line.address());
        eventually(&format!("{} is signed in", account.name), seconds(20), || {
            match self.text_of("sign-in-problem") {
                Ok(problem) => Err(problem),
                Err(_) if self.shown("sign-in-submit")?.is_empty() => Ok(()),
                Err(_) => Err("the sign-in is still shown".to_owned()),
            }
        });
    }

    /// Fills in the sign-in and submits it.
    #[track_caller]
    pub fn tries_to_sign_in(&self, account: Account, password: &str, server: &str) {
        self.sees("sign-in-submit");
        if self.shown("sign-in-server").is_ok_and(|boxes| !boxes.is_empty()) {
            self.types("sign-in-server", server);
        }
        self.types("sign-in-login", account.login);
        self.types("sign-in-password", password);
        self.taps("sign-in-submit");
    }

    /// SIGKILL to the whole device, and a new start on the same data. A browser writes
    /// cookies to disk only every half minute: this waits for that, so that it is
    /// not the sign-in that is tried here.
    #[track_caller]
    pub fn is_killed_and_started_again(&mut self) {
        eventually("the sign-in is on disk", seconds(45), || self.device.keeps_sign_in());
        self.device.kill();
        self.device.start_again();
    }
}

impl Drop for Screen {
    /// What it showed when a story failed is worth a thousand words.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let words = self.driver().run("return document.body.innerText", &[]);
        eprintln!(
            "{} shows: {}",
            self.device.name(),
            words.map_or_else(|error| error, |text| text.to_string())
        );
        for line in self.driver().console() {
            eprintln!("{} console: {line}", self.device.name());
        }
        keep_picture(&format!("failed-{}", self.device.name()), &self.device.photograph());
    }
}

pub(super) fn named(testid: &str) -> String {
    format!("[data-testid={testid}]")
}
