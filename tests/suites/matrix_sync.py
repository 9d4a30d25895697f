# SPDX-License-Identifier: MIT
"""matrix_sync.py - rows B of the Matrix connector: reading from the homeserver, through all that can come instead of an
answer. What the homeserver does by itself is done by a real one; the proxy before it does the rest."""
import json
import os
import signal
import time

import harness as t
from matrix import synapse
from matrix.bot import ANSWER, QUESTION, Bot, answers, quiet, replies_to, said, scene
from matrix.client import V3, quote
from matrix.proxy import Proxy

GROUP = {"direct": False}


def mention(user, text=QUESTION):
    return {"msgtype": "m.text", "body": text, "m.mentions": {"user_ids": [user]}}


def behind(proxy, **settings):
    """A person, a bot that sees the shared server through the proxy, and their direct chat."""
    alice, account = synapse.shared().users("alice", "bot")
    bot = Bot(account, proxy.base, **settings).start()
    return alice, bot, bot.room(alice)


def changed(change):
    """For the proxy: the answer as JSON, changed."""
    def body(data):
        answer = json.loads(data)
        return json.dumps(change(answer) or answer)
    return body


def events_of(answer):
    """The message events of a sync answer."""
    for room in answer.get("rooms", {}).get("join", {}).values():
        for event in room.get("timeline", {}).get("events", []):
            if event.get("type") == "m.room.message":
                yield event


def test_b1_filter():
    """A filter that the server keeps: few types, 50 events, lazy members, no presence; made again when it is unknown."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, poll_seconds=2)
        with bot:
            made = proxy.seen("POST .*/filter")
            t.expect(len(made), 1)
            what = json.loads(made[0].body)
            t.expect(40 <= what["room"]["timeline"]["limit"] <= 100, True, what)
            t.expect_in("m.room.message", what["room"]["timeline"]["types"])
            t.expect("m.receipt" in json.dumps(what) or "m.typing" in json.dumps(what), False, what)
            t.expect(what["room"]["state"].get("lazy_load_members"), True, what)
            for part in (what["presence"], what["room"]["ephemeral"]):
                t.expect(part.get("types") == [] or part.get("limit") == 0 or part.get("not_types") == ["*"], True, what)
            identity = json.loads(made[0].answer)["filter_id"]
            t.expect(all(f"filter={identity}" in p.path for p in proxy.seen("/sync")), True)
            proxy.fault("GET .*/sync", "status", status=400, body={"errcode": "M_INVALID_PARAM", "error": "No such filter"})
            bot.ask(alice, room)
            proxy.wait("POST .*/filter", 2)
            bot.ask(alice, room)


@t.mark(limit=90)
def test_b2_a_sync_that_hangs():
    """The client's own limits end it; so does a server that stands still for a while."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, poll_seconds=1, request_seconds=1)
        with bot:
            proxy.fault("GET .*/sync", "hang", seconds=60, times=2)
            begin = time.monotonic()
            bot.ask(alice, room)
            t.expect(time.monotonic() - begin < 12, True, "too slow")
            proxy.fault("PUT .*/send/", "hang", seconds=60)
            bot.ask(alice, room)
    with synapse.Synapse(t.here("synapse")) as server:
        alice, account = server.users("alice", "bot")
        with Bot(account, poll_seconds=1, request_seconds=1) as bot:
            room = bot.room(alice)
            os.kill(server.process.pid, signal.SIGSTOP)
            time.sleep(5)
            os.kill(server.process.pid, signal.SIGCONT)
            bot.ask(alice, room)


def test_b4_first_sync_is_silent():
    """What was said before the first start is not answered: 20 questions."""
    alice, account = synapse.shared().users("alice", "bot")
    room = alice.create([account.user], direct=True)
    account.join(room)
    for _ in range(20):
        alice.send(room, QUESTION)
    with Bot(account) as bot:
        time.sleep(1)
        t.expect(said(alice, room, bot), [])
        bot.ask(alice, room)
        t.expect(len(said(alice, room, bot)), 1)
        t.expect(len(bot.records("matrix_first_sync")), 1)


