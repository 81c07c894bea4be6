//! The Configurator: the audit, a conversation taken out, and a customer erased.

use crate::house::{Device, House, Page, Uploads, accepted};
use crate::live::Ear;
use crate::pictures::{gif_of, jpeg};
use fieldline_model::admin::people::EditPerson;
use fieldline_model::admin::trail::{
    AboutKind, AuditPage, AuditParty, AuditSearch, CustomersPage, CustomersSearch, Erase,
};
use fieldline_model::api::BlobProgress;
use fieldline_model::change::What;
use fieldline_model::message::FileRef;
use fieldline_model::{
    AdminAnswer, AdminAsk, Ask, BlobHash, Code, Conversation, ConversationId, FileType, Role, State,
};
use http::{Method, StatusCode};
use std::collections::BTreeMap;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

async fn root(house: &House) -> Device {
    house.device_of(&house.person("Root", Role::Admin).await).await
}

async fn audit(by: &Device, search: AuditSearch) -> AuditPage {
    match by.configures(AdminAsk::Audit(search)).await.unwrap() {
        AdminAnswer::Audit(page) => page,
        other => panic!("the audit, not {other:?}"),
    }
}

async fn customers(by: &Device, search: &str) -> CustomersPage {
    let search = CustomersSearch { search: search.into(), from: 0 };
    match by.configures(AdminAsk::Customers(search)).await.unwrap() {
        AdminAnswer::Customers(page) => page,
        other => panic!("customers, not {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_audit_is_read_by_who_what_and_when_with_todays_names() {
    let house = House::open();
    let (root, ana) = (root(&house).await, house.agent("Ana").await);
    let edit = |name: &str| {
        let name = Some(name.to_owned());
        AdminAsk::EditPerson(EditPerson { name, ..EditPerson::of(ana.person.id) })
    };
    root.configures(edit("Ana B")).await.unwrap();
    house.clock.sleep(SECOND).await;
    let later = house.clock.now_ms();
    root.configures(edit("Ana C")).await.unwrap();
    assert_eq!(ana.configures(edit("Boss")).await, Err(Code::NotPermitted));
    let verb = Some("rename_person".to_owned());
    let renamed = audit(&root, AuditSearch { verb: verb.clone(), ..AuditSearch::default() }).await;
    assert_eq!(renamed.lines.len(), 3);
    let newest = &renamed.lines[0];
    let who = |name: &str, id| AuditParty::Person { id, name: Some(name.into()) };
    assert_eq!((&newest.by, newest.code), (&who("Ana C", ana.person.id), Some(Code::NotPermitted)));
    assert_eq!((&renamed.lines[2].by, renamed.lines[2].code), (&who("Root", root.person.id), None));
    let about = renamed.lines[2].about.as_ref().unwrap();
    assert_eq!((about.kind, about.name.as_deref()), (AboutKind::Person, Some("Ana C")));
    let since = AuditSearch { verb: verb.clone(), from_ms: Some(later), ..AuditSearch::default() };
    assert_eq!(audit(&root, since).await.lines.len(), 2);
    let until = AuditSearch { verb, to_ms: Some(later), ..AuditSearch::default() };
    assert_eq!(audit(&root, until).await.lines.len(), 1);
    let hers = AuditSearch { person: Some(ana.person.id), ..AuditSearch::default() };
    assert!(audit(&root, hers).await.lines.iter().all(|it| {
        it.about.as_ref().is_some_and(|about| about.id == ana.person.id.0)
            || it.by == who("Ana C", ana.person.id)
    }));
    assert!(renamed.verbs.contains(&"add_person".to_owned()));
    for _ in 0..60 {
        root.configures(edit("Ana D")).await.unwrap();
        root.configures(edit("Ana E")).await.unwrap();
    }
    let first = audit(&root, AuditSearch::default()).await;
    assert!(first.more && first.lines.len() == 50);
    let before = Some(first.lines[49].line);
    let next = audit(&root, AuditSearch { before, ..AuditSearch::default() }).await;
    assert!(next.lines[0].line < first.lines[49].line);
}

/// A conversation with a photo, a note and an answer; Ana has it.
async fn story(house: &House, ana: &Device) -> (Page, ConversationId, Vec<u8>) {
    let rosa = house.customer("Rosa <b>").await;
    rosa.says("It leaks <script>alert(1)</script>").await;
    let it = ana.conversations().await.into_iter().find(|it| it.state == State::Waiting).unwrap().id;
    accepted(&ana.picks(it).await);
    accepted(&ana.says(it, "On my way").await);
    accepted(&ana.asks(Ask::Note { conversation: it, text: "Gate code 4711".into() }).await);
    let photo = jpeg(16, 16);
    rosa.upload(&photo).await.json::<BlobProgress>();
    let file = FileRef { hash: BlobHash::of(&photo), name: "../../part.jpg".into() };
    assert!(rosa.sends(&rosa.mints("Here", vec![file])).await.status.is_success());
    (rosa, it, photo)
}

/// What is in a ZIP file whose entries are stored as they are, by its local headers.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let number = |at: usize, size: usize| {
        bytes[at..at + size].iter().rev().fold(0usize, |all, byte| all << 8 | usize::from(*byte))
    };
    let (mut at, mut found) = (0, BTreeMap::new());
    while number(at, 4) == 0x0403_4b50 {
        let (size, name, extra) = (number(at + 18, 4), number(at + 26, 2), number(at + 28, 2));
        let begins = at + 30 + name + extra;
        let name = String::from_utf8(bytes[at + 30..at + 30 + name].to_vec()).unwrap();
        found.insert(name, bytes[begins..begins + size].to_vec());
        at = begins + size;
    }
    found
}

