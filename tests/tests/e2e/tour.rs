//! A walk through every screen of the demo that `make run` shows, wide in the app and
//! narrow on a phone: each does what it says, and is photographed.

use std::fs;
use std::sync::Arc;

use fieldline_tests::e2e::{App, Around, Bubble, Bus, Chromium, DemoCard, Frame, House, Screen, soon};

use crate::groups::comes_to_the_contacts;
use crate::stage::{folder, stage};

/// Whose conversation the walk stays at.
const OPEN: &str = "Henrik Dahl";
const ANSWER: &str = "Thank you, that helps. I will be with you before three";

#[test]
fn the_demo_stands_on_every_screen_of_the_app() {
    let (house, card) = House::demo(&folder("demo"));
    let line = Arc::new(house.line());
    let handed = folder("handed").join("sign-in.json");
    let card = DemoCard { server: line.address(), ..card };
    fs::write(&handed, serde_json::to_vec(&card).unwrap()).unwrap();
    let home = folder("app");
    let around = Around { bus: Bus::start("app", &home), demo: Some(handed), camera: false };
    let app = App::start_among("app", &stage().display, &home, around);
    let app = Screen::of(app, line);
    arrives(&app);
    reads(&app);
    meets_the_threads(&app);
    finds_no_camera(&app);
    is_refused(&app);
    app.attaches(&stage().fixtures.new);
    types_coordinates(&app);
    answers_without_a_network(&app);
    minds_the_end(&app);
    looks_around(&app);
}

#[test]
fn the_demo_stands_on_every_screen_of_a_phone() {
    let (house, card) = House::demo(&folder("demo"));
    let line = house.line();
    let mut phone = Chromium::start("phone", Frame::Phone, &folder("phone"), "about:blank");
    phone.stands_at(59.9275, 10.7461);
    phone.opens(&format!("{}/#demo={}:{}", line.address(), card.login, card.password));
    let phone = Screen::of(phone, line);
    arrives(&phone);
    reads(&phone);
    meets_the_threads(&phone);
    is_refused(&phone);
    phone.attaches(&stage().fixtures.new);
    is_where_it_stands(&phone);
    answers_without_a_network(&phone);
    minds_the_end(&phone);
    looks_around(&phone);
}

/// The sign-in is filled in; the lists are there.
fn arrives(screen: &Screen) {
    screen.sees("sign-in-submit");
    screen.publishes("sign-in");
    screen.taps("sign-in-submit");
    screen.goes_to("picklist");
    screen.sees_row("Rosa Díaz");
    screen.publishes("picklist");
    screen.types("search", "e04");
    screen.sees_no_row("Rosa Díaz");
    screen.sees_row("Jonas Berg");
    screen.publishes("search");
    screen.types("search", "");
    screen.opens_menu_of("Rosa Díaz");
    screen.sees("menu-pick");
    screen.publishes("row-menu");
    screen.presses_escape();
    screen.opens("Rosa Díaz");
    screen.sees_bubble("the radiator", |bubble| bubble.photos == 1);
    screen.sees("pick");
    screen.publishes("waiting-conversation");
}

fn reads(screen: &Screen) {
    screen.goes_to("conversations");
    screen.sees_row(OPEN);
    screen.publishes("conversations");
    screen.opens(OPEN);
    screen.sees_bubble("the pipe", |bubble| bubble.photos == 1);
    screen.publishes("conversation");
    screen.taps("photo");
    screen.sees("viewer");
    screen.publishes("viewer");
    screen.taps("viewer-close");
    screen.sees_no("viewer");
    screen.taps("composer-plus");
    screen.sees("plus-gallery");
    screen.publishes("plus");
    screen.presses_escape();
    screen.sees_no("plus-gallery");
}

