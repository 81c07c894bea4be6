//! What a person does in lists and conversations, on any [`Screen`].

use std::path::Path;

use serde_json::json;

use super::driver::Element;
use super::hand::Hand;
use super::screen::{Screen, named};
use super::wait::soon;

/// From the middle of a phone's row towards its end, clear of the edge of the screen,
/// where a finger is the system's.
const ROW_END: i64 = 130;

/// Control and v, as WebDriver writes them.
const PASTE: &str = "\u{E009}v\u{E000}";
const COPY_PICTURE: &str = "
    window.copied = 'not yet';
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#2f6f5e';
    brush.fillRect(40, 40, 240, 120);
    const png = new Promise((done) => canvas.toBlob(done, 'image/png'));
    arguments[0].addEventListener('click', () => navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
        .then(() => { window.copied = 'copied'; }, (refusal) => { window.copied = String(refusal); }), { once: true });";
/// Well past the threshold of a pull.
const PULL: i64 = 180;

impl Screen {
    /// Waits until the list shown has a row with these words, and returns the row's.
    #[track_caller]
    pub fn sees_row(&self, words: &str) -> String {
        soon(&format!("{} sees a row of {words}", self.device.name()), || self.row(words)).1
    }

    /// Waits until the list shown has no such row.
    #[track_caller]
    pub fn sees_no_row(&self, words: &str) {
        soon(&format!("{} sees no row of {words}", self.device.name()), || match self.row(words) {
            Ok((_, text)) => Err(format!("there is “{text}”")),
            Err(_) => Ok(()),
        });
    }

    fn row(&self, words: &str) -> Result<(Element, String), String> {
        let mut others = Vec::new();
        for row in self.shown("row")? {
            let text = self.driver().text(&row)?;
            if text.contains(words) {
                return Ok((row, text));
            }
            others.push(text.replace('\n', " · "));
        }
        Err(format!("the rows are {others:?}"))
    }

    /// Opens the thread of the row with this name.
    #[track_caller]
    pub fn opens(&self, name: &str) {
        self.opens_row(name);
        self.reads("thread-title", name);
    }

    /// Opens the thread of the row with these words, whatever its name.
    #[track_caller]
    pub fn opens_row(&self, words: &str) {
        soon(&format!("{} opens {words}", self.device.name()), || {
            let (row, _) = self.row(words)?;
            self.tap(&row)
        });
    }

    /// Sends what stands in the box.
    #[track_caller]
    pub fn says(&self, text: &str) {
        self.types("composer-box", text);
        self.taps("send");
    }

    /// Adds the first emoji of the panel to the text.
    #[track_caller]
    pub fn adds_an_emoji(&self) {
        self.taps("emoji-open");
        self.taps("emoji");
        if self.shown("emoji").is_ok_and(|emoji| !emoji.is_empty()) {
            self.taps("emoji-open");
        }
    }

    /// Ticks somebody in the contact list, or no longer.
    #[track_caller]
    pub fn ticks(&self, name: &str) {
        soon(&format!("{} ticks {name}", self.device.name()), || {
            let mut others = Vec::new();
            for contact in self.shown("contact")? {
                let text = self.driver().text(&contact)?;
                if text.contains(name) {
                    return self.tap(&contact);
                }
                others.push(text.replace('\n', " · "));
            }
            Err(format!("the contacts are {others:?}"))
        });
    }

    /// Takes somebody who is chosen out again, by the button on their chip.
    #[track_caller]
    pub fn takes_out(&self, name: &str) {
        let chip = format!("{} button[aria-label*=\"{name}\"]", named("contact-chip"));
        // The list of people stands above the screen it was opened from.
        let above = format!("dialog[open] {chip}");
        let is_above = self.driver().all(&above).is_ok_and(|all| !all.is_empty());
        self.taps_at(if is_above { &above } else { &chip });
    }

    /// Waits until these are the people who are chosen, by name, in any order.
    #[track_caller]
    pub fn has_chosen(&self, names: &[&str]) {
        soon(&format!("{} has chosen {names:?}", self.device.name()), || {
            let mut chosen = Vec::new();
            // The list of people stands above the screen it was opened from.
            let chips = named("contact-chip");
            let above = self.driver().all(&format!("dialog[open] {chips}"))?;
            let chips = if above.is_empty() { self.shown("contact-chip")? } else { above };
            for chip in chips {
                chosen.push(self.driver().text(&chip)?);
            }
            let fits = chosen.len() == names.len()
                && names.iter().all(|name| chosen.iter().any(|chip| chip.contains(name)));
            if fits { Ok(()) } else { Err(format!("{chosen:?} are chosen")) }
        });
    }

