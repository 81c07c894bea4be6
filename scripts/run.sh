#!/usr/bin/env bash
# The demo: a server with a lively workspace on this machine alone, and the app
# signed in to it. Its data stands in build/demo; removing that folder begins
# anew. FIELDLINE_PORT chooses another port. Ctrl-C stops everything.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

demo="$build/demo"
port="${FIELDLINE_PORT:-8737}"
hello="http://127.0.0.1:$port/v1/hello"
hand_over="$demo/sign-in.json"

server="" app=""
finish() {
  trap - EXIT INT TERM
  [ -z "$app" ] || kill "$app" 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
}
trap finish EXIT
trap 'say ""; finish; exit 0' INT TERM

answers() { curl --silent --fail --max-time 2 --output /dev/null "$hello"; }
if answers; then die "port $port already answers; stop the other one, or say FIELDLINE_PORT=… make run"; fi

mkdir -p "$demo"
chmod 700 "$demo"
rm -f "$hand_over"
# The server prints the web address, which carries the demo's sign-in in its fragment.
target/debug/fieldline-server demo --data "$demo/server" --port "$port" --hand-over "$hand_over" &
server=$!
for _ in $(seq 300); do
  answers && [ -s "$hand_over" ] && break
  kill -0 "$server" 2>/dev/null || die "the demo server ended before it answered"
  sleep 0.2
done
answers || die "the demo server did not answer at $hello within a minute"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
  FIELDLINE_DEMO="$hand_over" FIELDLINE_HOME="$demo/device" target/debug/fieldline &
  app=$!
  wait "$app" || say "The app ended with an error; the web app is still there."
  app=""
  say "The app is closed. The web app above is still there; Ctrl-C stops everything."
else
  say "There is no display here, so no window was opened: use the web address above. Ctrl-C stops everything."
fi
wait "$server"
