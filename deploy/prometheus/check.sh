#!/usr/bin/env bash
# Has promtool check the configuration and the rules, and play the rules' tests.
# That every query names a metric which exists is for crates/server/tests/it/monitoring.rs to see.
set -euo pipefail
cd "$(dirname "$0")"

promtool check config prometheus.yml
promtool test rules rules.test.yml
