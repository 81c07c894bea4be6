# Sourced: which compilers make the engine of the browser, wasm32-unknown-unknown.
# Rust's part comes from the installed target, or else from Debian's packages,
# whose standard library is built from its sources on the way. SQLite is C, so a
# clang that knows wasm32 stands beside either.
#
# shellcheck shell=bash

wasm_target=wasm32-unknown-unknown
wasm_why_not="install the Rust target wasm32-unknown-unknown and clang"

wasm_target_installed() {
  local libs
  libs="$(rustc --print target-libdir --target "$wasm_target" 2>/dev/null)" && [ -d "$libs" ]
}

# Sets wasm_clang and wasm_ar to the newest pair on this machine.
wasm_find_clang() {
  local suffix
  for suffix in "" -22 -21 -20 -19 -18 -17 -16 -15; do
    if has "clang$suffix" && has "llvm-ar$suffix" && wasm_clang_works "clang$suffix"; then
      wasm_clang="clang$suffix" wasm_ar="llvm-ar$suffix"
      return 0
    fi
  done
  return 1
}

# Apple's clang, for one, does not know the target.
wasm_clang_works() { echo 'int one(void){return 1;}' | "$1" --target="$wasm_target" -x c -c - -o /dev/null 2>/dev/null; }

# Sets wasm_cargo (the command, with its environment) or says why not.
wasm_choose() {
  if ! wasm_find_clang; then
    wasm_why_not="clang and llvm-ar that compile for wasm32 are missing"
    return 1
  fi
  wasm_cargo=(env "CC_wasm32_unknown_unknown=$wasm_clang" "AR_wasm32_unknown_unknown=$wasm_ar")
  wasm_flags=()
  if wasm_target_installed; then
    wasm_cargo+=(cargo)
  elif [ -x /usr/bin/cargo ] && [ -d /usr/lib/rustlib/src/rust/library ] && has wasm-ld-19; then
    wasm_cargo+=("RUSTC=/usr/bin/rustc" "RUSTC_BOOTSTRAP=1"
      "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19" /usr/bin/cargo)
    wasm_flags=("-Zbuild-std=std,panic_abort")
  else
    wasm_why_not="the Rust target wasm32-unknown-unknown is missing (rustup target add wasm32-unknown-unknown)"
    return 1
  fi
}
