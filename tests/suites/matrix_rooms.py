# SPDX-License-Identifier: MIT
"""matrix_rooms.py - rows C of the Matrix connector: invitations, direct chats and groups, leaving, upgrades, ids."""
import json
import time

import harness as t
from matrix import synapse
from matrix.bot import QUESTION, Bot, answers, quiet, replies_to, scene
from matrix.client import ADMIN, V3, quote
from matrix.people import Human
from matrix.proxy import Proxy


def mention(user, text=QUESTION):
    return {"msgtype": "m.text", "body": text, "m.mentions": {"user_ids": [user]}}


def membership(someone, room, bot):
    return someone.members(room).get(bot.user)


def becomes(someone, room, bot, wanted, seconds=15):
    bot.wait_until(lambda: membership(someone, room, bot) == wanted, seconds, f"does not become {wanted}")


@t.mark(limit=90)
def test_c1_invitations():
    """Who may invite: nobody by default; listed users, servers and rooms; all. What waited while it was away counts,
    too. The refused are left if so configured, and the log says who it was."""
    server = synapse.shared()
    alice, bob, account = server.users("alice", "bob", "bot")
    with Bot(account, invites=None) as bot:  # the default
        room = alice.create([bot.user], direct=True)
        becomes(alice, room, bot, "leave")
        t.expect_in(alice.user, bot.records("matrix_invite")[-1])
        for policy, invited, refused in (
                ({"policy": "nobody"}, [], [alice, bob]),
                ({"policy": "listed", "users": [alice.user]}, [alice], [bob]),
                ({"policy": "listed", "servers": ["elsewhere.example"]}, [], [alice]),
                ({"policy": "listed", "servers": ["mx.test"]}, [alice, bob], []),
                ({"policy": "all"}, [bob], [])):
            bot.stop()
            bot.configure(invites={**policy, "per_hour": 100})
            waiting = [(someone, someone.create([bot.user], direct=True), "join") for someone in invited]
            waiting += [(someone, someone.create([bot.user], direct=True), "leave") for someone in refused]
            bot.start()
            for someone, room, wanted in waiting:
                becomes(someone, room, bot, wanted)
        bot.stop()
        room = bob.create()
        bot.configure(invites={"policy": "listed", "rooms": [room], "reject": False})
        bot.start()
        other = bob.create([bot.user])
        bob.act("invite", room, user_id=bot.user)
        becomes(bob, room, bot, "join")
        time.sleep(1)
        t.expect(membership(bob, other, bot), "invite")  # neither accepted nor rejected


