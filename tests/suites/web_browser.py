# SPDX-License-Identifier: MIT
"""web_browser.py - the widget and the pages in Chromium (tests/web/*.mjs), their size, their source, their Lighthouse figures."""
import gzip
import json
import os
import re
import shutil
import socket
import statistics
import subprocess

import harness as t
from web import tools
from web.server import Server

ASSETS = os.path.join(t.ROOT, "plugins", "web", "assets")
GOAL, LIMIT = 6 * 1024, 8 * 1024
PRIVACY = {"fr": "https://example.org/confidentialite", "en": "https://example.org/privacy"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def in_browser(file):
    """A test that runs one file of tests/web against a server of its own."""
    @t.mark(limit=240)
    def run():
        node, chromium, modules = tools.node(), tools.chromium(), tools.modules()
        port = free_port()
        with Server(origins=[f"http://127.0.0.1:{port}"], privacy=PRIVACY, demo=True) as s:
            env = {**os.environ, "FAQD_URL": s.url, "SITE_PORT": str(port), "TOOLS": modules, "CHROMIUM": chromium}
            done = subprocess.run([node, "run.mjs", os.path.join(tools.HERE, file)], cwd=tools.HERE, env=env,
                                  capture_output=True, text=True, check=False)
            print(done.stdout + done.stderr + s.log())
            t.expect(done.returncode, 0)
    return run


def tests():
    for file in sorted(os.listdir(tools.HERE)):
        if file.endswith(".mjs") and file not in ("browser.mjs", "run.mjs"):
            yield file[:-len(".mjs")], in_browser(file)


@t.mark(quick=True)
def test_size():
    """What a visitor's browser loads: under the goal as esbuild leaves it, under the limit without esbuild."""
    with Server() as s:
        sent = s.get("/faq-chat.js", {"Accept-Encoding": "gzip"})
        t.expect(sent.headers["Content-Encoding"], "gzip")
        goal = GOAL if shutil.which("esbuild") else LIMIT
        t.expect(len(sent.body) <= goal, True, f"{len(sent.body)} bytes, {goal} wanted")
        t.expect("charset=utf-8" in sent.headers["Content-Type"], True, "a page in another charset must not change the texts")
        # Nothing but what this repository holds goes into it, and nothing is loaded later.
        for word in (b"import(", b"importScripts", b"sourceMappingURL", b"http://", b"cdn"):
            t.expect(word in gzip.decompress(sent.body).replace(b"http://www.w3.org/2000/svg", b""), False, word)
    env = {**os.environ, "PATH": t.here("path")}
    os.mkdir(t.here("path"))
    for program in ("sed", "gzip", "sh", "cat", "wc", "basename", "dirname", "mkdir", "mv"):
        os.symlink(shutil.which(program), t.here("path", program))
    embed = os.path.join(t.ROOT, "plugins", "web", "embed")
    subprocess.run(["/bin/sh", embed, t.here("out", "assets.c"), os.path.join(ASSETS, "faq-chat.js")], env=env, check=True)
    plain = os.path.getsize(t.here("out", "assets", "faq-chat.js.gz"))
    t.expect(plain <= LIMIT, True, f"{plain} bytes without esbuild")


@t.mark(quick=True)
def test_lint():
    """What a strict policy forbids or a visitor's text could abuse is not in the source at all."""
    with open(os.path.join(ASSETS, "faq-chat.js"), encoding="utf-8") as f:
        code = "\n".join(line for line in f.read().splitlines() if not line.lstrip().startswith("//"))
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval", "Function(", "DOMParser",
                 "setHTMLUnsafe", "createContextualFragment", "srcdoc", "cssText", "'style'", ".cookie", "localStorage",
                 "indexedDB", "document.referrer", "navigator.userAgent", "sendBeacon", "XMLHttpRequest", "WebSocket",
                 "EventSource", "setTimeout('", "import "):
        t.expect(word in code, False, word)
    t.expect(len(re.findall(r"\bfetch\(", code)), 1, "one place from which anything is sent")
    t.expect(re.findall(r"tabindex: (-?\w+)", code), ["0", "-1"], "no order of its own")
    for page in ("chat.html", "demo.html"):
        with open(os.path.join(ASSETS, page), encoding="utf-8") as f:
            html = f.read()
        t.expect(re.findall(r"<style|style=|\son\w+=|<script(?! src)", html), [], page)
    with open(os.path.join(ASSETS, "page.css"), encoding="utf-8") as f:
        t.expect(re.findall(r"@import|url\(|!important", f.read()), [], "page.css")


def lighthouse(url, env, report):
    program = os.path.join(tools.modules(), "node_modules", "lighthouse", "cli", "index.js")
    done = subprocess.run([tools.node(), program, url, "--quiet", "--output=json", f"--output-path={report}",
                           "--only-categories=accessibility,performance,best-practices",
                           "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"],
                          env=env, capture_output=True, text=True, check=False, timeout=100)
    t.expect(done.returncode, 0, done.stderr)
    with open(report, encoding="utf-8") as f:
        return json.load(f)


@t.mark(alone=True, limit=300)
def test_lighthouse():
    """The demonstration, as a phone on a slow network sees it: 100 everywhere as the median of three runs."""
    env = {**os.environ, "CHROME_PATH": tools.chromium()}
    seen = []
    with Server(demo=True) as s:
        for _ in range(3):
            got = lighthouse(s.url + "/demo", env, t.here("report.json"))
            seen.append({name: round(category["score"] * 100) for name, category in got["categories"].items()})
            audits = {name: audit.get("numericValue") for name, audit in got["audits"].items()}
            t.expect(audits["cumulative-layout-shift"], 0, "nothing moves while it loads")
            t.expect(audits["total-byte-weight"] < 20 * 1024, True, "the whole page under 20 KiB")
            print(seen[-1], {name: round(audits[name]) for name in ("first-contentful-paint", "largest-contentful-paint",
                                                                    "total-blocking-time", "mainthread-work-breakdown")})
    for name in ("accessibility", "performance", "best-practices"):
        t.expect(statistics.median(one[name] for one in seen), 100, f"{name}: {seen}")