    /// Opens the menu of the row with these words.
    #[track_caller]
    pub fn opens_menu_of(&self, words: &str) {
        if self.device.hand() == Hand::Keys {
            return soon(&format!("{} opens the menu of {words}", self.device.name()), || {
                let (row, _) = self.row(words)?;
                Hand::Keys.asks_for_menu(self.driver(), &row)
            });
        }
        self.taps_at(&format!("{}[aria-label*=\"{words}\"]", named("row-menu")));
    }

    /// Opens the menu of the message with these words: by a long press, or a right click.
    #[track_caller]
    pub fn opens_menu_of_message(&self, words: &str) {
        soon(&format!("{} opens the menu of “{words}”", self.device.name()), || {
            for message in self.driver().all(&format!("{} .box", named("bubble")))? {
                if self.driver().text(&message)?.contains(words) {
                    self.driver()
                        .run("arguments[0].scrollIntoView({ block: 'center' })", &[message.as_argument()])?;
                    return self.device.hand().asks_for_menu(self.driver(), &message);
                }
            }
            Err("it is not there".to_owned())
        });
    }

    /// Draws the row with these words aside, from near its end, by so many pixels.
    #[track_caller]
    pub fn swipes(&self, words: &str, by: i64) {
        soon(&format!("{} swipes {words}", self.device.name()), || {
            let (row, _) = self.row(words)?;
            self.driver().run("arguments[0].scrollIntoView({ block: 'nearest' })", &[row.as_argument()])?;
            self.driver().drag(&row, ROW_END, (-by, 0))
        });
    }

    /// Pulls down what is at the top of a timeline, far enough for it to count.
    #[track_caller]
    pub fn pulls_down(&self, testid: &str) {
        soon(&format!("{} pulls {testid} down", self.device.name()), || {
            let top = self.shown(testid)?.into_iter().next().ok_or("it is not to be seen")?;
            self.driver().run("arguments[0].scrollIntoView()", &[top.as_argument()])?;
            self.driver().drag(&top, 0, (0, PULL))
        });
    }

    /// Attaches a photo from the plus button's *Gallery*.
    #[track_caller]
    pub fn attaches(&self, photo: &Path) {
        self.attaches_together(&[photo]);
    }

    /// The same with several at once.
    #[track_caller]
    pub fn attaches_together(&self, photos: &[&Path]) {
        self.taps("composer-plus");
        self.taps("plus-gallery");
        self.chooses_photos(photos);
    }

    /// Chooses files where *Gallery* asks for them.
    #[track_caller]
    pub fn chooses_photos(&self, photos: &[&Path]) {
        self.device.choose_from_gallery(photos);
    }

    /// Files that are kept come into this folder.
    #[track_caller]
    pub fn keeps_files_in(&self, folder: &Path) {
        self.device.keep_files_in(folder);
    }

    /// Says what the file that is being kept is called, where the system asks.
    #[track_caller]
    pub fn names_the_file(&self, file: &Path) {
        self.device.name_file(file);
    }

    /// Closes the system's picker without choosing.
    #[track_caller]
    pub fn closes_the_picker(&self) {
        self.device.close_picker();
    }

    /// The system's own camera gives this photo back.
    #[track_caller]
    pub fn takes_with_the_systems_camera(&self, photo: &Path) {
        let photo = photo.to_str().expect("a plain path");
        let input = self.driver().find(&named("camera-input"));
        let taken = input.and_then(|input| self.driver().press(&input, photo));
        taken.expect("the camera's file box takes a file");
    }

    /// Lets the page have the camera; who is not asked, and says nothing, denies it.
    #[track_caller]
    pub fn allows_the_camera(&self) {
        self.allows("videoCapture");
    }

    /// Lets the page notify.
    #[track_caller]
    pub fn allows_notifications(&self) {
        self.allows("notifications");
    }

    #[track_caller]
    fn allows(&self, what: &str) {
        let allowed = json!({ "permissions": [what] });
        self.driver().devtools("Browser.grantPermissions", allowed).expect("a permission can be granted");
    }

    /// Pastes what the clipboard holds into the box: a picture, or words.
    #[track_caller]
    pub fn pastes(&self, testid: &str) {
        soon(&format!("{} pastes", self.device.name()), || {
            let field = self.shown(testid)?.into_iter().next().ok_or("there is no box")?;
            self.driver().press(&field, PASTE)
        });
    }

    /// Puts a drawn picture onto the clipboard, by a tap on this box, as any other page would.
    #[track_caller]
    pub fn copies_a_picture(&self, testid: &str) {
        soon("the box is tapped", || {
            let field = self.shown(testid)?.into_iter().next().ok_or("there is no box")?;
            self.driver().run(COPY_PICTURE, &[field.as_argument()])?;
            self.driver().click(&field)
        });
        soon("a picture is copied", || match self.driver().run("return window.copied", &[])?.as_str() {
            Some("copied") => Ok(()),
            other => Err(format!("{other:?}")),
        });
    }
}
