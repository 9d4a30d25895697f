# SPDX-License-Identifier: MIT
"""matrix_conversation.py - people talk to the bot, on the SDK of Element and on a second implementation: question, answer
with sources, follow-up, choice by number and by reaction, votes, threads."""
import json
import time

import harness as t
from matrix import synapse
from matrix.bot import ANSWER, QUESTION, Bot, answers, quiet, relation, replies_to
from matrix.people import Human

ONE, TWO = "1️⃣", "2️⃣"
CHOICES = "et en hiver ?"


def offered(human, room, bot, event):
    """The reactions that the bot offers on its message."""
    keys = []
    while len(keys) < 2:
        found = human.event(lambda e: e["room"] == room and e["type"] == "m.reaction" and e["sender"] == bot.user)
        t.expect(found["content"]["m.relates_to"]["event_id"], event["event_id"])
        keys.append(found["content"]["m.relates_to"]["key"])
    return keys


@t.mark(limit=90)
def test_conversation():
    server = synapse.shared()
    client = server.user("alice")
    alice = Human(client)
    with Bot(server.user("bot")) as bot:
        room = alice.do("create", invite=[bot.user], direct=True)["room_id"]
        bot.joined(client, room)

        def ask(text):
            question = alice.do("text", room=room, body=text)["event_id"]
            return alice.event(lambda e: e["sender"] == bot.user and replies_to(e) == question, what=text)
        first = ask(QUESTION)
        t.expect_in(ANSWER, first["content"]["body"])
        t.expect_in("Le guide du compost", first["content"]["body"])
        t.expect_in("9 mois", ask("Combien de temps ça prend ?")["content"]["body"])
        t.expect_in("4 mois", ask("et au balcon ?")["content"]["body"])  # leans on the question before
        choices = ask(CHOICES)
        t.expect_in("1. couvrir le tas en hiver", choices["content"]["body"])
        t.expect(offered(alice, room, bot, choices), [ONE, TWO])
        t.expect_in("on ne retourne pas le tas", ask("2")["content"]["body"])
        choices = ask(CHOICES)
        offered(alice, room, bot, choices)
        alice.do("react", room=room, to=choices["event_id"], key=ONE)
        t.expect_in("on couvre le tas", alice.message(room, bot.user)["content"]["body"])
        bot.stop()  # the conversation goes on after a restart
        bot.start()
        ask("Combien de temps ça prend ?")
        bot.stop()
        bot.start()
        t.expect_in("4 mois", ask("et au balcon ?")["content"]["body"])
        t.expect_in("Let air into", ask("my compost smells")["content"]["body"])
    alice.quit()


@t.mark(limit=90)
def test_second_implementation():
    server = synapse.shared()
    client = server.user("bob")
    bob = Human(client, "nio")
    with Bot(server.user("bot")) as bot:
        room = bob.do("create", invite=[bot.user], direct=True)["room_id"]
        bot.joined(client, room)
        question = bob.do("text", room=room, body=QUESTION)["event_id"]
        event = bob.message(room, bot.user, holds=ANSWER)
        t.expect(replies_to(event), question)
        again = bob.do("reply", room=room, to=event["event_id"], body="Combien de temps ça prend ?")["event_id"]
        t.expect(replies_to(bob.message(room, bot.user, holds="9 mois")), again)
    bob.quit()


@t.mark(limit=90)
def test_conversations_do_not_mix():
    """In a room of many each has a conversation of their own, and so has each thread: "2" is an answer to one's own
    choice, and a click on a reaction is one's own, too."""
    server = synapse.shared()
    alice, bob, account = server.users("alice", "bob", "bot")
    with Bot(account) as bot:
        room = bot.room(alice, direct=False, invite=[bob.user])
        bob.join(room)

        def ask(someone, text, holds=""):
            return bot.ask(someone, room, {"msgtype": "m.text", "body": text, "m.mentions": {"user_ids": [bot.user]}},
                           holds=holds)
        choices = ask(alice, CHOICES, "1. couvrir")
        ask(bob, "Combien de temps ça prend ?", "9 mois")
        ask(bob, "et au balcon ?", "4 mois")
        ask(alice, "2", "on ne retourne pas")
        t.expect("on ne retourne pas" in ask(bob, "2")["content"]["body"], False)
        bob.react(room, choices["event_id"], ONE)
        root = alice.send(room, {"msgtype": "m.text", "body": CHOICES, "m.mentions": {"user_ids": [bot.user]}, "m.relates_to": {
            "rel_type": "m.thread", "event_id": choices["event_id"]}}) if not relation(choices).get("rel_type") else None
        if root:
            alice.until(lambda _, e: replies_to(e) == root, what="the answer in the thread")
            ask(alice, "Combien de temps ça prend ?", "9 mois")


@t.mark(limit=90)
def test_votes():
    """A thumb up or down on an answer is counted by the answer's id; taken back, it is not; nobody votes twice."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    with Bot(account) as bot:
        room = bot.room(alice)
        event = bot.ask(alice, room)
        up = alice.react(room, event["event_id"], "👍")
        bot.wait_for("matrix_vote")
        alice.react(room, event["event_id"], "👎")
        alice.react(room, event["event_id"], "🎉")
        alice.react(room, replies_to(event), "👍")  # on one's own question
        time.sleep(1)
        alice.redact(room, up)
        quiet(alice, room, bot)
        bot.stop()
        stats = t.faqd("stats", "--json", "-c", bot.folder + "/faqd.json", cwd=bot.folder)
        t.expect(stats.status, 0, stats.err)
        t.expect_in("definition", json.dumps(stats.objects()))
        t.expect(alice.user in stats.out or room in stats.out, False)
        t.expect(len(answers(alice, room, bot)), 2)
