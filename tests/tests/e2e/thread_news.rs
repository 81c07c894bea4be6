//! What a message thread tells those who are not looking at it, and how they make it
//! quiet.

use fieldline_tests::e2e::{Account, Bus, Driver, Frame, House, Notices, Screen, soon};
use serde_json::json;

use crate::groups::{begins, begins_with_bo_and_eva, house, phone, wide};
use crate::stage::{folder, stage};

#[test]
fn a10_everybody_in_the_group_is_told_and_reading_it_on_one_device_clears_the_others() {
    let house = house();
    let ana = phone(&house, "a10-phone", Account::ANA);
    let bo = stage().browser_at(&house, "a10-bo", Frame::Wide);
    let second = stage().app_at(&house, "a10-bo-app");
    let eva = stage().browser_at(&house, "a10-eva", Frame::Wide);
    for (screen, account) in [(&bo, Account::BO), (&second, Account::BO), (&eva, Account::EVA)] {
        screen.signs_in(account);
    }
    begins_with_bo_and_eva(&ana, "Depot at seven");
    for screen in [&bo, &second, &eva] {
        screen.reads("nav-messaging", "1");
    }
    bo.goes_to("messaging");
    bo.opens(Account::ANA.name);
    bo.sees_bubble("what Ana wrote", |bubble| bubble.text.contains("Depot at seven"));
    bo.says("I bring the keys");
    soon("it is read on Bo's other device", || match second.text_of("nav-messaging")? {
        text if text.contains('1') => Err(text),
        _ => Ok(()),
    });
    ana.sees_bubble("Bo's answer by name", |bubble| {
        bubble.text.contains("I bring the keys") && bubble.text.contains(Account::BO.name)
    });
}

/// What the browser shows of news now, the oldest first.
const SHOWN: &str = "
    return navigator.serviceWorker.getRegistration().then((worker) => worker.getNotifications())
        .then((all) => all.map(({ body }) => body));";
/// In the service worker: the person chooses the first that is shown.
const CHOSEN: &str = "
    registration.getNotifications().then(([notification]) =>
        self.dispatchEvent(new NotificationEvent('notificationclick', { notification })))";

/// Waits until the browser shows these and nothing else.
#[track_caller]
fn shows(page: &Driver, wanted: &[&str]) {
    soon(&format!("news of {wanted:?}"), || match page.run(SHOWN, &[])? {
        shown if shown == json!(wanted) => Ok(()),
        shown => Err(shown.to_string()),
    });
}

/// The person chooses the notification, as the browser would tell its worker.
pub fn chooses(page: &Driver) {
    let targets = page.devtools("Target.getTargets", json!({})).expect("the browser has targets");
    let worker =
        targets["targetInfos"].as_array().into_iter().flatten().find(|it| it["type"] == "service_worker");
    let worker = worker.expect("the service worker runs")["targetId"].clone();
    let attach = json!({ "targetId": worker, "flatten": false });
    let attached = page.devtools("Target.attachToTarget", attach).expect("it can be attached to");
    let message = json!({ "id": 1, "method": "Runtime.evaluate", "params": { "expression": CHOSEN } });
    let send = json!({ "sessionId": attached["sessionId"], "message": message.to_string() });
    page.devtools("Target.sendMessageToTarget", send).expect("it can be told");
}

#[test]
fn a10_a_browser_notifies_of_a_thread_opens_it_and_takes_it_away_when_it_is_read_elsewhere() {
    let house = house();
    let (bo, second) = (wide(&house, "a10-tab", Account::BO), phone(&house, "a10-tab-phone", Account::BO));
    a_browser_notifies(&house, &bo, &second);
}

#[test]
fn a10_a_phones_browser_notifies_of_a_thread_opens_it_and_takes_it_away_when_it_is_read_elsewhere() {
    let house = house();
    let (bo, second) = (phone(&house, "a10-hand", Account::BO), wide(&house, "a10-hand-wide", Account::BO));
    a_browser_notifies(&house, &bo, &second);
}

