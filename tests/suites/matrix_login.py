# SPDX-License-Identifier: MIT
"""matrix_login.py - rows A of the Matrix connector: finding the homeserver, logging in once, and what becomes of the
session: refreshed, logged out softly or hard, locked, suspended, deactivated."""
import json
import os
import stat
import time

import harness as t
from matrix import client, synapse, tools
from matrix.bot import QUESTION, Bot, answers, replies_to
from matrix.client import ADMIN, V3, quote
from matrix.proxy import Proxy

WELL_KNOWN = "GET /.well-known/matrix/client"
LOGIN = "POST .*/login"


def certificates():
    os.mkdir(t.here("certificates"))
    t.shell(tools.python(), os.path.join(tools.HERE, "certificates.py"), t.here("certificates"))
    return lambda name: t.here("certificates", name + ".pem")


def refused(bot, *words, seconds=15):
    """It ends by itself, and says why. The words must be in the log."""
    bot.start(wait=False)
    t.expect(bot.ended(seconds) not in (0, -6, -9, -11), True, bot.said())
    for word in words:
        t.expect_in(word, bot.said())


@t.mark(limit=120)
def test_a1_a11_discovery():
    """From the server's name over https; 404 means the name itself; any other failure is an error that says so. A
    redirect is followed here, and only here. A certificate that does not fit is refused."""
    pem = certificates()
    server = synapse.shared()
    with Proxy(server.base, certificate=pem("good")) as front:
        moved = {"m.homeserver": {"base_url": server.base}}  # without a slash at its end; the server's own has one
        cases = [("as it is", []),
                 ("not there", [("status", {"status": 404, "body": {"errcode": "M_NOT_FOUND"}})]),
                 ("moved", [("status", {"status": 302, "headers": {"Location": front.base + "/moved"}})])]
        for number, (name, faults) in enumerate(cases):
            front.heal()
            for do, more in faults:
                front.fault(WELL_KNOWN, do, **more)
            front.fault("GET /moved", "status", status=200, body=moved)
            account, alice = server.users("bot", "alice")
            with Bot(account, folder=f"bot{number}", homeserver=None, server_name=front.host, ca_file=pem("ca")) as bot:
                bot.ask(alice, bot.room(alice))
            t.expect(len(front.seen("/.well-known/")), number + 1, name)
        t.expect(len(front.seen(LOGIN)), 1, "only in the second case the API is behind the name itself")
        account = server.user("bot")
        useless = [("cannot be fetched", {"status": 500}), ("well-known", {"status": 200, "body": "no JSON"}),
                   ("no usable address", {"status": 200, "body": {"m.homeserver": {}}}),
                   ("no usable address", {"status": 200, "body": {"m.homeserver": {"base_url": "ftp://x"}}})]
        for number, (word, more) in enumerate(useless):
            front.heal()
            front.fault(WELL_KNOWN, "status", times=100, **more)
            refused(Bot(account, folder=f"bad{number}", homeserver=None, server_name=front.host, ca_file=pem("ca")), word)
        front.heal()
        front.fault(WELL_KNOWN, "status", times=100, status=500)  # an address that was given is not looked for
        with Bot(account, folder="given", server_name=front.host, ca_file=pem("ca")):
            pass
    for name in ("expired", "other", "stranger"):
        with Proxy(server.base, certificate=pem(name)) as front:
            bot = Bot(account, folder=name, homeserver=None, server_name=front.host, ca_file=pem("ca"))
            bot.start(wait=False)
            t.wait_for(lambda bot=bot: "ertificate" in bot.said() or "SSL" in bot.said(), 10, bot.said())
            bot.kill()
            t.expect(front.log, [], name)


def test_a2_versions():
    """Any of v1.1 and later will do, also ones that nobody knows yet; none of them is an error."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        account = server.user("bot")
        proxy.fault("/versions", "garble", times=9, body={"versions": []})
        refused(Bot(account, proxy.base), "v1.1")
        proxy.heal()
        proxy.fault("/versions", "garble", body={"versions": ["r0.6.1", "v1.1", "v7.3"], "unstable_features": {"x": 1}})
        with Bot(account, proxy.base):
            t.expect(len(proxy.seen("/versions")) <= 2, True)


def test_a3_no_password_login():
    """Where passwords are not taken it says what is, and how a token is given."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        proxy.fault("GET .*/login", "garble", times=9, body={"flows": [{"type": "m.login.sso"}, {"type": "m.login.x"}]})
        refused(Bot(server.user("bot"), proxy.base), "m.login.sso", "token_file")
        t.expect(proxy.seen(LOGIN), [])


