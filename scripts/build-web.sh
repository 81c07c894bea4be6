#!/usr/bin/env bash
# Builds the browser's engine, crates/web, into ui/src/wasm, for the interface to
# import. FIELDLINE_WEB_PROFILE=web-dev builds quicker and larger; the default,
# `web`, is what is shipped. Quick when nothing changed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source "$root/scripts/wasm-toolchain.sh"

profile="${FIELDLINE_WEB_PROFILE:-web}"
case "$profile" in web | web-dev) ;; *) die "FIELDLINE_WEB_PROFILE is web or web-dev, not $profile" ;; esac
wasm_choose || die "$wasm_why_not; \`scripts/setup.sh run\` does it"

# A target folder of its own: this toolchain may be another than the native one.
"${wasm_cargo[@]}" build --locked -p fieldline-web --lib --profile "$profile" \
  --target "$wasm_target" --target-dir "$root/target/web" ${wasm_flags[@]+"${wasm_flags[@]}"}
cargo build --locked --quiet --workspace --exclude fieldline-web --bin fieldline-bindgen

engine="target/web/$wasm_target/$profile/fieldline_web.wasm"
bindgen="target/debug/fieldline-bindgen"
out="ui/src/wasm"
key="$(cat "$engine" "$bindgen" | sha256sum | cut -c1-32)"
if [ "$(cat "$out/.key" 2>/dev/null)" != "$key" ]; then
  rm -rf "$out"
  "$bindgen" "$engine" "$out"
  printf '%s' "$key" >"$out/.key"
fi
say "web: $out/fieldline_web_bg.wasm, $(wc -c <"$out/fieldline_web_bg.wasm") bytes ($profile)"
