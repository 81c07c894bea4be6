//! A device's store, to apply changes to and to look at.

use fieldline_core::store::{
    cache, canned, contacts, group_lists, groups, lists, notes, offers, previous, schema, search, threads,
};
use fieldline_core::view::{Block, GroupTab, Page, Section, Sort};
use fieldline_model::api::{ChangesPage, Snapshot};
use fieldline_model::{Change, Code, Me, Person, PersonId, PlaceId, Problem, Record, Role, What};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::Value;
use std::cell::RefCell;
use uuid::Uuid;

/// The tables of the cache, and what of each is not chosen by the order things came in.
const CACHE: [(&str, &str); 9] = [
    ("record", "*"),
    ("conversation", "*"),
    ("message", "*"),
    ("note", "*"),
    ("read_mark", "*"),
    ("seen", "*"),
    ("message_group", "*"),
    ("contact", "id, seq, body, client, sort, words"),
    ("previous", "*"),
];
/// The server's clock.
const NOW_MS: i64 = 1_772_438_400_000;

/// Who is signed in.
pub fn me() -> PersonId {
    PersonId(Uuid::from_u128(7))
}

/// A store of a device whose person is [`me`].
pub struct Device(Connection);

/// Works with this thread's device: making one costs more than emptying it.
pub fn with<T>(work: impl FnOnce(&mut Device) -> T) -> T {
    thread_local!(static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) });
    DEVICE.with(|it| work(it.borrow_mut().get_or_insert_with(Device::open)))
}

impl Device {
    fn open() -> Self {
        let mut connection = Connection::open_in_memory().expect("a store in memory");
        schema::prepare(&mut connection).expect("its tables");
        Self(connection)
    }

    /// Empties it, as a snapshot that holds nothing but its person does.
    pub fn empty(&mut self) {
        let person = Person::new(me(), "Ana", Role::Agent);
        let me = Me { person, workspace: "W".into(), workspace_id: None, modules: Vec::new() };
        let records = vec![Change { seq: 0, what: What::Put(Record::Me(me)) }];
        let snapshot = Snapshot { epoch: "a".into(), cursor: 0, at_ms: NOW_MS, records };
        cache::replace(&mut self.0, snapshot, NOW_MS).expect("a snapshot is applied");
    }

    /// Applies a page of the feed.
    pub fn pulls(&mut self, changes: Vec<Value>) -> Result<(), Problem> {
        let page =
            ChangesPage { epoch: "a".into(), cursor: 0, at_ms: NOW_MS, more: false, resync: false, changes };
        cache::apply_page(&mut self.0, &page, NOW_MS).map(drop)
    }

    /// Applies changes that come beside the feed.
    pub fn hears(&mut self, changes: &[Change]) -> Result<(), Problem> {
        let work = cache::begin(&mut self.0)?;
        cache::apply(&work, changes, NOW_MS, &mut cache::Applied::default())?;
        cache::commit(work)
    }

    /// All that the cache holds, in an order of its own.
    pub fn holds(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (table, columns) in CACHE {
            let mut rows = self.0.prepare_cached(&format!("SELECT {columns} FROM {table}")).unwrap();
            let width = rows.column_count();
            let row = |row: &rusqlite::Row<'_>| {
                let cells = (0..width).map(|i| row.get_ref(i).map(cell));
                Ok(format!("{table}: {}", cells.collect::<Result<Vec<_>, _>>()?.join(", ")))
            };
            all.extend(rows.query_map([], row).unwrap().map(|row| row.expect("a row reads")));
        }
        all.sort();
        all
    }

    /// Every place it knows.
    fn places(&self) -> Vec<PlaceId> {
        let sql =
            "SELECT id FROM conversation UNION SELECT id FROM message_group UNION SELECT place FROM message";
        let mut rows = self.0.prepare_cached(sql).unwrap();
        rows.query_map([], |row| row.get(0).map(PlaceId)).unwrap().map(Result::unwrap).collect()
    }

    /// Every screen is read. A place may be refused; nothing here is damage.
    pub fn shows(&self) {
        let (connection, page) = (&self.0, Page::first(20));
        for search in ["", "a"] {
            for section in [Section::Picklist, Section::Conversations, Section::History] {
                for sort in [Sort::Newest, Sort::LongestWaiting] {
                    fine(lists::rows(connection, &lists::Wanted { section, sort, search, page }));
                }
            }
            for tab in [GroupTab::All, GroupTab::Internal, GroupTab::Customers, GroupTab::Groups] {
                fine(group_lists::list(connection, &group_lists::Wanted { tab, search, page }));
            }
            for block in [Block::Internal, Block::Customer] {
                fine(contacts::list(connection, &contacts::Wanted { block, search, from: 0, limit: 20 }));
            }
            fine(search::hits(connection, search));
        }
        fine(lists::counts(connection));
        fine(group_lists::unread(connection));
        fine(canned::all(connection));
        fine(offers::offering(connection, NOW_MS));
        fine(offers::colleagues(connection));
        fine(cache::policy(connection));
        let flying = threads::InFlight::default();
        for place in self.places() {
            for until in [None, Some(i64::MAX), Some(2)] {
                fine(threads::thread(connection, place, threads::Part { limit: 20, until }, &flying));
            }
            fine(previous::previous(connection, place, 20));
            fine(notes::page(connection, place, &flying));
            fine(groups::laid(connection, place));
            fine(group_lists::people(connection, place));
            fine(lists::found_in(connection, place, "a"));
        }
    }
}

/// A value as a person reads it in a failure.
fn cell(it: ValueRef<'_>) -> String {
    match it {
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(id) => id.iter().map(|byte| format!("{byte:02x}")).collect(),
        ValueRef::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn fine<T>(read: Result<T, Problem>) {
    if let Err(problem) = read {
        let damage = [Code::StorageDamaged, Code::StorageFailed, Code::StorageFull];
        assert!(!damage.contains(&problem.code), "a screen cannot be read: {problem:?}");
    }
}
