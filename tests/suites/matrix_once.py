# SPDX-License-Identifier: MIT
"""matrix_once.py - each question is answered exactly once: none lost, none twice, whatever breaks. The bot is killed at
every step and at random, answers of the homeserver get lost, and the homeserver itself goes away."""
import os
import random
import threading
import time

import harness as t
from matrix import synapse
from matrix.bot import QUESTION, Bot, answers, replies_to
from matrix.proxy import Proxy

KILLS = int(os.environ.get("MATRIX_KILLS") or 200)  # 2,000 is what is promised
STEPS = ["sync_answer", "batch_before_commit", "batch_after_commit", "send_before", "send_started", "send_answer_begins",
         "send_answer", "sent_before_commit", "sent_after_commit"]


def count(people, bot):
    """question -> how many answers the homeserver has, over the rooms of people."""
    found = {}
    for someone, room, asked in people:
        found.update({question: 0 for question in asked})
        for event in answers(someone, room, bot):
            if replies_to(event) in found:
                found[replies_to(event)] += 1
    return found


def all_once(people, bot, seconds=60):
    """Wait until all is answered, then a little for what should not come, and count."""
    end = time.monotonic() + seconds * t.SLOWER
    while time.monotonic() < end and 0 in count(people, bot).values():
        time.sleep(0.3)
    time.sleep(1)
    found = count(people, bot)
    lost = [question for question, times in found.items() if times == 0]
    twice = [question for question, times in found.items() if times > 1]
    t.expect((len(lost), len(twice)), (0, 0), f"of {len(found)} questions lost, twice; log: {bot.said()[-2000:]}")
    return len(found)


def in_order(people, bot):
    """Inside a room the answers came in the order of the questions."""
    for someone, room, asked in people:
        order = [replies_to(event) for event in answers(someone, room, bot) if replies_to(event) in asked]
        t.expect(order, asked, "the order of the answers")


