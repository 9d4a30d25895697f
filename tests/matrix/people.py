# SPDX-License-Identifier: MIT
"""people.py - the humans of the tests, each a process on a real SDK: matrix-js-sdk or matrix-nio.

    alice = Human(server.user("alice"))
    room = alice.do("create", invite=[bot], direct=True)["room_id"]
    event = alice.do("text", room=room, body="...")["event_id"]
    alice.message(room, bot)
"""
import json
import os
import queue
import subprocess
import threading
import time

import harness as t
from matrix import tools


class Human:
    def __init__(self, client, kind="js", *flags):
        self.user, self.client = client.user, client
        who = [client.base, client.token, client.user, client.device, *flags]
        if kind == "js":
            command = [tools.node(), os.path.join(tools.HERE, "human.mjs"), tools.MODULES, *who]
        else:
            command = [tools.python(), "-B", os.path.join(tools.HERE, "human_nio.py"), *who]
        with open(t.here(f"{kind}-{client.local}.txt"), "wb") as err:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err)
        self.heard, self.looked, self.number = [], 0, 0
        self.arriving = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()
        self.until(lambda o: "ready" in o, 40, "ready")

    def listen(self):
        for line in self.process.stdout:
            self.arriving.put(json.loads(line))

    def next(self, end):
        try:
            found = self.arriving.get(timeout=max(0.01, end - time.monotonic()))
        except queue.Empty:
            return False
        self.heard.append(found)
        return True

    def until(self, wanted, seconds=20, what="what was waited for"):
        """The first thing, of those not yet looked at here, for which wanted() holds."""
        end = time.monotonic() + seconds * t.SLOWER
        while True:
            while self.looked < len(self.heard):
                self.looked += 1
                if wanted(self.heard[self.looked - 1]):
                    return self.heard[self.looked - 1]
            if not self.next(end):
                raise AssertionError(f"{self.user}: {what} did not come in {seconds} s; last: {self.heard[-4:]}")

    def do(self, what, **more):
        """A command; its result. What happens meanwhile is kept for until()."""
        self.number += 1
        self.process.stdin.write((json.dumps({"id": self.number, "do": what, **more}) + "\n").encode())
        self.process.stdin.flush()
        end = time.monotonic() + 30 * t.SLOWER
        while True:
            for thing in self.heard[::-1]:
                if thing.get("id") == self.number:
                    if "error" in thing:
                        raise AssertionError(f"{self.user}: {what}: {thing['error']}")
                    return thing["ok"]
            if not self.next(end):
                raise AssertionError(f"{self.user}: no answer to {what}")

    def event(self, wanted, seconds=20, what="an event"):
        return self.until(lambda o: "event" in o and wanted(o["event"]), seconds, what)["event"]

    def message(self, room, sender, seconds=20, holds=""):
        """The next message of a sender in a room."""
        return self.event(lambda e: e["room"] == room and e["sender"] == sender and e["type"] == "m.room.message" and
                          holds in str(e["content"].get("body")), seconds, f"a message of {sender} with {holds!r}")

    def quit(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
