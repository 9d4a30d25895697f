# SPDX-License-Identifier: MIT
"""matrix_power.py - what is answered once also when the power fails, or the homeserver forgets what it was sent. An answer
leaves before its question is on the disk: then the question is read again, and what is there of the answer is known by
its mark. What is not yet there is sent."""
import json
import os
import shutil
import time

import harness as t
from matrix import synapse
from matrix.bot import QUESTION, Bot, answers, replies_to
from matrix.client import quote
from matrix.proxy import Proxy
from suites.matrix_conversation import CHOICES, ONE

LAST = "Quel est le prix ?"


def said(someone, room, bot):
    """What the bot has sent into a room, in order: how its texts begin and end, and the reactions that can be clicked."""
    content = [e["content"] for e in someone.history(room)
               if e["sender"] == bot.user and e["type"] in ("m.room.message", "m.reaction")]
    texts = [c.get("body") or c["m.relates_to"]["key"] for c in content]
    return [f"{text[:50]} ... {text[-50:]}" for text in texts]


def forget(bot):
    """The bot comes back as another device: the homeserver knows transactions by the device that they came from."""
    t.expect(bot.command("matrix", "logout").status, 0)


class Blackout:
    """Within it nothing gets to the disk, and at its end the power is back. What a disk holds that was never told to sync is
    what it held before."""

    def __init__(self, bot):
        self.bot, self.state, self.kept = bot, bot.top["state_dir"], bot.folder + "/kept"

    def __enter__(self):
        self.bot.stop()
        shutil.rmtree(self.kept, ignore_errors=True)
        shutil.copytree(self.state, self.kept)

    def __exit__(self, *failed):
        if not any(failed):
            shutil.rmtree(self.state)
            shutil.copytree(self.kept, self.state)
            forget(self.bot)
            self.bot.start()


def long_pack():
    """A pack whose answer to QUESTION takes two events."""
    pack = t.copy_small()
    path = os.path.join(pack, "general.json")
    with open(path, encoding="utf-8") as f:
        general = json.load(f)
    general["statements"]["what"]["fr"] += "".join(f" Phrase {n} de la suite." for n in range(1200))
    with open(path, "w", encoding="utf-8") as f:
        json.dump(general, f)
    return pack


def cases(alice, bot):
    """What people do: its name, how it begins, what comes then, and how many events that makes."""
    def ask(room):
        alice.send(room, QUESTION)

    def ask_in_thread(room):
        root = alice.send(room, {"msgtype": "m.notice", "body": "about heaps"})
        alice.relate(room, QUESTION, rel_type="m.thread", event_id=root, is_falling_back=True)

    def ask_what_is_unclear(room):
        alice.send(room, CHOICES)

    def choices(room):
        ask_what_is_unclear(room)
        bot.wait_until(lambda: len(said(alice, room, bot)) == 3)

    def click(room):
        question = next(e for e in alice.history(room) if e["sender"] == bot.user and e["type"] == "m.room.message")
        alice.react(room, question["event_id"], ONE)

    def answered(room):
        bot.ask(alice, room, LAST)

    def edit(room):
        question = next(e for e in alice.history(room) if e["content"].get("body") == LAST)
        alice.edit(room, question["event_id"], CHOICES)

    def nothing(_):
        pass
    return [("parts", nothing, ask, 2), ("thread", nothing, ask_in_thread, 2), ("choices", nothing, ask_what_is_unclear, 3),
            ("click", choices, click, 1), ("edit", answered, edit, 1)]


@t.mark(limit=240)
def test_b3_e1_the_power_fails_after_each_event():
    """The homeserver has the answer, or some of it, and the disk not even the question. All of it is there at the end, once
    and in order, though the homeserver knows no transaction any more."""
    alice, account = synapse.shared().users("alice", "bot")
    bot = Bot(account, top={"pack": long_pack()})

    def wait_for(room, number):
        bot.wait_until(lambda: len(said(alice, room, bot)) >= number)
    with bot:
        for name, before, do, events in cases(alice, bot):
            whole = []
            for last in range(events + 1):  # the first time nothing fails
                room = bot.room(alice)
                before(room)
                there = len(said(alice, room, bot))
                if last:
                    with Blackout(bot):
                        bot.start_to_die(f"send_started:{last}", lambda do=do, room=room: do(room))
                        wait_for(room, there + last)
                else:
                    do(room)
                wait_for(room, there + events)
                bot.ask(alice, room, LAST)
                found = said(alice, room, bot)[:-1]
                whole = whole or found
                t.expect(found, whole, f"{name}: {last} of {events} were sent when the power failed")
                t.expect(len(found), there + events, name)
    mark = next(e["content"]["dev.faqd.automatic"] for e in alice.history(room)[::-1] if e["sender"] == bot.user)
    account.put(room, {"msgtype": "m.notice", "body": "twice"}, transaction=mark)
    t.expect_in("twice", said(alice, room, bot)[-1])  # else the homeserver would have helped


