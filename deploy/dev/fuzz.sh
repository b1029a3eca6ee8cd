#!/usr/bin/env bash
# `make fuzz`: gives each decoder and translator made-up bytes for MINUTES=1, or those named in
# TARGETS alone. What one of them fails at is shown, and kept in crates/providers/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../.."
source deploy/dev/lib.sh
cd crates/providers

have cargo-fuzz || {
  say "installing cargo-fuzz"
  cargo install --locked cargo-fuzz
}
# Coverage needs a compiler's unstable flags; the code is safe Rust, and needs no sanitizer.
export RUSTC_BOOTSTRAP=1
options=(-O -s none)
seconds=$((${MINUTES:-1} * 60))

found=$(mktemp -d "${TMPDIR:-/tmp}/tollgate-fuzz.XXXXXX")
clean_up() { rm -rf "$found"; }
on_exit clean_up

cargo fuzz build "${options[@]}"
for target in ${TARGETS:-$(cargo fuzz list)}; do
  say "$target"
  # What it makes up goes elsewhere, so that the corpus holds what somebody chose.
  mkdir -p "$found/$target"
  cargo fuzz run "${options[@]}" "$target" "$found/$target" "fuzz/corpus/$target" -- \
    -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=2048 -verbosity=0
done
say "no finding"
