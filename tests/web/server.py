# SPDX-License-Identifier: MIT
"""server.py - faqd's website connector running beside a test, on a port of its own."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess

import harness as t

ROOMY = {"listen": "127.0.0.1:0", "rate_per_minute": 1000000, "rate_burst": 1000000}
JSON = {"Content-Type": "application/json"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        self.text = body.decode(errors="replace")

    def json(self):
        return json.loads(self.body)


class Server:
    """with Server(origins=[...]) as s: s.ask("...")["outcome"]. Settings go on top of ROOMY."""

    def __init__(self, *args, name="web", config=None, env=None, before=None, **settings):
        self.place = t.here(name)
        os.makedirs(self.place, exist_ok=True)
        self.settings = {**ROOMY, **settings}
        self.args = args
        self.env = {**os.environ, **(env or {})}
        self.before = before or []
        with open(os.path.join(self.place, "faqd.json"), "w", encoding="utf-8") as f:
            json.dump({**(config or {}), "connectors": {"web": self.settings}}, f)

    def __enter__(self):
        with open(self.log_path(), "wb") as err:
            self.process = subprocess.Popen(
                [*self.before, t.FAQD, "run", "-c", os.path.join(self.place, "faqd.json"), *self.args],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err, env=self.env)
        names = ["web_listening"] + (["web_admin"] if "admin" in self.settings else [])
        t.wait_for(lambda: self.process.poll() is not None or all(self.event(n) for n in names), 20,
                   "the server did not start")
        if self.process.poll() is not None:
            raise AssertionError("the server ended at once: " + self.log())
        self.url = self.event("web_listening")
        self.admin = self.event("web_admin")
        self.port = int(self.url.rsplit(":", 1)[1]) if self.url.startswith("http") else None
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def log_path(self):
        return os.path.join(self.place, "log.txt")

    def log(self):
        with open(self.log_path(), "rb") as f:
            return f.read().decode(errors="replace")

    def event(self, name):
        found = re.search(rf": {name}: (\S+)", self.log())
        return found.group(1) if found else None

    def stop(self, seconds=10):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds * t.SLOWER)

    def connect(self, timeout=20):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout * t.SLOWER)

    def request(self, method, path, body=None, headers=None, connection=None):
        own = connection or self.connect()
        own.request(method, path, body, headers or {})
        got = own.getresponse()
        reply = Reply(got.status, got.headers, got.read())
        if not connection:
            own.close()
        return reply

    def get(self, path, headers=None, **more):
        return self.request("GET", path, None, headers, **more)

    def post(self, path, value, headers=None, **more):
        body = value if isinstance(value, (bytes, str)) else json.dumps(value)
        return self.request("POST", path, body, {**JSON, **(headers or {})}, **more)

    def ask(self, text, connection=None, headers=None, **fields):
        reply = self.post("/v1/ask", {"text": text, **fields}, headers, connection=connection)
        t.expect(reply.status, 200, reply.text)
        return reply.json()

    def admin_get(self, path):
        own = http.client.HTTPConnection("127.0.0.1", int(self.admin.rsplit(":", 1)[1]), timeout=20 * t.SLOWER)
        reply = self.request("GET", path, connection=own)
        own.close()
        return reply

    def metrics(self):
        return self.admin_get("/metrics").text

    def rss_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))
