"""A guide's texts with what the record knows, and plain words for the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from valetkey.guides.fill import fill
from valetkey.guides.grammar import PLACEHOLDERS, Audience, Guide
from valetkey.guides.library import load


def _guide(folder: Path, do: str = "") -> Guide:
    guide = load(folder).guide("make-it", "en")
    first, second = guide.steps
    return replace(guide, steps=(replace(first, do=do or first.do), second))


def test_values_stand_where_the_placeholders_stood(folder: Path) -> None:
    filled = fill(_guide(folder), {"post": "“Winter boots”", "days": "30", "advertiser": "Northwind", "ends": "22 Dec"})
    assert filled.summary == "How “Winter boots” gets a code."
    step = filled.step("switched_on")
    assert step.title == "Switch it on for 30 days" and step.where == "On “Winter boots”."
    assert step.do == "Tap the switch. Northwind needs it until 22 Dec."
    assert step.studio is not None and step.studio.facts == ("rumour",)


def test_without_a_case_plain_words_stand_there_and_begin_a_sentence_well(folder: Path) -> None:
    filled = fill(_guide(folder), {})
    assert filled.summary == "How the post gets a code."
    assert filled.step("switched_on").do == "Tap the switch. The advertiser needs it until the last day."


def test_plain_words_are_those_of_the_language(folder: Path) -> None:
    filled = fill(load(folder).guide("make-it", "de"), {"post": ""})
    assert filled.step("switched_on").do == "Tippen Sie auf den Schalter, bis der letzte Tag."


def test_a_value_that_is_empty_is_not_known(folder: Path) -> None:
    assert fill(_guide(folder), {"post": ""}).summary == "How the post gets a code."


def test_a_value_is_taken_as_it_is(folder: Path) -> None:
    """A caption may look like a placeholder, begin small, or hold what a pattern would read."""
    for caption in ("{days}", r"\1 \g<0>", "iPhone", "<b>", "{"):
        assert fill(_guide(folder, "{post} is it."), {"post": caption}).step("switched_on").do == f"{caption} is it."


def test_an_unknown_placeholder_stays_and_harms_nobody(folder: Path) -> None:
    assert fill(_guide(folder, "On {pots} { and {."), {}).step("switched_on").do == "On {pots} { and {."


def test_names_and_proofs_are_no_texts(folder: Path) -> None:
    guide = _guide(folder)
    filled = fill(guide, dict.fromkeys(PLACEHOLDERS, "x"))
    assert filled.name == guide.name and filled.audience is guide.audience and filled.verb == guide.verb
    assert [one.proof for one in filled.steps] == [one.proof for one in guide.steps]
    assert [one.to for one in filled.reroutes] == [one.to for one in guide.reroutes]


_SOME = Guide("x", "en", "", "", Audience.EITHER, "", (), (), (), (), (), (), plain={"post": "the post"})


@given(text=st.text(alphabet="{}post days.\n \\1"), value=st.text(min_size=1))
def test_any_text_and_any_value_can_be_filled(text: str, value: str) -> None:
    filled = fill(replace(_SOME, title=text), {"post": value}).title
    assert filled == text.replace("{post}", value)
