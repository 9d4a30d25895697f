# SPDX-License-Identifier: MIT
"""matrix_reading.py - rows D of the Matrix connector: what is a question to the bot, and what is not; hostile messages."""
import re
import time

import harness as t
from matrix import synapse
from matrix.bot import ANSWER, QUESTION, Bot, answers, is_answer, quiet, relation, replies_to, said, scene
from matrix.client import V3, quote
from matrix.people import Human
from matrix.proxy import Proxy


def mention(user, text=QUESTION):
    return {"msgtype": "m.text", "body": text, "m.mentions": {"user_ids": [user]}}


def test_d1_kinds_of_messages():
    """m.text only, with a string for a body; m.emote if configured; a notice never, whatever it asks."""
    _, alice, bot, room = scene()
    with bot:
        for msgtype in ("m.notice", "m.emote", "m.location", "org.example.odd"):
            alice.send(room, {"msgtype": msgtype, "body": QUESTION, "geo_uri": "geo:1,1"})
        time.sleep(1)
        t.expect([e for e in answers(alice, room, bot) if ANSWER in e["content"]["body"]], [])
        bot.ask(alice, room)
        bot.stop()
        bot.configure(emotes=True)
        bot.start()
        bot.ask(alice, room, {"msgtype": "m.emote", "body": QUESTION}, holds=ANSWER)
        alice.send(room, {"msgtype": "m.notice", "body": QUESTION})
        quiet(alice, room, bot)


def test_d2_own_messages():
    """Of all its devices: what this user writes is never a question."""
    _, alice, bot, room = scene(msgtype="m.text")
    with bot:
        bot.account.send(room, QUESTION)
        time.sleep(1)
        t.expect([e for e in answers(alice, room, bot) if ANSWER in e["content"]["body"]], [])
        bot.ask(alice, room)


@t.mark(limit=120)
def test_d3_r17_two_bots():
    """A second bot that answers everything with m.text: it comes to an end by itself, in a room, in a thread, and for one
    that is on the list to be ignored, at once. Messages of another faqd are known by their mark."""
    server = synapse.shared()
    alice, account, other, ignored = server.users("alice", "bot", "echo", "ignored")
    echo = Human(other, "nio", "--echo")
    with Bot(account, msgtype="m.text", loop_turns=8, room_per_minute=10, user_per_minute=10, ignore_users=[ignored.user],
             rooms={}) as bot:
        room = bot.room(alice, direct=True, invite=[other.user])
        echo.do("join", room=room)
        alice.send(room, QUESTION)
        deadline = time.monotonic() + 40
        last, at = 0, time.monotonic()
        while time.monotonic() < deadline and time.monotonic() - at < 4:
            now = len(answers(alice, room, bot))
            if now != last:
                last, at = now, time.monotonic()
            time.sleep(0.2)
        t.expect(time.monotonic() - at >= 4, True, "it did not end")
        t.expect(last <= 11, True, f"{last} answers")
        own = bot.room(ignored)
        ignored.send(own, QUESTION)
        own_mark = next(e for e in alice.history(room) if e["sender"] == bot.user and e["type"] == "m.room.message")
        mark = {k: v for k, v in own_mark["content"].items() if "automatic" in k}
        t.expect(len(mark), 1, own_mark)
        bob = server.user("bob")
        chat = bot.room(bob)
        bob.send(chat, {"msgtype": "m.text", "body": QUESTION, **mark})
        quiet(bob, chat, bot)
        t.expect(answers(ignored, own, bot), [])
    echo.quit()


@t.mark(limit=90)
def test_d4_edits():
    """An edit is no new question; the answer is corrected by an edit of its own, once, for the same person only, and with
    the new text, not the one that begins with a star. Edits of edits and of old questions change nothing."""
    server, alice, bot, _ = scene()
    with bot:
        bob = server.user("bob")
        room = bot.room(alice, direct=True, invite=[bob.user])
        bob.join(room)
        question = alice.send(room, QUESTION)
        first = alice.until(lambda _, e: replies_to(e) == question)
        bob.send(room, {"msgtype": "m.text", "body": "* x", "m.new_content": {"msgtype": "m.text", "body": "le prix ?"},
                        "m.relates_to": {"rel_type": "m.replace", "event_id": question}})
        alice.edit(room, question, "Combien de temps ça prend ?")
        edit = alice.until(lambda _, e: relation(e).get("rel_type") == "m.replace" and e["sender"] == bot.user,
                           what="the edit of the answer")
        t.expect(relation(edit)["event_id"], first["event_id"])
        t.expect_in("9 mois", edit["content"]["m.new_content"]["body"])
        alice.edit(room, question, "Quel est le prix ?")  # a second time
        alice.edit(room, edit["event_id"], "le prix")
        quiet(alice, room, bot)
        edits = [e for e in alice.history(room) if e["sender"] == bot.user and relation(e).get("rel_type") == "m.replace"]
        t.expect(len(edits), 1)
        t.expect(len(answers(alice, room, bot, question)), 1)


