//! What goes into a message and how: words and emojis, photos from Gallery, Camera
//! and clipboard, the place. Each story names its row.

use std::path::{Path, PathBuf};

use fieldline_tests::e2e::{
    Account, Bubble, CustomerPage, Frame, House, Screen, Stranger, eventually, seconds, soon,
};

use crate::stage::{Held, folder, stage, three};

/// Where the customer stands.
const HERE: (f64, f64) = (59.913, 10.739);
/// What a thumb hits, in CSS pixels.
const THUMB: f64 = 44.0;
/// The arrow key, as WebDriver writes it.
const DOWN: char = '\u{E015}';

/// Ana's device, with a conversation of this customer that she has picked.
fn with(ana: Screen, name: &str) -> Screen {
    stage().house.writes(name, "Which one do I need?");
    ana.signs_in(Account::ANA);
    ana.goes_to("picklist");
    ana.opens(name);
    ana.taps("pick");
    ana.sees("composer-box");
    ana
}

fn tray_holds(ana: &Screen, wanted: usize) {
    // Also what is beyond the edge: a tray of many is drawn aside.
    soon("the tray above the box", || match ana.driver().all("[data-testid=tray-item]")?.len() {
        held if held == wanted => Ok(()),
        held => Err(format!("it holds {held}")),
    });
}

fn sent(words: &'static str, photos: usize) -> impl Fn(&Bubble) -> bool {
    move |bubble| bubble.text.contains(words) && bubble.photos == photos && bubble.is_sent()
}

/// The customer's page shows staff's bubbles with exactly these words and photos, in order.
fn customer_has(customer: &CustomerPage, wanted: &[(&str, usize)]) {
    eventually("the customer sees all of it, once and in order", seconds(40), || {
        let answers = customer.answers()?;
        let fits = |(bubble, (words, photos)): (&Bubble, &(&str, usize))| {
            bubble.text.contains(words) && bubble.photos == *photos
        };
        let all = answers.len() == wanted.len() && answers.iter().zip(wanted).all(fits);
        if all { Ok(()) } else { Err(format!("{answers:?}")) }
    });
}

#[test]
fn b02_words_a_photo_and_the_place_reach_the_customer() {
    for (held, number) in three(["+47 413 55 920", "+47 413 55 921", "+47 413 55 922"]) {
        let customer = CustomerPage::open(&folder("customer"), stage().house.line(), HERE);
        customer.starts_with_number(number);
        customer.writes("Is it this one?", &stage().fixtures.worn);
        let ana = stage().held(held, "b02");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens(number);
        ana.taps("pick");
        ana.says("It is. I bring a new one");
        ana.attaches(&stage().fixtures.new);
        tray_holds(&ana, 1);
        ana.says("Like this");
        ana.taps("composer-plus");
        ana.taps("plus-location");
        // By hand in all three: none of them has a sensor, or lets it be asked.
        ana.types("location-coordinates", "59.9275, 10.7461");
        ana.taps("location-use");
        tray_holds(&ana, 1);
        ana.taps("send");
        customer_has(&customer, &[("It is. I bring a new one", 0), ("Like this", 1), ("59.9275", 0)]);
        customer.screen().photograph("answers");
    }
}

