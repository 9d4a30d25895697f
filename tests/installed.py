# SPDX-License-Identifier: MIT
"""installed.py - what tests install from npm and PyPI: pinned by files beside them, once below the build folder (the same
for every flavour of the program), and again only when a pin changes."""
import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys

import harness as t

PLACE = os.path.join(t.ROOT, "build")
LOG = os.path.join(PLACE, "install.log")


@contextlib.contextmanager
def locked(name):
    """One process at a time, of this run or of another."""
    os.makedirs(PLACE, exist_ok=True)
    with open(os.path.join(PLACE, name + ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pin(*files):
    """What these files and this Python come to."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        with open(file, "rb") as f:
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
    """install(folder), unless it has been done for this pin already. The folder."""
    mark = os.path.join(folder, ".pin")
    with locked("install"):
        with contextlib.suppress(OSError), open(mark, encoding="utf-8") as f:
            if f.read() == wanted:
                return folder
        shutil.rmtree(folder, ignore_errors=True)
        install(folder)
        with open(mark, "w", encoding="utf-8") as f:
            f.write(wanted)
    return folder


def python_packages(folder, requirements):
    """A virtual environment with what a requirements.txt names. Its folder."""
    def install(_):
        run(sys.executable, "-m", "venv", folder)
        run(os.path.join(folder, "bin", "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
            "--only-binary", ":all:", "-r", requirements)
    return once(folder, pin(requirements), install)


def node_packages(folder, source):
    """A folder with node_modules, of the package.json and package-lock.json in the folder `source`. Its folder."""
    def install(_):
        if not shutil.which("npm"):
            t.skip("npm is not there (Debian's package npm has it)")
        os.makedirs(folder)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(source, file), folder)
        run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error", cwd=folder)
    return once(folder, pin(os.path.join(source, "package-lock.json")), install)