@t.mark(limit=90)
def test_c2_joining_fails():
    """Errors of the server are tried again; an invitation that was withdrawn is forgotten."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        alice, account = server.users("alice", "bot")
        with Bot(account, proxy.base, join_retry_seconds=1) as bot:
            proxy.fault("POST .*/join", "status", times=2, status=500)
            room = bot.room(alice)
            t.expect(len(proxy.seen("POST .*/join")), 3)
            bot.ask(alice, room)
            proxy.fault("POST .*/join", "status", times=100, status=502, body="<html>")
            room = alice.create([bot.user], direct=True)
            proxy.wait("POST .*/join", 4)
            alice.act("kick", room, user_id=bot.user)  # withdrawn
            proxy.heal()
            time.sleep(3)
            t.expect(membership(alice, room, bot), "leave")
            before = len(proxy.seen("POST .*/join"))
            time.sleep(3)
            t.expect(len(proxy.seen("POST .*/join")), before)
            bot.stop()
            gone = alice.create([bot.user], direct=True)
            alice.act("kick", gone, user_id=bot.user)
            banned = alice.create([bot.user], direct=True)
            alice.act("ban", banned, user_id=bot.user)
            bot.start()
            bot.ask(alice, bot.room(alice))


def test_c3_flood_of_invitations():
    """No more than so many an hour of one person; others are not kept out by it."""
    _, alice, bot, _ = scene(invites={"policy": "all", "per_hour": 5})
    with bot:
        bob = synapse.shared().user("bob")
        rooms = [alice.create([bot.user], direct=True) for _ in range(30)]
        bot.room(bob)
        time.sleep(1)
        joined = [room for room in rooms if membership(alice, room, bot) == "join"]
        t.expect(len(joined), 4, "with the one of the scene there are five")


@t.mark(limit=90)
def test_c4_d8_direct_or_not():
    """Direct is what the invitation says, kept over a restart and written to m.direct; two members alone make no direct
    chat: there it wants to be spoken to."""
    _, alice, bot, room = scene()
    with bot:
        group = bot.room(alice, direct=False)
        for _ in range(2):
            alice.send(group, QUESTION)
            bot.ask(alice, room)
            bot.ask(alice, group, mention(bot.user))
            time.sleep(0.5)
            bot.stop()
            bot.start()
        t.expect(len(answers(alice, group, bot)), 2)
        direct = bot.account.ok("GET", f"{V3}/user/{quote(bot.user)}/account_data/m.direct")
        t.expect_in(room, direct[alice.user])
        t.expect(group in str(direct), False)


def test_c5_kicked_and_banned():
    """It does not come back by itself, and forgets what it owed there."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        alice, account = server.users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            for what in ("kick", "ban"):
                room = bot.room(alice)
                proxy.fault(f"PUT .*{quote(room)}/send", "delay", times=100, seconds=1)
                for _ in range(5):
                    alice.send(room, QUESTION)
                alice.act(what, room, user_id=bot.user)
                time.sleep(3)
                proxy.heal()
                t.expect(membership(alice, room, bot), {"kick": "leave", "ban": "ban"}[what])
                sent = len(proxy.seen(f"PUT .*{quote(room)}/send"))
                time.sleep(1)
                t.expect(len(proxy.seen(f"PUT .*{quote(room)}/send")), sent, "it goes on sending")
                bot.ask(alice, bot.room(alice))
            alice.act("unban", room, user_id=bot.user)
            alice.act("invite", room, user_id=bot.user)
            bot.joined(alice, room)
            bot.ask(alice, room, mention(bot.user))  # the invitation did not call it a direct chat


def test_c6_alone():
    """When everybody has left, or not come, it leaves after a while; not while somebody is still invited."""
    server, alice, bot, _ = scene(alone_seconds=2)
    with bot:
        bob = server.user("bob")
        left = bot.room(alice)
        kept = bot.room(alice, invite=[bob.user], direct=False)
        alice.act("leave", left)
        alice.act("leave", kept)

        def rooms():
            return bot.account.ok("GET", V3 + "/joined_rooms")["joined_rooms"]
        bot.wait_until(lambda: left not in rooms(), what="still alone there")
        t.expect(kept in rooms(), True)
        bob.join(kept)
        bot.ask(bob, kept, mention(bot.user))


