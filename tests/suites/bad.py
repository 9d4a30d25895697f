# SPDX-License-Identifier: MIT
"""bad.py - plugins and packs that are bad on purpose: each is refused with one line that says what and where.

tests/bad/plugins/X.c    with the line in X.expected (PATH: the plugin's, FOLDER: its folder)
tests/bad/packs/X/       its files replace those of tests/bad/packs/base; `setup`, a shell script, does what cannot be
                         kept in a file; `expected` holds the exit status and a part of the line (PACK: the folder)
"""
import os
import shutil
import stat

import harness as t

PLUGINS = os.path.join(t.TESTS, "bad", "plugins")
PACKS = os.path.join(t.TESTS, "bad", "packs")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read().rstrip("\n")


def folder_with(*files):
    """A folder of plugins: those that the small pack needs but "heap", and these."""
    folder = t.here("some")
    os.mkdir(folder)
    for file in (os.path.join(t.BUILD, "plugins", "statements.so"), *files):
        shutil.copy(file, folder)
    return folder


def refused(folder, name, line):
    """`faqd plugins` leaves it out and says why; the others are there."""
    path = os.path.join(folder, name)
    got = t.faqd("plugins", "--plugins-dir", folder)
    t.expect(got.status, 0)
    line = line.replace("PATH", path).replace("FOLDER", folder)
    t.expect(got.err, f"faqd: error: plugin_refused: {path}: {line}\n")
    t.expect_in("module    statements", got.out)
    t.expect(len(got.out.splitlines()), 1, got.out)
    # A pack that needs a module that was refused is refused as well.
    got = t.faqd("ask", "x", "--pack", t.SMALL, "--plugins-dir", folder)
    t.expect(got.status, 78)
    t.expect_in('the pack needs the module "heap"', got.err)


def bad_plugin(name):
    file = os.path.join(t.BUILD, "tests", "bad", "plugins", name + ".so")
    refused(folder_with(file), name + ".so", read(os.path.join(PLUGINS, name + ".expected")))


def test_plugin_not_elf():
    folder = folder_with()
    with open(os.path.join(folder, "text.so"), "w", encoding="utf-8") as f:
        f.write("this is no shared object\n" * 100)
    refused(folder, "text.so", "PATH: invalid ELF header")


def test_plugin_cut_short():
    """At many places: dlopen alone would end the program with SIGBUS."""
    folder = folder_with(os.path.join(t.BUILD, "tests", "plugins", "heap.so"))
    path = os.path.join(folder, "heap.so")
    for size in list(range(os.path.getsize(path) // 2, 64, -997)) + [64, 63, 1]:
        os.truncate(path, size)
        got = t.faqd("plugins", "--plugins-dir", folder)
        t.expect(got.status, 0, f"{size} bytes")
        if "heap" not in got.out:
            t.expect_in(f"plugin_refused: {path}: ", got.err)
        if size == 64:
            t.expect_in("the file is cut short", got.err)


def test_plugin_empty_file():
    folder = folder_with()
    with open(os.path.join(folder, "empty.so"), "wb"):
        pass
    refused(folder, "empty.so", "PATH: file too short")


def test_plugin_world_writable():
    folder = folder_with(os.path.join(t.BUILD, "tests", "plugins", "heap.so"))
    path = os.path.join(folder, "heap.so")
    os.chmod(path, os.stat(path).st_mode | stat.S_IWOTH)
    refused(folder, "heap.so", "anybody may write to it: chmod o-w")


def test_plugin_folder():
    folder = folder_with()
    os.mkdir(os.path.join(folder, "folder.so"))
    refused(folder, "folder.so", "not a regular file")


def test_plugin_fifo():
    folder = folder_with()
    os.mkfifo(os.path.join(folder, "fifo.so"))
    refused(folder, "fifo.so", "not a regular file")


def test_plugin_dangling_link():
    folder = folder_with()
    os.symlink("/nonexistent", os.path.join(folder, "link.so"))
    refused(folder, "link.so", "No such file or directory")


def test_plugin_folder_missing():
    got = t.faqd("plugins", "--plugins-dir", "/nonexistent")
    t.expect(got.status, 78)
    t.expect_in("/nonexistent: cannot open the plugins' folder: No such file", got.err)


def bad_pack(name):
    pack = t.here("pack")
    shutil.copytree(os.path.join(PACKS, "base"), pack)
    source = os.path.join(PACKS, name)
    for file in os.listdir(source):
        if file.endswith(".json"):
            shutil.copy(os.path.join(source, file), pack)
    if os.path.exists(os.path.join(source, "setup")):
        t.shell("sh", "-eu", os.path.join(source, "setup"), cwd=pack)
    status, line = read(os.path.join(source, "expected")).split(" ", 1)
    plugins = t.plugins()
    t.unprivileged()
    got = t.faqd("check", pack, "--plugins-dir", plugins)
    said = got.out + got.err
    t.expect(got.status, int(status), said)
    t.expect_in(line.replace("PACK", pack), said)
    if line.startswith("faqd:"):
        t.expect(len(said.splitlines()), 1, said)


def test_base_of_the_bad_packs_is_good():
    got = t.faqd("check", os.path.join(PACKS, "base"), "--plugins-dir", t.plugins())
    t.expect(got.status, 0, got.out + got.err)
    t.expect_in("0 errors, 0 warnings", got.out)


def tests():
    for file in sorted(os.listdir(PLUGINS)):
        if file.endswith(".c"):
            yield "plugin_" + file[:-2], t.mark(quick=True, san=True)(lambda name=file[:-2]: bad_plugin(name))
    for name in sorted(os.listdir(PACKS)):
        if name != "base":
            yield "pack_" + name, t.mark(quick=True, san=True)(lambda name=name: bad_pack(name))


for _name, _fn in list(globals().items()):
    if _name.startswith("test_"):
        t.mark(quick=True, san=True)(_fn)
