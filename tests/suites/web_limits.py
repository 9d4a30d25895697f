# SPDX-License-Identifier: MIT
"""web_limits.py - what one visitor may take: rates, connections, time, sizes; and whom a proxy speaks for."""
import contextlib
import os
import resource
import socket
import time

import harness as t
from suites import questions
from web.server import Server

ASK = b'POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{"text":"bonjour"}'


def raw(s, source="127.0.0.1"):
    """A connection as bytes; `source` is one of this machine's many addresses 127.x.x.x."""
    one = socket.socket()
    one.settimeout(15 * t.SLOWER)
    one.bind((source, 0))
    one.connect(("127.0.0.1", s.port))
    return one


def answer(one):
    """Status and body of one reply."""
    data = b""
    while b"\r\n\r\n" not in data:
        got = one.recv(65536)
        if not got:
            return None, data
        data += got
    head, body = data.split(b"\r\n\r\n", 1)
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += one.recv(65536)
    return int(head.split()[1]), body


def ended(one, seconds):
    """Seconds until the server ends the connection; fails after `seconds`."""
    start = time.monotonic()
    one.settimeout(seconds * t.SLOWER)
    with contextlib.suppress(ConnectionError):
        while one.recv(65536):
            pass
    return time.monotonic() - start


@t.mark(quick=True, san=True)
def test_rate():
    with Server(rate_per_minute=60, rate_burst=3) as s:
        replies = [s.post("/v1/ask", {"text": "bonjour"}) for _ in range(5)]
        t.expect([r.status for r in replies], [200, 200, 200, 429, 429])
        wait = int(replies[-1].headers["Retry-After"])
        assert 1 <= wait <= 2, wait
        t.expect(replies[-1].json()["problem"], "rate")
        page = s.request("POST", "/chat", "text=bonjour&lang=en", {"Content-Type": "application/x-www-form-urlencoded"})
        t.expect(page.status, 429)
        t.expect_in("/html", page.headers["Content-Type"])
        t.expect(s.get("/faq-chat.js").status, 200, "files are free")
        other = raw(s, "127.0.0.2")
        other.sendall(ASK)
        t.expect(answer(other)[0], 200, "another address has its own")
        time.sleep(1.1 * wait)
        t.expect(s.post("/v1/ask", {"text": "bonjour"}).status, 200, "it fills again")


def test_connections_of_an_address():
    with Server(connections_per_address=4, admin="127.0.0.1:0") as s:
        many = []
        for i in range(8):  # each is taken before the next one comes: made at once, they may be taken in another order
            many.append(raw(s))
            many[i].sendall(ASK)
            status, body = answer(many[i])
            t.expect(status, 200 if i < 4 else 429, str(i))
            if i >= 4:
                t.expect_in(b'"problem":"connections"', body)
                t.expect(many[i].recv(1), b"", "and closed")
        t.wait_for(lambda: "faqd_web_open_connections 5\n" in s.metrics(), what="theirs and ours should be open")
        more = [raw(s) for _ in range(10)]
        t.wait_for(lambda: 'cut_connections_total{reason="crowded"} 0\n' not in s.metrics(), what="none was turned away")
        other = raw(s, "127.0.0.2")
        other.sendall(ASK)
        t.expect(answer(other)[0], 200)
        for one in many + more:
            one.close()

        def again():
            with contextlib.suppress(ConnectionError), contextlib.closing(raw(s)) as one:
                one.sendall(ASK)
                return answer(one)[0] == 200
            return False
        t.wait_for(again, what="an address that has closed its connections gets new ones")


def test_a_full_house_sends_away_who_waits_longest():
    with Server(connections=8, threads=1, connections_per_address=100) as s:
        idle = [raw(s) for _ in range(8)]
        for one in idle:
            one.sendall(ASK)
            t.expect(answer(one)[0], 200)
        for _ in range(20):
            t.expect(s.ask("bonjour")["outcome"], "smalltalk")
        idle[0].settimeout(5)
        t.expect(idle[0].recv(1), b"", "the oldest had to go")


