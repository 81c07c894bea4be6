//! What a hostile page or device sends: names, texts and bodies that are to do something
//! somewhere.

use crate::blobs::{files, names};
use crate::house::{House, Uploads, accepted, refused, says};
use crate::pictures::jpeg;
use axum::body::Body;
use fieldline_model::api::BlobProgress;
use fieldline_model::{Ask, BlobHash, Code, ConversationId, GroupId, PersonId, Send};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// FB7: shown without what turns or ends it, and never a path.
#[tokio::test(start_paused = true)]
async fn whatever_a_file_is_called_it_is_one_plain_name_in_a_header_and_no_path() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Look").await;
    accepted(&ana.picks(ana.only().await).await);
    let bytes = jpeg(16, 16);
    rosa.upload(&bytes).await.json::<BlobProgress>().ready.expect("ready");
    let long = "x".repeat(5_000);
    let cut = format!("{}.jpg", "x".repeat(76));
    let called = [
        ("../../x", "x.jpg"),
        ("..\\..\\x.exe", "x.jpg"),
        ("C:\\x", "x.jpg"),
        ("a\0b.jpg", "ab.jpg"),
        (long.as_str(), cut.as_str()),
        ("photo\u{202e}gpj.exe", "photogpj.jpg"),
        ("CON.jpg", "_CON.jpg"),
        ("\"><svg onload=alert(1)>.svg", "___svg onload=alert(1)_.jpg"),
        ("a\r\nSet-Cookie: b=c.jpg", "aSet-Cookie_ b=c.jpg"),
        (".htaccess", "photo.jpg"),
        ("trailing. ", "trailing.jpg"),
        ("", "photo.jpg"),
    ];
    for (name, shown) in called {
        let send = rosa.mints("", vec![names(&bytes, name)]);
        let sent = rosa.sends(&send).await;
        assert_eq!(sent.status, StatusCode::OK, "{name:?}");
        let path = format!("/v1/messages/{}/files/0/original", send.id);
        let original = ana.get(&path).await;
        let header = original.headers["content-disposition"].to_str().unwrap();
        let coded = header.strip_prefix("attachment; filename*=UTF-8''").expect("RFC 6266");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-%".contains(&byte);
        assert!(coded.bytes().all(plain), "{header}");
        assert_eq!(decoded(coded), shown, "{name:?}");
    }
    let hash = BlobHash::of(&bytes);
    let kept = files(&house.folder.path().join("blobs"));
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|file| file.starts_with(hash.as_str())), "{kept:?}");
}

fn decoded(coded: &str) -> String {
    let mut parts = coded.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

/// FB9: a text is kept exactly as it was written, up to its bound; what is no text is none.
#[tokio::test(start_paused = true)]
async fn a_text_is_kept_as_it_is_whatever_it_looks_like() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    let texts = [
        "a\0b",
        "z\u{0335}\u{0322}\u{0348}a\u{0489}lgo",
        "<script>alert(1)</script> **b** [x](javascript:alert(1)) &amp;",
        "javascript:alert(1) https://xn--pple-43d.com https://\u{0430}pple.com",
        "\u{202e}dias tahw",
        "'; DROP TABLE message; --",
    ];
    for text in texts {
        assert_eq!(rosa.sends(&rosa.mints(text, vec![])).await.status, StatusCode::OK, "{text:?}");
    }
    let path = format!("/v1/conversations/{}/messages", ana.only().await);
    let read = ana.get(&path).await.json::<Value>().to_string();
    let chat = rosa.call(Method::GET, "/v1/customer/chat?after=0", Body::empty()).await;
    for text in texts {
        let text = serde_json::to_string(text).unwrap();
        assert!(read.contains(&text), "{text}");
        assert!(chat.json::<Value>().to_string().contains(&text), "{text}");
    }
    let long = rosa.sends(&rosa.mints(&"a".repeat(1 << 20), vec![])).await;
    assert!([Code::TextTooLong, Code::BadRequest].contains(&long.code()));
    let half = r#"{"id":"01939aaa-0000-7000-8000-0000000000f1","written_at_ms":1,"text":"\ud800"}"#;
    assert_eq!(rosa.call(Method::POST, "/v1/customer/messages", half).await.code(), Code::BadRequest);
}

/// FB10: of a customer; of staff it is `intents.rs`.
#[tokio::test(start_paused = true)]
async fn a_body_that_is_not_as_it_must_be_does_nothing() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let rosa = house.customer("Rosa").await;
    rosa.says("Hello?").await;
    let head = house.server.head().await.unwrap();
    let good = json!({ "id": Uuid::from_u128(7), "written_at_ms": 1, "text": "Hi" });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body.to_string()
    };
    let bodies = [
        format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("{{\"text\":{}}}", "{\"a\":".repeat(10_000)),
        r#"{"id":"01939aaa-0000-7000-8000-0000000000f1","id":"01939aaa-0000-7000-8000-0000000000f2","written_at_ms":1}"#.into(),
        good.to_string().replace(":1}", ":1e400}"),
        with("written_at_ms", json!("soon")),
        with("text", json!(["Hi"])),
        with("files", json!({})),
        with("role", json!("admin")),
        with("visibility", json!("staff")),
        with("workspace", json!(Uuid::from_u128(1))),
        with("author", json!({ "by": "person" })),
        with("n", json!(1)),
        with("id", json!("../../x")),
        "\u{feff}{}".into(),
        String::new(),
    ];
    for body in bodies {
        let reply = rosa.call(Method::POST, "/v1/customer/messages", body.clone()).await;
        let start: String = body.chars().take(80).collect();
        assert_eq!((reply.code(), reply.status), (Code::BadRequest, StatusCode::BAD_REQUEST), "{start}");
    }
    let start = json!({ "name": "Mal", "role": "admin" }).to_string();
    let begun = house.line().call(Method::POST, "/v1/customer/start", &[], start).await;
    assert_eq!(begun.code(), Code::BadRequest);
    assert_eq!(house.server.head().await.unwrap(), head);
    assert_eq!(ana.conversations().await.len(), 1);
}

