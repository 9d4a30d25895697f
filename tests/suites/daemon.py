# SPDX-License-Identifier: MIT
"""daemon.py - `faqd run` as a service: it reloads on SIGHUP, keeps the old content when the new one is bad, ends on
SIGTERM, and says all of it in one line each."""
import json
import os
import re
import shutil
import signal
import socket
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
        t.expect_in("the content of small that was there stays", line)
        t.expect(ask(faqd, "C'est quoi le compost ?", number)["text"], first["text"])
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    faqd.signal(signal.SIGHUP)
    t.wait_for(lambda: "info: reloaded:" in faqd.err(), what=faqd.err())
    t.expect(faqd.end(), 0)


def second_pack(name="garden"):
    """Another pack beside a copy of the small one, told apart by its words and its name."""
    pack = t.copy_small(name)
    change(pack, "pack.json", '"name": "small"', f'"name": "{name}"')
    change(pack, "general.json", "(édition 1)", f"({name})")
    return pack


def start_two(**more):
    """faqd run with two packs; the stdin connector answers from the one called garden."""
    small, garden = t.copy_small(), second_pack()
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"packs": {"main": small, "garden": garden}, "plugins_dir": t.plugins(),
                   "connectors": {"stdin": {"json": True, "pack": "garden"}}, **more}, f)
    return small, garden


def test_several_packs():
    small, garden = start_two()
    faqd = t.Background("run", "-c", t.here("faqd.json"))
    t.expect_in("(garden)", ask(faqd, "C'est quoi le compost ?", 0)["text"])
    change(small, "general.json", '"say": ["what"]', '"say": ["wat"]')  # the other pack breaks, this one is new
    change(garden, "general.json", "(garden)", "(jardin)")
    faqd.signal(signal.SIGHUP)
    t.wait_for(lambda: "info: reloaded:" in faqd.err() and "reload_failed" in faqd.err(), what=faqd.err())
    t.expect_in("the pack garden was loaded again", faqd.err())
    t.expect_in("the content of small that was there stays", faqd.err())
    got = ask(faqd, "C'est quoi le compost ?", 1)
    t.expect_in("(jardin)", got["text"])
    t.expect(got["pack"], "garden")
    t.expect(got["id"].split("/")[0], "garden")
    t.expect(faqd.end(), 0)


def test_packs_that_cannot_be():
    small, garden = start_two()
    change(garden, "pack.json", '"name": "garden"', '"name": "small"')
    got = t.faqd("run", "-c", t.here("faqd.json"))
    t.expect(got.status, 78)
    t.expect(got.err, f'faqd: {garden}: the pack of {small} is called "small", too\n')
    start = {"packs": {"main": small}, "plugins_dir": t.plugins(), "connectors": {"stdin": {"pack": "nobody"}}}
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump(start, f)
    for command in ("run", "check"):
        got = t.faqd(command, "-c", t.here("faqd.json"))
        t.expect(got.status, 78)
        t.expect_in('setting "pack": there is no pack "nobody" in the configuration', got.err)


def test_commands_and_several_packs():
    small, garden = start_two()
    options = ["-c", t.here("faqd.json")]
    t.expect_in("(garden)", t.faqd("ask", *options, "--pack", "garden", "C'est quoi le compost ?").out)
    t.expect_in("(édition 1)", t.faqd("ask", *options, "C'est quoi le compost ?").out)  # the first one
    got = t.faqd("check", *options)
    t.expect((got.status, [line.split()[0] for line in got.out.splitlines()]), (0, ["small", "garden"]))
    change(small, "general.json", '{"patterns": ["{smell}"]', '{"patterns": ["{winter}"]')
    got = t.faqd("check", *options)
    t.expect(got.status, 78)
    t.expect_in(f"error: {small}/general.json", got.out)
    t.expect_in("garden", got.out.splitlines()[-1])
    t.expect_in(", 0 errors", got.out.splitlines()[-1])
    got = t.faqd("run", *options, "--print-config")
    t.expect_in(f'packs.garden = "{garden}" ({t.here("faqd.json")})', got.out)
    t.expect_in(f'pack = "main" ({t.here("faqd.json")})', got.out)


