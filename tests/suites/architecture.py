# SPDX-License-Identifier: MIT
"""architecture.py - what README and headers promise about the shape of the code: dependencies point one way, libraries
stay behind their one door, plugins see one header and export one symbol, files are short and say why they exist."""
import glob
import os
import re
import subprocess

import harness as t

# From the ground up; a file includes headers of its own layer and of those above it in this list, never below.
LAYERS = [
    ["faqd_plugin"],
    ["text", "err", "str", "arena", "array", "table", "lang", "near", "log", "regex", "tally", "notify", "folder",
     "beside", "heap", "image", "sparse"],
    ["form", "phrases", "spell", "jparse", "jread", "jahead", "lexicon", "pattern", "require", "program"],
    ["config", "pack", "store", "cache"],
    ["entries"],
    ["answer", "question", "search", "index", "plugin", "classifier"],
    ["match", "scope", "conversation"],
    ["dialogue", "content", "snapshot", "render"],
    ["statistics"],
    ["dispatch"],
    ["check", "explain"],
    ["host"],
    ["run", "options", "cmd", "main"],
]

ONE_DOOR = {"pcre2.h": "src/pattern.c", "sqlite3.h": "src/store.c", "utf8proc.h": "src/text.c", "curl/curl.h": None,
            "microhttpd.h": None, "xxhash.h": "src/cache_key.c", "histedit.h": None}


def sources(*patterns):
    found = []
    for pattern in patterns:
        found += sorted(glob.glob(os.path.join(t.ROOT, pattern), recursive=True))
    assert found
    return [os.path.relpath(f, t.ROOT) for f in found]


def read(file):
    with open(os.path.join(t.ROOT, file), encoding="utf-8") as f:
        return f.read()


def includes(file):
    """(header, True for "..." / False for <...>) of each #include."""
    return [(m.group(2), m.group(1) == '"') for m in re.finditer(r'^\s*#\s*include\s+(["<])([^">]+)[">]', read(file), re.M)]


def part_of(file):
    """pack_rules.c, pack_private.h: the part pack. None: no layer knows it."""
    name = os.path.splitext(os.path.basename(file))[0]
    parts = [p for layer in LAYERS for p in layer]
    while name not in parts and "_" in name:
        name = name.rsplit("_", 1)[0]
    return name if name in parts else None


def layer_of(file):
    part = part_of(file)
    return next((i for i, layer in enumerate(LAYERS) if part in layer), None)


def test_dependencies_point_one_way():
    wrong = []
    for file in sources("src/*.[ch]"):
        own = layer_of(file)
        if own is None:
            wrong.append(f"{file}: in no layer: say where it belongs, in {os.path.relpath(__file__, t.ROOT)}")
            continue
        for header, local in includes(file):
            other = layer_of(header) if local else None
            if local and other is None:
                wrong.append(f"{file} includes {header}, which is in no layer")
            elif local and other > own:
                wrong.append(f"{file} includes {header}, which stands above it")
    t.expect(wrong, [])


def test_no_circles():
    """Nor within a layer. (scope.c judges the candidates of match.c, which asks it to: the two are one part.)"""
    def part(file):
        return {"scope": "match"}.get(part_of(file), part_of(file))
    uses = {}
    for file in sources("src/*.[ch]"):
        uses.setdefault(part(file), set()).update(part(h) for h, local in includes(file) if local)
    done = {}

    def visit(name, path):
        assert name not in path, " -> ".join([*path, name])
        if name not in done:
            for other in sorted(uses.get(name, ())):
                if other != name:
                    visit(other, [*path, name])
            done[name] = True
    for name in sorted(uses):
        visit(name, [])


def test_libraries_have_one_door():
    wrong = []
    for file in sources("src/*.[ch]", "plugins/**/*.[ch]"):
        for header, _ in includes(file):
            if header in ONE_DOOR and file != ONE_DOOR[header] and not (
                    file.startswith("plugins/") and header not in ("pcre2.h", "sqlite3.h")):
                wrong.append(f"{file} includes {header}")
    t.expect(wrong, [])


def test_plugins_include_only_the_one_header():
    """And what lies in plugins/ for all of them; near.h needs nothing of the core, and is linked into who uses it."""
    wrong = []
    for file in sources("plugins/**/*.[ch]", "tests/plugins/*.c", "tests/bad/plugins/*.c"):
        for header, local in includes(file):
            path = os.path.normpath(os.path.join(os.path.dirname(file), header))
            folder = os.path.dirname(path)
            if local and header not in ("faqd_plugin.h", "near.h") and not (
                    folder in ("plugins", os.path.dirname(file)) and os.path.exists(os.path.join(t.ROOT, path))):
                wrong.append(f"{file} includes {header}")
    t.expect(includes("src/near.h"), [("stddef.h", False)])
    t.expect(wrong, [])


def test_no_file_is_another_one():
    t.expect([f for f in sources("src/**", "plugins/**", "intents/**", "tests/**")
              if os.path.islink(os.path.join(t.ROOT, f)) and "node_modules" not in f], [])


