//! What comes twice, late or out of order, never takes the place of what is newer (FN4).

use super::*;
use crate::store::schema;
use fieldline_model::{Left, What};
use rusqlite::types::Value;
use std::collections::BTreeMap;

/// One record of each kind that a server of version 0.1.0 told.
fn one_of_each_kind() -> BTreeMap<String, Record> {
    let wire = include_str!("../../../../../tests/golden/wire-0.1.0.json");
    let wire: serde_json::Value = serde_json::from_str(wire).unwrap();
    let told = [&wire["Snapshot"]["records"], &wire["ChangesPage"]["changes"]];
    let told = told.iter().flat_map(|all| all.as_array().unwrap());
    let records = told.filter_map(|it| match Change::deserialize(it).unwrap().what {
        What::Put(record) => Some((kind_word(record.name().kind), record)),
        What::Left(_) => None,
    });
    records.collect()
}

/// Every row that a change writes, but for what is counted from them.
fn rows(connection: &Connection) -> BTreeMap<String, Vec<Vec<Value>>> {
    let tables =
        ["record", "conversation", "message", "note", "read_mark", "message_group", "seen", "contact"];
    let read = |table: &&str| {
        let mut all = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let columns = all.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|i| row.get(i)).collect();
        (table.to_string(), all.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap())
    };
    tables.iter().map(read).collect()
}

#[test]
fn what_comes_late_never_takes_the_place_of_what_is_newer() {
    let kinds = one_of_each_kind();
    assert!(kinds.len() >= 9, "{:?}", kinds.keys());
    for (kind, record) in &kinds {
        let mut it = Connection::open_in_memory().unwrap();
        schema::prepare(&mut it).unwrap();
        let name = record.name();
        let mut tells = |seq, what| {
            let work = begin(&mut it).unwrap();
            apply(&work, &[Change { seq, what }], 0, &mut Applied::default()).unwrap();
            commit(work).unwrap();
            rows(&it)
        };
        let left = || What::Left(Left { erased: false, ..name.into() });
        let put = || What::Put(record.clone());
        let me = &kinds["me"];
        let others = kinds.values().filter(|other| ![me.name(), name].contains(&other.name()));
        let mut before = BTreeMap::new();
        for first in [me].into_iter().chain(others).filter(|_| kind != "me") {
            before = tells(1, What::Put(first.clone()));
        }
        let there = tells(9, put());
        assert_ne!(there, before, "a {kind} is kept");
        assert_eq!(tells(5, put()), there, "an older {kind}");
        if kind == "me" {
            // Whose own record goes is signed out.
            continue;
        }
        assert_eq!(tells(6, left()), there, "an older end of a {kind}");
        assert_ne!(tells(10, put()), there, "a newer {kind}");
        let gone = tells(12, left());
        // What goes with its place is kept out by the place's own tombstone.
        if !["message", "note", "read", "seen"].contains(&kind.as_str()) {
            assert_eq!(tells(11, put()), gone, "a {kind} from before it went");
        }
    }
}
