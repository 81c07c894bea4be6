//! Signing in and out, and opening the profile of a server and a person.
//!
//! Invariants
//! - A profile's name is a function of server and person: the same person comes
//!   back to their own outbox, another never sees it.
//! - Signing out forgets the profile; with unsent work only when told to.

use super::{Engine, Open, runner};
use crate::profile::{Parts, Profile};
use crate::remote::{Failure, Remote, clean_address};
use crate::store::{cache, damage, drafts, facts, files, lists, notes, offers, outbox, schema, to_json};
use crate::sync;
use crate::tokens::Found;
use crate::view::{Counts, Door, Link, Status, Topic};
use fieldline_model::api::{DeviceCard, Hello, Hold, Invited, Join, SignIn, SignedIn};
use fieldline_model::{BlobHash, Code, DeviceId, PersonId, Policy, Problem, QueueMode, Ready, Role};
use std::sync::Arc;

impl Engine {
    /// Asks an address whether it is a Fieldline server.
    pub async fn check_server(&self, server: String) -> Result<Hello, Problem> {
        Ok(self.stranger(&server)?.hello().await?)
    }

    /// Signs in and opens the profile; with a code of one's second factor, where the server asked.
    ///
    /// Errors: [`Code::CodeNeeded`] when the password is right and a code is needed too;
    /// [`Code::WrongPassword`], [`Code::WrongCode`], [`Code::TooManyTries`].
    pub async fn sign_in(
        &self,
        server: String,
        login: String,
        password: String,
        code: Option<String>,
    ) -> Result<Status, Problem> {
        let remote = self.stranger(&server)?;
        let device = self.card().await?;
        let aside = self.stand_aside().await?;
        let answer = remote.sign_in(&SignIn { login, password, code, device }).await;
        self.enter_or_return(&server, answer, aside).await
    }

    /// Who an invite is for.
    pub async fn invited(&self, server: String, secret: String) -> Result<Invited, Problem> {
        Ok(self.stranger(&server)?.invited(&secret).await?)
    }

    /// Accepts an invite and opens the profile. A second factor asks here as at a sign-in.
    pub async fn join(
        &self,
        server: String,
        secret: String,
        password: String,
        code: Option<String>,
    ) -> Result<Status, Problem> {
        let remote = self.stranger(&server)?;
        let device = self.card().await?;
        let aside = self.stand_aside().await?;
        let answer = remote.join(&Join { secret, password, code, device }).await;
        self.enter_or_return(&server, answer, aside).await
    }

    /// Signs out and forgets the profile.
    ///
    /// Errors: [`Code::UnsentWork`] with how much, unless `discard` is set.
    pub async fn sign_out(&self, discard: bool) -> Result<Status, Problem> {
        let profile = self.profile()?;
        let unsent = profile
            .run(|c| Ok(outbox::count(c, None)?.0 + drafts::count(c)? + notes::count_drafts(c)?))
            .await?;
        if unsent > 0 && !discard {
            return Err(Problem::limit(Code::UnsentWork, u64::from(unsent)));
        }
        // First what a kill must not undo: what was discarded never comes back.
        let (name, remote) = (profile.name.clone(), profile.remote());
        let leaving = name.clone();
        self.it.home.run(move |c| leave(c, &leaving)).await?;
        self.set_open(None);
        drop(profile);
        // Without a network the session is ended here alone; the server's own copy
        // of it lapses, or an admin ends it. Nobody is kept in by a refusal.
        let _ = remote.sign_out().await;
        self.forget(&name).await?;
        self.status().await
    }

    /// Removes the profile somebody left.
    pub(super) async fn forget(&self, name: &str) -> Result<(), Problem> {
        self.it.disk.forget(name).await?;
        if let Some(tokens) = &self.it.tokens
            && tokens.forget(name).await.is_err()
        {
            // Their session is over; what a locked keychain still has of it goes at the next start.
            return Ok(());
        }
        self.it.home.run(|c| facts::clear(c, "leaving")).await
    }

