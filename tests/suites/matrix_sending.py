# SPDX-License-Identifier: MIT
"""matrix_sending.py - rows E of the Matrix connector: what its messages look like, and what it does when the homeserver
does not take them."""
import html.parser
import json
import time

import harness as t
from matrix import synapse
from matrix.bot import ANSWER, QUESTION, Bot, answers, quiet, relation, replies_to, scene
from matrix.client import V3, quote
from matrix.people import Human
from matrix.proxy import Proxy

CHOICES = "et en hiver ?"
ALLOWED = {"p", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote", "code", "sup", "small", "span", "div", "h4"}


def mention(user, text=QUESTION):
    return {"msgtype": "m.text", "body": text, "m.mentions": {"user_ids": [user]}}


class Html(html.parser.HTMLParser):
    """Closed tags, allowed ones only, links that are safe."""

    def __init__(self, text):
        super().__init__()
        self.open, self.deepest = [], 0
        self.feed(text)
        self.close()
        t.expect(self.open, [], f"not closed: {text}")

    def handle_starttag(self, tag, attrs):
        t.expect(tag in ALLOWED, True, f"<{tag}>")
        for name, value in attrs:
            t.expect((tag, name) in {("a", "href"), ("ol", "start")}, True, f"<{tag} {name}>")
            if name == "href":
                t.expect(value.split(":")[0] in ("http", "https", "mailto"), True, value)
        if tag != "br":
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag):
        t.expect(self.open.pop() if self.open else None, tag)


def well_formed(event, bot, room_mates):
    """What holds for everything that the bot sends."""
    content = event["content"]
    t.expect(content["msgtype"], "m.notice")
    t.expect(isinstance(content["body"], str) and bool(content["body"].strip()), True)
    mentions = content["m.mentions"]
    t.expect(set(mentions) <= {"user_ids"} and set(mentions.get("user_ids", [])) <= set(room_mates), True, mentions)
    t.expect(content["body"].startswith("> "), False, "the fallback of old times")
    t.expect("<mx-reply>" in content.get("formatted_body", ""), False)
    t.expect(len(json.dumps(content, ensure_ascii=False).encode()) < 60000, True)
    t.expect("formatted_body" in content, "format" in content)
    if "format" in content:
        t.expect(content["format"], "org.matrix.custom.html")
        Html(content["formatted_body"])


def test_e2_e3_e5_e12_the_form_of_an_answer():
    """A notice with body and HTML, mentions always set, nothing of the question in it."""
    _, alice, bot, room = scene()
    with bot:
        for text in (QUESTION, "Combien de temps ça prend ?", CHOICES, "Quel est le prix ?", "Mon compost fume !",
                     "<b>@room</b> <img src=x onerror=1> " + QUESTION, "[x](javascript:1) frzbl & < > \" '"):
            event = bot.ask(alice, room, text)
            well_formed(event, bot, [alice.user])
            for echo in ("@room", "onerror", "javascript", "frzbl"):
                t.expect(echo in json.dumps(event["content"]), False, event["content"])
        event = bot.ask(alice, room)
        t.expect_in(ANSWER, event["content"]["body"])
        t.expect_in("https://garden.example/compost?a=1&b=2", event["content"]["body"])
        t.expect_in('href="https://garden.example/compost?a=1&amp;b=2"', event["content"]["formatted_body"])


@t.mark(limit=90)
def test_e2_notifications():
    """A notice does not count as unread; m.text, where the operator wants it, does; neither lights a room up for those
    who did not ask."""
    server = synapse.shared()
    alice, bob, account = server.users("alice", "bob", "bot")
    human = Human(bob)
    for number, (msgtype, total) in enumerate((("m.notice", 0), ("m.text", 1))):
        with Bot(account, folder=f"bot{number}", msgtype=msgtype) as bot:
            room = bot.room(alice, direct=False, invite=[bob.user])
            human.do("join", room=room)
            question = alice.send(room, mention(bot.user))
            human.event(lambda e: e["room"] == room and replies_to(e) == question)
            time.sleep(0.7)
            joined = bob.whole()["rooms"]["join"][room]["unread_notifications"]
            t.expect(joined, {"notification_count": 1 + total, "highlight_count": 0}, msgtype)
    human.quit()


