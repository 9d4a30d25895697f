#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""packs.py - write a pack of any size and questions to ask it: packs.py PATTERNS FOLDER [--kind KIND] [--questions N]

FOLDER gets pack.json, lexicon.json and NNN.json, a pack that faqd loads, ten patterns an intent; and beside it
    FOLDER/plain/patterns.txt    its patterns as regular expressions, a line each, in the pack's order: for engines that
                                 know nothing of packs
    FOLDER/plain/questions.txt   questions of 5 to 30 words, a line each, none twice, nine in ten made from a pattern
    FOLDER/plain/rules.json      intent, trigger, an example, whether anchored: for engines with rules of their own

The same arguments write the same bytes on every machine. Kinds:
    plain    2 % of the patterns ask for one common word
    dense    22 % do, so that hundreds of patterns match a question
    inside   as plain, but patterns do not care where a word begins or ends, as of authors who forget to
The vocabulary grows with the pack as Heaps' law has it: by the power 0.55 of the intents.
"""
import argparse
import json
import os
import random

from language import FUNCTION_WORDS, Templates, Words

SEED = 20260101
BROAD = {"plain": 0.02, "dense": 0.22, "inside": 0.02}
COMMON = 60  # words that broad patterns ask for
PATTERNS_OF_AN_INTENT = 10
INTENTS_OF_A_FILE = 1000
ON_TOPIC = 0.9
ENGLISH = "the of and to in is it that for on with as this are be at or an by".split()
FIXED = {
    "disclaimer_first_line": ("Réponses automatiques.", "Automatic answers."),
    "welcome": ("Bonjour !", "Hello!"),
    "unknown": ("Je n’ai pas compris.", "I did not understand."),
    "unknown_hint": ("Essayez avec d’autres mots.", "Try other words."),
    "unavailable": ("Je ne peux pas répondre maintenant.", "I cannot answer now."),
    "too_long": ("C’est trop long.", "That is too long."),
    "third_language_fr_en": ("Je comprends le français et l’anglais.", "I understand French and English."),
    "clarify_intro": ("Que voulez-vous dire ?", "What do you mean?"),
    "choice_prompt": ("Répondez par un numéro.", "Answer with a number."),
    "sources_label": ("Sources :", "Sources:"),
    "undocumented_generic": ("Mes sources ne le disent pas.", "My sources do not say."),
    "see_doctor": ("Demandez à quelqu’un.", "Ask somebody."),
    "too_many_questions": ("Une question à la fois.", "One question at a time."),
    "empty_message": ("Posez une question.", "Ask a question."),
}


def both(fr, en):
    return {"fr": fr, "en": en}


def make_pieces(count, kind, words):
    """The patterns, in order."""
    templates = Templates(words, kind == "inside")
    common = words.content[:COMMON]
    pieces = []
    while len(pieces) < count:
        a, b, c = words.word(), words.word(), words.word()
        while b == a:
            b = words.word()
        while c in (a, b):
            c = words.word()
        for piece in templates.of(a, b, c, words.word())[:count - len(pieces)]:
            pieces.append(templates.broad(common) if words.rng.random() < BROAD[kind] else piece)
    return pieces


def in_pack(piece, kind):
    """The pattern as a pack of ours has it, where patterns are whole words unless they say otherwise."""
    if kind != "inside":
        return " & ".join(piece.parts)
    return " & ".join(part + r"\w*" if part.startswith(("^", "(?=")) else rf"\w*({part})\w*" for part in piece.parts)


def for_others(piece, kind):
    """The same as one writes it for a library of regular expressions."""
    if kind == "inside" or piece.regex.startswith("(?="):
        return piece.regex
    return piece.regex + r"\b" if piece.regex.startswith("^") else rf"\b{piece.regex}\b"


def make_questions(count, pieces, words):
    rng, made = words.rng, {}
    while len(made) < count:
        length = max(5, min(30, int(rng.lognormvariate(2.4, 0.45))))
        core = rng.choice(pieces).sample().split() if rng.random() < ON_TOPIC else []
        rest = max(0, length - len(core))
        before = rng.randint(0, rest)
        made[" ".join(words.filler(before) + core + words.filler(rest - before))] = True
    return list(made)


def intent(number, pieces, kind):
    name = f"i{number:05}"
    patterns = [in_pack(piece, kind) for piece in pieces]
    ask = " ".join(pieces[0].sample().split())
    return {"id": name, "topic": name, "label": both(f"Sujet {number}", f"Subject {number}"), "say": [name],
            "fr": {"patterns": patterns, "ask": [ask], "not": []}, "en": {"patterns": [], "ask": [], "not": []}}


def intent_file(first, pieces, kind):
    groups = [pieces[i:i + PATTERNS_OF_AN_INTENT] for i in range(0, len(pieces), PATTERNS_OF_AN_INTENT)]
    intents = [intent(first + i, group, kind) for i, group in enumerate(groups)]
    statements = {i["id"]: both(f"Réponse {i['id']}.", f"Answer {i['id']}.") | {"from": ["S1"]} for i in intents}
    return {"module": "statements", "statements": statements, "intents": intents}


def pack_file(name):
    return {"name": name, "version": "1", "format": 1, "default_language": "fr", "anchors": ["subject"],
            "sources": {"S1": {"title": "Benchmark", "by": "", "url": None}},
            "fixed": {key: both(*texts) for key, texts in FIXED.items()}, "starters": both([], [])}


def lexicon_file(words):
    """The commonest content words name the pack's subject, so that most questions are in its scope."""
    return {"classes": {"subject": both(words.content[:COMMON], ["subject"]), "negation": both(["ne"], ["not"])},
            "function": both(FUNCTION_WORDS, ENGLISH), "neutral": both(words.content[COMMON:], [])}


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def write_json(folder, name, value):
    write(folder, name, json.dumps(value, ensure_ascii=False, indent=1))


def write_all(folder, kind, pieces, questions, words):
    plain = os.path.join(folder, "plain")
    os.makedirs(plain, exist_ok=True)
    write_json(folder, "pack.json", pack_file(f"bench_{kind}_{len(pieces)}"))
    write_json(folder, "lexicon.json", lexicon_file(words))
    size = INTENTS_OF_A_FILE * PATTERNS_OF_AN_INTENT
    for number, at in enumerate(range(0, len(pieces), size)):
        write_json(folder, f"{number:03}.json", intent_file(number * INTENTS_OF_A_FILE, pieces[at:at + size], kind))
    write(plain, "patterns.txt", "".join(for_others(piece, kind) + "\n" for piece in pieces))
    write(plain, "questions.txt", "".join(question + "\n" for question in questions))
    rules = [[f"i{i // PATTERNS_OF_AN_INTENT:05}", " ".join(piece.trigger.split()), piece.sample(),
              piece.regex.startswith("^")] for i, piece in enumerate(pieces)]
    write_json(plain, "rules.json", rules)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("patterns", type=int)
    parser.add_argument("folder")
    parser.add_argument("--kind", choices=sorted(BROAD), default="plain")
    parser.add_argument("--questions", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    size = int(60 * max(1, args.patterns // PATTERNS_OF_AN_INTENT) ** 0.55)
    words = Words(max(size, COMMON), random.Random(args.seed))
    pieces = make_pieces(args.patterns, args.kind, words)
    write_all(args.folder, args.kind, pieces, make_questions(args.questions, pieces, words), words)


if __name__ == "__main__":
    main()
