# shellcheck shell=bash
# A real `tollgate` on an empty database, SQLite unless another one is named, in front of a real `tollgate-simulator`, for tests.
# The two programs must have been built. Sourced; needs lib.sh.

simulator_pid=
gateway_pid=

# The providers that stand before the simulator, one for each protocol; their codes are those of the protocols.
protocols=(openai anthropic gemini)

# gateway_start FOLDER [VARIABLE=VALUE…]: starts both with their files there, the gateway with these variables
# too, exports TOLLGATE_URL, TOLLGATE_KEY and
# TOLLGATE_PROVIDERS, the codes of the providers, and sets `simulator_url` and `routes`, which lead there
# past targets that fail.
gateway_start() {
  local folder=$1 programs simulator_port gateway_port prepared
  shift
  programs=$(target_dir)

  simulator_port=$(free_port)
  "$programs/tollgate-simulator" --port "$simulator_port" \
    >"$folder/simulator.log" 2>&1 </dev/null &
  simulator_pid=$!
  await_listening "$simulator_pid" "$simulator_port" "$folder/simulator.log"
  simulator_url=http://127.0.0.1:$simulator_port

  gateway_port=$(free_port)
  (
    # What the person at this machine has set for a gateway of their own is not for this one.
    unset DATABASE_URL DB_HOST TOLLGATE_CONFIG SIMULATOR_URL ADDRESS_LIMIT_PER_15_MIN
    cd "$folder" || exit
    exec env HOST=127.0.0.1 PORT="$gateway_port" DATA_DIR="$folder/data" \
      ADMIN_PASSWORD=only-for-this-run TRUSTED_PROXIES=127.0.0.1 "$@" "$programs/tollgate" serve
  ) >"$folder/gateway.log" 2>&1 </dev/null &
  gateway_pid=$!
  await_listening "$gateway_pid" "$gateway_port" "$folder/gateway.log"

  TOLLGATE_URL=http://127.0.0.1:$gateway_port
  prepared=$(python3 crates/server/tests/sdk/prepare.py \
    "$TOLLGATE_URL" "$simulator_url" only-for-this-run "${protocols[@]}") ||
    { cat "$folder/gateway.log" >&2; die "the gateway could not be set up"; }
  TOLLGATE_KEY=${prepared%%$'\n'*}
  # shellcheck disable=SC2034 # for the caller
  routes=${prepared#*$'\n'}
  TOLLGATE_PROVIDERS="${protocols[*]}"
  export TOLLGATE_URL TOLLGATE_KEY TOLLGATE_PROVIDERS
}

# await_listening PID PORT LOG
await_listening() {
  wait_for "$1" 60 is_open "$2" || { cat "$3" >&2; die "it did not start: see above"; }
}

gateway_stop() {
  stop "$gateway_pid"
  stop "$simulator_pid"
  gateway_pid=
  simulator_pid=
}
