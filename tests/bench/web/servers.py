# SPDX-License-Identifier: MIT
"""servers.py - the servers that tests/bench/web/run compares, each pinned to processor 0, and the load on them from
processor 1.

Neighbours on the machine are kept away as far as may be: servers and load are put in sessions of their own, and if we are
root those get all the processor time they want (the scheduler divides it by session first: sched(7), autogroup)."""
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.path.dirname(HERE)
ROOT = os.path.dirname(os.path.dirname(BENCH))
PACK = os.path.join(ROOT, "intents", "mesotherapy")
TICK = os.sysconf("SC_CLK_TCK")
SETTINGS = {"listen": "127.0.0.1:0", "threads": 1, "connections": 2000, "connections_per_address": 2000,
            "rate_per_minute": 1000000, "rate_burst": 1000000}

sys.path.insert(0, BENCH)
import scale  # noqa: E402


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def favoured():
    os.setsid()
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w", encoding="ascii") as f:
        f.write("-20")


class Server:
    def __init__(self, name, command, place, port=None):
        self.name = name
        self.log = os.path.join(place, name + ".log")
        with open(self.log, "wb") as err:
            self.process = subprocess.Popen(["taskset", "-c", "0", *command], stderr=err, stdout=subprocess.DEVNULL,
                                            stdin=subprocess.DEVNULL, cwd=ROOT, preexec_fn=favoured)
        self.port = port or self.wait_port()
        self.errors = 0

    def wait_port(self):
        for _ in range(6000):  # nlp.js learns for half a minute
            with open(self.log, encoding="utf-8", errors="replace") as f:
                found = re.search(r"web_listening: http://127.0.0.1:(\d+)", f.read())
            if found:
                return int(found.group(1))
            time.sleep(0.02)
        raise SystemExit(f"{self.name} did not start: see {self.log}")

    def pids(self):
        """It and its children (nginx's worker does the work)."""
        out = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False).stdout
        return [self.process.pid, *map(int, out.split())]

    def cpu(self):
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/stat", encoding="ascii") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def resident(self):
        """MiB: of all, of its own data, of the files that it maps (libraries for the most part)."""
        sums = {"VmRSS": 0, "RssAnon": 0, "RssFile": 0}
        for pid in self.pids():
            with open(f"/proc/{pid}/status", encoding="ascii") as f:
                for name, kib in re.findall(r"(VmRSS|RssAnon|RssFile):\s+(\d+)", f.read()):
                    sums[name] += int(kib) / 1024
        return sums["VmRSS"], sums["RssAnon"], sums["RssFile"]

    def load(self, connections, questions, rate=None):
        """A second of it: requests a second, us of processor time each, ms of the median and of the 99th percentile."""
        before = self.cpu()
        out = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", "-d1s", "-s",
                              os.path.join(HERE, "ask.lua"), f"http://127.0.0.1:{self.port}", "--", questions,
                              *([str(rate)] if rate else [])],
                             capture_output=True, text=True, check=True, preexec_fn=favoured,
                             env={**os.environ, "LC_ALL": "C", **({"WRK_CONNECTIONS": str(connections)} if rate else {})}
                             ).stdout
        per_second, p50, p99, errors, done = map(float, out.splitlines()[-1].split())
        self.errors += int(errors)
        return {"rate": per_second, "cost": (self.cpu() - before) / max(done, 1) * 1e6, "p50": p50 / 1000, "p99": p99 / 1000}

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def nginx(place, size):
    """Answers everything with `size` bytes, and looks at nothing."""
    port = free_port()
    conf = os.path.join(place, "nginx.conf")
    with open(conf, "w", encoding="ascii") as f:
        f.write(f"""worker_processes 1; daemon off; pid {place}/nginx.pid; error_log {place}/nginx.err;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000000; default_type application/json; client_body_temp_path {place}/b;
  proxy_temp_path {place}/p; fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "{'x' * size}"; }} }} }}
""")
    one = Server("nginx", ["nginx", "-c", conf], place, port)
    time.sleep(0.3)
    return one


def canned(build, place, size):
    """Our connector with a host that always says the same: the HTTP stage alone."""
    return Server("canned", [os.path.join(build, "bench", "canned"), os.path.join(build, "plugins", "web.so"),
                             json.dumps(SETTINGS), str(size)], place)


def faqd(build, place):
    conf = os.path.join(place, "faqd.json")
    with open(conf, "w", encoding="utf-8") as f:
        json.dump({"connectors": {"web": SETTINGS}}, f)
    return Server("faqd", [os.path.join(build, "faqd"), "run", "-c", conf], place)


def nlpjs(build, place):
    """The peer, nlp.js behind Node's own http server; None, with a word, if npm cannot bring it."""
    node = scale.install_peers(build)
    port = str(free_port())
    return node and Server("nlp.js", ["node", os.path.join(node, "serve.js"), PACK, os.path.join(node, "web-model.json"), port],
                           place)
