"""Sets a new gateway up through its admin API, as an operator would, and prints an app token; and,
a line below, the routes by which every behaviour is to be shown too.

prepare.py GATEWAY_URL SIMULATOR_URL ADMIN_PASSWORD PROVIDER…

Each of the shipped providers named is given the simulator's address, so that the suites meet every
protocol. Beside it there are three, apart so that they spoil nobody else's calls: PROVIDER-refused and
PROVIDER-limited, where each call gets 401 and 429, and PROVIDER-failing, where no call is repeated.

A route `past-FAILURE-to-PROVIDER/MODEL` leads each model of the suites first to a target that fails in
that way, and then to the provider: callers are not to notice.
"""

import json
import sys
import urllib.error
import urllib.request

# What each first target does, by the words that the simulator takes in a key's name, and which protocol
# it speaks, as the second one does. One for each class of failure after which a call goes on elsewhere.
FAILURES = {
    "refused": ("openai", "error-401"),
    "denied": ("anthropic", "error-403"),
    "spent": ("openai", "error-429-quota"),
    "limited": ("gemini", "error-429"),
    "missing": ("anthropic", "error-404"),
    "overloaded": ("anthropic", "error-529"),
    "broken": ("gemini", "error-500"),
    "cut": ("openai", "cut-head"),
    "page": ("gemini", "html"),
    "unreachable": ("anthropic", ""),
    "silent": ("openai", "stall-start"),
    "too-long": ("openai", "error-400-context"),
    "unwanted": ("openai", "error-400-content-policy"),
}
# Nothing listens there.
NOWHERE = "http://127.0.0.1:9/v1"
# The models that the suites ask for, by what their provider's code ends in.
MODELS = {
    "": ["chat", "reason", "cached-3-reason", "embed", "error-400", "error-404"],
    "-failing": [
        "chat", "error-529", "error-first-503", "error-500", "cut-head", "error-first-500",
        "error-middle-500", "cut-middle",
    ],
}


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
        # Unlimited, or else it learns the limits that the simulator's headers tell, and heeds them.
        limits = {"rateLimitRpm": 0, "rateLimitTpm": 0, "rateLimitRpd": 0}
        body = {"keyName": name, "apiKey": key, **limits}
        return call("POST", f"/api/admin/ai-providers/{provider}/keys", body, admin)["id"]

    def add_provider(protocol, base_url, kind, **more):
        code = f"{protocol}-{kind}"
        body = {
            "providerCode": code,
            "providerName": code,
            "protocol": protocol,
            "baseUrl": base_url,
            "maxRetries": 0,
            **more,
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

    def lead_past(failure, protocol, behaviour):
        base_url = simulator + ("/v1beta" if protocol == "gemini" else "/v1")
        # Short, so that nobody waits long for the silent one.
        first = add_provider(
            protocol, base_url if behaviour else NOWHERE, f"first-{failure}", firstTokenTimeoutMs=200
        )
        add_key(first, failure, f"sk-sim-{behaviour}" if behaviour else "sk-nowhere")
        name = f"past-{failure}-to-{protocol}"
        for kind, models in MODELS.items():
            for model in (f"sim-{model}" for model in models):
                targets = [f"{protocol}-first-{failure}", f"{protocol}{kind}"]
                route = {
                    "alias": f"{name}{kind}/{model}",
                    "targets": [{"providerCode": code, "modelCode": model} for code in targets],
                    "fallbackOn": ["failure", "context_too_long", "content_refused"],
                }
                call("POST", "/api/admin/ai-routes", route, admin)
        return name

    routes = [lead_past(name, *first) for name, first in FAILURES.items() if first[0] in providers]
    print(call("POST", "/api/admin/app-tokens", {"name": "tests"}, admin)["token"])
    print(*routes)


main(*sys.argv[1:])
