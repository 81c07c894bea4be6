//! What the server says of itself to who watches over it: health, counts, log.

use crate::house::{House, Line, PASSWORD, Page, accepted};
use crate::kills::{PROGRAM, Process, pick, set_up};
use axum::body::Body;
use fieldline_server::http::caller::Peer;
use fieldline_server::{Clock, Config, Run, Server};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;
use tower::ServiceExt;

async fn ready(line: &Line) -> (StatusCode, Value) {
    let reply = line.call(Method::GET, "/readyz", &[], Body::empty()).await;
    (reply.status, serde_json::from_slice(&reply.bytes).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_server_is_ready_while_it_can_write_and_does_not_stop() {
    let house = House::open();
    let line = house.line();
    let alive = line.call(Method::GET, "/healthz", &[], Body::empty()).await;
    assert_eq!(alive.status, StatusCode::NO_CONTENT);
    let all = json!({ "writer": true, "disk": true, "migrated": true, "serving": true });
    assert_eq!(ready(&line).await, (StatusCode::OK, all));
    assert!(!house.folder.path().join("ready").exists(), "the probe leaves nothing behind");
    // A folder is no file that could be written.
    std::fs::create_dir(house.folder.path().join("ready")).unwrap();
    assert_eq!(ready(&line).await.0, StatusCode::OK, "it is tried once a second at most");
    house.clock.sleep(Duration::from_secs(1)).await;
    let (status, found) = ready(&line).await;
    assert_eq!((status, &found["disk"]), (StatusCode::SERVICE_UNAVAILABLE, &json!(false)));
    std::fs::remove_dir(house.folder.path().join("ready")).unwrap();
    house.clock.sleep(Duration::from_secs(1)).await;
    assert_eq!(ready(&line).await.0, StatusCode::OK);
    // A newer server has made the file its own.
    let db = rusqlite::Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    house.clock.sleep(Duration::from_secs(1)).await;
    let (status, found) = ready(&line).await;
    assert_eq!((status, &found["migrated"]), (StatusCode::SERVICE_UNAVAILABLE, &json!(false)));
    house.server.close_streams();
    assert_eq!(ready(&line).await.1["serving"], false);
    let alive = line.call(Method::GET, "/healthz", &[], Body::empty()).await;
    assert_eq!(alive.status, StatusCode::NO_CONTENT, "the process is there as long as it answers");
}

async fn metrics(router: axum::Router, peer: Option<&str>, token: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::get("/metrics");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    // Who forges where they come from gains nothing by it.
    let mut request = request.header("x-forwarded-for", "127.0.0.1").body(Body::empty()).unwrap();
    if let Some(peer) = peer {
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
    }
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn the_counts_are_for_this_machine_or_for_who_has_the_token() {
    let folder = tempfile::tempdir().unwrap();
    Server::found(folder.path(), "Nordlys", &Clock::simulated(1_000, 1)).unwrap();
    let (here, away) = (Some("127.0.0.1:9"), Some("203.0.113.9:9"));
    let cases = [
        (None, false, here, None, true),
        (None, false, Some("[::1]:9"), None, true),
        (None, false, away, None, false),
        (None, false, None, None, false),
        (None, true, here, None, false),
        (Some("of the operator"), true, here, None, false),
        (Some("of the operator"), false, here, Some("another"), false),
        (Some("of the operator"), true, away, Some("of the operator"), true),
    ];
    for (token, behind_proxy, peer, shown, allowed) in cases {
        let metrics_token = token.map(str::to_owned);
        let config = Config { run: Run::Inline, behind_proxy, metrics_token, ..Config::new(folder.path()) };
        let (status, text) = metrics(Server::open(config).unwrap().router(), peer, shown).await;
        assert_eq!(status == StatusCode::OK, allowed, "{token:?} {behind_proxy} {peer:?} {shown:?}");
        assert_eq!(text.contains("fieldline_up 1\n"), allowed);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_counted_is_counted_without_names() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa: Page = house.customer("Rosalind").await;
    rosa.says("a secret wish").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    ana.get(&format!("/v1/conversations/{it}/messages")).await;
    ana.get("/v1/conversations/rosalind/messages").await;
    ana.get("/v1/somewhere/rosalind").await;
    rosa.blob_part().await;
    let _ear = crate::live::Ear::of(&ana, 0).await;
    let (_, text) = metrics(house.server.router(), Some("127.0.0.1:9"), None).await;
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("{name} is not there:\n{text}")).parse::<u64>().unwrap()
    };
    let messages =
        r#"fieldline_requests_total{method="GET",route="/v1/conversations/{id}/messages",status="200"}"#;
    assert_eq!(value(messages), 1);
    assert_eq!(value(&messages.replace("200", "404")), 1);
    assert_eq!(value(r#"fieldline_requests_total{method="GET",route="other",status="404"}"#), 1);
    let commits = value("fieldline_commit_jobs_count");
    assert!(commits > 0 && commits <= value("fieldline_commit_jobs_sum"));
    assert_eq!(value(r#"fieldline_commit_jobs_bucket{le="+Inf"}"#), commits);
    assert_eq!(value(r#"fieldline_commit_jobs_bucket{le="1"}"#), commits, "here each commits alone");
    assert_eq!((value("fieldline_writer_queue"), value("fieldline_live_streams")), (0, 1));
    assert_eq!((value("fieldline_uploads_unfinished"), value("fieldline_uploads_unfinished_bytes")), (1, 1));
    assert!(value("fieldline_database_bytes") > 10_000);
    for secret in ["osalind", "secret", "Ana", &it.to_string()] {
        assert!(!text.contains(secret), "{secret}:\n{text}");
    }
}

impl Page {
    /// The first of two bytes.
    async fn blob_part(&self) {
        let hash = fieldline_model::BlobHash::of(b"ab");
        let path = format!("/v1/customer/blobs/{hash}?offset=0&size=2");
        assert!(self.call(Method::PUT, &path, "a").await.status.is_success());
    }
}

#[tokio::test]
async fn a_whole_run_logs_each_request_and_nothing_of_what_was_said_or_by_whom() {
    let dir = tempfile::tempdir().unwrap();
    let token = set_up(dir.path()).await;
    let log = dir.path().join("log");
    let mut command = Command::new("sh");
    command.args(["-c", r#"exec "$@" 2>"$LOG""#, "sh", PROGRAM]).env("LOG", &log);
    let server = Process::run(command, dir.path(), &["--log", "json"], None);
    let pick = pick(&server, &token).await;
    let post = async |path: &str, body: Value| server.post(path, &token, body.to_string()).await.unwrap();
    assert!(server.post("/v1/intents", &token, pick).await.unwrap().status().is_success());
    let device =
        json!({ "id": "01939aaa-0000-7000-8000-000000000009", "name": "Plantphone", "hold": "token" });
    let sign_in = |password: &str| json!({ "login": "dagny", "password": password, "device": device });
    assert!(post("/v1/sign-in", sign_in(PASSWORD)).await.status().is_success());
    post("/v1/sign-in", sign_in("plantpassword")).await;
    post("/v1/customer/start", json!({ "name": "Plantname", "phone": "+47 555 01 99" })).await;
    post("/v1/customer/session", json!({ "secret": "plantlink" })).await;
    post("/v1/signals", json!({ "plantfield": "plantvalue" })).await;
    post("/v1/intents", json!({ "intents": [{ "plant": "planttext" }] })).await;
    post("/plantpath/+4755501?token=planttoken", json!("plantbody")).await;
    // A stored record that does not read is a fault, told without its text.
    let db = rusqlite::Connection::open(dir.path().join("fieldline.db")).unwrap();
    db.execute("UPDATE conversation SET body = '{\"planted\": \"plantrecord'", []).unwrap();
    let sent = server.http.get(format!("{}/v1/snapshot", server.url)).bearer_auth(&token).send().await;
    assert_eq!(sent.unwrap().status(), StatusCode::INTERNAL_SERVER_ERROR);
    drop(server);
    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!((of("request"), of("fault")), (10, 1), "{log}");
    let routes: Vec<_> = lines.iter().filter_map(|line| line["route"].as_str()).collect();
    assert!(routes.contains(&"/v1/sign-in") && routes.contains(&"other"), "{log}");
    let small = log.to_lowercase();
    for secret in ["plant", "55501", "555 01", "dagny", "rosa", "hello", "nordlys", "127.0.0.1", "01939aaa"] {
        assert!(!small.contains(secret), "{secret}:\n{log}");
    }
    assert!(!log.contains(&token) && !log.contains(PASSWORD));
}

/// The same at the command line: what is mistyped is refused before anything is served.
#[test]
fn a_log_of_another_form_and_a_short_token_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, "short\n").unwrap();
    let data = dir.path().to_str().unwrap();
    for more in [["--log", "xml"], ["--metrics-token-file", file.to_str().unwrap()]] {
        let serve = ["serve", "--data", data, "--listen", "127.0.0.1:0"];
        let ran = Command::new(PROGRAM).args(serve).args(more).output().unwrap();
        let says = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(!ran.status.success() && says.contains(more[0]), "{says}");
    }
}
