//! FN9: one version of the wire read by another; FN10: a server restored from a backup.

use bytes::Bytes;
use fieldline_core::store::{facts, problem};
use fieldline_core::view::{Door, Mark, Section, Typed};
use fieldline_model::api::{
    BlobProgress, ChangesPage, Hello, IntentsAnswer, OlderPage, PreviousPage, Refusal, SignIn, Snapshot,
};
use fieldline_model::signal::{Signal, Signals};
use fieldline_model::{BlobHash, Change, Intent, Location, Mention};
use fieldline_tests::world::{Device, Fate, Weather, World, hours, minutes, photo, transcript};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// Everything is answered by a newer server.
struct Newer;

impl Weather for Newer {
    fn fate(&self, _what: &str, _request: &http::Request<Bytes>) -> Option<Fate> {
        Some(Fate::Newer)
    }

    fn heard(&self, _: &str, _: &http::Request<Bytes>, _: Option<Fate>, _: Option<u16>) {}
}

/// A day's work on one device, as its person and the customer see it in the end.
async fn a_day(newer: bool) -> (String, Vec<String>) {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    if newer {
        ana.net.weather(Some(Arc::new(Newer)));
        ana.engine().sync_now().await.unwrap();
    }
    ana.notes("Rosa", "She pays on Friday").await.unwrap();
    ana.sends_photo("Rosa", "This one?", photo(1, 40)).await.unwrap();
    rosa.says("That one", &[photo(2, 40)], None).await.unwrap();
    world.settles(&[&ana]).await;
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    ana.reopens("Rosa").await.unwrap();
    ana.offline();
    ana.sends("Rosa", "Back again").await.unwrap();
    world.after(minutes(5)).await;
    ana.online().await;
    world.settles(&[&ana]).await;
    rosa.types(true).await;
    world.after(Duration::from_secs(1)).await;
    let thread = ana.thread("Rosa").await;
    assert!(thread.customer_typing, "newer: {newer}");
    assert_eq!(thread.note_count, 1, "newer: {newer}");
    assert_eq!(ana.engine().status().await.unwrap().door, Door::SignedIn);
    (transcript(&thread), rosa.texts().await)
}

/// FN9: a newer server's answers have fields, kinds and events this app does not know: they
/// are left out, the cursor moves on, and everything else is as ever.
#[tokio::test(start_paused = true)]
async fn a_newer_server_is_understood_as_far_as_this_app_knows_its_words() {
    assert_eq!(a_day(true).await, a_day(false).await);
}

/// FN9: a device that signs in at a newer server reads its snapshot.
#[tokio::test(start_paused = true)]
async fn a_snapshot_of_a_newer_server_is_read() {
    let world = World::new().await;
    let (ana, _rosa) = world.ana_serves_rosa("Hello?").await;
    let second = world.device_of("Ana").await;
    second.engine().sign_out(true).await.unwrap();
    second.net.weather(Some(Arc::new(Newer)));
    second.signs_in().await;
    world.settles(&[&ana, &second]).await;
    assert_eq!(transcript(&second.thread("Rosa").await), transcript(&ana.thread("Rosa").await));
}

/// A request to the server beside every device. Gives its answer's body.
async fn raw(world: &World, token: &str, what: &str, body: Option<Value>) -> Value {
    let (method, path) = what.split_once(' ').unwrap();
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("x-fieldline", "1")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::from(body.map(|body| body.to_string()).unwrap_or_default()))
        .unwrap();
    let Ok(answer) = world.router().oneshot(request).await;
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{what} is answered by no JSON"))
}

async fn fact(device: &Device, key: &'static str) -> String {
    let profile = device.engine().profile().unwrap();
    profile.run(move |c| facts::get(c, key)).await.unwrap().expect("the fact is there")
}

fn at_the_gate() -> Location {
    Location {
        latitude: 48.5,
        longitude: 2.25,
        accuracy_m: Some(9.0),
        fixed_at_ms: Some(1_772_438_400_000),
        label: Some("At the gate".into()),
    }
}

