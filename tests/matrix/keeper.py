#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""keeper.py FOLDER PID - runs the homeserver that many tests share, in FOLDER, as long as the process PID (tests/run) is
there; leaves its address in FOLDER/ready.json. The tests are processes of their own that come and go, and the one that
happened to start the server must not take it along."""
import os
import select
import shutil
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from matrix import synapse  # noqa: E402  (beside this file)


def main():
    folder, pid = sys.argv[1], int(sys.argv[2])
    runner = os.pidfd_open(pid)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with synapse.Synapse(folder) as server:
            server.write("ready.tmp", {"base": server.base})
            os.rename(os.path.join(folder, "ready.tmp"), os.path.join(folder, "ready.json"))
            select.select([runner], [], [])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
