//! Where the machine is: the app asks its sensor over the bus, and says how exact and
//! how old what it answers is.

use std::time::Duration;

use fieldline_tests::e2e::{Account, Bus, CustomerPage, Reading, Screen, Sensor, soon};

use crate::stage::{folder, stage};

/// Where the customer stands.
const HERE: (f64, f64) = (59.913, 10.739);

/// Ana's app, among what is on this bus, with a conversation of this customer.
fn app(bus: Bus, name: &str, customer: &str) -> Screen {
    let app = stage().app_on(&stage().house, name, bus);
    app.signs_in(Account::ANA);
    app.goes_to("picklist");
    app.opens(customer);
    app.taps("pick");
    app.sees("composer-box");
    app
}

fn asks(app: &Screen) {
    app.taps("composer-plus");
    app.taps("plus-location");
}

fn reading(accuracy_m: f64, age_s: u64) -> Reading {
    Reading { latitude: 59.9275, longitude: 10.7461, accuracy_m, age: Duration::from_secs(age_s) }
}

fn tray_holds_one(app: &Screen) {
    soon("the place above the box", || match app.shown("tray-item")?.len() {
        1 => Ok(()),
        held => Err(format!("the tray holds {held}")),
    });
}

#[test]
fn b02_the_apps_sensor_is_asked_on_a_tap_and_the_better_fix_is_what_the_customer_sees() {
    let customer = CustomerPage::open(&folder("customer"), stage().house.line(), HERE);
    customer.starts_with_number("+4741355961");
    customer.writes("Where are you?", &stage().fixtures.worn);
    let bus = Bus::start("b02-sensor", &folder("bus"));
    let sensor = Sensor::on(&bus);
    let app = app(bus, "b02-sensor", "+47 413 55 961");
    sensor.is_asked(false);
    asks(&app);
    sensor.is_asked(true);
    sensor.finds(Reading { latitude: 59.94, longitude: 10.75, ..reading(850.0, 0) });
    app.reads("location-fix", "850 m");
    app.reads("location-fix", "Waiting for a better fix");
    app.photograph("rough");
    sensor.finds(reading(9.0, 0));
    app.reads("location-fix", "59.92750, 10.74610");
    app.reads("location-fix", "Within 9 m");
    app.reads("location-fix", "Measured just now");
    app.photograph("fix");
    app.taps("location-add");
    tray_holds_one(&app);
    app.says("Right here");
    app.sees_bubble("the place, sent", |bubble| bubble.text.contains("Within 9 m") && bubble.is_sent());
    customer.is_told("59.9275");
    customer.is_told("Accurate to 9 m");
}

#[test]
fn b02_a_stale_fix_says_its_age_and_one_of_now_takes_its_place() {
    stage().house.writes("Ragna Holt", "Where are you?");
    let bus = Bus::start("b02-stale", &folder("bus"));
    let sensor = Sensor::on(&bus);
    sensor.finds(reading(6.0, 2 * 3600));
    let app = app(bus, "b02-stale", "Ragna Holt");
    asks(&app);
    app.reads("location-fix", "Measured 2 hr ago");
    app.photograph("stale");
    sensor.finds(Reading { latitude: 60.1, ..reading(40.0, 0) });
    app.reads("location-fix", "60.10000");
    app.reads("location-fix", "Measured just now");
}

#[test]
fn b02_a_sensor_that_lies_refuses_or_is_absent_leaves_the_place_to_the_hand() {
    for (name, customer, lies) in [("b02-none", "Sol Berg", None), ("b02-lies", "Siv Berg", Some(f64::NAN))] {
        stage().house.writes(customer, "Where are you?");
        let bus = Bus::start(name, &folder("bus"));
        let sensor = match lies {
            Some(latitude) => {
                let sensor = Sensor::on(&bus);
                sensor.finds(Reading { latitude, ..reading(5.0, 0) });
                Some(sensor)
            }
            None => None,
        };
        let app = app(bus, name, customer);
        asks(&app);
        match &sensor {
            Some(sensor) => {
                sensor.finds(Reading { latitude: 91.0, ..reading(5.0, 0) });
                app.reads("location-fix", "Finding where you are");
                app.taps("location-hand");
            }
            None => app.reads("location-fix", "could not be found here"),
        }
        by_hand(&app);
    }
    refused();
}

/// It is there, and its owner lets nobody know.
fn refused() {
    stage().house.writes("Sara Berg", "Where are you?");
    let bus = Bus::start("b02-refused", &folder("bus"));
    let _sensor = Sensor::refusing(&bus);
    let app = app(bus, "b02-refused", "Sara Berg");
    asks(&app);
    app.reads("location-fix", "could not be found here");
    app.photograph("refused");
    app.types("location-address", "Storgata 12, Oslo");
    app.taps("location-use");
    soon("the address is in the message", || match app.value_of("composer-box")?.as_str() {
        "Storgata 12, Oslo" => Ok(()),
        other => Err(other.to_owned()),
    });
}

/// What is no place on earth is refused in words; what is one goes into the message.
fn by_hand(app: &Screen) {
    for nowhere in ["91, 10", "NaN, 10", "59.9, 181", "somewhere"] {
        app.types("location-coordinates", nowhere);
        app.taps("location-use");
        app.reads("location-problem", "latitude from -90 to 90");
    }
    app.photograph("latitude-91");
    app.types("location-coordinates", "59.9275, 10.7461");
    app.taps("location-use");
    tray_holds_one(app);
}
