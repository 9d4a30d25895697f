# SPDX-License-Identifier: MIT
"""bot.py - faqd with the Matrix connector, as the tests run it: its settings, starting, stopping, killing, its log, and
what it answered."""
import contextlib
import json
import os
import re
import signal
import subprocess
import time

import harness as t
from matrix import client, synapse

QUESTION = "C'est quoi le compost ?"
ANSWER = "Le compost est de la matière végétale"
QUICK = {"retry_ms": 50, "retry_max_ms": 500, "user_per_minute": 0, "room_per_minute": 0, "total_per_minute": 0,
         "invites": {"policy": "all", "per_hour": 1000}, "loop_turns": 0, "welcome": False}


class Bot:
    """account: a Client of the user that the bot shall be. base: where it looks for the homeserver. settings: of the
    connector; None takes one away. others: connectors beside it."""

    def __init__(self, account, base=None, folder=None, faqd=None, top=None, others=None, **settings):
        self.account, self.user = account, account.user
        self.base = base or account.base
        self.folder = t.here(folder or account.local)
        self.program = faqd or t.FAQD
        os.makedirs(self.folder, exist_ok=True)
        self.file("password", account.password + "\n")
        self.settings = {"homeserver": self.base, "user": account.user, "password_file": "password", **QUICK}
        self.top = {"pack": t.SMALL, "plugins_dir": t.plugins(), "state_dir": os.path.join(self.folder, "state"),
                    "log_level": "debug", **(top or {})}
        self.others = others or {}
        self.configure(**settings)
        self.process = None
        self.starts = 0

    def file(self, name, text):
        """A file that only its owner may read, beside the configuration."""
        path = os.path.join(self.folder, name)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def configure(self, **settings):
        for name, value in settings.items():
            if value is None:
                self.settings.pop(name, None)
            else:
                self.settings[name] = value
        self.file("faqd.json", json.dumps({**self.top, "connectors": {"matrix": self.settings, **self.others}}))

    # ---- its life
    def start(self, wait=True, env=None, command=("run",), wrap=()):
        self.starts += 1
        self.log_path = os.path.join(self.folder, f"log{self.starts}.txt")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([*wrap, self.program, *command, "-c", os.path.join(self.folder, "faqd.json")],
                                            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **(env or {})})
        if wait:
            self.wait_for("matrix_ready", 30)
        return self

    def stop(self, seconds=15):
        """SIGTERM; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended(seconds)

    def ended(self, seconds=15):
        """Wait until it has ended by itself; its exit status."""
        try:
            return self.process.wait(seconds * t.SLOWER)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"faqd did not end in {seconds} s:\n{self.said()[-3000:]}") from None

    def start_to_die(self, step, meanwhile=lambda: None):
        """Start it so that it is killed when it comes to this step; meanwhile() is called as soon as it is started."""
        self.start(wait=False, env={"FAQD_MATRIX_KILL": step})
        meanwhile()
        try:
            t.expect(self.process.wait(20 * t.SLOWER), -signal.SIGKILL, f"{step}: {self.said()[-2000:]}")
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it never came to {step}:\n{self.said()[-2000:]}") from None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        """Started, if it is not running already."""
        return self if self.process and self.process.poll() is None else self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill()

    def command(self, *words, input=b"", **more):
        """faqd matrix WORDS, to its end."""
        return t.faqd(*words, "-c", os.path.join(self.folder, "faqd.json"), input=input, cwd=self.folder, **more)

    # ---- its log
    def said(self, path=None):
        with open(path or self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def all_logs(self):
        return "".join(self.said(os.path.join(self.folder, name)) for name in os.listdir(self.folder)
                       if name.startswith("log"))

    def records(self, event):
        return re.findall(rf"^.*\b{event}: .*$", self.said(), re.M)

    def wait_for(self, event, seconds=20, count=1):
        """Wait for a record of the log; the last one."""
        end = time.monotonic() + seconds * t.SLOWER
        while len(self.records(event)) < count:
            if self.process.poll() is not None and len(self.records(event)) < count:
                raise AssertionError(f"faqd ended ({self.process.returncode}) before {event}:\n{self.said()[-3000:]}")
            if time.monotonic() > end:
                raise AssertionError(f"no {event} in {seconds} s:\n{self.said()[-3000:]}")
            time.sleep(0.02)
        return self.records(event)[-1]

    def wait_until(self, condition, seconds=15, what="what was waited for did not come"):
        """As harness.wait_for(), but a failure shows the log, and it does not ask the homeserver all the time."""
        end = time.monotonic() + seconds * t.SLOWER
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{what}\n{self.said()[-3000:]}")
            time.sleep(0.1)

    def figures(self):
        """Of the running process: memory in kB, threads, open files, CPU seconds."""
        found = {}
        with open(f"/proc/{self.process.pid}/status", encoding="ascii", errors="replace") as f:
            for line in f:
                name, _, value = line.partition(":")
                if name in ("VmRSS", "RssAnon", "VmHWM", "Threads"):
                    found[name] = int(value.split()[0])
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii", errors="replace") as f:
            fields = f.read().rpartition(")")[2].split()
        found["cpu"] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        found["files"] = len(os.listdir(f"/proc/{self.process.pid}/fd"))
        return found

    # ---- rooms
    def joined(self, someone, room, seconds=20):
        """Wait until the bot is in the room."""
        self.wait_until(lambda: someone.members(room).get(self.user) == "join", seconds, "the bot did not join")
        return room

    def room(self, someone, direct=True, invite=(), **more):
        """A room of someone's with the bot in it: a direct chat, or a group."""
        return self.joined(someone, someone.create([self.user, *invite], direct=direct, **more))

    def ask(self, someone, room, text=QUESTION, seconds=20, holds=""):
        """Ask; the event of the answer."""
        question = someone.send(room, text)
        return someone.until(lambda where, e: where == room and is_answer(e, self.user, question) and
                             holds in e["content"]["body"], seconds * t.SLOWER,
                             f"the answer to {str(text)[:80]!r} (log: {self.said()[-1500:]})")


