#!/usr/bin/env bash
# The end-to-end runs: the built app in a display of its own, and Chromium,
# against the built server. Further words go to the test runner:
#
#     scripts/e2e.sh journey          only the tests whose names hold "journey"
#
# They stand behind the feature `e2e` of the tests' crate, so that an ordinary
# `cargo test` needs no display. FIELDLINE_PICTURES names a folder to be filled
# with photographs of the screens.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

for tool in Xvfb dbus-daemon gnome-keyring-daemon tauri-driver WebKitWebDriver chromedriver import; do
  has "$tool" || die "$tool is missing; \`scripts/setup.sh test\` installs it"
done
export FIELDLINE_APP="$root/target/debug/fieldline"
export FIELDLINE_SERVER="$root/target/debug/fieldline-server"
export FIELDLINE_UI="$root/ui/dist"
for built in "$FIELDLINE_APP" "$FIELDLINE_SERVER" "$FIELDLINE_UI/index.html"; do
  [ -e "$built" ] || die "$built is missing; \`make server app\` builds it"
done
flows=(cargo test --locked --workspace --exclude fieldline-web --features fieldline-tests/e2e --test e2e --)

# Runs flows in as many hands as are said, each with a server and a display of its own
# and its flows one at a time (they share the display and its keyboard). Leaves the
# names of those that failed in $failed.
told="$(mktemp -d)"
trap 'rm -rf "$told"' EXIT
runs() {
  local hands="$1" hand pids=() ended=0 names=()
  shift
  mapfile -t names < <("${flows[@]}" --list "$@" 2>/dev/null | sed -n 's/: test$//p')
  [ "${#names[@]}" -gt 0 ] || "${flows[@]}" --list "$@" || die "the end-to-end runs cannot be built"
  [ "${#names[@]}" -gt 0 ] || die "no end-to-end run is called so: $*"
  for ((hand = 0; hand < hands; hand++)); do
    local own=()
    for ((i = hand; i < ${#names[@]}; i += hands)); do own+=("${names[i]}"); done
    [ "${#own[@]}" -gt 0 ] || continue
    # Whole lines, so that the hands do not speak into each other's.
    FIELDLINE_HAND="$hand" "${flows[@]}" --test-threads=1 --exact "${own[@]}" 2>&1 | sed -u "s/^/$hand| /" | tee "$told/$hand" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || ended=1; done
  mapfile -t failed < <(sed -n 's/^.| test \([^ ]*\) \.\.\. FAILED$/\1/p' "$told"/* | sort -u)
  return "$ended"
}

# Two: a flow mostly waits for a window, but two cores do no more.
runs 2 "$@" && exit 0
# Real windows on a busy machine: what fails gets one more try, alone, and both are
# said. What fails twice has failed; many at once are no chance, nor is a run that
# ended before it could name anything.
many=4
[ "${#failed[@]}" -gt 0 ] && [ "${#failed[@]}" -le "$many" ] || die "the end-to-end runs failed"
again=("${failed[@]}")
say "once more, alone: ${again[*]}"
runs 1 --exact "${again[@]}" || die "failed twice: ${failed[*]}"
say "passed only at the second try: ${again[*]}"
