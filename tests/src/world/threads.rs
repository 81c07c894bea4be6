//! Message threads as people use them.

use super::{Device, PASSWORD, World};
use fieldline_core::view::{
    Begin, Block, BubbleBody, GroupTab, Groups, MembersChange, OutboxRow, Page, Thread,
};
use fieldline_model::{History, IntentId, Module, Person, PersonId, PlaceId, Problem, Role};
use fieldline_server::NewPerson;

impl World {
    /// Grants somebody the module that lets them begin threads, or takes it away.
    pub async fn grants(&self, name: &str, on: bool) {
        let who = self.server.person_of(name).await.expect("the server reads").expect("somebody");
        self.server.grant(who.id, Module::MessagingCompany, on).await.expect("it is granted");
    }

    /// A client in the contact list.
    pub async fn client(&self, name: &str) -> Person {
        let new = NewPerson { name: name.into(), login: None, role: Role::Client };
        self.server.add_person(new).await.expect("a new client")
    }
}

impl World {
    /// A client who signed up by an admin's link, on a device of their own.
    pub async fn signed_up_client(&self, name: &str) -> Device {
        let who = self.client(name).await;
        let secret = self.server.invite(who.id).await.expect("a client is invited");
        let device = self.new_device(name).await;
        let joined = device.engine().join("https://desk.test".into(), secret, PASSWORD.into(), None).await;
        joined.expect("the link is good");
        device
    }
}

impl Device {
    /// A new intent's id, for what has no verb here.
    pub fn next_id(&self) -> IntentId {
        self.id()
    }

    /// Somebody in the contact list, by their whole name.
    pub async fn contact(&self, name: &str) -> PersonId {
        for block in [Block::Internal, Block::Customer] {
            let found = self.engine().contacts(block, name.into(), 0, 50).await.expect("contacts read");
            if let Some(it) = found.contacts.into_iter().find(|it| it.name == name) {
                return it.id;
            }
        }
        panic!("{} has no contact {name}", self.name);
    }

    async fn people(&self, names: &[&str]) -> Vec<PersonId> {
        let mut people = Vec::new();
        for name in names {
            people.push(self.contact(name).await);
        }
        people
    }

    /// Begins a thread with what is composed and `text`.
    pub async fn begins(&self, people: &[&str], text: &str) -> Result<PlaceId, Problem> {
        let people = self.people(people).await;
        let group = PlaceId(self.id().0);
        let begin = Begin { group, people, name: None, text: text.into() };
        self.engine().start_group(self.id(), begin).await
    }

    /// Saves who is in a group, against what was shown.
    pub async fn saves(
        &self,
        place: PlaceId,
        (add, remove): (&[&str], &[&str]),
        history: History,
    ) -> Result<(), Problem> {
        let change =
            MembersChange { add: self.people(add).await, remove: self.people(remove).await, history };
        self.engine().save_members(self.id(), place, change).await
    }

    /// Says something in a place.
    pub async fn says(&self, place: PlaceId, text: &str) -> Result<(), Problem> {
        self.engine().send(self.id(), place, text.into()).await
    }

    /// A thread.
    pub async fn at(&self, place: PlaceId) -> Result<Thread, Problem> {
        self.engine().thread(place, 500).await
    }

    /// What was said in a place, in order.
    pub async fn said(&self, place: PlaceId) -> Vec<String> {
        let text = |body| if let BubbleBody::Said { text, .. } = body { Some(text) } else { None };
        let thread = self.at(place).await.expect("a thread reads");
        thread.bubbles.into_iter().filter_map(|b| text(b.body)).collect()
    }

    /// Who is in a group, by name, in the order they came.
    pub async fn sees_in(&self, place: PlaceId) -> Vec<String> {
        let people = self.engine().group_people(place).await.expect("its people read").people;
        people.into_iter().map(|it| it.name).collect()
    }

    /// All message threads.
    pub async fn threads(&self) -> Groups {
        self.engine().groups(GroupTab::All, String::new(), Page::first(100)).await.expect("a list reads")
    }

    /// Everything unsent.
    pub async fn unsent(&self) -> Vec<OutboxRow> {
        self.engine().outbox().await.expect("the outbox reads")
    }
}

/// Ana, Bo and Cy; Ana and Bo may begin threads.
pub async fn office() -> (World, Device, Device, Device) {
    let world = World::new().await;
    let (ana, bo, cy) = (world.agent("Ana").await, world.agent("Bo").await, world.agent("Cy").await);
    world.grants("ana", true).await;
    world.grants("bo", true).await;
    world.settles(&[&ana, &bo, &cy]).await;
    (world, ana, bo, cy)
}
