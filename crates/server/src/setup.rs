//! What the demo and the tests ask in short: verbs of the Configurator, and passwords and
//! sessions without the wait of a sign-in.

use crate::Server;
use crate::http::session_login;
use crate::secrets;
use crate::store::{Act, Actor, SignedInDevice, Stop};
use fieldline_model::admin::desk::{AdminCanned, Imported, MapSource};
use fieldline_model::admin::people::EditPerson;
use fieldline_model::policy::Map;
use fieldline_model::text::clean_name;
use fieldline_model::{
    AdminAnswer, AdminAsk, Code, DeviceId, Module, Person, PersonId, QueueId, QueueMode, Role,
};
use uuid::Uuid;

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Shown name, 1 to 120 characters.
    pub name: String,
    /// What they sign in with; a client may have none ("not signed up").
    pub login: Option<String>,
    /// What they are.
    pub role: Role,
}

impl Server {
    /// Adds a person.
    ///
    /// Refuses with *bad_name* a name or login that cannot be, or a login somebody has.
    pub async fn add_person(&self, new: NewPerson) -> Result<Person, Stop> {
        let clock = &self.app.clock;
        let id = PersonId::mint(clock.now_ms(), clock.random());
        let person = Person::new(id, clean_name(&new.name)?, new.role);
        let login = new.login.as_deref().map(session_login);
        if login.as_ref().is_some_and(|login| login.is_empty() || login.len() > 200) {
            return Err(Code::BadName.into());
        }
        let added = person.clone();
        self.app
            .store
            .write(move |tx| {
                let act = Act::new(Actor::Operator, "add_person").about(added.id.0);
                tx.step(act, |tx| tx.add_person(&added, login.as_deref()))
            })
            .await?;
        Ok(person)
    }

    /// An id for what is to be added.
    pub fn mint(&self) -> Uuid {
        PersonId::mint(self.app.clock.now_ms(), self.app.clock.random()).0
    }

    /// The queue that is there without anybody having made it.
    pub async fn first_queue(&self) -> Result<QueueId, Stop> {
        self.app.store.read(|look| Ok(look.first_queue())).await
    }

    /// Who signs in with `login`.
    pub async fn person_of(&self, login: &str) -> Result<Option<Person>, Stop> {
        let login = session_login(login);
        self.app.store.read(move |look| Ok(look.credentials(&login)?.map(|known| known.person))).await
    }

    /// Makes a one-time link for somebody; gives its secret, once.
    pub async fn invite(&self, who: PersonId) -> Result<String, Stop> {
        match self.admin(AdminAsk::Reset { person: who }).await? {
            AdminAnswer::Link(link) => Ok(link.secret),
            _ => Err(Code::Internal.into()),
        }
    }

    /// The clients in the contact list who are called so, or have that number or address.
    pub async fn clients_called(&self, called: &str) -> Result<Vec<Person>, Stop> {
        let called = called.trim().to_owned();
        self.app
            .store
            .read(move |look| {
                let mut all = look.clients(None, usize::MAX >> 1)?;
                all.retain(|it| {
                    it.name == called
                        || it.phone.as_deref() == Some(&called)
                        || it.email.as_deref() == Some(&called)
                });
                Ok(all)
            })
            .await
    }

    /// Sets somebody's password without an invite.
    pub async fn set_password(&self, who: PersonId, password: &str) -> Result<(), Stop> {
        let stored = self.app.passwords.hash(password.to_owned()).await?;
        self.app
            .store
            .write(move |tx| {
                let act = Act::new(Actor::Operator, "set_password").about(who.0);
                tx.step(act, |tx| tx.set_password(who, &stored))
            })
            .await
    }

    /// Signs a device in without a password; gives its token.
    pub async fn mint_session(&self, who: PersonId, device: DeviceId) -> Result<String, Stop> {
        let token = secrets::mint(&self.app.clock);
        let device =
            SignedInDevice { person: who, id: device, name: "Device".into(), token: secrets::hash(&token) };
        self.app
            .store
            .write(move |tx| {
                let act = Act::new(Actor::Operator, "mint_session").about(who.0);
                tx.step(act, |tx| tx.sign_in(&device))
            })
            .await?;
        Ok(token)
    }

    /// Ends a person's sessions on every device.
    pub async fn sign_out_everywhere(&self, who: PersonId) -> Result<(), Stop> {
        self.admin(AdminAsk::SignOut { person: who, device: None }).await.map(drop)
    }

    /// Sets how conversations leave the first queue, and how long an offer stands.
    ///
    /// Refuses with *bad_request* a time that no offer may stand.
    pub async fn set_queue(&self, mode: QueueMode, offer_ms: i64) -> Result<(), Stop> {
        let id = self.first_queue().await?;
        let name = String::new();
        self.admin(AdminAsk::PutQueue { id, name, mode, offer_ms, members: None }).await.map(drop)
    }

    /// Sets a canned reply: a new one, or the text of one that is there.
    pub async fn set_canned(&self, shortcut: &str, text: &str) -> Result<(), Stop> {
        let asked = AdminCanned { shortcut: shortcut.into(), text: text.into() };
        self.admin(AdminAsk::PutCanned(asked)).await.map(drop)
    }

    /// Removes a canned reply; refuses with *not_found* a shortcut that calls none.
    pub async fn remove_canned(&self, shortcut: &str) -> Result<(), Stop> {
        self.admin(AdminAsk::RemoveCanned { shortcut: shortcut.into() }).await.map(drop)
    }

    /// Grants a person a module, or takes it away: theirs at once, on every device.
    ///
    /// Refuses with *bad_request* a client: what they start is nobody's.
    pub async fn grant(&self, who: PersonId, module: Module, on: bool) -> Result<(), Stop> {
        let mut modules = self.app.store.read(move |look| look.modules(who)).await?;
        modules.retain(|it| *it != module);
        modules.extend(on.then_some(module));
        self.admin(AdminAsk::EditPerson(EditPerson { modules: Some(modules), ..EditPerson::of(who) }))
            .await
            .map(drop)
    }

    /// Blocks a person: their sessions are over, their streams close, and their open
    /// conversations wait in the picklist again.
    pub async fn block(&self, who: PersonId) -> Result<(), Stop> {
        self.admin(AdminAsk::EditPerson(EditPerson { enabled: Some(false), ..EditPerson::of(who) }))
            .await
            .map(drop)
    }

    /// Sets where the map's tiles are fetched and whose map it is, or takes it away.
    pub async fn set_map(&self, map: Option<(String, Map)>) -> Result<(), Stop> {
        let (tiles, map) = map.unzip();
        let credit = map.map(|map| map.credit).unwrap_or_default();
        self.admin(AdminAsk::SetMap(MapSource { tiles, credit })).await.map(drop)
    }

    /// Adds the clients of a CSV file to the contact list, or changes them.
    pub async fn import_contacts(&self, csv: &str) -> Result<Imported, Stop> {
        match self.admin(AdminAsk::ImportContacts { csv: csv.into() }).await? {
            AdminAnswer::Imported(imported) => Ok(imported),
            _ => Err(Code::Internal.into()),
        }
    }
}
