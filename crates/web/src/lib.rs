//! The engine of a device, for the worker of a browser's tab: what JavaScript
//! calls. It decides nothing; `ui/src/worker` elects the one worker that opens it.
//!
//! Why JSON text crosses and no objects: the commands, their arguments and their
//! replies are the same as in the shell, numbers keep their size, and bytes go
//! beside it.
//!
//! Invariants
//! - Whatever is thrown on purpose is a [`Problem`] as JSON text. Anything else
//!   (a panic) means that this worker has to end; the next one opens the same file.
#![cfg(target_arch = "wasm32")]

use fieldline_core::clock::{Clock, Task, spawn};
use fieldline_core::remote::ReqwestWire;
use fieldline_core::store::Disk;
use fieldline_core::view::Topic;
use fieldline_core::{Engine, Setup};
use fieldline_model::api::Hold;
use fieldline_model::{BlobHash, Code, PlaceId, Problem};
use js_sys::{Function, Uint8Array};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// The folder of the origin's private file system that holds everything.
const ROOT: &str = "fieldline";

/// The one engine of this browser. Freeing it closes the files.
#[wasm_bindgen]
pub struct Desk {
    engine: Engine,
    durable: bool,
    telling: Option<Task>,
}

#[wasm_bindgen]
impl Desk {
    /// Opens the engine on this origin's files, or makes them. `device_name` is
    /// shown to the person in the list of their devices.
    ///
    /// Throws `in_use` while another worker holds the files.
    pub async fn open(device_name: String) -> Result<Desk, JsValue> {
        let disk = Disk::open(ROOT).await.map_err(thrown)?;
        let durable = disk.durable();
        let setup = Setup {
            disk,
            clock: Clock::system(),
            wire: Arc::new(ReqwestWire::default()),
            device_name,
            hold: Hold::Cookie,
            keychain: None,
            inline: true,
        };
        let engine = Engine::open(setup).await.map_err(thrown)?;
        Ok(Self { engine, durable, telling: None })
    }

    /// Calls `tell` with the topics that may have changed, as JSON text.
    pub fn on_changed(&mut self, tell: Function) {
        let mut changes = self.engine.subscribe();
        self.telling = Some(spawn(async move {
            loop {
                let topics = match changes.recv().await {
                    Ok(topics) => topics,
                    Err(RecvError::Lagged(_)) => vec![Topic::Everything],
                    Err(RecvError::Closed) => return,
                };
                if let Ok(topics) = serde_json::to_string(&topics) {
                    // A page that throws has lost a hint, not the truth.
                    let _ = tell.call1(&JsValue::NULL, &topics.into());
                }
            }
        }));
    }

    /// Runs a command: its arguments and its reply as JSON text.
    pub async fn call(&self, name: String, args: String) -> Result<String, JsValue> {
        let engine = self.engine.clone();
        let reply = fieldline_core::door::dispatch(&engine, &name, read(&args)?).await.map_err(thrown)?;
        Ok(reply.to_string())
    }

    /// Whether what is written survives this worker: not so without OPFS.
    #[wasm_bindgen(getter)]
    pub fn durable(&self) -> bool {
        self.durable
    }

    /// Copies a photo into a draft: `at` is JSON text that names the place, and the photo
    /// there that this one takes the place of, if any. Replies the draft as JSON text.
    pub async fn attach(&self, at: String, name: String, bytes: Vec<u8>) -> Result<String, JsValue> {
        let At { place, instead } = read(&at)?;
        let engine = self.engine.clone();
        let draft = engine.attach_instead(place, instead, name, bytes.into()).await.map_err(thrown)?;
        serde_json::to_string(&draft).map_err(|_| thrown(Code::Internal.into()))
    }

    /// A picture's bytes; `of` is JSON text.
    pub async fn picture(&self, of: String) -> Result<Uint8Array, JsValue> {
        let engine = self.engine.clone();
        let bytes = engine.picture(read(&of)?).await.map_err(thrown)?;
        Ok(Uint8Array::from(bytes.as_ref()))
    }
}

/// Where a photo goes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    place: PlaceId,
    instead: Option<BlobHash>,
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, JsValue> {
    serde_json::from_str(json).map_err(|_| thrown(Code::BadRequest.into()))
}

fn thrown(problem: Problem) -> JsValue {
    serde_json::to_string(&problem).expect("a problem is plain data").into()
}
