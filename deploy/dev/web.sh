#!/usr/bin/env bash
# The pages in web/.
#   web.sh build     `make web`: installs what they need and builds them into web/dist, where it differs from what is there
#   web.sh lint      their rules and types
#   web.sh test      their tests: those of vitest, and those in a browser before the real server, which must have been built
#   web.sh pictures  the pictures in the documents, of the same server
set -euo pipefail
cd "$(dirname "$0")/../.."
source deploy/dev/lib.sh
source deploy/dev/packages.sh

# Installed again only when the list has changed.
install_packages() {
  need_node
  if ! cmp -s web/package-lock.json web/node_modules/installed.json; then
    say "installing what the pages need"
    (cd web && npm ci --loglevel=error)
    cp web/package-lock.json web/node_modules/installed.json
  fi
}

# Prints a sum of all that a build is made of.
sources() {
  (
    cd web
    find src public scripts index.html package.json package-lock.json vite.config.ts tsconfig.json \
      -type f ! -name '*.test.*' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum | cksum
  )
}

# A build that differs in nothing is left alone: a new one would have the server built anew.
build() {
  local made_of
  made_of=$(sources)
  if [ -f web/dist/index.html ] && [ "$(cat web/dist/.made-of 2>/dev/null)" = "$made_of" ]; then
    return
  fi
  install_packages
  say "building the pages"
  (cd web && npm run --silent build -- --logLevel warn)
  echo "$made_of" >web/dist/.made-of
}

lint() {
  install_packages
  (cd web && npm run --silent types && npm run --silent lint)
}

# What the browser and the servers behind it are, for what follows.
prepare_browser() {
  local folder
  folder=$(target_dir)
  need_chromium
  CHROMIUM=$(chromium_path)
  export CHROMIUM TOLLGATE_BIN=$folder/tollgate SIMULATOR_BIN=$folder/tollgate-simulator
  unset WEB_DIR
}

run_tests() {
  build
  install_packages
  prepare_browser
  (cd web && npm run --silent api -- --check && npm test --silent && npm run --silent e2e)
}

take_pictures() {
  install_packages
  prepare_browser
  (cd web && KEEP_SCREENSHOTS=1 npm run --silent pictures)
}

case ${1:-} in
  build) build ;;
  lint) lint ;;
  test) run_tests ;;
  pictures) take_pictures ;;
  *) die "say one of: build, lint, test, pictures" ;;
esac
