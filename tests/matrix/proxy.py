# SPDX-License-Identifier: MIT
"""proxy.py - a proxy on loopback before a real homeserver, with faults to order: for what the server will not do by
itself. It runs in threads of the test; what passes is in .log.

    with Proxy(server.base) as proxy:
        proxy.fault("PUT .*/send/", "lose", times=2)

A fault meets the requests whose "METHOD path?query" it matches (a regular expression), `times` times, each with the
probability `chance`; the first that fits counts. What it does:

    status    answers itself: status, body (bytes, str or JSON), headers
    delay     waits `seconds`, then passes on
    hang      never answers, for `seconds`
    reset     breaks the connection, nothing is passed on
    lose      passes on, then breaks the connection without an answer: done, and the client does not know
    cut       passes on, then breaks the connection in the middle of the body
    late      passes on, then waits `seconds` before it answers
    slow      passes on, then waits `seconds` and answers at `rate` bytes a second
    garble    passes on, answers with `body` instead (bytes, str, JSON, or a function of the real one)
    replay    answers what the last request of this kind was answered
    bomb      answers `size` bytes of blanks, compressed if `gzip`
"""
import gzip
import http.client
import http.server
import json
import random
import re
import select
import socket
import ssl
import struct
import threading
import time
import urllib.parse

HOP = {"content-length", "transfer-encoding", "connection", "date", "server", "keep-alive"}


def as_bytes(body):
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def unpacked(response, data):
    return gzip.decompress(data) if response.getheader("Content-Encoding") == "gzip" and data else data


class Passed(dict):
    """A request that came by: at, method, path, headers, body, fault; of its answer status, answer (the server's body,
    not compressed) and done, when it had left. A field that is not there is None."""
    __getattr__ = dict.get


class Proxy:
    def __init__(self, upstream, port=0, seed=1, certificate=None):
        self.upstream = urllib.parse.urlsplit(upstream)
        self.lock = threading.Lock()
        self.faults, self.log = [], []
        self.last = {}  # the last answers, for replay
        self.connections = 0
        self.refusing = False
        self.random = random.Random(seed)
        self.server = Listener(("127.0.0.1", port), Handler)
        self.server.proxy = self
        self.port = self.server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.base = f"{'https' if certificate else 'http'}://{self.host}"
        if certificate:  # a file with key and certificates
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, failed, *_):
        self.server.shutdown()
        self.server.server_close()
        if failed:
            print(self.told())

    def told(self):
        """The last requests, a line each: when, what, which fault, the status, and when its answer had left."""
        with self.lock:
            last = self.log[-20:]
        end = time.monotonic()
        return "\n".join(f"{p.at - end:8.3f} {p.method} {p.path[:80]} {p.fault} {p.status} "
                         f"{f'{p.done - end:.3f}' if p.done else 'no answer'}" for p in last)

    def to(self, upstream):
        """From now on another server stands behind."""
        self.upstream = urllib.parse.urlsplit(upstream)

    # ---- faults
    def fault(self, match, do, times=1, chance=1.0, **more):
        with self.lock:
            self.faults.append({"match": re.compile(match), "do": do, "times": times, "chance": chance, **more})

    def heal(self):
        self.refusing = False
        with self.lock:
            self.faults.clear()

    def refuse(self):
        """As if nobody listened: every connection, new or old, is broken at once. They are counted."""
        self.refusing = True

    def take(self, what):
        with self.lock:
            for fault in self.faults:
                if fault["times"] > 0 and fault["match"].search(what) and self.random.random() < fault["chance"]:
                    fault["times"] -= 1
                    return fault
        return None

    # ---- what passed
    def seen(self, match, since=0):
        """The requests that match, of those at or after `since` (time.monotonic())."""
        with self.lock:
            return [p for p in self.log if p["at"] >= since and re.search(match, f"{p['method']} {p['path']}")]

    def wait(self, match, count=1, seconds=20):
        """Wait until `count` such requests were answered."""
        end = time.monotonic() + seconds
        while True:
            found = [p for p in self.seen(match) if p.done]
            if len(found) >= count:
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} of {count} requests {match!r} in {seconds} s")
            time.sleep(0.01)


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, *_):
        """A connection that broke is what this program is for."""

    def verify_request(self, request, _):
        self.proxy.connections += 1
        return True

    def process_request(self, request, client_address):
        if self.proxy.refusing:
            break_off(request)
            request.close()
            return
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().process_request(request, client_address)