@t.mark(limit=90)
def test_e4_replies_and_threads():
    """A reply to the question; inside a thread, in the thread, with the question replied to; the thread's root is never an
    event that is itself a part of something."""
    _, alice, bot, room = scene()
    with bot:
        question = alice.send(room, QUESTION)
        event = alice.until(lambda _, e: replies_to(e) == question)
        t.expect(relation(event), {"m.in_reply_to": {"event_id": question}})
        root = alice.send(room, {"msgtype": "m.notice", "body": "about heaps"})
        inside = alice.relate(room, QUESTION, rel_type="m.thread", event_id=root, is_falling_back=True,
                              **{"m.in_reply_to": {"event_id": root}})
        event = alice.until(lambda _, e: replies_to(e) == inside)
        t.expect(relation(event), {"rel_type": "m.thread", "event_id": root, "is_falling_back": False,
                                   "m.in_reply_to": {"event_id": inside}})
        deeper = alice.relate(room, "Quel est le prix ?", rel_type="m.thread", event_id=root, is_falling_back=False,
                              **{"m.in_reply_to": {"event_id": event["event_id"]}})
        event = alice.until(lambda _, e: replies_to(e) == deeper)
        t.expect(relation(event)["event_id"], root)
        answered = alice.reply(room, event["event_id"], "Combien de temps ça prend ?")  # a reply, outside the thread
        event = alice.until(lambda _, e: replies_to(e) == answered)
        t.expect(relation(event).get("rel_type"), None)


def test_e6_size():
    """Everything sent stays far below what an event may hold: the longest answer of the pack, three questions at once."""
    _, alice, bot, room = scene()
    with bot:
        for text in ("la liste de ce que je peux jeter", f"{QUESTION} Quel est le prix ? Combien de temps ça prend ?"):
            well_formed(bot.ask(alice, room, text), bot, [alice.user])


def test_e6_too_large():
    """A server that takes less than ours: it tries something shorter and plain, once, and goes on."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            proxy.fault("PUT .*/send/m.room.message", "status", status=413, body={"errcode": "M_TOO_LARGE"})
            event = bot.ask(alice, room)
            t.expect("formatted_body" in event["content"], False)
            proxy.fault("PUT .*/send/m.room.message", "status", times=6, status=413, body={"errcode": "M_TOO_LARGE"})
            alice.send(room, QUESTION)
            bot.wait_for("matrix_send_given_up")
            proxy.heal()
            well_formed(bot.ask(alice, room), bot, [alice.user])


@t.mark(limit=90)
def test_e7_r05_several_rooms_at_a_time():
    """As many events on their way as the settings say, one at most in each room; and while more wait, the server is not
    asked for news after each of them."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        with Bot(account, proxy.base, sends=4, receipts=False, typing=False) as bot:
            rooms = [bot.room(alice) for _ in range(10)]
            bot.stop()
            asked = {room: [alice.send(room, QUESTION) for _ in range(3)] for room in rooms}
            proxy.fault("PUT .*/send/", "delay", times=10 ** 6, seconds=0.4)
            proxy.log.clear()
            bot.start()
            for room in rooms:
                bot.wait_until(lambda room=room: len(answers(alice, room, bot)) == 3, 30)
                t.expect([replies_to(e) for e in answers(alice, room, bot)], asked[room])
            sends = sorted((p.at, p.done, p.path.split("/rooms/")[1].split("/")[0]) for p in proxy.seen("PUT .*/send/"))
            t.expect(len(sends), 30)
            at_once = [[room for at, done, room in sends if at <= moment < done] for moment, _, _ in sends]
            t.expect(max(map(len, at_once)), 4, "events on their way")
            t.expect(max(len(found) - len(set(found)) for found in at_once), 0, "two in one room")
            end = sends[-12][0]  # until then more waited than twice what may be on its way
            polls = [p for p in proxy.seen("GET .*/sync", sends[0][0]) if p.at < end]
            t.expect(len(polls) <= end - sends[0][0] + 1, True, f"{len(polls)} polls in {end - sends[0][0]:.1f} s")


