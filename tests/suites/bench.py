# SPDX-License-Identifier: MIT
"""bench.py - the tools of the benchmark do what their tables claim: packs that faqd loads and answers from, engines that
find the same patterns, promises that are judged, drawings that can be drawn. Figures themselves are not tested."""
import copy
import filecmp
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import harness as t

BENCH = os.path.join(t.TESTS, "bench")
sys.path.insert(0, BENCH)
import plot  # noqa: E402
import tables  # noqa: E402

KINDS = ("plain", "dense", "inside")


def write_pack(folder, kind="plain", patterns=300, questions=200, seed=1):
    subprocess.run([sys.executable, os.path.join(BENCH, "packs.py"), str(patterns), folder, "--kind", kind, "--questions",
                    str(questions), "--seed", str(seed)], check=True)
    return folder


def lines(folder, name):
    with open(os.path.join(folder, "plain", name), encoding="utf-8") as file:
        return file.read().splitlines()


def test_packs_are_the_same_each_time():
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b, tempfile.TemporaryDirectory() as c:
        for folder, seed in ((a, 1), (b, 1), (c, 2)):
            write_pack(folder, seed=seed)
        names = ["pack.json", "lexicon.json", "000.json", "plain/patterns.txt", "plain/questions.txt", "plain/rules.json"]
        t.expect(filecmp.cmpfiles(a, b, names, shallow=False), (names, [], []))
        t.expect("000.json" in filecmp.cmpfiles(a, c, names, shallow=False)[1], True)


def test_packs_of_every_kind_answer():
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            write_pack(folder, kind)
            questions = lines(folder, "questions.txt")
            t.expect(len(lines(folder, "patterns.txt")), 300)
            t.expect(len(set(questions)), 200)
            t.expect([q for q in questions if not 5 <= len(q.split()) <= 30][3:], [], "questions too short or long")
            done = subprocess.run([t.FAQD, "ask", "--json", "--pack", folder], input="\n".join(questions) + "\n", text=True,
                                  capture_output=True, check=False, cwd=t.ROOT)
            outcomes = [json.loads(line)["outcome"] for line in done.stdout.splitlines()]
            t.expect(len(outcomes), 200)
            found = sum(outcome in ("answer", "clarify") for outcome in outcomes)
            t.expect(found >= 140, True, f"{kind}: {found} of 200 questions are answered: {done.stderr}")


@t.mark(limit=240)
def test_engines_find_the_same_patterns():
    done = subprocess.run(["make", "--no-print-directory", "BUILD=" + os.path.relpath(t.BUILD, t.ROOT), "bench-scale"],
                          cwd=t.ROOT, capture_output=True, text=True, check=False)
    t.expect(done.returncode, 0, done.stdout + done.stderr)
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            write_pack(folder, kind, 100, 16000)
            done = subprocess.run([os.path.join(t.BUILD, "bench", "scale"), folder, os.path.join(t.BUILD, "plugins")],
                                  input="\n" * 7, capture_output=True, text=True, check=False)
            figures = json.loads(done.stdout[done.stdout.index("{"):])
            engines = {engine["name"]: engine for engine in figures["engines"]}
            for name, engine in engines.items():
                t.expect((name, engine.get("different", 0)), (name, 0))
                t.expect(len([us for us in engine["us"] if us > 0]), 7, name)
            t.expect(engines["faqd-all"]["compared"] >= 100, True)
            best = engines["faqd-best"]
            t.expect(0 < best["median_us"] <= best["worst_us"], True)
            found = [line for line in lines(folder, "found.txt") if " " in line]
            t.expect(len(found) >= engines["faqd-all"]["compared"] // 2, True, "most questions match something")


def figures_of(patterns, us):
    engines = {name: {"name": name, "us": [value] * 3, "load_s": 0.1 if name == "faqd-kept" else 0.5,
                      "resident_mb": 20.0, "refused": 0, "compared": 9, "different": 0} for name, value in us.items()}
    engines["faqd-best"].update(median_us=20.0, worst_us=500.0)
    return {"kind": "plain", "patterns": patterns, "pattern_mb": 8.0, "worst_ms": 1.0, "worst": "x", "engines": engines}


KEPT = {"floor": 0.2, "faqd-index": 0.5, "faqd-best": 1.0, "faqd-kept": 1.0, "faqd-all": 2.0,
        "pcre2-jit": 20000.0, "hyperscan": 13.0}


def test_promises_are_judged():
    t.expect(tables.broken([figures_of(n, KEPT) for n in (500, 5000, 50000, 100000)]), [])
    slow = figures_of(5000, dict(KEPT, **{"faqd-all": 15.0, "faqd-index": 0.7}))
    t.expect(tables.broken([slow]), ["pcre2-jit / faqd-all at 5,000", "hyperscan / faqd-all at 5,000",
                                     "faqd-index / floor at 5,000"])
    t.expect(tables.report([slow]).count("**missed**"), 3)
    for us, missed in ((15.0, []), (100.0, ["pcre2-jit / faqd-all at 5,000 inside"])):
        inside = dict(figures_of(5000, dict(KEPT, **{"faqd-all": us})), kind="inside")
        t.expect(tables.broken([inside]), missed)
    large = figures_of(100000, KEPT)
    large["worst_ms"] = 2.5
    large["engines"]["faqd-best"].update(resident_mb=50.0, median_us=25.5, worst_us=2100.0)
    t.expect(tables.broken([large]), ["resident_mb", "median_us", "slowest_ms", "worst_ms"])
    other = copy.deepcopy(slow)
    other["engines"]["faqd-all"]["different"] = 1
    t.expect(tables.broken([other])[-1], "other patterns are found: 5,000: faqd-all")


def test_drawings_are_drawn():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "bench"))
        with open(os.path.join(folder, "bench", "scale.json"), "w", encoding="utf-8") as file:
            json.dump([figures_of(n, KEPT) for n in (500, 5000)], file)
        plot.write(folder, folder)
        for name, drawn in (("time.svg", 5), ("memory.svg", 3)):
            root = xml.etree.ElementTree.parse(os.path.join(folder, name)).getroot()
            t.expect(len(root.findall(".//{http://www.w3.org/2000/svg}polyline")), drawn, name)
            for label in root.findall(".//{http://www.w3.org/2000/svg}text"):
                t.expect(0 <= float(label.get("x")) <= plot.WIDTH and 0 <= float(label.get("y")) <= plot.HEIGHT, True)