def break_off(connection):
    """So that the other side gets a reset, not an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # headers and body in one segment
    upstream = None

    def log_message(self, *_):
        pass

    def version_string(self):
        return "proxy of the tests"

    def finish(self):
        if self.upstream:
            self.upstream.close()
        super().finish()

    def one(self):
        proxy = self.server.proxy
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if proxy.refusing:
            self.broken()
            return
        what = f"{self.command} {self.path}"
        fault = proxy.take(what) or {"do": "pass"}
        passed = Passed(at=time.monotonic(), method=self.command, path=self.path, headers=dict(self.headers), body=body,
                        fault=fault["do"])
        with proxy.lock:
            proxy.log.append(passed)
        getattr(self, "do_" + fault["do"])(fault, body, passed)
        self.wfile.flush()
        passed["done"] = time.monotonic()

    do_GET = do_PUT = do_POST = do_DELETE = do_OPTIONS = one

    def pass_on(self, body, passed):
        """What the real server answers: status, headers, body, and the body unpacked; None if the client has left."""
        proxy = self.server.proxy
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        for attempt in (1, 2):
            if not self.upstream:
                self.upstream = http.client.HTTPConnection(proxy.upstream.netloc, timeout=300)
            try:
                self.upstream.request(self.command, self.path, body or None, headers)
                if self.gone():
                    return None
                response = self.upstream.getresponse()
                data = response.read()
                break
            except (OSError, http.client.HTTPException):
                self.upstream.close()
                self.upstream = None
                if attempt == 2 or self.command == "GET":
                    raise
        passed["status"] = response.status
        passed["answer"] = unpacked(response, data)
        headers = [(k, v) for k, v in response.getheaders() if k.lower() not in HOP]
        return response.status, headers, data, passed["answer"]

    def gone(self):
        """Wait for the real server; true if the client has left or is to be left in the meantime."""
        proxy = self.server.proxy
        while not proxy.refusing:
            if select.select([self.upstream.sock], [], [], 0.1)[0]:
                return False
            if self.hung_up():
                break
        self.upstream.close()
        self.upstream = None
        self.broken()
        return True

    def hung_up(self):
        """The client has closed the connection. Under TLS that is not to be seen without reading."""
        if isinstance(self.connection, ssl.SSLSocket):
            return False
        return bool(select.select([self.connection], [], [], 0)[0]) and not self.connection.recv(1, socket.MSG_PEEK)

    def head(self, status, headers, length):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def answer(self, status, headers, data):
        self.head(status, headers, len(data))
        self.wfile.write(data)

    def broken(self):
        break_off(self.connection)
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()

    # ---- one function a fault
    def do_pass(self, _, body, passed):
        found = self.pass_on(body, passed)
        if found:
            self.server.proxy.last[self.kind()] = found[:3]
            self.answer(*found[:3])

    def kind(self):
        return self.command + self.path.split("?")[0]

    def do_status(self, fault, _, passed):
        passed["status"] = fault["status"]
        headers = {"Content-Type": "application/json", **fault.get("headers", {})}
        self.answer(fault["status"], headers.items(), as_bytes(fault.get("body", {})))

    def do_delay(self, fault, body, passed):
        time.sleep(fault["seconds"])
        self.do_pass(fault, body, passed)

    def do_hang(self, fault, _, __):
        end = time.monotonic() + fault.get("seconds", 3600)
        while time.monotonic() < end:
            time.sleep(0.1)
            if self.hung_up():
                break
        self.close_connection = True

    def do_reset(self, *_):
        self.broken()

    def do_lose(self, _, body, passed):
        if self.pass_on(body, passed):
            self.broken()

    def do_cut(self, _, body, passed):
        found = self.pass_on(body, passed)
        if found:
            status, headers, data, _ = found
            self.head(status, headers, len(data))
            self.wfile.write(data[:len(data) // 2])
            self.wfile.flush()
            self.broken()

    def do_late(self, fault, body, passed):
        found = self.pass_on(body, passed)
        if found:
            time.sleep(fault["seconds"])
            self.answer(*found[:3])

    def do_slow(self, fault, body, passed):
        found = self.pass_on(body, passed)
        if found:
            status, headers, data, _ = found
            piece = fault["rate"] // 10
            time.sleep(fault["seconds"])
            self.head(status, headers, len(data))
            for at in range(0, len(data), piece):
                self.wfile.write(data[at:at + piece])
                self.wfile.flush()
                time.sleep(0.1)

    def do_garble(self, fault, body, passed):
        found = self.pass_on(body, passed)
        if found:
            status, headers, _, data = found
            new = fault.get("body", "this is not JSON")
            if callable(new):
                new = new(data)
            headers = [(k, v) for k, v in headers if k.lower() != "content-encoding"]
            self.answer(fault.get("status", status), headers, as_bytes(new))

    def do_replay(self, fault, body, passed):
        found = self.server.proxy.last.get(self.kind())
        if not found:
            self.do_pass(fault, body, passed)
        else:
            self.answer(*found)

    def do_bomb(self, fault, _, passed):
        passed["status"] = 200
        size, block = fault["size"], b" " * (1 << 20)
        kind = ("Content-Type", "application/json")
        if fault.get("gzip"):
            data = gzip.compress(block, 9) * (size >> 20)  # members one after another are one stream
            self.answer(200, [kind, ("Content-Encoding", "gzip")], data)
            return
        self.head(200, [kind], size)
        for _ in range(size >> 20):
            self.wfile.write(block)