def test_b5_said_before_it_joined():
    server, alice, bot, _ = scene()
    with bot:
        for direct in (True, False):
            room = alice.create(direct=direct)
            early = alice.send(room, mention(bot.user))
            alice.act("invite", room, user_id=bot.user)
            bot.joined(alice, room)
            late = bot.ask(alice, room, mention(bot.user))
            time.sleep(0.5)
            t.expect([replies_to(e) == early for e in answers(alice, room, bot)], [False], late)


def test_b6_stale_questions():
    """After a pause only what is young is answered; the sender's clock is not trusted."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, max_age_seconds=3)
        with bot:
            bot.stop()
            old = alice.send(room, QUESTION)
            time.sleep(4.5)
            young = alice.send(room, QUESTION)
            bot.start()
            bot.wait_for("matrix_stale")
            alice.until(lambda _, e: replies_to(e) == young, what="the answer to the young question")
            quiet(alice, room, bot)
            t.expect(answers(alice, room, bot, old), [])

            def clock(by):
                def change(answer):
                    for event in events_of(answer):
                        event["origin_server_ts"] += by * 1000
                        event.get("unsigned", {}).pop("age", None)
                return changed(change)
            day = 86400
            proxy.fault("GET .*/sync", "garble", times=100, body=clock(+3650 * day))
            bot.stop()
            bot.start()
            bot.ask(alice, room)  # from the future: as young as can be
            proxy.heal()
            bot.stop()
            proxy.fault("GET .*/sync", "garble", times=100, body=clock(-3650 * day))
            bot.start()
            before = len(answers(alice, room, bot))
            alice.send(room, QUESTION)
            bot.wait_for("matrix_stale")
            t.expect(len(answers(alice, room, bot)), before)


def test_b7_the_same_batch_again():
    """The server gives the same events again, at once and after a restart."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy)
        with bot:
            kept = []

            def keep(data):
                if any(event["sender"] == alice.user for event in events_of(json.loads(data))):
                    kept.append(data)
                return data
            proxy.fault("GET .*/sync", "garble", times=1000, body=keep)
            for _ in range(2):  # the first may come with a poll that was under way
                bot.ask(alice, room)
            proxy.heal()
            for restart in (False, True):
                if restart:
                    bot.stop()
                    proxy.fault("GET .*/sync", "garble", times=3, body=kept[0])
                    bot.start()
                else:
                    proxy.fault("GET .*/sync", "garble", times=3, body=kept[0])
                quiet(alice, room, bot)


@t.mark(limit=90)
def test_b8_gap():
    """A hundred messages while it was away, the question at the third place: it is found. Of a gap that is too long only
    the end is fetched, and the log says so."""
    _, alice, bot, _ = scene()
    with bot:
        room = bot.room(alice, direct=False)
        bot.ask(alice, room, mention(bot.user))
        bot.stop()
        wanted = []
        for number in range(100):
            if number in (2, 97):
                wanted.append(alice.send(room, mention(bot.user)))
            else:
                alice.send(room, f"chatter {number}")
        bot.start()
        bot.wait_for("matrix_gap")
        for question in wanted:
            alice.until(lambda _, e: replies_to(e) == question, what="the answer to a question in the gap")
        t.expect([replies_to(e) for e in answers(alice, room, bot)][1:], wanted, "their order")
        bot.stop()
        far = alice.send(room, mention(bot.user))
        for number in range(260):
            alice.send(room, f"chatter {number}")
        bot.start()
        t.expect_in(f"{room}: only the newest 200 of the missed events are read", bot.wait_for("matrix_gap_cut"))
        bot.ask(alice, room, mention(bot.user))
        t.expect(answers(alice, room, bot, far), [])


ODD = [
    {}, {"rooms": None}, {"rooms": []}, {"rooms": {}}, {"rooms": {"join": []}}, {"rooms": {"join": {"!x": None}}},
    {"rooms": {"join": {"!x:y": {"timeline": []}}}}, {"rooms": {"join": {"!x:y": {"timeline": {"events": {}}}}}},
    {"rooms": {"join": {"!x:y": {"timeline": {"events": [None, 1, "a", [], {}]}, "state": 3}}}},
    {"rooms": {"invite": {"!x:y": {"invite_state": {"events": [{"type": 1}]}}}, "leave": {"!z": 0}, "knock": {}}},
    {"presence": "x", "account_data": 3, "to_device": [], "device_lists": {"changed": 1}, "of the future": {"a": [1]}},
    {"rooms": {"join": {"!x:y": {"timeline": {"events": [{
        "type": "m.room.message", "event_id": 7, "sender": [], "content": "x", "origin_server_ts": "y"}]}}}}},
]


