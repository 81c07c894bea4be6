//! The customer: the chat page on a phone, and the private link that brings them
//! back from any other one.

use std::path::Path;

use super::chromium::{Chromium, Frame};
use super::line::Line;
use super::screen::{Bubble, Screen};
use super::wait::soon;

/// The chat page in the customer's hands.
pub struct CustomerPage {
    screen: Screen,
}

impl CustomerPage {
    /// Opens the page on a phone of their own, which stands at this place.
    pub fn open(folder: &Path, line: Line, (latitude, longitude): (f64, f64)) -> Self {
        let mut phone = Chromium::start("customer", Frame::Phone, folder, "about:blank");
        phone.stands_at(latitude, longitude);
        phone.opens(&format!("{}/chat", line.address()));
        Self { screen: Screen::of(phone, line) }
    }

    /// The page, to be looked at.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Begins with nothing but a number, and returns the private link.
    #[track_caller]
    pub fn starts_with_number(&self, number: &str) -> String {
        self.screen.sees("start-go");
        self.screen.publishes("start");
        self.screen.types("start-phone", number);
        self.screen.taps("start-go");
        let link = soon("the customer is given a private link", || {
            let field = self.screen.driver().find("[data-testid=private-link-text]")?;
            let link = self.screen.driver().run("return arguments[0].value", &[field.as_argument()])?;
            link.as_str().filter(|link| link.contains('#')).map(str::to_owned).ok_or_else(|| link.to_string())
        });
        self.screen.publishes("private-link");
        self.screen.taps_at("#keep-done");
        link
    }

    /// Sends one message with a photo.
    #[track_caller]
    pub fn writes(&self, text: &str, photo: &Path) {
        self.screen.attaches(photo);
        self.screen.reads("tray-item", "Ready to send");
        self.screen.types("composer-box", text);
        self.screen.publishes("composer");
        self.screen.taps("send");
        self.screen.sees_bubble("their own message, sent", |bubble| {
            bubble.text.contains(text) && bubble.photos == 1 && bubble.is_sent()
        });
    }

    /// Sends where the phone is, after seeing how accurate that is.
    #[track_caller]
    pub fn sends_location(&self) {
        self.screen.taps("composer-plus");
        self.screen.taps("plus-location");
        self.screen.reads("location", "Accurate to 12");
        self.screen.publishes("location");
        self.screen.taps("location-use");
        self.screen.sees_bubble("their own location, sent", |bubble| {
            bubble.text.contains("59.9") && bubble.is_sent()
        });
    }

    /// Throws the phone away and opens the link on a new one.
    #[track_caller]
    pub fn comes_back_by(self, link: &str, folder: &Path) -> Self {
        let line = self.screen.gives_up();
        let phone = Chromium::start("customer", Frame::Phone, folder, link);
        let back = Self { screen: Screen::of(phone, line) };
        soon("the secret leaves the address bar", || {
            match back.screen.driver().run("return location.hash", &[])?.as_str() {
                Some("") => Ok(()),
                _ => Err("it is still there".to_owned()),
            }
        });
        back
    }

    /// What staff wrote to them, from the oldest.
    pub fn answers(&self) -> Result<Vec<Bubble>, String> {
        Ok(self.screen.bubbles()?.into_iter().filter(|bubble| bubble.side == "theirs").collect())
    }

    /// Waits until the page says this anywhere.
    #[track_caller]
    pub fn is_told(&self, words: &str) {
        soon(&format!("the customer is told “{words}”"), || {
            let page = self.screen.driver().run("return document.body.innerText", &[])?;
            let page = page.as_str().unwrap_or("");
            if page.contains(words) { Ok(()) } else { Err(format!("the page says “{page}”")) }
        });
    }
}
