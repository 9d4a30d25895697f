# SPDX-License-Identifier: MIT
"""web_api.py - the website's HTTP interface: answers, votes, refusals, files; all as openapi.json describes them."""
import gzip
import json

import harness as t
from web import schema
from web.server import Server

CELLULITE = "combien de séances pour la cellulite ?"
ORIGIN = "https://www.example.org"


def described(doc, method, path, reply):
    """The reply is one that the description knows, with a body of its shape."""
    responses = doc["paths"][path][method.lower()]["responses"]
    assert str(reply.status) in responses, f"{method} {path}: {reply.status} is not described: {reply.text}"
    content = responses[str(reply.status)].get("content")
    if not content:
        t.expect(reply.body, b"", f"{method} {path}")
        return
    kind = reply.headers["Content-Type"].split(";")[0]
    t.expect_in(kind, content, f"{method} {path}")
    if kind.endswith("json"):
        t.expect(schema.errors(doc, content[kind]["schema"], reply.json()), [], f"{method} {path}")


def problem(reply, status, word):
    t.expect((reply.status, reply.headers["Content-Type"]), (status, "application/problem+json"), reply.text)
    got = reply.json()
    t.expect((got["status"], got["problem"]), (status, word), reply.text)
    assert len(got["detail"]) > 15, got
    return got


@t.mark(quick=True, san=True)
def test_answers_and_leans_on_what_was_said():
    with Server() as s:
        first = s.ask("combien de séances ?", lang="fr")
        t.expect(first["outcome"], "answer")
        second = s.ask("et pour la cellulite ?", state=first["state"])
        t.expect(second["id"], "mesotherapy/session_count/cellulite")
        t.expect("question" in second, False)
        late = s.ask("et pour la cellulite ?", state=first["state"], idle=1801)
        assert late["id"] != second["id"], late
        t.expect(s.stop(), 0)


@t.mark(san=True)
def test_as_the_command_line_answers():
    """The same bytes on every channel, but for the question, which is never sent back."""
    questions = [CELLULITE, "does it hurt?", "combien coûte le botox ?", "my face is swelling after the injection", "", "  ",
                 "a" * 5000, "🙂"]
    lines = t.faqd("ask", "--json", input="\n".join(questions) + "\n").objects()
    with Server() as s:
        with_connection = s.connect()
        for question, line in zip(questions, lines):
            del line["question"]
            t.expect(s.ask(question, connection=with_connection), line, question)


