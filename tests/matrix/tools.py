# SPDX-License-Identifier: MIT
"""tools.py - what the tests of the Matrix connector need beside Debian's packages: the homeserver, the SDKs of the
humans, the Node that one of them wants. Pinned by requirements.txt and package-lock.json, installed once below the build
folder, and again only when a pin changes."""
import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys

import harness as t

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = os.path.join(t.ROOT, "build", "matrix")  # the same for every flavour of the program
PYTHON = os.path.join(PLACE, "venv", "bin", "python")
MODULES = os.path.join(PLACE, "js", "node_modules")
LOG = os.path.join(PLACE, "install.log")


@contextlib.contextmanager
def locked(name):
    """One process at a time, of this run or of another."""
    os.makedirs(PLACE, exist_ok=True)
    with open(os.path.join(PLACE, name + ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pin(*files):
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        with open(os.path.join(HERE, file), "rb") as f:
            digest.update(f.read())
    return digest.hexdigest()


def run(*command, cwd=None):
    """An installer, with the home of the person who runs the tests: its settings are there. No network is no fault of
    ours; the test is left out then."""
    env = {**os.environ, "HOME": pwd.getpwuid(os.getuid()).pw_dir}
    with open(LOG, "ab") as log:
        done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
    if done.returncode:
        with open(LOG, "rb") as log:
            tail = log.read()[-600:].decode(errors="replace")
        t.skip(f"{' '.join(command[:4])} failed: {tail}")


def once(folder, wanted, install):
    """Call install() unless it has been done for these pins already."""
    mark = os.path.join(folder, ".pin")
    with contextlib.suppress(OSError), open(mark, encoding="utf-8") as f:
        if f.read() == wanted:
            return
    shutil.rmtree(folder, ignore_errors=True)
    install(folder)
    with open(mark, "w", encoding="utf-8") as f:
        f.write(wanted)


def install_python(folder):
    run(sys.executable, "-m", "venv", folder)
    run(os.path.join(folder, "bin", "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
        "--only-binary", ":all:", "-r", os.path.join(HERE, "requirements.txt"))


def install_node(folder, home=HERE):
    """What the package-lock.json in `home` pins."""
    if not shutil.which("npm"):
        t.skip("npm is not there (Debian's package npm has it)")
    os.makedirs(folder)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(home, file), folder)
    run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error", cwd=folder)


def python():
    """The interpreter that has Synapse and matrix-nio."""
    with locked("install"):
        once(os.path.join(PLACE, "venv"), pin("requirements.txt"), install_python)
    return PYTHON


def node():
    """The Node that the SDK wants."""
    with locked("install"):
        once(os.path.join(PLACE, "js"), pin("package-lock.json"), install_node)
    for name in os.listdir(MODULES):
        program = os.path.join(MODULES, name, "bin", "node")
        if name.startswith("node-") and os.access(program, os.X_OK):
            return program
    return t.skip("no Node was installed for this machine")