def relation(event):
    found = event.get("content", {}).get("m.relates_to", {})
    return found if isinstance(found, dict) else {}


def replies_to(event):
    found = relation(event).get("m.in_reply_to", {})
    return found.get("event_id") if isinstance(found, dict) else None


def is_answer(event, user, question=None):
    """A message of the bot that answers this question (or any), and is no edit."""
    return (event.get("type") == "m.room.message" and event.get("sender") == user and
            relation(event).get("rel_type") != "m.replace" and bool(event["content"].get("body")) and
            replies_to(event) is not None and replies_to(event) == (question or replies_to(event)))


def answers(someone, room, bot, question=None):
    """What the homeserver has of the bot's answers in a room, oldest first."""
    return [event for event in someone.history(room) if is_answer(event, bot.user, question)]


def said(someone, room, bot):
    """All that the bot has said in a room, answers and other things."""
    return [event["content"]["body"] for event in someone.history(room)
            if event["type"] == "m.room.message" and event["sender"] == bot.user and event["content"].get("body")]


def scene(**settings):
    """The usual: the shared server, a person, and a running bot in a direct chat with her."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    bot = Bot(account, **settings).start()
    return server, alice, bot, bot.room(alice)


def quiet(someone, room, bot, seconds=1.0):
    """Nothing comes of it: an ordinary question that is asked afterwards is the next thing that the bot answers, so that
    what went before was passed over and not just late. For rooms in which the bot answers everything."""
    before = len(answers(someone, room, bot))
    bot.ask(someone, room)
    time.sleep(seconds)
    t.expect(len(answers(someone, room, bot)), before + 1, "something else was answered, too")


__all__ = ["Bot", "QUESTION", "ANSWER", "answers", "client", "is_answer", "quiet", "relation", "replies_to", "said", "scene"]