@t.mark(san=True)
def test_the_description_holds():
    """Every operation of openapi.json answers as described; every request it does not allow is refused."""
    with Server(origins=[ORIGIN]) as s:
        doc = s.get("/v1/openapi.json").json()
        for path, operations in doc["paths"].items():
            if "get" in operations:
                described(doc, "GET", path, s.get(path))
            if "options" in operations:
                described(doc, "OPTIONS", path, s.request("OPTIONS", path, headers={"Origin": ORIGIN}))
                described(doc, "OPTIONS", path, s.request("OPTIONS", path, headers={"Origin": "https://other.example"}))
        answer = s.ask(CELLULITE)
        right = {"/v1/ask": {"text": CELLULITE, "lang": "fr", "state": answer["state"], "idle": 3},
                 "/v1/feedback": {"id": answer["id"], "lang": "fr", "vote": 1, "was": -1}}
        for path, value in right.items():
            body = doc["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
            t.expect(schema.errors(doc, body, value), [])
            reply = s.post(path, value)
            described(doc, "POST", path, reply)
            assert reply.status in (200, 204), reply.text
            for what, wrong in schema.wrong_values(doc, body, value):
                assert schema.errors(doc, body, wrong), what
                problem(s.post(path, wrong), 400, "field")
                described(doc, "POST", path, s.post(path, wrong))


def test_nothing_undescribed_is_served():
    """What answers is in the description: files and pages are, and nothing hides."""
    with Server() as s:
        doc = s.get("/v1/openapi.json").json()
        for path in ("/", "/v1", "/v1/ask/", "/chat.html", "/demo.html", "/metrics", "/../etc/passwd", "/%2e%2e/", "//chat",
                     "/faq-chat.js.gz", "/openapi.yaml"):
            problem(s.get(path), 404, "not_found")
        for path, operations in doc["paths"].items():
            allowed = {m.upper() for m in operations} | ({"HEAD"} if "get" in operations else set())
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"):
                reply = s.request(method, path, headers={"Content-Length": "0"} if method == "POST" else {})
                t.expect(reply.status == 405, method not in allowed, f"{method} {path}: {reply.status}")
                if reply.status == 405:
                    t.expect(set(reply.headers["Allow"].split(", ")), allowed, path)


@t.mark(quick=True, san=True)
def test_bad_bodies():
    with Server() as s:
        c = s.connect()

        def refused(body, status, word, headers=None):
            problem(s.post("/v1/ask", body, headers, connection=c), status, word)
        refused(b"", 400, "json")
        refused(b"{", 400, "json")
        refused(b"[]", 400, "json")
        refused(b'"text"', 400, "json")
        refused(b"{} {}", 400, "json")
        refused(b'{"text": "a\\u0000b"}', 400, "json")
        refused(b'{"text": "\xff"}', 400, "utf8")
        refused(b'{"text": "\xed\xa0\x80"}', 400, "utf8")
        refused(b'{"text": "a", "text": "b"}', 400, "field")
        refused(b"[" * 8000, 400, "json")
        refused(b'{"a":' * 1000 + b"1" + b"}" * 1000, 400, "field")
        refused(b'{"text":' * 17 + b'"a"' + b"}" * 17, 400, "field")
        refused(json.dumps({f"k{i}": 1 for i in range(700)}).encode(), 400, "field")
        refused(b'{"text": "' + b"a" * 8192 + b'"}', 413, "too_long")
        refused(b'{"text": "a"}', 415, "media_type", {"Content-Type": "text/plain"})
        refused(b'{"text": "a"}', 415, "media_type", {"Content-Type": "application/jsonp"})
        refused(b'{"text": "a"}', 400, "key", {"Idempotency-Key": "a b"})
        refused(b'{"text": "a"}', 400, "key", {"Idempotency-Key": "a" * 65})
        refused(b'{"text": "a"}', 431, "header", {"X-Long": "a" * 8200})
        t.expect(s.post("/v1/ask", {"text": "bonjour"}, {"Content-Type": "Application/JSON; charset=utf-8"},
                        connection=c).status, 200)
        t.expect(s.post("/v1/ask", b'{"text":"' + b"a" * 8181 + b'"}', connection=c).json()["outcome"], "unavailable")
        marks = s.post("/v1/ask", {"text": "o" + "\u0301" * 600}, connection=c)
        t.expect((marks.status, marks.json()["outcome"]), (200, "unknown"))


def test_states_that_are_not_ours_count_as_none():
    with Server() as s:
        plain = s.ask("et pour la cellulite ?")
        for state in ("x", "1;l=fr;a=0;i=nothing", "9" * 600, "1;l=fr\n", "é", "1;l=fr;a=-1;i=session_count", "<script>"):
            t.expect(s.ask("et pour la cellulite ?", state=state), plain, state)


@t.mark(san=True)
def test_votes_and_messages_count_once_a_key():
    with Server("--state-dir", t.here("state"), admin="127.0.0.1:0") as s:
        answer = s.ask(CELLULITE, headers={"Idempotency-Key": "k1"})
        for _ in range(3):
            t.expect(s.ask(CELLULITE, headers={"Idempotency-Key": "k1"}), answer)
        s.ask(CELLULITE, headers={"Idempotency-Key": "k2"})
        vote = {"id": answer["id"], "lang": "fr", "vote": 1}
        for key in ("v1", "v1", "v2"):
            t.expect(s.post("/v1/feedback", vote, {"Idempotency-Key": key}).status, 204)
        t.expect(s.post("/v1/feedback", {**vote, "vote": -1, "was": 1}).status, 204)
        problem(s.post("/v1/feedback", {**vote, "id": "mesotherapy/nothing"}), 422, "answer_id")
        text = s.metrics()
        t.expect_in('faqd_questions_total{connector="web",lang="fr",outcome="answer"} 2\n', text)
        t.expect_in('faqd_votes_total{connector="web",lang="fr",vote="+1"} 1\n', text)
        t.expect_in('faqd_votes_total{connector="web",lang="fr",vote="-1"} 1\n', text)
        t.expect(s.stop(), 0)


@t.mark(quick=True)
def test_origins():
    with Server(origins=[ORIGIN]) as s:
        allowed = s.post("/v1/ask", {"text": "bonjour"}, {"Origin": ORIGIN})
        t.expect((allowed.status, allowed.headers["Access-Control-Allow-Origin"], allowed.headers["Vary"]),
                 (200, ORIGIN, "Origin"))
        t.expect(allowed.headers["Access-Control-Allow-Credentials"], None)
        t.expect(s.post("/v1/ask", {"text": "bonjour"}, {"Origin": s.url}).status, 200, "pages of our own")
        for other in ("https://www.example.org.evil.example", "http://www.example.org", "https://www.example.org:444",
                      "https://WWW.example.org", "null", "", "https://"):
            reply = s.post("/v1/ask", {"text": "bonjour"}, {"Origin": other})
            problem(reply, 403, "origin")
            t.expect(reply.headers["Access-Control-Allow-Origin"], None, other)
            reply = s.get("/v1/welcome", {"Origin": other})
            t.expect((reply.status, reply.headers["Access-Control-Allow-Origin"], reply.headers["Vary"]),
                     (200, None, "Origin"))
        pre = s.request("OPTIONS", "/v1/ask", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
        t.expect((pre.status, pre.headers["Access-Control-Allow-Origin"], pre.headers["Access-Control-Max-Age"]),
                 (204, ORIGIN, "86400"))
        t.expect_in("Idempotency-Key", pre.headers["Access-Control-Allow-Headers"])
        t.expect_in("POST", pre.headers["Access-Control-Allow-Methods"])


def test_headers_of_every_reply():
    with Server(origins=[ORIGIN]) as s:
        for path in ("/chat", "/demo", "/v1/welcome", "/faq-chat.js", "/nothing", "/livez"):
            h = s.get(path).headers
            t.expect((h["X-Content-Type-Options"], h["Referrer-Policy"]), ("nosniff", "no-referrer"), path)
            t.expect(h["Set-Cookie"], None, path)
        t.expect(s.get("/v1/welcome").headers["Cache-Control"], "no-store")
        for path in ("/chat", "/demo"):
            policy = s.get(path).headers["Content-Security-Policy"]
            for part in ("default-src 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
                         f"frame-ancestors 'self' {ORIGIN}"):
                t.expect_in(part, policy, path)
        t.expect("script-src" in s.get("/chat").headers["Content-Security-Policy"], False)


def test_files():
    with Server() as s:
        plain = s.get("/faq-chat.js")
        packed = s.get("/faq-chat.js", {"Accept-Encoding": "br, gzip"})
        t.expect(gzip.decompress(packed.body), plain.body)
        t.expect((packed.headers["Content-Encoding"], plain.headers["Content-Encoding"]), ("gzip", None))
        assert plain.headers["ETag"] != packed.headers["ETag"]
        t.expect(plain.headers["Vary"], "Accept-Encoding")
        t.expect(s.get("/faq-chat.js", {"Accept-Encoding": "gzip;q=0, br"}).headers["Content-Encoding"], None)
        again = s.get("/faq-chat.js", {"If-None-Match": plain.headers["ETag"]})
        t.expect((again.status, again.body, again.headers["ETag"]), (304, b"", plain.headers["ETag"]))
        t.expect(s.get("/faq-chat.js", {"If-None-Match": '"other"'}).status, 200)
        head = s.request("HEAD", "/faq-chat.js")
        t.expect((head.status, head.body, head.headers["Content-Length"]), (200, b"", str(len(plain.body))))
        version = plain.headers["ETag"].strip('"')
        t.expect_in("immutable", s.get(f"/faq-chat.js?v={version}").headers["Cache-Control"])
        t.expect("immutable" in s.get("/faq-chat.js?v=0").headers["Cache-Control"], False)
        t.expect_in(f"faq-chat.js?v={version}", s.get("/demo").text)


@t.mark(quick=True)
def test_settings_are_checked():
    def refused(part, **settings):
        with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
            json.dump({"connectors": {"web": settings}}, f)
        run = t.faqd("run", "-c", t.here("faqd.json"))
        t.expect(run.status, 78, run.err)
        t.expect_in(part, run.err)
    refused("unknown setting \"lisen\": did you mean \"listen\"?", lisen="x")
    refused("unknown setting \"door\"; faqd.json(5)", door="x")
    refused("no place to listen at", listen="8080")
    refused("no place to listen at", listen="127.0.0.1:99999")
    refused("no place to listen at", listen="::1:80")
    refused("1 to 107 bytes", listen="unix:" + "x" * 108)
    refused("systemd.socket", listen="systemd")
    refused("listening at", listen="203.0.113.1:1")
    refused("listening at", listen="unix:" + t.here("no", "such", "folder"))
    refused("setting \"rate_burst\"", rate_burst=0)
    refused("setting \"threads\"", threads=65)
    refused("setting \"origins\"", origins=["https://www.example.org/"])
    refused("setting \"origins\"", origins=["*"])
    refused("setting \"proxies\"", proxies=["10.0.0.1/8"])
    refused("setting \"proxies\"", proxies=["localhost"])
    refused("setting \"sites\"", sites=[{"pack": "a"}])
    refused("setting \"sites\"", sites=[{"pack": "a", "path": "/a/"}])
    refused("there is no pack \"a\"", listen="127.0.0.1:0", sites=[{"pack": "a", "path": "/a"}])
    refused("there is no pack \"a\"", listen="127.0.0.1:0", pack="a")
    refused("setting \"privacy\"", privacy={"fr": "javascript:alert(1)"})
    refused("setting \"privacy\"", privacy={"de": "https://example.org"})
    refused("setting \"demo\"", demo=1)
