# SPDX-License-Identifier: MIT
"""matrix.py - the ground that the tests of the Matrix connector stand on (matrix_*.py), tried without it: a homeserver,
people on two SDKs, and a proxy whose faults are what they are called."""
import gzip
import http.client
import os
import time

import harness as t
from matrix import client, synapse
from matrix.people import Human
from matrix.proxy import Proxy


@t.mark(limit=300)
def test_humans_alone():
    """The ground that the other tests stand on: two people on two SDKs read each other."""
    server = synapse.shared()
    alice, bob = Human(server.user("alice")), Human(server.user("bob"), "nio")
    room = alice.do("create", invite=[bob.user])["room_id"]
    bob.do("join", room=room)
    alice.do("text", room=room, body="bonjour")
    t.expect(bob.message(room, alice.user)["content"]["body"], "bonjour")
    bob.do("text", room=room, body="salut")
    t.expect(alice.message(room, bob.user)["content"]["body"], "salut")
    alice.quit()
    bob.quit()


FAULTS = [("lose", {}, None), ("cut", {}, None), ("reset", {}, None), ("hang", {"seconds": 60}, None),
          ("status", {"status": 502, "body": "<html>"}, 502), ("garble", {"body": "{"}, 200), ("late", {"seconds": 0.2}, 200),
          ("delay", {"seconds": 0.2}, 200)]
DONE = {"lose", "cut", "garble", "late", "delay"}  # what the homeserver gets to see


@t.mark(limit=300)
def test_faults_of_the_proxy():
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        alice = server.user("alice")
        room = alice.create()
        for do, more, status in FAULTS:
            proxy.fault("PUT .*/send/", do, **more)
            direct = http.client.HTTPConnection(proxy.host, timeout=1)  # no second try, as Client has
            try:
                direct.request("PUT", f"{client.V3}/rooms/{client.quote(room)}/send/m.room.message/{do}",
                               b'{"msgtype": "m.text", "body": "%s"}' % do.encode(),
                               {"Authorization": "Bearer " + alice.token})
                answer = direct.getresponse()
                answer.read()
                got = answer.status
            except (OSError, http.client.HTTPException):
                got = None
            direct.close()
            t.expect(got, status, do)
        bodies = {e["content"].get("body") for e in alice.history(room) if e["type"] == "m.room.message"}
        t.expect(bodies, DONE)
        alice.base, alice.host, alice.connection = proxy.base, proxy.host, None
        before = alice.ok("GET", client.V3 + "/joined_rooms")
        alice.create()
        proxy.fault("/joined_rooms", "replay")
        t.expect(alice.ok("GET", client.V3 + "/joined_rooms"), before)
        t.expect(len(alice.ok("GET", client.V3 + "/joined_rooms")["joined_rooms"]), 2)
        proxy.fault("/versions", "bomb", size=4 << 20, gzip=True)
        t.expect(len(gzip.decompress(alice.call("GET", "/_matrix/client/versions").raw)), 4 << 20)
        proxy.refuse()
        before, begin = proxy.connections, time.monotonic()
        try:
            alice.call("GET", "/_matrix/client/versions")
            raise AssertionError("it answered")
        except OSError:
            pass
        t.expect(proxy.connections > before and time.monotonic() - begin < 2, True)
        proxy.heal()
        t.expect(alice.call("GET", "/_matrix/client/versions").status, 200)


@t.mark(limit=300)
def test_a_homeserver_of_ones_own():
    """It keeps what it has over a restart, on the same port."""
    with synapse.Synapse(t.here("synapse")) as server:
        alice = server.user("alice")
        room = alice.create()
        event = alice.send(room, "x")
        for kill in (False, True):
            server.restart(kill)
            t.expect(event in [e["event_id"] for e in alice.history(room)], True)
    t.expect(os.path.exists(t.here("synapse", "homeserver.db")), True)
