# SPDX-License-Identifier: MIT
"""matrix_encrypted.py - rows F of the Matrix connector: rooms whose messages it cannot read. It knows them, says so once
in both languages, and never answers there in clear."""
import time

import harness as t
from matrix import synapse
from matrix.bot import QUESTION, Bot, said
from matrix.client import V3, quote
from matrix.people import Human

ALGORITHM = {"algorithm": "m.megolm.v1.aes-sha2"}
ENCRYPTED = {"initial_state": [{"type": "m.room.encryption", "state_key": "", "content": ALGORITHM}]}


def in_both_languages(text):
    t.expect("chiffr" in text and "encrypt" in text, True, text)


@t.mark(limit=120)
def test_f1_f2_f3_f5_told_once():
    """A person whose client encrypts, twenty messages, a restart: one notice, no answer, no error. And no second notice
    when the bot is invited anew."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    human = Human(alice, "js", "--crypto")
    with Bot(account) as bot:
        room = human.do("create", invite=[bot.user], direct=True, encrypted=True)["room_id"]
        bot.joined(alice, room)
        bot.wait_for("matrix_encrypted")
        bot.wait_until(lambda: said(alice, room, bot))
        for number in range(20):
            human.do("text", room=room, body=QUESTION)
            if number == 10:
                bot.stop()
                bot.start()
        alice.send(room, QUESTION)  # in clear, in an encrypted room
        time.sleep(1.5)
        t.expect(len(said(alice, room, bot)), 1, said(alice, room, bot))
        in_both_languages(said(alice, room, bot)[0])
        wire = [e["type"] for e in alice.history(room) if e["sender"] == alice.user]
        t.expect(wire.count("m.room.encrypted"), 20)
        alice.act("kick", room, user_id=bot.user)
        alice.act("invite", room, user_id=bot.user)
        bot.joined(alice, room)
        time.sleep(1)
        t.expect(len(said(alice, room, bot)), 1)
    human.quit()


def test_f1_switched_on_later():
    """In a room where it has answered already; also while it was away."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    with Bot(account) as bot:
        for away in (False, True):
            room = bot.room(alice)
            bot.ask(alice, room)
            if away:
                bot.stop()
            alice.state(room, "m.room.encryption", ALGORITHM)
            alice.send(room, QUESTION)
            if away:
                bot.start()
            bot.wait_until(lambda room=room: len(said(alice, room, bot)) == 2, what=f"away: {away}")
            alice.send(room, QUESTION)
            time.sleep(0.7)
            in_both_languages(said(alice, room, bot)[-1])
            t.expect(len(said(alice, room, bot)), 2)


@t.mark(limit=90)
def test_f2_leave_and_refuse():
    """Two other ways: say so and leave; or not to come at all, as the invitation already tells that it is encrypted."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    for policy, notices in (("leave", 1), ("refuse", 0)):
        with Bot(account, folder=policy, encrypted=policy) as bot:
            room = alice.create([bot.user], direct=True, **ENCRYPTED)
            bot.wait_until(lambda room=room: alice.members(room).get(bot.user) == "leave")
            t.expect(len(said(alice, room, bot)), notices, policy)
            plain = bot.room(alice)
            alice.state(plain, "m.room.encryption", ALGORITHM)
            bot.wait_until(lambda room=plain: alice.members(room).get(bot.user) == "leave")


def test_f4_opens_another_room():
    """A direct chat without encryption, for the one who invited it; once."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    with Bot(account, encrypted="open_room") as bot:
        room = alice.create([bot.user], direct=True, **ENCRYPTED)
        bot.joined(alice, room)

        def invited():
            return list(alice.whole()["rooms"].get("invite", {}))
        bot.wait_until(invited)
        other = invited()[0]
        alice.join(other)
        t.expect(alice.call("GET", f"{V3}/rooms/{quote(other)}/state/m.room.encryption").status, 404)
        bot.ask(alice, other)
        alice.send(room, {"algorithm": ALGORITHM["algorithm"], "ciphertext": "x"}, "m.room.encrypted")
        time.sleep(1)
        t.expect(invited(), [])
        t.expect(len(said(alice, room, bot)), 1)
