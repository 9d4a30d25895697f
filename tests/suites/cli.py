# SPDX-License-Identifier: MIT
"""cli.py - the command line: exit statuses, one object for every line whatever it is made of, and plain complaints."""
import json
import os
import re
import shutil
import subprocess

import harness as t

QUESTIONS = ["C'est quoi le compost ?", "tout ce que je peux jeter", "l'hiver ?", "frzbl", "Le prix ?", "Mon compost fume !",
             "What is compost?", "Bonjour", "Puis-je metre du marc de café au compsot ?", "orange peel in the compost",
             "banque", "wie ist das und wie lange dauert das"]


def ask(*args, **more):
    return t.faqd("ask", *t.small(), *args, **more)


def status_of(*args, status, says="", **more):
    """Run; check the status and that stderr has one line which holds these words."""
    got = t.faqd(*args, **more)
    t.expect(got.status, status, f"{args}: {got.err}")
    t.expect_in(says, got.err, str(args))
    if says:
        t.expect(len(got.err.splitlines()), 1, got.err)
    return got


def test_exit_statuses_of_ask():
    for question, status in [("C'est quoi le compost ?", 0), ("Mon compost fume", 0), ("bonjour", 0), ("l'hiver", 1),
                             ("le prix", 1), ("frzbl", 1), ("", 1), ("x" * 5000, 1)]:
        t.expect(ask(question).status, status, question[:40])
    t.expect(ask("frzbl", "le prix").status, 0)  # several questions: it was done
    t.expect(ask(input="frzbl\n").status, 0)
    t.expect(ask(input="").status, 0)
    t.expect(ask("--", "--prix").status, 1)


def test_usage():
    status_of("ask", "--jsno", "x", status=2, says='unknown option "--jsno"; did you mean "--json"?')
    status_of("ask", "--pakc=x", "x", status=2, says='unknown option "--pakc=x"; did you mean "--pack"?')
    status_of("ask", "-z", "x", status=2, says='unknown option "-z"')
    status_of("plugins", "--json", status=2, says='unknown option "--json"')  # an option of other commands
    status_of("ask", "--lang", status=2, says='"--lang" needs a value')
    status_of("aks", status=2, says='there is no command "aks"; did you mean "ask"?')
    status_of("zzzzzzzz", status=2, says='there is no command "zzzzzzzz"; see')
    status_of("explain", status=2, says="which question?")
    status_of("chat", "hello", status=2, says="takes no questions")
    status_of("check", "a", "b", status=2, says="one pack at a time")
    t.expect(t.faqd().status, 2)


def test_help_and_version():
    for args in (["--help"], ["-h"], ["help"], ["ask", "--help"], ["chat", "-h"], ["run", "x", "--help"]):
        got = t.faqd(*args)
        t.expect(got.status, 0)
        t.expect_in("Exit status:", got.out)
    t.expect_in("plugin ABI 1.", t.faqd("--version").out)
    t.expect(ask("--", "--help").status, 1)  # a question


def test_configuration_errors():
    status_of("ask", "x", "--pack", "/nonexistent", status=78, says="there is no pack at /nonexistent")
    status_of("ask", "x", "--pack", "nonexistent", status=78, says="nonexistent (pack: command line)")
    status_of("ask", "x", "--lang", "de", status=78, says='lang is "de" (command line); it must be "fr" or "en"')
    status_of("ask", "x", "--log-level", "loud", status=78, says="log_level")
    status_of("ask", "x", status=78, says="lang", env={"FAQD_LANG": "de"})
    status_of("ask", "x", "--plugins-dir", "/nonexistent", status=78, says="/nonexistent: cannot open the plugins' folder")
    status_of("ask", "x", "-c", "/nonexistent.json", status=78, says="/nonexistent.json: cannot open")
    status_of("ask", "x", "-c", "/dev/null", status=78, says="/dev/null: not a regular file")
    with open(t.here("bad.json"), "w", encoding="utf-8") as f:
        f.write('{"pak": "x"}')
    status_of("ask", "x", "-c", t.here("bad.json"), status=78, says='unknown key "pak"; did you mean "pack"?')
    status_of("run", *t.small(), status=78, says="no connectors are configured")


def test_unreadable_pack():
    pack = t.copy_small()
    plugins = t.plugins()
    os.chmod(os.path.join(pack, "lexicon.json"), 0)
    t.unprivileged()
    got = t.faqd("ask", "x", "--pack", pack, "--plugins-dir", plugins)
    t.expect(got.status, 78, got.err)
    t.expect_in("lexicon.json: cannot open: Permission denied", got.err)


