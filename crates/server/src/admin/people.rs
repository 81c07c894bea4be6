//! People, what they may, and their devices.
//!
//! Invariants
//! - Somebody who can sign in can always configure: the last admin who is enabled and has a
//!   password stays so, and nobody takes that from themself.
//! - Staff stay staff and clients stay clients: they have different apps and different routes.
//! - A login is nobody else's; a client's is chosen once, of what is known of them.

use super::{By, Fresh};
use crate::desk;
use crate::http::session_login;
use crate::store::{Act, INVITE_MAX_MS, Look, Stop, Tx};
use fieldline_model::admin::people::{AddPerson, EditPerson, OneTimeLink, PeopleSearch};
use fieldline_model::text::{clean_email, clean_name, clean_phone};
use fieldline_model::{AdminAnswer, Code, DeviceId, Module, Person, PersonId, Problem, Role};

/// A page of everybody.
pub(super) fn list(look: &Look<'_>, search: &PeopleSearch, now_ms: i64) -> Result<AdminAnswer, Stop> {
    let mut page = look.people_page(search, now_ms)?;
    let queues = look.queues()?;
    for it in page.people.iter_mut().filter(|it| it.role.is_staff()) {
        it.queues = super::queues::of(&queues, it.id);
    }
    Ok(AdminAnswer::People(page))
}

/// Adds somebody; the same again, with a new link, when they are there already.
pub(super) fn add(tx: &mut Tx<'_>, ask: &AddPerson, fresh: &Fresh) -> Result<AdminAnswer, Stop> {
    let person = Person {
        phone: ask.phone.as_deref().map(clean_phone).transpose()?,
        email: ask.email.as_deref().map(clean_email).transpose()?,
        ..Person::new(ask.id, clean_name(&ask.name)?, ask.role)
    };
    check_modules(person.role, &ask.modules)?;
    let login = match &ask.login {
        Some(login) => Some(clean_login(login)?),
        None if person.role.is_staff() => return Err(Code::BadName.into()),
        None => None,
    };
    match tx.person(person.id)? {
        Some(there) if there.role == person.role && there.name == person.name => {}
        Some(_) => return Err(Code::IdReused.into()),
        None => put(tx, &person, login.as_deref())?,
    }
    for module in &ask.modules {
        tx.grant(person.id, *module, true)?;
    }
    link(tx, person.id, fresh)
}

fn put(tx: &mut Tx<'_>, person: &Person, login: Option<&str>) -> Result<(), Stop> {
    if login.map(|login| tx.credentials(login)).transpose()?.flatten().is_some() {
        return Err(Code::LoginTaken.into());
    }
    tx.put_contact(person)?;
    login.map_or(Ok(()), |login| tx.set_login(person.id, login))
}

/// How a login is kept; refuses with *bad_name* an empty one, or one of more than 200 bytes.
fn clean_login(login: &str) -> Result<String, Problem> {
    let login = session_login(login);
    let plain = !login.is_empty() && login.len() <= 200 && !login.chars().any(char::is_control);
    if plain { Ok(login) } else { Err(Code::BadName.into()) }
}

fn check_modules(role: Role, modules: &[Module]) -> Result<(), Problem> {
    if role.is_staff() || modules.is_empty() { Ok(()) } else { Err(Code::BadRequest.into()) }
}

/// A new one-time link; the one before it is over.
fn link(tx: &mut Tx<'_>, who: PersonId, fresh: &Fresh) -> Result<AdminAnswer, Stop> {
    let login = desk::one_time_link(tx, who, &fresh.hash)?;
    let until_ms = tx.clock.now_ms() + INVITE_MAX_MS;
    Ok(AdminAnswer::Link(OneTimeLink { person: who, login, secret: fresh.secret.clone(), until_ms }))
}

/// A new link for who is there; whoever holds one of their sessions is out.
pub(super) fn reset(tx: &mut Tx<'_>, who: PersonId, fresh: &Fresh) -> Result<AdminAnswer, Stop> {
    let answer = link(tx, who, fresh)?;
    tx.end_devices(who, None)?;
    Ok(answer)
}