/// Everything a device and a server of today say to each other, by the name of its type.
async fn corpus() -> Map<String, Value> {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    world.agent("Bo").await;
    let picture = photo(1, 40);
    ana.offline();
    ana.sends_photo("Rosa", "This one?", picture.clone()).await.unwrap();
    let place = ana.with("Rosa").await;
    ana.engine().set_location(place, Some(at_the_gate())).await.unwrap();
    ana.sends("Rosa", "Here").await.unwrap();
    ana.notes("Rosa", "She pays on Friday").await.unwrap();
    ana.is_ready(fieldline_model::Ready::Available).await;
    ana.engine().read(place, 2).await.unwrap();
    ana.ends("Rosa").await.unwrap();
    ana.reopens("Rosa").await.unwrap();
    ana.online().await;
    world.settles(&[&ana]).await;
    begins_a_thread(&world, &ana).await;
    let token = std::fs::read_to_string(ana.token_file().expect("a file")).expect("it reads");
    let epoch = fact(&ana, "epoch").await;
    let refused = json!({ "id": "01939aaa-0000-7000-8000-000000000009", "written_at_ms": 1,
        "needs": null, "ask": { "kind": "pick", "conversation": place } });
    let asked = json!({ "intents": [intents(&ana).await[0], refused] });
    let card = json!({ "id": "01939aaa-0000-7000-8000-000000000001", "name": "A phone", "hold": "token" });
    let sign_in = json!({ "login": "ana", "password": "correct horse battery", "device": card });
    let kim = world.customer(Some("Kim"), None).await;
    kim.writes("And me?").await.unwrap();
    kim.types(true).await;
    rosa.writes("Thank you").await.unwrap();
    let say = async |what: &str, body: Option<Value>| raw(&world, &token, what, body).await;
    let of = |name: &str, value: Value| (name.to_owned(), value);
    let mut all = Map::from_iter([
        of("Hello", say("GET /v1/hello", None).await),
        of("SignIn", sign_in),
        of("Snapshot", say("GET /v1/snapshot", None).await),
        of("ChangesPage", say(&format!("GET /v1/changes?after=0&epoch={epoch}"), None).await),
        of("OlderPage", say(&format!("GET /v1/conversations/{place}/messages?before=99"), None).await),
        of(
            "PreviousPage",
            say(&format!("GET /v1/conversations/{place}/previous?before={place}"), None).await,
        ),
        of("BlobProgress", say(&format!("GET /v1/blobs/{}", BlobHash::of(&picture)), None).await),
        of("IntentsAnswer", say("POST /v1/intents", Some(asked)).await),
        of(
            "Refusal",
            say("GET /v1/conversations/01939aaa-0000-7000-8000-00000000000a/messages?before=9", None).await,
        ),
        of("Signal", json!({ "place": place, "typing": true, "viewing": false })),
        of(
            "Signals",
            json!({ "doing": [{ "place": place, "who": { "by": "customer" }, "typing": true, "left_ms": 6000 }] }),
        ),
    ]);
    ana.transfers("Rosa", Some("Bo"), "Take her, please").await.unwrap();
    all.insert("Intents".into(), Value::Array(intents(&ana).await));
    all
}

/// Ana and her colleagues in a thread, one of them mentioned.
async fn begins_a_thread(world: &World, ana: &Device) {
    world.agent("Cy").await;
    world.grants("ana", true).await;
    world.settles(&[ana]).await;
    let place = ana.begins(&["Bo", "Cy"], "Who takes the van?").await.unwrap();
    let mentions = vec![Mention { person: ana.contact("Bo").await, at: 5, chars: 3 }];
    let typed = Typed { text: "You, @Bo!".into(), mentions };
    ana.engine().send(ana.next_id(), place, typed).await.unwrap();
    world.settles(&[ana]).await;
}

