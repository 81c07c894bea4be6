//! Every door of the server: who may use it, what its answers say to a browser.

use crate::house::{House, accepted};
use axum::body::Body;
use fieldline_model::Code;
use fieldline_server::http::caller::Peer;
use fieldline_server::http::{document, routes};
use fieldline_server::{Config, Run, Server};
use http::{Method, StatusCode};
use routes::Who;
use tower::ServiceExt;

/// A route's path with something in the place of its parameters.
fn example(path: &str) -> String {
    path.replace("{id}", "01939aaa-0000-7000-8000-000000000009")
        .replace("{hash}", &"a".repeat(64))
        .replace("{i}", "0")
        .replace("{rendition}", "thumb")
}

#[tokio::test(start_paused = true)]
async fn the_document_names_every_route_and_no_other() {
    let house = House::open();
    let served: serde_json::Value =
        house.line().call(Method::GET, "/v1/openapi.json", &[], Body::empty()).await.json();
    assert_eq!(served, document());
    let mut documented = Vec::new();
    for (path, methods) in served["paths"].as_object().unwrap() {
        documented.extend(methods.as_object().unwrap().keys().map(|m| (path.clone(), m.to_uppercase())));
    }
    let mut routed: Vec<_> =
        routes::table().iter().map(|r| (r.path.to_owned(), r.method.to_string())).collect();
    documented.sort();
    routed.sort();
    assert_eq!(documented, routed);
    for (path, method) in documented {
        let method: Method = method.parse().unwrap();
        let reply = house.line().call(method.clone(), &example(&path), &[], Body::empty()).await;
        assert_ne!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        if !reply.status.is_success() {
            assert_ne!(reply.code(), Code::NotFound, "{method} {path}");
        }
    }
    let text = served.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(served["components"]["schemas"][name].is_object(), "{name} is not described");
    }
}