@t.mark(limit=120)
def test_a4_a6_log_in_once():
    """Nine starts under the homeserver's ordinary limits: one log-in, one device, with a readable name. What is kept is
    for its owner's eyes only."""
    limits = {name: None for name in ("rc_login", "rc_message", "rc_joins", "rc_invites")}
    with synapse.Synapse(t.here("synapse"), **limits) as server, Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        with Bot(account, proxy.base, device_name="faqd of the tests") as bot:
            for _ in range(8):
                t.expect(bot.stop(), 0)
                bot.start()
            bot.ask(alice, bot.room(alice))
        t.expect(len(proxy.seen(LOGIN)), 1)
        devices = account.ok("GET", V3 + "/devices")["devices"]
        t.expect([d["display_name"] for d in devices if d["device_id"] != account.device], ["faqd of the tests"])
        for folder, _, files in os.walk(os.path.join(bot.folder, "state")):
            t.expect(stat.S_IMODE(os.stat(folder).st_mode) & 0o077, 0, folder)
            for file in files:
                t.expect(stat.S_IMODE(os.stat(os.path.join(folder, file)).st_mode) & 0o077, 0, file)


def test_a4_password_files():
    """Readable by others, a symbolic link, empty, missing: refused with a word about it."""
    account = synapse.shared().user("bot")
    bot = Bot(account)
    path = os.path.join(bot.folder, "password")
    os.chmod(path, 0o640)
    refused(bot, "password")
    os.chmod(path, 0o600)
    os.rename(path, path + ".real")
    refused(bot, "password")
    os.symlink(path + ".real", path)
    refused(bot, "password")
    bot.file("password", "\n")
    refused(bot, "password")
    bot.file("password", "not the password\n")
    refused(bot, "M_FORBIDDEN")
    t.expect("not the password" in bot.all_logs(), False)


