#!/usr/bin/env bash
# Known weaknesses in what Fieldline is built from: of the Rust, by RustSec's database; of the
# interface, by that of npm's registry. `make audit`, before a release.
#
# Both are asked anew each time. A database that cannot be reached is a failure with a sentence
# of its own, never a pass: nothing known is not the same as nothing wrong.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

failed=0
fails() {
  printf 'error: %s\n' "$*" >&2
  failed=1
}

audit_rust() {
  # First by itself, so that what cannot be known is told apart from what is wrong.
  if ! cargo deny --locked --log-level error fetch db; then
    fails "RustSec's database of advisories could not be reached, so nothing is known of the Rust that is" \
      "built in. Say \`make audit\` again from where there is a way to it."
  elif ! cargo deny --locked --log-level error check advisories; then
    fails "there are advisories against Rust that is built in: update it, or say in deny.toml why it does no harm"
  fi
}

audit_interface() {
  local report clean=yes
  report="$(cd ui && npm audit --json --package-lock-only 2>/dev/null)" || clean=no
  # A refused question has an answer, too: only a report over packages is data.
  local holds='process.exit(JSON.parse(require("fs").readFileSync(0)).metadata.dependencies.total > 0 ? 0 : 1)'
  if ! node -e "$holds" <<<"$report" 2>/dev/null; then
    fails "npm's registry gave no report, so nothing is known of the packages of the interface." \
      "Say \`make audit\` again from where there is a way to it."
  elif [ "$clean" = no ]; then
    (cd ui && npm audit --package-lock-only) || true
    fails "there are advisories against packages of the interface: update them (cd ui && npm audit fix)"
  fi
}

audit_rust
audit_interface
[ "$failed" = 0 ] && say "No advisory against anything Fieldline is built from, by RustSec and by npm."
exit "$failed"