@t.mark(limit=90)
def test_d5_redactions():
    """A question that is taken back before its answer gets none; after it, the answer is taken back as well; both in one
    batch leave nothing behind."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        alice, account = server.users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            answer = bot.ask(alice, room)
            alice.redact(room, replies_to(answer))
            t.wait_for(lambda: not answers(alice, room, bot), what="the answer is still there")
            proxy.fault("PUT .*/send/", "status", times=6, status=502)  # so that the next one waits
            slow = alice.send(room, QUESTION)
            proxy.wait("PUT .*/send/", len(proxy.seen("PUT .*/send/")) + 1)
            alice.redact(room, slow)
            proxy.wait("GET .*/sync", len(proxy.seen("GET .*/sync")))
            time.sleep(1)
            proxy.heal()
            bot.stop()
            at_once = alice.send(room, QUESTION)
            alice.edit(room, at_once, "le prix ?")
            alice.redact(room, at_once)
            bot.start()
            quiet(alice, room, bot)
            t.expect(answers(alice, room, bot, at_once), [])
            left = [e for e in answers(alice, room, bot, slow)]
            t.expect(left, [], "an answer to a question that was taken back")


def test_d6_quoted_text_is_not_the_question():
    """The fallback of old clients: quoted lines before the text, and in the HTML."""
    _, alice, bot, room = scene()
    with bot:
        first = bot.ask(alice, room, "Quel est le prix ?", holds="prix")
        body = "> <@bot:mx.test> Le compost est de la matière végétale\n> et encore\n\nCombien de temps ça prend ?"
        bot.ask(alice, room, {
            "msgtype": "m.text", "body": body, "format": "org.matrix.custom.html",
            "formatted_body": "<mx-reply><blockquote>C'est quoi le compost ?</blockquote></mx-reply>Combien de temps ?",
            "m.relates_to": {"m.in_reply_to": {"event_id": first["event_id"]}}}, holds="9 mois")


SPOKEN_TO = [  # (content beside msgtype, is it spoken to); NAME is its display name, LOCAL its localpart, USER its id
    ({"body": "{Q}", "m.mentions": {"user_ids": ["USER"]}}, True),
    ({"body": "USER: {Q}", "m.mentions": {}}, False),
    ({"body": "NAME: {Q}", "m.mentions": {"user_ids": ["@other:mx.test"]}}, False),
    ({"body": "{Q}", "m.mentions": {"user_ids": ["", "x", "USER"], "junk": [None, 3]}}, True),
    ({"body": "{Q}", "m.mentions": {"user_ids": "USER"}}, False),
    ({"body": "{Q}", "m.mentions": {"room": True}}, False),
    ({"body": "USER {Q}"}, True),
    ({"body": "{Q} @LOCAL"}, True),
    ({"body": "NAME: {Q}"}, True),
    ({"body": "name, {Q}"}, True),
    ({"body": "xNAMEx {Q}"}, False),
    ({"body": "voir https://example.org/NAME/ {Q}"}, False),
    ({"body": "salut {Q}", "format": "org.matrix.custom.html",
      "formatted_body": "<a href=\"https://matrix.to/#/USER\">le bot</a> {Q}"}, True),
    ({"body": "{Q}"}, False),
    ({"body": "@room {Q}"}, False),
]


@t.mark(limit=120)
def test_d7_spoken_to():
    """m.mentions decides where it stands; without it the id, a link to it, or a name between word boundaries. The name
    changes while it runs, and may hold brackets and signs. The mention is no part of the question."""
    _, alice, bot, _ = scene()
    with bot:
        room = bot.room(alice, direct=False)
        for name in ("Compostelle", "Aide (compost) 🌱 [beta]"):
            bot.account.ok("PUT", f"{V3}/profile/{quote(bot.user)}/displayname", {"displayname": name})
            time.sleep(0.7)
            wanted = []
            for content, yes in SPOKEN_TO:
                def fill(thing):
                    if isinstance(thing, dict):
                        return {k: fill(v) for k, v in thing.items()}
                    if isinstance(thing, list):
                        return [fill(v) for v in thing]
                    if isinstance(thing, str):
                        for key, value in (("{Q}", QUESTION), ("USER", bot.user), ("LOCAL", bot.account.local),
                                           ("NAME", name), ("name", name.lower())):
                            thing = thing.replace(key, value)
                    return thing
                question = alice.send(room, {"msgtype": "m.text", **fill(content)})
                wanted.append((question, yes, fill(content)))
            bot.ask(alice, room, mention(bot.user))
            found = {replies_to(e): e["content"]["body"] for e in answers(alice, room, bot)}
            for question, yes, content in wanted:
                t.expect(question in found, yes, content)
                if yes:
                    t.expect_in(ANSWER, found[question], content)


@t.mark(limit=90)
def test_d8_groups():
    """Spoken to by mention, by the prefix, by a reply to it, in a thread that began so; not otherwise. In a room where it
    always answers, always."""
    server = synapse.shared()
    alice, bob, account = server.users("alice", "bob", "bot")
    bot = Bot(account, prefix="!faq")
    room = alice.create([account.user, bob.user])
    always = alice.create([account.user])
    bot.configure(rooms={always: {"always": True}})
    with bot:
        for one in (room, always):
            bot.joined(alice, one)
        bob.join(room)
        alice.send(room, QUESTION)
        first = bot.ask(alice, room, mention(bot.user))
        bot.ask(bob, room, f"!faq {QUESTION}", holds=ANSWER)
        alice.send(room, f"!faqs {QUESTION}")
        again = alice.reply(room, first["event_id"], "Quel est le prix ?")
        alice.until(lambda _, e: replies_to(e) == again and "prix" in e["content"]["body"])
        root = alice.send(room, mention(bot.user))
        alice.until(lambda _, e: is_answer(e, bot.user) and root in str(relation(e)))
        inside = alice.relate(room, "Combien de temps ça prend ?", rel_type="m.thread", event_id=root,
                              is_falling_back=True, **{"m.in_reply_to": {"event_id": root}})
        stranger = alice.send(room, "un autre sujet")
        outside = alice.relate(room, QUESTION, rel_type="m.thread", event_id=stranger,
                               is_falling_back=True, **{"m.in_reply_to": {"event_id": stranger}})
        bot.ask(alice, room, mention(bot.user))
        t.expect(answers(alice, room, bot, outside), [])
        found = [e for e in answers(alice, room, bot) if replies_to(e) == inside]
        if relation(answers(alice, room, bot, root)[0]).get("rel_type") == "m.thread":
            t.expect(len(found), 1, "in a thread that began with a mention")
        bot.ask(alice, always, QUESTION)


HOSTILE = [  # what the homeserver relays
    b'{"msgtype":"m.text","body":"a\\u0000b"}', b'{"msgtype":"m.text","body":"x","k\\u0000":1}',
    b'{"msgtype":"m.text","body":"x","\\u0000":{"\\u0000\\u0000":"\\u0000"}}', b'{"msgtype":"m.text","body":"\\\\u0000"}',
    b'{"msgtype":"m.text","body":"x \\uffff y"}', b'{"msgtype":"m.text","body":"x","body":"y"}',
    b'{"msgtype":"m.text","body":"x","m.relates_to":"oops"}', b'{"msgtype":"m.text","body":"x","m.relates_to":[]}',
    b'{"msgtype":"m.text","body":"x","m.relates_to":{"rel_type":7,"event_id":[]}}',
    b'{"msgtype":"m.text","body":"x","m.relates_to":{"m.in_reply_to":"$x"}}',
    b'{"msgtype":"m.text","body":"x","m.relates_to":{"m.in_reply_to":{"event_id":9}}}',
    b'{"msgtype":"m.text","body":"x","m.mentions":{"user_ids":"@bot:mx.test"}}',
    b'{"msgtype":"m.text","body":"x","format":3,"formatted_body":{}}', b'{"msgtype":"m.text","body":""}',
    b'{"msgtype":"m.text","body":"   "}', b'{"msgtype":"m.text","body":"x","m.new_content":[1]}',
    '{"msgtype":"m.text","body":"\u202eabc\u200b\u2066x\ufeff"}'.encode(),
    b'{"msgtype":"m.text","body":"' + b"a" * 60000 + b'"}',
    b'{"msgtype":"m.text","body":"' + "é".encode() * 29000 + b'"}',
    b'{"msgtype":"m.text","body":"x","format":"org.matrix.custom.html","formatted_body":"' + b"<b>" * 15000 + b'"}',
    b'{"msgtype":"m.text","body":"<script>alert(1)</script> @room @everyone \\u001b[31m"}',
]
REFUSED = [  # what it refuses today, and other servers may not
    b'{"msgtype":"m.text","body":"x","n":' + b"[" * 400 + b"]" * 400 + b"}",
    b'{"msgtype":"m.text","body":"x","m.relates_to":{"rel_type":"m.replace","event_id":"$no"},"m.new_content":"x"}',
    b'{"msgtype":"m.text","body":"x","m.mentions":{"user_ids":[null,3,{}]}}',
    b'{"msgtype":"m.text","body":"x","m.mentions":["@bot:mx.test"]}',
    b'{"msgtype":"m.text","body":"x","m.mentions":{"user_ids":{"a":1}}}',
    b'{"msgtype":"m.text","body":"x \\ud800 y"}', b'{"msgtype":"m.text","body":"x","n":9007199254740992}',
    b'{"msgtype":"m.text","body":"x","n":9223372036854775808}', b'{"msgtype":"m.text","body":"x","n":1e400}',
    b'{"msgtype":"m.text","body":null}', b'{"body":"x"}', b"{}", b'{"msgtype":3,"body":"x"}',
    b'{"msgtype":"m.text","body":"\xff\xfe"}', b'{"msgtype":"m.text","body":"x","n":NaN}',
]


def poisoned(alice, bot, room):
    """Each hostile message, then an ordinary question, which must be answered. What is sent in answer to the hostile
    ones is the pack's own text."""
    for number, raw in enumerate(HOSTILE):
        path = f"{V3}/rooms/{quote(room)}/send/m.room.message/poison{number}x{time.monotonic_ns()}"
        done = alice.call("PUT", path, raw=raw)
        t.expect(done.status, 200, raw[:200] + done.raw)
    bot.ask(alice, room, seconds=40)
    for event in answers(alice, room, bot):
        whole = str(event["content"])
        t.expect([bad for bad in ("<script", "alert(1)", "@room", "@everyone", "\x1b", "\u202e", "\u200b", "aaaaaaa", "\x00")
                  if bad in whole], [], "what they wrote comes back")


