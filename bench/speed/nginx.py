"""nginx twice: as the upstream that is as fast as can be, and as the plain proxy that is the measure."""

import os
import subprocess
from pathlib import Path

from programs import free_port, is_open, stop, wait_until

from . import fixtures

# What both have. A connection is used for ever, as between a gateway and a provider.
COMMON = """daemon off; worker_processes auto; worker_rlimit_nofile {files}; pid {name}.pid; error_log {name}.log;
events {{ worker_connections {connections}; }}
http {{
  access_log off; default_type application/json; server_tokens off;
  keepalive_requests 1000000000; keepalive_timeout 600s; tcp_nodelay on; client_body_buffer_size 64k;
  client_body_temp_path {name}-1; proxy_temp_path {name}-2; fastcgi_temp_path {name}-3; scgi_temp_path {name}-4;
  uwsgi_temp_path {name}-5;
{servers}
}}
"""

UPSTREAM = """  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location /json/ {{ return 200 '{answer}'; }}
    # A file is not posted to, so the answer is said to be that of the error. Server-side includes, of which it has
    # none, let it be sent in chunks, as a provider's stream is.
    location /sse/ {{ error_page 405 =200 /stream.sse; return 405; }}
    location = /stream.sse {{
      internal; root .; types {{}} default_type text/event-stream; ssi on; ssi_types *; open_file_cache max=10;
    }}
    location ~ /models$ {{ return 200 '{{"object":"list","data":[]}}'; }}
  }}"""

PROXY = """  upstream canned {{
    server 127.0.0.1:{canned}; keepalive 512; keepalive_requests 1000000000; keepalive_timeout 600s;
  }}
  upstream provider {{
    server 127.0.0.1:{provider}; keepalive 1024; keepalive_requests 1000000000; keepalive_timeout 600s;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    proxy_http_version 1.1; proxy_set_header Connection ""; proxy_read_timeout 120s;
    location /json/ {{ proxy_pass http://canned; }}
    location /sse/ {{ proxy_pass http://canned; proxy_buffering off; }}
    location / {{ proxy_pass http://provider; proxy_buffering off; }}
  }}"""


class Nginx:
    """A running nginx with one server."""

    def __init__(self, folder, name, server, **values):
        self.port = free_port()
        files = os.sysconf("SC_OPEN_MAX")
        servers = server.format(port=self.port, **values)
        text = COMMON.format(name=name, files=files, connections=min(files - 100, 20000), servers=servers)
        if os.geteuid() == 0:
            # Root's workers would be another user's, who cannot see the folder.
            text = "user root;\n" + text
        config = folder / f"{name}.conf"
        config.write_text(text)
        log = open(folder / f"{name}.out", "w")
        command = ["nginx", "-p", str(folder), "-c", str(config), "-e", f"{name}.log"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(lambda: is_open(self.port) or self.ended(folder / f"{name}.out"), 30, f"nginx does not start: {config}")

    def ended(self, log):
        if self.process.poll() is not None:
            raise SystemExit(f"nginx ended by itself: {log.read_text()}")
        return False

    @property
    def pids(self):
        """Its workers."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def stop(self):
        stop(self.process)


def upstream(folder):
    """Answers with the fixtures at once."""
    (folder / "stream.sse").write_text(fixtures.events())
    return Nginx(folder, "upstream", UPSTREAM, answer=fixtures.answer())


def proxy(folder, canned, provider):
    """Forwards to that one, and to the provider that takes its time."""
    return Nginx(folder, "proxy", PROXY, canned=canned, provider=provider)
