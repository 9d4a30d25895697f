# SPDX-License-Identifier: MIT
"""environment.py - whatever faqd is started in: locales, time zones, closed or full outputs, few descriptors, no disk."""
import json
import os
import resource
import subprocess

import harness as t

QUESTIONS = ("C'est quoi le compost ?\nDÉFINITION DU COMPOST, ÎLE, IİıI\ntout ce que je peux jeter\nL'HIVER ?\nWHAT IS COMPOST\n"
             "Puis-je mettre 3,5 kg de marc ?\ncompsot\n")


def answers(env=None, **more):
    got = t.faqd("ask", "--json", *t.small(), input=QUESTIONS, env=env, **more)
    t.expect(got.status, 0, got.err)
    t.expect(got.err, "")
    chat = t.faqd("chat", *t.small(), input=QUESTIONS, env=env, **more)
    t.expect(chat.status, 0, chat.err)
    return got.raw + chat.raw


def make_locale(name):
    """A locale that is not installed is made for the test; the folder that has it."""
    source, charset = name.split(".")
    done = subprocess.run(["localedef", "-i", source, "-f", charset, t.here("locales." + name)], capture_output=True, text=True,
                          check=False)
    if done.returncode > 1:  # 1: warnings
        t.skip(f"cannot make the locale {name}: {done.stderr.strip()}")
    os.makedirs(t.here("locpath"), exist_ok=True)
    os.rename(t.here("locales." + name), t.here("locpath", name))
    return t.here("locpath")


def test_locales_change_nothing():
    expected = answers({"LC_ALL": "C"})
    t.expect(answers({"LC_ALL": "C.UTF-8"}), expected)
    t.expect(answers({"LC_ALL": "no_SUCH.locale"}), expected)
    for name in ("tr_TR.UTF-8", "fr_FR.UTF-8"):
        path = make_locale(name)
        got = answers({"LC_ALL": name, "LOCPATH": path})
        t.expect(got, expected, name)


def test_time_zones_change_nothing():
    expected = answers({"TZ": "UTC"})
    for zone in ("Asia/Kathmandu", "America/St_Johns", "nonsense", ""):
        t.expect(answers({"TZ": zone}), expected, zone)


def test_an_empty_environment():
    expected = answers()
    got = subprocess.run([t.FAQD, "ask", "--json", *t.small()], input=QUESTIONS.encode(), capture_output=True, env={},
                         check=False)
    t.expect(got.returncode, 0)
    t.expect(expected.startswith(got.stdout), True)


def test_few_descriptors():
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    t.expect(answers(preexec_fn=limit), answers())

    def too_few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))
    got = t.faqd("ask", "prix", *t.small(), preexec_fn=too_few)
    assert got.status in (0, 1, 70, 78, 127), got.status  # works or says so; the dynamic linker may be the one


def run_with(closed=None, out=None, args=("ask", "le prix"), input=b"le prix\n"):
    """Run with a descriptor closed, or stdout going somewhere."""
    def close():
        if closed is not None:
            os.close(closed)
    options = t.small() if args[0] != "plugins" else ["--plugins-dir", t.plugins()]
    with open(out or os.devnull, "wb") as sink:
        done = subprocess.run([t.FAQD, *args, *options], stdout=sink, stderr=subprocess.PIPE, preexec_fn=close, check=False,
                              **({"stdin": subprocess.DEVNULL} if closed == 0 else {"input": input}))
    return done.returncode, done.stderr.decode()


def test_closed_descriptors():
    t.expect(run_with(closed=0), (1, ""))
    status, err = run_with(closed=0, args=("ask",))
    t.expect((status, err), (70, "faqd: cannot read: Bad file descriptor\n"))
    status, err = run_with(closed=1)
    t.expect((status, err), (70, "faqd: cannot write: Bad file descriptor\n"))
    t.expect(run_with(closed=2)[0], 1)
    t.expect(run_with(closed=2, args=("ask", "--nonsense"))[0], 2)
    for closed in (0, 1, 2):
        status, _ = run_with(closed=closed, args=("chat",))
        assert 0 <= status < 128, status
        status, _ = run_with(closed=closed, args=("check",))
        assert 0 <= status < 128, status


def test_a_full_disk_is_no_success():
    for args in (("ask", "le prix"), ("ask",), ("ask", "--json"), ("explain", "le prix"), ("check",), ("plugins",), ("chat",),
                 ("chat", "--json")):
        status, err = run_with(out="/dev/full", args=args)
        t.expect(status, 70, str(args))
        t.expect_in("No space left on device", err)
    done = subprocess.run(f"{t.FAQD} --help > /dev/full", shell=True, stderr=subprocess.PIPE, check=False)
    t.expect(done.returncode, 70)


def test_a_reader_that_goes_away():
    for command in ("ask", "chat"):
        process = subprocess.Popen([t.FAQD, command, *t.small()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdin.write(b"le prix\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        try:
            process.stdin.write(b"le prix\n" * 1000)
            process.stdin.close()
        except BrokenPipeError:
            pass
        status = process.wait(20)
        # `ask` ends of SIGPIPE like any filter; nobody listens to a chat any more, which is one way to end it
        assert status in ((-13, 70) if command == "ask" else (0, 70)), status


def test_slow_and_cut_off_input():
    """Bytes that come one by one are the same line."""
    process = subprocess.Popen([t.FAQD, "ask", "--json", *t.small()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for byte in "C'est quoi le compost é ?".encode():
        process.stdin.write(bytes([byte]))
        process.stdin.flush()
    process.stdin.close()
    t.expect_in(b"C'est quoi le compost \\u00E9 ?", process.stdout.read())
    t.expect(process.wait(20), 0)


def test_a_line_of_a_gibibyte():
    """Read to its end, answered as too long, in no more memory than a short one."""
    def peak(pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))
    for command in ("ask", "chat"):
        with subprocess.Popen([t.FAQD, command, "--json", *t.small()], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
            def answered(text, process=p):
                process.stdin.write(text + b"\n")
                process.stdin.flush()
                return json.loads(process.stdout.readline())["outcome"]
            answered(b"a" * 100000)
            before, chunk = peak(p.pid), b"a" * (1 << 20)
            for _ in range(1024):
                p.stdin.write(chunk)
            t.expect(answered(b""), "unavailable", command)
            t.expect(answered(b"bonjour") != "unavailable", True, "the next line is read")
            assert peak(p.pid) - before < 1024, (command, before, peak(p.pid))
            p.stdin.close()
            p.wait()


def test_memory_limits():
    """With less and less memory: right answers, or a plain word and a status; never a signal."""
    if t.SAN:
        t.skip("sanitizers need terabytes of address space")
    expected = t.faqd("ask", "--json", "le prix", *t.small()).raw
    seen = set()
    for megabytes in (4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 64):
        def limit(size=megabytes << 20):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))
        got = t.faqd("ask", "--json", "le prix", *t.small(), preexec_fn=limit)
        seen.add(got.status)
        if got.status == 1:
            t.expect(got.raw, expected, f"{megabytes} MiB")
        else:
            assert got.status in (70, 78, 127), f"{megabytes} MiB: {got.status} {got.err}"
            assert got.err, f"{megabytes} MiB: no word about it: {got.status}"
    t.expect_in(1, seen)


for _name, _fn in list(globals().items()):
    if _name.startswith("test_"):
        t.mark(quick=_name not in ("test_locales_change_nothing", "test_a_line_of_a_gibibyte"),
               san=_name != "test_a_line_of_a_gibibyte")(_fn)