def desk(**settings):
    """faqd run with the connector desk, which writes the status of the process into a file."""
    shutil.rmtree(t.here("pack"), ignore_errors=True)
    pack = t.copy_small()
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": pack, "plugins_dir": t.plugins(), "state_dir": "state",
                   "connectors": {"desk": {"status": "status.json", **settings}}}, f)
    return pack


def status_where(faqd, wanted):
    """The status, once it is as wanted."""
    def read():
        if not os.path.exists(t.here("status.json")):
            return {}
        with open(t.here("status.json"), encoding="utf-8") as f:
            return json.load(f)
    t.wait_for(lambda: (s := read()) and wanted(s), what=f"{read()} {faqd.err()}")
    return read()


def test_status():
    pack = desk(health="bad")
    faqd = t.Background("run", "-c", t.here("faqd.json"))
    s = status_where(faqd, lambda s: s["ready"])
    t.expect(list(s), ["ready", "version", "abi", "pid", "started", "uptime", "packs", "connectors", "answers", "votes"])
    t.expect(s["pid"], faqd.process.pid)
    t.expect(abs(s["started"] - time.time()) < 60 and 0 <= s["uptime"] < 60, True)
    t.expect(s["connectors"], {"desk": {"ok": False, "text": 'the "pen" is lost'}})
    t.expect(s["answers"], [{"connector": "desk", "lang": "fr", "outcome": "smalltalk", "count": 1}])
    t.expect(s["votes"], [{"connector": "desk", "lang": "fr", "vote": 1, "count": 1}])
    p = s["packs"][0]
    t.expect((p["name"], p["names"], p["reloads"]), ("small", ["pack"], {"ok": 0, "failed": 0}))
    path, text = change(pack, "general.json", '"say": ["what"]', '"say": ["wat"]')
    faqd.signal(signal.SIGHUP)
    s = status_where(faqd, lambda s: s["packs"][0]["reloads"]["failed"])
    t.expect_in("there is no statement", s["packs"][0]["error"])
    t.expect(s["packs"][0]["version"], p["version"])
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("(édition 1)", "(édition 2)"))
    faqd.signal(signal.SIGHUP)
    s = status_where(faqd, lambda s: s["packs"][0]["reloads"]["ok"])
    t.expect(s["packs"][0]["reloads"], {"ok": 1, "failed": 1})
    t.expect("error" in s["packs"][0], False)
    t.expect(s["packs"][0]["version"] != p["version"], True)
    faqd.signal(signal.SIGTERM)
    t.expect(faqd.end(), 0)
    got = t.faqd("stats", "--json", "-c", t.here("faqd.json")).objects()[0]
    t.expect([(c["connector"], c["id"], c["count"]) for c in got["counts"]], [("desk", "small/hello", 1)])
    t.expect([(v["id"], v["up"], v["down"]) for v in got["votes"]], [("small/hello", 1, 0)])


class Manager:
    """A service manager's end of the notification socket."""

    def __init__(self, abstract=False):
        self.name = f"@faqd-test-{os.getpid()}" if abstract else t.here("notify.sock")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + self.name[1:] if abstract else self.name)
        self.socket.settimeout(10 * t.SLOWER)

    def wait(self, prefix):
        """The next message that begins so; those between are passed over, except that only signs of life may be."""
        while True:
            got = self.socket.recv(4096).decode()
            if got.startswith(prefix):
                return got
            t.expect(got, "WATCHDOG=1", f"while waiting for {prefix}")