@t.mark(limit=90)
def test_b10_d9_d11_e12_poison():
    """NULs in keys and values, wrong types, depth, length, direction marks: the next question is answered, nothing of it
    is echoed."""
    _, alice, bot, room = scene()
    with bot:
        poisoned(alice, bot, room)


@t.mark(limit=120)
def test_b10_poison_of_other_servers():
    """What this homeserver refuses is put into its answers by the proxy."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        alice, account = server.users("alice", "bot")
        with Bot(account, proxy.base, poll_seconds=1) as bot:
            room = bot.room(alice)
            for number, raw in enumerate(REFUSED):
                def swap(data, raw=raw, number=number):
                    return re.sub(rb'\{[^{}]*"the poison %d"[^{}]*\}' % number, lambda _: raw, data)
                proxy.fault("GET .*/(sync|messages)", "garble", times=20, body=swap)
                alice.send(room, {"msgtype": "m.text", "body": f"the poison {number}"})
                time.sleep(0.3)
                bot.ask(alice, room, seconds=40)
                proxy.heal()


@t.mark(limit=90)
def test_d10_media():
    """No word about pictures in a group; one polite line in a direct chat, not one a picture; nothing is fetched. A
    reaction to somebody else's message is nothing to it."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        alice, account = server.users("alice", "bot")
        with Bot(account, proxy.base) as bot:
            chat, group = bot.room(alice), bot.room(alice, direct=False)
            for room in (group, chat):
                for msgtype in ("m.image", "m.audio", "m.video", "m.file", "m.location"):
                    alice.send(room, {"msgtype": msgtype, "body": "x.png", "url": "mxc://mx.test/abc", "geo_uri": "geo:1,2"})
                alice.send(room, {"body": "x", "url": "mxc://mx.test/abc", "info": {}}, "m.sticker")
                alice.send(room, {"m.text": [{"body": "a poll"}]}, "m.poll.start")
                alice.react(room, alice.send(room, {"msgtype": "m.notice", "body": "x"}), "👍")
            time.sleep(1.5)
            t.expect(len(said(alice, chat, bot)), 1)
            t.expect(said(alice, group, bot), [])
            t.expect([p.path for p in proxy.log if "media" in p.path], [])
            bot.ask(alice, chat)


def test_d12_verification_requests():
    _, alice, bot, room = scene()
    with bot:
        alice.send(room, {"msgtype": "m.key.verification.request", "body": QUESTION, "to": bot.user, "methods": [],
                          "from_device": "X"})
        quiet(alice, room, bot)