#[test]
fn b02_a_place_is_seen_on_the_admins_map_and_its_pin_is_moved() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    let tiles = Stranger::of_tiles();
    house.shows_a_map(&format!("{}/{{z}}/{{x}}/{{y}}.png", tiles.address()));
    house.writes("Liv Strand", "Where are you?");
    for ana in [stage().browser_at(&house, "b02-phone", Frame::Phone), stage().app_at(&house, "b02-map")] {
        ana.signs_in(Account::ANA);
        if ana.is_touched() {
            ana.goes_to("picklist");
            ana.opens("Liv Strand");
            ana.taps("pick");
        } else {
            ana.goes_to("conversations");
            ana.opens("Liv Strand");
        }
        ana.taps("composer-plus");
        ana.taps("plus-location");
        // There is no sensor, and no permission: the pin is put by hand.
        ana.types("location-coordinates", "59.9275, 10.7461");
        sees_land(&ana, "map-pin");
        ana.photograph("map");
        if ana.is_touched() {
            ana.pulls_down("map-pin");
        } else {
            let map = ana.shown("map-pin").unwrap().remove(0);
            ana.driver().run("arguments[0].focus()", &[map.as_argument()]).unwrap();
            ana.driver().key(DOWN).unwrap();
        }
        soon("the coordinates follow the pin", || match ana.value_of("location-coordinates")?.as_str() {
            "59.9275, 10.7461" => Err("the pin stands still".to_owned()),
            moved if moved.starts_with("59.9") => Ok(()),
            moved => Err(format!("the pin went to {moved}")),
        });
        ana.taps("location-use");
        tray_holds(&ana, 1);
        ana.taps("send");
        ana.sees_bubble("the place on its map, sent", |bubble| {
            bubble.text.contains("59.9") && bubble.is_sent()
        });
        sees_land(&ana, "map");
    }
}

/// Every tile of the map is drawn, and says whose it is.
fn sees_land(ana: &Screen, map: &str) {
    ana.reads(map, "Drawn for this test");
    soon("the map has tiles", || {
        let drawn = "const tiles = [...document.querySelectorAll(`[data-testid=${arguments[0]}] img`)];
            return tiles.length > 0 && tiles.every((tile) => tile.complete && tile.naturalWidth === 256);";
        let drawn = ana.driver().run(drawn, &[map.into()])?;
        if drawn == true { Ok(()) } else { Err("some are missing".to_owned()) }
    });
}

#[test]
fn b04_who_gave_only_a_number_is_called_by_it_well_set() {
    let customer = CustomerPage::open(&folder("customer"), stage().house.line(), HERE);
    customer.starts_with_number("+4741877206");
    customer.sends_location();
    for (held, number) in three(["+47 418 77 206"; 3]) {
        let ana = stage().held(held, "b04");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.sees_row(number);
        ana.opens(number);
    }
}

#[test]
fn b06_emojis_are_found_and_pictures_pasted_without_signal_and_the_draft_outlives_a_kill() {
    for (held, name) in three(["Ylva Brandt", "Yrsa Brandt", "Ymir Brandt"]) {
        let mut ana = with(stage().held(held, "b06"), name);
        ana.line().cut();
        ana.types("composer-box", "On my way ");
        ana.taps("emoji-open");
        ana.types("emoji-search", "tractor");
        ana.photograph("emoji-search");
        ana.taps("emoji");
        ana.presses_escape();
        // Another program of the machine has it, or another page of the browser.
        let _clipboard = match held {
            Held::App => Some(stage().display.copies(&stage().fixtures.new)),
            Held::Phone | Held::Keys => {
                ana.copies_a_picture("composer-box");
                None
            }
        };
        ana.pastes("composer-box");
        tray_holds(&ana, 1);
        ana.photograph("pasted");
        ana.is_killed_and_started_again();
        ana.goes_to("conversations");
        ana.opens(name);
        tray_holds(&ana, 1);
        ana.line().heal();
        ana.taps("send");
        ana.sees_bubble("words, emoji and picture, sent", sent("On my way 🚜", 1));
    }
}

/// A phone's browser takes the system's own camera, which a driver cannot press, and
/// gives the photo back as a file; the app has a made-up one in its webview.
#[test]
fn b07_camera_retake_and_use_photo() {
    let keys = stage().browser("b07-keys", Frame::Keys);
    keys.allows_the_camera();
    for (ana, name) in [(keys, "Tiril Foss"), (stage().app_with_camera("b07-app"), "Terje Foss")] {
        let ana = with(ana, name);
        ana.taps("composer-plus");
        ana.taps("plus-camera");
        ana.taps("camera-shutter");
        ana.sees("camera-use");
        ana.photograph("camera");
        ana.taps("camera-retake");
        ana.taps("camera-shutter");
        ana.taps("camera-use");
        ana.reads("tray-item", "JPEG");
        ana.says("The one on the left");
        ana.sees_bubble("the photo with its words, sent", sent("The one on the left", 1));
    }
    let phone = with(stage().browser("b07-phone", Frame::Phone), "Tone Foss");
    phone.taps("composer-plus");
    phone.taps("plus-camera");
    phone.takes_with_the_systems_camera(&stage().fixtures.worn);
    phone.reads("tray-item", "JPEG");
    phone.says("This one 📷");
    phone.sees_bubble("the photo with its words, sent", sent("This one 📷", 1));
}

