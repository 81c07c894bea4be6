//! The smallest server that answers after a durable commit and tells who listens:
//! one route that writes one row, one writer that commits what has queued up
//! together, one stream that echoes each row. The floor of ours.

use super::disk::durable;
use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use futures_util::stream::{Stream, unfold};
use rusqlite::Connection;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, oneshot};

/// As many share a commit at most as in ours.
const GROUP_MAX: usize = 256;

/// The route that writes a row.
pub const ROWS: &str = "/rows";
/// The route that echoes them.
pub const LIVE: &str = "/live";

type Row = (String, oneshot::Sender<()>);

#[derive(Clone)]
struct Doors {
    rows: Sender<Row>,
    said: broadcast::Sender<String>,
}

/// Serves on loopback for as long as the runtime is there; its file is in `folder`.
pub async fn open(folder: &Path) -> SocketAddr {
    let conn = durable(&folder.join("smallest.db"));
    conn.execute_batch("CREATE TABLE line (id INTEGER PRIMARY KEY, body TEXT NOT NULL)").expect("a table");
    let (rows, queue) = channel();
    let said = broadcast::Sender::new(64);
    let tell = said.clone();
    std::thread::spawn(move || write(&conn, &queue, &tell));
    let router =
        Router::new().route(ROWS, post(take)).route(LIVE, get(live)).with_state(Doors { rows, said });
    let socket = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = socket.local_addr().expect("an address");
    let socket = socket.tap_io(|stream| stream.set_nodelay(true).expect("small answers go at once"));
    tokio::spawn(async move { axum::serve(socket, router).await });
    address
}

fn write(conn: &Connection, queue: &Receiver<Row>, said: &broadcast::Sender<String>) {
    let mut insert = conn.prepare("INSERT INTO line (body) VALUES (?1)").expect("a statement");
    while let Ok(first) = queue.recv() {
        conn.execute_batch("BEGIN IMMEDIATE").expect("the file is ours");
        let mut group = Vec::new();
        for row in std::iter::once(first).chain(queue.try_iter()).take(GROUP_MAX) {
            insert.execute([&row.0]).expect("a row");
            group.push(row);
        }
        conn.execute_batch("COMMIT").expect("the disk has room");
        for (body, done) in group {
            // Nobody listens while only rows are counted.
            let _ = said.send(body);
            let _ = done.send(());
        }
    }
}

async fn take(State(doors): State<Doors>, body: String) -> &'static str {
    let (done, answered) = oneshot::channel();
    doors.rows.send((body, done)).expect("the writer is there");
    answered.await.expect("the writer answers");
    "{}"
}

async fn live(State(doors): State<Doors>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(unfold(doors.said.subscribe(), |mut said| async move {
        let body = said.recv().await.ok()?;
        Some((Ok(Event::default().data(body)), said))
    }))
}