/// FB11: the stream is told to nobody without a session, to no foreign page's changes, and
/// no address carries a token; a body past its bound is not read to its end.
#[tokio::test(start_paused = true)]
async fn a_stream_opens_to_its_session_alone_and_a_hundred_megabytes_to_nobody() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let live = format!("/v1/live?after=0&epoch={}", ana.snapshot().await.epoch);
    let (line, token) = (house.line(), &ana.token);
    for path in [live.clone(), format!("{live}&token={token}"), format!("{live}&access_token={token}")] {
        assert_eq!(line.call(Method::GET, &path, &[], "").await.code(), Code::SignedOut, "{path}");
    }
    let bearer = format!("Bearer {token}");
    let foreign = [("authorization", bearer.as_str()), ("origin", "https://evil.example"), ("host", "desk")];
    for (path, body) in [("/v1/signals", "{}"), ("/v1/intents", r#"{"intents":[]}"#)] {
        let reply = line.call(Method::POST, path, &foreign, body).await;
        assert_eq!((reply.code(), reply.status), (Code::NotPermitted, StatusCode::FORBIDDEN), "{path}");
    }
    let part = bytes::Bytes::from(vec![b' '; 1 << 20]);
    let (told, parts) = (std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0)), 0..100);
    let counted = told.clone();
    let body = futures_util::stream::iter(parts.map(move |_| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok::<_, std::io::Error>(part.clone())
    }));
    let reply = ana.call(Method::POST, "/v1/intents", Body::from_stream(body)).await;
    assert_eq!(reply.code(), Code::BadRequest);
    assert!(told.load(std::sync::atomic::Ordering::Relaxed) < 20, "read on and on");
}

/// FB13: a foreign form cannot be sent as a customer; the page is framed by nobody; who
/// begins gets a session of their own, whatever cookie they came with.
#[tokio::test(start_paused = true)]
async fn another_sites_page_does_nothing_as_a_customer_and_fixes_no_session() {
    let house = House::open();
    let rosa = house.customer("Rosa").await;
    let send = serde_json::to_string(&rosa.mints("Bought!", vec![])).unwrap();
    let cookie = ("cookie", rosa.cookie.as_str());
    let form = ("content-type", "application/x-www-form-urlencoded");
    for headers in [
        vec![cookie, form],
        vec![cookie, form, ("origin", "https://evil.example"), ("host", "desk")],
        vec![cookie, ("x-fieldline", "1"), ("origin", "https://evil.example"), ("host", "desk")],
        vec![cookie, ("x-fieldline", "1"), ("origin", "null"), ("host", "desk")],
    ] {
        let reply = house.line().call(Method::POST, "/v1/customer/messages", &headers, send.clone()).await;
        assert!([StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&reply.status), "{headers:?}");
    }
    let begin = json!({ "name": "Mal" }).to_string();
    let begun = house.line().call(Method::POST, "/v1/customer/start", &[cookie], begin).await;
    assert!(begun.status.is_success());
    assert_ne!(begun.cookie(), rosa.cookie, "a session of its own");
    let set = begun.headers["set-cookie"].to_str().unwrap();
    assert!(["HttpOnly", "SameSite=Strict"].iter().all(|word| set.contains(word)), "{set}");
    let page = house.line().call(Method::GET, "/chat", &[], "").await;
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
}

/// FD11: what a device names that is not there, or not any more, is refused with a reason.
#[tokio::test(start_paused = true)]
async fn an_id_that_nobody_knows_is_refused_and_not_stumbled_over() {
    let house = House::open();
    let ana = house.agent("Ana").await;
    let nobody = Uuid::from_u128(0x0193_9aaa_0000_7000_8000_0000_0000_00ff);
    let head = house.server.head().await.unwrap();
    let (conversation, group) = (ConversationId(nobody), GroupId(nobody));
    let asks = [
        Ask::Pick { conversation },
        Ask::Accept { conversation },
        Ask::Pass { conversation },
        Ask::End { conversation },
        Ask::Reopen { conversation },
        Ask::Transfer { conversation, to: Some(PersonId(nobody)), note: String::new() },
        Ask::Note { conversation, text: "Tall".into() },
        Ask::Read { place: conversation.into(), n: 1 },
        says(conversation, "Hello?"),
        Ask::Send(Send::text(group.into(), "Hello?")),
        Ask::Leave { group },
        Ask::Rename { group, name: "Roof".into() },
    ];
    for ask in asks {
        let outcome = ana.asks(ask.clone()).await;
        assert_eq!(refused(&outcome), Code::NotFound, "{ask:?}");
    }
    assert_eq!(house.server.head().await.unwrap(), head);
}
