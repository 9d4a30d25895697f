# SPDX-License-Identifier: MIT
"""harness.py - what the test suites share: places, the marks of a test, and running faqd.

A suite is a file of tests/suites/. Its functions test_* are tests; a function tests() may yield more of them as
(name, function) pairs. The decorator mark() says how one is run. A test fails by raising; skip() leaves it out.
"""
import importlib
import json
import os
import shutil
import signal
import subprocess
import time

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
BUILD = os.path.join(ROOT, os.environ.get("BUILD") or "build")
SAN = os.environ.get("SAN") or ""
FAQD = os.path.join(BUILD, "faqd")
SMALL = os.path.join(TESTS, "packs", "small")
SLOWER = 8 if SAN else 1  # what a sanitizer costs, for limits of time


class Skip(Exception):
    """The test cannot run here."""


def skip(reason):
    raise Skip(reason)


def mark(quick=False, san=False, alone=False, limit=60):
    """quick: part of `make check`. san: also of use in a build with sanitizers. alone: nothing else runs beside it.
    limit: seconds."""
    def put(fn):
        fn.marks = {"quick": quick, "san": san, "alone": alone, "limit": limit}
        return fn
    return put


class Test:
    def __init__(self, name, fn):
        marks = getattr(fn, "marks", {})
        self.name = name
        self.run = fn
        self.quick = marks.get("quick", False)
        self.san = marks.get("san", False)
        self.alone = marks.get("alone", False)
        self.limit = marks.get("limit", 60) * SLOWER

    def fits(self):
        return self.san or not SAN


def collect():
    """All tests of all suites, in a fixed order."""
    found = []
    for file in sorted(os.listdir(os.path.join(TESTS, "suites"))):
        if not file.endswith(".py"):
            continue
        suite = file[:-3]
        module = importlib.import_module("suites." + suite)
        for name, fn in list(vars(module).items()):
            if name.startswith("test_") and callable(fn):
                found.append(Test(f"{suite}/{name[5:]}", fn))
        for name, fn in getattr(module, "tests", lambda: [])():
            found.append(Test(f"{suite}/{name}", fn))
    return found


def begin(folder):
    """In the process of a test: a clean environment, and `folder` as its home and place for files."""
    keep = {k: v for k, v in os.environ.items()
            if not k.startswith(("FAQD_", "LC_", "LANG", "XDG_", "NO_COLOR", "JOURNAL_", "MAKE", "MFLAGS"))}
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # a shell ignores some of them for what it starts in the background
    os.environ.clear()
    os.environ.update(keep, HOME=folder, TMPDIR=folder, LC_ALL="C.UTF-8", BUILD=BUILD, SAN=SAN,
                      ASAN_OPTIONS="detect_leaks=1:abort_on_error=0", TSAN_OPTIONS="halt_on_error=1",
                      UBSAN_OPTIONS="print_stacktrace=1")
    os.chdir(folder)


def here(*parts):
    """A path in the test's own folder."""
    return os.path.join(os.environ["TMPDIR"], *parts)


def plugins():
    """A folder with the shipped plugins and those of the tests."""
    folder = here("plugins")
    if not os.path.isdir(folder):
        os.mkdir(folder)
        for place in (os.path.join(BUILD, "plugins"), os.path.join(BUILD, "tests", "plugins")):
            for name in os.listdir(place):
                if name.endswith(".so"):
                    os.symlink(os.path.join(place, name), os.path.join(folder, name))
    return folder


def small(pack=SMALL):
    """The options that make faqd use the small pack."""
    return ["--pack", pack, "--plugins-dir", plugins()]


def copy_small(name="pack"):
    """A copy of the small pack that may be changed; its folder."""
    shutil.copytree(SMALL, here(name))
    return here(name)


def edited_pack():
    """A copy of the shipped pack with a blank more, which the image that came with the program does not fit; its folder."""
    shutil.copytree(os.path.join(ROOT, "intents", "mesotherapy"), here("mesotherapy"))
    with open(here("mesotherapy", "pack.json"), "a", encoding="utf-8") as f:
        f.write(" ")
    return here("mesotherapy")


class Result:
    def __init__(self, status, out, err):
        self.status = status
        self.raw = out
        self.out = out.decode(errors="replace")
        self.err = err.decode(errors="replace")

    def objects(self):
        return [json.loads(line) for line in self.out.splitlines()]


def faqd(*args, input=b"", env=None, timeout=60, **more):
    """Run faqd to its end."""
    if isinstance(input, str):
        input = input.encode()
    done = subprocess.run([FAQD, *args], input=input, capture_output=True, env={**os.environ, **(env or {})},
                          timeout=timeout * SLOWER, check=False, **more)
    if "Sanitizer" in done.stderr.decode(errors="replace"):
        raise AssertionError(done.stderr.decode(errors="replace"))
    return Result(done.returncode, done.stdout, done.stderr)


def expect(got, wanted, what=""):
    """Both values are shown when they differ."""
    if got != wanted:
        raise AssertionError(f"{what}\n     got: {got!r}\nexpected: {wanted!r}")


def expect_in(part, whole, what=""):
    if part not in whole:
        raise AssertionError(f"{what}\n     got: {whole!r}\nmust hold: {part!r}")


def shell(*command, cwd=ROOT, timeout=600, env=None):
    """Run another program; its output. Anything but success fails the test."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False,
                          env={**os.environ, **(env or {})})
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def unprivileged():
    """From here on the test is nobody, for whom permissions count."""
    if os.geteuid() == 0:
        for folder, _, _ in os.walk(here()):
            os.chmod(folder, 0o777)
        parent = os.path.dirname(here())
        os.chmod(parent, 0o755)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def wait_for(condition, seconds=10, what="what was waited for did not come"):
    end = time.monotonic() + seconds * SLOWER
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(what)
        time.sleep(0.01)


class Background:
    """faqd running beside the test, its output in files of its own."""

    def __init__(self, *args, env=None, stdin=subprocess.PIPE):
        self.out_path, self.err_path = here("out.txt"), here("err.txt")
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.process = subprocess.Popen([FAQD, *args], stdin=stdin, stdout=out, stderr=err,
                                            env={**os.environ, **(env or {})})

    def out(self):
        with open(self.out_path, "rb") as f:
            return f.read().decode(errors="replace")

    def err(self):
        with open(self.err_path, "rb") as f:
            return f.read().decode(errors="replace")

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def signal(self, number=signal.SIGHUP):
        self.process.send_signal(number)

    def end(self, seconds=10):
        """Close its input, wait; the exit status."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        return self.process.wait(seconds * SLOWER)
