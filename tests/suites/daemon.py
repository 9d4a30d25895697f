# SPDX-License-Identifier: MIT
"""daemon.py - `faqd run` as a service: it reloads on SIGHUP, keeps the old content when the new one is bad, ends on
SIGTERM, and says all of it in one line each."""
import json
import os
import signal
import time

import harness as t


def start(pack, **settings):
    """faqd run with a stdin connector that answers in JSON."""
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": pack, "plugins_dir": t.plugins(), "connectors": {"stdin": {"json": True, **settings}}}, f)
    return t.Background("run", "-c", t.here("faqd.json"))


def ask(faqd, question, already):
    """Type a line, wait for the answer; how many there were before is known."""
    faqd.type(question + "\n")
    t.wait_for(lambda: faqd.out().count("\n") > already, what=f"no answer; stderr: {faqd.err()}")
    return json.loads(faqd.out().splitlines()[already])


def change(pack, file, old, new):
    path = os.path.join(pack, file)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))
    return path, text


def test_reload():
    pack = t.copy_small()
    faqd = start(pack)
    first = ask(faqd, "C'est quoi le compost ?", 0)
    t.expect_in("(édition 1)", first["text"])
    change(pack, "general.json", "(édition 1)", "(édition 2)")
    faqd.signal(signal.SIGHUP)
    t.wait_for(lambda: "info: reloaded:" in faqd.err(), what=faqd.err())
    second = ask(faqd, "C'est quoi le compost ?", 1)
    t.expect_in("(édition 2)", second["text"])
    t.expect(second["version"] != first["version"], True)  # an edit is another version, without being called so
    t.expect(faqd.end(), 0)


def test_bad_content_keeps_the_old_one():
    """Both what does not load and what fails the pack's own questions."""
    pack = t.copy_small()
    faqd = start(pack)
    first = ask(faqd, "C'est quoi le compost ?", 0)
    breaks = [("general.json", '"say": ["what"]', '"say": ["wat"]', 'general.json: intents[1]: "say": there is no statement'),
              ("general.json", '{"patterns": ["{smell}"]', '{"patterns": ["{winter}"]', "general.json: intents["),
              ("lexicon.json", '"classes"', '"clases"', 'lexicon.json: unknown key "clases"')]
    for number, (file, old, new, says) in enumerate(breaks, 1):
        path, text = change(pack, file, old, new)
        faqd.signal(signal.SIGHUP)
        t.wait_for(lambda: faqd.err().count("reload_failed") == number, what=faqd.err())
        line = faqd.err().splitlines()[-1]
        t.expect_in("faqd: error: reload_failed: ", line)
        t.expect_in(says, line)
        t.expect_in("the content that was there stays", line)
        t.expect(ask(faqd, "C'est quoi le compost ?", number)["text"], first["text"])
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    faqd.signal(signal.SIGHUP)
    t.wait_for(lambda: "info: reloaded:" in faqd.err(), what=faqd.err())
    t.expect(faqd.end(), 0)


def test_signals_end_it_soon():
    for number in (signal.SIGTERM, signal.SIGINT):
        faqd = start(t.SMALL)
        ask(faqd, "le prix", 0)
        begin = time.monotonic()
        faqd.signal(number)
        status = faqd.process.wait(10 * t.SLOWER)
        assert status == 0 or (number == signal.SIGINT and status == 130), status
        assert time.monotonic() - begin < 1 * t.SLOWER, "took more than a second"


def test_ready_soon():
    if t.SAN:
        t.skip("sanitizers are slow")
    best = 99
    for _ in range(5):
        begin = time.monotonic()
        faqd = start(t.SMALL)
        ask(faqd, "le prix", 0)
        best = min(best, time.monotonic() - begin)
        faqd.end()
    assert best < 0.2, f"ready after {best:.3f} s"


def test_end_of_input_ends_it():
    faqd = start(t.SMALL)
    t.expect(faqd.end(), 0)
    t.expect(faqd.err(), "")


def test_many_signals_at_once():
    """Reloads that come faster than they can be done; nothing is lost or mixed."""
    pack = t.copy_small()
    faqd = start(pack)
    ask(faqd, "le prix", 0)  # before it is up, SIGHUP ends it as any program
    for i in range(1, 101):
        faqd.signal(signal.SIGHUP)
        t.expect_in("(édition 1)", ask(faqd, "C'est quoi le compost ?", i)["text"])
    t.expect(faqd.end(), 0)


def test_connectors_that_cannot_be():
    faqd = start(t.SMALL, jsn=True)
    t.expect(faqd.process.wait(10 * t.SLOWER), 78)
    t.expect_in('did you mean "json"?', faqd.err())
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "plugins_dir": t.plugins(), "connectors": {"nobody": {}}}, f)
    got = t.faqd("run", "-c", t.here("faqd.json"))
    t.expect(got.status, 78)
    t.expect_in('connector_missing: there is no connector "nobody" among the plugins', got.err)


def test_records_for_the_journal():
    pack = t.copy_small()
    change(pack, "pack.json", '"format": 1', '"format": 1 ')
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": pack, "plugins_dir": t.plugins(), "connectors": {"stdin": {"json": True}}}, f)
    faqd = t.Background("run", "-c", t.here("faqd.json"), env={"JOURNAL_STREAM": "8:1"})
    ask(faqd, "Monsieur Dupont demande le prix", 0)
    faqd.signal(signal.SIGHUP)
    t.wait_for(lambda: "reloaded" in faqd.err(), what=faqd.err())
    t.expect(faqd.err().startswith("<6>faqd: info: reloaded: "), True)
    t.expect(faqd.end(), 0)
    assert "Dupont" not in faqd.err(), "what a visitor wrote is in the log"


for _name, _fn in list(globals().items()):
    if _name.startswith("test_"):
        t.mark(quick=_name != "test_ready_soon", san=True, alone=_name == "test_ready_soon")(_fn)
