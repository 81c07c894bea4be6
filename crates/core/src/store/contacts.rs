//! The contact list on this device: everybody who may be chosen.
//!
//! The staff come with the snapshot, the clients by pages after it; the feed keeps
//! both. Names, addresses and numbers are found as they are typed, by an index of the
//! beginnings of their words, so that a search costs no more for ten thousand.

use super::cache::Applied;
use super::{cache, facts, json, problem, to_json};
use crate::view::{Block, Contact, Contacts, Topic};
use fieldline_model::api::ContactsPage;
use fieldline_model::{Person, PersonId, Problem, RecordRef};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Where the pages stand: after whom to ask next.
const NEXT: &str = "contacts";
/// What stands there when all were taken.
const ALL: &str = "all";

/// What is asked of the contact list.
pub struct Wanted<'a> {
    /// Which block.
    pub block: Block,
    /// What was typed.
    pub search: &'a str,
    /// How many to pass over.
    pub from: u32,
    /// At most so many.
    pub limit: u32,
}

/// Applies a person.
pub fn put(work: &Transaction<'_>, seq: i64, it: &Person, to: &mut Applied) -> Result<(), Problem> {
    let changed = work
        .prepare_cached(
            "INSERT INTO contact (id, seq, body, client, sort, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET seq = ?2, body = ?3, client = ?4, sort = ?5, words = ?6
             WHERE seq < ?2",
        )
        .and_then(|mut s| {
            let client = !it.role.is_staff();
            s.execute(params![it.id.0, seq, to_json(it), client, it.name.to_lowercase(), words(it)])
        })
        .map_err(problem)?;
    if changed > 0 {
        to.topics.extend([Topic::Contacts, Topic::Status]);
    }
    Ok(())
}

/// Takes somebody out of the list; a tombstone keeps late copies out.
pub(super) fn leave(
    work: &Transaction<'_>,
    seq: i64,
    name: RecordRef,
    to: &mut Applied,
) -> Result<(), Problem> {
    work.execute(
        "INSERT INTO contact (id, seq) VALUES (?1, ?2)
         ON CONFLICT (id) DO UPDATE SET seq = ?2, body = NULL, sort = '', words = '' WHERE seq < ?2",
        params![name.id, seq],
    )
    .map_err(problem)?;
    to.topics.extend([Topic::Contacts, Topic::Status]);
    Ok(())
}

/// What somebody is found by: their name and address, and their number from any digit on.
fn words(it: &Person) -> String {
    let mut words = vec![it.name.clone()];
    words.extend(it.email.clone());
    if let Some(digits) = it.phone.as_ref().map(|phone| phone.trim_start_matches('+')) {
        words
            .extend((0..digits.len().saturating_sub(2)).filter_map(|at| digits.get(at..).map(str::to_owned)));
    }
    words.join(" ")
}

/// What is typed, as the index is asked: every word perhaps unfinished; digits alone
/// are one number, however they are parted.
fn expression(typed: &str) -> String {
    let is_number = |c: char| c.is_ascii_digit() || " +-().".contains(c);
    if typed.chars().all(is_number) {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        return if digits.is_empty() { digits } else { format!("\"{digits}\"*") };
    }
    let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
}

/// A part of a block, by name, without oneself.
pub fn list(connection: &Connection, wanted: &Wanted<'_>) -> Result<Contacts, Problem> {
    let me = cache::my(connection)?.person.id;
    let client = wanted.block == Block::Customer;
    let sought = expression(wanted.search);
    let from = if sought.is_empty() && wanted.search.trim().is_empty() {
        "contact c WHERE ?3 = ''"
    } else {
        "contact_search s JOIN contact c ON c.pos = s.rowid WHERE contact_search MATCH ?3"
    };
    if sought.is_empty() && !wanted.search.trim().is_empty() {
        return Ok(Contacts { contacts: Vec::new(), total: 0, complete: is_complete(connection)? });
    }
    let which = format!("{from} AND c.client = ?1 AND c.id <> ?2 AND c.body IS NOT NULL");
    let total = connection
        .prepare_cached(&format!("SELECT count(*) FROM {which}"))
        .and_then(|mut s| s.query_row(params![client, me.0, sought], |r| r.get(0)))
        .map_err(problem)?;
    let mut rows = connection
        .prepare_cached(&format!("SELECT c.body FROM {which} ORDER BY c.sort, c.id LIMIT ?4 OFFSET ?5"))
        .map_err(problem)?;
    let bodies = rows
        .query_map(params![client, me.0, sought, wanted.limit, wanted.from], |r| r.get::<_, String>(0))
        .map_err(problem)?;
    let contact = |it: Person| Contact {
        id: it.id,
        name: it.name,
        block: wanted.block,
        phone: it.phone,
        email: it.email,
        signed_up: it.signed_up,
    };
    let contacts =
        bodies.map(|body| Ok(contact(json(&body.map_err(problem)?)?))).collect::<Result<_, Problem>>()?;
    Ok(Contacts { contacts, total, complete: is_complete(connection)? })
}

/// Somebody in the list.
pub fn person(connection: &Connection, who: PersonId) -> Result<Option<Person>, Problem> {
    let body: Option<Option<String>> = connection
        .prepare_cached("SELECT body FROM contact WHERE id = ?1")
        .and_then(|mut s| s.query_row([who.0], |r| r.get(0)).optional())
        .map_err(problem)?;
    body.flatten().map(|body| json(&body)).transpose()
}

