# shellcheck shell=bash
# An nginx of our own for the tests: a free port for each server, its own files, no other nginx touched.
# Sourced; needs lib.sh.

nginx_pid=

# nginx_start FOLDER GATEWAY_PORT SIMULATOR_PORT: starts it with its files there, and exports the addresses of
# three servers: PROXY_BARE has nothing but `proxy_pass` to the gateway, PROXY_DOCUMENTED is the file that we
# document, and PROXY_SILENT goes past the gateway, to see what nginx makes of a provider's silence.
nginx_start() {
  local folder=$1 gateway=127.0.0.1:$2 simulator=127.0.0.1:$3 bare documented silent part
  bare=$(free_port)
  documented=$(free_port)
  silent=$(free_port)

  {
    # Root's workers would be another user's, who cannot see the folder.
    if [ "$(id -u)" -eq 0 ]; then echo "user root;"; fi
    echo "daemon off; worker_processes 1; pid nginx.pid; events {}"
    echo "http {"
    echo "access_log off;"
    for part in client_body proxy fastcgi scgi uwsgi; do
      echo "${part}_temp_path $part;"
    done
    echo "server { listen 127.0.0.1:$bare; location / { proxy_pass http://$gateway; } }"
    echo "server { listen 127.0.0.1:$silent; location / { proxy_pass http://$simulator; } }"
    sed -e "s/127\.0\.0\.1:3000/$gateway/" -e "s/listen 80;/listen 127.0.0.1:$documented;/" \
      deploy/nginx/tollgate.conf
    echo "}"
  } >"$folder/nginx.conf"

  nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/nginx.log" </dev/null &
  nginx_pid=$!
  for part in "$bare" "$documented" "$silent"; do
    wait_for "$nginx_pid" 30 is_open "$part" ||
      { cat "$folder/nginx.log" >&2; die "nginx did not start"; }
  done
  export PROXY_BARE=http://127.0.0.1:$bare PROXY_DOCUMENTED=http://127.0.0.1:$documented
  export PROXY_SILENT=http://127.0.0.1:$silent
}

nginx_stop() {
  stop "$nginx_pid"
  nginx_pid=
}
