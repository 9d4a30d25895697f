# SPDX-License-Identifier: MIT
"""synapse.py - a real homeserver on loopback: Synapse with SQLite, its settings written by the test, ended with it.

shared() is the one that most tests use, each with users and rooms of its own: its limits are wide. It is started by the
first test that asks and ended when the run of the tests ends (keeper.py). A test that stops, restarts or limits the
server has one of its own: `with Synapse(...) as server`.
"""
import contextlib
import hashlib
import hmac
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import installed
from matrix import client, tools

NAME = "mx.test"
SECRET = "registration-secret-of-the-tests"
KEEPER = os.path.join(tools.HERE, "keeper.py")
WIDE = {"per_second": 10000, "burst_count": 100000}
NO_LIMITS = {
    "rc_message": WIDE, "rc_registration": WIDE, "rc_admin_redaction": WIDE, "rc_joins_per_room": WIDE, "rc_reports": WIDE,
    "rc_login": {"address": WIDE, "account": WIDE, "failed_attempts": WIDE}, "rc_joins": {"local": WIDE, "remote": WIDE},
    "rc_invites": {"per_room": WIDE, "per_user": WIDE, "per_issuer": WIDE}, "rc_room_creation": WIDE,
    "rc_presence": {"per_user": WIDE},
}
NOTICES = {"system_mxid_localpart": "notices", "system_mxid_display_name": "Notices", "room_name": "Notices"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def settings(folder, port, more):
    """homeserver.yaml as JSON, which is YAML, too. more: None takes a setting away."""
    every = {
        "server_name": NAME, "pid_file": os.path.join(folder, "pid"), "report_stats": False,
        "public_baseurl": f"http://127.0.0.1:{port}/", "serve_server_wellknown": True,
        "listeners": [{"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": False,
                       "resources": [{"names": ["client"], "compress": True}]}],
        "database": {"name": "sqlite3", "args": {"database": os.path.join(folder, "homeserver.db")}},
        "log_config": os.path.join(folder, "log.yaml"), "media_store_path": os.path.join(folder, "media"),
        "signing_key_path": os.path.join(folder, "signing.key"), "registration_shared_secret": SECRET,
        "macaroon_secret_key": "macaroon-secret-of-the-tests", "form_secret": "form-secret-of-the-tests",
        "trusted_key_servers": [], "suppress_key_server_warning": True, "bcrypt_rounds": 4, "server_notices": NOTICES,
        "federation_domain_whitelist": [], "url_preview_enabled": False, "stats": {"enabled": False},
        "user_directory": {"enabled": False}, **NO_LIMITS, **more,
    }
    return {name: value for name, value in every.items() if value is not None}


class Server:
    """A homeserver that runs somewhere: its address, and making users."""
    numbers = itertools.count(1)

    def __init__(self, base):
        self.base = base
        self._admin = None

    def user(self, name=None, admin=False, server=None):
        """A new user, logged in. The name is made unique; the password is in .password."""
        password = f"password-of-{name}"
        someone = client.Client(self.base)
        path = client.ADMIN + "/v1/register"
        local = f"{name}{os.getpid()}x{next(self.numbers)}"
        nonce = someone.ok("GET", path)["nonce"]
        role = "admin" if admin else "notadmin"
        mac = hmac.new(SECRET.encode(), "\0".join([nonce, local, password, role]).encode(), hashlib.sha1).hexdigest()
        answer = someone.ok("POST", path, {"nonce": nonce, "username": local, "password": password, "admin": admin,
                                           "mac": mac, "displayname": name})
        someone.token, someone.user, someone.device = answer["access_token"], answer["user_id"], answer["device_id"]
        someone.password, someone.local = password, local
        return someone

    def users(self, *names):
        return [self.user(name) for name in names]

    @property
    def admin(self):
        """An administrator."""
        if not self._admin:
            self._admin = self.user("admin", admin=True)
        return self._admin


class Synapse(Server):
    """A homeserver of one's own. more: settings of homeserver.yaml. fresh: makes its own tables and keys."""

    def __init__(self, folder=None, port=None, fresh=False, **more):
        self.folder = folder or tempfile.mkdtemp(prefix="synapse-")
        self.port = port or free_port()
        super().__init__(f"http://127.0.0.1:{self.port}")
        self.process = None
        self.fresh = fresh
        self.more = more

    def prepare(self):
        """The folder: settings, and the database that a first start has made already."""
        os.makedirs(self.folder, exist_ok=True)
        if not self.fresh and not os.path.exists(os.path.join(self.folder, "homeserver.db")):
            blank = template()
            for file in os.listdir(blank):
                if file.startswith(("homeserver.db", "signing.key")):
                    shutil.copy(os.path.join(blank, file), self.folder)
        self.write("homeserver.yaml", settings(self.folder, self.port, self.more))
        self.write("log.yaml", {
            "version": 1, "formatters": {"one": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {"file": {"class": "logging.FileHandler", "formatter": "one",
                                  "filename": os.path.join(self.folder, "synapse.log")}},
            "root": {"level": "WARNING", "handlers": ["file"]}})

    def write(self, name, content):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            json.dump(content, f)

    def command(self, *more):
        return [tools.python(), "-m", "synapse.app.homeserver", "-c", os.path.join(self.folder, "homeserver.yaml"), *more]

    def start(self):
        self.prepare()
        with open(os.path.join(self.folder, "out.txt"), "ab") as out:
            if self.fresh:
                subprocess.run(self.command("--generate-keys"), cwd=self.folder, stdout=out, stderr=out, check=True)
            self.process = subprocess.Popen(self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=out)
        self.wait_until_up()
        return self

    def wait_until_up(self, seconds=90):
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(self.base + "/health", timeout=5) as answer:
                if answer.status == 200:
                    return
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"Synapse did not come up:\n{self.said()}")
            time.sleep(0.1)

    def said(self):
        text = ""
        for name in ("out.txt", "synapse.log"):
            with contextlib.suppress(OSError), open(os.path.join(self.folder, name), encoding="utf-8") as f:
                text += f.read()[-3000:]
        return text

    def stop(self, kill=False):
        if self.process:
            (self.process.kill if kill else self.process.terminate)()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def restart(self, kill=False, **more):
        self.stop(kill)
        self.more.update(more)
        return self.start()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


def template():
    """A folder with the database of a server that has never been used: making its tables takes longest."""
    place = os.path.join(tools.PLACE, "synapse-" + installed.pin(tools.REQUIREMENTS)[:12])
    tools.python()
    with installed.locked("template"):
        if not os.path.exists(os.path.join(place, "done")):
            shutil.rmtree(place, ignore_errors=True)
            with Synapse(place, fresh=True):
                pass
            with open(os.path.join(place, "done"), "w", encoding="utf-8"):
                pass
    return place


def shared():
    """The server that the tests of this run have in common."""
    runner = os.getppid()
    place = os.path.join(tools.PLACE, f"shared-{runner}")
    ready = os.path.join(place, "ready.json")
    with installed.locked("shared"):
        if not os.path.exists(ready):
            template()
            keeper = subprocess.Popen([sys.executable, KEEPER, place, str(runner)], stdin=subprocess.DEVNULL,
                                      start_new_session=True, env={**os.environ, "TMPDIR": "/tmp", "HOME": "/"})
            end = time.monotonic() + 120
            while not os.path.exists(ready):
                if keeper.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"the shared homeserver did not start; see {place}")
                time.sleep(0.05)
    with open(ready, encoding="utf-8") as f:
        return Server(json.load(f)["base"])
