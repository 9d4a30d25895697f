#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scale.py - measure faqd beside other engines on packs of up to 100,000 patterns: scale.py BUILD [--full]

Writes the packs (once) into BUILD/bench/packs, installs the engines that come from npm (once) into BUILD/bench/node, runs
BUILD/bench/scale on each pack with those engines taking turns in its rounds, prints the tables and keeps the figures in
BUILD/bench/scale.json. An engine that is not there is left out with a word. --full: Hyperscan compiles the large packs
too, which takes it half an hour; what it compiled is kept, and later runs measure it.
"""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys

import tables

HERE = os.path.dirname(os.path.abspath(__file__))
PACKS = [("plain", 500), ("plain", 5000), ("plain", 50000), ("plain", 100000), ("dense", 5000), ("inside", 5000)]
PEERS = ("rivescript", "nlp.js")
PEERS_MOST = 5000  # patterns: above, RiveScript takes seconds for a question and nlp.js an hour to learn


def digest(*names):
    """Of files beside this one."""
    found = hashlib.sha256()
    for name in names:
        with open(os.path.join(HERE, name), "rb") as file:
            found.update(file.read())
    return found.hexdigest()


def made(folder, mark, make):
    """The folder, made again if what it was made from has changed."""
    stamp = os.path.join(folder, "made-from")
    if os.path.exists(stamp):
        with open(stamp, encoding="ascii") as file:
            if file.read() == mark:
                return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    make(folder)
    with open(stamp, "w", encoding="ascii") as file:
        file.write(mark)
    return folder


def pack_folder(build, kind, patterns):
    def make(folder):
        subprocess.run([sys.executable, os.path.join(HERE, "packs.py"), str(patterns), folder, "--kind", kind], check=True)
    return made(os.path.join(build, "bench", "packs", f"{kind}-{patterns}"), digest("packs.py", "language.py"), make)


def install_peers(build):
    """The folder with the engines of npm; None, with a word, if it cannot be made."""
    names = ["peers/" + name for name in sorted(os.listdir(os.path.join(HERE, "peers")))]

    def make(folder):
        for name in names:
            shutil.copy(os.path.join(HERE, name), folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    try:
        return made(os.path.join(build, "bench", "node"), digest(*names), make)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"bench: without {' and '.join(PEERS)}: {error}", file=sys.stderr)
        return None


class Peer:
    """One of npm's engines, asked when its turn comes."""

    def __init__(self, node, name, folder):
        self.process = subprocess.Popen(["node", "--expose-gc", "peers.js", os.path.abspath(folder), name], cwd=node,
                                        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        self.figures = dict(json.loads(line), us=[]) if line else None

    def turn(self, first):
        self.process.stdin.write(f"{first}\n")
        self.process.stdin.flush()
        self.figures["us"].append(float(self.process.stdout.readline()))

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        return self.figures


def measure(build, node, kind, patterns, full):
    """The figures of one pack."""
    folder = pack_folder(build, kind, patterns)
    command = [os.path.join(build, "bench", "scale"), folder, os.path.join(build, "plugins")] + ["slow"] * full
    peers = []
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as scale:
        line = scale.stdout.readline()
        if node and kind == "plain" and patterns <= PEERS_MOST: # they start here: found.txt is there now
            peers = [peer for peer in (Peer(node, name, folder) for name in PEERS) if peer.figures]
        while line and not line.startswith("{"):
            for peer in peers:
                peer.turn(line.strip())
            scale.stdin.write("\n")
            scale.stdin.flush()
            line = scale.stdout.readline()
        text = line + scale.stdout.read()
    others = [peer.end() for peer in peers]
    if not text:
        sys.exit(f"bench: {' '.join(command)} failed")
    figures = json.loads(text)
    figures["engines"] = {engine["name"]: engine for engine in figures["engines"] + others if "us" in engine}
    return dict(figures, kind=kind)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--packs", help="some only: KIND-PATTERNS,...")
    args = parser.parse_args()
    wanted = args.packs.split(",") if args.packs else [f"{kind}-{n}" for kind, n in PACKS]
    node = install_peers(args.build)
    measured = [measure(args.build, node, kind, n, args.full) for kind, n in PACKS if f"{kind}-{n}" in wanted]
    with open(os.path.join(args.build, "bench", "scale.json"), "w", encoding="utf-8") as file:
        json.dump(measured, file, indent=1)
    print(tables.report(measured))
    sys.exit(1 if tables.broken(measured) else 0)


if __name__ == "__main__":
    main()
