//! The API's routes, once. The router and the OpenAPI document are both made of
//! this table, so neither can know a route the other does not.

use super::caller::{Client, Signed, Staff};
pub use super::route::{Route, Shape, Who};
use super::route::{delete, get, json, of, post, put};
use super::session::InviteSecret;
use super::{
    admin, blobs, client, customer, devices, files, health, live, openapi, password, second_factor, session,
    signals, staff, tiles,
};
use crate::health::Ready;
use fieldline_model::api::{
    BlobProgress, ChangePassword, ChangesPage, ContactsPage, Hello, IntentsAnswer, Invited, Join, OlderPage,
    OwnDevices, PreviousPage, SignIn, SignedIn, Snapshot,
};
use fieldline_model::client::{
    ClientAnswer, ClientIntent, ClientOlder, ClientPage, ClientSignals, ClientSnapshot,
};
use fieldline_model::public::{CustomerSend, CustomerStart, LinkSecret, PublicDesk, PublicPage};
use fieldline_model::second_factor::{
    BeginSecondFactor, SecondFactor, SecondFactorBegun, TurnSecondFactorOff, TurnSecondFactorOn,
};
use fieldline_model::signal::{CustomerRead, CustomerSignal, PublicSignals, Signal, Signals};
use fieldline_model::{AdminAnswer, AdminAsk, Intent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/intents`.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Intents {
    /// At most 100, in order.
    pub intents: Vec<Intent>,
}

/// The body of `POST /v1/client/intents`.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ClientIntents {
    /// At most 100, in order.
    pub intents: Vec<ClientIntent>,
}

/// The `tick` event of a stream: nothing happened, the stream is alive.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Tick {
    /// The server's clock, milliseconds since 1970.
    pub at_ms: i64,
}

const FEED: &[(&str, bool)] = &[("after", true), ("epoch", true)];
const PUBLIC: &[(&str, bool)] = &[("after", false), ("epoch", false)];
const PART: &[(&str, bool)] = &[("offset", true), ("size", true)];

/// Every route of the API.
pub fn table() -> Vec<Route> {
    let mut table = anybodys();
    table.extend(operators());
    table.extend(sessions());
    table.extend(staffs());
    table.extend(staffs_files());
    table.extend(admins());
    table.extend(clients());
    table.extend(customers());
    table
}

fn anybodys() -> Vec<Route> {
    vec![
        get("/v1/hello", session::hello)
            .gives(json::<Hello>())
            .says("Proves that this is a Fieldline server."),
        get("/v1/openapi.json", openapi::serve).gives(json::<serde_json::Value>()).says("This document."),
        post("/v1/sign-in", session::sign_in)
            .takes(json::<SignIn>())
            .gives(json::<SignedIn>())
            .says("Signs a device in by login and password."),
        post("/v1/invite", session::invite)
            .takes(json::<InviteSecret>())
            .gives(json::<Invited>())
            .says("Says whom an invite is for. Spends nothing."),
        post("/v1/join", session::join)
            .takes(json::<Join>())
            .gives(json::<SignedIn>())
            .says("An invited person sets their password and is signed in. Works once."),
        get("/v1/customer/desk", customer::desk)
            .gives(json::<PublicDesk>())
            .says("What the chat page says to who comes, and whether somebody answers now."),
        post("/v1/customer/start", customer::start)
            .takes(json::<CustomerStart>())
            .gives(json::<LinkSecret>())
            .says("A customer begins: gives the private link's secret, once, and sets the cookie."),
        post("/v1/customer/session", customer::session)
            .takes(json::<LinkSecret>())
            .says("A customer comes back by their private link: sets the cookie."),
    ]
}

fn operators() -> Vec<Route> {
    vec![
        get("/healthz", health::alive).says("The process is there."),
        get("/readyz", health::ready)
            .gives(json::<Ready>())
            .says("The server can do its work; else 503, and what of it cannot."),
        get("/metrics", health::metrics)
            .by(Who::Operator)
            .gives(Shape::Text)
            .says("Counts in Prometheus' text format; none is by name."),
    ]
}

fn sessions() -> Vec<Route> {
    let staffs = OwnPaths {
        sign_out: "/v1/sign-out",
        devices: ["/v1/devices", "/v1/devices/{id}"],
        password: "/v1/password",
        second_factor: ["/v1/second-factor", "/v1/second-factor/on", "/v1/second-factor/off"],
    };
    let clients = OwnPaths {
        sign_out: "/v1/client/sign-out",
        devices: ["/v1/client/devices", "/v1/client/devices/{id}"],
        password: "/v1/client/password",
        second_factor: [
            "/v1/client/second-factor",
            "/v1/client/second-factor/on",
            "/v1/client/second-factor/off",
        ],
    };
    let staffs = own::<Staff>(&staffs).into_iter().map(|route| route.by(Who::Staff));
    staffs.chain(own::<Client>(&clients).into_iter().map(|route| route.by(Who::Client))).collect()
}

/// Where the doors are of what staff and clients have alike.
struct OwnPaths {
    sign_out: &'static str,
    devices: [&'static str; 2],
    password: &'static str,
    second_factor: [&'static str; 3],
}

/// What staff and clients have alike, each at doors of their own.
fn own<S: Signed>(at: &OwnPaths) -> Vec<Route> {
    let ([devices, device], [factor, on, off]) = (at.devices, at.second_factor);
    vec![
        post(at.sign_out, session::sign_out::<S>).says("Ends this device's session and its streams."),
        get(devices, devices::list::<S>)
            .gives(json::<OwnDevices>())
            .says("Where one is signed in, the device used last first."),
        delete(devices, devices::sign_out_others::<S>)
            .says("Ends one's sessions and streams on every other device."),
        delete(device, devices::sign_out::<S>).says("Ends one's session and its streams on one device."),
        post(at.password, password::change::<S>)
            .takes(json::<ChangePassword>())
            .says("Changes one's own password, by the old one, and signs one's other devices out."),
        get(factor, second_factor::stands::<S>)
            .gives(json::<SecondFactor>())
            .says("Since when one's own second factor is on, and how many recovery codes are left."),
        post(factor, second_factor::begin::<S>)
            .takes(json::<BeginSecondFactor>())
            .gives(json::<SecondFactorBegun>())
            .says("Begins a second factor, by one's password: its secret and recovery codes, told once."),
        post(on, second_factor::on::<S>)
            .takes(json::<TurnSecondFactorOn>())
            .says("Turns on the second factor that was begun, by its first code."),
        post(off, second_factor::off::<S>)
            .takes(json::<TurnSecondFactorOff>())
            .says("Turns one's own second factor off, by one's password and a code."),
    ]
}

fn staffs() -> Vec<Route> {
    let routes = vec![
        get("/v1/snapshot", staff::snapshot)
            .gives(json::<Snapshot>())
            .says("Everything a new device needs for its first screens, read at one moment."),
        post("/v1/intents", staff::intents)
            .takes(json::<Intents>())
            .gives(json::<IntentsAnswer>())
            .says("Asks for things to be done, in order; safe to send twice. A verdict for each."),
        get("/v1/changes", staff::changes)
            .with(FEED)
            .gives(json::<ChangesPage>())
            .says("A page of the feed after a cursor: what the reader may see now."),
        get("/v1/live", live::staff)
            .with(FEED)
            .gives(Shape::Events(&[
                ("changes", of::<ChangesPage>),
                ("signals", of::<Signals>),
                ("tick", of::<Tick>),
            ]))
            .says("The feed as a stream, from a cursor on."),
        post("/v1/signals", signals::staff)
            .takes(json::<Signal>())
            .says("Says that one types, or looks, just now. Never stored."),
        get("/v1/conversations/{id}/messages", staff::older)
            .with(&[("before", false)])
            .gives(json::<OlderPage>())
            .says("Older entries, newest first, before a number."),
        get("/v1/groups/{id}/messages", staff::group_older)
            .with(&[("before", false)])
            .gives(json::<OlderPage>())
            .says("Older entries of a group, newest first, as far back as the reader may read."),
        get("/v1/contacts", staff::contacts)
            .with(&[("after_id", false)])
            .gives(json::<ContactsPage>())
            .says("The clients of the contact list, by id, after one of them. The snapshot has the staff."),
        get("/v1/conversations/{id}/previous", staff::previous)
            .with(&[("before", false)])
            .gives(json::<PreviousPage>())
            .says("The customer's ended conversation before one of theirs, for who holds this one now."),
    ];
    routes.into_iter().map(|route| route.by(Who::Staff)).collect()
}

fn staffs_files() -> Vec<Route> {
    let routes = vec![
        get("/v1/tiles/{z}/{x}/{y}", tiles::tile)
            .gives(Shape::Bytes)
            .says("A tile of the map, PNG or JPEG, when the policy has a map."),
        get("/v1/blobs/{hash}", blobs::staff_progress)
            .gives(json::<BlobProgress>())
            .says("How much of the asker's own upload is here."),
        put("/v1/blobs/{hash}", blobs::staff_put)
            .with(PART)
            .takes(Shape::Bytes)
            .gives(json::<BlobProgress>())
            .says("A part of a file, of at most 1 MiB. With the last one the file is checked and ready."),
        get("/v1/messages/{id}/files/{i}/{rendition}", files::staff)
            .gives(Shape::Bytes)
            .says("A photo of a message: thumb or display (JPEG), or original (a download)."),
    ];
    routes.into_iter().map(|route| route.by(Who::Staff)).collect()
}

fn admins() -> Vec<Route> {
    let ask = post("/v1/admin", admin::ask)
        .takes(json::<AdminAsk>())
        .gives(json::<AdminAnswer>())
        .says("One verb of the Configurator, as the body says.");
    let export = get("/v1/admin/exports/{id}", admin::export)
        .gives(Shape::Bytes)
        .says("A conversation as a ZIP file that opens without Fieldline.");
    vec![ask.by(Who::Admin), export.by(Who::Admin)]
}

fn clients() -> Vec<Route> {
    let routes = vec![
        get("/v1/client/snapshot", client::snapshot)
            .gives(json::<ClientSnapshot>())
            .says("What a client's new device needs: their threads, read at one moment."),
        post("/v1/client/intents", client::intents)
            .takes(json::<ClientIntents>())
            .gives(json::<ClientAnswer>())
            .says("Asks for things to be done in one's threads, in order; safe to send twice."),
        get("/v1/client/changes", client::changes)
            .with(FEED)
            .gives(json::<ClientPage>())
            .says("A page of the client's feed after a cursor."),
        get("/v1/client/live", live::client)
            .with(FEED)
            .gives(Shape::Events(&[
                ("changes", of::<ClientPage>),
                ("signals", of::<ClientSignals>),
                ("tick", of::<Tick>),
            ]))
            .says("The client's feed as a stream, from a cursor on."),
        post("/v1/client/signals", client::signal)
            .takes(json::<Signal>())
            .says("Says that one types just now. Never stored."),
        get("/v1/client/groups/{id}/messages", client::older)
            .with(&[("before", false)])
            .gives(json::<ClientOlder>())
            .says("Older entries of a thread, newest first, as far back as the client may read."),
        get("/v1/client/tiles/{z}/{x}/{y}", client::tile)
            .gives(Shape::Bytes)
            .says("A tile of the map, PNG or JPEG, when the policy has a map."),
        get("/v1/client/blobs/{hash}", blobs::client_progress)
            .gives(json::<BlobProgress>())
            .says("How much of the asker's own upload is here."),
        put("/v1/client/blobs/{hash}", blobs::client_put)
            .with(PART)
            .takes(Shape::Bytes)
            .gives(json::<BlobProgress>())
            .says("A part of a file, of at most 1 MiB. With the last one the file is checked and ready."),
        get("/v1/client/messages/{id}/files/{i}/{rendition}", files::client)
            .gives(Shape::Bytes)
            .says("A photo of one's thread: thumb or display (JPEG)."),
    ];
    routes.into_iter().map(|route| route.by(Who::Client)).collect()
}

fn customers() -> Vec<Route> {
    let routes = vec![
        post("/v1/customer/link", customer::renew)
            .gives(json::<LinkSecret>())
            .says("A new private link; the old ones are over."),
        delete("/v1/customer/link", customer::revoke).says("The private link and every session are over."),
        get("/v1/customer/chat", customer::chat)
            .with(PUBLIC)
            .gives(json::<PublicPage>())
            .says("What is new after a cursor, and the chat as it is now."),
        get("/v1/customer/live", live::customer)
            .with(PUBLIC)
            .gives(Shape::Events(&[
                ("page", of::<PublicPage>),
                ("signals", of::<PublicSignals>),
                ("tick", of::<Tick>),
            ]))
            .says("The chat as a stream, from a cursor on."),
        post("/v1/customer/signals", signals::customer)
            .takes(json::<CustomerSignal>())
            .says("Says that one types just now. Never stored."),
        post("/v1/customer/read", signals::customer_read)
            .takes(json::<CustomerRead>())
            .says("Everything up to an entry was shown to the customer."),
        post("/v1/customer/messages", customer::send)
            .takes(json::<CustomerSend>())
            .gives(json::<PublicPage>())
            .says("Sends a message; safe to send twice. Gives the page that holds it; its cursor is 0."),
        get("/v1/customer/blobs/{hash}", blobs::customer_progress)
            .gives(json::<BlobProgress>())
            .says("How much of the asker's own upload is here."),
        put("/v1/customer/blobs/{hash}", blobs::customer_put)
            .with(PART)
            .takes(Shape::Bytes)
            .gives(json::<BlobProgress>())
            .says("A part of a file, of at most 1 MiB. With the last one the file is checked and ready."),
        get("/v1/customer/messages/{id}/files/{i}/{rendition}", files::customer)
            .gives(Shape::Bytes)
            .says("A photo of one's own chat: thumb or display (JPEG)."),
    ];
    routes.into_iter().map(|route| route.by(Who::Customer)).collect()
}
