#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""count.py - instructions of each stage, from what callgrind counted: count.py BUILD LOADS QUESTIONS MAPPED READ

Counts do not depend on what else the machine does, and are the same each time. A stage's count is that of its function
with all that it calls. MAPPED and READ: those of `faqd ask` as a whole process, with the image and from JSON.
"""
import re
import subprocess
import sys

STAGES = [
    ("counted_ask", "**one question, whole**"),
    ("question_read", "fold, words, language, corrections"),
    ("match_safety", "red flags, both languages"),
    ("match_question", "find and rank intents"),
    (None, "dialogue and answer module"),
    ("render_plain", "render as plain text (not in the whole)"),
    ("render_json", "render as JSON (not in the whole)"),
]


def inclusive(build, run):
    """{function: instructions, with all that it calls}"""
    text = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", f"{build}/bench/callgrind.{run}"],
                          capture_output=True, text=True, check=True).stdout
    found = {}
    for count, name in re.findall(r"^\s*([\d,]+) \([^)]*\)\s+\S*:(\w+)", text, re.M):
        found[name] = max(found.get(name, 0), int(count.replace(",", "")))
    return found


def main():
    build = sys.argv[1]
    loads, questions, mapped, read = (int(arg) for arg in sys.argv[2:])
    load = inclusive(build, "load")["counted_load"] / loads
    counts = inclusive(build, "ask")
    counts[None] = counts["counted_ask"] - sum(counts[n] for n in ("question_read", "match_safety", "match_question"))
    print(f"| instructions, mean of {questions} questions (valgrind) | thousand |\n|---|---|")
    for function, means in STAGES:
        print(f"| {means} | {counts[function] / questions / 1e3:.1f} |")
    print(f"| loading the pack from JSON | {load / 1e3:,.0f} |")
    print(f"| `faqd ask` as a whole process, first start and each other | {mapped / 1e3:,.0f} |")
    print(f"| the same with an edited pack, read from JSON | {read / 1e3:,.0f} |")


if __name__ == "__main__":
    main()
