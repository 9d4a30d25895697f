# SPDX-License-Identifier: MIT
"""dist.py - what is installed beside the program: manual pages, completions, pkg-config file, example, README.md."""
import os
import re
import shutil
import subprocess

import harness as t

DIST = os.path.join(t.ROOT, "src", "dist")
COMMANDS = ["ask", "chat", "check", "compile", "explain", "misses", "plugins", "run", "stats"]
NOT_IN_HELP = {"--help", "-h", "--version", "--config"}  # the help names -c; the others lead to it


def text(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as f:
        return f.read()


def make(*args, folder=t.ROOT, **more):
    return subprocess.run(["make", "-s", "-C", folder, *args], capture_output=True, text=True, check=False, **more)


# ------------------------------------------------------------------------------------------------ the manual page


def man_synopsis():
    """Command -> the options that SYNOPSIS of faqd.1 gives it, without the common ones."""
    part = text(DIST, "faqd.1").split(".Sh SYNOPSIS")[1].split(".Sh ")[0]
    found = {}
    for piece in part.split(".Nm\n")[1:]:
        command = re.match(r"\.Cm (\w+)", piece)
        if command:
            found[command[1]] = {"-" + o for o in re.findall(r"Fl (-[a-z-]+)", piece)}
    return found


def man_options():
    """Every option that has an entry -> whether it takes a value; and the set of common ones."""
    part = text(DIST, "faqd.1").split(".Sh DESCRIPTION")[1].split(".Sh ")[0]
    entries = re.findall(r"^\.It (Fl .*)$", part, re.M)
    common = re.findall(r"^\.It (Fl .*)$", part.split("The common options are:")[1], re.M)

    def options(lines):
        return {"-" + o: bool(arg) for line in lines for o, arg in re.findall(r"Fl (-?[a-z-]+)( Ar \w+)?", line)}

    return options(entries), set(options(common))


def help_options(part):
    return set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*|-c)\b", part))


@t.mark(quick=True)
def test_man_and_help():
    usage = t.faqd("--help").out
    synopsis = man_synopsis()
    every, _ = man_options()
    t.expect(sorted(synopsis), COMMANDS, "commands of faqd.1")
    t.expect(sorted(re.findall(r"^  faqd (\w+)", usage, re.M)), COMMANDS, "commands of faqd --help")
    t.expect(sorted(re.findall(r"^\.It Cm (\w+)$", text(DIST, "faqd.1").split(".Sh CHAT")[0], re.M)), COMMANDS,
             "commands that faqd.1 describes")
    t.expect(help_options(usage) - set(every), set(), "options of faqd --help that faqd.1 lacks")
    t.expect(set(every) - help_options(usage) - NOT_IN_HELP, set(), "options of faqd.1 that faqd --help lacks")
    for command, rest in re.findall(r"^  faqd (\w+)(.*)$", usage, re.M):
        t.expect(help_options(rest) - synopsis[command] - {"-c"}, set(), "options in the synopsis of " + command)
    variables = set(re.findall(r"FAQD_[A-Z_]+", usage))
    t.expect(set(re.findall(r'"(FAQD_[A-Z_]+)"', text(t.ROOT, "src", "config.c"))), variables, "variables of --help")
    t.expect(set(re.findall(r"\.It Ev (FAQD_[A-Z_]+)", text(DIST, "faqd.1"))), variables, "variables of faqd.1")
    statuses = set(re.findall(r"\b(\d+) [a-z]", usage.split("Exit status:")[1]))
    listed = re.findall(r"^\.It (\d+)$", text(DIST, "faqd.1").split(".Sh EXIT STATUS")[1].split(".Sh ")[0], re.M)
    t.expect(statuses - set(listed), set(), "exit statuses")


@t.mark(quick=True)
def test_man_and_program():
    """Each command takes the options that faqd.1 says, and no others."""
    synopsis = man_synopsis()
    every, common = man_options()
    for command in COMMANDS:
        for option, value in every.items():
            if option in ("--help", "-h"):
                continue
            args = [option, "/nowhere"] if value else [option]
            err = t.faqd(command, *args, "--pack", "/nowhere", timeout=10).err
            t.expect("unknown option" not in err, option in synopsis[command] or option in common - {"--version"},
                     f"faqd {command} {option}: {err}")