/// Lets somebody who lost their codes sign in by their password alone. One's own is turned off by
/// a code: else whoever finds an admin's open screen would take it away.
pub(super) fn remove_second_factor(tx: &mut Tx<'_>, by: &By, who: PersonId) -> Result<AdminAnswer, Stop> {
    tx.person(who)?.ok_or(Code::NotFound)?;
    if by.is(who) {
        return Err(Code::Yourself.into());
    }
    tx.remove_second_factor(who)?;
    Ok(AdminAnswer::Done)
}

/// Changes what of somebody is asked.
pub(super) fn edit(tx: &mut Tx<'_>, by: &By, ask: &EditPerson) -> Result<AdminAnswer, Stop> {
    let was = tx.person(ask.id)?.ok_or(Code::NotFound)?;
    let role = ask.role.unwrap_or(was.role);
    if role.is_staff() != was.role.is_staff() {
        return Err(Code::BadRequest.into());
    }
    check_modules(role, ask.modules.as_deref().unwrap_or_default())?;
    let name = ask.name.as_deref().map(clean_name).transpose()?;
    let loses = was.role == Role::Admin && (role != Role::Admin || ask.enabled == Some(false));
    if loses {
        may_go(tx, by, ask.id)?;
    }
    for verb in &ask.verbs()[1..] {
        tx.remark(Act::new(by.actor(), verb).about(ask.id.0))?;
    }
    if let Some(name) = name.filter(|name| *name != was.name) {
        desk::rename(tx, &Person { name, ..was.clone() })?;
    }
    if let Some(modules) = &ask.modules {
        for module in Module::ALL {
            tx.grant(ask.id, module, modules.contains(&module))?;
        }
    }
    if role != was.role {
        tx.set_role(ask.id, role)?;
    }
    match ask.enabled {
        Some(true) => desk::unblock(tx, ask.id)?,
        Some(false) => {
            let heir = heir(tx, by, ask.id)?;
            desk::block(tx, ask.id, heir.as_ref())?;
        }
        None => {}
    }
    Ok(AdminAnswer::Done)
}

/// Who answers the clients that somebody who is disabled leaves without a colleague: the admin
/// who disables them; for the operator, the admin who has been here longest.
fn heir(tx: &Tx<'_>, by: &By, of: PersonId) -> Result<Option<Person>, Stop> {
    if let Some(session) = &by.0 {
        return Ok(Some(session.person.clone()).filter(|it| it.id != of));
    }
    match tx.able_admins()?.into_iter().filter(|admin| *admin != of).min() {
        Some(admin) => tx.person(admin),
        None => Ok(None),
    }
}

/// Whether an admin may stop being one who can configure. An admin who asks that of another
/// stays; for the operator, somebody must.
fn may_go(tx: &Tx<'_>, by: &By, who: PersonId) -> Result<(), Stop> {
    match &by.0 {
        Some(_) if by.is(who) => Err(Code::Yourself.into()),
        Some(_) => Ok(()),
        None if tx.able_admins()?.iter().any(|admin| *admin != who) => Ok(()),
        None => Err(Code::LastAdmin.into()),
    }
}

/// The devices somebody signed in on.
pub(super) fn devices(look: &Look<'_>, by: &By, who: PersonId, now_ms: i64) -> Result<AdminAnswer, Stop> {
    look.person(who)?.ok_or(Code::NotFound)?;
    let mut devices = look.devices_of(who, now_ms)?;
    devices.iter_mut().for_each(|device| device.this = by.is_on(who, device.id));
    Ok(AdminAnswer::Devices { devices, devices_max: look.devices_max()? })
}

/// Ends one session of somebody, or all.
pub(super) fn sign_out(
    tx: &mut Tx<'_>,
    who: PersonId,
    device: Option<DeviceId>,
) -> Result<AdminAnswer, Stop> {
    tx.person(who)?.ok_or(Code::NotFound)?;
    match device {
        Some(device) => tx.end_device(who, device)?,
        None => tx.end_devices(who, None)?,
    }
    Ok(AdminAnswer::Done)
}

/// Blocks a device of somebody, or lets it sign in again.
pub(super) fn block_device(
    tx: &mut Tx<'_>,
    by: &By,
    (who, device): (PersonId, DeviceId),
    blocked: bool,
) -> Result<AdminAnswer, Stop> {
    if blocked && by.is_on(who, device) {
        return Err(Code::Yourself.into());
    }
    tx.block_device(who, device, blocked)?;
    Ok(AdminAnswer::Done)
}
