# SPDX-License-Identifier: MIT
"""web_page.py - the page without JavaScript: conversations, refusals, escaping, and the same statements as elsewhere."""
import html
import os
import re
import urllib.parse

import harness as t
from web.server import Server

QUESTIONS = ["combien de séances pour la cellulite ?", "does it hurt?", "quels sont les risques ?", "what can it treat?",
             "combien coûte le botox ?", "bonjour", "my face is swelling after the injection"]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def fields_of(page, form):
    """The hidden fields of the form that holds `form`, and the labels of its choices."""
    inside = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if form in f)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', inside))
    choices = re.findall(r'<button[^>]*name="choice" value="([^"]*)"', inside)
    return {k: html.unescape(v) for k, v in hidden.items()}, [html.unescape(c) for c in choices]


def test_the_page_holds_a_conversation():
    """/chat without JavaScript: a question, a follow-up, a choice, a vote, in both languages and in a frame."""
    with Server(admin="127.0.0.1:0") as s:
        def send(fields):
            reply = s.request("POST", "/chat", urllib.parse.urlencode(fields), FORM)
            t.expect((reply.status, reply.headers["Cache-Control"]), (200, "no-store"))
            return reply.text
        first = s.get("/chat?lang=fr&embed=1").text
        hidden, starters = fields_of(first, 'name="text"')
        t.expect((hidden["lang"], hidden["embed"], len(starters) > 3), ("fr", "1", True))
        page = send({**hidden, "choice": starters[0]})
        t.expect_in("mésothérapie", page)
        t.expect_in('class="embed"', page)
        hidden, _ = fields_of(send({**hidden, "text": "combien de séances ?"}), 'name="text"')
        page = send({**hidden, "text": "et pour la cellulite ?"})
        t.expect_in("12 séances", page)
        vote, _ = fields_of(page, 'name="vote"')
        t.expect(vote["id"], "mesotherapy/session_count/cellulite")
        voted = send({**vote, "vote": "down"})
        t.expect_in('role="status"', voted)
        t.expect(fields_of(voted, 'name="text"')[0]["state"], vote["state"], "the conversation goes on")
        t.expect_in('faqd_votes_total{connector="web",lang="fr",vote="-1"} 1\n', s.metrics())
        late, _ = fields_of(page, 'name="text"')
        t.expect("12 séances" in send({**late, "at": "1000", "text": "et pour la cellulite ?"}), False, "half an hour is over")
        t.expect_in("emergency", send({"text": "my face is swelling after the injection", "lang": "en"}).lower())
        t.expect_in('lang="en"', s.get("/chat", {"Accept-Language": "en-GB, fr;q=0.3"}).text)
        t.expect_in('lang="fr"', s.get("/chat", {"Accept-Language": "de"}).text)


def test_the_page_refuses_kindly():
    with Server() as s:
        def refused(status, body, headers=None):
            reply = s.request("POST", "/chat", body, {**FORM, **(headers or {})})
            t.expect(reply.status, status, reply.text)
            t.expect_in('role="alert"', reply.text)
            t.expect_in("15", reply.text)
        refused(413, "text=" + "a" * 9000)
        refused(400, "text=a", {"Content-Type": "multipart/form-data; boundary=x"})
        refused(400, "&".join(f"a{i}=b" for i in range(20)))
        refused(400, "vote=maybe&id=x&lang=fr")
        refused(422, "vote=up&id=mesotherapy/nothing&lang=fr")
        evil = '"><script>alert(1)</script>'
        for name in ("text", "choice", "state", "lang", "at", "embed", "id"):
            page = s.request("POST", "/chat", urllib.parse.urlencode({"text": "bonjour", name: evil}), FORM).text
            t.expect("<script>alert" in page, False, name)
        page = s.request("POST", "/chat", urllib.parse.urlencode({"vote": "up", "id": "mesotherapy/session_count/cellulite",
                                                                  "lang": "fr", "state": evil, "at": evil}), FORM).text
        t.expect_in("&quot;&gt;&lt;script&gt;", page)
        t.expect("<script>alert" in page, False)
        page = s.request("POST", "/chat", b"text=bonjour&state=%ff%fe&at=%00", FORM)
        t.expect(page.status, 200)
        evil_host = s.request("GET", "/demo", headers={"Host": evil})
        t.expect("<script>alert" in evil_host.text, False)


def statements_of_page(page):
    """The paragraphs and items of the answer on /chat, as plain text."""
    inside = re.search(r'<section class="bot[^>]*>(.*?)</section>', page, re.S).group(1)
    inside = re.sub(r"<h2.*?</h2>", "", inside, flags=re.S)
    inside = re.sub(r'<p class="read".*?</p>', "", inside, flags=re.S)
    inside = re.sub(r"<p>Sources</p>|<ol>.*?</ol>", "", inside, flags=re.S)
    return [html.unescape(re.sub(r"<sup>.*?</sup>|</?\w+[^>]*>", "", part)).strip()
            for part in re.findall(r"<(?:p|li)[ >].*?</(?:p|li)>", re.sub(r"<(p|li)>", r"<\1 >", inside), re.S)]


def test_golden_parity():
    """The same question through stdin, /v1/ask and /chat: the same statements."""
    with open(os.path.join(t.ROOT, "tests", "facts.tsv"), encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f][1:]
    questions = [q for row in rows[::3] for q in (row[3], row[4]) if q] + QUESTIONS
    assert len(questions) > 40, len(questions)
    by_stdin = t.faqd("ask", "--json", input="\n".join(questions) + "\n").objects()
    for question in QUESTIONS:
        chat = t.faqd("chat", "--json", input=question + "\n").objects()[-1]
        t.expect([b["text"] for b in chat["blocks"]],
                 [b["text"] for b in by_stdin[questions.index(question)]["blocks"]], question)
    with Server() as s:
        c = s.connect()
        for question, stdin in zip(questions, by_stdin):
            web = s.ask(question, connection=c)
            blocks = [b["text"] for b in stdin["blocks"]]
            t.expect([b["text"] for b in web["blocks"]], blocks, question)
            form = urllib.parse.urlencode({"text": question})
            page = s.request("POST", "/chat", form, {"Content-Type": "application/x-www-form-urlencoded"}, connection=c)
            t.expect(statements_of_page(page.text), blocks, question)