def lines_of_all_kinds():
    return [b"C'est quoi le compost ?", b"", b"   ", b"\xff\xfe\xc0\xaf", b"a\0b", b"x" * 1000000, "é".encode() * 3000,
            b"\x1b[31mrouge\x07\x7f", "\u202eevil\u2066 \u200b\ufeff".encode(), b"\r", b"le prix\r", b"\xed\xa0\x80",
            b"\\u0000\"'", "e\u0301".encode() * 50, b"\xf0\x9f\x98\x80", "𝕔𝕠𝕞𝕡𝕠𝕤𝕥".encode(), b"{}", b"--help",
            b"\t\v\f", b"\xc2\x85\xe2\x80\xa8", b"? " * 2000, b"a " * 2040]


def test_one_object_a_line():
    lines = lines_of_all_kinds()
    got = ask("--json", input=b"\n".join(lines) + b"\nlast without line feed")
    t.expect(got.status, 0, got.err)
    t.expect(got.err, "")
    objects = got.objects()
    t.expect(len(objects), len(lines) + 1)
    keys = ["question", "id", "lang", "outcome", "topics", "intents", "text", "blocks", "sources", "choices", "corrections",
            "state", "pack", "version"]
    for line, o in zip(lines, objects):
        t.expect(list(o), keys)
        if len(line) <= 4096:
            t.expect(o["question"], line.rstrip(b"\r").decode(errors="replace") if b"\xed" not in line else o["question"])
        else:
            t.expect(o["outcome"], "unavailable")
    for byte in got.raw:
        assert byte == 10 or 32 <= byte < 128, "JSON is ASCII on one line"
    t.expect(objects[0]["outcome"], "answer")
    t.expect(objects[1]["text"], "Posez-moi une question.")
    t.expect(objects[10]["intents"], ["price"])  # the carriage return is not part of it
    t.expect(objects[15]["outcome"] in ("answer", "unknown"), True)


def test_plain_answers_have_no_control_characters():
    got = ask(input=b"\n".join(lines_of_all_kinds()))
    t.expect(got.status, 0)
    for c in got.out:
        assert c == "\n" or (ord(c) >= 32 and not 0x7f <= ord(c) < 0xa0 and c not in "\u202e\u2066\u2028"), repr(c)


def test_arguments_lines_and_chat_agree():
    as_lines = ask("--json", input="\n".join(QUESTIONS))
    plain_lines = ask(input="\n".join(QUESTIONS)).out.split("\n\n")
    t.expect_in("Que voulez-vous dire ?", "".join(plain_lines))
    for question, o in zip(QUESTIONS, as_lines.objects()):
        single = ask("--json", question)
        t.expect(single.objects(), [o])
        plain = ask(question)
        t.expect(plain.out, o["text"] + "\n")
        t.expect(single.status, plain.status)
        chat = t.faqd("chat", *t.small(), input=question + "\n")
        t.expect(chat.status, 0)
        t.expect(chat.out, o["text"] + "\n\n")
        chat = t.faqd("chat", "--json", *t.small(), input=question + "\n")
        del o["question"]
        t.expect(chat.objects(), [o])


def test_chat_is_one_conversation():
    got = t.faqd("chat", *t.small(), input="Puis-je mettre du marc au compost ?\nPourquoi ?\nl'hiver ?\n2\n")
    t.expect(got.status, 0)
    t.expect_in("Parce que les sources le disent", got.out)
    t.expect_in("on ne retourne pas", got.out)
    t.expect(t.faqd("chat", *t.small(), input=b"\n".join(lines_of_all_kinds())).status, 0)


def test_each_question_of_ask_is_a_conversation():
    answers = ask("--json", "Puis-je mettre du marc au compost ?", "Pourquoi ?", "l'hiver ?", "2").objects()
    t.expect([o["outcome"] for o in answers], ["answer", "unknown", "clarify", "unknown"])
    for o in answers:
        t.expect(o["state"].isascii() and o["state"].isprintable() and len(o["state"]) <= 512, True)


def test_two_runs_give_the_same_bytes():
    data = "\n".join(QUESTIONS * 5).encode() + b"\n" + b"\n".join(lines_of_all_kinds())
    t.expect(ask("--json", input=data).raw, ask("--json", input=data).raw)
    t.expect(ask(input=data).raw, ask(input=data).raw)
    for question in QUESTIONS:
        t.expect(t.faqd("explain", question, *t.small()).raw, t.faqd("explain", question, *t.small()).raw)


