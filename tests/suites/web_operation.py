# SPDX-License-Identifier: MIT
"""web_operation.py - the website's connector in service: stopping, reloading, several instances, what it leaves behind."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

import harness as t
from web.server import Server, free_port

QUESTIONS = ["combien de séances pour la cellulite ?", "does it hurt?", "quels sont les risques ?", "what can it treat?",
             "combien coûte le botox ?", "bonjour", "my face is swelling after the injection"]


class Load(threading.Thread):
    """A visitor that asks and asks on one connection, a new one when it was told to close; keeps what went wrong."""

    def __init__(self, server, check, pause=0.0):
        super().__init__(daemon=True)
        self.server, self.check, self.pause = server, check, pause
        self.answered, self.wrong, self.last = 0, [], False
        self.start()

    def run(self):
        while not self.last:
            connection = self.server.connect()
            self.fresh = True  # nothing was answered on it yet
            try:
                connection.connect()
                self.talk(connection)
            except ConnectionRefusedError:
                return  # nobody listens any more
            except (ConnectionError, OSError) as error:
                if self.fresh and not self.last:
                    return  # it waited to be accepted when the socket was closed
                self.wrong.append(repr(error))
                return
            except Exception as error:  # http.client's own, of a reply that broke off
                if not self.fresh:
                    self.wrong.append(repr(error))
                return
            finally:
                connection.close()

    def talk(self, connection):
        for i in range(100000):
            question = QUESTIONS[i % len(QUESTIONS)]
            reply = self.server.post("/v1/ask", {"text": question}, connection=connection)
            if reply.status != 200:
                self.wrong.append(f"{reply.status} {reply.text}")
            else:
                self.check(self, question, reply.json())
            self.fresh = False
            self.answered += 1
            if self.last or reply.headers["Connection"] == "close":
                return
            time.sleep(self.pause)


@t.mark(san=True)
def test_stops_under_load_and_loses_nothing():
    """SIGTERM: every request on an accepted connection is answered, then told that the connection closes."""
    for _ in range(3):
        with Server() as s:
            loads = [Load(s, lambda *_: None) for _ in range(16)]
            t.wait_for(lambda: all(one.answered > 5 for one in loads))
            start = time.monotonic()
            t.expect(s.stop(), 0)
            took = time.monotonic() - start
            for one in loads:
                one.join(20)
            t.expect([w for one in loads for w in one.wrong], [])
            assert took < 3 * t.SLOWER, took


def test_stops_idle_and_with_somebody_waiting():
    with Server() as s:
        start = time.monotonic()
        t.expect(s.stop(), 0)
        assert time.monotonic() - start < 1 * t.SLOWER
    with Server() as s:
        idle, half = s.connect(), socket.create_connection(("127.0.0.1", s.port))
        s.ask("bonjour", connection=idle)
        half.sendall(b'POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{"text":')
        time.sleep(0.2)
        s.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        half.sendall(b'"bonjour"}')
        half.settimeout(5)
        t.expect_in(b" 200 OK", half.recv(65536), "what had begun is finished")
        start = time.monotonic()
        t.expect(s.process.wait(10), 0)
        assert time.monotonic() - start < 3


def test_reload_under_load_mixes_nothing():
    """Each answer is wholly of one version: of two contents that differ in every statement, with the version beside it."""
    pack = t.copy_small()
    other = {}
    for name in os.listdir(pack):
        with open(os.path.join(pack, name), encoding="utf-8") as f:
            other[name] = f.read()

    def write(tag):
        for name, text in other.items():
            value = json.loads(text)
            for statement in value.get("statements", {}).values():
                for lang in ("fr", "en"):
                    if lang in statement:
                        statement[lang] = f"[{tag}] " + statement[lang]
            with open(os.path.join(pack, name), "w", encoding="utf-8") as f:
                json.dump(value, f, ensure_ascii=False)

    seen, lock = {}, threading.Lock()

    def check(load, question, answer):
        tags = set(re.findall(r"\[(A|B)\]", answer["text"]))
        with lock:
            seen.setdefault(answer["version"], set()).update(tags)
        if len(tags) > 1:
            load.wrong.append(f"mixed: {answer['text']}")
    write("A")
    with Server("--pack", pack, "--plugins-dir", t.plugins(), admin="127.0.0.1:0") as s:
        loads = [Load(s, check) for _ in range(6)]
        for i in range(20):
            write("B" if i % 2 == 0 else "A")
            done = s.log().count("reload")
            s.process.send_signal(signal.SIGHUP)
            t.wait_for(lambda done=done: s.log().count("reload") > done)
        for one in loads:
            one.last = True
        for one in loads:
            one.join(20)
        t.expect([w for one in loads for w in one.wrong], [])
        t.expect(s.log().count("reload_failed"), 0, s.log())
        t.expect(sorted(map(sorted, seen.values())), [["A"], ["B"]], "a version is one content")
        t.expect(s.stop(), 0)


def test_ready_and_alive():
    with Server("--pack", t.copy_small(), "--plugins-dir", t.plugins(), admin="127.0.0.1:0") as s:
        for path in ("/livez", "/readyz"):
            t.expect(s.get(path).status, 200)
        t.expect(s.get("/metrics").status, 404, "not for visitors")
        with open(t.here("pack", "lexicon.json"), "w", encoding="utf-8") as f:
            f.write("{")
        s.process.send_signal(signal.SIGHUP)
        t.wait_for(lambda: "reload_failed" in s.log())
        reply = s.get("/readyz")
        t.expect((reply.status, reply.text), (200, "ready\n"), "the content that was there answers on; no details outside")
        inside = s.admin_get("/readyz")
        t.expect_in("degraded: pack", inside.text)
        t.expect_in('faqd_reloads_total{name="small",result="failed"} 1', s.metrics())


def test_metrics_are_openmetrics():
    with Server(admin="127.0.0.1:0") as s:
        for question in QUESTIONS:
            s.ask(question)
        s.get("/nothing")
        reply = s.admin_get("/metrics")
        t.expect(reply.headers["Content-Type"], "application/openmetrics-text; version=1.0.0; charset=utf-8")
        lines = reply.text.splitlines()
        t.expect(lines[-1], "# EOF")
        types, last = {}, None
        for line in lines[:-1]:
            if line.startswith("# TYPE "):
                _, _, last, kind = line.split()
                assert last not in types, f"{last} stands there twice"
                types[last] = kind
            elif not line.startswith("#"):
                found = re.fullmatch(r'([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? (\S+)', line)
                assert found and float(found.group(4)) >= 0, line
                suffix = {"counter": r"_total", "info": r"_info", "histogram": r"_(bucket|sum|count)", "gauge": ""}
                t.expect(bool(re.fullmatch(last + suffix[types[last]], found.group(1))), True, line)
        t.expect_in(f'faqd_web_requests_total{{status="200"}} {len(QUESTIONS)}\n', reply.text)
        t.expect_in('faqd_web_requests_total{status="404"} 1\n', reply.text)
        t.expect_in('faqd_questions_total{connector="web",lang="fr",outcome="unknown"} 1\n', reply.text)
        counts = [int(n) for n in re.findall(r'request_seconds_bucket\{le="[^"]+"\} (\d+)', reply.text)]
        t.expect(counts, sorted(counts))
        t.expect(counts[-1], len(QUESTIONS) + 1)


@contextlib.contextmanager
def behind_nginx(a, b, how=""):
    """A port at which nginx divides requests to /faq/ between two servers."""
    if not shutil.which("nginx"):
        t.skip("nginx is not there")
    place, port = t.here("nginx"), free_port()
    os.mkdir(place)
    with open(os.path.join(place, "nginx.conf"), "w", encoding="ascii") as f:
        temp = " ".join(f"{k}_temp_path {place}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        f.write(f"""daemon off; master_process off; pid {place}/pid; error_log {place}/error.log;
