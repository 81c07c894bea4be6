//! What the operator does beside the API: people, invites, and, for the demo and
//! for tests, passwords and sessions without the wait of a sign-in.

use crate::Server;
use crate::desk;
use crate::http::session_login;
use crate::secrets;
use crate::store::{Act, Actor, SignedInDevice, Stop};
use fieldline_model::canned::{check_canned, clean_shortcut};
use fieldline_model::offer::OFFER_MS;
use fieldline_model::policy::{Map, Policy};
use fieldline_model::text::clean_name;
use fieldline_model::{Canned, CannedId, Code, DeviceId, Module, Person, PersonId, Queue, QueueMode, Role};

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

    /// Who signs in with `login`.
    pub async fn person_of(&self, login: &str) -> Result<Option<Person>, Stop> {
        let login = session_login(login);
        self.app.store.read(move |look| Ok(look.credentials(&login)?.map(|known| known.person))).await
    }

    /// Makes an invite for somebody with a login; gives its secret, once.
    pub async fn invite(&self, who: PersonId) -> Result<String, Stop> {
        let secret = secrets::mint(&self.app.clock);
        let hash = secrets::hash(&secret);
        self.app
            .store
            .write(move |tx| {
                let act = Act::new(Actor::Operator, "invite").about(who.0);
                tx.step(act, |tx| tx.add_invite(who, &hash))
            })
            .await?;
        Ok(secret)
    }

    /// Makes a client's one-time link; gives its secret, once.
    ///
    /// Refuses with *not_found* who is no client in the contact list.
    pub async fn invite_client(&self, who: PersonId) -> Result<String, Stop> {
        let secret = secrets::mint(&self.app.clock);
        let hash = secrets::hash(&secret);
        self.app
            .store
            .write(move |tx| {
                let act = Act::new(Actor::Operator, "invite_client").about(who.0);
                tx.step(act, |tx| desk::invite_client(tx, who, &hash))
            })
            .await?;
        Ok(secret)
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
        self.app
            .store
            .write(move |tx| {
                let act = Act::new(Actor::Operator, "sign_out_everywhere").about(who.0);
                tx.step(act, |tx| tx.end_devices(who, None))
            })
            .await
    }

    /// Sets how conversations leave the picklist, and how long an offer stands.
    ///
    /// Refuses with *bad_request* a time that no offer may stand.
    pub async fn set_queue(&self, mode: QueueMode, offer_ms: i64) -> Result<(), Stop> {
        if !OFFER_MS.contains(&offer_ms) {
            return Err(Code::BadRequest.into());
        }
        self.app
            .store
            .write(move |tx| {
                let id = tx.queue()?.id;
                let act = Act::new(Actor::Operator, "set_queue").about(id.0);
                tx.step(act, |tx| tx.put_queue(&Queue { id, mode, offer_ms }))
            })
            .await
    }

    /// Sets a canned reply: a new one, or the text of one that is there.
    ///
    /// Refuses what [`clean_shortcut`] and [`check_canned`] do.
    pub async fn set_canned(&self, shortcut: &str, text: &str) -> Result<(), Stop> {
        let shortcut = clean_shortcut(shortcut)?;
        check_canned(text)?;
        let id = CannedId::mint(self.app.clock.now_ms(), self.app.clock.random());
        let text = text.trim().to_owned();
        self.app
            .store
            .write(move |tx| {
                let id = tx.canned_called(&shortcut)?.map_or(id, |known| known.id);
                let act = Act::new(Actor::Operator, "set_canned").about(id.0);
                let it = Canned { id, shortcut: shortcut.clone(), text: text.clone() };
                tx.step(act, |tx| tx.put_canned(&it))
            })
            .await
    }

    /// Every canned reply, by shortcut.
    pub async fn canned(&self) -> Result<Vec<Canned>, Stop> {
        self.app.store.read(|look| look.canned_all()).await
    }

    /// Removes a canned reply; refuses with *not_found* a shortcut that calls none.
    pub async fn remove_canned(&self, shortcut: &str) -> Result<(), Stop> {
        let shortcut = clean_shortcut(shortcut)?;
        self.app
            .store
            .write(move |tx| {
                let id = tx.canned_called(&shortcut)?.ok_or(Code::NotFound)?.id;
                let act = Act::new(Actor::Operator, "remove_canned").about(id.0);
                tx.step(act, |tx| tx.drop_canned(id))
            })
            .await
    }

    /// Grants a person a module, or takes it away: theirs at once, on every device.
    ///
    /// Refuses with *bad_request* a client: what they start is nobody's.
    pub async fn grant(&self, who: PersonId, module: Module, on: bool) -> Result<(), Stop> {
        let what = if on { "grant_module" } else { "take_module" };
        self.app
            .store
            .write(move |tx| {
                tx.step(Act::new(Actor::Operator, what).about(who.0), |tx| {
                    if !tx.person(who)?.ok_or(Code::NotFound)?.role.is_staff() {
                        return Err(Code::BadRequest.into());
                    }
                    tx.grant(who, module, on)
                })
            })
            .await
    }

    /// Blocks a person: their sessions are over, their streams close, and their open
    /// conversations wait in the picklist again.
    pub async fn block(&self, who: PersonId) -> Result<(), Stop> {
        self.app
            .store
            .write(move |tx| {
                tx.step(Act::new(Actor::Operator, "block").about(who.0), |tx| desk::block(tx, who))
            })
            .await
    }

    /// Sets where the map's tiles are fetched and whose map it is, or takes it away.
    ///
    /// Refuses with *bad_address* an address no tile can be fetched from, with
    /// *text_too_long* a credit of more than 200 characters.
    pub async fn set_map(&self, map: Option<(String, Map)>) -> Result<(), Stop> {
        if let Some((address, map)) = &map {
            crate::tiles::check(address)?;
            if map.credit.chars().count() > 200 {
                return Err(Code::TextTooLong.into());
            }
        }
        self.app
            .store
            .write(move |tx| {
                tx.step(Act::new(Actor::Operator, "set_map"), |tx| {
                    let (address, map) = map.clone().unzip();
                    tx.put_tiles(address.as_deref())?;
                    let policy = Policy { map, ..tx.workspace()?.policy };
                    tx.put_policy(&policy)
                })
            })
            .await
    }
}
