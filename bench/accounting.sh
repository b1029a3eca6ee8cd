#!/usr/bin/env bash
# Measures accounting over millions of recorded calls; see bench/README.md.
#
#   bench/accounting.sh [mariadb|sqlite]
#
# ROWS=10000000 DAYS=90 JOURNAL_ROWS=1000000   how much
# PROFILE=release                              which build (dev tries the script out)
# OUT=bench/results/accounting-mariadb.md      where the results go
# BINARIES=…                                   a folder with what is built already
# FOLDER=…                                     where the databases go; kept if it is given
# PARTS=reports,logs,fold,ingest,purge         not all of it: on a FOLDER that was filled before
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=deploy/dev/lib.sh
. deploy/dev/lib.sh
# shellcheck source=deploy/dev/mariadb.sh
. deploy/dev/mariadb.sh

database=${1:-mariadb}
rows=${ROWS:-10000000} days=${DAYS:-90} journal_rows=${JOURNAL_ROWS:-1000000}
profile=${PROFILE:-release}
out=${OUT:-bench/results/accounting-$database.md}
folder=${FOLDER:-}
temporary=

cleanup() {
  mariadb_stop
  [ -z "$temporary" ] || rm -rf "$temporary"
}
on_exit cleanup

if [ -z "$folder" ]; then
  temporary=$(mktemp -d "${TMPDIR:-/tmp}/tollgate-bench.XXXXXX")
  folder=$temporary
fi
mkdir -p "$folder" "$(dirname "$out")"

if [ -z "${BINARIES:-}" ]; then
  say "building ($profile)"
  cargo build --locked --profile "$profile" --package tollgate-server --package tollgate-simulator
  cargo build --locked --profile "$profile" --package tollgate-gateway --features bench --example fill-journal
  BINARIES=${CARGO_TARGET_DIR:-$PWD/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
fi

case $database in
mariadb)
  # As a careful operator runs it: every commit reaches the disk, pages are written twice, and the
  # buffer pool holds the indexes but not the whole table.
  mariadb_start "$folder" --innodb-flush-log-at-trx-commit=1 --innodb-doublewrite=1 \
    --innodb-buffer-pool-size=4G --innodb-log-file-size=1G
  mariadb --no-defaults --socket="$folder/socket" --user=root \
    --execute='CREATE DATABASE IF NOT EXISTS bench DEFAULT CHARACTER SET utf8mb4'
  url=$mariadb_url/bench
  ;;
sqlite)
  url=sqlite://$folder/tollgate.db
  ;;
*) die "the databases are mariadb and sqlite, not $database" ;;
esac

python3 bench/accounting.py --database-url "$url" --binaries "$BINARIES" --folder "$folder" \
  --rows "$rows" --days "$days" --journal-rows "$journal_rows" --profile "$profile" --out "$out" ${PARTS:+--parts "$PARTS"}
say "results are in $out"
