# SPDX-License-Identifier: MIT
"""tools.py - what the browser tests need: Debian's Chromium, and from npm, pinned by package-lock.json, the library that drives
it, axe-core and Lighthouse. Installed once below the build folder."""
import os
import shutil

import harness as t
from matrix import tools as installed

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = os.path.join(t.ROOT, "build", "web-tools")


def chromium():
    return shutil.which("chromium") or t.skip("no Chromium (Debian's package chromium has it)")


def node():
    return shutil.which("node") or t.skip("no Node (Debian's package nodejs has it)")


def modules():
    """The folder that has node_modules."""
    with installed.locked("install"):
        installed.once(PLACE, installed.pin(os.path.join(HERE, "package-lock.json")),
                       lambda folder: installed.install_node(folder, HERE))
    return PLACE