#[tokio::test(start_paused = true)]
async fn a_conversation_is_taken_out_whole_with_the_hash_of_each_file() {
    let house = House::open();
    let (root, ana) = (root(&house).await, house.agent("Ana").await);
    let (_, it, photo) = story(&house, &ana).await;
    let path = format!("/v1/admin/exports/{it}");
    assert_eq!(ana.get(&path).await.code(), Code::NotPermitted);
    let reply = root.get(&path).await;
    assert_eq!(
        (reply.status, &reply.headers["content-type"]),
        (StatusCode::OK, &"application/zip".parse().unwrap())
    );
    let named = reply.headers["content-disposition"].to_str().unwrap();
    assert_eq!(named, format!("attachment; filename=\"conversation-{it}.zip\""));
    if let Some(to) = std::env::var_os("KEEP_EXPORT") {
        std::fs::write(to, &reply.bytes).unwrap();
    }
    let files = unzipped(&reply.bytes);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let originals: Vec<&&str> = names.iter().filter(|it| it.starts_with("originals/")).collect();
    assert_eq!(originals.len(), 1, "{names:?}");
    assert_eq!(files[*originals[0]], photo);
    assert!(names.iter().all(|name| !name.contains("..") && !name.starts_with('/')));
    let page = String::from_utf8(files["conversation.html"].clone()).unwrap();
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    assert!(page.contains("Gate code 4711") && page.contains("On my way") && page.contains(originals[0]));
    let json: serde_json::Value = serde_json::from_slice(&files["conversation.json"]).unwrap();
    assert_eq!(
        json["entries"].as_array().unwrap().len() as i64,
        json["conversation"]["last_n"].as_i64().unwrap()
    );
    assert_eq!(json["notes"][0]["text"], "Gate code 4711");
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).unwrap();
    for (name, bytes) in files.iter().filter(|(name, _)| *name != "SHA256SUMS") {
        assert!(sums.contains(&format!("{}  {name}\n", BlobHash::of(bytes))), "{name}");
    }
    let verb = Some("export_conversation".to_owned());
    let lines = audit(&root, AuditSearch { verb, ..AuditSearch::default() }).await.lines;
    assert_eq!((lines.len(), lines[0].code, lines[1].code), (2, None, Some(Code::NotPermitted)));
}

/// What is shown of a picture has the ending its bytes deserve, and the page shows it.
#[tokio::test(start_paused = true)]
async fn what_moves_in_a_conversation_moves_in_what_is_taken_out() {
    let house = House::open();
    let (root, ana) = (root(&house).await, house.agent("Ana").await);
    let (rosa, it, _) = story(&house, &ana).await;
    let moving = gif_of(3);
    rosa.upload(&moving).await.json::<BlobProgress>().ready.expect("ready");
    let file = FileRef { hash: BlobHash::of(&moving), name: "wave.gif".into() };
    assert!(rosa.sends(&rosa.mints("", vec![file])).await.status.is_success());
    let files = unzipped(&root.get(&format!("/v1/admin/exports/{it}")).await.bytes);
    let page = String::from_utf8(files["conversation.html"].clone()).unwrap();
    let photos: Vec<_> = files.iter().filter(|(name, _)| name.contains('/')).collect();
    let endings = photos.iter().map(|(name, bytes)| {
        assert!(page.contains(&format!("\"{name}\"")), "{name}");
        let (_, ending) = name.rsplit_once('.').unwrap();
        assert_eq!(FileType::of(bytes).unwrap().ending(), ending, "{name}");
        ending
    });
    assert_eq!(endings.collect::<Vec<_>>(), ["jpg", "gif", "jpg", "gif"], "originals, then what is shown");
}