@t.mark(limit=120)
def test_e7_limits_of_the_homeserver():
    """Sixteen questions at once, in two rooms, where the homeserver takes a burst of five and then two a second (its default
    is one in five seconds, which would take minutes): all are answered, with few refusals, and in their order."""
    limits = {"rc_message": {"per_second": 2, "burst_count": 5}}
    with synapse.Synapse(t.here("synapse"), **limits) as server, Proxy(server.base) as proxy:
        account = server.user("bot")
        people = server.users("alice", "bob")
        for someone in people:  # people may ask as fast as they like here; it is the bot that is throttled
            server.admin.ok("POST", f"/_synapse/admin/v1/users/{quote(someone.user)}/override_ratelimit",
                            {"messages_per_second": 0, "burst_count": 0})
        with Bot(account, proxy.base, receipts=False, typing=False) as bot:
            rooms = [(someone, bot.room(someone)) for someone in people]
            asked = {room: [someone.send(room, QUESTION) for _ in range(8)] for someone, room in rooms}
            for someone, room in rooms:
                someone.until(lambda _, e, last=asked[room][-1]: replies_to(e) == last, 60, "the last answer")
                t.expect([replies_to(e) for e in answers(someone, room, bot)], asked[room])
            sent = proxy.seen("PUT .*/send/")
            refused = [p for p in sent if p.status == 429]
            t.expect(len(refused) <= len(sent) / 2, True, f"{len(refused)} of {len(sent)} refused")
            bot.wait_for("matrix_throttled")


def test_e7_waits_as_told():
    """Retry-After in seconds or as a date, retry_after_ms, or nothing: it waits as long as that, with the same
    transaction id; other rooms go on."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            for headers, body, least in (({"Retry-After": "2"}, {"errcode": "M_LIMIT_EXCEEDED"}, 2.0),
                                         ({}, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}, 1.5),
                                         ({"Retry-After": "1"}, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 20}, 1.0),
                                         ({}, "<html>too many", 0.03)):
                mark = time.monotonic()
                proxy.fault("PUT .*/send/m.room.message", "status", status=429, headers=headers, body=body)
                bot.ask(alice, room)
                tries = proxy.seen("PUT .*/send/m.room.message", mark)
                t.expect(len(tries), 2)
                t.expect(tries[1].at - tries[0].at >= least, True, f"{tries[1].at - tries[0].at} s for {headers} {body}")
                t.expect(tries[0].path, tries[1].path)
                t.expect(tries[0].body, tries[1].body)


@t.mark(limit=90)
def test_e8_gives_up():
    """What fails for longer than it is worth is given up, with a line in the log; the room goes on."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        with Bot(account, proxy.base, give_up_seconds=3) as bot:
            room = bot.room(alice)
            given_up = 0
            for status in (500, 504):
                proxy.fault("PUT .*/send/", "status", times=10 ** 6, status=status, body="<html>")
                lost = alice.send(room, QUESTION)
                bot.wait_for("matrix_send_given_up", 15, count=given_up + 1)
                given_up += 1
                tries = proxy.seen("PUT .*/send/m.room.message")
                t.expect(len({p.path for p in tries}) == 1 and len(tries) < 20, True, f"{len(tries)} tries")
                proxy.heal()
                bot.ask(alice, room)
                t.expect(answers(alice, room, bot, lost), [])
                proxy.log.clear()