    /// The state of the whole app.
    pub async fn status(&self) -> Result<Status, Problem> {
        let now_ms = self.it.clock.server_now_ms();
        let durable = self.it.disk.durable();
        let Ok(profile) = self.profile() else {
            return Ok(Status {
                door: Door::SignedOut,
                me: None,
                server: None,
                link: Link::Offline,
                link_problem: None,
                synced_at_ms: None,
                now_ms,
                durable,
                counts: Counts::default(),
                policy: Policy::default(),
                ready: Ready::default(),
                queue: QueueMode::default(),
                offers: Vec::new(),
                mended: None,
            });
        };
        let (me, counts, policy, mended) = profile
            .run(|c| Ok((cache::me(c)?, lists::counts(c)?, cache::policy(c)?, damage::mended(c)?)))
            .await?;
        let offering = profile.run(move |c| offers::offering(c, now_ms)).await?;
        let link = profile.link();
        Ok(Status {
            door: profile.door(),
            me,
            server: Some(profile.server.clone()),
            link: link.link,
            link_problem: link.problem,
            synced_at_ms: if link.link == Link::Live { Some(now_ms) } else { link.synced_at_ms },
            now_ms,
            durable,
            counts,
            policy,
            ready: offering.ready,
            queue: offering.queue,
            offers: offering.offers,
            mended,
        })
    }

    /// The person was told that this device's storage was mended.
    pub async fn mended_seen(&self) -> Result<(), Problem> {
        let profile = self.profile()?;
        profile.run(|c| damage::forget_mended(c)).await?;
        profile.tell([Topic::Status]);
        Ok(())
    }

    /// Connects and syncs now.
    pub async fn sync_now(&self) -> Result<(), Problem> {
        self.profile()?.wake();
        Ok(())
    }

    fn stranger(&self, server: &str) -> Result<Remote, Problem> {
        let server = clean_address(server)?;
        Ok(Remote::new(self.it.wire.clone(), self.it.clock.clone(), server, None))
    }

    /// What this device is to the server. One that was copied is a new one from here on: of
    /// two by one name, each sign-in would end the other's session.
    async fn card(&self) -> Result<DeviceCard, Problem> {
        let problem = self.profile().ok().and_then(|profile| profile.link().problem);
        let copied = problem.is_some_and(|problem| problem.code == Code::Copied);
        let fresh = DeviceId::mint(self.it.clock.now_ms(), self.it.clock.random());
        let id = self.it.home.run(move |c| device(c, copied, fresh)).await?;
        Ok(DeviceCard { id, name: self.it.device_name.clone(), hold: self.it.hold })
    }

    /// A browser's cookie is somebody else's as soon as the server has answered,
    /// before this app has heard it: so no loop runs meanwhile, and a kill leaves
    /// nobody's profile open. Replies whose profile it was.
    async fn stand_aside(&self) -> Result<Option<String>, Problem> {
        let Ok(profile) = self.profile() else { return Ok(None) };
        if self.it.hold != Hold::Cookie {
            return Ok(None);
        }
        self.it.home.run(|c| facts::clear(c, "profile")).await?;
        self.pause();
        Ok(Some(profile.name.clone()))
    }

    /// Enters, or returns to the profile that stood aside.
    async fn enter_or_return(
        &self,
        server: &str,
        answer: Result<SignedIn, Failure>,
        aside: Option<String>,
    ) -> Result<Status, Problem> {
        match answer {
            Ok(signed_in) => self.enter(&clean_address(server)?, signed_in).await,
            Err(failure) => {
                if let Some(name) = aside {
                    self.return_to(name).await?;
                }
                Err(failure.into())
            }
        }
    }

    /// Goes on with the profile that is open.
    async fn return_to(&self, name: String) -> Result<(), Problem> {
        self.it.home.run(move |c| facts::set(c, "profile", &name)).await?;
        self.resume();
        Ok(())
    }

    /// Opens the profile of who just signed in.
    async fn enter(&self, server: &str, signed_in: SignedIn) -> Result<Status, Problem> {
        let name = profile_name(server, signed_in.me.person.id);
        let SignedIn { token, me } = signed_in;
        if let Ok(open) = self.profile() {
            if open.name == name {
                self.keep_token(&name, token.as_deref()).await?;
                open.run(|c| schema::is_used_again(c)).await?;
                open.renew(self.remote(server, (token, me.person.role)));
                self.return_to(name).await?;
                return self.status().await;
            }
            self.set_open(None);
        }
        // A sign-out that was cut short is finished before its person comes back.
        if let Some(left) = self.it.home.run(|c| facts::get(c, "leaving")).await? {
            let forgotten = self.forget(&left).await;
            if left == name {
                forgotten?;
                self.it.home.run(|c| facts::clear(c, "leaving")).await?;
            }
        }
        let store = runner(damage::open(&self.it.disk, &name, false)?, self.it.inline)?;
        self.keep_token(&name, token.as_deref()).await?;
        let server = server.to_owned();
        store
            .run(move |c| {
                facts::set(c, "server", &server)?;
                facts::set(c, "me", &to_json(&me))?;
                schema::is_used_again(c)
            })
            .await?;
        drop(store);
        let current = name.clone();
        self.it.home.run(move |c| facts::set(c, "profile", &current)).await?;
        self.open_profile(&name, false).await?;
        self.status().await
    }

