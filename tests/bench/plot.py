#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""plot.py - draw the figures of scale.py: plot.py BUILD FOLDER writes FOLDER/time.svg and FOLDER/memory.svg

Both axes are logarithmic. The drawings are readable on a light and on a dark page: colours of lines have contrast with
both, and text takes the page's. Lines are named at their ends, so that nobody has to tell colours apart.
"""
import json
import math
import os
import sys
from html import escape

import tables

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 64, 196, 44, 48
LABEL_GAP = 15  # between two names beside each other
ENGINES = [  # name, what it is called in a drawing, colour, width
    ("faqd-best", "faqd, best intent", "#1a7f37", 3),
    ("faqd-all", "faqd, all patterns", "#2da44e", 2),
    ("faqd-answer", "faqd, whole answer", "#57a773", 1.5),
    ("floor", "floor: hash the words", "#8c959f", 1.5),
    ("hyperscan", "Hyperscan", "#0969da", 2),
    ("re2", "RE2 FilteredRE2", "#8250df", 2),
    ("pcre2-jit", "PCRE2 JIT in turn", "#cf222e", 2),
    ("nlp.js", "nlp.js", "#bc6c00", 2),
    ("rivescript", "RiveScript", "#bf3989", 2),
]
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.grid { stroke: #8c959f; stroke-opacity: .3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.name { filter: brightness(1.5) }
polyline, circle { filter: brightness(1.3) }
}
"""


class Axis:
    """A logarithmic scale from whole powers of ten to whole powers of ten, on from .. to."""

    def __init__(self, values, start, end, snug=False):
        low, high = math.log10(min(values)), math.log10(max(values))
        self.low, self.high = (low, high) if snug else (math.floor(low), math.ceil(high))
        self.start, self.end = start, end

    def at(self, value):
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def tens(self):
        return [10.0 ** power for power in range(math.ceil(self.low), math.floor(self.high) + 1)]


def number(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def time_text(us):
    return f"{us / 1e6:g} s" if us >= 1e6 else f"{us / 1e3:g} ms" if us >= 1e3 else f"{us:g} µs"


def memory_text(mb):
    return f"{mb / 1e3:g} GB" if mb >= 1e3 else f"{mb:g} MB"


def spread(labels):
    """Move names apart that would lie on each other: [(y, ...)] sorted, at least LABEL_GAP between them."""
    labels = sorted(labels)
    at = [label[0] for label in labels]
    for _ in range(100):
        for i in range(1, len(at)):
            overlap = at[i - 1] + LABEL_GAP - at[i]
            if overlap > 0:
                at[i - 1] -= overlap / 2
                at[i] += overlap / 2
    return [(y,) + label[1:] for y, label in zip(at, labels)]


def line(name, colour, width, points):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{width + 1}" fill="{colour}"/>' for x, y in points)
    return (f'<g><title>{escape(name)}</title><polyline points="{path}" fill="none" stroke="{colour}" '
            f'stroke-width="{width}"/>{dots}</g>')


def named(x, y, name, colour):
    return f'<text class="name" x="{x:.1f}" y="{y + 4:.1f}" style="fill: {colour}">{escape(name)}</text>'


def grid(x, y, sizes, text_of):
    lines = []
    for value in y.tens():
        at = y.at(value)
        lines.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{text_of(value)}</text>')
    for size in sizes:
        at = x.at(size)
        lines.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        lines.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{number(size)}</text>')
    return lines


def draw(title, series, text_of):
    """series: [(name, colour, width, [(patterns, value)])]"""
    sizes = sorted({size for _, _, _, points in series for size, _ in points})
    values = [value for _, _, _, points in series for _, value in points]
    x = Axis(sizes, LEFT + 12, WIDTH - RIGHT - 12, snug=True)
    y = Axis(values, HEIGHT - BOTTOM, TOP)
    parts = grid(x, y, sizes, text_of)
    labels = []
    for name, colour, width, points in series:
        placed = [(x.at(size), y.at(value)) for size, value in points]
        end, at = placed[-1]
        parts.append(line(name, colour, width, placed))
        if points[-1][0] < sizes[-1]: # it ends where the engine does: its name stands there
            parts.append(named(end + 10, at, name, colour))
        else:
            labels.append((at, end, at, name, colour))
    for at, end, line_at, name, colour in spread(labels):
        where = WIDTH - RIGHT + 8
        parts.append(f'<line x1="{end + 6:.1f}" y1="{line_at:.1f}" x2="{where - 3}" y2="{at:.1f}" stroke="{colour}" '
                     'stroke-opacity=".5" stroke-dasharray="2 3"/>')
        parts.append(named(where, at, name, colour))
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-label="{escape(title)}"><style>{STYLE}</style>'
            f'<text class="title" x="{LEFT}" y="22">{escape(title)}</text>'
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">patterns in the pack</text>')
    return head + "\n".join(parts) + "</svg>\n"


def series_of(packs, value_of):
    series = []
    for name, label, colour, width in ENGINES:
        points = [(pack["patterns"], value_of(pack, name)) for pack in packs if name in pack["engines"]]
        points = [(size, value) for size, value in points if value and value > 0]
        if points:
            series.append((label, colour, width, points))
    return series


def memory_of(pack, name):
    """One line for faqd, whose stages share their memory; the floor needs none."""
    return None if name in ("floor", "faqd-all", "faqd-answer") else tables.above_text(pack, name)


def write(build, folder):
    with open(os.path.join(build, "bench", "scale.json"), encoding="utf-8") as file:
        packs = [pack for pack in json.load(file) if pack["kind"] == "plain"]
    os.makedirs(folder, exist_ok=True)
    memory = [("faqd" if name.startswith("faqd") else name, *rest) for name, *rest in series_of(packs, memory_of)]
    drawings = {"time.svg": draw("Time of one question, median", series_of(packs, tables.median), time_text),
                "memory.svg": draw("Memory above the text of the patterns", memory, memory_text)}
    for name, drawing in drawings.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(drawing)


if __name__ == "__main__":
    write(*sys.argv[1:])
