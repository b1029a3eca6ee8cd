#!/usr/bin/env bash
# A minute without MariaDB, under load: no call fails, and every record is there afterwards, once. It takes a
# minute and a half of real time, so `make test` has it run beside the other tests.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
source deploy/dev/lib.sh
source deploy/dev/packages.sh
source deploy/dev/mariadb.sh
source deploy/dev/gateway.sh

need_python
need_mariadb

folder=$(mktemp -d "${TMPDIR:-/tmp}/tollgate-outage.XXXXXX")
load_pid=
clean_up() {
  stop "$load_pid"
  gateway_stop
  mariadb_stop
  rm -rf "$folder"
}
on_exit clean_up

mkdir "$folder/mariadb" "$folder/gateway"
mariadb_start "$folder/mariadb"
port=${mariadb_url##*:}
query() { mariadb --no-defaults --user=root --host=127.0.0.1 --port="$port" --batch --skip-column-names "$@"; }
query --execute="CREATE DATABASE tollgate DEFAULT CHARACTER SET utf8mb4"
key=$(printf '1%.0s' {1..64})
gateway_start "$folder/gateway" DATABASE_URL="$mariadb_url/tollgate" \
  API_KEY_ENCRYPTION_KEY="$key" JWT_SECRET="only for this run, and long enough"

# In the background, because bash heeds no signal while it waits for a program in the foreground.
pause() { sleep "$1" & wait $!; }

python3 crates/server/tests/outage/load.py "$folder/stop" "$folder/answered" </dev/null &
load_pid=$!
pause 5
say "stopping MariaDB"
mariadb_stop
pause 60
mariadb_run "$folder/mariadb" "$port"
pause 5
touch "$folder/stop"
if ! wait "$load_pid"; then
  load_pid=
  grep -v ' INFO ' "$folder/gateway/gateway.log" >&2 || true
  die "a call failed while MariaDB was away"
fi
load_pid=

query tollgate --execute="
  SELECT LOWER(HEX(request_id)) FROM t_ai_api_logs WHERE is_final AND status = 'success'" >"$folder/recorded"
sort "$folder/answered" >"$folder/answered.sorted"
sort "$folder/recorded" >"$folder/recorded.sorted"
cmp -s "$folder/answered.sorted" "$folder/recorded.sorted" ||
  { diff "$folder/answered.sorted" "$folder/recorded.sorted" | head -20 >&2; die "records are not those of the calls"; }
counted=$(query tollgate --execute="
  SELECT CONCAT(SUM(requests_count_today), ' ', SUM(tokens_count_today)) FROM t_ai_api_keys")
logged=$(query tollgate --execute="
  SELECT CONCAT(COUNT(*), ' ', SUM(total_tokens)) FROM t_ai_api_logs WHERE key_id IS NOT NULL")
[ "$counted" = "$logged" ] || die "keys counted '$counted' calls and tokens, and '$logged' are on record"
say "$(wc -l <"$folder/answered") calls went through a minute without MariaDB, and all are on record, once"
