#!/usr/bin/env bash
# `make run`: builds and starts Tollgate with its pages, and the simulator beside it as a provider that needs no account.
# With MySQL set (DB_HOST, or DATABASE_URL=mysql://…) the simulator comes only when asked for: SIMULATOR=1.
# Ctrl-C ends both.
set -euo pipefail
cd "$(dirname "$0")/../.."
source deploy/dev/lib.sh
source deploy/dev/packages.sh

wants_simulator() {
  case ${SIMULATOR:-} in
    1 | true | yes) return 0 ;;
    0 | false | no) return 1 ;;
  esac
  case ${DATABASE_URL:-} in
    mysql:* | mariadb:*) return 1 ;;
  esac
  [ -z "${DB_HOST:-}" ]
}

need_rust
# The pages are part of the binary, so they come first.
if has_good_node; then
  deploy/dev/web.sh build
else
  say "Node 20.19 or newer is missing: Tollgate starts without its pages"
fi
# The development profile: it is built several times faster than the release one, and fast enough to try.
say "building (the first time takes some minutes)"
cargo build --locked --package tollgate-server --package tollgate-simulator

simulator_pid=
gateway_pid=
clean_up() {
  stop "$gateway_pid"
  stop "$simulator_pid"
}
on_exit clean_up

if wants_simulator; then
  port=$(free_port)
  "$(target_dir)/tollgate-simulator" --port "$port" >/dev/null </dev/null &
  simulator_pid=$!
  wait_for "$simulator_pid" 30 is_open "$port" || die "the simulator did not start"
  export SIMULATOR_URL=http://127.0.0.1:$port/v1
fi

"$(target_dir)/tollgate" serve </dev/null &
gateway_pid=$!
wait "$gateway_pid"
