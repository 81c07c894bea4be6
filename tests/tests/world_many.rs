//! FC13: thousands of messages that waited for a week go out in order, in bounded memory,
//! and screens are answered meanwhile. A program of its own: it counts what is allocated.

use fieldline_core::store::{cache, outbox};
use fieldline_core::view::{Link, Section};
use fieldline_model::{Ask, Intent, IntentId, PlaceId, Problem, Send};
use fieldline_tests::world::{Customer, Fate, World, text};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The system's allocator, counted.
struct Counted;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTED: Counted = Counted;

const MANY: usize = 10_000;
/// What device and server, in one process here, may take more than before at any moment of it.
const MOST_BYTES: usize = 24 * 1024 * 1024;

/// A week's messages, as `send` would have added them one by one.
fn a_week(place: PlaceId) -> impl FnOnce(&mut rusqlite::Connection) -> Result<(), Problem> {
    move |c| {
        let work = cache::begin(c)?;
        for n in 0..MANY {
            let send = Send::text(place, format!("{n}"));
            let id = IntentId::mint(1_772_438_500_000 + n as i64, [7; 10]);
            let intent = Intent { id, written_at_ms: 5, needs: None, ask: Ask::Send(send) };
            outbox::add(&work, outbox::NewRow { intent: &intent, files: &[], title: "Rosa" })?;
        }
        cache::commit(work)
    }
}

async fn all_texts(rosa: &Customer) -> Vec<String> {
    let (mut after, mut texts) = (0, Vec::new());
    loop {
        let page = rosa.page_after(after).await;
        after = page.cursor;
        texts.extend(page.messages.into_iter().filter_map(text));
        if !page.more {
            return texts;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_messages_drain_in_order_in_bounded_memory_while_screens_are_answered() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
    let place = ana.with("Rosa").await;
    ana.offline();
    let profile = ana.engine().profile().unwrap();
    profile.run(a_week(place)).await.unwrap();
    ana.engine().outbox().await.unwrap();
    MOST.store(NOW.load(Ordering::Relaxed), Ordering::Relaxed);
    let before = NOW.load(Ordering::Relaxed);

    for _ in 0..3 {
        ana.net.next("POST /v1/intents", Fate::SaysWait { status: 429, wait_s: 20 });
    }
    // No network is at once: so screens read between the batches.
    for _ in 0..2 * MANY / 100 {
        ana.net.next("POST /v1/intents", Fate::RequestLate(Duration::from_millis(300)));
    }
    ana.online().await;
    let (mut looks, mut unsent) = (0, MANY as u32);
    while unsent > 0 {
        world.after(Duration::from_millis(700)).await;
        let row = ana.list(Section::Conversations).await.rows.remove(0);
        assert!(row.unsent <= unsent, "it only becomes less");
        assert!(ana.engine().thread(place, 50).await.unwrap().bubbles.len() <= 50);
        unsent = row.unsent;
        looks += 1;
        assert!(looks < 2_000, "{unsent} are left");
    }
    assert!(looks > 50, "screens were answered all the while: {looks}");
    let more = MOST.load(Ordering::Relaxed) - before;
    println!("{} KiB at most, in {looks} looks", more / 1024);
    assert!(more < MOST_BYTES, "{more} bytes more than before");
    assert_eq!(profile.link().link, Link::Live);
    let waits = ana.net.asked().iter().filter(|it| it.starts_with("POST /v1/intents")).count();
    assert!(waits <= MANY / 100 + 10, "{waits} batches");
    let wanted = ["Hello?".to_owned()].into_iter().chain((0..MANY).map(|n| n.to_string()));
    assert!(all_texts(&rosa).await.into_iter().eq(wanted), "in order, each once");
}