def test_plugins_export_one_symbol():
    objects = sources(os.path.relpath(os.path.join(t.BUILD, "plugins", "*.so"), t.ROOT))
    for file in objects:
        out = t.shell("nm", "-D", "--defined-only", os.path.join(t.ROOT, file))
        names = [line.split()[-1] for line in out.splitlines()]
        names = [n for n in names if not n.startswith(("__odr_asan", "_init", "_fini"))]
        t.expect(names, ["faqd_plugin"], file)


def test_every_header_stands_alone():
    for file in sources("src/*.h"):
        code = f'#include "{os.path.basename(file)}"\nint main(void) {{ return 0; }}\n'
        done = subprocess.run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-Isrc",
                               "-xc", "-"], input=code, cwd=t.ROOT, capture_output=True, text=True, check=False)
        t.expect(done.returncode, 0, file + ": " + done.stderr)


def test_the_plugin_header_is_also_cxx():
    code = ('#include "faqd_plugin.h"\nstatic const struct faqd_module ops = {sizeof(ops), 0, 0, 0};\n'
            'extern const struct faqd_plugin faqd_plugin;\nint main() { return ops.answer != 0; }\n')
    done = subprocess.run(["g++", "-std=c++11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-Isrc", "-xc++", "-"],
                          input=code, cwd=t.ROOT, capture_output=True, text=True, check=False)
    if "No such file or directory" in done.stderr and "cc1plus" in done.stderr:
        t.skip("no C++ compiler")
    t.expect(done.returncode, 0, done.stderr)


def test_files_are_short_and_say_why():
    wrong = []
    files = sources("src/*.[ch]", "plugins/**/*.[ch]", "tests/**/*.[ch]", "tests/**/*.py") + ["tests/run", "Makefile"]
    for file in files:
        text = read(file)
        lines = text.splitlines()
        if len(lines) > 600:
            wrong.append(f"{file}: {len(lines)} lines")
        if "SPDX-License-Identifier: MIT" not in "\n".join(lines[:2]):
            wrong.append(f"{file}: no SPDX line")
        opening = text[:600]
        why = re.search(r"\* +[\w/.]+ - \w+|^\s*\*\s*\w+.* - ", opening, re.M) if file.endswith((".c", ".h")) else \
            re.search(r'"""\S+ - |^# \w', opening, re.M)
        if not why:
            wrong.append(f"{file}: its opening comment does not say what it is for")
        for number, line in enumerate(lines, 1):
            if len(line) > 130 and file != "Makefile":
                wrong.append(f"{file}:{number}: {len(line)} columns")
            if line != line.rstrip() or "\t" in line and not file == "Makefile":
                wrong.append(f"{file}:{number}: tab or blank at the end")
    t.expect(wrong, [])


def test_nothing_unsafe_is_called():
    """Functions without a bound, and those that are not safe with threads."""
    banned = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok|alloca|localtime|gmtime|ctime|asctime|tmpnam"
                        r"|system|popen|setlocale|rand|srand)\s*\(")
    wrong = []
    for file in sources("src/*.[ch]", "plugins/**/*.[ch]"):
        code = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), read(file), flags=re.S)
        for number, line in enumerate(code.splitlines(), 1):
            found = banned.search(re.sub(r'"(\\.|[^"\\])*"', '""', line))
            if found:
                wrong.append(f"{file}:{number}: {found.group(1)}")
    t.expect(wrong, [])


def test_the_program_knows_no_subject():
    """What the packs are about stands in the packs: the code names nothing of it but the default pack. (The modules made for
    one subject are plugins of their own.)"""
    subject = re.compile(r"m[eé]so|s[eé]ance|cellulit|pat?ient|injection|needle|wrinkle|aiguille", re.I)
    allowed = {"src/config.c": ['"mesotherapy"']}
    wrong = []
    for file in sources("src/*.[ch]", "plugins/statements/*.c", "plugins/stdin/*.[ch]"):
        code = re.sub(r"/\*.*?\*/", "", read(file), flags=re.S)
        for text in allowed.get(file, []):
            code = code.replace(text, "")
        wrong += [f"{file}: {found.group()}" for found in subject.finditer(code)]
    t.expect(wrong, [])


def test_no_state_at_file_scope():
    """Writable data of the core: the sink of the log, and what the JSON reader tells its allocator and hears of it."""
    allowed = {"src/log.c": {"sink"}, "src/jparse.c": {"parsing", "noting"}}
    wrong = []
    for file in sources("src/*.c"):
        if part_of(file) in ("run", "options", "cmd", "main"):
            continue  # the program's own; not shared by threads
        obj = os.path.join(t.BUILD, "obj", file[:-2] + ".o")
        out = t.shell("nm", obj)
        for line in out.splitlines():
            kind, name = line.split()[-2:]
            if kind not in "bBdDC" or name.startswith(".") or name in allowed.get(file, ()):
                continue
            where = [w for w in t.shell("objdump", "-t", obj).splitlines() if w.split()[-1:] == [name]]
            if not any(".data.rel.ro" in w for w in where):  # constant once it is loaded
                wrong.append(f"{file}: {name}")
    t.expect(wrong, [])


for _name, _fn in list(globals().items()):
    if _name.startswith("test_"):
        t.mark(quick=True, san=_name == "test_plugins_export_one_symbol")(_fn)
