# shellcheck shell=bash
# What the development scripts share; they source this file from the repository's root.

# Servers are often installed where only root's PATH looks.
PATH=$PATH:/usr/local/sbin:/usr/sbin

say() { printf '==> %s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Whether something listens on this port of the loopback address.
is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints a port on which nothing listens.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    is_open "$port" || break
  done
  echo "$port"
}

# wait_for PID SECONDS COMMAND…: until the command succeeds; fails when the process ends or time is up.
wait_for() {
  local pid=$1 tries=$(($2 * 10))
  shift 2
  until "$@"; do
    kill -0 "$pid" 2>/dev/null || return 1
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

# stop PID [SECONDS]: asks a child to end, insists after that time (30 s), and reaps it.
stop() {
  local pid=$1 tries=$((${2:-30} * 10))
  [ -n "$pid" ] || return 0
  kill -TERM "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$tries" -eq 0 ]; then
      kill -KILL "$pid" 2>/dev/null || true
      break
    fi
    tries=$((tries - 1))
    sleep 0.1
  done
  wait "$pid" 2>/dev/null || true
}

# on_exit COMMAND: calls it once when the script ends, fails or is told to end (Ctrl-C too).
on_exit() {
  # shellcheck disable=SC2064 # the command is known now
  trap "$1" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# Where cargo puts the development binaries.
target_dir() { echo "${CARGO_TARGET_DIR:-$PWD/target}/debug"; }
