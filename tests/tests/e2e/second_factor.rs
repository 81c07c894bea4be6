//! A second factor: turned on in Settings, asked for at the door.

use std::time::{SystemTime, UNIX_EPOCH};

use fieldline_server::totp;
use fieldline_tests::e2e::{Account, Frame, House, PASSWORD, Screen};

use crate::configurator::{at_page, opens};
use crate::stage::{folder, stage};

/// The secret that Settings show, as an authenticator app would read it.
fn shown_secret(screen: &Screen) -> String {
    screen.sees("second-factor-secret");
    let read = "return document.querySelector('[data-testid=second-factor-secret]').dataset.secret";
    screen.driver().run(read, &[]).unwrap().as_str().unwrap().to_owned()
}

/// What such an app shows; `ahead`, on a phone whose clock is half a minute ahead: no code serves
/// twice, and nobody waits here for the next one.
fn code(secret: &str, ahead: bool) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    totp::shown(secret, now + if ahead { totp::STEP_MS } else { 0 }).unwrap()
}

#[test]
fn who_turns_a_second_factor_on_signs_in_by_a_code_until_an_admin_takes_it_away() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    house.lets_the_admin_in();
    let ana = stage().browser_at(&house, "factor-ana", Frame::Phone);
    ana.signs_in(Account::ANA);
    ana.goes_to("settings");
    ana.taps("second-factor-on");
    ana.types("second-factor-password", PASSWORD);
    ana.taps("second-factor-go");
    let secret = shown_secret(&ana);
    ana.types("second-factor-code", &code(&secret, false));
    ana.taps("second-factor-go");
    ana.sees("second-factor-recovery");
    let recovery = ana.text_of("second-factor-recovery").unwrap();
    let recovery = recovery.lines().next().unwrap().to_owned();
    ana.taps("second-factor-go");
    ana.reads("second-factor", "10 recovery codes");

    ana.taps("sign-out");
    ana.tries_to_sign_in(Account::ANA, PASSWORD, "");
    ana.sees("sign-in-code");
    ana.photograph("code");
    ana.types("sign-in-code", "no code");
    ana.taps("sign-in-submit");
    ana.reads("sign-in-problem", "This code is not right");
    ana.types("sign-in-code", &code(&secret, true));
    ana.taps("sign-in-submit");
    ana.sees_no("sign-in-submit");

    let window = stage().app_at(&house, "factor-window");
    window.tries_to_sign_in(Account::ANA, PASSWORD, &window.line().address());
    window.sees("sign-in-code");
    window.taps("code-kind");
    window.types("sign-in-code", &recovery);
    window.taps("sign-in-submit");
    window.sees_no("sign-in-submit");
    window.goes_to("settings");
    window.reads("second-factor", "9 recovery codes");

    let kari = stage().browser_at(&house, "factor-kari", Frame::Wide);
    kari.signs_in(Account::KARI);
    at_page(&kari, "people");
    opens(&kari, "person-row", Account::ANA.name);
    kari.taps("person-factor-remove");
    kari.is_asked(Account::ANA.name);
    kari.taps("confirm-yes");
    kari.sees_no("person-factor-remove");
    ana.goes_to("settings");
    ana.taps("sign-out");
    ana.signs_in(Account::ANA);
}