/// Absent in the app, denied in the browser: each says so, and Gallery is the way on.
#[test]
fn b07_a_camera_that_is_absent_or_denied_says_so_and_gallery_is_the_way_on() {
    for held in [Held::Keys, Held::App] {
        let name = if held == Held::App { "Tora Foss" } else { "Tyra Foss" };
        let ana = with(stage().held(held, "b07-none"), name);
        ana.taps("composer-plus");
        ana.taps("plus-camera");
        ana.reads(
            "camera",
            if held == Held::App { "No camera was found" } else { "The camera is not allowed" },
        );
        ana.photograph("no-camera");
        ana.taps("camera-gallery");
        ana.chooses_photos(&[&stage().fixtures.new]);
        tray_holds(&ana, 1);
    }
}

#[test]
fn b08_several_photos_are_chosen_from_gallery_at_once() {
    for (held, name) in three(["Even Lund", "Egil Lund", "Eldar Lund"]) {
        let ana = with(stage().held(held, "b08"), name);
        ana.attaches_together(&stage().fixtures.pair());
        tray_holds(&ana, 2);
        ana.photograph("two");
        ana.taps("send");
        ana.sees_bubble("both photos, sent", sent("", 2));
    }
}

#[test]
fn b08_of_fifty_photos_ten_are_taken_and_the_others_are_said_and_nothing_is_lost() {
    for (held, name) in three(["Unn Vik", "Ulf Vik", "Una Vik"]) {
        let ana = with(stage().held(held, "b08-fifty"), name);
        ana.types("composer-box", "All of the site");
        let fifty: Vec<&Path> = stage().fixtures.fifty.iter().map(PathBuf::as_path).collect();
        // The app's own dialog marks what it has listed so far: a second time it has all. Those that
        // were taken before are not taken twice.
        eventually("all fifty are chosen", seconds(90), || {
            ana.attaches_together(&fifty);
            soon("all are read", || match ana.driver().all(".tray [aria-busy=true]")?.len() {
                0 => Ok(()),
                _ => Err("one is still read".to_owned()),
            });
            match ana.text_of("tray-problem")? {
                told if told.contains("40 photos were not added") => Ok(()),
                told => Err(told),
            }
        });
        ana.reads("tray-problem", "up to 10 photos");
        tray_holds(&ana, 10);
        ana.photograph("fifty");
        ana.taps("send");
        ana.sees_bubble("the ten with their words, sent", sent("All of the site", 10));
    }
}

#[test]
fn b08_a_picker_that_is_closed_changes_nothing() {
    let ana = with(stage().app("b08-cancelled"), "Une Vik");
    ana.types("composer-box", "Half a sentence");
    ana.taps("composer-plus");
    ana.taps("plus-gallery");
    ana.closes_the_picker();
    ana.sees_no("tray-item");
    ana.sees_no("tray-problem");
    assert_eq!(ana.value_of("composer-box").unwrap(), "Half a sentence");
    ana.taps("send");
    ana.sees_bubble("the words, sent", sent("Half a sentence", 0));
}

#[test]
fn b09_file_details_stand_above_the_box_and_a_thumb_removes_them() {
    for (held, name) in three(["Mina Aas", "Mona Aas", "Maja Aas"]) {
        let ana = with(stage().held(held, "b09"), name);
        ana.attaches(&stage().fixtures.worn);
        tray_holds(&ana, 1);
        ana.attaches(&stage().fixtures.new);
        tray_holds(&ana, 2);
        for details in ["worn-gear.jpg", "JPEG", "kB"] {
            ana.reads("tray-item", details);
        }
        ana.photograph("tray");
        let icon = ana.shown("tray-remove").unwrap().remove(0);
        let side = "const box = arguments[0].getBoundingClientRect(); return Math.min(box.width, box.height)";
        let side = ana.driver().run(side, &[icon.as_argument()]).unwrap();
        assert!(side.as_f64().unwrap() >= THUMB, "a thumb misses {side} px");
        ana.taps("tray-remove");
        tray_holds(&ana, 1);
        ana.reads("tray-item", "new-gear.png");
    }
}

