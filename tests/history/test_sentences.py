"""Lines of the history as sentences: every event that the code writes has words, and nothing is made up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from valetkey.authorizations.lifecycle import Verb
from valetkey.history import sentences
from valetkey.history.named import NAMED
from valetkey.history.sentences import facts, phrase, sentence, to_do, what
from valetkey.history.subjects import SUBJECTS

ROOT = Path(__file__).parents[2] / "valetkey"


KINDS = {*SUBJECTS, "app", "factors", "membership", "ownership", "passkey", "password", "recovery_codes", "step",
         "sweep"}  # fmt: skip


def _trees() -> Iterator[ast.Module]:
    for path in ROOT.rglob("*.py"):
        if "services" in path.parts or path.name in {"services.py", "signing.py", "signed.py"}:
            yield ast.parse(path.read_text())


def _texts() -> Iterator[str]:
    """Every text of the services that looks like an event, and every event put together from a part of one."""
    for tree in _trees():
        starts = {each.values[0].value for each in ast.walk(tree)
                  if isinstance(each, ast.JoinedStr) and isinstance(each.values[0], ast.Constant)
                  and str(each.values[0].value).removesuffix(".") in KINDS}  # fmt: skip
        texts = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        yield from texts
        if "user." in starts:
            yield from (f"user.{text}" for text in texts if "." in text and text.partition(".")[0] in KINDS)


@cache
def _events() -> set[str]:
    found = {text for text in _texts() if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", text)}
    return {text for text in found if text.partition(".")[0] in EVENTS and text not in FILES}


FILES = {"desk.dump"}
EVENTS = KINDS - {"app", "factors", "passkey", "password", "recovery_codes", "step"}
"""The first word of an event."""


@pytest.mark.parametrize("event", sorted(_events()))
def test_every_event_the_services_name_has_words_of_its_own(event: str) -> None:
    assert phrase(event) != what(event), f"{event} has no words in history/sentences.py"


def test_the_search_for_events_finds_them() -> None:
    some = {"access.opened", "asset.entered", "authorization.drift", "desk.history.exported", "ownership.set",
            "person.left", "responsibility.passed_on", "user.password.set"}  # fmt: skip
    assert some <= _events()


@pytest.mark.parametrize("event", sorted(NAMED))
def test_every_sentence_with_names_is_of_an_event_that_is_written(event: str) -> None:
    assert event in _events() | {"invitation.made", "invitation.withdrawn", "invitation.accepted"}
    for template in NAMED[event]:
        names = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(template) if name}
        assert sentence(event, names).words == template.format_map(names) and names


def test_a_line_is_told_with_its_own_names_and_says_nothing_twice() -> None:
    detail = {
        "name": "Jo", "person": "Jo", "holder": "Northwind Media", "role": "admin", "surface": "Business Center people",
        "asset": "Northwind BC", "kept_by": "Northwind", "end": "at", "until": "2026-12-31T23:00:00+00:00",
        "since": None, "basis": "", "reason": "Jo left.", "how": "Removed on the screen.",
    }  # fmt: skip
    said = sentence("access.ended", detail)
    assert said.words == "ended the access of Jo (Northwind Media) as admin on Business Center people of Northwind BC"
    assert said.facts == [("kept by", "Northwind"), ("until", "31 Dec 2026 23:00 UTC"), ("reason", "Jo left."),
                          ("how", "Removed on the screen.")]  # fmt: skip
    assert sentence("access.ended", {**detail, "person": None}).words.startswith("ended the access of Northwind Media")
    assert sentence("access.ended", {"reason": "Over."}).words == "ended an access"


def test_braces_in_a_name_are_a_name() -> None:
    assert sentence("party.created", {"name": "{0.__class__} {kind}"}).words == "made the party {0.__class__} {kind}"


def test_what_was_and_what_is_now_stand_beside_each_other() -> None:
    detail = {"changed": {"name": {"from": "A", "to": "B"}, "until": {"from": None, "to": "2026-12-02T09:00:00+00:00"}}}
    assert facts(detail) == [("changed", "name: A → B; until: nothing → 02 Dec 2026 09:00 UTC")]
    assert facts({"changes": {"review_on": {"from": "2026-12-02", "to": ""}}}) == [
        ("changed", "review on: 2026-12-02 → nothing")
    ]


def test_an_end_that_is_not_known_is_not_one_that_never_comes() -> None:
    assert facts({"end": "none"}) == [("ends", "never")]
    assert facts({"end": "unknown"}) == [("ends", "nobody knows when")]


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
    assert phrase("audit.kept_open") == "kept open"
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
    assert sentences.facts({}) == []


def test_what_a_step_did_in_the_record_is_said_in_words() -> None:
    assert facts({"effect": "close_access"}) == [("in the record", "close access")]
