# SPDX-License-Identifier: MIT
"""terminal.py - faqd chat in a real terminal emulator (tmux) under a real shell: what a pseudo-terminal alone cannot
show, as the screen after a resize, and Ctrl-Z with somebody there to say fg."""
import os
import re
import shutil
import signal
import subprocess

import harness as t


class Screen:
    """A tmux of its own with a shell in it."""

    def __init__(self, columns=70, rows=24):
        if not shutil.which("tmux"):
            t.skip("tmux is not installed")
        self.socket = t.here("tmux")
        environment = {k: v for k, v in os.environ.items() if k != "TMUX"}
        subprocess.run([*self.tmux(), "-f", "/dev/null", "new-session", "-d", "-s", "t", "-x", str(columns), "-y",
                        str(rows), "exec env PS1='$ ' bash --norc --noprofile"], env=environment, check=True)
        self.wait(r"^\$")

    def tmux(self):
        return ["tmux", "-S", self.socket]

    def do(self, *command):
        subprocess.run([*self.tmux(), *command], check=True)

    def type(self, text, *keys):
        if text:
            self.do("send-keys", "-t", "t", "-l", text)
        for key in keys:
            self.do("send-keys", "-t", "t", key)

    def text(self):
        done = subprocess.run([*self.tmux(), "capture-pane", "-p", "-t", "t"], capture_output=True, text=True, check=True)
        return done.stdout

    def wait(self, pattern, seconds=10):
        """Until the screen shows it; ^ and $ are those of its lines, which end without spaces."""
        try:
            t.wait_for(lambda: re.search(pattern, self.text(), re.MULTILINE), seconds)
        except AssertionError:
            raise AssertionError(f"waited for {pattern!r}, the screen shows\n{self.text()}") from None

    def chat(self, *options):
        """Start it; remember how the terminal was."""
        self.type("clear; stty -a > before", "Enter")
        t.wait_for(lambda: os.path.exists(t.here("before")))
        command = " ".join([t.FAQD, "chat", "--lang", "fr", *t.small(), *options])
        self.type("clear; " + command + "; echo left $?; stty -a | cmp - before && echo as before", "Enter")
        self.wait(r"quitter\n>")

    def pid(self):
        done = subprocess.run([*self.tmux(), "list-panes", "-F", "#{pane_pid}"], capture_output=True, text=True, check=True)
        shell = done.stdout.strip()
        with open(f"/proc/{shell}/task/{shell}/children", encoding="ascii") as f:
            return int(f.read().split()[0])

    def resize(self, columns):
        """tmux shows the new width at once and tells the program a moment later: wait for that."""
        self.do("resize-window", "-t", "t", "-x", str(columns))
        done = subprocess.run([*self.tmux(), "display-message", "-p", "-t", "t", "#{pane_tty}"], capture_output=True,
                              text=True, check=True)
        fd = os.open(done.stdout.strip(), os.O_RDONLY | os.O_NOCTTY)
        try:
            t.wait_for(lambda: os.get_terminal_size(fd).columns == columns)
        finally:
            os.close(fd)

    def end(self):
        self.do("kill-server")


@t.mark(quick=True, san=True)
def test_suspend_and_continue():
    s = Screen()
    try:
        s.chat()
        s.type("c'est quoi le compost, et de quelle manière le fait-on au fond du jardin ?", "Home", "Right", "C-z")
        s.wait(r"^left 148\nas before")
        s.type("stty -a | cmp - before && echo the shell has it back", "Enter")
        s.wait(r"^the shell has it back")
        s.type("fg", "Enter")
        s.wait(r"(?s)^the shell.*^> c'est quoi le compost, et de quelle manière le fait-on au fond du ja\nrdin \?")
        s.type("", "C-u", "C-c", "C-c")
        s.wait(r"(?s)\^C\n.*\^C\n\$")
        s.type("echo left $?; stty -a | cmp - before && echo as before", "Enter")
        s.wait(r"^left 130\nas before")
    finally:
        s.end()


@t.mark(quick=True, san=True)
def test_resize_while_typing():
    s = Screen()
    try:
        s.chat()
        s.type("une longue question sur le compost qui passe bien au-delà de la première ligne", "Home")
        s.wait(r"de la prem\nière ligne")
        s.resize(40)
        s.wait(r"^> une longue question sur le compost qui\n passe bien au-delà de la première ligne\n")
        s.resize(100)
        s.wait(r"^> une longue question sur le compost qui passe bien au-delà de la première ligne\n")
        t.expect(s.text().count("une longue question"), 1)
        s.resize(70)
        s.type("", "C-c")
        s.wait(r"première ligne\^C|de la prem\nière ligne\^C")
        s.type("", "C-d")
        s.wait(r"^left 0\nas before")
    finally:
        s.end()


@t.mark(quick=True, san=True)
def test_paste_of_several_lines():
    s = Screen()
    try:
        s.chat()
        with open(t.here("lines"), "w", encoding="utf-8") as f:
            f.write("c'est quoi\nle compost\t?")
        s.do("load-buffer", t.here("lines"))
        s.do("paste-buffer", "-p", "-t", "t")
        s.wait(r"> c'est quoi le compost \?")
        s.type("", "Enter")
        s.wait(r"(?s)compost \?\nLe compost.*\[1\]")
        s.type("", "C-d")
        s.wait(r"^left 0\nas before")
    finally:
        s.end()


@t.mark(quick=True)
def test_the_terminal_is_given_back():
    s = Screen()
    try:
        for number, left in ((signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGABRT, 134), (signal.SIGSEGV, 139)):
            s.type("ulimit -c 0; clear", "Enter")
            s.chat()
            s.type("half a question")
            s.wait("half a question")
            os.kill(s.pid(), number)
            s.wait(rf"^left {left}\nas before")
    finally:
        s.end()