def test_a5_whoami():
    """Its own name as the server spells it; without knowing it, it does not listen."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        proxy.fault("whoami", "status", times=3, status=500)
        with Bot(account, proxy.base, user=account.user.replace("@bot", "@BOT"), msgtype="m.text") as bot:
            room = bot.room(alice)
            bot.ask(alice, room)
            time.sleep(1)
            t.expect(len(answers(alice, room, bot)), 1)
            first_sync = proxy.seen("/sync")[0].at
            t.expect([p.status for p in proxy.seen("whoami") if p.at < first_sync][-1], 200)


@t.mark(limit=120)
def test_a7_refresh():
    """A token that lives four seconds: it goes on for twelve; also when the answer to a refresh is lost, and when it is
    killed in the middle of one."""
    with synapse.Synapse(t.here("synapse"), refreshable_access_token_lifetime="4s") as server, \
            Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        with Bot(account, proxy.base, poll_seconds=1) as bot:
            room = bot.room(alice)
            end = time.monotonic() + 12
            while time.monotonic() < end:
                bot.ask(alice, room)
                time.sleep(0.7)
            t.expect(len(proxy.seen("/refresh")) >= 2, True, "refreshes")
            before = len(proxy.seen("/refresh"))
            proxy.fault("/refresh", "lose", times=2)
            proxy.wait("/refresh", before + 3, seconds=20)
            bot.ask(alice, room)
            for step in ("refresh_answer", "refresh_after_store"):
                bot.stop()
                bot.start_to_die(step)
                bot.start()
                bot.ask(alice, room)
        t.expect(len(proxy.seen(LOGIN)), 1)


@t.mark(limit=90)
def test_a6_a8_soft_logout():
    """A session that ends after some seconds: with a password it logs in again, as the same device, without losing its
    place; the old token is of no more use. Without one it stops and says so."""
    life = {"session_lifetime": "6s", "refreshable_access_token_lifetime": "6s", "nonrefreshable_access_token_lifetime": "6s"}
    with synapse.Synapse(t.here("synapse"), **life) as server, Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            device = json.loads(proxy.seen(LOGIN)[0].answer)["device_id"]
            asked = []
            end = time.monotonic() + 15
            while time.monotonic() < end:
                alice.log_in(alice.local, alice.password)  # hers does not live longer
                asked.append(alice.send(room, QUESTION))
                time.sleep(1)
            logins = proxy.seen(LOGIN)
            t.expect(2 <= len(logins) <= 4, True, f"{len(logins)} log-ins")
            t.expect({json.loads(p.answer)["device_id"] for p in logins if p.status == 200}, {device})
            time.sleep(2)
            alice.log_in(alice.local, alice.password)
            t.expect([replies_to(e) for e in answers(alice, room, bot)], asked)
        account.log_in(account.local, account.password)
        bot = Bot(account, proxy.base, folder="token", password_file=None, token_file="token", poll_seconds=1)
        bot.file("token", account.token + "\n")
        bot.start()
        t.expect(bot.ended(20) != 0, True)
        t.expect_in("log in", bot.said())


@t.mark(limit=60)
def test_a8_hard_logout():
    """The device was deleted: no loop. A password is tried once at most; a token alone means to stop."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            device = json.loads(proxy.seen(LOGIN)[0].answer)["device_id"]
            server.admin.ok("DELETE", f"{ADMIN}/v2/users/{quote(account.user)}/devices/{device}")
            bot.wait_for("matrix_logged_out")
            time.sleep(4)
            t.expect(len(proxy.seen(LOGIN)) <= 2, True, "log-ins")
            t.expect(len([p for p in proxy.log if p.status == 401]) <= 4, True, "requests with the dead token")
            if bot.process.poll() is None:
                bot.ask(alice, room)
        token = client.Client(server.base)
        token.log_in(account.local, account.password)
        bot = Bot(account, proxy.base, folder="token", password_file=None, token_file="token")
        bot.file("token", token.token + "\n")
        bot.start()
        server.admin.ok("DELETE", f"{ADMIN}/v2/users/{quote(account.user)}/devices/{token.device}")
        before = len(proxy.log)
        t.expect(bot.ended() != 0, True)
        t.expect(len(proxy.log) - before < 6, True)


@t.mark(limit=90)
def test_a9_locked_suspended_deactivated():
    """Locked: it keeps all and looks again now and then. Suspended: it reads on. Deactivated: it stops."""
    more = {"experimental_features": {"msc3823_account_suspension": True}}
    with synapse.Synapse(t.here("synapse"), **more) as server, Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        admin, user = server.admin, quote(account.user)
        with Bot(account, proxy.base, locked_seconds=2, poll_seconds=1) as bot:
            room = bot.room(alice)
            admin.ok("PUT", f"{ADMIN}/v2/users/{user}", {"locked": True})
            bot.wait_for("matrix_locked")
            question, before = alice.send(room, QUESTION), len(proxy.log)
            time.sleep(4)
            t.expect(len(proxy.log) - before <= 5, True, "requests while it is locked")
            admin.ok("PUT", f"{ADMIN}/v2/users/{user}", {"locked": False})
            alice.until(lambda _, e: replies_to(e) == question, what="the answer after unlocking")
            admin.ok("PUT", f"{ADMIN}/v1/suspend/{user}", {"suspend": True})
            question = alice.send(room, QUESTION)
            bot.wait_for("matrix_suspended")
            syncs = len(proxy.seen("/sync"))
            proxy.wait("/sync", syncs + 2)
            admin.ok("PUT", f"{ADMIN}/v1/suspend/{user}", {"suspend": False})
            alice.until(lambda _, e: replies_to(e) == question, what="the answer after the suspension")
            t.expect(len(proxy.seen(LOGIN)), 1)
            admin.ok("POST", f"{ADMIN}/v1/deactivate/{user}", {"erase": False})
            t.expect(bot.ended(20) != 0, True)
            t.expect(len(proxy.seen(LOGIN)) <= 2, True)


