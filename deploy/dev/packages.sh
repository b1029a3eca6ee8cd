# shellcheck shell=bash
# Installs what `make test` needs and the machine lacks. Sourced; needs lib.sh.

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "not root and no sudo: install it by hand: $*"
  fi
}

apt_lists_are_fresh=

refresh_apt_lists() {
  if [ -z "$apt_lists_are_fresh" ]; then
    as_root apt-get update -qq
    apt_lists_are_fresh=yes
  fi
}

# install DEBIAN_PACKAGES BREW_PACKAGES (each a list of words; brew's may be empty)
install() {
  say "installing $1"
  if have apt-get; then
    refresh_apt_lists
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $1 >/dev/null
  elif have brew && [ -n "$2" ]; then
    # shellcheck disable=SC2086 # a list of words
    brew install --quiet $2
  else
    die "cannot install '$1' here: install it by hand and try again"
  fi
}

need_rust() {
  have cargo || die "cargo is missing: install Rust 1.95 or newer (rustup.rs) and try again"
  have cc || install build-essential ""
}

# The `-core` packages hold the programs alone and start no service. The client's has
# `my_print_defaults`, without which no data folder can be made.
need_mariadb() {
  if ! have mariadbd || ! have mariadb-install-db || ! have my_print_defaults; then
    install "mariadb-server-core mariadb-client-core" mariadb
  fi
}

need_python() {
  have python3 || install "python3 python3-venv" python
  python3 -c 'import ensurepip, venv' 2>/dev/null || install python3-venv ""
}

need_node() {
  if ! have node || ! have npm; then
    install "nodejs npm" node
  fi
  has_good_node || die "Node $(node --version) is too old: install Node 20.19 or newer (nodejs.org) and try again"
}

has_good_node() {
  have npm && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

need_nginx() {
  if ! have nginx; then
    install nginx-light nginx
    # The package starts a server on port 80, which nobody asked for.
    if have systemctl; then as_root systemctl disable --now nginx >/dev/null 2>&1 || true; fi
  fi
}

# The package is that of the server, which it starts; so it is unpacked, and not installed.
need_promtool() {
  local folder
  folder=$(target_dir)/tools
  PATH=$PATH:$folder/usr/bin
  have promtool && return
  if have apt-get; then
    say "unpacking promtool"
    refresh_apt_lists
    mkdir -p "$folder"
    (cd "$folder" && apt-get download -qq prometheus && dpkg -x prometheus_*.deb . && rm prometheus_*.deb)
  else
    install prometheus prometheus
  fi
}

# Prints the path of a Chromium or Chrome.
chromium_path() {
  local name
  for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -n "$name" ] && have "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# Without windows of its own it takes a fifth less time; not every system has it as a package.
chromium_package() {
  if have apt-get; then refresh_apt_lists; fi
  if have apt-cache && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    echo chromium-headless-shell
  else
    echo chromium
  fi
}

need_chromium() {
  chromium_path >/dev/null || install "$(chromium_package) fonts-liberation" "--cask chromium"
  # Pictures of the Chinese pages; macOS has its own.
  if have fc-list && [ -z "$(fc-list :lang=zh-cn family)" ]; then install fonts-wqy-zenhei ""; fi
}
