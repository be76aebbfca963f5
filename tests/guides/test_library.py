"""Guides by name, in order, in a language; read once; refused as a whole when a file is broken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.guides.small import spoil
from valetkey.errors import NotFound
from valetkey.guides.grammar import Audience, Confidence, Guide, Proof
from valetkey.guides.library import LANGUAGES, READING_ORDER, BrokenGuide, Library, load, unchecked


def _shape(guide: Guide) -> object:
    """What is not language: names, targets, proofs, facts."""
    return (
        guide.name,
        guide.audience,
        guide.verb,
        [(one.name, one.to) for one in guide.reroutes],
        [(one.name, one.proof, one.facts) for one in guide.before],
        [(one.name, one.fails_to, one.proof, one.facts, one.studio and one.studio.facts) for one in guide.steps],
        [(one.name, one.facts) for one in guide.mistakes],
        [(one.name, one.facts) for one in guide.questions],
    )


def test_a_guide_is_read_as_it_is_written(folder: Path) -> None:
    guide = load(folder).guide("make-it", "en")
    assert (guide.name, guide.language, guide.audience, guide.verb) == ("make-it", "en", Audience.CREATOR, "issue")
    assert guide.before[0].proof is Proof.POST_PUBLIC and guide.steps[1].proof is None
    step = guide.step("switched_on")
    assert step.studio is not None and step.studio.facts == ("rumour",) and step.fails_to == "mend-it"
    assert [one.name for one in guide.steps] == ["switched_on", "copied"]
    assert guide.step("copied").studio is None


def test_a_translation_has_its_own_texts_and_the_originals_shape(folder: Path) -> None:
    library = load(folder)
    for english in library.guides("en"):
        german = library.guide(english.name, "de")
        assert german.language == "de" and german.title != english.title
        assert _shape(german) == _shape(english)
    step = library.guide("make-it", "de").step("switched_on")
    assert step.studio is not None and step.studio.do == "Klicken Sie auf den Schalter."


def test_facts_are_the_same_in_every_language_and_say_it_in_theirs(folder: Path) -> None:
    library = load(folder)
    english, german = library.facts("en")["taps"], library.facts("de")["taps"]
    assert german == replace(english, says="Der Schalter ist am Beitrag.", disagreement=german.disagreement)
    assert english.confidence is Confidence.CONFIRMED and english.address == "https://help.example.org/taps"
    assert library.facts("en")["rumour"].address == "" and library.facts("en")["rumour"].disagreement == ""


def test_words_and_plain_words_are_told_apart(folder: Path) -> None:
    library = load(folder)
    assert library.words("de") == {"where": "Wo", "proofs.applied": "Der Eintrag zeigt es"}
    assert library.plain("de")["campaign"] == "die Kampagne"


@pytest.mark.parametrize(
    ("asked", "given"),
    [("en", "en"), ("de", "de"), ("DE", "de"), ("de-AT", "de"), ("de_CH", "de"), ("pt", "en"), ("", "en"), ("d", "en")],
)
def test_a_language_that_does_not_exist_is_the_original(folder: Path, asked: str, given: str) -> None:
    library = load(folder)
    assert library.guide("make-it", asked).language == given
    assert {guide.language for guide in library.guides(asked)} == {given}
    assert library.words(asked) == library.words(given) and library.facts(asked) == library.facts(given)


@pytest.mark.parametrize("name", ["", "burn-it", "facts", "words", "../en/make-it", "MAKE-IT"])
def test_a_guide_that_does_not_exist_is_not_found(folder: Path, name: str) -> None:
    with pytest.raises(NotFound) as refused:
        load(folder).guide(name, "en")
    assert refused.value.code == "no_such_guide" and refused.value.next_step


def test_guides_have_one_order_in_every_language(folder: Path) -> None:
    library = load(folder)
    guide = library.guide("make-it", "en")
    names = ["zebra", "post-not-eligible", "authorize-a-post", "ant", "apply-a-code"]
    mixed = Library({"en": replace(library.shelves["en"], guides={name: replace(guide, name=name) for name in names})})
    expected = ["authorize-a-post", "apply-a-code", "post-not-eligible", "ant", "zebra"]
    assert [one.name for one in mixed.guides("en")] == expected
    assert len(set(READING_ORDER)) == len(READING_ORDER) and LANGUAGES[0] == "en"


def test_what_is_not_broken_can_be_read_all_the_same(folder: Path) -> None:
    spoil(folder, "en/make-it.toml", 'confirm = "It stays on."\n', "")
    with pytest.raises(BrokenGuide, match=r"en/make-it\.toml: steps\.switched_on\.confirm: “confirm” is missing\.$"):
        load(folder)
    step = unchecked(folder).guide("make-it", "en").step("switched_on")
    assert step.confirm == "" and step.fails == "Wait a little."
