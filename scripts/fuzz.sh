#!/usr/bin/env bash
# Lets a fuzzer look for bytes that break what must hold for any: each property of
# tests/properties in turn, for FUZZ_SECONDS (30). `scripts/fuzz.sh decode names` takes those
# alone. What is found stands in build/fuzz/broken; what was learned, in build/fuzz, for the next run.
#
# The stable compiler is enough: LLVM's fuzzer comes as a crate, and what it needs of the compiler
# is coverage, which is no sanitizer.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

all=(types names intents feed order decode)
[ $# -gt 0 ] || set -- "${all[@]}"
time_s="${FUZZ_SECONDS:-30}"
host="$(rustc -vV | sed -n 's/^host: //p')"
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
for what in inline-8bit-counters pc-table trace-compares; do
  coverage+=" -Cllvm-args=-sanitizer-coverage-$what"
done

say "fuzz: building"
# For a named target, so that what runs while building is built without coverage.
RUSTFLAGS="$coverage --cfg fuzzing" CARGO_TARGET_DIR="$root/target/fuzz" \
  cargo build --quiet --manifest-path fuzz/Cargo.toml --bins --target "$host"

mkdir -p "$build/fuzz/broken"
for name in "$@"; do
  say "fuzz: $name for $time_s s"
  mkdir -p "$build/fuzz/$name"
  program="$root/target/fuzz/$host/debug/$name"
  if ! FIELDLINE_SEEDS="$build/fuzz/$name" "$program" "$build/fuzz/$name" -dict=fuzz/words.dict \
    -max_total_time="$time_s" -timeout=20 -rss_limit_mb=2048 -max_len=8192 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="$build/fuzz/broken/$name-" >"$build/fuzz/$name.log" 2>&1; then
    tail -n 40 "$build/fuzz/$name.log" >&2
    die "$name does not hold; see it again with a file that stands above: $program FILE"
  fi
  sed -n 's/^stat::number_of_executed_units: */    tried: /p' "$build/fuzz/$name.log"
done
say "Every property held."