#[test]
fn a_photo_is_turned_before_it_is_sent_on_a_phone_and_in_the_app_without_a_signal() {
    const SHAPE: &str = "
        const photo = [...document.querySelectorAll('[data-testid=bubble] [data-testid=photo] img')].at(-1);
        return photo?.naturalWidth ? photo.naturalWidth / photo.naturalHeight : 0;";
    for ana in [stage().browser("crop-phone", Frame::Phone), stage().app("crop-app")] {
        let name = if ana.is_touched() { "Siv Lunde" } else { "Sindre Lunde" };
        let ana = with(ana, name);
        ana.line().cut();
        ana.attaches(&stage().fixtures.new);
        tray_holds(&ana, 1);
        ana.taps("tray-edit");
        ana.taps("crop-turn");
        ana.driver().run("document.querySelector('[data-shape=square]').click()", &[]).unwrap();
        ana.photograph("crop");
        ana.taps("crop-done");
        ana.sees_no("crop");
        tray_holds(&ana, 1);
        ana.reads("tray-item", "new-gear.png");
        ana.taps("send");
        ana.line().heal();
        ana.sees_bubble("the photo, sent", sent("", 1));
        soon("it is square", || match ana.driver().run(SHAPE, &[])?.as_f64() {
            Some(1.0) => Ok(()),
            other => Err(format!("{other:?}")),
        });
    }
}

#[test]
fn b10_what_may_not_be_sent_is_explained_at_once_without_signal() {
    for (held, name) in three(["Jens Holm", "Jorunn Holm", "Jarl Holm"]) {
        let ana = with(stage().held(held, "b10"), name);
        ana.line().cut();
        ana.attaches(&stage().fixtures.webp);
        ana.reads("tray-problem", "drawing.webp");
        ana.photograph("not-allowed");
        ana.sees_no("tray-item");
        // A page that calls itself a picture: what counts is its bytes.
        ana.attaches(&stage().fixtures.forged);
        ana.reads("tray-problem", "invoice.png");
        // A copy that broke off, and one that no decoder reads.
        for (photo, name) in
            [(&stage().fixtures.torn, "torn-gear.jpg"), (&stage().fixtures.garbled, "garbled-gear.png")]
        {
            ana.attaches(photo);
            ana.reads("tray-problem", name);
            ana.reads("tray-problem", "cut off or damaged");
        }
        ana.photograph("torn");
        ana.sees_no("tray-item");
        ana.line().heal();
        // What was refused is in no message.
        ana.says("I send it again later");
        ana.sees_bubble("the words alone, sent", sent("I send it again later", 0));
    }
}

#[test]
fn b11_words_and_two_photos_leave_as_one_message_once_and_in_order() {
    for (held, number) in three(["+47 416 30 088", "+47 416 30 089", "+47 416 30 090"]) {
        let customer = CustomerPage::open(&folder("customer"), stage().house.line(), HERE);
        customer.starts_with_number(number);
        customer.writes("What do you have?", &stage().fixtures.worn);
        let mut ana = stage().held(held, "b11");
        ana.signs_in(Account::ANA);
        ana.goes_to("picklist");
        ana.opens(number);
        ana.taps("pick");
        ana.sees("composer-box");
        ana.line().cut();
        ana.says("Two of them");
        for photo in stage().fixtures.pair() {
            ana.attaches(photo);
        }
        tray_holds(&ana, 2);
        ana.says("The old and the new");
        ana.sees_bubble("both wait", |bubble| bubble.text.contains("The old") && bubble.mark == "waiting");
        ana.is_killed_and_started_again();
        ana.line().heal();
        customer_has(&customer, &[("Two of them", 0), ("The old and the new", 2)]);
    }
}