def test_each_answer_is_flushed():
    process = subprocess.Popen([t.FAQD, "ask", "--json", *t.small()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for question in QUESTIONS:
        process.stdin.write(question.encode() + b"\n")
        process.stdin.flush()
        t.expect(json.loads(process.stdout.readline())["question"], question)  # before the next one is sent
    process.stdin.close()
    t.expect(process.wait(20), 0)


def test_explain():
    got = t.faqd("explain", "Puis-je metre du marc au compsot ?", *t.small())
    t.expect(got.status, 0)
    for words in ("Oui, le marc de café", "language: fr", "set right: compsot -> compost", "answers: may_go", "searches: "):
        t.expect_in(words, got.out)
    t.expect_in("language: en", t.faqd("explain", "--lang", "en", "compost", *t.small()).out)


def test_plugins():
    got = t.faqd("plugins", "--plugins-dir", t.plugins())
    t.expect(got.status, 0)
    for name in ("statements", "risks", "session", "substances", "practitioners", "indications", "heap", "stdin"):
        t.expect_in(f" {name} ", got.out)
    t.expect_in("ABI 1.1", got.out)


def counted(misses=False):
    """A configuration whose state folder has counters of some questions."""
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "plugins_dir": t.plugins(), "state_dir": "state", "misses": misses,
                   "connectors": {"stdin": {"json": True}}}, f)
    questions = ["C'est quoi le compost ?"] * 3 + ["What is compost?", "frzbl 12", "le prix", "Mon compost fume !"]
    got = t.faqd("run", "-c", t.here("faqd.json"), input="\n".join(questions))
    t.expect(got.status, 0, got.err)
    return ["-c", t.here("faqd.json")]


def test_stats():
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "plugins_dir": t.plugins(), "state_dir": "state"}, f)
    got = t.faqd("stats", "-c", t.here("faqd.json"))
    t.expect(got.status, 0)
    t.expect_in("nothing was counted from ", got.out)
    t.expect(os.path.exists(t.here("state")), False, "looking makes nothing")
    options = counted()
    counted()  # a second run adds to the first
    got = t.faqd("stats", *options)
    t.expect((got.status, got.err), (0, ""))
    for line in (": 14 answers, 0 votes\n", "\n  answer              8  57 %  ████████████████████████\n",
                 "\n  stdin       14 100 %", "\n  small/definition        8  57 %", "\n  en        4  29 %  █████████▋\n"):
        t.expect_in(line, got.out)
    o = t.faqd("stats", "--json", "--days", "1", *options).objects()[0]
    t.expect(o["from"], o["to"])
    t.expect(o["answers"], 14)
    t.expect({(c["connector"], c["pack"]) for c in o["counts"]}, {("stdin", "small")})
    t.expect(sorted((c["lang"], c["outcome"], c["id"], c["count"]) for c in o["counts"]), [
        ("en", "answer", "small/definition", 2), ("en", "unknown", "small/unknown", 2), ("fr", "answer", "small/definition", 6),
        ("fr", "emergency", "small/fire", 2), ("fr", "undocumented", "small/price", 2)])
    t.expect(sorted(os.listdir(t.here("state"))), ["counters.sqlite"])
    t.expect(os.stat(t.here("state")).st_mode & 0o777, 0o700)
    status_of("stats", "--days", "0", status=2, says='"--days" must be a whole number from 1 to 3660')
    status_of("stats", "--days", "x", status=2, says='"--days" must be')
    status_of("stats", "x", status=2, says="takes no arguments")
    with open(t.here("state", "counters.sqlite"), "r+b") as f:
        f.write(b"not a database at all")
    status_of("stats", *options, status=78, says="counters.sqlite: the file is damaged")


def test_misses():
    got = status_of("misses", *counted(), status=78, says='nothing is kept, because "misses" is not true in ')
    t.expect_in("faqd.json", got.err)
    status_of("misses", status=78, says="name it with -c faqd.json")
    options = counted(misses=True)
    got = t.faqd("misses", *options)
    t.expect((got.status, got.err), (0, ""))
    t.expect(sorted(line.split()[2:] for line in got.out.splitlines()), [
        ["en", "unknown", "frzbl", "##"], ["fr", "undocumented", "le", "prix"]])
    o = t.faqd("misses", "--json", *options).objects()[0]
    t.expect([m["text"] for m in o["misses"]], ["frzbl ##", "le prix"])
    counted()  # switched off again: dropped
    with open(t.here("faqd.json"), encoding="utf-8") as f:
        settings = json.load(f)
    with open(t.here("on.json"), "w", encoding="utf-8") as f:
        json.dump({**settings, "misses": True}, f)
    t.expect_in("nothing was asked in vain", t.faqd("misses", "-c", t.here("on.json")).out)


