# SPDX-License-Identifier: MIT
"""language.py - the invented language of the benchmark's packs: its words, and the ways in which it asks.

Words are of French-sounding syllables and endings, so that nothing but Python is needed; how often each is used follows
Zipf's law (with Mandelbrot's shift). A Piece is a part of a pattern in three renderings: a regular expression, a trigger
of RiveScript, and a sampler of texts that match it.
"""
import bisect
import itertools

ONSETS = "b c d f g j l m n p r s t v ch qu gr tr pr br cr dr fl pl cl gl bl fr st sp ph gn m t r l s c d p".split()
NUCLEI = "a e i o u ou ai eau oi an en in on eu au e a i o e".split()
ENDINGS = "e er age ment tion eur ette ique able ier ance isme oir ure al if ite et in on".split()
FUNCTION_WORDS = (
    "le la les l un une des du de d a au aux en dans sur pour par avec sans sous entre est sont etre ai as avez ont "
    "suis je tu il elle on nous vous ils mon ma mes votre vos ce cette ces ca qui que quoi dont ou et mais donc si ne "
    "pas plus tres bien peut puis faire fait dois doit faut y comment combien quand pourquoi quel quelle quels quelles "
    "merci bonjour alors apres avant pendant depuis chez tous tout toute cela comme aussi encore deja toujours jamais "
    "qu j peux veux voudrais souhaite c signifie definition salut bonsoir mg ml jour jours euro euros mois").split()
FUNCTION_SHARE = 0.62  # of the words that fill a question


class Words:
    """A vocabulary, the commonest word first."""

    def __init__(self, size, rng):
        self.rng = rng
        self.content = self.invent(size)
        self.shares = list(itertools.accumulate(1 / (rank + 8) ** 0.9 for rank in range(size)))
        self.function_shares = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(FUNCTION_WORDS))))

    def invent(self, size):
        """Stems with several endings each, so that words share beginnings as inflected words do."""
        rng, known, words = self.rng, set(FUNCTION_WORDS), []
        while len(words) < size:
            syllables = rng.choice((1, 2, 2))
            stem = "".join(rng.choice(ONSETS) + rng.choice(NUCLEI) for _ in range(syllables))
            stem += rng.choice("bcdfglmnprstv")
            for ending in rng.sample(ENDINGS, rng.randint(1, 4)):
                word = stem + ending
                if 5 <= len(word) <= 12 and word not in known:
                    known.add(word)
                    words.append(word)
        rng.shuffle(words)
        return words[:size]

    def word(self):
        return self.content[bisect.bisect_left(self.shares, self.rng.random() * self.shares[-1])]

    def function_word(self):
        return FUNCTION_WORDS[bisect.bisect_left(self.function_shares, self.rng.random() * self.function_shares[-1])]

    def filler(self, count, share=FUNCTION_SHARE):
        return [self.function_word() if self.rng.random() < share else self.word() for _ in range(count)]


class Piece:
    """A part of a pattern. `parts`: a pack writes it as these, joined by "&"."""

    def __init__(self, regex, trigger, sample, parts=None):
        self.regex = regex
        self.trigger = trigger
        self.sample = sample
        self.parts = parts or [regex]

    def __add__(self, other):
        return Piece(self.regex + other.regex, f"{self.trigger} {other.trigger}",
                     lambda: self.sample() + other.sample())


def lit(text):
    return Piece(text, text.strip(), lambda: text)


SPACE = lit(" ")