def keys_of(*sources):
    """The JSON members that the sources know: the lists called keys, names and so on."""
    found = set()
    for file in sources:
        source = text(t.ROOT, file)
        for block in re.findall(r"(?:\bkeys|_keys|fixed_names|parts)\b[^=;()]*= ?\{(.*?)\};", source, re.S):
            found |= set(re.findall(r'"([a-z_]+)"', block))
    return found


@t.mark(quick=True)
def test_man_keys():
    pack = keys_of("src/pack_meta.c", "src/pack_intents.c", "src/lexicon_read.c")
    tables = "".join(text(t.ROOT, "plugins", name, "settings.c") for name in ("stdin", "web", "matrix"))
    tabled = set(re.findall(r'^ +(?:\{"|A_(?:TEXT|FLAG|NUMBER)\()(\w+)(?:", SETTING_|,)', tables, re.M))
    t.expect(len(tabled) > 60, True, f"settings of the connectors: {tabled}")
    config = keys_of("src/config.c") | {"connectors"} | tabled
    t.expect(len(pack) > 40 and len(config) > 10, True, f"keys found in the sources: {pack} {config}")
    for keys, page in ((pack, "faqd-pack.5"), (config, "faqd.json.5")):
        told = set(re.findall(r"[a-z_]+", "\n".join(re.findall(r"^\.(?:It )?Cm (.*)$", text(DIST, page), re.M))))
        t.expect(keys - told, set(), "members that " + page + " does not tell of")


@t.mark(quick=True)
def test_man_lint():
    if not shutil.which("mandoc"):
        t.skip("mandoc is not installed")
    pages = [os.path.join(DIST, page) for page in ("faqd.1", "faqd-pack.5", "faqd.json.5")]
    t.expect(t.shell("mandoc", "-Tlint", "-Wwarning", *pages), "")
# ---------------------------------------------------------------------------------------------------- completions


def completed(*words):
    script = 'source "$1"; COMP_WORDS=("${@:2}"); COMP_CWORD=$(($# - 2)); _faqd; printf "%s\\n" "${COMPREPLY[@]}"'
    return set(t.shell("bash", "-c", script, "-", os.path.join(DIST, "faqd.bash"), *words).split())


@t.mark(quick=True)
def test_completions_bash():
    synopsis = man_synopsis()
    _, common = man_options()
    long = {o for o in common if o.startswith("--")}
    t.expect(completed("faqd", ""), {*COMMANDS, "--help", "--version"})
    for command in COMMANDS:
        t.expect(completed("faqd", command, "--"), (synopsis[command] | long) - {"--version"}, command)
    t.expect(completed("faqd", "ask", "--lang", ""), {"fr", "en"})
    t.expect(completed("faqd", "chat", "--color", "a"), {"auto", "always"})


@t.mark(quick=True)
def test_completions_others():
    every, _ = man_options()
    fish = text(DIST, "faqd.fish")
    zsh = text(DIST, "faqd.zsh")
    t.expect(set(re.findall(r"^complete .* -l ([a-z-]+)", fish, re.M)), {o[2:] for o in every if o.startswith("--")}, "fish")
    t.expect(set(re.findall(r"(?<![\w-])--[a-z-]+", zsh)), {o for o in every if o.startswith("--")}, "zsh")
    for command in COMMANDS:
        t.expect_in(f" -a {command} ", fish)
        t.expect_in(f"'{command}:", zsh)
    for shell in ("fish", "zsh"):
        if shutil.which(shell):  # not needed for a test of its own: a syntax error would be all it could find
            t.shell(shell, "-n", os.path.join(DIST, "faqd." + shell))


# ------------------------------------------------------------------------------------------------------- the units


@t.mark(quick=True)
def test_units_are_hardened():
    if not shutil.which("systemd-analyze"):
        t.skip("systemd-analyze is not installed")
    for unit in ("faqd.service", "faqd@.service"):
        out = t.shell("systemd-analyze", "security", "--offline=true", "--no-pager", os.path.join(DIST, unit))
        score = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", out)[1])
        t.expect(score <= 1.5, True, f"{unit}: {score}\n{out}")