def test_commands_of_connectors():
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "plugins_dir": t.plugins(), "connectors": {"desk": {"pen": "blue"}}}, f)
    got = t.faqd("desk", "log", "-c", t.here("faqd.json"), "in", "--", "--now")
    t.expect((got.status, got.err), (3, ""))
    t.expect(got.out, '{"pen":"blue"}\n0 log\n1 in\n2 --now\n0 ' + t.here("log") + "\n")
    got = t.faqd("desk", *t.small(), "credential:x", env={"CREDENTIALS_DIRECTORY": "/run/secret"})
    t.expect((got.status, got.out), (1, "{}\n0 credential:x\n0 /run/secret/x\n"))
    for bad, folder in (("credential:x", ""), ("credential:", "/run"), ("credential:../x", "/run"), ("", "/run")):
        got = t.faqd("desk", *t.small(), bad, env={"CREDENTIALS_DIRECTORY": folder})
        t.expect_in("-1 \n", got.out, bad)
    status_of("stdin", *t.small(), status=2, says='the connector "stdin" has no commands; faqd run runs it')
    status_of("dexk", *t.small(), status=2, says='there is no command "dexk"')
    status_of("desk", "--jsno", status=2, says='unknown option "--jsno"')
    t.expect_in("Connectors with commands of their own (faqd NAME tells which): desk",
                t.faqd("--help", env={"FAQD_PLUGINS_DIR": t.plugins()}).out)


def test_check_of_the_shipped_packs():
    for pack in sorted(os.listdir(os.path.join(t.ROOT, "intents"))):
        got = t.faqd("check", os.path.join(t.ROOT, "intents", pack), timeout=120)
        t.expect(got.status, 0, got.out[-3000:])
        t.expect_in(" 0 errors", got.out.splitlines()[-1])
        if pack == "faqd":
            t.expect_in(" 0 warnings", got.out.splitlines()[-1])


def test_both_packs_in_one_process():
    """Each answers its own questions, with its own sources, and not the other's."""
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"packs": ["mesotherapy", "faqd"]}, f)
    for pack, own, other in (("mesotherapy", "What is mesotherapy?", "How do I install faqd?"),
                             ("faqd", "How do I install faqd?", "What is mesotherapy?")):
        good, bad = t.faqd("ask", "--json", "-c", t.here("faqd.json"), "--pack", pack, input=own + "\n" + other).objects()
        t.expect((good["outcome"], good["pack"], bad["outcome"]), ("answer", pack, "unknown"))


def test_check():
    got = t.faqd("check", t.SMALL, "--plugins-dir", t.plugins())
    t.expect(got.status, 0, got.out)
    t.expect_in("0 errors, 0 warnings; 3 of 4 examples are answered as they say, 2 of 2 messages to others by nothing; "
                "too few to learn from\n", got.out)
    t.expect(len(got.out.splitlines()), 1)
    os.chdir(os.path.dirname(t.SMALL))  # a folder beside us by its bare name
    t.expect(t.faqd("check", "small", "--plugins-dir", t.plugins()).status, 0)
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "plugins_dir": t.plugins(), "connectors": {"stdin": {"jsn": True}}}, f)
    got = t.faqd("check", "-c", t.here("faqd.json"))
    t.expect(got.status, 78)
    t.expect_in("connectors.stdin: its settings were refused", got.out)
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": t.SMALL, "plugins_dir": t.plugins(), "connectors": {"stdni": {}}}, f)
    got = t.faqd("check", "-c", t.here("faqd.json"))
    t.expect(got.status, 78)
    t.expect_in("connectors.stdni: there is no such connector", got.out)