@t.mark(limit=90)
def test_e9_muted():
    """Not allowed to speak: it is silent until that changes, and tries no message over and over. A message that is refused
    for what it is, is never tried again. A server that is full raises an alarm with whom to ask."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            power = alice.ok("GET", f"{V3}/rooms/{quote(room)}/state/m.room.power_levels")
            alice.state(room, "m.room.power_levels", {**power, "events_default": 50})
            for _ in range(5):
                alice.send(room, QUESTION)
            bot.wait_for("matrix_muted")
            time.sleep(1)
            t.expect(len(proxy.seen("PUT .*/send/m.room.message")) <= 2, True, "tries while it is muted")
            alice.state(room, "m.room.power_levels", {**power, "events_default": 0})
            time.sleep(0.3)
            bot.ask(alice, room)
            proxy.log.clear()
            proxy.fault("PUT .*/send/m.room.message", "status", status=400, body={"errcode": "M_BAD_JSON"})
            alice.send(room, QUESTION)
            bot.wait_for("matrix_send_given_up")
            t.expect(len(proxy.seen("PUT .*/send/m.room.message")), 1)
            for errcode in ("M_RESOURCE_LIMIT_EXCEEDED", "M_USER_LIMIT_EXCEEDED"):
                bot.stop()
                bot.configure(locked_seconds=1)  # the pause, until the next try
                bot.start()
                proxy.fault("PUT .*/send/m.room.message", "status", status=403, body={
                    "errcode": errcode, "admin_contact": "mailto:root@mx.test", "info_uri": "https://mx.test/limits"})
                question = alice.send(room, QUESTION)
                alarm = bot.wait_for("matrix_resource_limit")
                t.expect("root@mx.test" in alarm or "https://mx.test/limits" in alarm, True, alarm)
                alice.until(lambda _, e, question=question: replies_to(e) == question, what="the answer after the pause")


@t.mark(limit=120)
def test_e10_r17_too_many_questions():
    """One person's two hundred questions: so many answers a minute, one line that says so, then silence; another person in
    another room does not notice."""
    server = synapse.shared()
    alice, bob, account = server.users("alice", "bob", "bot")
    with Bot(account, user_per_minute=10, room_per_minute=10) as bot:
        room, other = bot.room(alice), bot.room(bob)
        begin = time.monotonic()
        for _ in range(200):
            alice.send(room, QUESTION)
        bot.ask(bob, other)
        bot.wait_for("matrix_limit")
        time.sleep(2)
        found = answers(alice, room, bot)
        minutes = 1 + int((time.monotonic() - begin) // 60)  # one, unless the machine is very busy
        right = [e for e in found if ANSWER in e["content"]["body"]]
        t.expect(10 <= len(right) <= 10 * minutes, True, f"{len(right)} answers in {minutes} min")
        t.expect(11 <= len(found) <= 11 * minutes, True, [e["content"]["body"][:60] for e in found[10:]])


def test_e11_receipts_and_typing():
    """The question is marked as read once it is handled; typing only shows while it takes long, and is switched off; both
    can be left out, and neither is sent where it does not serve."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            room, group = bot.room(alice), bot.room(alice, direct=False)
            question = replies_to(bot.ask(alice, room))
            alice.until(lambda where, e: where == room and e["type"] == "m.receipt" and
                        bot.user in str(e["content"].get(question, {})), what="the receipt")
            t.expect(proxy.seen("PUT .*/typing/"), [])
            alice.send(group, QUESTION)
            proxy.fault("PUT .*/send/m.room.message", "status", times=1, status=429, headers={"Retry-After": "3"})
            bot.ask(alice, room)
            said = [json.loads(p.body)["typing"] for p in proxy.seen("PUT .*/typing/")]
            if said:
                t.expect((said[0], said[-1]), (True, False), "typing is left on")
            t.expect(proxy.seen(f"POST .*{quote(group)}/receipt"), [])
            bot.stop()
            bot.configure(receipts=False, typing=False)
            bot.start()
            before = len(proxy.seen("receipt|typing"))
            quiet(alice, room, bot)
            t.expect(len(proxy.seen("receipt|typing")), before)


def test_a_server_that_refuses_one_kind():
    """Reactions to choose by are the first thing to go when the server has had enough; the answer still comes."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            proxy.fault("PUT .*/send/m.reaction", "status", times=20, status=429,
                        body={"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 500})
            begin = time.monotonic()
            bot.ask(alice, room, CHOICES)
            bot.ask(alice, room)
            t.expect(time.monotonic() - begin < 8, True, "answers waited for reactions")
