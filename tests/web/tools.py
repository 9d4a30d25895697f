# SPDX-License-Identifier: MIT
"""tools.py - what the browser tests need: Debian's Chromium, and from npm, pinned by package-lock.json, the library that drives
it, axe-core and Lighthouse."""
import os
import shutil

import harness as t
import installed

HERE = os.path.dirname(os.path.abspath(__file__))


def chromium():
    return shutil.which("chromium") or t.skip("no Chromium (Debian's package chromium has it)")


def node():
    return shutil.which("node") or t.skip("no Node (Debian's package nodejs has it)")


def modules():
    """The folder that has node_modules."""
    return installed.node_packages(os.path.join(installed.PLACE, "web-tools"), HERE)