def test_check_names_what_is_always_tried():
    """Patterns that need no letters; not those whose letters may stand anywhere in words."""
    always = [r"\w+", r"\d+", r"(\w*compost)? *", r"(?<method>\w+) \k<method>", r"[^a]bc\w*"]
    never = [r"\w*compost\w*", r"\w*post", r"compo\w*", r"c\w*t", r"\w*(mon compost|tas)\w*", r"\w*(compost|tas de)\w*",
             r"(mon \w*post|tas)", r"compo.*fume", r"(?=.*compo).*fume\w*", r"\w*\d+ (fois|jours?)\w*", r"\w*p\w*",
             r"\w*(?<method>tas|trou)\w* \k<method>", r"(?<=mon )compost", r"\w*comp(?>ost)", r"(\w*compost )++fume"]
    shutil.copytree(t.SMALL, t.here("pack"))
    with open(t.here("pack/general.json"), encoding="utf-8") as f:
        content = json.load(f)
    content["intents"][0]["fr"]["patterns"] += always + never
    with open(t.here("pack/general.json"), "w", encoding="utf-8") as f:
        json.dump(content, f)
    got = t.faqd("check", t.here("pack"), "--plugins-dir", t.plugins()) # with errors, too: they match what they should not
    named = [line for line in got.out.splitlines() if line.endswith("it is tried on every question")]
    t.expect([line.split('"')[3] for line in named], always)


def test_check_names_what_is_not_searched_as_words():
    """Once a term, however many patterns have it, with the way out also behind a very long one."""
    slow = [r"tas ?(de )?compost(?<!bleu)", r"(mon |ton )? ?tas", r"tas.{0,20}compost", "(" + "compost|" * 80 + "tas)? ?tas"]
    fast = [r"(mon|ton) tas", r"tas (\w+ ){0,3}compost", r"[0-9]+ tas", r"tas( de)?( compost)?$"]
    shutil.copytree(t.SMALL, t.here("pack"))
    with open(t.here("pack/general.json"), encoding="utf-8") as f:
        content = json.load(f)
    content["intents"][0]["fr"]["patterns"] += slow + fast + ["compost & !" + slow[0], "tas & " + slow[1]]
    with open(t.here("pack/general.json"), "w", encoding="utf-8") as f:
        json.dump(content, f)
    got = t.faqd("check", t.here("pack"), "--plugins-dir", t.plugins())
    named = [line for line in got.out.splitlines() if " is searched by PCRE2" in line]
    shown = [term if len(term) <= 500 else term[:500] + "..." for term in slow]
    t.expect([line.split('"')[3] for line in named], shown)
    for line in named:
        t.expect(line.startswith("warning: ") and line.endswith('as a term with "!"'), True, line)


def test_settings_come_from_everywhere():
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"pack": "small", "packs_dir": os.path.dirname(t.SMALL), "lang": "fr", "plugins_dir": t.plugins()}, f)
    got = t.faqd("run", "--print-config", "-c", t.here("faqd.json"), "--log-level", "debug", env={"FAQD_LANG": "en"})
    t.expect(got.status, 0, got.err)
    t.expect_in('lang = "en" (FAQD_LANG)', got.out)
    t.expect_in('log_level = "debug" (command line)', got.out)
    t.expect_in(f'pack = "small" ({t.here("faqd.json")})', got.out)
    t.expect(ask("--json", "prix", env={"FAQD_LANG": "en"}).objects()[0]["lang"], "en")
    t.expect(ask("--json", "--lang", "fr", "prix", env={"FAQD_LANG": "en"}).objects()[0]["lang"], "fr")


def test_the_shipped_pack_is_the_default():
    got = t.faqd("ask", "--json", "C'est quoi la mésothérapie ?")
    t.expect(got.objects()[0]["pack"], "mesotherapy")
    t.expect(got.status, 0)


def used(got):
    """The image that was used, as the log tells; None: the pack was read."""
    found = re.findall(r"^faqd: debug: cache_used: (.*)$", got.err, re.M)
    return found[0] if found else None


def test_the_cache():
    """What is kept answers as what was read; what cannot be used or kept is told, with its path, and answered without."""
    question, cache, pack = "Qui peut faire de la mésothérapie ?", t.here("cache"), t.edited_pack()
    plugins = t.plugins()

    def ask(*more, **env):
        return t.faqd("ask", "--json", "--pack", pack, "--plugins-dir", plugins, *more, question, env=env)

    wanted = ask("--cache-dir", "")
    t.expect((wanted.status, wanted.err), (0, ""))
    for _ in range(2):
        got = ask(FAQD_CACHE_DIR=cache)
        t.expect((got.raw, got.err), (wanted.raw, ""))
    file, = os.listdir(cache)
    t.expect(used(ask("--cache-dir", cache, "--log-level", "debug")), os.path.join(cache, file))
    os.chmod(os.path.join(cache, file), 0o666)
    got = ask("--cache-dir", cache)
    t.expect(got.raw, wanted.raw)
    t.expect(got.err, f"faqd: warning: cache_refused: {cache}/{file}: it belongs to another user, or others may write to it;"
             " it is not used\n")
    t.expect(ask("--cache-dir", cache).err, "", "it was made anew")
    t.unprivileged()
    got = ask("--cache-dir", "/proc/none")
    t.expect(got.raw, wanted.raw)
    t.expect_in("cache_failed: /proc/none/mesotherapy-", got.err)
    got = ask(HOME="/nonexistent")
    t.expect((got.raw, got.err), (wanted.raw, ""), "nobody asked for a cache: no word about it")


