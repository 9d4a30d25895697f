# SPDX-License-Identifier: MIT
"""facts.py - every single fact that the mesotherapy pack may state is reached by a question, in both languages.

tests/facts.tsv has one line for each fact: the topic, the fact in short, the sources that state it ("editors": a fixed
sentence of the editors, above all "my sources do not say"), a question in French and in English, and the statement
that says it (several: joined by +). The statement has to be among the blocks of both answers, with these sources. The
other way round, no statement may hide: each stands in some line, except those of safety and small talk.
"""
import csv
import functools
import json
import os
import re

import harness as t

PACK = os.path.join(t.ROOT, "intents", "mesotherapy")
TABLE = os.path.join(t.TESTS, "facts.tsv")
COLUMNS = ["topic", "fact", "sources", "question_fr", "question_en", "statement"]
EDITORS = {"editors"}  # an answer does not name them: a sentence without a source is theirs
ALWAYS_SAID = {"emergency", "smalltalk"}  # the editors' own fixed sentences
TOPICS = set("""
    definition origin principle indications pain_indications shingles_nerve tinnitus ent aesthetic_indications mesolift
    zones cellulite weight_belly hair smoking scars circulation benefits efficacy risks pain_during bruises allergy
    infection pigmentation healing hygiene contraindications pregnancy anticoagulants session_steps session_duration
    session_count session_interval maintenance needle_device anaesthesia substances hyaluronic_acid vitamins corticoids
    substance_other practitioners find_practitioner price_reimbursement vs_infiltration vs_surgery vs_oral_drugs
    alternative_or_complementary aftercare emergency smalltalk
    """.split())


class Fact:
    def __init__(self, number, row):
        self.where = f"facts.tsv:{number}: {row['fact']}"
        self.topic = row["topic"]
        self.sources = set(row["sources"].split(","))
        self.statements = row["statement"].split("+")
        self.question = {lang: row["question_" + lang] for lang in ("fr", "en")}


@functools.cache
def facts():
    with open(TABLE, encoding="utf-8", newline="") as f:
        reader = csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
        rows = list(reader)
    t.expect(reader.fieldnames, COLUMNS, "columns of facts.tsv")
    for number, row in enumerate(rows, 2):
        bad = None in row or any(not isinstance(cell, str) or not cell.strip() for cell in row.values())
        t.expect(bad, False, f"facts.tsv:{number} has an empty cell, or too many or too few: {row}")
    return [Fact(number, row) for number, row in enumerate(rows, 2)]


@functools.cache
def pack_files():
    found = {}
    for name in sorted(os.listdir(PACK)):
        if name.endswith(".json") and name != "examples.json":
            with open(os.path.join(PACK, name), encoding="utf-8") as f:
                found[name] = json.load(f)
    return found


def statements():
    return {key: s for file in pack_files().values() for key, s in file.get("statements", {}).items()}


def ask(lang):
    """The facts with the answers to their questions, all from one process."""
    lines = "".join(fact.question[lang] + "\n" for fact in facts())
    done = t.faqd("ask", "--json", "--lang", lang, "--pack", PACK, "--plugins-dir", os.path.join(t.BUILD, "plugins"),
                  input=lines)
    answers = done.objects()
    t.expect(len(answers), len(facts()), "answers; " + done.err)
    return zip(facts(), answers)


def as_pattern(text):
    """A statement as it comes out, whatever fills its gaps."""
    return re.compile(r".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", text)), re.DOTALL)


def complaint(fact, answer, lang, known):
    """What is wrong with the answer, or None."""
    cited = set()
    for key in fact.statements:
        pattern = as_pattern(known[key][lang])
        blocks = [block for block in answer["blocks"] if pattern.fullmatch(block["text"])]
        if not blocks:
            return f"{key} is not said, but ({answer['outcome']}, {answer['intents']}) {answer['text']!r}"
        cited.update(source for block in blocks for source in block["sources"])
    missing = fact.sources - EDITORS - cited
    return f"{fact.statements} cites {sorted(cited)}, not {sorted(missing)}" if missing else None


def check_answers(lang):
    known = statements()
    wrong = []
    for fact, answer in ask(lang):
        text = complaint(fact, answer, lang, known)
        if text:
            wrong.append(f"{fact.where}\n  {fact.question[lang]}\n  {text}")
    if wrong:
        raise AssertionError("\n".join(wrong) + f"\n{len(wrong)} of {len(facts())} facts are not reached ({lang})")


@t.mark(quick=True, san=True)
def test_reached_in_french():
    check_answers("fr")


@t.mark(quick=True, san=True)
def test_reached_in_english():
    check_answers("en")


@t.mark(quick=True)
def test_table():
    """The statements exist, in both languages, from the sources that the fact has; no fact stands there twice."""
    known = statements()
    seen = set()
    for fact in facts():
        t.expect([key for key in fact.statements if key not in known], [], fact.where + ": unknown statements")
        said_from = {source for key in fact.statements for source in known[key]["from"]}
        t.expect(fact.sources - said_from, set(), fact.where + ": sources that the statements lack")
        mark = (fact.topic, fact.where.split(": ", 1)[1])
        t.expect(mark in seen, False, fact.where + " stands there twice")
        seen.add(mark)


@t.mark(quick=True)
def test_topics():
    """Every topic has facts, and the pack reports no topic of its own invention."""
    t.expect({fact.topic for fact in facts()}, TOPICS, "topics of facts.tsv")
    reported = {intent["topic"] for file in pack_files().values() for intent in file.get("intents", [])}
    for entities in pack_files()["lexicon.json"]["entities"].values():
        reported |= {entity["topic"] for entity in entities.values() if "topic" in entity}
    t.expect(reported - TOPICS, set(), "topics of the pack that are none")


@t.mark(quick=True)
def test_no_statement_hides():
    listed = {key for fact in facts() for key in fact.statements}
    hidden = []
    for name, file in pack_files().items():
        topics = {intent["topic"] for intent in file.get("intents", [])}
        if not topics <= ALWAYS_SAID:
            hidden += [f"{name}: {key}" for key in file.get("statements", {}) if key not in listed]
    t.expect(hidden, [], "statements that no line of facts.tsv vouches for")