/// Every intent a device has asked, as the bytes it was minted with.
async fn intents(device: &Device) -> Vec<Value> {
    let profile = device.engine().profile().unwrap();
    let bodies = profile.run(|c| {
        let mut rows = c.prepare("SELECT body FROM outbox ORDER BY pos").map_err(problem)?;
        let rows = rows.query_map([], |r| r.get::<_, String>(0)).map_err(problem)?;
        rows.collect::<Result<Vec<_>, _>>().map_err(problem)
    });
    bodies.await.unwrap().iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

/// Whether everything that is in `was` is in `now`; what `now` has beside it is new.
fn holds(now: &Value, was: &Value) -> Result<(), String> {
    match (now, was) {
        (Value::Object(now), Value::Object(was)) => was.iter().try_for_each(|(name, was)| {
            let now = now.get(name).unwrap_or(&Value::Null);
            holds(now, was).map_err(|why| format!("{name}: {why}"))
        }),
        (Value::Array(now), Value::Array(was)) if now.len() == was.len() => {
            now.iter().zip(was).try_for_each(|(now, was)| holds(now, was))
        }
        _ if now == was => Ok(()),
        _ => Err(format!("{was} is read as {now}")),
    }
}

fn read_whole<T: Serialize + DeserializeOwned>(name: &str, was: &Value) {
    let read: T = serde_json::from_value(was.clone()).unwrap_or_else(|why| panic!("{name}: {why}"));
    let now = serde_json::to_value(&read).unwrap();
    holds(&now, was).unwrap_or_else(|why| panic!("{name}: {why}"));
}

/// FN9: what was said in 0.1.0 is read by this version with everything that was in it: answers
/// of an older server, and requests and intents of an older app. `WRITE_GOLDEN=1` writes the
/// file of the version at work; a released one's is never written again.
#[tokio::test(start_paused = true)]
async fn everything_that_was_ever_said_on_the_wire_is_read_with_everything_in_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/wire-0.1.0.json");
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        let text = serde_json::to_string_pretty(&corpus().await).unwrap();
        std::fs::write(&path, text + "\n").unwrap();
    }
    let kept: Map<String, Value> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for (name, was) in &kept {
        match name.as_str() {
            "Hello" => read_whole::<Hello>(name, was),
            "SignIn" => read_whole::<SignIn>(name, was),
            "Snapshot" => read_whole::<Snapshot>(name, was),
            "ChangesPage" => {
                read_whole::<ChangesPage>(name, was);
                for change in was["changes"].as_array().unwrap() {
                    read_whole::<Change>("Change", change);
                }
            }
            "OlderPage" => read_whole::<OlderPage>(name, was),
            "PreviousPage" => read_whole::<PreviousPage>(name, was),
            "BlobProgress" => read_whole::<BlobProgress>(name, was),
            "IntentsAnswer" => read_whole::<IntentsAnswer>(name, was),
            "Refusal" => read_whole::<Refusal>(name, was),
            "Signal" => read_whole::<Signal>(name, was),
            "Signals" => read_whole::<Signals>(name, was),
            "Intents" => was.as_array().unwrap().iter().for_each(|it| read_whole::<Intent>(name, it)),
            other => panic!("nobody reads {other}"),
        }
    }
    assert_eq!(kept.len(), corpus().await.len(), "today says nothing that is not in the file");
}