@t.mark(limit=180)
def test_a7_b3_e1_killed_at_every_step():
    """SIGKILL before and after each commit, request and answer, the first and the second time it comes to it."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    with Bot(account) as bot:
        rooms = [bot.room(alice), bot.room(alice)]
        people = [(alice, room, []) for room in rooms]
        for step in STEPS:
            for number in (1, 2):
                bot.stop()
                for _, room, asked in people:
                    asked.append(alice.send(room, QUESTION))
                bot.start_to_die(f"{step}:{number}", lambda: [  # so that there is a second batch
                    asked.append(alice.send(room, QUESTION)) for _, room, asked in people])
                bot.start()
                all_once(people, bot, 20)
        in_order(people, bot)


@t.mark(limit=120)
def test_a4_c1_killed_while_joining_and_logging_in():
    """An invitation is not lost either, nor does a log-in that was not stored leave the bot without a session."""
    server = synapse.shared()
    alice, account = server.users("alice", "bot")
    with Bot(account) as bot:
        bot.stop()
        for step in ("join_before", "join_answer"):
            room = alice.create([bot.user], direct=True)
            bot.start_to_die(step)
            bot.start()
            bot.joined(alice, room)
            bot.ask(alice, room)
            bot.stop()
    for step in ("login_answer", "login_after_store"):
        bot = Bot(server.user("bot"))
        bot.start_to_die(step)
        with bot:
            bot.ask(alice, bot.room(alice))


class Load:
    """People who ask at their own pace, each in a room of their own."""

    def __init__(self, server, bot, number, pause):
        self.people = []
        for _ in range(number):
            someone = server.user("alice")
            self.people.append((someone, bot.room(someone), []))
        self.pause = pause
        self.over = threading.Event()
        self.errors = []
        self.threads = [threading.Thread(target=self.ask, args=person) for person in self.people]

    def ask(self, someone, room, asked):
        chance = random.Random(room)
        try:
            while not self.over.wait(chance.random() * 2 * self.pause):
                number = f"q{len(asked)}"
                while True:  # the server may be away; it is asked again then, with the same transaction id
                    try:
                        answer = someone.put(room, {"msgtype": "m.text", "body": QUESTION}, transaction=number)
                        if answer.status == 200:
                            break
                    except OSError:
                        pass
                    time.sleep(0.2)
                asked.append(answer["event_id"])
        except Exception as error:
            self.errors.append(error)

    def go_on(self, seconds, least):
        """For so long, and until `least` more questions were asked, as a busy machine is slow."""
        before = self.asked()
        time.sleep(seconds)
        t.wait_for(lambda: self.asked() >= before + least or self.errors, 60, "too few questions were asked")

    def asked(self):
        return sum(len(asked) for _, _, asked in self.people)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(60)
        t.expect(self.errors, [])


@t.mark(limit=200 + 2 * KILLS)
def test_r03_b3_killed_at_random():
    """SIGKILL at any time, 200 times (MATRIX_KILLS), while people ask in six rooms."""
    server = synapse.shared()
    chance = random.Random(3)
    with Bot(server.user("bot")) as bot:
        load = Load(server, bot, 6, 0.7)
        with load:
            for _ in range(KILLS):
                time.sleep(chance.random() * 0.5)
                bot.kill()
                bot.start(wait=False)
        bot.kill()
        bot.start()
        asked = all_once(load.people, bot, 60)
        in_order(load.people, bot)
    print(f"{asked} questions, {KILLS} kills")
    t.expect(asked > KILLS, True, f"{asked} questions only")


STORM = [
    ("PUT .*/send/", "lose", {}), ("PUT .*/send/", "cut", {}), ("PUT .*/send/", "reset", {}),
    ("PUT .*/send/", "delay", {"seconds": 0.3}), ("PUT .*/send/", "late", {"seconds": 0.3}),
    ("PUT .*/send/", "status", {"status": 502, "body": "<html>Bad Gateway 401</html>"}),
    ("PUT .*/send/", "status", {"status": 429, "body": {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 120}}),
    ("GET .*/sync", "lose", {}), ("GET .*/sync", "cut", {}), ("GET .*/sync", "reset", {}),
    ("GET .*/sync", "replay", {}), ("GET .*/sync", "garble", {"body": "{\"next_batch\": 3"}),
    ("GET .*/sync", "status", {"status": 502, "body": "<html>"}), ("GET .*/sync", "status", {"status": 429, "body": {}}),
]


@t.mark(limit=240)
def test_b7_e1_e7_e8_answers_lost_cut_reset_delayed_throttled():
    """Every answer of the homeserver may get lost, be cut, come late, twice, or be an error: a fifth of them do."""
    server = synapse.shared()
    with Proxy(server.base) as proxy, Bot(server.user("bot"), proxy.base) as bot:
        load = Load(server, bot, 5, 0.3)
        for match, do, more in STORM:
            proxy.fault(match, do, **more)  # once for certain
        for match, do, more in STORM:
            proxy.fault(match, do, times=10 ** 6, chance=0.03 if "send" in match else 0.08, **more)
        with load:
            load.go_on(25, least=100)
        met = {p.fault for p in proxy.log if p.fault}
        t.expect({"lose", "cut", "reset", "delay", "late", "status", "replay", "garble"} - met, set(), "faults not met")
        proxy.heal()
        all_once(load.people, bot, 40)
        in_order(load.people, bot)


@t.mark(limit=240)
def test_b12_e8_the_homeserver_restarted_three_times():
    """Also with a kill of the bot and one of the homeserver in between; people go on asking when it is back."""
    with synapse.Synapse(t.here("synapse")) as server, Bot(server.user("bot")) as bot:
        load = Load(server, bot, 4, 0.3)
        with load:
            for number in range(3):
                load.go_on(3, least=15)
                server.stop(kill=number == 1)
                if number == 2:
                    bot.kill()
                    bot.start(wait=False)
                time.sleep(2)
                server.start()
            load.go_on(3, least=15)
        all_once(load.people, bot, 40)
        in_order(load.people, bot)
