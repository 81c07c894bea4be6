#!/usr/bin/env bash
# Proves that the tests bite: switches one rule off at a time, in a copy of the sources,
# and fails unless each test that stands on it goes red. Each scripts/prove/*.patch says
# what is off and which tests see it: `Test: <program> <name>`, where the program is a
# test of the workspace, or a crate with its own tests. Names of patches as arguments: only those.
# `scripts/prove.sh fits` builds nothing and says whether each patch applies to the sources of
# today, and each test it names is there.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD

if [ "${1:-}" = fits ]; then
  stale=0
  for patch in scripts/prove/*.patch; do
    patch --dry-run --quiet --force --strip=1 --fuzz=0 <"$patch" >/dev/null ||
      { stale=1; echo "$patch no longer applies"; }
    while read -r _ test; do
      grep -rqE "fn ${test##*::}\b" --include='*.rs' crates tests ||
        { stale=1; echo "$patch names a test that is not there: $test"; }
    done < <(sed -n 's/^Test: //p' "$patch")
  done
  exit $stale
fi

copy=$home/target/prove/tree
# The same as ever: what others wrote is built already.
export CARGO_TARGET_DIR=$home/target RUST_BACKTRACE=0
mkdir -p "$copy"
git ls-files -z | tar -c --null -T - | tar -x -C "$copy"
cd "$copy"
# Cargo goes by dates: what was patched the last time is not as it was built.
sed -n 's|^+++ b/||p' "$home"/scripts/prove/*.patch | sort -u | xargs touch

# The same here afterwards: what the copy left in the build folder is not of these sources.
trap 'cd "$home" && git ls-files -z "*.rs" "*.sql" | xargs -0 touch' EXIT

green=0
for patch in "$home"/scripts/prove/*.patch; do
  name=$(basename "$patch" .patch)
  [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
  printf '\n==> %s: %s\n' "$name" "$(head -1 "$patch")"
  patch --quiet --strip=1 --fuzz=0 <"$patch" || { echo "the patch no longer applies"; exit 1; }
  while read -r program test; do
    only=(--workspace --exclude fieldline-web --test "$program")
    [[ $program != fieldline-* ]] || only=(--package "$program" --lib)
    said=$(cargo test --locked --quiet "${only[@]}" -- --exact "$test" 2>&1) || true
    if grep -q "^---- $test stdout" <<<"$said"; then
      echo "red, as it must be: $test"
    else
      echo "GREEN with the rule off, or not run: $test"
      tail -20 <<<"$said"
      green=1
    fi
  done < <(sed -n 's/^Test: //p' "$patch")
  patch --quiet --strip=1 --reverse <"$patch"
done
exit $green
