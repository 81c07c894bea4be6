//! A browser's session is a cookie: whoever signs in has it at once, for every
//! request of the page, also while the app still thinks somebody else is there.

use bytes::Bytes;
use fieldline_core::clock::Clock;
use fieldline_core::remote::{Wire, WireBody, WireFault};
use fieldline_core::store::Disk;
use fieldline_core::view::Door;
use fieldline_core::{Engine, Setup};
use fieldline_model::api::Hold;
use fieldline_tests::world::{MORNING_MS, Net, PASSWORD, World};
use http::header::{COOKIE, SET_COOKIE};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A browser: it keeps the cookie by itself, and outlives the app in it.
struct Browser {
    net: Net,
    cookie: Mutex<String>,
    /// Whether answers reach the browser and no longer the app.
    deaf: AtomicBool,
}

#[async_trait::async_trait]
impl Wire for Browser {
    async fn send(&self, mut request: http::Request<Bytes>) -> Result<http::Response<WireBody>, WireFault> {
        let cookie = self.cookie.lock().unwrap().clone();
        if let Ok(cookie) = cookie.parse() {
            request.headers_mut().insert(COOKIE, cookie);
        }
        let answer = self.net.send(request).await?;
        if let Some(set) = answer.headers().get(SET_COOKIE).and_then(|c| c.to_str().ok()) {
            *self.cookie.lock().unwrap() = set.split(';').next().unwrap_or_default().to_owned();
        }
        if self.deaf.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        Ok(answer)
    }
}

async fn app(folder: &Path, browser: &Arc<Browser>) -> Engine {
    let setup = Setup {
        disk: Disk::open(folder).await.expect("the folder is free"),
        clock: Clock::virtual_from(MORNING_MS, 5),
        wire: browser.clone(),
        device_name: "A browser".into(),
        hold: Hold::Cookie,
        keychain: None,
        inline: true,
    };
    Engine::open(setup).await.expect("the engine opens")
}

async fn signs_in(engine: &Engine, who: &str, password: &str) -> Result<Door, fieldline_model::Problem> {
    let done = engine.sign_in("https://desk.test".into(), who.into(), password.into(), None).await;
    done.map(|status| status.door)
}

/// FD6: a kill between the cookie and the app's own note of who is there.
#[tokio::test(start_paused = true)]
async fn nobodys_outbox_is_opened_with_somebody_elses_cookie() {
    let world = World::new().await;
    let _people = (world.agent("Ana").await, world.agent("Bo").await);
    let folder = tempfile::tempdir().unwrap();
    let browser = Arc::new(Browser {
        net: Net::new(world.router()),
        cookie: Mutex::default(),
        deaf: AtomicBool::new(false),
    });
    let engine = app(folder.path(), &browser).await;
    assert_eq!(signs_in(&engine, "ana", PASSWORD).await, Ok(Door::SignedIn));
    let anas = engine.profile().unwrap().name.clone();

    // A wrong password changes nothing: Ana is still there.
    assert!(signs_in(&engine, "bo", "wrong horse battery").await.is_err());
    assert_eq!(engine.profile().unwrap().name, anas);

    browser.deaf.store(true, Ordering::SeqCst);
    tokio::select! {
        _ = signs_in(&engine, "bo", PASSWORD) => panic!("the app hears nothing"),
        () = world.after(Duration::from_secs(5)) => {}
    }
    drop(engine);
    world.after(Duration::from_secs(1)).await;
    browser.deaf.store(false, Ordering::SeqCst);
    let engine = app(folder.path(), &browser).await;
    assert_eq!(engine.status().await.unwrap().door, Door::SignedOut);
    // And what was Ana's is there when she comes back.
    assert_eq!(signs_in(&engine, "ana", PASSWORD).await, Ok(Door::SignedIn));
    assert_eq!(engine.profile().unwrap().name, anas);
}
