# SPDX-License-Identifier: MIT
"""tables.py - the figures of scale.py as Markdown, beside what is promised."""
import statistics

ROWS = [
    ("floor", "the floor: cut into words and hash them"),
    ("faqd-index", "faqd: the index alone"),
    ("faqd-best", "**faqd: the best intent**"),
    ("faqd-all", "**faqd: all patterns that match**"),
    ("faqd-reading", "faqd: read the question and find the best intent"),
    ("faqd-answer", "faqd: the whole answer"),
    ("hyperscan", "Hyperscan ¹"),
    ("re2", "RE2, FilteredRE2 with Aho-Corasick ¹"),
    ("pcre2-jit", "every pattern in turn, PCRE2 JIT"),
    ("nlp.js", "nlp.js, whole answer"),
    ("rivescript", "RiveScript, whole answer"),
]

# (slower, quicker): promised ratio by pack, as its column is called.
AT_LEAST = [
    ("pcre2-jit", "faqd-all", {"500": 230, "5,000": 1500, "50,000": 4000, "100,000": 5000, "5,000 inside": 230}),
    ("pcre2-jit", "faqd-best", {}),
    ("hyperscan", "faqd-all", {"500": 1.0, "5,000": 2.2, "50,000": 6}),
    ("hyperscan", "faqd-best", {}),
    ("re2", "faqd-all", {}),
    ("nlp.js", "faqd-answer", {}),
    ("rivescript", "faqd-answer", {}),
]
AT_MOST = [("faqd-index", "floor", {"500": 3, "5,000": 3, "100,000": 15})]
MOST_AT_100000 = {"load_s": 1.2, "kept_s": 0.15, "resident_mb": 40, "median_us": 25, "slowest_ms": 2, "worst_ms": 2}


def short(value):
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def median(pack, name):
    engine = pack["engines"].get(name)
    return statistics.median(engine["us"]) if engine else None


def ratio(pack, slower, quicker):
    """The median of the rounds' ratios."""
    over, under = pack["engines"].get(slower), pack["engines"].get(quicker)
    return statistics.median(a / b for a, b in zip(over["us"], under["us"])) if over and under else None


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def title(pack):
    return f"{pack['patterns']:,}" + ("" if pack["kind"] == "plain" else f" {pack['kind']}")


def times(packs):
    rows = [[means] + ["" if median(p, name) is None else short(median(p, name)) for p in packs]
            for name, means in ROWS if any(name in p["engines"] for p in packs)]
    return table(["one question, µs; patterns:"] + [title(p) for p in packs], rows)


def judged(value, promised, kept):
    if value is None or not promised:
        return "" if value is None else short(value)
    sign = "≥" if kept == "least" else "≤"
    return f"{short(value)} ({sign} {promised:,})" + ("" if holds(value, promised, kept) else " **missed**")


def holds(value, promised, kept):
    return value >= promised if kept == "least" else value <= promised


def promises(packs):
    """Every (what, pack, value, promised or None, least or most)."""
    for kept, list_of in (("least", AT_LEAST), ("most", AT_MOST)):
        for one, other, promised in list_of:
            for pack in packs:
                yield f"{one} / {other}", pack, ratio(pack, one, other), promised.get(title(pack)), kept


def ratios(packs):
    rows = {}
    for what, _, value, limit, kept in promises(packs):
        rows.setdefault(what, [what]).append(judged(value, limit, kept))
    return table(["ratio, median of the rounds' (promised)"] + [title(p) for p in packs],
                 [row for row in rows.values() if any(row[1:])])


def above_text(pack, name):
    """Memory above the patterns' text, which our engine holds itself; the others borrow it."""
    mb = pack["engines"][name]["resident_mb"]
    return mb - pack["pattern_mb"] if name.startswith("faqd") else mb


LOADED = {"faqd-best": "faqd", "faqd-kept": "faqd, from the cache"}


def loading(packs):
    names = ["faqd-best", "faqd-kept", "pcre2-jit", "re2", "hyperscan", "nlp.js", "rivescript"]
    rows = []
    for name in names:
        if any(name in p["engines"] for p in packs):
            cells = []
            for p in packs:
                engine = p["engines"].get(name)
                load = engine and (engine.get("learn_s") or engine["load_s"])
                cells.append(f"{short(load)} s, {short(above_text(p, name))} MB" if engine else "")
            rows.append([LOADED.get(name, name)] + cells)
    return table(["load, memory above the text"] + [title(p) for p in packs], rows)


def large(packs):
    """What is promised of 100,000 patterns: (name, value, limit)."""
    for pack in packs:
        if pack["kind"] == "plain" and pack["patterns"] == 100000:
            best = pack["engines"]["faqd-best"]
            yield "load_s", best["load_s"], pack
            yield "kept_s", pack["engines"]["faqd-kept"]["load_s"], pack
            yield "resident_mb", above_text(pack, "faqd-best"), pack
            yield "median_us", best["median_us"], pack
            yield "slowest_ms", best["worst_us"] / 1e3, pack
            yield "worst_ms", pack["worst_ms"], pack


def summary(packs):
    means = {"load_s": "load, s", "kept_s": "load from the cache, s", "resident_mb": "memory above the text, MB",
             "median_us": "find the best intent, µs, median of the questions", "slowest_ms": "the slowest of them, ms",
             "worst_ms": "the worst message of up to 4 KB, whole answer, CPU ms"}
    rows = [[means[name], judged(value, MOST_AT_100000[name], "most")] for name, value, _ in large(packs)]
    return table(["at 100,000 patterns", "measured (promised)"], rows) if rows else ""


def checked(packs):
    lines = []
    for pack in packs:
        found = [f"{e['name']} {e['compared'] - e['different']} of {e['compared']}"
                 + (f" (without {e['refused']:,} patterns that it refuses)" if e["refused"] else "")
                 for e in pack["engines"].values() if e.get("compared")]
        lines.append(f"- {title(pack)}: {', '.join(found)}")
    return "Questions on which just the same patterns were found as by trying every pattern in turn:\n\n" + "\n".join(lines)


def agreed(packs):
    lines = [f"{name} {e['right']} of {e['asked']} at {title(p)}" for p in packs for name, e in p["engines"].items()
             if e.get("asked")]
    return ("An intent of which a pattern matches was found by: " + ", ".join(lines) + ".") if lines else ""


def wrong(packs):
    return [f"{title(p)}: {e['name']}" for p in packs for e in p["engines"].values() if e.get("different")]


def broken(packs):
    """What does not hold, in words."""
    missed = [f"{what} at {title(pack)}" for what, pack, value, limit, kept in promises(packs)
              if limit and value is not None and not holds(value, limit, kept)]
    missed += [name for name, value, _ in large(packs) if value > MOST_AT_100000[name]]
    return missed + [f"other patterns are found: {w}" for w in wrong(packs)]


def report(packs):
    note = ("¹ Without the patterns that it refuses: one in ten has a lookahead. Every engine gets the folded text; the "
            "engines of chatbots get what was typed, as a whole answer of ours does.")
    parts = [times(packs), note, ratios(packs), summary(packs), loading(packs), checked(packs), agreed(packs)]
    return "\n\n".join(part for part in parts if part)