fn left(changes: &[fieldline_model::Change]) -> Vec<uuid::Uuid> {
    let id = |it: &fieldline_model::Change| match &it.what {
        What::Left(name) => Some(name.id),
        What::Put(_) => None,
    };
    changes.iter().filter_map(id).collect()
}

#[tokio::test(start_paused = true)]
async fn a_customer_who_is_erased_is_nowhere_any_more_and_the_audit_keeps_the_id_alone() {
    let house = House::open();
    let (root, ana, bo) = (root(&house).await, house.agent("Ana").await, house.agent("Bo").await);
    let (rosa, first, photo) = story(&house, &ana).await;
    accepted(&ana.ends(first).await);
    rosa.says("Once more").await;
    let second = bo.only().await;
    let per = house.customer("Per").await;
    per.says("Still here").await;
    let cursor = house.server.head().await.unwrap();
    let found = customers(&root, "rosa").await;
    assert_eq!((found.total, found.customers[0].conversations.len()), (1, 2));
    let customer = found.customers[0].id;
    assert_eq!(customers(&root, &customer.to_string()).await, found, "by a whole id too");
    let erase = |name: &str| AdminAsk::Erase(Erase { customer, name: name.into() });
    assert_eq!(root.configures(erase("Rosa")).await, Err(Code::BadName));
    assert_eq!(bo.configures(erase("Rosa <b>")).await, Err(Code::NotPermitted));
    let mut anas = Ear::of(&ana, cursor).await;
    let mut rosas = Ear::of_customer(&rosa, 0).await;
    assert!(anas.next().await.is_some() && rosas.next().await.is_some());
    assert_eq!(root.configures(erase(" Rosa <b> ")).await, Ok(AdminAnswer::Done));
    // Devices are told within a second, those that are away as well; the customer is out.
    let told = anas.hears(SECOND).await.unwrap().to_string();
    assert!(told.contains("left") && told.contains(&first.to_string()), "{told}");
    assert!(rosas.ends(SECOND).await);
    assert_eq!(rosa.call(Method::GET, "/v1/customer/chat", "").await.code(), Code::SignedOut);
    for device in [&ana, &root] {
        let gone = left(&device.changes(cursor).await);
        assert!(gone.contains(&first.0) && gone.contains(&second.0), "{gone:?}");
        assert!(device.conversations().await.iter().all(|it: &Conversation| it.customer.id != customer));
        let path = format!("/v1/conversations/{first}/messages");
        assert_eq!(device.get(&path).await.code(), Code::NotFound);
    }
    assert_eq!(left(&bo.changes(cursor).await), [second.0], "what he never saw is not told to him");
    assert_eq!(bo.conversations().await.len(), 1, "Per's is untouched");
    assert_eq!(customers(&root, "").await.total, 1);
    house.server.collect().await.unwrap();
    let kept = |name: &str| std::fs::read(house.folder.path().join(name)).unwrap_or_default();
    let db = rusqlite::Connection::open(house.folder.path().join("fieldline.db")).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let whole = kept("fieldline.db");
    for said in ["It leaks", "Gate code 4711", "Rosa <b>", "Once more", "On my way"] {
        let bytes = said.as_bytes();
        assert!(!whole.windows(bytes.len()).any(|window| window == bytes), "{said} is still in the file");
    }
    let hash = BlobHash::of(&photo);
    let sql = "SELECT (SELECT count(*) FROM blob WHERE hash = ?1) + (SELECT count(*) FROM blob_gone)";
    let left: i64 = db.query_row(sql, [hash.as_str()], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    let verb = Some("erase_customer".to_owned());
    let lines = audit(&root, AuditSearch { verb, ..AuditSearch::default() }).await.lines;
    let about = lines[0].about.as_ref().unwrap();
    assert_eq!((about.id, about.kind, &about.name), (customer.0, AboutKind::Other, &None));
    // What was on its way from a device is refused, as for anything that is not there.
    assert_eq!(crate::house::refused(&ana.says(first, "Late").await), Code::NotFound);
}
