//! A device without screens, for tests that kill it (`tests/kills.rs`): a real core on real
//! files, over a real network. It says one message after another in one conversation until it
//! is killed, and tells what it does in lines:
//!
//! ```text
//! try <photos> <text>    is in the draft, durably; now it is sent
//! yes <text>             the core said that it will go by itself (I1)
//! ```
//!
//! `FIELDLINE_FAILPOINT` says where the core ends it (`fieldline_core::failpoint`).

use fieldline_core::clock::Clock;
use fieldline_core::remote::ReqwestWire;
use fieldline_core::store::Disk;
use fieldline_core::{Engine, Setup};
use fieldline_model::api::Hold;
use fieldline_model::{IntentId, PlaceId};
use fieldline_tests::world::photo;
use std::sync::Arc;

/// It was to be killed long before.
const MESSAGES_MAX: u32 = 60;
/// Unsent messages at once: so some go alone, and some together.
const UNSENT_MAX: usize = 3;

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let [_, folder, place, first] = &words[..] else { panic!("headless FOLDER PLACE FIRST") };
    let place = PlaceId(place.parse().expect("a place's id"));
    let first: u32 = first.parse().expect("the number of the first message");
    let setup = Setup {
        disk: Disk::open(folder).await.expect("nobody else has the folder"),
        clock: Clock::system(),
        wire: Arc::new(ReqwestWire::default()),
        device_name: "Killed".into(),
        hold: Hold::Token,
        keychain: None,
        inline: false,
    };
    let engine = Engine::open(setup).await.expect("the engine opens");
    for number in first..first + MESSAGES_MAX {
        says(&engine, place, number).await;
        few_are_unsent(&engine).await;
    }
}

/// Says what is in the draft; something new if there is nothing.
async fn says(engine: &Engine, place: PlaceId, number: u32) {
    let clock = Clock::system();
    let mut draft = engine.thread(place, 1).await.expect("the thread reads").draft;
    if draft.text.is_empty() {
        // One of ten is more than one part of an upload.
        let side = if number.is_multiple_of(10) { 620 } else { 16 };
        let text = format!("No. {number}");
        engine.save_draft(place, text.clone().into()).await.expect("the draft is kept");
        if number.is_multiple_of(2) {
            let bytes = photo(number as u8, side).into();
            draft = engine.attach(place, "part.png".into(), bytes).await.expect("the photo is kept");
        }
        draft.text = text;
    }
    println!("try {} {}", draft.files.len(), draft.text);
    let id = IntentId::mint(clock.now_ms(), clock.random());
    engine.send(id, place, draft.text.clone().into()).await.expect("it is asked");
    println!("yes {}", draft.text);
}

async fn few_are_unsent(engine: &Engine) {
    let mut told = engine.subscribe();
    while engine.outbox().await.expect("the outbox reads").len() > UNSENT_MAX {
        // Missed hints are a hint as well.
        let _ = told.recv().await;
    }
}
