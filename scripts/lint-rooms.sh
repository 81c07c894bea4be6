#!/usr/bin/env bash
# Holds the walls between the rooms: who may import whom, which one module
# speaks HTTP, SQL and time, which names are never used, how long a file may be.
# Each broken rule is printed with its places; the sources' own comments do not
# count. `scripts/lint-rooms.sh prove` breaks every rule once in a copy and
# fails unless each is caught.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lint.sh" rooms

# A rule about a room that was moved would never break again.
for room in crates/{model,core,server,web}/src src-tauri/src ui/src tests; do
  [ -d "$room" ] || die "lint-rooms: $room is gone; change this script with it"
done

# sources DIR… : the Rust and UI sources below, tests and made files left out.
sources() {
  find "$@" -type f \( -name '*.rs' -o -name '*.ts' -o -name '*.svelte' \) \
    -not -path '*/node_modules/*' -not -path '*/gen/*' -not -path '*/wasm/*' \
    -not -path '*/tests/*' -not -name 'tests.rs' -not -name '*.test.ts'
}

# forbid RULE PATTERN EXCEPT DIR… : PATTERN stands nowhere in the code of DIRs,
# paths matching EXCEPT left out.
forbid() {
  local rule="$1" pattern="$2" except="$3" found
  shift 3
  found="$(sources "$@" | grep -Ev "$except" | tr '\n' '\0' |
    xargs -0 -r grep -nHP "$pattern" | grep -Ev '^[^:]+:[0-9]+:[[:space:]]*(//|\*|/\*|<!--)')"
  [ -z "$found" ] || breaks "$rule" "$found"
}

# free_of RULE PACKAGE NAMES : none of NAMES is among what PACKAGE is built from.
free_of() {
  local found tree
  tree="$(cargo tree --quiet --locked -p "$2" -e normal --prefix none --no-dedupe --target all 2>&1)" ||
    die "lint-rooms: cargo tree -p $2 failed: $tree"
  found="$(grep -E "^($3) v" <<<"$tree" | sort -u)"
  [ -z "$found" ] || breaks "$1" "$found"
}

nowhere='^$'
time_words='SystemTime::now|UNIX_EPOCH|Instant::now|web_time|Date::now|chrono::'
# A function may be handed a connection; only the store says anything to it.
sql_words='\brusqlite(?!::Connection\b)|"\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN|ATTACH|VACUUM)\b'

forbid 'model holds no clock, no IO and no async' "$time_words|std::(fs|net|time)|async fn|\btokio\b" "$nowhere" crates/model/src
forbid 'only core::remote speaks HTTP' '\breqwest\b' '^crates/core/src/remote(\.rs|/)' crates/core/src
forbid 'only core::store speaks SQL' "$sql_words" '^crates/core/src/store(\.rs|/)' crates/core/src
# (Timers of tokio are no clock on the server; in a browser there are none.)
forbid 'only core::clock tells time' "$time_words|tokio::time" '^crates/core/src/clock(\.rs|/)' crates/core/src
forbid 'core knows no shell' '\b(tauri|fieldline_shell)\b' "$nowhere" crates/core/src
forbid 'only server::store speaks SQL' "$sql_words" '^crates/server/src/store(\.rs|/)' crates/server/src
forbid 'only server::clock tells time' "$time_words" '^crates/server/src/clock(\.rs|/)' crates/server/src
forbid 'the server never imports core' '\bfieldline_core\b' "$nowhere" crates/server/src
forbid 'the shell holds no SQL and speaks no HTTP' '\b(rusqlite|reqwest)\b|\b(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM)\b' "$nowhere" src-tauri/src
forbid 'the UI has one door, core.ts' '@tauri-apps|\binvoke *\(|\bfetch *\(|new (WebSocket|EventSource|XMLHttpRequest|SharedWorker|Worker)\b|\bsendBeacon\b' \
  '^ui/src/(core\.ts|sw\.ts|door/)' ui/src
forbid 'no HTML is made from text' '\{@html|\.(innerHTML|outerHTML)\b|insertAdjacentHTML' "$nowhere" ui/src
forbid 'names say what a thing is' '\b(struct|enum|trait|class|interface|type) +[A-Za-z]*(Manager|Service|Helper|Util|Utils|Handler)\b' \
  "$nowhere" crates src-tauri/src ui/src tests

long="$(sources crates src-tauri/src ui/src tests | tr '\n' '\0' | xargs -0 -r wc -l | awk '$2 != "total" && $1 > 400')"
[ -z "$long" ] || breaks 'a file has at most 400 lines' "$long"

if [ -z "${FIELDLINE_LINT_ROOT:-}" ]; then
  free_of 'model is pure' fieldline-model 'tokio|rusqlite|reqwest|hyper|tauri'
  free_of 'core knows no Tauri' fieldline-core 'tauri|wry|fieldline-server'
  free_of 'the server never imports core' fieldline-server 'fieldline-core|tauri'
fi

# Plants one offence for each rule in a copy and expects this script to name it.
prove() {
  local copy rule path line said missed=0
  copy="$(mktemp -d)"
  while IFS='|' read -r rule path line; do
    rm -rf "${copy:?}"/*
    mkdir -p "$copy"/{crates/{model,core,server,web}/src,src-tauri/src,ui/src,tests,"$(dirname "$path")"}
    printf '%b\n' "$line" >"$copy/$path"
    said="$(FIELDLINE_LINT_ROOT="$copy" "$root/scripts/lint-rooms.sh" || true)"
    if grep -qF "rooms: $rule" <<<"$said"; then continue; fi
    missed=1
    say "rooms: not caught: $rule ($path)"
  done <<'END'
model holds no clock, no IO and no async|crates/model/src/a.rs|let t = SystemTime::now();
only core::remote speaks HTTP|crates/core/src/a.rs|use reqwest::Client;
only core::store speaks SQL|crates/core/src/a.rs|use rusqlite::params;
only core::clock tells time|crates/core/src/a.rs|tokio::time::sleep(d).await;
core knows no shell|crates/core/src/a.rs|use tauri::Manager;
only server::store speaks SQL|crates/server/src/a.rs|connection.execute("UPDATE workspace SET seq = 1", []);
only server::clock tells time|crates/server/src/a.rs|let t = Instant::now();
the server never imports core|crates/server/src/a.rs|use fieldline_core::Engine;
the shell holds no SQL and speaks no HTTP|src-tauri/src/a.rs|let q = "SELECT 1";
the UI has one door, core.ts|ui/src/parts/A.svelte|const a = await fetch('/v1/hello')
no HTML is made from text|ui/src/parts/A.svelte|{@html text}
names say what a thing is|crates/core/src/a.rs|pub struct MessageManager;
END
  rm -rf "$copy"
  return $missed
}

if [ "${1:-}" = prove ]; then prove || broken=1; fi
exit "$broken"