def test_a10_status_and_errcode_decide():
    """Not the words of a page, nor digits in a token or an address."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        account, alice = server.users("bot401", "alice")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            for status, body in ((502, "<h1>401 Unauthorized M_UNKNOWN_TOKEN</h1>"), (401, "<html>proxy login</html>"),
                                 (403, "<html>"), (404, {"errcode": "M_UNRECOGNIZED"}), (400, "{"), (302, ""),
                                 (418, {"errcode": 7, "error": []})):
                for where in ("GET .*/sync", "PUT .*/send/"):
                    if where.startswith("PUT") and status in (400, 403, 404, 418):
                        continue  # a refused message is not tried again
                    proxy.fault(where, "status", status=status, body=body)
                bot.ask(alice, room)
            t.expect(len(proxy.seen(LOGIN)), 1)
            t.expect(bot.records("matrix_logged_out"), [])


def test_a11_token_and_redirects():
    """The token goes into one header, to one server: no address, no log and no other place sees it."""
    server = synapse.shared()
    with Proxy(server.base) as proxy, Proxy(server.base) as elsewhere:
        account, alice = server.users("bot", "alice")
        with Bot(account, proxy.base) as bot:
            room = bot.room(alice)
            token = json.loads(proxy.seen(LOGIN)[0].answer)["access_token"]
            for where in ("GET .*/sync", "PUT .*/send/"):
                proxy.fault(where, "status", times=2, status=302, headers={"Location": elsewhere.base + "/_matrix/x"})
                proxy.fault(where, "status", times=2, status=307, headers={"Location": "/_matrix/client/v3/sync"})
                bot.ask(alice, room)
            t.expect(elsewhere.log, [])
            t.expect([p.path for p in proxy.log if token in p.path or "access_token" in p.path], [])
            t.expect({p.headers.get("Authorization") for p in proxy.log if "/sync" in p.path}, {"Bearer " + token})
            t.expect(token in bot.all_logs() or account.password in bot.all_logs(), False)


def test_a12_token_made_elsewhere():
    """A token file instead of a password: no log-in; and the device is not logged out at the end."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        bot = Bot(account, proxy.base, password_file=None, token_file="token", user=None)
        bot.file("token", account.token + "\n")
        with bot:
            bot.ask(alice, bot.room(alice))
            bot.stop()
            bot.start()
        t.expect(proxy.seen(LOGIN), [])
        t.expect(account.call("GET", V3 + "/account/whoami").status, 200)


def test_a4_login_command():
    """faqd matrix login, with the password on its input; then run needs none. status tells nothing secret; logout ends
    the session."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        account, alice = server.users("bot", "alice")
        bot = Bot(account, proxy.base, password_file=None)
        refused(bot, "faqd matrix login")
        t.expect(proxy.seen(LOGIN), [])
        done = bot.command("matrix", "login", input=account.password + "\n")
        t.expect(done.status, 0, done.err)
        t.expect(account.password in done.out + done.err, False)
        status = bot.command("matrix", "status")
        t.expect(status.status, 0, status.err)
        t.expect_in(account.user, status.out)
        token = json.loads(proxy.seen(LOGIN)[0].answer)["access_token"]
        t.expect(token in status.out + status.err + done.out + done.err, False)
        with bot:
            bot.ask(alice, bot.room(alice))
            bot.stop()
        t.expect(bot.command("matrix", "logout").status, 0)
        t.expect(client.Client(server.base, token).call("GET", V3 + "/account/whoami").status, 401)
        refused(bot, "faqd matrix login")
        t.expect(len(proxy.seen(LOGIN)), 1)


def test_check_connects_nowhere():
    """faqd check -c reads the settings, and only them; every mistake is named."""
    server = synapse.shared()
    with Proxy(server.base) as proxy:
        bot = Bot(server.user("bot"), proxy.base)
        t.expect(bot.command("check").status, 0)
        for wrong, word in (({"homeserver": "http://matrix.example.org"}, "homeserver"), ({"user": "a b"}, "user"),
                            ({"userr": "x"}, "userr"), ({"max_age_seconds": -1}, "max_age_seconds"),
                            ({"msgtype": "m.image"}, "msgtype"), ({"invites": {"policy": "some"}}, "policy"),
                            ({"encrypted": "yes"}, "encrypted"), ({"rooms": []}, "rooms"),
                            ({"ca_file": "no/such.pem"}, "ca_file")):
            broken = Bot(bot.account, proxy.base, **wrong)
            done = broken.command("check")
            t.expect(done.status != 0, True, f"{wrong} {done.out}")
            t.expect_in(word, done.err + done.out)
        t.expect(proxy.log, [])
