# SPDX-License-Identifier: MIT
"""web_api.py - the website's HTTP interface: answers, votes, refusals, files, pages."""
import harness as t
from web.server import Server

CELLULITE = "combien de séances pour la cellulite ?"


@t.mark(quick=True, san=True)
def test_answers_and_leans_on_what_was_said():
    with Server() as s:
        first = s.ask("combien de séances ?", lang="fr")
        t.expect(first["outcome"], "answer")
        second = s.ask("et pour la cellulite ?", state=first["state"])
        t.expect(second["id"], "mesotherapy/session_count/cellulite")
        t.expect("question" in second, False)
        t.expect(s.stop(), 0)
