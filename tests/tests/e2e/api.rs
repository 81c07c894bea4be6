//! A public fuzzer asks the server whatever its own document says may be asked, and what it
//! does not say, as an admin, as a client, as a customer and as nobody.

use std::process::{Command, Stdio};

use fieldline_tests::e2e::{Account, House, tool};

use crate::stage::folder;

/// What is never asked: streams, which have no end, and what ends the session that asks.
const NOT_ASKED: &str = "/live$|/sign-out$|/devices|/password$|^/v1/customer/link$";

/// Every limit that the document names, then by chance.
const BOTH: &str = "coverage,fuzzing";

/// Lets the fuzzer ask the doors that match, with these headers; gives how it ended and what it said.
fn asks(house: &House, doors: &str, phases: &str, headers: &[String]) -> Result<(), String> {
    let mut fuzzer = Command::new(tool(&["schemathesis"]));
    fuzzer.arg("run").arg(format!("{}/v1/openapi.json", house.address()));
    fuzzer.args(["--include-path-regex", doors, "--exclude-path-regex", NOT_ASKED]);
    for header in headers {
        fuzzer.args(["--header", header]);
    }
    // No more than the document promises: whether what is odd is refused is the business of
    // each door's own tests.
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,\
                  response_headers_conformance,response_schema_conformance,unsupported_method";
    let checks: String = checks.split_whitespace().collect();
    fuzzer.args(["--checks", &checks, "--phases", phases, "--max-examples", "10"]);
    // The same questions in every run; another seed by hand.
    let seed = std::env::var("FIELDLINE_SEED").unwrap_or_else(|_| "1".into());
    fuzzer.args(["--seed", &seed, "--request-timeout", "10", "--warnings", "off"]);
    fuzzer.current_dir(folder("fuzzer")).stdin(Stdio::null()).env("NO_PROXY", "127.0.0.1");
    let done = fuzzer.output().expect("schemathesis runs");
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{doors}, seed {seed}: {}", String::from_utf8_lossy(&done.stdout)))
}

#[test]
fn whatever_is_asked_is_answered_as_the_document_says_and_never_by_a_fault() {
    let house = House::open(&folder("house"), &[Account::ANA]);
    house.lets_the_admin_in();
    let customer = house.writes("Rosa Diaz", "Do you have the gear?");
    house.imports_clients("Kim Berg,,kim@berg.example\n");
    house.signs_up(Account::KIM);
    let token = |who| [format!("Authorization: Bearer {}", house.token(who))];
    let cookie = [format!("Cookie: {}", customer.cookie()), "X-Fieldline: 1".into()];
    let answers = [
        asks(&house, "^/v1/(?!customer/|client/)", BOTH, &token(Account::KARI)),
        asks(&house, "^/v1/client/", BOTH, &token(Account::KIM)),
        asks(&house, "^/v1/customer/", BOTH, &cookie),
        asks(&house, "^/", "fuzzing", &[]),
    ];
    let faults: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
