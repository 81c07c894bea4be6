//! One-time links, by which somebody sets a password of their own.
//!
//! Invariants
//! - A new link ends the one before it.
//! - What a client signs in with is chosen once, of what is known of them, and nobody else's.

use crate::http::session_login;
use crate::secrets::SecretHash;
use crate::store::{Stop, Tx};
use fieldline_model::{Code, Person, PersonId};

/// Makes the link's `secret` good for `who`; gives what they will sign in with.
///
/// Refuses with *not_found* who is not there, with *person_gone* who is disabled.
pub fn one_time_link(tx: &mut Tx<'_>, who: PersonId, secret: &SecretHash) -> Result<String, Stop> {
    tx.person(who)?.ok_or(Code::NotFound)?;
    let it = tx.contact(who)?.ok_or(Code::PersonGone)?;
    let login = match tx.login_of(who)? {
        Some(login) => login,
        None => {
            let login = free_login(tx, &it)?;
            tx.set_login(who, &login)?;
            login
        }
    };
    tx.end_invites(who)?;
    tx.add_invite(who, secret)?;
    Ok(login)
}

/// A login nobody has: the address, else the number, else the name.
fn free_login(tx: &Tx<'_>, it: &Person) -> Result<String, Stop> {
    let named = session_login(&it.name);
    let known = [it.email.as_deref(), it.phone.as_deref()].into_iter().flatten().map(session_login);
    let numbered = (2..1000).map(|n| format!("{named} {n}"));
    for login in known.chain([named.clone()]).chain(numbered) {
        if !login.is_empty() && login.len() <= 200 && tx.credentials(&login)?.is_none() {
            return Ok(login);
        }
    }
    Err(Code::BadName.into())
}
