# SPDX-License-Identifier: MIT
"""tools.py - what the tests of the Matrix connector need beside Debian's packages: the homeserver, the SDKs of the humans,
the Node that one of them wants. Pinned by requirements.txt and package-lock.json."""
import os

import harness as t
import installed

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = os.path.join(installed.PLACE, "matrix")
MODULES = os.path.join(PLACE, "js", "node_modules")
REQUIREMENTS = os.path.join(HERE, "requirements.txt")


def python():
    """The interpreter that has Synapse and matrix-nio."""
    return os.path.join(installed.python_packages(os.path.join(PLACE, "venv"), REQUIREMENTS), "bin", "python")


def node():
    """The Node that the SDK wants."""
    installed.node_packages(os.path.join(PLACE, "js"), HERE)
    for name in os.listdir(MODULES):
        program = os.path.join(MODULES, name, "bin", "node")
        if name.startswith("node-") and os.access(program, os.X_OK):
            return program
    return t.skip("no Node was installed for this machine")