fn meets_the_threads(screen: &Screen) {
    screen.goes_to("messaging");
    screen.sees_row("On call this week");
    screen.sees("mentioned");
    screen.publishes("messaging");
    screen.opens("On call this week");
    screen.reads("mention", "@Ana Solberg");
    screen.publishes("mention");
    screen.goes_to("messaging");
    screen.opens("Fjord Hotel: boiler room");
    screen.reads("customers-bar", "2 customers are in this group");
    screen.publishes("thread");
    if screen.is_touched() {
        screen.taps("to-bar");
        screen.taps("add-remove-users");
    } else {
        screen.taps("see-users");
    }
    screen.sees("contact");
    screen.publishes("members");
    screen.presses_escape();
    screen.sees_no("members");
    screen.goes_to("messaging");
    comes_to_the_contacts(screen);
    screen.ticks("Bo Eriksen");
    screen.ticks("Solveig Nygård");
    screen.sees("customers-warning");
    screen.publishes("new-thread");
    if screen.is_touched() {
        screen.taps("picker-done");
    }
    screen.taps("thread-back");
    screen.goes_to("conversations");
    screen.opens(OPEN);
}

/// Nor is there one of these where tests run.
fn finds_no_camera(screen: &Screen) {
    screen.taps("composer-plus");
    screen.taps("plus-camera");
    screen.reads("camera", "No camera was found");
    screen.publishes("no-camera");
    screen.presses_escape();
    screen.sees_no("camera");
}

/// A picture that a broken copy left.
fn is_refused(screen: &Screen) {
    screen.attaches(&stage().fixtures.torn);
    screen.reads("tray-problem", "cut off or damaged");
    match screen.is_touched() {
        true => screen.publishes("refused"),
        false => screen.photograph("refused"),
    }
}

/// There is no sensor where tests run.
fn types_coordinates(screen: &Screen) {
    screen.taps("composer-plus");
    screen.taps("plus-location");
    screen.types("location-coordinates", "59.9275, 10.7461");
    screen.publishes("location");
    screen.taps("location-use");
    is_in_the_tray(screen);
}

fn is_where_it_stands(screen: &Screen) {
    screen.taps("composer-plus");
    screen.taps("plus-location");
    screen.sees("location-add");
    screen.publishes("location");
    screen.taps("location-add");
    is_in_the_tray(screen);
}

fn is_in_the_tray(screen: &Screen) {
    soon("photo and place are in the tray", || match screen.shown("tray-item")?.len() {
        2 => Ok(()),
        count => Err(format!("it holds {count}")),
    });
}

fn answers_without_a_network(screen: &Screen) {
    screen.types("composer-box", ANSWER);
    screen.taps("emoji-open");
    screen.sees("emoji");
    screen.publishes("emoji");
    screen.presses_escape();
    screen.publishes("composer");
    screen.line().cut();
    screen.taps("send");
    let ours = |bubble: &Bubble| bubble.text.contains(ANSWER) && bubble.photos == 1;
    screen.sees_bubble("the answer, waiting", |bubble| ours(bubble) && bubble.mark == "waiting");
    screen.publishes("offline");
    screen.goes_to("outbox");
    screen.sees("outbox-row");
    screen.publishes("outbox");
    screen.line().heal();
    screen.taps("outbox-send-all");
    screen.sees_no("outbox-row");
    screen.goes_to("conversations");
    screen.opens(OPEN);
    screen.sees_bubble("the answer, sent", |bubble| ours(bubble) && bubble.is_sent());
}

fn minds_the_end(screen: &Screen) {
    screen.taps("thread-menu");
    screen.sees("menu-end");
    screen.publishes("menu");
    screen.taps("menu-end");
    screen.is_asked(OPEN);
    screen.publishes("end");
    screen.taps("confirm-no");
    screen.sees("composer-box");
}

fn looks_around(screen: &Screen) {
    screen.goes_to("history");
    screen.sees("row");
    screen.publishes("history");
    screen.goes_to("settings");
    screen.publishes("settings");
    screen.chooses("settings-theme", "dark");
    screen.goes_to("conversations");
    screen.opens(OPEN);
    screen.sees_bubble("the pipe", |bubble| bubble.photos == 1);
    screen.publishes("dark");
    screen.goes_to("settings");
    screen.chooses("settings-theme", "light");
    screen.chooses("settings-language", "ar");
    screen.goes_to("conversations");
    screen.opens(OPEN);
    screen.publishes("arabic");
}
