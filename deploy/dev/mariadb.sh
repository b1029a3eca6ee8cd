# shellcheck shell=bash
# A MariaDB of our own for the tests: new data, a free port, its own socket, no other server touched.
# Sourced; needs lib.sh.

mariadb_pid=

# mariadb_start FOLDER [OPTION…]: starts it with its files there, and sets `mariadb_url`. The options
# are as below.
mariadb_start() {
  local folder=$1 port
  shift
  port=$(free_port)
  mariadb_make "$folder"
  mariadb_run "$folder" "$port" ${@+"$@"}
  # shellcheck disable=SC2034 # for the caller
  mariadb_url="mysql://root@127.0.0.1:$port"
}

# mariadb_make FOLDER: makes its data folder.
mariadb_make() {
  local folder=$1 user=()
  if [ "$(id -u)" -eq 0 ]; then user=(--user=root); fi
  mariadb-install-db --no-defaults ${user[@]+"${user[@]}"} --datadir="$folder/data" \
    --auth-root-authentication-method=normal --skip-test-db >"$folder/install.log" 2>&1 ||
    { cat "$folder/install.log" >&2; die "MariaDB's data folder could not be made"; }
}

# mariadb_run FOLDER PORT [OPTION…]: starts it over the data that is there. The options are the
# server's own, and go before those of ours.
mariadb_run() {
  local folder=$1 port=$2 user=()
  shift 2
  # The server refuses to run as root unless it is told so by name.
  if [ "$(id -u)" -eq 0 ]; then user=(--user=root); fi

  say "starting a private MariaDB on port $port"
  # The data is thrown away afterwards, so nothing waits for the disk.
  mariadbd --no-defaults ${user[@]+"${user[@]}"} --datadir="$folder/data" \
    --bind-address=127.0.0.1 --port="$port" --socket="$folder/socket" \
    --pid-file="$folder/pid" --max-connections=500 --skip-log-bin \
    --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 ${@+"$@"} \
    >"$folder/server.log" 2>&1 </dev/null &
  mariadb_pid=$!

  wait_for "$mariadb_pid" 60 is_open "$port" ||
    { cat "$folder/server.log" >&2; die "MariaDB did not start"; }
}

mariadb_stop() {
  stop "$mariadb_pid"
  mariadb_pid=
}
