//! docs/API.md names every route of the router, and no other.

use fieldline_server::http::routes::table;
use std::collections::BTreeSet;

#[test]
fn the_api_page_names_every_route_and_no_other() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/API.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let named: BTreeSet<String> = rows
        .filter_map(|row| row.split('`').next())
        .map(|route| route.split('?').next().unwrap_or_default().to_owned())
        .collect();
    let there: BTreeSet<String> = table().iter().map(|r| format!("{} {}", r.method, r.path)).collect();
    assert_eq!(named, there);
}
