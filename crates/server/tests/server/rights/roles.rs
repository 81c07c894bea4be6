//! Everybody who may ask, each with something of theirs.

use super::Row;
use crate::house::{Device, House, MORNING_MS, Page, Reply, Uploads, accepted};
use crate::pictures::jpeg;
use fieldline_model::api::BlobProgress;
use fieldline_model::message::FileRef;
use fieldline_model::{
    Ask, BlobHash, Conversation, ConversationId, DeviceId, GroupId, IntentId, Module, Role, Send, Start,
    State,
};
use fieldline_server::{Clock, Server};
use http::Method;
use rusqlite::Connection;

/// Who asks. The customer is whose conversation it is, the holder the agent who has it;
/// holder and client are in the group. The agent has no module and no part in either.
/// The last three are of another workspace.
pub const ROLES: [&str; 12] = [
    "nobody",
    "customer",
    "other customer",
    "client",
    "other client",
    "agent",
    "holder",
    "admin",
    "blocked agent",
    "agent elsewhere",
    "client elsewhere",
    "customer elsewhere",
];

const DEVICE: &str = r#"{"id":"01939aaa-0000-7000-8000-000000000001","name":"Phone","hold":"token"}"#;

/// A house with something of everybody's in it, and one elsewhere.
pub struct World {
    house: House,
    _elsewhere: House,
    /// By [`ROLES`].
    pub tokens: Vec<String>,
    pub holder: Device,
    pub agent: Device,
    pub other_client: Device,
    pub conversation: ConversationId,
    pub group: GroupId,
    pub message: IntentId,
    /// A message with a photo in the group.
    pub in_group: IntentId,
    /// The holder's, beside the one they ask from.
    other_device: DeviceId,
    audit: Connection,
}

fn token_of(page: &Page) -> String {
    page.cookie.split_once('=').unwrap().1.to_owned()
}

/// Two conversations of Rosa's: one that ended, and one that the holder has, with a photo.
async fn with_photo(customer: &Page, holder: &Device) -> (ConversationId, IntentId) {
    let takes = async || {
        let all = holder.conversations().await;
        let rosas =
            |it: &&Conversation| it.customer.name.as_deref() == Some("Rosa") && it.state == State::Waiting;
        let it = all.iter().find(rosas).unwrap().id;
        accepted(&holder.picks(it).await);
        it
    };
    customer.says("Before").await;
    accepted(&holder.ends(takes().await).await);
    let photo = jpeg(16, 16);
    customer.upload(&photo).await.json::<BlobProgress>();
    let file = FileRef { hash: BlobHash::of(&photo), name: "part.jpg".into() };
    let send = customer.mints("Now", vec![file]);
    assert!(customer.sends(&send).await.status.is_success());
    (takes().await, send.id)
}

impl World {
    pub async fn build() -> Self {
        // Of another seed: by the same one its tokens would be the same.
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::simulated(MORNING_MS, 2));
        Server::found(folder.path(), "Elsewhere", &clock).unwrap();
        let (house, elsewhere) = (House::open(), House::of(folder, clock));
        let (holder, agent, blocked) =
            (house.agent("Holder").await, house.agent("Agent").await, house.agent("Blocked").await);
        house.server.set_password(holder.person.id, crate::house::PASSWORD).await.unwrap();
        let admin = house.device_of(&house.person("Admin", Role::Admin).await).await;
        let client = house.device_of(&house.person("Client", Role::Client).await).await;
        let other_client = house.device_of(&house.person("Other", Role::Client).await).await;
        house.server.block(blocked.person.id).await.unwrap();
        let (customer, other) = (house.customer("Rosa").await, house.customer("Per").await);
        other.says("Mine").await;
        let (conversation, message) = with_photo(&customer, &holder).await;
        let group = GroupId(uuid::Uuid::from_u128(7));
        house.server.grant(holder.person.id, Module::MessagingCompany, true).await.unwrap();
        let people = vec![house.agent("Eva").await.person.id, client.person.id];
        let photo = jpeg(24, 16);
        assert!(holder.upload(&photo).await.status.is_success());
        let files = vec![FileRef { hash: BlobHash::of(&photo), name: "part.jpg".into() }];
        let first = Send { files, ..Send::text(group.into(), "") };
        let start = holder.mints(Ask::Start(Start { group, people, name: None, first: Some(first) }));
        accepted(&holder.submit(&start).await);
        let in_group = start.id;
        let away = elsewhere.agent("Agent").await;
        let away_client = elsewhere.device_of(&elsewhere.person("Client", Role::Client).await).await;
        let away_customer = elsewhere.customer("Rosa").await;
        let mut tokens = vec![String::new(), token_of(&customer), token_of(&other)];
        let people = [&client, &other_client, &agent, &holder, &admin, &blocked, &away, &away_client];
        tokens.extend(people.map(|it| it.token.clone()));
        tokens.push(token_of(&away_customer));
        let audit = Connection::open(house.folder.path().join("fieldline.db")).unwrap();
        let _elsewhere = elsewhere;
        let other_device = house.device_of(&holder.person).await.id;
        Self {
            house,
            _elsewhere,
            tokens,
            holder,
            agent,
            other_client,
            conversation,
            group,
            message,
            in_group,
            other_device,
            audit,
        }
    }

    fn fill(&self, text: &str) -> String {
        let fresh = IntentId::mint(self.house.clock.now_ms(), self.house.clock.random());
        text.replace("client/messages/{id}", &format!("client/messages/{}", self.in_group))
            .replace("exports/{id}", &format!("exports/{}", self.conversation))
            .replace("{group}", &self.group.to_string())
            .replace("conversations/{id}", &format!("conversations/{}", self.conversation))
            .replace("groups/{id}", &format!("groups/{}", self.group))
            .replace("messages/{id}", &format!("messages/{}", self.message))
            .replace("devices/{id}", &format!("devices/{}", self.other_device))
            .replace("{conversation}", &self.conversation.to_string())
            .replace("{hash}", BlobHash::of(b"ab").as_str())
            .replace("{i}", "0")
            .replace("{rendition}", "thumb")
            .replace("{z}/{x}/{y}", "1/0/0")
            .replace("{device}", DEVICE)
            .replace("{fresh}", &fresh.to_string())
    }

    /// Asks with the one token somebody has, at every door there is.
    pub async fn asks(&self, row: &Row, token: &str) -> Reply {
        let (method, path) = row.route.split_once(' ').unwrap();
        let path = format!("{}{}", self.fill(path), row.query);
        let bearer = format!("Bearer {token}");
        let cookies = format!("__Host-fieldline-chat={token}; __Host-fieldline={token}");
        let mut headers = vec![("x-fieldline", "1"), ("cookie", cookies.as_str())];
        if !token.is_empty() {
            headers.push(("authorization", &bearer));
        }
        let method: Method = method.parse().unwrap();
        let answer = self.house.line().open(method, &path, &headers, self.fill(row.body)).await;
        let (parts, body) = answer.into_parts();
        // A stream has no end.
        let whole = async || axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let bytes = if parts.status.is_success() { Default::default() } else { whole().await };
        Reply { status: parts.status, headers: parts.headers, bytes }
    }

    pub fn denied(&self, code: &str) -> i64 {
        let sql = "SELECT count(*) FROM audit WHERE code = ?1 AND actor <> 'nobody'";
        self.audit.query_row(sql, [code], |row| row.get(0)).unwrap()
    }
}