@t.mark(limit=120)
def test_c7_c8_upgraded_rooms():
    """The room moves to a new version whose ids have no server in them: the old one is left alone, the new one joined
    once there is an invitation, whoever may not invite otherwise; also when all happened while it was away."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    human = Human(alice)
    with Bot(account, invites={"policy": "listed", "users": [alice.user], "per_hour": 100}) as bot:
        for away in (False, True):
            old = human.do("create", invite=[bot.user], direct=True, version="10")["room_id"]
            bot.joined(alice, old)
            bot.ask(alice, old)
            if away:
                bot.stop()
            new = human.do("upgrade", room=old, version="12")["replacement_room"]
            t.expect(":" in new, False, new)
            alice.act("invite", new, user_id=bot.user)
            if away:
                bot.start()
            bot.wait_for("matrix_tombstone")
            bot.joined(alice, new)
            bot.ask(alice, new)
            with_power = alice.call("PUT", f"{V3}/rooms/{quote(old)}/send/m.room.message/old{away}",
                                    {"msgtype": "m.text", "body": QUESTION})
            time.sleep(1)
            t.expect(with_power.status != 200 or not answers(alice, old, bot, with_power["event_id"]), True)
    human.quit()


@t.mark(limit=90)
def test_c7_announced_invitation():
    """A person who may not invite otherwise invites to the room that a tombstone announced; to another room not."""
    server = synapse.shared()
    alice, bob, account = server.users("alice", "bob", "bot")
    with Bot(account, invites={"policy": "listed", "users": [alice.user], "per_hour": 100}) as bot:
        old = bot.room(alice, direct=False, invite=[bob.user])
        bob.join(old)
        elsewhere = bob.create([bot.user])
        becomes(bob, elsewhere, bot, "leave")
        new = alice.ok("POST", f"{V3}/rooms/{quote(old)}/upgrade", {"new_version": "12"})["replacement_room"]
        bot.wait_for("matrix_tombstone")
        alice.act("invite", new, user_id=bob.user)
        bob.join(new)
        bob.call("POST", f"{V3}/rooms/{quote(new)}/invite", {"user_id": bot.user})
        if membership(bob, new, bot) not in ("invite", "join"):  # bob has no power there
            alice.act("invite", new, user_id=bot.user)
        bot.joined(alice, new)
        bot.ask(alice, new, mention(bot.user))


@t.mark(limit=90)
def test_c8_ids_of_every_room_version():
    """Event ids of version 3 hold + and /, those of 1 a server, room ids of 12 none: all are opaque."""
    _, alice, bot, _ = scene()
    with bot:
        for version in ("1", "3", "4", "11", "12"):
            room = bot.room(alice, room_version=version)
            asked = [alice.send(room, QUESTION) for _ in range(6)]
            alice.until(lambda _, e: replies_to(e) == asked[-1], what="the last answer")
            t.expect([replies_to(e) for e in answers(alice, room, bot)], asked, version)
            alice.edit(room, asked[0], "Combien de temps ça prend ?")
            alice.redact(room, asked[1])
            bot.ask(alice, room)


def test_c9_server_notices():
    """The server's own room and messages of its own kind are not answered, nor left."""
    server, alice, bot, room = scene()
    with bot:
        for _ in range(2):
            server.admin.ok("POST", f"{ADMIN}/v1/send_server_notice", {
                "user_id": bot.user, "content": {"msgtype": "m.text", "body": QUESTION}})
        alice.send(room, {"msgtype": "m.server_notice", "body": QUESTION})
        quiet(alice, room, bot)
        for other in bot.account.ok("GET", V3 + "/joined_rooms")["joined_rooms"]:
            if other != room:
                t.expect([e["content"] for e in bot.account.history(other) if e["sender"] == bot.user and
                          e["type"] == "m.room.message"], [])


def crowded(room, number):
    """For the proxy: a sync answer whose room comes with as many members, as from a server that loads none of them lazily;
    and the sizes of the answers."""
    came = []

    def change(data):
        answer = json.loads(data)
        joined = answer.get("rooms", {}).get("join", {}).get(room)
        if joined:
            joined.setdefault("state", {}).setdefault("events", []).extend(
                {"type": "m.room.member", "state_key": f"@m{i}:mx.test", "sender": f"@m{i}:mx.test", "event_id": f"$m{i}",
                 "origin_server_ts": 1, "content": {"membership": "join", "displayname": f"Member {i} " + "é" * 40}}
                for i in range(number))
        came.append(len(json.dumps(answer)))
        return json.dumps(answer)
    return change, came


@t.mark(limit=90)
def test_c10_large_room():
    """A room of many members costs next to nothing, and its names are not fetched one by one: 100 real members, and 2,000
    that the proxy puts into the answer that the bot gets when it joins, as they would come from a server that sends all.
    (That many real ones take the homeserver minutes to register.)"""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        alice, account = server.users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            bot.ask(alice, bot.room(alice))
            before = bot.figures()["RssAnon"]
            room = alice.create(preset="public_chat")
            for _ in range(100):
                server.user("m").join(room)
            crowd, came = crowded(room, 2000)
            proxy.fault("GET .*/sync", "garble", times=10 ** 6, body=crowd)
            alice.act("invite", room, user_id=bot.user)
            bot.joined(alice, room)
            requests = len(proxy.log)
            bot.ask(alice, room, mention(bot.user))
            t.expect(len(proxy.log) - requests < 25, True, [p.path[:90] for p in proxy.log[requests:]])
            t.expect(max(came) > 400000, True, f"bytes of the answers: {came}")
            proxy.heal()
            bot.ask(alice, room, mention(bot.user))
            t.expect(bot.figures()["RssAnon"] - before < 1500, True, f"kB: {bot.figures()['RssAnon']} after {before}")