events {{ }}
http {{ access_log off; {temp}
  upstream faqd {{ {how} server 127.0.0.1:{a.port}; server 127.0.0.1:{b.port}; keepalive 4; }}
  server {{ listen 127.0.0.1:{port};
    location /faq/ {{ proxy_pass http://faqd/; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }} }}
""")
    with subprocess.Popen(["nginx", "-p", place, "-c", os.path.join(place, "nginx.conf")], stdin=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as proxy:
        at, a.port = a.port, port
        try:
            def up():
                with contextlib.suppress(OSError):
                    return a.get("/faq/livez").status == 200
                return False
            t.wait_for(up, what="nginx did not start")
            yield
        finally:
            a.port = at
            proxy.kill()


def counted(server):
    """The French answers that it has counted."""
    found = re.search(r'questions_total\{connector="web",lang="fr",outcome="answer"\} (\d+)', server.metrics())
    return int(found.group(1)) if found else 0


def two(**more):
    return (Server(name=name, proxies=["127.0.0.1"], admin="127.0.0.1:0", **more) for name in "ab")


def test_two_instances_behind_nginx():
    """No stickiness, no shared store: requests go to two instances in turn, and a follow-up is understood by the other."""
    one, other = two()
    with one as a, other as b, behind_nginx(a, b):
        for _ in range(6):
            first = a.post("/faq/v1/ask", {"text": "combien de séances ?"}).json()
            second = a.post("/faq/v1/ask", {"text": "et pour la cellulite ?", "state": first["state"]}).json()
            t.expect(second["id"], "mesotherapy/session_count/cellulite")
        t.expect_in('src="faq-chat.js', a.get("/faq/demo").text, "links are relative: a prefix does no harm")
        for each in (a, b):
            assert counted(each) >= 4, "both have answered: " + each.metrics()


def test_repetitions_count_once_with_several_instances():
    """Each instance knows its own keys; a balancer that goes by the key brings a repetition to the one that knows it."""
    one, other = two()
    with one as a, other as b, behind_nginx(a, b, "hash $http_idempotency_key consistent;"):
        for key in range(40):
            for _ in range(3):
                reply = a.post("/faq/v1/ask", {"text": "combien de séances ?"}, {"Idempotency-Key": f"key{key}"})
                t.expect(reply.status, 200)
        t.expect(counted(a) + counted(b), 40)
        assert min(counted(a), counted(b)) > 5, "both have answered"


def test_a_thread_for_each_processor_that_it_may_use():
    def threads(s):
        return len(os.listdir(f"/proc/{s.process.pid}/task"))
    may = sorted(os.sched_getaffinity(0))
    with Server(threads=1) as one, Server(before=["taskset", "-c", str(may[0])]) as pinned, Server() as free:
        for s in (one, pinned, free):
            s.ask("bonjour")  # it runs
        t.wait_for(lambda: threads(pinned) == threads(one))
        t.wait_for(lambda: threads(free) == threads(one) + len(may) - 1)


def test_the_example_serves_the_demonstration():
    with open(os.path.join(t.ROOT, "src", "dist", "faqd-web.json.example"), encoding="utf-8") as f:
        example = json.load(f)
    settings = {**example.pop("connectors")["web"], "listen": "127.0.0.1:0", "admin": "127.0.0.1:0"}
    with Server(config=example, **settings) as s:
        t.expect_in("<faq-chat", s.get("/demo").text)
        t.expect(s.admin_get("/readyz").status, 200)
        t.expect(s.ask("est-ce que ça fait mal ?")["outcome"], "answer")


def test_socket_activation():
    """systemd's socket: handed over as fd 3, left open when we stop, so that nobody is turned away in between."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        for _ in range(2):
            config = t.here("faqd.json")
            with open(config, "w", encoding="utf-8") as f:
                json.dump({"connectors": {"web": {"listen": "systemd:web"}}}, f)
            script = (f"exec 3<&{listening.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web "
                      f"exec {t.FAQD} run -c {config}")
            with subprocess.Popen(["sh", "-c", script], pass_fds=[listening.fileno()], stderr=subprocess.DEVNULL) as one:
                s = Server.__new__(Server)
                s.port = port
                t.expect(s.ask("bonjour")["outcome"], "smalltalk", "it waited in the socket until the server was there")
                one.send_signal(signal.SIGTERM)
                t.expect(one.wait(10), 0)


# ---------------------------------------------------------------------------------------------------- privacy ----
def planted(i):
    """A question as people write them, with what must not be kept: the words that are looked for afterwards."""
    secrets = [f"qxname{i}", f"qx{i}.mail@example.org", f"06{i:08d}", f"{i} rue qxstreet{i}"]
    return f"je m'appelle {secrets[0]}, {secrets[1]}, {secrets[2]}, {secrets[3]} : {QUESTIONS[i % len(QUESTIONS)]}", secrets


@t.mark(limit=120)
def test_nothing_about_a_visitor_is_kept():
    """10,000 questions with names, mails, phones, streets, from many addresses: none is in any file, log or core."""
    state = t.here("state")
    marks = re.compile(rb"qxname\d|qx\d+\.mail|06\d{8}|qxstreet|198\.51\.100\.\d|QxAgent|qxkey", re.I)
    assert all(marks.search(secret.encode()) for secret in planted(7)[1]), "what is planted would be found"
    with Server("--state-dir", state, "--log-level", "debug", proxies=["127.0.0.1"], admin="127.0.0.1:0") as s:
        c = s.connect()
        for i in range(10000):
            text, _ = planted(i)
            headers = {"X-Forwarded-For": f"198.51.100.{i % 250}", "User-Agent": f"QxAgent/{i}", "Idempotency-Key": f"qxkey{i}"}
            if i % 10:
                reply = s.post("/v1/ask", {"text": text}, headers, connection=c)
            elif i % 20:
                form = urllib.parse.urlencode({"text": text, "lang": "fr"})
                reply = s.request("POST", "/chat", form, {**headers, "Content-Type": "application/x-www-form-urlencoded"}, c)
            else:
                reply = s.post("/v1/ask", '{"text": "' + text, headers, connection=c)
            t.expect(reply.status, 400 if i % 20 == 0 else 200)
            assert not marks.search(reply.body), "what was typed is sent back: " + reply.text
        assert not marks.search(s.metrics().encode())
        with open(f"/proc/{s.process.pid}/limits", encoding="ascii") as f:
            t.expect(bool(re.search(r"Max core file size +0 +0", f.read())), True, "no core may be written")
        t.wait_for(lambda: os.path.exists(os.path.join(state, "counters.sqlite")))  # what was counted is written
        s.process.send_signal(signal.SIGABRT)
        s.process.wait()
    looked_at = 0
    for folder, _, files in os.walk(t.here()):
        for name in files:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                continue
            looked_at += 1
            with open(path, "rb") as f:
                found = marks.search(f.read())
            assert not found, f"{path} holds {found.group(0)}"
    assert looked_at >= 3, "state and log should be there"


def test_sites_have_contents_of_their_own():
    """By path, by origin, or else the connector's own: each with its counters."""
    packs = {"mesotherapy": os.path.join(t.ROOT, "intents", "mesotherapy"), "garden": t.SMALL}
    with Server("--plugins-dir", t.plugins(), config={"pack": "mesotherapy", "packs": packs}, admin="127.0.0.1:0",
                sites=[{"path": "/garden", "pack": "garden"}, {"origin": "https://garden.example", "pack": "garden"},
                       {"path": "/garden/meso", "pack": "mesotherapy"}]) as s:
        def pack(path, headers=None):
            reply = s.post(path + "/v1/ask", {"text": "bonjour"}, headers)
            t.expect(reply.status, 200, reply.text)
            t.expect(s.get(path + "/v1/welcome", headers).json()["pack"], reply.json()["pack"])
            return reply.json()["pack"]
        t.expect(pack(""), "mesotherapy")
        t.expect(pack("/garden"), "small")
        t.expect(pack("/garden/meso"), "mesotherapy")
        t.expect(pack("", {"Origin": "https://garden.example"}), "small")
        t.expect(pack("/garden/meso", {"Origin": "https://garden.example"}), "mesotherapy", "the path says it")
        t.expect(s.get("/gardens/chat").status, 404)
        for path in ("/garden/chat", "/garden/faq-chat.js", "/garden/demo"):
            t.expect(s.get(path).status, 200, path)