def test_b9_keys_missing_or_odd():
    """Every key may be missing, of another type, or unknown; an empty poll has next to none."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, poll_seconds=1)
        with bot:
            for odd in ODD:
                proxy.fault("GET .*/sync", "garble", body=changed(lambda a, odd=odd: {"next_batch": a["next_batch"], **odd}))
            proxy.wait("GET .*/sync", len(proxy.log) + len(ODD), seconds=40)
            bot.ask(alice, room)
            time.sleep(2.5)  # polls with nothing in them
            bot.ask(alice, room)
            t.expect(bot.records("matrix_sync_failed"), [])


BROKEN = [b'{"next_batch": "', b"<html>busy</html>", b"", b"[]", b"null", b'"x"', b"{", b"\x00\xff\xfe", b"[" * 100000,
          b'{"a":' * 100000]


@t.mark(limit=120)
def test_b10_answers_that_cannot_be_read():
    """Twice what is no JSON is asked for again; what stays unreadable is passed over with its next_batch, loudly."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, poll_seconds=1)
        with bot:
            for broken in BROKEN:
                proxy.fault("GET .*/sync", "garble", body=broken)
                bot.ask(alice, room)
            for number in ("9223372036854775808", "1e400", '"\\ud800"', '"\\udc00 \\ud800"', '{"\\u0000k": 1}', "-"):
                def put_in(data, number=number):
                    return data.replace(b'"next_batch":', b'"poison":' + number.encode() + b',"next_batch":', 1)
                proxy.fault("GET .*/sync", "garble", times=4, body=put_in)
                proxy.wait("GET .*/sync", len(proxy.seen("GET .*/sync")) + 3, seconds=30)
                proxy.heal()
                bot.ask(alice, room)
            bot.wait_for("matrix_poison")


@t.mark(limit=90)
def test_b11_large_answers():
    """gzip is asked for where answers may be large, and taken everywhere; what is larger than the cap fails cleanly, also
    when it is only large once unpacked."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        for _ in range(20):
            room = alice.create([account.user], direct=True, topic="t" * 2000)
            account.join(room)
        bot = Bot(account, proxy.base, "large", max_first_sync_bytes=20000).start(wait=False)
        try:
            bot.wait_for("matrix_sync_failed")
            time.sleep(1)
            t.expect(bot.records("matrix_ready"), [])
            bot.stop()
            bot.configure(max_first_sync_bytes=None)
            bot.start()
            bot.ask(alice, room)
        finally:
            bot.kill()
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy)
        with bot:
            bot.ask(alice, room)
            t.expect_in("gzip", proxy.seen("/sync")[0].headers["Accept-Encoding"])
            for small in ("GET .*/sync.*since=", "PUT .*/send/"):
                t.expect(proxy.seen(small)[-1].headers["Accept-Encoding"], "identity", small)
            memory = bot.figures()["VmHWM"]
            for more in ({"size": 64 << 20}, {"size": 1 << 30, "gzip": True}):
                proxy.fault("GET .*/sync", "bomb", **more)
                bot.ask(alice, room)
            t.expect(bot.figures()["VmHWM"] - memory < 24 * 1024, True, "kB more at its peak")


@t.mark(limit=90)
def test_b12_back_off():
    """A server that is away, or answers every request with an error, is left alone more and more, and found again."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, retry_ms=1000, retry_max_ms=12000)
        with bot:
            for how in ("refuse", "error"):
                before, logged = proxy.connections + len(proxy.log), len(bot.records("matrix_sync_failed"))
                if how == "refuse":
                    proxy.refuse()
                else:
                    proxy.fault("", "status", times=10 ** 6, status=502, body="<html>")
                start, cpu = time.monotonic(), bot.figures()["cpu"]
                question = alice.send(room, QUESTION)
                time.sleep(15)
                tries = proxy.connections + len(proxy.log) - before
                t.expect(tries <= (7 if how == "refuse" else 14), True, f"{tries} tries in 15 s ({how})")
                t.expect(bot.figures()["cpu"] - cpu < 0.15, True, "CPU seconds in 15 s")
                lines = len(bot.records("matrix_sync_failed")) - logged  # jitter decides how many tries fit into 15 s
                t.expect(1 <= lines <= 6, True, f"{lines} lines of the log that the server is away ({how})")
                proxy.heal()
                alice.until(lambda _, e: replies_to(e) == question, 20, f"the answer {time.monotonic() - start}")


