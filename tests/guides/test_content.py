"""The guides this desk ships: complete in every language, without a fault, and found by those who need them."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from valetkey.authorizations.lifecycle import Verb
from valetkey.guides.check import faults
from valetkey.guides.fill import fill
from valetkey.guides.grammar import PLACEHOLDERS, Confidence
from valetkey.guides.library import LANGUAGES, READING_ORDER, library

AT: Final = date(2026, 11, 23)

STEPS: Final = {
    "authorize-a-post": ["switched_on", "generated", "copied"],
    "apply-a-code": ["applied"],
    "extend-a-code": ["extended"],
    "replace-a-code": ["replaced"],
    "take-off-an-ad-account": ["taken_off"],
    "end-an-authorization": ["ads_paused", "switched_off", "confirmed"],
    "remove-access": ["look", "removed", "closed"],
    "secure-an-asset": ["owner", "recovery", "admins", "backup_codes"],
    "keep-access-in-order": ["end_or_review", "owner", "role", "confirmed"],
}
"""Steps that pages, the diagnosis and the findings name, in their order."""


def test_there_is_no_fault_in_them() -> None:
    assert faults(library(), at=AT, verbs=set(Verb)) == ()


def test_every_guide_is_there_and_has_its_place_in_the_order() -> None:
    for language in LANGUAGES:
        assert tuple(guide.name for guide in library().guides(language)) == READING_ORDER


@pytest.mark.parametrize("name", STEPS)
def test_the_steps_that_others_name_are_there_in_order(name: str) -> None:
    named = [step.name for step in library().guide(name, "en").steps if step.name in STEPS[name]]
    assert named == STEPS[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_shows_a_brace_with_or_without_a_case(language: str) -> None:
    for guide in library().guides(language):
        for values in ({}, dict.fromkeys(PLACEHOLDERS, "Northwind")):
            filled = repr(fill(guide, values))
            assert "{" not in filled and "}" not in filled, guide.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_word_for_every_label(language: str) -> None:
    words = library().words(language)
    labels = {"guide", "nothing_found", "reroutes", "before", "how", "steps", "where", "do", "studio", "confirm"}
    labels |= {"fails", "fails_to", "diagnosis", "mistakes", "why", "already", "questions", "facts", "source"}
    labels |= {"read_on", "disagreement", "creator", "advertiser", "either", *Confidence}
    assert labels <= words.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_one(language: str) -> None:
    """Nothing was left in English by mistake: no long text reads the same in both."""
    if language == LANGUAGES[0]:
        return
    for english in library().guides(LANGUAGES[0]):
        own = library().guide(english.name, language)
        for step, original in zip(own.steps, english.steps, strict=True):
            assert step.do != original.do and step.confirm != original.confirm, f"{own.name}: {step.name}"
    facts = library().facts(LANGUAGES[0])
    assert not [name for name, fact in library().facts(language).items() if fact.says == facts[name].says]


@pytest.mark.parametrize("guide", READING_ORDER)
def test_every_guide_rests_on_facts(guide: str) -> None:
    assert library().guide(guide, "en").fact_names()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("code not working", ["code-does-not-work"]),
        ("invalid code", ["code-does-not-work"]),
        ("code funktioniert nicht", ["code-does-not-work"]),
        ("Spark code expired", ["code-does-not-work", "extend-a-code"]),
        ("code does not work", ["code-does-not-work"]),
        ("ungültiger Code", ["code-does-not-work"]),
        ("how do I get a spark code", ["authorize-a-post"]),
        ("extend", ["extend-a-code"]),
        ("verlängern", ["extend-a-code"]),
        ("how many days", ["agree-on-a-duration"]),
        ("shared my password", ["login-was-shared"]),
        ("Passwort weitergegeben", ["login-was-shared"]),
        ("no ad settings", ["no-ad-authorization"]),
        ("revoke", ["end-an-authorization"]),
        ("remove from ad account", ["take-off-an-ad-account"]),
        ("private post", ["post-not-eligible"]),
        ("send the code", ["hand-over-a-code"]),
        ("apply code in ads manager", ["apply-a-code"]),
        ("new code", ["replace-a-code", "authorize-a-post"]),
        ("offboarding", ["remove-access"]),
        ("jemand ist gegangen", ["remove-access"]),
        ("remove a partner", ["remove-access"]),
        ("only one admin", ["secure-an-asset"]),
        ("Handy verloren", ["secure-an-asset"]),
        ("access review", ["keep-access-in-order"]),
        ("zu viele Rechte", ["keep-access-in-order"]),
    ],
)
def test_a_search_finds_the_guide_that_was_meant_first(text: str, names: list[str]) -> None:
    assert library().find(text, "en")[0].name in names


def test_every_guide_is_found_first_by_its_own_title() -> None:
    for language in LANGUAGES:
        for guide in library().guides(language):
            assert library().find(guide.title, language)[0].name == guide.name
