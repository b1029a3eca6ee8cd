#!/usr/bin/env bash
# Installs the pinned SDKs beside their tests, and runs the tests against a real gateway.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
source deploy/dev/lib.sh
source deploy/dev/packages.sh
source deploy/dev/gateway.sh
python=$PWD/crates/server/tests/sdk/python
node=$PWD/crates/server/tests/sdk/node

need_python
need_node
need_chromium

# Both are installed again only when their list has changed.
if ! cmp -s "$python/requirements.txt" "$python/.venv/installed.txt"; then
  say "installing the Python SDKs"
  rm -rf "$python/.venv"
  python3 -m venv "$python/.venv"
  "$python/.venv/bin/pip" install --quiet --disable-pip-version-check -r "$python/requirements.txt"
  cp "$python/requirements.txt" "$python/.venv/installed.txt"
fi
if ! cmp -s "$node/package-lock.json" "$node/node_modules/installed.json"; then
  say "installing the Node SDKs"
  (cd "$node" && npm ci --loglevel=error)
  cp "$node/package-lock.json" "$node/node_modules/installed.json"
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/tollgate-sdk.XXXXXX")
clean_up() {
  gateway_stop
  rm -rf "$folder"
}
on_exit clean_up
gateway_start "$folder"

"$python/.venv/bin/python" -B -m pytest -p no:cacheprovider -q "$python"

CHROMIUM=$(chromium_path)
export CHROMIUM
(cd "$node" && npm test --silent)

say "the same through routes whose first target fails"
export TOLLGATE_PROVIDERS=$routes
"$python/.venv/bin/python" -B -m pytest -p no:cacheprovider -q "$python" -k behaviours
(cd "$node" && npm test --silent -- openai-behaviours.test.mjs anthropic-behaviours.test.mjs)
