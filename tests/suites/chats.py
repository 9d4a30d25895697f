# SPDX-License-Identifier: MIT
"""chats.py - conversations with the shipped packs, a file each in tests/chats; faqd_* with the one about faqd.

    # a comment
    > what the visitor types
    = outcome name, name     the answer's outcome; each name is one of its intents or topics
    ~ words | other words    one of these stands in the answer's text (capitals do not matter)
    ! words                  these do not

Each conversation is run through the local chat, as one, with the state carried from turn to turn.
"""
import os

import harness as t

CHATS = os.path.join(t.TESTS, "chats")


def parse(path):
    turns = []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f.read().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            sign, text = line[0], line[2:].strip()
            assert sign in ">=~!" and line[1:2] in (" ", ""), f"{path}:{number}: {line}"
            if sign == ">":
                turns.append({"number": number, "question": text, ">": text, "=": None, "~": [], "!": []})
            elif sign == "=":
                outcome, _, names = text.partition(" ")
                turns[-1]["="] = (outcome, [n.strip() for n in names.split(",") if n.strip()])
            else:
                turns[-1][sign].append(text)
    return turns


def holds(text, words):
    return any(w.strip().casefold() in text.casefold() for w in words.split("|"))


def complaints(turn, answer):
    outcome, names = turn["="]
    found = answer["intents"] + answer["topics"]
    if answer["outcome"] != outcome:
        yield f"outcome {answer['outcome']} {','.join(answer['intents'])}, not {outcome}"
    for name in names:
        if name not in found:
            yield f"{name} is not among {', '.join(found)}"
    for words in turn["~"]:
        if not holds(answer["text"], words):
            yield f"\"{words}\" is not in the answer"
    for words in turn["!"]:
        if holds(answer["text"], words):
            yield f"\"{words}\" is in the answer"


def run(file):
    turns = parse(os.path.join(CHATS, file))
    pack = ["--pack", "faqd"] if file.startswith("faqd_") else []
    got = t.faqd("chat", "--json", *pack, input="".join(turn["question"] + "\n" for turn in turns))
    t.expect(got.status, 0, got.err)
    answers = got.objects()
    t.expect(len(answers), len(turns))
    wrong = []
    for turn, answer in zip(turns, answers):
        assert turn["="], f"{file}:{turn['number']}: what should the outcome be?"
        for complaint in complaints(turn, answer):
            wrong.append(f"tests/chats/{file}:{turn['number']}: \"{turn['question']}\": {complaint}\n"
                         f"    {answer['text'][:300]}")
    if wrong:
        raise AssertionError("\n" + "\n".join(wrong))


def test_enough_of_them():
    names = [f for f in os.listdir(CHATS) if f.endswith(".txt")]
    assert len(names) >= 25, len(names)


def tests():
    for file in sorted(os.listdir(CHATS)):
        if file.endswith(".txt"):
            yield file[:-4], t.mark(quick=True)(lambda file=file: run(file))
