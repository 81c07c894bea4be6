//! The open profile's token: found at the start, kept at a sign-in, and waited for while the
//! keychain is locked. Meanwhile everything here is read and written as ever.

use super::Engine;
use crate::clock::{Task, spawn};
use crate::profile::Profile;
use crate::store::runner::Runner;
use crate::store::{facts, schema};
use crate::tokens::{Answer, Found};
use crate::view::Door;
use fieldline_model::{Code, Problem};
use std::sync::Arc;

/// Where an app before this one kept it: in the profile's database.
const FORMER: &str = "token";

impl Engine {
    /// Finds the token of the profile called `name`, whose database `store` is.
    pub(super) async fn find_token(&self, name: &str, store: &Runner) -> Result<Found, Problem> {
        let Some(tokens) = &self.it.tokens else { return Ok(Found::Token(None)) };
        let (wiped, former) = store.run(|c| Ok((schema::is_wiped(c)?, facts::get(c, FORMER)?))).await?;
        if let Some(token) = former {
            // In this order: a kill in between does it again.
            tokens.keep(name, &token).await?;
            store.run(|c| facts::erase(c, FORMER)).await?;
        }
        // Of who was blocked there is none, and nobody is asked for it.
        if wiped { Ok(Found::Token(None)) } else { tokens.find(name).await }
    }

    /// Keeps the token of who just signed in.
    pub(super) async fn keep_token(&self, name: &str, token: Option<&str>) -> Result<(), Problem> {
        match (&self.it.tokens, token) {
            (Some(tokens), Some(token)) => tokens.keep(name, token).await,
            _ => Ok(()),
        }
    }

    /// What is still to be done about what was found, if anything, for as long as the task is
    /// held. Without its token a profile that is being opened is not signed in, until it comes.
    pub(super) fn goes_on_with(&self, found: Found, profile: &Arc<Profile>) -> Option<Task> {
        let shut = || profile.shut(profile.session(), Door::SignInAgain, Some(Code::KeychainShut.into()));
        match found {
            Found::Token(None) => None,
            Found::Token(Some(_)) => {
                let (tokens, name) = (self.it.tokens.clone()?, profile.name.clone());
                Some(spawn(async move { tokens.move_in(&name).await }))
            }
            Found::Shut => {
                shut();
                None
            }
            Found::Late(answer) => {
                shut();
                Some(spawn(late(answer, profile.clone())))
            }
        }
    }
}

/// The person unlocked the keychain, and did not sign in meanwhile.
async fn late(answer: Answer, profile: Arc<Profile>) {
    if let Ok(Some(token)) = answer.await
        && profile.link().problem.is_some_and(|problem| problem.code == Code::KeychainShut)
    {
        profile.renew(profile.remote().with(token));
    }
}
