# SPDX-License-Identifier: MIT
"""fuzz.py - the inputs kept for the fuzz targets (tests/fuzz/corpus: seeds and past findings), tried by the build at
hand; and by one with gcc's address and undefined behaviour sanitizers."""
import os
import subprocess

import harness as t

CORPUS = os.path.join(t.TESTS, "fuzz", "corpus")


def run(*command):
    done = subprocess.run(command, cwd=t.ROOT, capture_output=True, text=True, errors="replace", check=False)
    print(done.stdout, done.stderr[-4000:], sep="\n")
    t.expect(done.returncode, 0, "exit status of " + command[0])


@t.mark(limit=900)
def test_sanitized():
    run("make", "--no-print-directory", "BUILD=" + t.BUILD, "fuzz-replay")


def tests():
    for target in sorted(os.listdir(CORPUS)):
        def one(target=target):
            run(os.path.join(t.BUILD, "fuzz", target), os.path.join(CORPUS, target))

        yield target, t.mark(quick=True, san=True, limit=120)(one)