def test_b3_e1_the_homeserver_fails_too():
    """Power and homeserver fail at once, and it forgets, too. What people see of the answer stays in use: a corrected
    question corrects it."""
    with synapse.Synapse(t.here("synapse")) as server:
        alice, account = server.users("alice", "bot")
        bot = Bot(account)
        with bot:
            room, asked = bot.room(alice), []
            with Blackout(bot):
                bot.start_to_die("send_started", lambda: asked.append(alice.send(room, LAST)))
                bot.wait_until(lambda: said(alice, room, bot))
                server.restart(kill=True)
            alice.edit(room, asked[0], CHOICES)
            bot.wait_until(lambda: len(said(alice, room, bot)) == 2)
            answer, edit = [e for e in alice.history(room) if e["sender"] == bot.user and e["type"] == "m.room.message"]
            t.expect((replies_to(answer), edit["content"]["m.relates_to"]["event_id"]), (asked[0], answer["event_id"]))


@t.mark(limit=90)
def test_b7_e1_the_homeserver_forgets():
    """It knows no transaction any more when the bot comes back. What waits to be sent is compared with what is there before
    it is sent, also if the bot heard of its own answer before the homeserver told it that it had taken it."""
    with Proxy(synapse.shared().base) as proxy:
        alice, account = synapse.shared().users("alice", "bot")
        bot = Bot(account, proxy.base)
        with bot:
            room = bot.room(alice)
            asked = []
            for step in ("send_started", "send_answer_begins", "send_answer", "sent_before_commit", "sent_after_commit"):
                bot.stop()
                bot.start_to_die(step, lambda: asked.append(alice.send(room, QUESTION)))
                bot.wait_until(lambda: answers(alice, room, bot, asked[-1]))
                forget(bot)
                bot.start()
                bot.ask(alice, room, LAST)
            other = bot.room(alice)
            for seconds in (2, 60):  # the bot hears of its answer before the homeserver says that it has taken it
                proxy.fault(f"PUT .*{quote(room)}/send/m.room.message/", "late", seconds=seconds)
                polls = len(proxy.seen("GET .*/sync"))  # one after the question, and one after the answer to it
                asked.append(alice.send(room, QUESTION))
                bot.wait_until(lambda: len(proxy.seen("GET .*/sync")) >= polls + 2)
                bot.ask(alice, other)  # others do not wait, and now it is kept that it has heard
                if seconds == 2:
                    bot.ask(alice, room, LAST)
            bot.kill()
            forget(bot)
            bot.start()
            bot.ask(alice, room, LAST)
            t.expect([replies_to(e) for e in answers(alice, room, bot) if replies_to(e) in asked], asked)


@t.mark(limit=90)
def test_r12_a_disk_that_does_not_sync():
    """It takes what is written, and then fails to keep it. That is said once; answers go on, each once and in order; it
    heals without a restart. A session that may not be kept is no session."""
    shim, broken = t.here("nosync.so"), t.here("broken")
    code = os.path.join(t.TESTS, "matrix", "nosync.c")
    t.shell(os.environ.get("CC") or "cc", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", shim, code)
    env = {"LD_PRELOAD": shim, "NOSYNC": broken}
    alice, account = synapse.shared().users("alice", "bot")
    bot = Bot(account).start(env=env)
    with bot:
        room = bot.room(alice)
        bot.ask(alice, room)
        for number in (1, 2):
            with open(broken, "w", encoding="utf-8"):
                asked = [alice.send(room, QUESTION) for _ in range(5)]
                bot.wait_until(lambda asked=asked: answers(alice, room, bot, asked[-1]))
                cpu = bot.figures()["cpu"]
                time.sleep(2)  # it tries again and again, but not all the time
                t.expect(bot.figures()["cpu"] - cpu < 0.5, True, "busy")
            os.unlink(broken)
            bot.wait_for("matrix_store_healed", count=number)
            for event in ("matrix_store_failed", "matrix_store_healed", "store_failed", "store_healed"):
                t.expect(len(bot.records(event)), number, bot.said())
            bot.ask(alice, room, LAST)
            t.expect([replies_to(e) for e in answers(alice, room, bot) if replies_to(e) in asked], asked)
        bot.stop()
        with open(broken, "w", encoding="utf-8"):
            login = bot.command("matrix", "login", env=env)
        t.expect(login.status != 0, True, login.err)
        t.expect_in("the session could not be stored", login.err)
