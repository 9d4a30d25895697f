# SPDX-License-Identifier: MIT
"""builds.py - the code under other eyes: both compilers without a warning at several levels of optimisation, gcc's
analyzer silent, the same bytes from two builds, and the tests with the sanitizers built in."""
import hashlib
import os
import re
import shutil

import harness as t


def make(*args, build, timeout=900):
    """make in a build folder of its own beside the one under test, which keeps what it has for the next run."""
    folder = f"{t.BUILD}-{build}"
    return folder, t.shell("make", "--no-print-directory", "-j", str(os.cpu_count() or 1), f"BUILD={folder}", *args,
                           timeout=timeout, env={"MAKEFLAGS": ""})


def flavour(name, *args):
    @t.mark(limit=600)
    def build():
        _, out = make(*args, build=name)
        warnings = [line for line in out.splitlines() if "warning:" in line]
        t.expect(warnings, [])
    return build


def tests():
    yield "gcc", flavour("gcc", "build", "tests", "CC=gcc", "WERROR=1")
    yield "gcc_unoptimised", flavour("gcc-O0", "build", "CC=gcc", "WERROR=1", "OPTIMIZE=-O0", "HARDEN=")
    yield "gcc_optimised_more", flavour("gcc-O3", "build", "CC=gcc", "WERROR=1", "OPTIMIZE=-O3")
    if shutil.which("clang"):
        yield "clang", flavour("clang", "build", "tests", "CC=clang", "WERROR=1")


# What gcc 12 takes for a fault and is none: (file, kind of warning), each with the reason.
#   malloc-leak       is left out altogether: memory whose pointer is stored through a pointer (arrays that grow, array.h)
#                     counts as lost. test_oom counts every block on every path of failure instead.
#   null-dereference  plugin.c: array_room() makes no array when there is one; that "there are items" means "items is
#                     no null pointer" is beyond it.
NO_FAULTS = {("src/plugin.c", "null-dereference")}


@t.mark(limit=900)
def test_analyzer():
    """gcc -fanalyzer over the program and its plugins."""
    folder = f"{t.BUILD}-analyzer"
    shutil.rmtree(folder, ignore_errors=True)  # files that are up to date would not be looked at
    _, out = make("build", "CC=gcc", "CI=", "WERROR=", "CFLAGS=-fanalyzer -Wno-analyzer-malloc-leak", build="analyzer")
    found = [line for line in out.splitlines() if "-Wanalyzer" in line and
             not any(line.startswith(file) and kind in line for file, kind in NO_FAULTS)]
    t.expect(found, [])


@t.mark(limit=300)
def test_two_builds_are_the_same():
    sums = []
    for number in (1, 2):
        folder, _ = make("build", build=f"same{number}")
        sums.append({})
        made = [os.path.join(part, f) for part in ("plugins", "images") for f in os.listdir(os.path.join(folder, part))]
        t.expect_in("images/mesotherapy.image", made)
        for file in ["faqd", *sorted(made)]:
            with open(os.path.join(folder, file), "rb") as f:
                sums[-1][file] = hashlib.sha256(f.read()).hexdigest()
    t.expect(sums[0], sums[1])
    t.expect(make("build", build="same2")[1], "", "nothing is left to do")
    for changed, made in (("intents/faqd/pack.json", True), ("intents/faqd", True), (f"{folder}/faqd", True),
                          (f"{folder}/plugins/web.so", False), ("README.md", False)):
        _, out = make("build", "-n", "-W", changed, build="same2")
        t.expect(" compile " in out, made, f"images after a change of {changed}")


@t.mark(limit=300)
def test_valgrind():
    """The whole way of some questions, nothing lost and nothing read that was not written."""
    if not shutil.which("valgrind"):
        t.skip("no valgrind")
    questions = ["C'est quoi la mésothérapie ?", "does it hurt?", "frzbl", "x" * 5000, "je suis enceinte et sous anticoagulants"]
    for args in (["ask", "--json", *questions], ["explain", *questions], ["plugins"]):
        t.shell("valgrind", "-q", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect",
                t.FAQD, *args)


def sanitized(san, build, *names, limit=900):
    """Build with a sanitizer, run the tests that are worth it."""
    folder, _ = make("build", "tests", f"SAN={san}", build=build)
    place = os.path.dirname(os.path.dirname(t.here()))  # not within our own folder, which only we may enter
    out = t.shell(os.path.join(t.TESTS, "run"), *names, env={"BUILD": folder, "SAN": san, "CI": "", "TMPDIR": place},
                  timeout=limit)
    print(out)
    if not re.search(r"^\d+ passed, 0 failed", out.splitlines()[-1]):
        raise AssertionError("not all passed")


@t.mark(limit=1200, alone=True)
def test_addresses_and_undefined_behaviour():
    sanitized("address,undefined", "asan", "quick")


@t.mark(limit=1200, alone=True)
def test_threads():
    sanitized("thread", "tsan", "unit/reload", "unit/snapshot", "unit/dispatch", "daemon/")
