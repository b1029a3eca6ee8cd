#!/usr/bin/env bash
# Streams through nginx that are silent for longer than it waits. It takes a minute and a half of real time,
# so `make test` has it run beside the other tests.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
source deploy/dev/lib.sh
source deploy/dev/packages.sh
source deploy/dev/gateway.sh
source deploy/dev/nginx.sh

need_python
need_nginx

folder=$(mktemp -d "${TMPDIR:-/tmp}/tollgate-proxy.XXXXXX")
check_pid=
clean_up() {
  stop "$check_pid"
  nginx_stop
  gateway_stop
  rm -rf "$folder"
}
on_exit clean_up
gateway_start "$folder"
nginx_start "$folder" "${TOLLGATE_URL##*:}" "${simulator_url##*:}"

# In the background, because bash heeds no signal while it waits for a program in the foreground.
python3 crates/server/tests/proxy/silence.py </dev/null &
check_pid=$!
if ! wait "$check_pid"; then
  cat "$folder/nginx.log" >&2
  die "a stream did not come through nginx"
fi
check_pid=