class Templates:
    """Ten ways to ask, each made a pattern with words of its own. `inside`: without a mark where words begin and end."""

    def __init__(self, words, inside=False):
        self.words = words
        self.rng = words.rng
        self.inside = inside

    def alt(self, *choices):
        trigger = "(" + "|".join(choice.strip() for choice in choices) + ")"
        return Piece("(" + "|".join(choices) + ")", trigger, lambda: self.rng.choice(choices))

    def opt(self, piece):
        """It may be absent; its words bring their own space. (A group that is one alternation keeps its brackets.)"""
        grouped = piece.regex[0] == "(" and piece.regex.index(")") == len(piece.regex) - 1
        return Piece((piece.regex if grouped else f"({piece.regex})") + "?", f"[{piece.trigger.strip('()')}]",
                     lambda: piece.sample() if self.rng.random() < 0.5 else "")

    def gap(self, most):
        return Piece(r"(\w+ ){0,%d}" % most, "[*]", lambda: "".join(
            word + " " for word in self.words.filler(self.rng.randint(0, min(most, 3)), 0.7)))

    def anything(self):
        edge = "" if self.inside else r"\b"
        return Piece(f"{edge}.*{edge}", "[*]",
                     lambda: " " + "".join(word + " " for word in self.words.filler(self.rng.randint(0, 4), 0.6)))

    def content(self, word, other=None):
        """A content word as authors write one: alone, with its plural, its endings, or one that means the same."""
        kind, choice = self.rng.random(), self.rng.choice
        if 0.35 <= kind < 0.60:
            return Piece(word + "s?", f"({word}|{word}s)", lambda: word + choice(("", "s")))
        if 0.60 <= kind < 0.72 and len(word) > 6:
            stem, end = word[:-2], word[-2:]
            forms = [stem + e for e in (end, "e", "es", "ee", "ees", "er")]
            return Piece(f"{stem}({end}|ee?s?|er)", "(" + "|".join(forms) + ")", lambda: choice(forms))
        if 0.72 <= kind < 0.90 and other:
            return self.alt(word, other)
        if kind >= 0.90 and other:
            third = self.words.word()
            return Piece(f"({word}|{other}s?|{third})", f"({word}|{other}|{other}s|{third})",
                         lambda: choice((word, other, third)))
        return lit(word)

    def shuffled(self, *words):
        order = list(words)
        self.rng.shuffle(order)
        return f" {self.words.function_word()} ".join(order)

    def both(self, one, two):
        """Two words in any order, as a lookahead; in a pack half of them are written as its "&"."""
        edge = "" if self.inside else r"\b"
        return Piece(f"(?=.*{edge}{two}{edge}).*{edge}{one}{edge}", f"{one} [*] {two}",
                     lambda: self.shuffled(one, two), [one, two] if self.rng.random() < 0.5 else None)

    def beginnings(self, one, two):
        one_stem, two_stem = one[:max(4, len(one) - 2)], two[:max(4, len(two) - 2)]
        return Piece(rf"{one_stem}\w* (\w+ ){{0,4}}{two_stem}\w*", f"{one} [*] {two}",
                     lambda: f"{one} {self.words.function_word()} {two}")

    def digits(self):
        return Piece(r"\d+", "#", lambda: str(self.rng.randint(1, 999)))

    def one_of(self, regex, *samples):
        return Piece(regex, "(" + "|".join(samples) + ")", lambda: self.rng.choice(samples))

    def broad(self, common):
        one, two = self.rng.sample(common, 2)
        return Piece(f"({one}|{two}s?)", f"({one}|{two}|{two}s)", lambda: one)

    def wishes(self):
        """RiveScript has no choice within what may be absent."""
        piece = self.opt(lit("je ") + self.alt("veux ", "voudrais ", "souhaite "))
        return Piece(piece.regex, "[je veux|je voudrais|je souhaite]", piece.sample)

    def of(self, a, b, c, same):
        """The patterns of an intent: about a, b and c; `same` means what a means."""
        alt, opt, gap, edge = self.alt, self.opt, self.gap, Piece(" ", "", lambda: " ")
        one, two, three = self.content(a, same), self.content(b), self.content(c, same)
        articles = opt(alt("le ", "la ", "les ", "l ", "un ", "une ", "du ", "des "))
        return [
            self.one_of("(quels?|quelles?)", "quel", "quels", "quelle", "quelles") + edge
            + opt(alt("sont ", "est ")) + articles + one + opt(alt(" " + b, " " + c)),
            lit("comment ") + opt(alt("est ce que ", "faire pour ", "puis je ", "peut on ")) + gap(4) + one
            + self.anything() + two,
            one + edge + gap(4) + two,
            Piece("^", "", lambda: "") + opt(alt("bonjour ", "salut ", "bonsoir "))
            + self.wishes() + gap(3) + one + edge
            + opt(alt("du ", "de la ", "des ", "d ", "de ")) + two,
            alt("ou", "quand", "pourquoi") + edge + gap(4) + one
            + Piece(r"( \w+){0,3}", "[*]", lambda: self.rng.choice(("", " " + self.words.function_word()))) + edge + two,
            self.both(a, b),
            self.digits() + edge + self.one_of("(mg|ml|jours?|euros?|mois)", "mg", "ml", "jour", "jours", "euros", "mois")
            + edge + opt(alt("de ", "d ")) + one,
            alt("c est quoi", "qu est ce que", "definition de", "que signifie") + edge + articles + two
            + opt(alt(" de", " du", " des", " d")) + edge + one,
            self.beginnings(a, c),
            alt("je", "j") + edge + alt("ai", "suis", "peux", "veux", "dois") + edge + gap(4) + three + edge + gap(3)
            + one,
        ]
