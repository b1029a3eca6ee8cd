#!/usr/bin/env bash
# Measures what Tollgate costs beside a plain reverse proxy; see bench/README.md. `make bench` calls it.
#
#   bench/speed.sh [--growth]            the figures; or how cost grows with what is configured
#
# ROUNDS=3 LOAD_SECONDS=4                how often, and how long a load lasts
# SECTIONS=chat,memory,outage            which of the figures
# PROFILE=dist                           which build
# BINARIES=…                             a folder with what is built already
# OUT=bench/results/speed.md             where the report goes; the raw results go beside it, as JSON
# DOCS=docs/performance.md               a document whose tables are to be those of this run
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/dev/lib.sh
. deploy/dev/lib.sh
# shellcheck source=deploy/dev/packages.sh
. deploy/dev/packages.sh

what=speed sections=${SECTIONS:-chat,memory,outage}
if [ "${1:-}" = --growth ]; then what=growth sections=growth; fi
profile=${PROFILE:-dist}
out=${OUT:-bench/results/$what.md}
folder=

cleanup() { [ -z "$folder" ] || rm -rf "$folder"; }
on_exit cleanup

have python3 || install python3 python
need_mariadb
need_nginx

if [ -z "${BINARIES:-}" ]; then
  need_rust
  say "building ($profile)"
  cargo build --locked --profile "$profile" --package tollgate-server --package tollgate-bench-load
  BINARIES=${CARGO_TARGET_DIR:-$PWD/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
fi

# The journal is to lie on a disk, as it does with an operator; /tmp may be memory.
mkdir -p "${CARGO_TARGET_DIR:-$PWD/target}/tmp"
folder=$(mktemp -d "${CARGO_TARGET_DIR:-$PWD/target}/tmp/bench.XXXXXX")

PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 python3 -m speed --binaries "$BINARIES" --folder "$folder" --profile "$profile" \
  --rounds "${ROUNDS:-3}" --seconds "${LOAD_SECONDS:-4}" --sections "$sections" --raw "${out%.md}.json" --out "$out" ${DOCS:+--docs "$DOCS"}
