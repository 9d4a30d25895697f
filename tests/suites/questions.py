# SPDX-License-Identifier: MIT
"""questions.py - labelled questions of very different people, written without sight of the patterns.

tests/questions/NAME/ holds in_scope.tsv (question, lang, topics, answerable) and off_topic.tsv (question, lang, kind).
Right is an answer on a labelled topic; for a question that the sources answer in part also "my sources do not say" on
such a topic; for one that they do not answer anything but an answer on another topic. Off topic must be refused. The
bounds are a little below what was reached when they were set: they catch content that gets worse, and are raised when
it gets better. The content was tuned on all but visitors_f and visitors_j, whose figures are the honest ones: visitors_j
is of short everyday questions, visitors_f of indirect ones that mostly do not name the subject. At first sight
visitors_n, as mixed as what people ask, was answered rightly in 96 % and wrongly in 1.5 %.
"""
import collections
import csv
import os

import harness as t

FOLDER = os.path.join(t.TESTS, "questions")
ALIKE = {"ent": {"indications"}, "healing": {"scars", "risks"}}
# least per cent right, most per cent wrong (of what is answerable at least in part), most off-topic answers in a hundred
BOUNDS = {
    "voices_a": (95.0, 1.5, 1.5),
    "voices_b": (88.0, 3.5, 3.0),
    "visitors_a": (93.0, 1.5, 1.0),
    "visitors_b": (94.0, 1.5, 1.0),
    "visitors_c": (95.0, 1.5, 1.0),
    "visitors_d": (93.0, 2.0, 1.0),
    "visitors_e": (94.0, 2.0, 1.0),
    "visitors_f": (84.0, 4.5, 3.0),
    "visitors_g": (96.0, 1.5, 1.0),
    "visitors_h": (96.0, 1.5, 1.0),
    "visitors_i": (96.0, 1.5, 1.0),
    "visitors_j": (95.0, 1.5, 0.6),
    "visitors_k": (96.0, 1.0, 0.5),
    "visitors_l": (97.0, 1.0, 0.5),
    "visitors_m": (94.0, 1.5, 2.0),
    "visitors_n": (95.0, 1.5, 1.0),
    "faqd": (85.0, 5.0, 5.0),
}


def load(name, file):
    with open(os.path.join(FOLDER, name, file), encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def answers(rows, *options):
    replies = t.faqd("ask", "--json", *options, input="".join(r["question"] + "\n" for r in rows)).objects()
    t.expect(len(replies), len(rows), "one answer a question")
    return zip(rows, replies)


def verdict(row, reply):
    got = set(reply["topics"])
    for topic in reply["topics"]:
        got |= ALIKE.get(topic, set())
    hit = bool(got & set(row["topics"].split(",")))
    if reply["outcome"] in ("answer", "emergency", "smalltalk"):
        return "right" if hit else "wrong"
    if row["answerable"] == "no" and reply["outcome"] != "clarify":
        return "right"
    return "right" if hit and reply["outcome"] == "undocumented" and row["answerable"] == "partial" else "missed"


def share(count, kind):
    return 100 * count[kind] / max(1, sum(count.values()))


def check_set(name):
    least_right, most_wrong, most_false = BOUNDS[name]
    options = ["--pack", "faqd"] if name == "faqd" else []
    count = collections.Counter()
    emergencies = collections.Counter()
    for row, reply in answers(load(name, "in_scope.tsv"), *options):
        if row["answerable"] != "no":
            count[verdict(row, reply)] += 1
        if row["topics"].split(",")[0] == "emergency":
            emergencies[reply["outcome"] == "emergency"] += 1
    off = collections.Counter()
    for row, reply in answers(load(name, "off_topic.tsv"), *options):
        allowed = ("unknown", "smalltalk") + (("undocumented",) if row["kind"] == "near" else ())
        off["refused" if reply["outcome"] in allowed else "false"] += 1
    print(f"{name}: {dict(count)}, off topic {dict(off)}, emergencies seen {dict(emergencies)}")
    assert share(count, "right") >= least_right, f"{share(count, 'right'):.1f} % right, {least_right} % expected"
    assert share(count, "wrong") <= most_wrong, f"{share(count, 'wrong'):.1f} % wrong, {most_wrong} % allowed"
    assert share(off, "false") <= most_false, f"{share(off, 'false'):.1f} % false, {most_false} % allowed"
    assert emergencies[True] >= 0.8 * sum(emergencies.values()), f"emergencies seen: {dict(emergencies)}"


@t.mark(quick=True)
def test_other_packs_stay_out():
    """Whatever people ask about mesotherapy, or about anything else, the pack about faqd has next to nothing to say."""
    rows = [row for name in sorted(BOUNDS) if name != "faqd" for file in ("in_scope.tsv", "off_topic.tsv")
            for row in load(name, file)]
    wrong = [row["question"] for row, reply in answers(rows, "--pack", "faqd")
             if reply["outcome"] in ("answer", "clarify", "emergency")]
    print(f"{len(wrong)} of {len(rows)}: {wrong}")
    assert len(wrong) <= len(rows) * 0.006, f"{len(wrong)} of {len(rows)}"


def tests():
    for name in sorted(os.listdir(FOLDER)):
        yield name, t.mark(quick=True)(lambda name=name: check_set(name))