/// Bo is told by the first, and reads on the second.
fn a_browser_notifies(house: &House, bo: &Screen, second: &Screen) {
    let ana = wide(house, "a10-tab-ana", Account::ANA);
    bo.goes_to("settings");
    let page = bo.driver();
    page.devtools("Browser.grantPermissions", json!({ "permissions": ["notifications"] })).unwrap();
    let app = page.tab().unwrap();
    // What Bo looks at is another page of the same server.
    page.open_tab(&format!("{}/v1/hello", bo.line().address())).unwrap();
    let other = page.tab().unwrap();
    begins_with_bo_and_eva(&ana, "Depot at seven");
    shows(page, &["Ana Lund: Depot at seven"]);
    chooses(page);
    shows(page, &[]);
    page.turn_to(&app).unwrap();
    bo.reads("thread-title", Account::ANA.name);
    bo.sees_bubble("what it told", |bubble| bubble.text.contains("Depot at seven"));
    bo.goes_to("settings");
    page.turn_to(&other).unwrap();
    ana.says("Bring the keys");
    shows(page, &["Ana Lund: Bring the keys"]);
    second.opens(Account::ANA.name);
    second.sees_bubble("the newest", |bubble| bubble.text.contains("Bring the keys"));
    shows(page, &[]);
    mutes(second);
    ana.says("Of this nobody is told");
    begins(&ana, &[Account::BO.name], "But of this");
    shows(page, &["But of this"]);
}

/// Mutes the thread that is open, for all of this person's devices.
fn mutes(screen: &Screen) {
    screen.taps("thread-menu");
    screen.taps("menu-sound");
    screen.chooses("sound-level", "none");
    screen.presses_escape();
    screen.sees_no("sound-level");
}

/// Somebody calls Bo by name, from the list of who may be.
fn mentions_bo(screen: &Screen) {
    screen.types("composer-box", "You have to know, @bo");
    screen.taps("mentions-item");
    screen.taps("send");
}

#[test]
fn a10_the_app_notifies_of_a_thread_opens_it_and_takes_it_away_and_muted_tells_of_mentions_alone() {
    let house = house();
    let bus = Bus::start("a10-news", &folder("bus"));
    let notices = Notices::on(&bus);
    let bo = stage().app_on(&house, "a10-news", bus);
    bo.signs_in(Account::BO);
    let second = phone(&house, "a10-news-phone", Account::BO);
    let ana = wide(&house, "a10-news-ana", Account::ANA);
    stage().display.looks_away();
    begins_with_bo_and_eva(&ana, "Depot at seven");
    let notice = notices.shows_only("Depot at seven");
    assert_eq!(notice.text, "Ana Lund: Depot at seven");
    notices.chooses(&notice);
    bo.sees_bubble("what it told", |bubble| bubble.text.contains("Depot at seven"));
    bo.photograph("from-a-notification");
    bo.goes_to("settings");
    stage().display.looks_away();
    ana.says("Bring the keys");
    notices.shows_only("Bring the keys");
    second.opens(Account::ANA.name);
    second.sees_bubble("the newest", |bubble| bubble.text.contains("Bring the keys"));
    notices.shows_none();
    mutes(&second);
    second.goes_to("messaging");
    second.sees_row("Muted");
    ana.says("Of this nobody is told");
    second.sees_row("Of this nobody is told");
    mentions_bo(&ana);
    let mention = notices.shows_only("@ ");
    assert!(mention.text.contains("You have to know, @Bo Dahl"), "{mention:?}");
    notices.chooses(&mention);
    bo.sees_bubble("the mention", |bubble| bubble.text.contains("You have to know"));
    bo.goes_to("settings");
    stage().display.looks_away();
    ana.says("Nor of this");
    second.sees_row("Nor of this");
    begins(&ana, &[Account::BO.name], "But of this");
    notices.shows_only("But of this");
}