def test_the_service_manager_is_told():
    for abstract in (False, True):
        pack = desk()
        manager = Manager(abstract)
        faqd = t.Background("run", "-c", t.here("faqd.json"), env={"NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "400000"})
        ready = manager.wait("READY=1")
        t.expect_in("\nSTATUS=answering with small 1+", ready)
        begin = time.monotonic()
        for _ in range(4):
            manager.wait("WATCHDOG=1")
        t.expect(0.4 < time.monotonic() - begin < 3 * t.SLOWER, True, "signs of life at half of what is waited for")
        path, text = change(pack, "general.json", '"say": ["what"]', '"say": ["wat"]')
        faqd.signal(signal.SIGHUP)
        t.expect_in("MONOTONIC_USEC=", manager.wait("RELOADING=1"))
        t.expect_in("; the last reload failed", manager.wait("READY=1"))
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("(édition 1)", "(édition 2)"))
        faqd.signal(signal.SIGHUP)
        manager.wait("RELOADING=1")
        again = manager.wait("READY=1")
        t.expect("failed" in again, False)
        t.expect(again != ready, True, "the status names the content")
        faqd.signal(signal.SIGTERM)
        manager.wait("STOPPING=1")
        t.expect(faqd.end(), 0, faqd.err())
        manager.socket.close()
        if not abstract:
            os.remove(manager.name)


def test_nobody_is_told_of_what_is_not_ready():
    desk(refuse="yes")
    manager = Manager()
    got = t.faqd("run", "-c", t.here("faqd.json"), env={"NOTIFY_SOCKET": manager.name})
    t.expect(got.status, 78)
    manager.socket.setblocking(False)
    try:
        t.expect(manager.socket.recv(4096), None)
    except BlockingIOError:
        pass
    desk()
    for path in ("/nonexistent/socket", "relative", "@" + "x" * 200, ""):  # nobody there: nothing else changes
        if os.path.exists(t.here("status.json")):
            os.remove(t.here("status.json"))
        faqd = t.Background("run", "-c", t.here("faqd.json"), env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "x"})
        status_where(faqd, lambda s: s["ready"])
        faqd.signal(signal.SIGTERM)
        t.expect(faqd.end(), 0)


def test_a_connector_that_does_not_stop():
    desk(hang="yes")
    faqd = t.Background("run", "-c", t.here("faqd.json"))
    status_where(faqd, lambda s: s["answers"])
    begin = time.monotonic()
    faqd.signal(signal.SIGTERM)
    t.expect(faqd.end(20), 70)
    t.expect(4 < time.monotonic() - begin < 8 * t.SLOWER, True)
    t.expect_in('connector_stuck: connector "desk" did not stop within 5 s', faqd.err())
    t.expect(t.faqd("stats", "--json", "-c", t.here("faqd.json")).objects()[0]["answers"], 1)  # nothing was lost


def test_records_as_json():
    pack = t.copy_small()
    change(pack, "general.json", '"say": ["what"]', '"say": ["wat"]')
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "packs": {"p": t.SMALL}, "plugins_dir": t.plugins(), "log_format": "json",
                   "connectors": {"stdin": {"pack": 'né "\\ 😀\n'}}}, f)
    got = t.faqd("run", "-c", t.here("faqd.json"))
    t.expect(got.status, 78)
    records = [json.loads(line) for line in got.err.splitlines()]
    t.expect([list(r) for r in records], [["time", "level", "event", "text"]] * 2)
    t.expect_in('no pack "né "\\ 😀\n" in', records[0]["text"])
    t.expect((records[0]["level"], records[0]["event"]), ("error", "stdin_settings"))
    t.expect(records[1]["event"], "connector_refused")
    t.expect(bool(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", records[0]["time"])), True)
    got = t.faqd("ask", "x", "--log-format", "yaml")
    t.expect_in('log_format is "yaml" (command line); it must be text or json', got.err)


def test_check_asks_the_connectors():
    desk(refuse="yes")
    got = t.faqd("check", "-c", t.here("faqd.json"))
    t.expect(got.status, 78)
    t.expect_in("connectors.desk: its settings were refused", got.out)
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "plugins_dir": t.plugins(), "connectors": {"nobody": {}}}, f)
    t.expect_in("connectors.nobody: there is no such connector", t.faqd("check", "-c", t.here("faqd.json")).out)


def test_a_full_disk_ends_no_answer():
    """Counting fails, answers go on; the log says so once."""
    desk()
    with open(t.here("state"), "w", encoding="utf-8") as f:
        f.write("in the way")
    faqd = t.Background("run", "-c", t.here("faqd.json"))
    status_where(faqd, lambda s: s["ready"] and s["answers"])
    faqd.signal(signal.SIGTERM)
    t.expect(faqd.end(), 0)
    t.expect(faqd.err().count("statistics_refused"), 1, faqd.err())


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