    fn remote(&self, server: &str, (token, role): (Option<String>, Role)) -> Remote {
        Remote::new(self.it.wire.clone(), self.it.clock.clone(), server.to_owned(), token).of(role)
    }

    /// Opens a profile that is on this device, mended if it is `damaged`, and starts
    /// its loops.
    pub(super) async fn open_profile(&self, name: &str, damaged: bool) -> Result<(), Problem> {
        let store = runner(damage::open(&self.it.disk, name, damaged)?, self.it.inline)?;
        let damage = store.damage();
        let found = self.find_token(name, &store).await?;
        let (server, role, synced, kept) = store
            .run(move |c| {
                let synced: Option<i64> = facts::get(c, "synced_at_ms")?.and_then(|s| s.parse().ok());
                if let Some(synced) = synced {
                    outbox::forget_old(c, synced)?;
                }
                schema::reread_by(c, env!("CARGO_PKG_VERSION"))?;
                let server = facts::get(c, "server")?.unwrap_or_default();
                // After a mend a row that mentions a photo may be among what was lost.
                let kept = if damage::mended(c)?.is_some() { None } else { Some(files::mentioned(c)?) };
                // Whose profile is not known any more signs in again anyhow.
                let role = cache::me(c)?.map_or(Role::Agent, |me| me.person.role);
                Ok((server, role, synced, kept))
            })
            .await?;
        if let Some(synced) = synced {
            self.it.clock.not_before(synced);
        }
        let blobs = self.it.disk.blobs(name).await?;
        // What a crash left between bytes and row. Nothing is being attached yet.
        // What cannot be removed today is no reason not to open.
        if let Some(kept) = kept {
            for orphan in blobs.names().await.unwrap_or_default().iter().filter(|n| !kept.contains(*n)) {
                let _ = blobs.remove(orphan).await;
            }
        }
        let token = if let Found::Token(token) = &found { token.clone() } else { None };
        let profile = Arc::new(Profile::new(Parts {
            name: name.to_owned(),
            remote: self.remote(&server, (token, role)),
            server,
            store,
            blobs,
            disk: Arc::downgrade(&self.it.disk),
            tokens: self.it.tokens.clone(),
            clock: self.it.clock.clone(),
            synced_at_ms: synced,
            topics: self.it.topics.clone(),
        }));
        let token = self.goes_on_with(found, &profile);
        let loops = sync::start(&profile).into_iter().chain(token).collect();
        self.set_open(Some(Open { profile, loops }));
        self.mend_when_damaged(damage, name.to_owned());
        Ok(())
    }
}

/// Which device this is; `fresh` from now on, if it was none yet or is to be `another`.
fn device(connection: &rusqlite::Connection, another: bool, fresh: DeviceId) -> Result<DeviceId, Problem> {
    let known = facts::get(connection, "device")?.and_then(|known| known.parse().ok());
    if let Some(known) = known.filter(|_| !another) {
        return Ok(known);
    }
    facts::set(connection, "device", &fresh.to_string())?;
    Ok(fresh)
}

/// Takes note that a profile is being left, and no longer the open one. Who signs in next is
/// another device: one that was copied before would go on by the same name, and each sign-in
/// would end the other's session, which nobody would tell from a copy.
fn leave(connection: &mut rusqlite::Connection, name: &str) -> Result<(), Problem> {
    let work = cache::begin(connection)?;
    facts::set(&work, "leaving", name)?;
    facts::clear(&work, "profile")?;
    facts::clear(&work, "device")?;
    cache::commit(work)
}

/// What the database of a server and a person is called.
fn profile_name(server: &str, person: PersonId) -> String {
    let hash = BlobHash::of(format!("{server}\n{person}").as_bytes());
    format!("p-{}", &hash.as_str()[..24])
}
