"""One fault is planted in guides without any, and exactly that one is named, with its file and place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.guides.small import spoil
from valetkey.guides.check import faults
from valetkey.guides.grammar import Fault
from valetkey.guides.library import BrokenGuide, load, unchecked

AT = date(2026, 11, 22)
VERBS = {"issue", "apply"}


@dataclass(frozen=True)
class Plant:
    """`is_shape`: whether it keeps the guides from being loaded."""

    what: str
    file: str
    old: str
    new: str
    where: str
    sentence: str
    is_shape: bool = True

    def __str__(self) -> str:
        return self.what


PLANTS = [
    Plant(
        "a dead reroute",
        "en/make-it.toml",
        'refused."\nto = "mend-it"',
        'refused."\nto = "burn-it"',
        "en/make-it.toml: reroutes.has_one.to",
        "There is no guide “burn-it”.",
    ),
    Plant(
        "a reroute without a target",
        "en/make-it.toml",
        'refused."\nto = "mend-it"',
        'refused."',
        "en/make-it.toml: reroutes.has_one.to",
        "“to” is missing.",
    ),
    Plant(
        "a reroute to itself",
        "en/make-it.toml",
        'refused."\nto = "mend-it"',
        'refused."\nto = "make-it"',
        "en/make-it.toml: reroutes.has_one.to",
        "It leads to the guide it stands in.",
    ),
    Plant(
        "a failure that leads to nothing",
        "en/make-it.toml",
        'fails_to = "mend-it"',
        'fails_to = "burn-it"',
        "en/make-it.toml: steps.switched_on.fails_to",
        "There is no guide “burn-it”.",
    ),
    Plant(
        "a step without confirm",
        "en/make-it.toml",
        'confirm = "It stays on."\n',
        "",
        "en/make-it.toml: steps.switched_on.confirm",
        "“confirm” is missing.",
    ),
    Plant(
        "a step without “if this fails”",
        "en/make-it.toml",
        'fails = "Copy again."',
        'fails = " "',
        "en/make-it.toml: steps.copied.fails",
        "“fails” is empty.",
    ),
    Plant(
        "a text that is a number",
        "en/make-it.toml",
        'do = "Tap Copy."',
        "do = 7",
        "en/make-it.toml: steps.copied.do",
        "“do” must be a text.",
    ),
    Plant(
        "a fact that does not exist",
        "en/make-it.toml",
        'Click the switch."\nfacts = ["rumour"]',
        'Click the switch."\nfacts = ["hearsay"]',
        "en/make-it.toml: steps.switched_on.studio.facts",
        "There is no fact “hearsay”.",
    ),
    Plant(
        "a fact that is too old",
        "facts.toml",
        "2026-11-01",
        "2025-10-17",
        "facts.toml: taps.read_on",
        "It was read 401 days ago; 400 is the most. Look it up anew.",
        is_shape=False,
    ),
    Plant(
        "a fact of tomorrow",
        "facts.toml",
        "2026-11-01",
        "2026-11-23",
        "facts.toml: taps.read_on",
        "“2026-11-23” is in the future.",
        is_shape=False,
    ),
    Plant(
        "a day that is a text",
        "facts.toml",
        "2026-11-01",
        '"2026-11-01"',
        "facts.toml: taps.read_on",
        "“read_on” must be a day, as 2026-11-22.",
    ),
    Plant(
        "an unknown confidence",
        "facts.toml",
        '"confirmed"',
        '"certain"',
        "facts.toml: taps.confidence",
        "“certain” is not known here. There are: confirmed, second_hand, unconfirmed.",
    ),
    Plant(
        "a fact without source",
        "facts.toml",
        'source = "A help page"\n',
        "",
        "facts.toml: taps.source",
        "“source” is missing.",
    ),
    Plant(
        "an address that is none",
        "facts.toml",
        "https://help",
        "javascript:help",
        "facts.toml: taps.address",
        "An address starts with https://.",
    ),
    Plant(
        "a fact without a translation",
        "de/facts.toml",
        '[rumour]\nsays = "Es dauert wohl einige Minuten."\n',
        "",
        "de/facts.toml: rumour",
        "“rumour” is missing.",
    ),
    Plant(
        "a disagreement told in one language",
        "de/facts.toml",
        'disagreement = "Eine andere Seite nennt einen anderen Ort."\n',
        "",
        "de/facts.toml: taps.disagreement",
        "“disagreement” is missing.",
    ),
    Plant(
        "a placeholder in a fact",
        "en/facts.toml",
        "on the post",
        "on {post}",
        "en/facts.toml: taps.says",
        "A fact is of no one case: no placeholders.",
        is_shape=False,
    ),
    Plant(
        "a translation that lacks a text",
        "de/make-it.toml",
        'confirm = "Er bleibt an."\n',
        "",
        "de/make-it.toml: steps.switched_on.confirm",
        "“confirm” is missing.",
    ),
    Plant(
        "a translation that lacks a mistake",
        "de/make-it.toml",
        '[mistakes.typed]\nsays = "Ihn abtippen."\nwhy = "Zeichen sehen sich ähnlich."\n'
        'already = "Kopieren Sie ihn noch einmal."\n',
        "",
        "de/make-it.toml: mistakes",
        "“mistakes” is missing.",
    ),
    Plant(
        "a translation of what does not exist",
        "de/make-it.toml",
        "[mistakes.typed]",
        '[mistakes.lost]\nsays = "Ihn verlieren."\n\n[mistakes.typed]',
        "de/make-it.toml: mistakes.lost",
        "The original has no “lost”.",
    ),
    Plant(
        "a translation with a text too many",
        "de/make-it.toml",
        'fails = "Warten Sie etwas."',
        'fails = "Warten Sie etwas."\nproof = "applied"',
        "de/make-it.toml: steps.switched_on.proof",
        "The original has no “proof”.",
    ),
    Plant(
        "a word without translation",
        "de/words.toml",
        'where = "Wo"',
        "",
        "de/words.toml: where",
        "“where” is missing.",
    ),
    Plant(
        "a word of the translation alone",
        "de/words.toml",
        'where = "Wo"',
        'where = "Wo"\ndo = "Tun"',
        "de/words.toml: do",
        "The original has no “do”.",
    ),
    Plant(
        "a placeholder without plain word",
        "de/words.toml",
        'ends = "der letzte Tag"\n',
        "",
        "de/words.toml: placeholders.ends",
        "“ends” is missing.",
    ),
    Plant(
        "an unknown placeholder",
        "en/make-it.toml",
        "needs it until {ends}",
        "needs it until {end}",
        "en/make-it.toml: steps.switched_on.do",
        "There is no placeholder “{end}”.",
        is_shape=False,
    ),
    Plant(
        "an open brace in a translation",
        "de/make-it.toml",
        "bis {ends}",
        "bis {ends",
        "de/make-it.toml: steps.switched_on.do",
        "There is no placeholder “{”.",
        is_shape=False,
    ),
    Plant(
        "an unknown proof",
        "en/make-it.toml",
        '"post_public"',
        '"post_pretty"',
        "en/make-it.toml: before.public.proof",
        "“post_pretty” is not known here.",
    ),
    Plant(
        "an unknown verb",
        "en/make-it.toml",
        'verb = "issue"',
        'verb = "conjure"',
        "en/make-it.toml: verb",
        "There is no verb “conjure”.",
        is_shape=False,
    ),
    Plant(
        "an unknown audience",
        "en/make-it.toml",
        '"creator"',
        '"everybody"',
        "en/make-it.toml: audience",
        "“everybody” is not known here. There are: creator, advertiser, either.",
    ),
    Plant(
        "an unknown key",
        "en/make-it.toml",
        'proof = "code_there"',
        'prove = "code_there"',
        "en/make-it.toml: steps.switched_on.prove",
        "Nothing reads “prove”. Is it spelled right?",
    ),
    Plant(
        "the same name twice",
        "en/make-it.toml",
        '[[mistakes]]\nname = "typed"',
        '[[mistakes]]\nname = "typed"\nsays = "A"\nwhy = "B"\nalready = "C"\n\n[[mistakes]]\nname = "typed"',
        "en/make-it.toml: mistakes.typed.name",
        "“typed” is there twice.",
    ),
    Plant(
        "the same fact twice",
        "facts.toml",
        "[rumour]",
        "[taps]",
        "facts.toml",
        "It cannot be read as TOML: Cannot declare",
    ),
    Plant(
        "a name that is none",
        "en/mend-it.toml",
        '[[steps]]\nname = "again"',
        '[[steps]]\nname = "Once more"\ntitle = "A"\nwhere = "B"\ndo = "C"\nconfirm = "D"\nfails = "E"\n\n'
        '[[steps]]\nname = "again"',
        "en/mend-it.toml: steps.Once more.name",
        "“Once more” is no name.",
    ),
    Plant(
        "a list that is none",
        "en/mend-it.toml",
        'finds = ["invalid code", "code not working"]',
        'finds = "invalid code"',
        "en/mend-it.toml: finds",
        "“finds” must be a list.",
    ),
    Plant(
        "no TOML",
        "de/mend-it.toml",
        "[steps.again]",
        "[steps.again",
        "de/mend-it.toml",
        "It cannot be read as TOML:",
    ),
]


def test_the_small_guides_have_no_fault(folder: Path) -> None:
    assert faults(load(folder), at=AT, verbs=VERBS) == ()


@pytest.mark.parametrize("plant", PLANTS, ids=str)
def test_a_planted_fault_is_named_with_its_place_and_no_other(folder: Path, plant: Plant) -> None:
    spoil(folder, plant.file, plant.old, plant.new)
    found = faults(unchecked(folder), at=AT, verbs=VERBS)
    assert [fault.where for fault in found] == [plant.where]
    assert found[0].sentence.startswith(plant.sentence)


@pytest.mark.parametrize("plant", PLANTS, ids=str)
def test_a_fault_of_the_shape_keeps_the_guides_from_being_loaded(folder: Path, plant: Plant) -> None:
    spoil(folder, plant.file, plant.old, plant.new)
    if plant.is_shape:
        with pytest.raises(BrokenGuide) as refused:
            load(folder)
        assert str(refused.value).startswith(f"The guides cannot be used: {plant.where}: {plant.sentence}")
    else:
        load(folder)


@pytest.mark.parametrize("file", ["facts.toml", "de/make-it.toml", "de/facts.toml", "en/facts.toml", "de/words.toml"])
def test_a_file_that_is_missing_is_one_fault(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert faults(unchecked(folder), at=AT, verbs=VERBS) == (Fault(file, "The file is missing."),)


def test_a_translation_of_no_guide_is_a_fault(folder: Path) -> None:
    (folder / "de" / "burn-it.toml").write_text('title = "Verbrennen"')
    assert faults(unchecked(folder), at=AT, verbs=VERBS) == (Fault("de/burn-it.toml", "There is no en/burn-it.toml."),)


def test_a_guide_that_nothing_leads_to_is_a_fault(folder: Path) -> None:
    spoil(folder, "en/mend-it.toml", 'to = "make-it"', 'to = "third"')
    for language in ("en", "de"):
        (folder / language / "third.toml").write_text((folder / language / "mend-it.toml").read_text())
    spoil(folder, "en/third.toml", 'to = "third"', 'to = "mend-it"')
    assert faults(unchecked(folder), at=AT, verbs=VERBS) == (
        Fault("en/make-it.toml", "No other guide leads here, by a reroute or a step that fails."),
    )


def test_all_faults_are_told_and_not_the_first_alone(folder: Path) -> None:
    told = [plant for plant in PLANTS if plant.what in {"a dead reroute", "an unknown verb", "an unknown placeholder"}]
    told += [plant for plant in PLANTS if plant.what in {"a fact that is too old", "a translation that lacks a text"}]
    for plant in told:
        spoil(folder, plant.file, plant.old, plant.new)
    found = faults(unchecked(folder), at=AT, verbs=VERBS)
    assert {fault.where for fault in found} == {plant.where for plant in told} and len(found) == len(told)
    with pytest.raises(BrokenGuide, match="And 1 more.") as refused:
        load(folder)
    assert len(refused.value.faults) == 2


def test_the_age_is_the_callers_to_set(folder: Path) -> None:
    library = load(folder)
    assert {fault.where for fault in faults(library, at=AT, oldest=20, verbs=VERBS)} == {"facts.toml: taps.read_on"}
    assert faults(library, at=AT, oldest=21, verbs=VERBS) == ()