@t.mark(limit=40)
def test_deadlines():
    """A request is whole after 10 s or cut, however busy it is; one that is idle in between may stay."""
    with Server(admin="127.0.0.1:0") as s:
        silent, drip_head, drip_body, later, idle = (raw(s) for _ in range(5))
        for one in (later, idle):
            one.sendall(ASK)
            t.expect(answer(one)[0], 200)
        started = time.monotonic()
        drip_head.sendall(b"POST /v1/ask HTTP/1.1\r\n")
        drip_body.sendall(ASK[:-18].replace(b"18", b"1000"))
        later.sendall(b"POST /v1/a")
        open_ones = {"silent": silent, "head": drip_head, "body": drip_body, "later": later}
        took = {}
        while open_ones and time.monotonic() - started < 15:
            time.sleep(0.5)
            for name, one in list(open_ones.items()):
                try:
                    if name == "head":
                        one.sendall(b"X-A: b\r\n")
                    elif name != "silent":
                        one.sendall(b" ")
                    one.setblocking(False)
                    if one.recv(1) == b"":
                        raise ConnectionResetError
                except BlockingIOError:
                    one.setblocking(True)
                except (ConnectionError, BrokenPipeError):
                    took[name] = time.monotonic() - started
                    del open_ones[name]
        t.expect(sorted(took), ["body", "head", "later", "silent"], "not cut")
        for name, seconds in took.items():
            assert 8 < seconds < 10.9, (name, seconds)
        idle.sendall(ASK)
        t.expect(answer(idle)[0], 200, "idle for ten seconds is no offence")
        t.expect_in('cut_connections_total{reason="deadline"} 4\n', s.metrics())


