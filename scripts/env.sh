# Sourced by the other scripts: where things are, and the tools the set-up
# put beside the sources first on the PATH.
#
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$root/build"
export PATH="$build/tools/bin:$build/node/bin:$PATH"
cd "$root" || exit 1

# A sentence on its way to the person.
say() { printf '%s\n' "$*"; }

# The last sentence: what failed and what to do.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# True when version $1 is at least version $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