/// All the staff, by name.
pub fn staff(connection: &Connection) -> Result<Vec<Person>, Problem> {
    let mut rows = connection
        .prepare_cached("SELECT body FROM contact WHERE client = 0 AND body IS NOT NULL ORDER BY sort, id")
        .map_err(problem)?;
    let bodies = rows.query_map([], |r| r.get::<_, String>(0)).map_err(problem)?;
    bodies.map(|body| json(&body.map_err(problem)?)).collect()
}

fn is_complete(connection: &Connection) -> Result<bool, Problem> {
    Ok(facts::get(connection, NEXT)?.is_some_and(|next| next == ALL))
}

/// Whether there is a page to be taken, and after whom; `None`: all are here, or there
/// was no snapshot yet.
pub fn missing(connection: &Connection) -> Result<Option<Option<PersonId>>, Problem> {
    if cache::cursor(connection)?.is_none() || is_complete(connection)? {
        return Ok(None);
    }
    Ok(Some(facts::get(connection, NEXT)?.and_then(|after| after.parse().ok())))
}

/// The list is read from its beginning: a snapshot emptied it.
pub(super) fn begin_anew(work: &Transaction<'_>) -> Result<(), Problem> {
    facts::clear(work, NEXT)
}

/// Keeps a page that was asked for `after` somebody, and takes note of where the next
/// begins. One that was overtaken by a snapshot says nothing.
pub fn put_page(
    work: &Transaction<'_>,
    after: Option<PersonId>,
    page: &ContactsPage,
    to: &mut Applied,
) -> Result<(), Problem> {
    if missing(work)? != Some(after) {
        return Ok(());
    }
    cache::apply(work, &page.contacts, 0, to)?;
    facts::set(work, NEXT, &page.next.map_or_else(|| ALL.to_owned(), |id| id.to_string()))?;
    to.topics.insert(Topic::Contacts);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::{RecordKind, Role};

    fn with_contacts(many: u128) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::store::schema::prepare(&mut connection).unwrap();
        let me = r#"{"person":{"id":"00000000-0000-0000-0000-0000000fffff","name":"Ana","role":"agent"},"workspace":"N"}"#;
        facts::set(&connection, "me", me).unwrap();
        let (work, mut applied) = (cache::begin(&mut connection).unwrap(), Applied::default());
        for n in 0..many {
            let it =
                Person::new(PersonId(uuid::Uuid::from_u128(n)), format!("Name{n:05} Berg"), Role::Client);
            put(&work, 1, &it, &mut applied).unwrap();
        }
        cache::commit(work).unwrap();
        connection
    }

    fn search(connection: &Connection, typed: &str, from: u32) -> (u32, Vec<String>) {
        let wanted = Wanted { block: Block::Customer, search: typed, from, limit: 2 };
        let found = list(connection, &wanted).unwrap();
        (found.total, found.contacts.into_iter().map(|it| it.name).collect())
    }

    /// A8: ten thousand contacts, and no key press that looks at them one by one.
    #[test]
    fn a_search_over_ten_thousand_contacts_goes_by_the_index() {
        let it = with_contacts(10_000);
        assert_eq!(search(&it, "name0123", 0), (10, vec!["Name01230 Berg".into(), "Name01231 Berg".into()]));
        assert_eq!(search(&it, "berg name09999", 0).0, 1);
        assert_eq!(search(&it, "ame0", 0).0, 0, "words are found by their beginning");
        assert_eq!(search(&it, "", 9_998), (10_000, vec!["Name09998 Berg".into(), "Name09999 Berg".into()]));
        let whole = it
            .prepare(
                "EXPLAIN QUERY PLAN SELECT c.body FROM contact_search s JOIN contact c ON c.pos = s.rowid
                      WHERE contact_search MATCH '\"a\"*' AND c.client = 1",
            )
            .and_then(|mut s| s.query_map([], |r| r.get::<_, String>(3))?.collect::<Result<Vec<_>, _>>())
            .unwrap();
        assert!(whole.iter().all(|step| !step.contains("SCAN c")), "{whole:?}");
    }

    #[test]
    fn who_left_is_found_no_more_and_a_late_copy_does_not_bring_them_back() {
        let mut it = with_contacts(3);
        let (work, mut applied) = (cache::begin(&mut it).unwrap(), Applied::default());
        let name = RecordRef { kind: RecordKind::Person, id: uuid::Uuid::from_u128(1) };
        leave(&work, 5, name, &mut applied).unwrap();
        let late = Person::new(PersonId(name.id), "Name00001 Berg", Role::Client);
        put(&work, 4, &late, &mut applied).unwrap();
        cache::commit(work).unwrap();
        assert_eq!((search(&it, "berg", 0).0, search(&it, "", 0).0), (2, 2));
        assert_eq!(person(&it, PersonId(name.id)), Ok(None));
        let (work, mut applied) = (cache::begin(&mut it).unwrap(), Applied::default());
        put(&work, 6, &Person { name: "Kim".into(), ..late }, &mut applied).unwrap();
        cache::commit(work).unwrap();
        assert_eq!((search(&it, "kim", 0).0, search(&it, "name00001", 0).0), (1, 0));
    }

    #[test]
    fn what_is_typed_is_beginnings_of_words_or_one_number() {
        assert_eq!(expression(" an Sol"), "\"an\"* \"Sol\"*");
        assert_eq!(expression("+47 900-12"), "\"4790012\"*");
        assert_eq!(expression("a\"OR*"), "\"a\"* \"OR\"*");
        assert_eq!(expression(" - "), "");
    }
}