@t.mark(quick=True)
def test_units_say_what_faqd_understands():
    """Each command line of the units, with another configuration, is one that works; the two differ in the instance only."""
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        f.write('{"pack": "%s", "plugins_dir": "%s", "connectors": {"stdin": {}}}' % (t.SMALL, t.plugins()))
    own = text(DIST, "faqd.service")
    template = text(DIST, "faqd@.service")
    for unit, file in ((own, "faqd.json"), (template, "%i.json")):
        lines = re.findall(r"^Exec(\w+)=/usr/local/bin/faqd (.*)$", unit, re.M)
        t.expect([kind for kind, _ in lines], ["StartPre", "Start", "Reload"])
        for _, line in lines:
            t.expect_in(f"-c /etc/faqd/{file}", line)
            got = t.faqd(*line.replace(f"/etc/faqd/{file}", t.here("faqd.json")).split())
            t.expect(got.status, 0, f"{line}: {got.err}")

    def directives(unit):
        return [line for line in unit.split("[Service]")[1].splitlines() if line and not line.startswith("#")]
    t.expect([line.replace("%i", "faqd") for line in directives(template)
              if not line.startswith("RuntimeDirectory=")],
             [line for line in directives(own) if not line.startswith("RuntimeDirectory=")])


# ------------------------------------------------------------------------------------------------------ installing


def install(prefix="/opt/faqd", root=None, build=t.BUILD):
    """Install below the test's folder; the place."""
    root = root or t.here("root")
    done = make("install", "DESTDIR=" + root, "PREFIX=" + prefix, "BUILD=" + os.path.relpath(build, t.ROOT))
    t.expect(done.returncode, 0, done.stdout + done.stderr)
    return root, root + prefix


def files_of(folder):
    return sorted(os.path.relpath(os.path.join(where, name), folder)
                  for where, _, names in os.walk(folder) for name in names)


@t.mark(alone=True, limit=120)
def test_install():
    root, place = install()
    for file in ("bin/faqd", "lib/faqd/plugins/stdin.so", "share/faqd/intents/mesotherapy/pack.json",
                 "lib/faqd/images/mesotherapy.image", "lib/faqd/images/faqd.image",
                 "include/faqd_plugin.h", "lib/pkgconfig/faqd.pc", "share/man/man1/faqd.1",
                 "lib/systemd/system/faqd.service", "lib/systemd/system/faqd@.service",
                 "share/man/man5/faqd-pack.5", "share/man/man5/faqd.json.5", "share/doc/faqd/README.md",
                 "share/doc/faqd/LICENSE", "share/doc/faqd/faqd.json.example", "share/doc/faqd/faqd-web.json.example",
                 "share/bash-completion/completions/faqd"):
        t.expect_in(file, files_of(place))
    for file in files_of(place):
        mode = os.stat(os.path.join(place, file)).st_mode & 0o777
        t.expect(mode, 0o755 if file.endswith(".so") or file == "bin/faqd" else 0o644, file)
    faqd = os.path.join(place, "bin", "faqd")
    t.expect_in("[1]", t.shell(faqd, "ask", "c koi la mesotherapie ?", cwd=t.here()))
    t.expect_in("ExecStart=/opt/faqd/bin/faqd run", text(place, "lib", "systemd", "system", "faqd.service"))
    used = t.shell(faqd, "plugins", cwd=t.here()).splitlines()
    t.expect([line for line in used if root not in line], [], "plugins from elsewhere")
    t.expect(len(used), len(os.listdir(os.path.join(place, "lib", "faqd", "plugins"))))
    example = os.path.join(place, "share", "doc", "faqd", "faqd.json.example")
    talk = subprocess.run([faqd, "run", "-c", example], input=b"C'est quoi, la mesotherapie ?\n", capture_output=True,
                          check=False)
    t.expect((talk.returncode, b"[1]" in talk.stdout), (0, True), talk.stderr.decode())

    kept = os.path.join(place, "lib", "faqd", "plugins", "mine.so")  # somebody else's plugin stays
    shutil.copy(os.path.join(place, "lib", "faqd", "plugins", "stdin.so"), kept)
    t.expect(make("uninstall", "DESTDIR=" + root, "PREFIX=/opt/faqd").returncode, 0)
    t.expect(files_of(root), ["opt/faqd/lib/faqd/plugins/mine.so"])
    os.remove(kept)
    t.expect(make("uninstall", "DESTDIR=" + root, "PREFIX=/opt/faqd").returncode, 0)
    left = [os.path.join(where, name) for where, folders, names in os.walk(place) for name in folders + names]
    t.expect([path for path in left if "faqd" in os.path.relpath(path, place)], [], "left behind")


