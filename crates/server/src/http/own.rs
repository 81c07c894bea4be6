//! Who does something about their own sign-in, and proves that it is they.
//!
//! Invariants
//! - Who has a device that is signed in, and not the password, changes nothing, and guesses no
//!   faster than at the door: passwords and codes are counted together.
//! - A password that was right is right still in the transaction of what it was shown for.

use super::Shared;
use super::answer::{Answer, Refused};
use super::caller::Signed;
use crate::limits::Try;
use crate::password;
use crate::store::{Act, Actor, Session, Stop, Tx};
use fieldline_model::{Code, Person, Problem};

/// Somebody signed in, as they were when they asked.
pub(super) struct Own {
    pub person: Person,
    pub login: String,
    pub workspace: String,
    password: Option<String>,
}

impl Own {
    /// Who asks; their try is counted.
    pub async fn of<S: Signed>(app: &Shared, by: S) -> Answer<Self> {
        let now = app.clock.now_ms();
        let known = app.store.read(move |look| {
            let session = by.session(look, now)?;
            let login = look.login_of(session.person.id)?.ok_or(Code::NotPermitted)?;
            let known = look.credentials(&login)?.ok_or(Code::NotPermitted)?;
            let workspace = look.workspace()?.name;
            Ok(Self { person: session.person, login, workspace, password: known.password })
        });
        let own = known.await?;
        app.limits.count(own.counted())?;
        Ok(own)
    }

    fn counted(&self) -> Try {
        Try::Password(self.person.id.0)
    }

    fn act(&self, what: &'static str) -> Act {
        Act::new(Actor::Person(self.person.id), what)
    }

    /// Refuses with *wrong_password* another password than theirs; that is written down as `what`.
    pub async fn shows(&self, app: &Shared, password: String, what: &'static str) -> Answer<()> {
        // A password nobody can have is not worth hashing a megabyte for.
        let possible = password.len() <= password::LONGEST;
        let (given, held) = if possible { (password, self.password.clone()) } else { (String::new(), None) };
        if app.passwords.verify(given, held).await? {
            return Ok(());
        }
        let (act, problem) = (self.act(what), Problem::new(Code::WrongPassword));
        let denied = problem.clone();
        app.store.write(move |tx| tx.deny(act, &denied)).await?;
        Err(Refused(problem))
    }

    /// Does `work` as `what`, by the session it was asked with; then their tries are forgotten.
    pub async fn does<S, F>(self, app: &Shared, (by, what): (S, &'static str), work: F) -> Answer<()>
    where
        S: Signed,
        F: Fn(&mut Tx<'_>, &Session) -> Result<(), Stop> + Send + 'static,
    {
        let (now, act, counted) = (app.clock.now_ms(), self.act(what), self.counted());
        app.store
            .write(move |tx| {
                let session = by.session(tx, now)?;
                tx.step(act, |tx| {
                    // It was right a moment ago; of two changes at once, one finds it changed here.
                    if tx.credentials(&self.login)?.is_none_or(|known| known.password != self.password) {
                        return Err(Code::WrongPassword.into());
                    }
                    work(tx, &session)
                })
            })
            .await?;
        app.limits.clear(&counted);
        Ok(())
    }
}