/// FN10: a server restored from a backup, under real cores: the one that was there all the
/// time, the one that comes back later, and the customer. What the copy does not know is told
/// again, once, with its photo; nobody asks in circles.
#[tokio::test(start_paused = true)]
async fn after_a_restore_real_devices_tell_again_what_the_copy_does_not_know() {
    let mut world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let second = world.device_of("Ana").await;
    ana.sends("Rosa", "In the backup").await.unwrap();
    world.settles(&[&ana, &second]).await;
    let backup = world.backs_up();
    ana.sends_photo("Rosa", "After it", photo(1, 40)).await.unwrap();
    ana.notes("Rosa", "A note after it").await.unwrap();
    second.sends("Rosa", "From the other").await.unwrap();
    world.settles(&[&ana, &second]).await;
    second.offline();
    second.sends("Rosa", "Without signal").await.unwrap();
    let cursor: i64 = fact(&ana, "cursor").await.parse().unwrap();
    let (epoch, asked) = (fact(&ana, "epoch").await, ana.net.asked().len());

    world.restores(&backup);
    ana.sends("Rosa", "Right after the restore").await.unwrap();
    world.settles(&[&ana]).await;
    second.online().await;
    world.settles(&[&ana, &second]).await;
    assert_ne!(fact(&ana, "epoch").await, epoch);
    assert!(cursor > 0 && fact(&ana, "epoch").await == fact(&second, "epoch").await);
    let rosa = world.comes_back(&rosa).await;
    let mut texts = rosa.texts().await;
    assert_eq!(texts[..2], ["Hello?", "In the backup"]);
    texts[2..].sort();
    let wanted = ["After it", "From the other", "Right after the restore", "Without signal"];
    assert_eq!(texts[2..], wanted);
    for device in [&ana, &second] {
        assert!(device.engine().outbox().await.unwrap().is_empty());
        let thread = device.thread("Rosa").await;
        assert_eq!(thread.note_count, 1);
        assert!(
            thread.bubbles.iter().filter(|b| b.mine).all(|b| b.mark == Mark::Sent || b.mark == Mark::Seen)
        );
        assert_eq!(device.names(Section::Conversations).await, ["Rosa"]);
    }
    let page = rosa.page().await;
    let photo = page.messages.iter().find(|it| rosa_sees(it, "After it")).unwrap();
    assert!(rosa.picture(photo, 0).await.is_ok(), "its photo came along");
    world.after(hours(1)).await;
    let more = ana.net.asked().len() - asked;
    assert!(more < 60, "{more} requests in an hour: it asks in circles");
}

fn rosa_sees(it: &fieldline_model::public::PublicMessage, wanted: &str) -> bool {
    matches!(&it.body, fieldline_model::public::PublicBody::Said { text, .. } if text == wanted)
}

/// A device that took its snapshot while a conversation was ended has nothing of it; when
/// another device reopens it, its last page comes along, to be read without signal.
#[tokio::test(start_paused = true)]
async fn what_another_device_reopens_comes_with_its_last_page() {
    let mut world = World::new().await;
    let (ana, _rosa) = world.ana_serves_rosa("Hello?").await;
    ana.sends("Rosa", "Goodbye then").await.unwrap();
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    let backup = world.backs_up();
    world.restores(&backup);
    let fresh = world.device_of("Ana").await;
    world.settles(&[&ana, &fresh]).await;
    ana.reopens("Rosa").await.unwrap();
    world.settles(&[&ana, &fresh]).await;
    for device in [&ana, &fresh] {
        device.offline();
        let shown = transcript(&device.thread("Rosa").await);
        assert!(shown.contains("Rosa: Hello?") && shown.contains("Ana: Goodbye then"), "{shown}");
        assert!(!shown.contains("not on this device"), "{shown}");
    }
}

/// The restored server was told of the end before this device heard that it was restored:
/// what was said before the end is asked again and stuck, and the end is done, not waiting.
#[tokio::test(start_paused = true)]
async fn an_end_a_restored_server_took_does_not_wait_behind_what_it_lost() {
    let mut world = World::new().await;
    let (ana, _rosa) = world.ana_serves_rosa("Hello?").await;
    let backup = world.backs_up();
    ana.sends("Rosa", "After the backup").await.unwrap();
    world.settles(&[&ana]).await;
    // The stream comes late, so the end is there first.
    ana.net.next("GET /v1/live", Fate::RequestLate(minutes(1)));
    world.restores(&backup);
    world.after(Duration::from_secs(1)).await;
    ana.ends("Rosa").await.unwrap();
    world.settles(&[&ana]).await;
    let rows = ana.engine().outbox().await.unwrap();
    let left: Vec<_> = rows.iter().map(|row| (row.text.as_str(), row.mark)).collect();
    assert_eq!(left, [("After the backup", Mark::Stuck)]);
    assert_eq!(ana.names(Section::History).await, ["Rosa"]);
}
