"""Everything that takes part, started and set up."""

import resource
import subprocess
from contextlib import ExitStack

from programs import Database, Gateway, free_port, is_open, say, stop, wait_until

from . import fixtures, nginx
from .mariadb import MariaDb

KEYS = 4
# High enough never to be reached, and there, so that they are counted.
LIMITS = {"rateLimitRpm": 1 << 32, "rateLimitTpm": 1 << 40, "rateLimitRpd": 1 << 40, "maxConcurrent": 1 << 20}
BUDGET = 1_000_000


class Stage:
    """A database, an upstream as fast as can be, a provider that takes its time, nginx, and a gateway."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        self.stack = ExitStack()

    def __enter__(self):
        try:
            self.raise_limit_of_files()
            self.write_fixtures()
            self.mariadb = MariaDb(self.subfolder("mariadb"))
            self.stack.callback(self.mariadb.stop)
            web = self.subfolder("nginx")
            self.upstream = nginx.upstream(web)
            self.stack.callback(self.upstream.stop)
            self.provider_port = self.start_provider()
            self.nginx = nginx.proxy(web, self.upstream.port, self.provider_port)
            self.stack.callback(self.nginx.stop)
            self.gateway = Gateway(self.binaries, self.subfolder("gateway"), Database(self.mariadb.url))
            self.stack.callback(self.gateway.stop)
            self.gateway.start()
            self.token = self.set_up()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_):
        self.stack.close()

    def subfolder(self, name):
        folder = self.folder / name
        folder.mkdir()
        return folder

    @staticmethod
    def raise_limit_of_files():
        """5,000 streams are 10,000 descriptors of a proxy; what is started inherits the limit."""
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        if wanted < 12000:
            say(f"only {wanted} files may be open at a time: 5,000 streams will not fit (ulimit -Hn)")

    def write_fixtures(self):
        for kind in fixtures.KINDS:
            (self.folder / f"{kind}.json").write_text(fixtures.request(kind))
        (self.folder / "answer.json").write_text(fixtures.answer())
        (self.folder / "stream.sse").write_text(fixtures.events())

    def start_provider(self):
        port = free_port()
        command = [self.binaries / "tollgate-bench-load", "upstream", "--port", str(port),
                   "--answer", self.folder / "answer.json", "--stream", self.folder / "stream.sse"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self.stack.callback(stop, process)
        wait_until(lambda: is_open(port), 30, "the provider does not start")
        return port

    def set_up(self):
        """For each kind a provider with four keys, a priced model, and a route of its own; and a token for all."""
        for kind in fixtures.KINDS:
            base_url = self.address("direct", kind).removesuffix("/chat/completions")
            self.add_provider(f"bench-{kind}-provider", base_url, KEYS)
            targets = [{"providerCode": f"bench-{kind}-provider", "modelCode": fixtures.MODEL}]
            self.gateway.send("POST", "/api/admin/ai-routes", {"alias": f"bench-{kind}", "targets": targets})
        body = {"name": "bench", "budgetUsd": BUDGET, "budgetPeriod": "month", **LIMITS}
        return self.gateway.send("POST", "/api/admin/app-tokens", body)["data"]["token"]

    def add_provider(self, code, base_url, keys, strategy="round_robin"):
        send = self.gateway.send
        body = {"providerCode": code, "providerName": code, "protocol": "openai", "baseUrl": base_url,
                "lbStrategy": strategy}
        provider = send("POST", "/api/admin/ai-providers", body)["data"]["id"]
        for nth in range(keys):
            key = {"keyName": f"key {nth}", "apiKey": f"sk-bench-{code}-{nth:04}", **LIMITS}
            send("POST", f"/api/admin/ai-providers/{provider}/keys", key)
        model = {"providerId": provider, "modelCode": fixtures.MODEL, "maxOutputTokens": 16384,
                 "costPer1kPromptTokens": 0.00015, "costPer1kCompletionTokens": 0.0006}
        send("POST", "/api/admin/ai-models", model)
        return provider

    def address(self, who, kind):
        """Where `direct`, `nginx` or `tollgate` is asked for this kind."""
        if who == "tollgate":
            return f"http://127.0.0.1:{self.gateway.port}/v1/chat/completions"
        canned = kind in ("chat", "stream")
        direct = self.upstream.port if canned else self.provider_port
        return f"http://127.0.0.1:{self.nginx.port if who == 'nginx' else direct}{fixtures.path(kind)}"

    def load(self, how, who, kind, **flags):
        """The command of a load."""
        command = [str(self.binaries / "tollgate-bench-load"), how, "--url", self.address(who, kind),
                   "--body", str(self.folder / f"{kind}.json")]
        if fixtures.KINDS[kind][1]:
            command.append("--stream")
        if who == "tollgate":
            command += ["--token", self.token]
        for name, value in flags.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        return command

    def pids(self, who):
        """The processes whose time and memory are `who`'s."""
        return {"direct": [], "nginx": self.nginx.pids, "tollgate": [self.gateway.pid]}[who]

