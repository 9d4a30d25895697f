# SPDX-License-Identifier: MIT
"""unit.py - the C programs of tests/unit/, each a test. They are told where things are by BUILD and run in the root."""
import os
import re
import subprocess

import harness as t

# seconds that a program may take, where a minute is not enough; and those that are not for every edit
LIMITS = {"test_store_faults": 240, "test_oom": 240, "test_reload": 240, "test_reload_shipped": 1500, "test_vetted": 240,
          "test_index": 120, "test_spellings": 120}
SLOW = {"test_store_faults", "test_reload", "test_reload_shipped", "test_vetted"}
ALONE = {"test_reload_shipped"}  # takes both processors
NOT_WITH_THREADS = {"test_store_faults", "test_reload_shipped", "test_vetted", "test_oom", "test_index", "test_web_oom",
                    "test_spellings"}  # one thread; that sanitizer is slow


def run(program):
    done = subprocess.run([program], cwd=t.ROOT, capture_output=True, text=True, errors="replace", check=False)
    print(done.stdout, done.stderr, sep="\n")
    t.expect(done.returncode, 0, "exit status of " + program)
    if not re.search(r"\d+ test\(s\) run", done.stdout + done.stderr):
        raise AssertionError("it ran no tests")


def tests():
    for file in sorted(os.listdir(os.path.join(t.TESTS, "unit"))):
        name = file[:-2]
        if not (name.startswith("test_") and file.endswith(".c")):
            continue

        def one(program=os.path.join(t.BUILD, "tests", "unit", name)):
            run(program)

        san = t.SAN != "thread" or name not in NOT_WITH_THREADS
        yield name[5:], t.mark(quick=name not in SLOW, san=san, alone=name in ALONE, limit=LIMITS.get(name, 60))(one)
