# SPDX-License-Identifier: MIT
"""client.py - a small client of a homeserver, for setting the scene and for looking at what came of it. The humans of
the tests are on real SDKs (people.py); this one sends what no SDK would."""
import http.client
import itertools
import json
import time
import urllib.parse

V3 = "/_matrix/client/v3"
ADMIN = "/_synapse/admin"


def quote(segment):
    return urllib.parse.quote(segment, safe="")


class Answer(dict):
    """The JSON object of an answer, with .status, .headers and .raw beside it."""
    status = 0
    headers = {}
    raw = b""


class Failed(AssertionError):
    def __init__(self, what, answer):
        super().__init__(f"{what}: {answer.status} {answer.raw[:300]!r}")
        self.answer = answer


class Client:
    """One device of one user. Not for several threads at once."""
    numbers = itertools.count(int(time.time() * 1000))

    def __init__(self, base, token=None):
        self.base = base
        self.host = urllib.parse.urlsplit(base).netloc
        self.token = token
        self.user = self.device = self.password = None
        self.connection = None
        self.since = None
        self.events = []  # (room, event) in the order of sync
        self.looked = 0

    # ---- requests
    def call(self, method, path, body=None, patience=70, raw=None, **query):
        """Any request; an answer of any status."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        for attempt in (1, 2):
            if not self.connection:
                self.connection = http.client.HTTPConnection(self.host, timeout=patience)
            self.connection.timeout = patience
            try:
                self.connection.request(method, path, data, headers)
                response = self.connection.getresponse()
                answer = Answer()
                answer.raw = response.read()
                break
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
        answer.status, answer.headers = response.status, dict(response.getheaders())
        try:
            answer.update(json.loads(answer.raw))
        except ValueError:
            pass
        return answer

    def ok(self, method, path, body=None, **more):
        answer = self.call(method, path, body, **more)
        if answer.status != 200:
            raise Failed(f"{method} {path}", answer)
        return answer

    def log_in(self, user, password, **more):
        answer = self.ok("POST", V3 + "/login", {"type": "m.login.password", "password": password, **more,
                                                 "identifier": {"type": "m.id.user", "user": user}})
        self.token, self.user, self.device = answer["access_token"], answer["user_id"], answer["device_id"]
        self.password = password
        return answer

    # ---- rooms
    def create(self, invite=(), direct=False, **more):
        return self.ok("POST", V3 + "/createRoom", {"preset": "private_chat", "invite": list(invite),
                                                    "is_direct": direct, **more})["room_id"]

    def join(self, room):
        return self.ok("POST", f"{V3}/join/{quote(room)}", {})

    def act(self, what, room, **body):
        """leave, invite, kick, ban, unban, upgrade ..."""
        return self.ok("POST", f"{V3}/rooms/{quote(room)}/{what}", body)

    def members(self, room):
        """user -> membership"""
        found = self.ok("GET", f"{V3}/rooms/{quote(room)}/members")["chunk"]
        return {event["state_key"]: event["content"].get("membership") for event in found}

    def state(self, room, kind, content, key=""):
        return self.ok("PUT", f"{V3}/rooms/{quote(room)}/state/{kind}/{quote(key)}", content)["event_id"]

    # ---- events
    def put(self, room, content, kind="m.room.message", transaction=None, **more):
        number = transaction or f"t{next(self.numbers)}"
        return self.call("PUT", f"{V3}/rooms/{quote(room)}/send/{kind}/{quote(number)}", content, **more)

    def send(self, room, content, kind="m.room.message"):
        if isinstance(content, str):
            content = {"msgtype": "m.text", "body": content}
        answer = self.put(room, content, kind)
        if answer.status != 200:
            raise Failed(f"send {content}", answer)
        return answer["event_id"]

    def relate(self, room, body, **relation):
        return self.send(room, {"msgtype": "m.text", "body": body, "m.relates_to": relation})

    def reply(self, room, to, body, **more):
        return self.send(room, {"msgtype": "m.text", "body": body, "m.relates_to": {"m.in_reply_to": {"event_id": to}},
                                **more})

    def edit(self, room, event, body):
        return self.send(room, {"msgtype": "m.text", "body": "* " + body,
                                "m.new_content": {"msgtype": "m.text", "body": body},
                                "m.relates_to": {"rel_type": "m.replace", "event_id": event}})

    def react(self, room, event, key):
        return self.send(room, {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}},
                         "m.reaction")

    def redact(self, room, event):
        number = f"t{next(self.numbers)}"
        return self.ok("PUT", f"{V3}/rooms/{quote(room)}/redact/{quote(event)}/{number}", {})["event_id"]

    # ---- looking
    def history(self, room):
        """Every event of a room that this user may see, oldest first, as the server has it."""
        found, start = [], None
        while True:
            more = {"from": start} if start else {}
            page = self.ok("GET", f"{V3}/rooms/{quote(room)}/messages", dir="b", limit=200, **more)
            found += page["chunk"]
            start = page.get("end")
            if not start or not page["chunk"]:
                return found[::-1]

    def sync(self, wait=0):
        """What is new since the last time, also kept in .events; waits up to `wait` seconds for something."""
        since = {"since": self.since} if self.since else {}
        answer = self.ok("GET", V3 + "/sync", patience=wait + 60, timeout=wait * 1000, **since)
        self.since = answer["next_batch"]
        for room, joined in answer.get("rooms", {}).get("join", {}).items():
            for part in ("state", "timeline", "ephemeral"):
                self.events += [(room, event) for event in joined.get(part, {}).get("events", [])]
        return answer

    def until(self, wanted, seconds=20, what="an event"):
        """The first event, of those not yet looked at here, for which wanted(room, event) holds."""
        end = time.monotonic() + seconds
        while True:
            while self.looked < len(self.events):
                room, event = self.events[self.looked]
                self.looked += 1
                if wanted(room, event):
                    return event
            if time.monotonic() > end:
                seen = [(e.get("sender"), e.get("type"), e.get("content", {}).get("body")) for _, e in self.events[-6:]]
                raise AssertionError(f"{self.user}: {what} did not come in {seconds} s; the last ones: {seen}")
            self.sync(wait=1)

    def whole(self):
        """A first sync, as a new device makes it. Synapse keeps the answer to one for two minutes; a filter that was not
        used before makes it anew."""
        limit = 1 + next(self.numbers) % 10 ** 6
        return self.ok("GET", V3 + "/sync", timeout=0, filter=json.dumps({"room": {"timeline": {"limit": limit}}}))

    def message(self, room, sender, seconds=20, holds=""):
        """The next message of a sender in a room."""
        return self.until(lambda where, e: where == room and e.get("sender") == sender and
                          e.get("type") == "m.room.message" and holds in str(e["content"].get("body")),
                          seconds, f"a message of {sender} with {holds!r}")
