"""Sets a new gateway up through its admin API, as an operator would, and prints an app token.

prepare.py GATEWAY_URL SIMULATOR_URL ADMIN_PASSWORD PROVIDER…

Each of the shipped providers named is given the simulator's address, so that the suites meet every
protocol. Beside it there are three, apart so that they spoil nobody else's calls: PROVIDER-refused and
PROVIDER-limited, where each call gets 401 and 429, and PROVIDER-failing, where no call is repeated.
"""

import json
import sys
import urllib.error
import urllib.request

def main(gateway, simulator, password, *providers):
    def call(method, path, body=None, token=None):
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(gateway + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    login = {"username": "admin", "password": password}
    admin = call("POST", "/api/auth/login", login)["token"]
    shipped = call("GET", "/api/admin/ai-providers?pageSize=100", None, admin)
    ids = {row["providerCode"]: row["id"] for row in shipped}

    def add_key(provider, name, key):
        body = {"keyName": name, "apiKey": key}
        return call("POST", f"/api/admin/ai-providers/{provider}/keys", body, admin)["id"]

    def add_provider(protocol, base_url, kind):
        code = f"{protocol}-{kind}"
        body = {
            "providerCode": code,
            "providerName": code,
            "protocol": protocol,
            "baseUrl": base_url,
            "maxRetries": 0,
        }
        return call("POST", "/api/admin/ai-providers", body, admin)["id"]

    for protocol in providers:
        base_url = simulator + ("/v1beta" if protocol == "gemini" else "/v1")
        provider = ids[protocol]
        call("PUT", f"/api/admin/ai-providers/{provider}", {"baseUrl": base_url}, admin)
        key = add_key(provider, "tests", "sk-for-the-tests")
        verdict = call("POST", f"/api/admin/ai-providers/keys/{key}/validate", {}, admin)
        assert verdict["isValid"], verdict
        synced = call("POST", f"/api/admin/ai-providers/{provider}/sync-models", {}, admin)
        assert synced["count"] > 0, synced

        add_key(add_provider(protocol, base_url, "refused"), "refused", "sk-sim-error-401")
        add_key(add_provider(protocol, base_url, "limited"), "limited", "sk-sim-error-429")
        add_key(add_provider(protocol, base_url, "failing"), "failing", "sk-for-failures")

    print(call("POST", "/api/admin/app-tokens", {"name": "tests"}, admin)["token"])


main(*sys.argv[1:])
