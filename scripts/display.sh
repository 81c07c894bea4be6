#!/usr/bin/env bash
# Runs a command in a display and a session bus of its own, and ends both with it:
#
#     scripts/display.sh [--photo FILE SECONDS] command…
#
# With --photo the whole display is photographed that many seconds after the
# start (the app's own screenshot call hangs), and the command is then ended.
# FIELDLINE_SCREEN sets the size (1280x900). For looking at the app by hand, on a
# machine without a display; the end-to-end runs make their own.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

photo="" after=0
if [ "${1:-}" = --photo ]; then
  photo="$2" after="$3"
  shift 3
fi
[ $# -gt 0 ] || die "say what to run: scripts/display.sh [--photo FILE SECONDS] command…"

# Xvfb picks a free number itself and says which on descriptor 3 when it is ready.
number="$(mktemp)"
Xvfb -displayfd 3 -screen 0 "${FIELDLINE_SCREEN:-1280x900}x24" -nolisten tcp 3>"$number" 2>/dev/null &
xvfb=$!
finish() {
  kill "$xvfb" 2>/dev/null || true
  wait "$xvfb" 2>/dev/null || true
  rm -f "$number"
}
trap finish EXIT
for _ in $(seq 100); do
  [ -s "$number" ] && break
  kill -0 "$xvfb" 2>/dev/null || die "Xvfb did not start"
  sleep 0.05
done
[ -s "$number" ] || die "Xvfb did not say its number"

DISPLAY=":$(tr -d '[:space:]' <"$number")"
export DISPLAY GDK_BACKEND=x11 WEBKIT_DISABLE_DMABUF_RENDERER=1 NO_AT_BRIDGE=1
unset WAYLAND_DISPLAY

# The command speaks as before; the bus and the desktop services it starts are
# silent, since they complain of a machine without a desktop.
session=(dbus-run-session -- sh -c 'exec "$@" 2>&4 4>&-' sh "$@")

if [ -z "$photo" ]; then
  "${session[@]}" 4>&2 2>/dev/null
else
  mkdir -p "$(dirname "$photo")"
  # A group of its own, so that all of it is ended.
  setsid "${session[@]}" 4>&2 2>/dev/null &
  group=$!
  sleep "$after"
  kill -0 "$group" 2>/dev/null || die "the command ended before the photograph"
  import -window root "$photo"
  kill -- "-$group" 2>/dev/null || true
  wait "$group" 2>/dev/null || true
fi