/// FD8: every route by everybody it is not for.
#[tokio::test(start_paused = true)]
async fn no_route_opens_to_who_it_is_not_for() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let (rosa, kim) = (house.customer("Rosa").await, house.client("Kim").await);
    let bearer = format!("Bearer {}", ana.token);
    let kims = [format!("Bearer {}", kim.token), format!("__Host-fieldline={}", kim.token)];
    let anas_cookie = format!("__Host-fieldline={}", ana.token);
    let staff_as_customer = format!("__Host-fieldline-chat={}", ana.token);
    let customer_as_staff = rosa.cookie.replace("-chat", "");
    for route in routes::table() {
        let path = example(route.path);
        let strangers: Vec<Vec<(&str, &str)>> = match route.who {
            Who::Anybody | Who::Operator => continue,
            Who::Staff | Who::Admin => vec![
                vec![],
                vec![("cookie", &rosa.cookie)],
                vec![("cookie", &customer_as_staff)],
                vec![("authorization", "Bearer x")],
                vec![("authorization", "Basic x")],
                vec![("authorization", &kims[0])],
                vec![("cookie", &kims[1])],
            ],
            Who::Client => vec![
                vec![],
                vec![("cookie", &rosa.cookie)],
                vec![("cookie", &customer_as_staff)],
                vec![("authorization", "Bearer x")],
                vec![("authorization", &bearer)],
                vec![("cookie", &anas_cookie)],
            ],
            Who::Customer => vec![
                vec![],
                vec![("authorization", &bearer)],
                vec![("authorization", &kims[0])],
                vec![("cookie", &staff_as_customer)],
                vec![("cookie", "__Host-fieldline-chat=")],
            ],
        };
        let query = "?after=0&epoch=x&offset=0&size=1";
        for mut headers in strangers {
            headers.push(("x-fieldline", "1"));
            // A token is never taken from an address.
            let query = format!("{query}&token={}&access_token={}", ana.token, ana.token);
            // Staff and clients use one app, so the same token and cookie, on routes of their own.
            let known = [bearer.as_str(), &kims[0], &kims[1], &anas_cookie]
                .contains(&headers.first().map_or("", |h| h.1));
            let is_other = known && route.who != Who::Customer;
            let body = if route.path.ends_with("/intents") { r#"{"intents":[]}"# } else { "" };
            let reply =
                house.line().call(route.method.clone(), &format!("{path}{query}"), &headers, body).await;
            let (code, status) = match is_other {
                true => (Code::NotPermitted, StatusCode::FORBIDDEN),
                false => (Code::SignedOut, StatusCode::UNAUTHORIZED),
            };
            assert_eq!((reply.code(), reply.status), (code, status), "{} {path} {headers:?}", route.method);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_answer_is_private_and_never_framed() {
    let house = House::open();
    let rosa = house.customer("Rosa").await;
    let paths = ["/v1/hello", "/v1/snapshot", "/v1/nothing", "/chat", "/", "/v1/customer/chat"];
    for path in paths {
        let reply = house.line().call(Method::GET, path, &[("cookie", &rosa.cookie)], Body::empty()).await;
        let header = |name: &str| reply.headers[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        let kept = header("cache-control");
        assert!(kept == "no-store" || !path.starts_with("/v1") && kept == "no-cache", "{path} {kept}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_nowhere_is_refused_in_our_words() {
    let house = House::open();
    let call = async |method, path| house.line().call(method, path, &[], Body::empty()).await;
    assert_eq!(call(Method::GET, "/v1/nothing").await.code(), Code::NotFound);
    assert_eq!(call(Method::DELETE, "/v1/hello").await.code(), Code::BadRequest);
    assert_eq!(call(Method::GET, "/v1/messages/x/files/0/thumb").await.code(), Code::SignedOut);
    for body in ["", "null", "{", "[1]", r#"{"login":"ana"}"#] {
        let reply = house.line().call(Method::POST, "/v1/sign-in", &[], body).await;
        assert_eq!((reply.code(), reply.status), (Code::BadRequest, StatusCode::BAD_REQUEST), "{body}");
    }
    let large = vec![b' '; 100_000];
    assert_eq!(house.line().call(Method::POST, "/v1/sign-in", &[], large).await.code(), Code::BadRequest);
}

#[tokio::test(start_paused = true)]
async fn the_chat_page_runs_no_script_but_its_own_files() {
    let house = House::open();
    let page = house.line().call(Method::GET, "/chat", &[], Body::empty()).await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self';"));
    let text = String::from_utf8(page.bytes.to_vec()).unwrap();
    let (mut scripts, mut rest) = (0, text.as_str());
    while let Some((_, tag)) = rest.split_once("<script") {
        let (tag, after) = tag.split_once('>').unwrap();
        let file = tag.split_once("src=\"").expect("no inline script").1.split('"').next().unwrap();
        let reply = house.line().call(Method::GET, file, &[], Body::empty()).await;
        assert_eq!(reply.status, StatusCode::OK, "{file}");
        assert_eq!(reply.headers["content-type"], "text/javascript; charset=utf-8");
        (scripts, rest) = (scripts + 1, after);
    }
    assert!(scripts > 0 && !text.contains(" style=") && !text.contains(" onclick="));
    let other = house.line().call(Method::GET, "/chat/package.json", &[], Body::empty()).await;
    assert_eq!(other.code(), Code::NotFound);
}

#[tokio::test]
async fn the_web_app_is_served_with_its_policy_and_kept_by_its_names() {
    let house = House::open();
    let web = house.folder.path().join("web");
    std::fs::create_dir_all(web.join("assets")).unwrap();
    for (name, text) in
        [("index.html", "<!doctype html>"), ("sw.js", "//"), ("assets/core-1a2b.wasm", "\0asm")]
    {
        std::fs::write(web.join(name), text).unwrap();
    }
    let dir = house.folder.path().to_owned();
    let clock = house.clock.clone();
    drop(house.server);
    let server =
        Server::open(Config { web: Some(web), run: Run::Inline, clock, ..Config::new(dir) }).unwrap();
    let line = crate::house::Line(server.router());
    let get = async |path| line.call(Method::GET, path, &[], Body::empty()).await;
    let (index, worker, wasm) = (get("/").await, get("/sw.js").await, get("/assets/core-1a2b.wasm").await);
    assert_eq!(index.bytes, "<!doctype html>");
    assert!(index.headers["content-security-policy"].to_str().unwrap().contains("'wasm-unsafe-eval'"));
    assert_eq!(
        (&index.headers["cache-control"], &worker.headers["cache-control"]),
        (&"no-cache".parse().unwrap(), &"no-cache".parse().unwrap())
    );
    assert_eq!(wasm.headers["content-type"], "application/wasm");
    assert!(wasm.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(get("/assets/missing.js").await.status, StatusCode::NOT_FOUND);
    assert_eq!(index.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(worker.headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(get("//assets").await.status, StatusCode::NOT_FOUND, "it leads to no other host");
    assert_ne!(get("/../fieldline.db").await.status, StatusCode::OK);
    assert_eq!(get("/v1/nothing").await.code(), Code::NotFound);
}

#[tokio::test(start_paused = true)]
async fn each_doing_and_each_denial_leaves_one_line_of_audit_and_no_text() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let rosa = house.customer("Rosa").await;
    rosa.says("a secret wish").await;
    let it = ana.only().await;
    let db = rusqlite::Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    let count = || db.query_row("SELECT count(*) FROM audit", [], |row| row.get::<_, i64>(0)).unwrap();
    let before = count();
    accepted(&ana.picks(it).await);
    assert_eq!(count(), before + 1);
    bo.picks(it).await;
    assert_eq!(count(), before + 2);
    bo.get(&format!("/v1/conversations/{it}/messages")).await;
    assert_eq!(count(), before + 3);
    ana.says(it, "a secret answer").await;
    assert_eq!(count(), before + 4);
    ana.snapshot().await;
    assert_eq!(count(), before + 4);
    let mut rows = db.prepare("SELECT actor || act || coalesce(code, '') FROM audit").unwrap();
    let lines: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(lines.iter().all(|line| !line.contains("secret")));
    assert!(lines.iter().any(|line| line.ends_with("pickalready_picked")));
    assert!(db.execute("UPDATE audit SET act = 'x'", []).is_err());
    assert!(db.execute("DELETE FROM audit", []).is_err());
}

/// FB12: neither many addresses help against one account, nor many accounts from one.
#[tokio::test(start_paused = true)]
async fn a_spray_of_passwords_is_limited_per_account_and_per_address() {
    let House { server, folder, clock, .. } = House::open();
    drop(server);
    let config = Config { behind_proxy: true, run: Run::Inline, clock, ..Config::new(folder.path()) };
    let router = Server::open(config).unwrap().router();
    let ask = async |path: &str, address: &str, body: String| {
        let request = http::Request::post(path).header("x-forwarded-for", address);
        router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap().status()
    };
    let device = r#"{"id":"01939aaa-0000-7000-8000-000000000001","name":"Phone","hold":"token"}"#;
    let sign_in = async |login: &str, address: &str| {
        let body = format!(r#"{{"login":"{login}","password":"not this one","device":{device}}}"#);
        ask("/v1/sign-in", address, body).await
    };
    for i in 0..15 {
        let status = sign_in("ana", &format!("10.0.0.{i}")).await;
        assert_eq!(status == StatusCode::TOO_MANY_REQUESTS, i >= 10, "try {i} from another address");
    }
    // Tries of a link are tries of that address, too, and cost no hashing.
    for _ in 0..195 {
        ask("/v1/invite", "10.9.9.9", r#"{"secret":"x"}"#.into()).await;
    }
    for i in 0..10 {
        let status = sign_in(&format!("somebody{i}"), "10.9.9.9").await;
        assert_eq!(status == StatusCode::TOO_MANY_REQUESTS, i >= 5, "try {i} for another account");
    }
}

/// FB12: who forges where they come from gains no tries by it.
#[tokio::test(start_paused = true)]
async fn an_address_is_believed_from_a_proxy_only() {
    for (behind_proxy, most) in [(false, 200), (true, 300)] {
        let House { server, folder, clock, .. } = House::open();
        drop(server);
        let config = Config { behind_proxy, run: Run::Inline, clock, ..Config::new(folder.path()) };
        let router = Server::open(config).unwrap().router();
        let mut let_through = 0;
        for i in 0..300 {
            let mut request = http::Request::post("/v1/invite")
                .header("x-forwarded-for", format!("198.51.100.1, 10.0.{}.{}", i / 250, i % 250))
                .body(Body::from(r#"{"secret":"x"}"#))
                .unwrap();
            request.extensions_mut().insert(Peer("203.0.113.9:4711".parse().unwrap()));
            let status = router.clone().oneshot(request).await.unwrap().status();
            let_through += usize::from(status != StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(let_through, most);
    }
}