def test_the_first_start():
    """It maps the image that came with the program, and keeps nothing; an edited pack is read without a word."""
    question = "Qui peut faire de la mésothérapie ?"
    for pack in ("mesotherapy", "faqd"):
        got = t.faqd("ask", "--log-level", "debug", "--pack", pack, question)
        t.expect(used(got), os.path.join(t.BUILD, "images", pack + ".image"))
        t.expect(os.path.exists(t.here(".cache")), False)
    wanted = t.faqd("ask", question)
    edited = t.edited_pack()
    for _ in range(2):
        got = t.faqd("ask", "--pack", edited, question)
        t.expect((got.raw, got.err), (wanted.raw, ""))
    t.expect(len(os.listdir(t.here(".cache", "faqd"))), 1)


def test_compile():
    pack = t.edited_pack()
    got = t.faqd("compile", pack, "faqd", "--into", t.here("lib", "images"))
    t.expect((got.status, got.err), (0, ""))
    t.expect(sorted(os.listdir(t.here("lib", "images"))), ["faqd.image", "mesotherapy.image"])
    t.expect(re.sub(r"\d+ bytes", "N bytes", got.out), f"{pack}: N bytes\n{t.ROOT}/intents/faqd: N bytes\n")
    with open(t.here("lib", "images", "mesotherapy.image"), "rb") as f:
        image = f.read()
    for place in (t.ROOT, t.here()):
        t.expect(place.encode() in image, False, "a path of the machine that it was made on")
    got = t.faqd("compile", *t.small(), "--into", t.here("none"))
    t.expect((got.status, "no image" in got.out, os.path.exists(t.here("none"))), (0, True, False), "it is small")
    with open(t.here("faqd.json"), "w", encoding="utf-8") as f:
        json.dump({"packs": ["mesotherapy", "faqd"]}, f)
    got = t.faqd("compile", "-c", t.here("faqd.json"), "--into", t.here("configured"))
    t.expect((got.status, sorted(os.listdir(t.here("configured")))), (0, ["faqd.image", "mesotherapy.image"]))


def test_compile_says_what_is_wrong():
    got = t.faqd("compile", "mesotherapy")
    t.expect((got.status, "--into must name" in got.err), (2, True), got.err)
    for packs in (["/nowhere"], ["faqd", "/nowhere"]):
        got = t.faqd("compile", *packs, "--into", t.here("images"))
        t.expect((got.status, got.err), (78, "faqd: there is no pack at /nowhere (command line)\n".replace(
            "(command", "(pack: command" if len(packs) == 1 else "(command")))
    got = t.faqd("compile", "mesotherapy", "--into", "/proc/none")
    t.expect((got.status, "/proc/none/mesotherapy.image: cannot be written" in got.err), (70, True), got.err)
    os.mkdir(t.here("open"))
    os.chmod(t.here("open"), 0o777)
    got = t.faqd("compile", "faqd", "--into", t.here("open"))
    t.expect((got.status, "chmod go-w" in got.err, os.listdir(t.here("open"))), (70, True, []), got.err)
    pack, shipped = t.edited_pack(), os.path.join(t.ROOT, "intents", "mesotherapy")
    got = t.faqd("compile", pack, shipped, "--into", t.here("images"))
    t.expect(got.status, 78, "two packs of one name: " + got.err)
    with open(os.path.join(pack, "pack.json"), encoding="utf-8") as f:
        text = f.read()
    with open(os.path.join(pack, "pack.json"), "w", encoding="utf-8") as f:
        f.write(text.replace('"name": "mesotherapy"', '"name": "another"'))
    got = t.faqd("compile", pack, shipped, "--into", t.here("images"))
    t.expect((got.status, "would have the same name" in got.err), (2, True), got.err)
    t.expect(os.path.exists(t.here("images")), False)


for _name, _fn in list(globals().items()):
    if _name.startswith("test_"):
        t.mark(quick=True, san=True)(_fn)
