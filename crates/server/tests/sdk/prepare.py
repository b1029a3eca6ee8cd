"""Sets a new gateway up through its admin API, as an operator would, and prints an app token.

prepare.py GATEWAY_URL SIMULATOR_URL ADMIN_PASSWORD
"""

import json
import sys
import urllib.request


def main(gateway, simulator, password):
    def call(method, path, body=None, token=None):
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(gateway + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)["data"]

    login = {"username": "admin", "password": password}
    admin = call("POST", "/api/auth/login", login)["token"]
    provider = call(
        "POST",
        "/api/admin/ai-providers",
        {"providerCode": "simulator", "providerName": "Simulator", "baseUrl": simulator},
        admin,
    )["id"]
    key = call(
        "POST",
        f"/api/admin/ai-providers/{provider}/keys",
        {"keyName": "tests", "apiKey": "sk-simulator"},
        admin,
    )["id"]
    verdict = call("POST", f"/api/admin/ai-providers/keys/{key}/validate", {}, admin)
    assert verdict["isValid"], verdict
    synced = call("POST", f"/api/admin/ai-providers/{provider}/sync-models", {}, admin)
    assert synced["count"] > 0, synced
    print(call("POST", "/api/admin/app-tokens", {"name": "tests"}, admin)["token"])


main(*sys.argv[1:])