def first_start(faqd):
    """What the log tells of the images in the first start of a user; and whether something was kept."""
    shutil.rmtree(t.here(".cache"), ignore_errors=True)
    got = subprocess.run([faqd, "ask", "--log-level", "debug", "c koi la mesotherapie ?"], capture_output=True, text=True,
                         check=False)
    t.expect((got.returncode, "[1]" in got.stdout), (0, True), got.stderr)
    return [line for line in got.stderr.splitlines() if " cache_" in line], os.path.exists(t.here(".cache"))


@t.mark(alone=True, limit=120)
def test_installed_images():
    """The first start of every user maps what was installed, at its place; whatever is wrong with that, it answers."""
    root = os.path.join(os.path.dirname(t.here()), "root")  # not within our own folder, which unprivileged() opens
    try:
        _, place = install(root=root)
        faqd = os.path.join(place, "bin", "faqd")
        image = os.path.join(place, "bin", "..", "lib", "faqd", "images", "mesotherapy.image")  # as the program finds it
        with open(image, "rb") as f:
            bytes_of_it = f.read()
        for path in (t.ROOT, root, place):
            t.expect(path.encode() in bytes_of_it, False, "a path in the image")
        was_used = [f"faqd: debug: cache_used: {image}"]
        t.expect(first_start(faqd), (was_used, False))

        def refused(why):
            found, kept = first_start(faqd)
            t.expect((found[:1], kept), ([f"faqd: warning: cache_refused: {image}: {why}; it is not used"], True))
            again = subprocess.run([faqd, "ask", "does it hurt?"], capture_output=True, text=True, check=True)
            t.expect(again.stderr, "", "it is told once; then there is one in the user's cache")

        os.chmod(image, 0o664)
        refused("it belongs to another user, or others may write to it")
        os.chmod(image, 0o644)
        with open(image, "r+b") as f:
            f.seek(len(bytes_of_it) // 2)
            f.write(bytes([bytes_of_it[len(bytes_of_it) // 2] ^ 1]))
        refused("it is damaged")
        os.truncate(image, 4096)
        refused("it is cut short or damaged")
        with open(image, "wb") as f:
            f.write(bytes_of_it)
        if os.geteuid() == 0:
            os.chown(image, 65534, 65534)
            refused("it belongs to another user, or others may write to it")
            os.chown(image, 0, 0)
        with open(os.path.join(place, "share", "faqd", "intents", "mesotherapy", "pack.json"), "a", encoding="utf-8") as f:
            f.write(" ")
        t.expect(first_start(faqd), ([], True), "an edited pack is nothing to tell")
        t.unprivileged()
        got = subprocess.run([faqd, "ask", "--pack", "faqd", "--log-level", "debug", "who are you?"], capture_output=True,
                             text=True, check=False, env={**os.environ, "HOME": "/nonexistent"})
        t.expect_in(f"cache_used: {os.path.dirname(image)}/faqd.image", got.stderr, "another user, without a home")
    finally:
        shutil.rmtree(root, ignore_errors=True)


@t.mark(alone=True, limit=120)
def test_built_for_another_machine():
    """The program cannot be run where it is built: there are no images, which one line says, and it is installed."""
    build = t.here("cross")
    shutil.copytree(t.BUILD, build, symlinks=True, ignore=shutil.ignore_patterns("tests", "bench", "fuzz"))
    with open(os.path.join(build, "faqd"), "r+b") as f:  # its kind of machine, as its head says
        head = f.read(20)
        f.seek(18)
        f.write(b"\xff\xfe")
    done = make("build", "BUILD=" + os.path.relpath(build, t.ROOT))
    t.expect((done.returncode, done.stdout.splitlines()[1:], done.stderr),
             (0, ["faqd: no images were made: the first start of each user reads the pack"], ""), done.stdout)
    t.expect(os.path.exists(os.path.join(build, "images")), False)
    _, place = install(build=build)
    t.expect(os.path.exists(os.path.join(place, "lib", "faqd", "images")), False)
    for program in (os.path.join(place, "bin", "faqd"), os.path.join(build, "faqd")):
        with open(program, "r+b") as f:
            f.write(head)
    t.expect(first_start(os.path.join(place, "bin", "faqd")), ([], True))
    done = make("build", "PACKS=../tests/bad/packs/unknown_key", "BUILD=" + os.path.relpath(build, t.ROOT))
    t.expect((done.returncode, "tests/bad/packs/unknown_key" in done.stderr), (2, True), "content is refused: " + done.stderr)
    t.expect(os.path.exists(os.path.join(build, "images.made")), False, "the next make tries again")


@t.mark(alone=True, limit=120)
def test_plugin_outside_the_tree():
    """A plugin is built with nothing but what pkg-config says, and used."""
    _, place = install()
    env = {"PKG_CONFIG_PATH": os.path.join(place, "lib", "pkgconfig")}

    def pkg_config(what):
        return t.shell("pkg-config", "--define-variable=prefix=" + place, what, "faqd", env=env).split()

    t.expect_in(pkg_config("--modversion")[0], t.faqd("--version").out)
    shutil.copy(os.path.join(t.TESTS, "plugins", "heap.c"), t.here("heap.c"))
    compiler = os.environ.get("CC") or "cc"
    plugin = os.path.join(*pkg_config("--variable=plugindir"), "heap.so")
    t.shell(compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", *pkg_config("--cflags"), "-shared", "-o", plugin,
            t.here("heap.c"))
    symbols = [line.split()[-1] for line in t.shell("nm", "-D", "--defined-only", plugin).splitlines()]
    t.expect(symbols, ["faqd_plugin"])
    t.expect_in("Oui", t.shell(os.path.join(place, "bin", "faqd"), "ask", "--pack", t.SMALL,
                               "Puis-je mettre du marc de café au compost ?"))


# --------------------------------------------------------------------------------------------- a machine without all


def stub(name, script):
    folder = t.here("stubs")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\n" + script + "\n")
    os.chmod(os.path.join(folder, name), 0o755)
    return folder


@t.mark(quick=True)
def test_make_says_what_is_missing():
    """Without the right to install, nothing is tried, and the packages are named."""
    shutil.copy(os.path.join(t.ROOT, "Makefile"), t.here("Makefile"))
    stub("pkg-config", 'case "$*" in *libedit*) exit 1;; esac')
    stub("dpkg-query", 'case "$*" in *libedit-dev*|*valgrind*) exit 1;; esac; echo "install ok installed"')
    stub("apt-get", "echo apt-get was run; exit 1")
    env = {**os.environ, "PATH": stub("sudo", "exit 1") + ":" + os.environ["PATH"], "LC_ALL": "C"}
    t.unprivileged()
    for target, missing in (("all", "libedit"), ("check", "libedit"), ("chat", "libedit-dev"), ("test", "libedit-dev")):
        done = make(target, folder=t.here(), env=env)
        t.expect_in("missing", done.stderr, target)
        t.expect_in(missing, done.stderr.split("apt-get install")[0], target)
        t.expect_in("apt-get install", done.stderr, target)
        t.expect("apt-get was run" in done.stdout + done.stderr, False, target)
        t.expect(done.returncode, 2, target)


# ------------------------------------------------------------------------------------------------------- README.md


@t.mark(alone=True, limit=180)
def test_readme():
    """What README.md shows is what the program does; its plugin is built and used on the way."""
    print(t.shell(os.path.join(t.TESTS, "readme"), "--check"))


@t.mark(quick=True)
def test_top_level():
    if not os.path.isdir(os.path.join(t.ROOT, ".git")) or not shutil.which("git"):
        return  # a release without history: nothing tells what belongs to it
    files = t.shell("git", "-c", "safe.directory=*", "ls-files").splitlines()
    names = {file.split("/")[0] for file in files if not file.startswith(".")}
    t.expect(names - {"src", "plugins", "intents", "tests", "Makefile", "README.md", "LICENSE"}, set(), "top level")