def test_sizes():
    with Server() as s:
        for head in (b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                     b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"):
            one = raw(s)
            one.sendall(head)
            t.expect(answer(one)[0], 411 if b"chunked" in head else 413)
            ended(one, 5)
        one = raw(s)
        one.sendall(b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer(one)[0] in (414, 431)
        one = raw(s)
        one.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"a" * 100000)
        t.expect(answer(one)[0], 413)
        one.sendall(ASK)
        t.expect(answer(one)[0], 200, "a body that is refused is swallowed; the next request is read")
        for broken in (b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET / HTTP/9\r\n\r\n",
                       b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                       b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\nab"):
            one = raw(s)
            one.sendall(broken)
            status, _ = answer(one)
            assert status is None or 400 <= status < 600, (broken, status)
            t.expect(s.ask("bonjour")["outcome"], "smalltalk")


@t.mark(quick=True)
def test_whom_a_proxy_speaks_for():
    def statuses(s, header, values):
        return [s.post("/v1/ask", {"text": "bonjour"}, {header: v} if v else {}).status for v in values]
    with Server(rate_per_minute=1, rate_burst=1, proxies=["127.0.0.1", "10.0.0.0/8"]) as s:
        t.expect(statuses(s, "X-Forwarded-For", ["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.9, 192.0.2.1"]),
                 [200, 429, 200, 429])
        t.expect(statuses(s, "X-Forwarded-For", ["1.2.3.4, 192.0.2.3, 10.1.2.3", "4.3.2.1, 192.0.2.3", "192.0.2.3:99"]),
                 [200, 429, 429], "proxies behind each other")
        t.expect(statuses(s, "Forwarded", ['for="[2001:db8::1]:80";proto=https', "For=2001:db8::2",
                                      'proto=http;for="[2001:db8:0:1::1]"']),
                 [200, 429, 200], "one household of IPv6")
        t.expect(statuses(s, "Forwarded", ["for=unknown", "for=_hidden", "", "nonsense"]), [200] * 4,
                 "who is not named has no bucket: the proxy is trusted")
    with Server(rate_per_minute=1, rate_burst=1) as s:
        t.expect(statuses(s, "X-Forwarded-For", ["192.0.2.1", "192.0.2.2"]), [200, 429], "nobody trusts this one")


def test_a_unix_socket():
    path = t.here("web.sock")
    with Server(listen="unix:" + path, proxies=["unix"], rate_burst=1, rate_per_minute=1) as s:
        def ask(visitor):
            one = socket.socket(socket.AF_UNIX)
            one.settimeout(10)
            one.connect(path)
            one.sendall(ASK.replace(b"Host: x", b"Host: x\r\nX-Forwarded-For: " + visitor))
            return answer(one)[0]
        t.expect([ask(b"192.0.2.1"), ask(b"192.0.2.1"), ask(b"192.0.2.2")], [200, 429, 200])
        s.process.kill()
        s.process.wait()
    with Server(listen="unix:" + path) as s:  # the socket that was left behind is replaced
        t.expect_in("web_proxy", s.log())
        t.expect(s.stop(), 0)
    t.expect(os.path.exists(path), False)


@t.mark(limit=90, alone=True)
def test_slow_and_many():
    """500 dripping connections, from many addresses and from one, 200 idle ones, and 10,000 that come and go; honest
    visitors are served, and the memory comes back."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with Server(admin="127.0.0.1:0") as s:
        honest = s.connect()
        for _ in range(200):
            s.ask("combien de séances pour la cellulite ?", connection=honest)
        before = s.rss_kib()
        idle = [raw(s, f"127.3.{i // 20}.1") for i in range(200)]
        drips = [raw(s, f"127.1.{i // 20}.1") for i in range(300)] + [raw(s, "127.1.99.1") for _ in range(200)]
        for one in drips:
            one.setblocking(False)
            with contextlib.suppress(OSError):  # one address gets no 200 connections
                one.send(b"POST /v1/ask HTTP/1.1\r\nHost: x\r\n")
        times, at, last_drip = [], 0, time.monotonic()
        start = last_drip
        while at < 10000 or time.monotonic() - start < 11:
            for _ in range(50 if at < 10000 else 0):
                raw(s, f"127.2.{at % 250}.1").close()
                at += 1
            asked = time.monotonic()
            s.ask("quels sont les risques ?", connection=honest)
            times.append(time.monotonic() - asked)
            if time.monotonic() - last_drip > 1:
                last_drip = time.monotonic()
                for one in drips:
                    with contextlib.suppress(OSError):
                        one.send(b"X: y\r\n")
            if at >= 10000:
                time.sleep(0.02)
        alive = 0
        for one in drips:
            with contextlib.suppress(ConnectionError):
                try:
                    alive += one.recv(1) != b""
                except BlockingIOError:
                    alive += 1
            one.close()
        for one in idle:
            one.close()
        t.expect(alive, 0, "dripping connections that live on")
        times.sort()
        assert times[len(times) * 99 // 100] < 0.1, times[-20:]
        t.wait_for(lambda: "faqd_web_open_connections 2\n" in s.metrics())
        assert s.rss_kib() - before < 8192, (before, s.rss_kib())
        t.expect(s.stop(), 0)


def test_large_bodies_take_little_memory():
    with Server(connections_per_address=100) as s:
        def send(size, times):
            many = [raw(s) for _ in range(times)]
            for one in many:
                one.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size + b"a" * (size - 1))
            grown = s.rss_kib()
            for one in many:
                one.sendall(b"a")
                t.expect(answer(one)[0], 413)
                one.close()
            return grown
        send(200000, 2)
        before = s.rss_kib()
        t.expect(send(200000, 50) - before < 50 * 64, True, "64 KiB for each are more than enough")


@t.mark(limit=60)
def test_memory_in_use():
    """A thousand questions of all kinds of people by 64 connections, counted and written: under 16 MiB, with the image
    that came with the program, where the pack had to be read, and with what that start has left in the cache."""
    asked = [row["question"] for name in ("visitors_f", "visitors_j", "visitors_o")
             for file in ("in_scope.tsv", "off_topic.tsv") for row in questions.load(name, file)][:1000]
    t.expect(len(asked), 1000)
    edited = t.edited_pack()
    for pack in ("mesotherapy", edited, edited):
        with Server("--pack", pack, "--state-dir", t.here("state"), connections_per_address=100) as s:
            many = [s.connect() for _ in range(64)]
            for i, text in enumerate(asked):
                s.ask(text, connection=many[i % len(many)])
            t.wait_for(lambda: os.path.exists(t.here("state", "counters.sqlite")), what="the counts were not written")
            print(f"{s.rss_kib()} KiB resident")
            assert s.rss_kib() < 16 * 1024, s.rss_kib()
            t.expect(s.stop(), 0)


def test_a_thousand_idle_connections():
    """As many as there may be, more than the library's 128 events at once; none stalls, and all fit into 40 MB. Once they
    have gone, so has what they took."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with Server(connections=1024) as s:
        bare = s.rss_kib()
        for crowd in (128, 256, 1000):
            many = [raw(s, f"127.3.{i // 20}.1") for i in range(crowd)]
            for _ in range(3):
                for one in many:
                    one.sendall(ASK)
                for one in many:
                    t.expect(answer(one)[0], 200)
            grown = s.rss_kib()
            for one in many:
                one.close()
        assert grown < 40 * 1024 and grown - bare < 22 * 1024, (bare, grown)
        t.wait_for(lambda: s.rss_kib() - bare < 8 * 1024, what="memory does not come back")


def test_few_file_descriptors():
    """At the limit of open files the server makes room instead of refusing everybody."""
    with Server(threads=1, connections_per_address=500, before=["prlimit", "--nofile=40"]) as s:
        crowd = [raw(s) for _ in range(60)]
        for _ in range(5):
            t.expect(s.ask("bonjour")["outcome"], "smalltalk")
        for one in crowd:
            one.close()
        t.expect(s.stop(), 0)
