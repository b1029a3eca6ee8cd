#!/usr/bin/env bash
# `make test`: everything, on SQLite and on MariaDB, the official SDKs, nginx and the pages in a browser included.
# It installs what is missing, and leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/../.."
source deploy/dev/lib.sh
source deploy/dev/packages.sh
source deploy/dev/mariadb.sh

need_rust
need_mariadb
need_python
need_node
need_chromium
need_nginx
need_promtool

folder=$(mktemp -d "${TMPDIR:-/tmp}/tollgate-test.XXXXXX")
proxy_pid=
outage_pid=
clean_up() {
  stop "$proxy_pid"
  stop "$outage_pid"
  mariadb_stop
  rm -rf "$folder"
}
on_exit clean_up

# Each test makes a database of some forty tables: to sync them takes as long as the rest.
mariadb_start "$folder" --debug-no-sync --loose-innodb-flush-method=nosync
# Further servers, MySQL 8 or TiDB perhaps, may have been named already.
export TEST_DATABASE_URLS=${TEST_DATABASE_URLS:+$TEST_DATABASE_URLS,}${mariadb_url:?}

say "the rules of Prometheus"
deploy/prometheus/check.sh

# The pages are part of the binary, so they come first.
deploy/dev/web.sh build
# The programs and the tests at once: built by themselves, the programs' crates would have other features, and be built twice.
say "building"
cargo test --locked --workspace --no-run

say "streams through nginx, for a minute and a half beside all that follows"
crates/server/tests/proxy/run.sh >"$folder/proxy.log" 2>&1 </dev/null &
proxy_pid=$!

say "a minute without MariaDB, under load, beside all that follows"
crates/server/tests/outage/run.sh >"$folder/outage.log" 2>&1 </dev/null &
outage_pid=$!

say "the workspace's own tests"
cargo test --locked --workspace --no-fail-fast

say "the official SDKs and a browser, against a running gateway"
crates/server/tests/sdk/run.sh

say "the pages: their tests, and every page in a browser"
deploy/dev/web.sh test

say "streams through nginx: what came of them"
wait "$proxy_pid" || { cat "$folder/proxy.log" >&2; die "streams do not come through nginx"; }
proxy_pid=
cat "$folder/proxy.log"

say "a minute without MariaDB: what came of it"
wait "$outage_pid" || { cat "$folder/outage.log" >&2; die "an outage of MariaDB was noticed"; }
outage_pid=
cat "$folder/outage.log"
