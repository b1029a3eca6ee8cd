#!/usr/bin/env bash
# `make test`: everything, on SQLite and on MariaDB, the official SDKs and a browser included.
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

folder=$(mktemp -d "${TMPDIR:-/tmp}/tollgate-test.XXXXXX")
clean_up() {
  mariadb_stop
  rm -rf "$folder"
}
on_exit clean_up

mariadb_start "$folder"
# Further servers, MySQL 8 or TiDB perhaps, may have been named already.
export TEST_DATABASE_URLS=${TEST_DATABASE_URLS:+$TEST_DATABASE_URLS,}${mariadb_url:?}

say "the workspace's own tests"
cargo test --locked --workspace --no-fail-fast

say "the official SDKs and a browser, against a running gateway"
cargo build --locked --workspace --bins
crates/server/tests/sdk/run.sh