def test_b13_a_server_that_answers_at_once():
    """The same next_batch, at once, for ever: no busy loop."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, poll_seconds=5)
        with bot:
            proxy.fault("GET .*/sync", "garble", times=10 ** 6, body=changed(lambda a: {"next_batch": "s1"}))
            alice.send(room, "x")
            time.sleep(1)
            before, cpu = len(proxy.seen("/sync")), bot.figures()["cpu"]
            proxy.heal()
            proxy.fault("GET .*/sync", "status", times=10 ** 6, status=200, body={"next_batch": "s1"})
            time.sleep(6)
            t.expect(len(proxy.seen("/sync")) - before <= 12, True, f"{len(proxy.seen('/sync')) - before} requests in 6 s")
            t.expect(bot.figures()["cpu"] - cpu < 0.1, True)


def test_b14_a_since_that_is_refused():
    """The server was restored from an old backup, say: a new first sync, silent, and on."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy, poll_seconds=1)
        with bot:
            bot.ask(alice, room)
            proxy.fault("GET .*/sync", "garble", body=changed(lambda a: a.update(next_batch="of_another_server")))
            bot.wait_for("matrix_since_refused")
            proxy.wait("GET .*/sync", len(proxy.seen("/sync")) + 1)
            time.sleep(1)
            t.expect(len(answers(alice, room, bot)), 1)
            bot.ask(alice, room)


def test_b15_presence():
    server, alice, bot, room = scene()
    with bot:
        where = f"{V3}/presence/{quote(bot.user)}/status"
        t.expect(alice.ok("GET", where)["presence"], "offline")
        bot.stop()
        bot.configure(presence="online")
        bot.start()
        t.wait_for(lambda: alice.ok("GET", where)["presence"] == "online", what="not online")


def test_b16_rooms_do_not_wait_for_each_other():
    """The server is slow to take the answer in one room; in the other it goes on, and each keeps its order."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, slow = behind(proxy)
        with bot:
            fast = bot.room(alice)
            proxy.fault(f"PUT .*{quote(slow)}/send/", "delay", times=1, seconds=4)
            asked = [alice.send(slow, QUESTION) for _ in range(3)]
            begin = time.monotonic()
            for _ in range(3):
                bot.ask(alice, fast)
            t.expect(time.monotonic() - begin < 3, True, "the fast room waited")
            alice.until(lambda _, e: replies_to(e) == asked[-1], what="the last answer")
            t.expect([replies_to(e) for e in answers(alice, slow, bot)], asked)


def test_b17_one_process_an_account():
    _, alice, bot, room = scene()
    with bot:
        second = Bot(bot.account)
        second.starts = 50
        second.start(wait=False)
        t.expect(second.ended(10) != 0, True)
        t.expect_in("another process", second.said())
        bot.ask(alice, room)


def test_b18_stop():
    """SIGTERM while it works: soon over, nothing lost, nothing doubled, still logged in."""
    with Proxy(synapse.shared().base) as proxy:
        alice, bot, room = behind(proxy)
        with bot:
            asked = []
            for number in range(4):
                proxy.fault("PUT .*/send/", "late", seconds=0.5)
                asked += [alice.send(room, QUESTION) for _ in range(5)]
                begin = time.monotonic()
                t.expect(bot.stop(), 0)
                t.expect(time.monotonic() - begin < 3.5, True, "slow to stop")
                bot.start()
            alice.until(lambda _, e: replies_to(e) == asked[-1], 30, "the last answer")
            t.expect([replies_to(e) for e in answers(alice, room, bot)], asked)
            t.expect(len(proxy.seen("POST .*/login")), 1)
            t.expect(proxy.seen("POST .*/logout"), [])
            t.expect_in(ANSWER, answers(alice, room, bot)[0]["content"]["body"])
