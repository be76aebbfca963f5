"""Lines of the history as sentences: every event that the code writes has words, and nothing is made up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from valetkey.authorizations import history
from valetkey.authorizations.history import facts, phrase, to_do, what
from valetkey.authorizations.lifecycle import Verb

ROOT = Path(__file__).parents[2] / "valetkey"


def _events() -> Iterator[str]:
    """Every text that is handed to `record` as an event, or to what hands it on."""
    for path in ROOT.rglob("*.py"):
        if "services" not in path.parts and path.name != "services.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                kind, dot, rest = node.value.partition(".")
                known = ("authorization", "access", "ad_account", "campaign", "connection", "invitation", "membership",
                         "party", "post", "token", "user")  # fmt: skip
                if dot and kind in known and rest.replace("_", "").replace(".", "").isalpha():
                    yield node.value


@pytest.mark.parametrize("event", sorted(set(_events())))
def test_every_event_the_services_name_has_words_of_its_own(event: str) -> None:
    assert phrase(event) != what(event), f"{event} has no words in authorizations/history.py"


@pytest.mark.parametrize("verb", Verb, ids=str)
@pytest.mark.parametrize("outcome", ["", ".attempted", ".done", ".refused", ".uncertain", ".not_done", ".late"])
def test_every_verb_and_outcome_reads_as_a_sentence(verb: Verb, outcome: str) -> None:
    said = phrase(f"authorization.{verb.value}{outcome}")
    assert said and "{" not in said and "_" not in said


def test_what_is_done_reads_after_a_name() -> None:
    assert phrase("authorization.ask_to_end") == "asked to end it"
    assert phrase("authorization.switch_off.refused") == "tried to switch ad authorization off; it was refused"
    assert to_do(Verb.PAUSE_ADS) == "pause the ads"


def test_an_event_of_a_later_version_is_told_in_its_own_words() -> None:
    assert phrase("review.kept_open") == "kept open"
    assert phrase("authorization.issue.postponed") == "issue, postponed"


def test_facts_are_words_instants_are_named_and_what_is_empty_is_left_out() -> None:
    detail = {
        "ends_at": "2026-12-02T09:00:00+00:00", "reason": "Early end.", "drift": ["STILL_ON"], "by_link": False,
        "source": "", "paused": {"Northwind EU": 2}, "warnings": [], "sent": True, "digest": "ab" * 32,
    }  # fmt: skip
    assert facts(detail) == [
        ("ends", "02 Dec 2026 09:00 UTC"),
        ("reason", "Early end."),
        ("differs", "It was switched off here, and the platform still shows it on."),
        ("paused", "Northwind EU: 2"),
        ("sent", "yes"),
        ("digest", "abababababababab…"),
    ]


def test_what_is_no_instant_or_no_drift_is_told_as_it_is() -> None:
    assert facts({"ends_at": "soon", "drift": ["SOMETHING_NEW"]}) == [("ends", "soon"), ("differs", "SOMETHING_NEW")]
    assert history.facts({}) == []
