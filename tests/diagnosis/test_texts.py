"""The texts of the diagnosis: complete in both languages, kind, hedged where nothing is confirmed, without a code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from tests.diagnosis.cases import AT, CODE, DAY, OTHER, answered, nobody, other, pasted, post, record, tried
from tests.diagnosis.test_table import TABLE
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.turn import Whose
from valetkey.connectors.base import Trouble
from valetkey.diagnosis.case import Case, Origin
from valetkey.diagnosis.causes import CURES, Cause, Confidence, Evidence, Name, Turn
from valetkey.diagnosis.paste import Damage
from valetkey.diagnosis.rules import diagnose
from valetkey.diagnosis.say import TEXTS, message, say
from valetkey.guides.library import LANGUAGES, library

BLAME = {
    "en": r"you should(n't| not)? have|your (own )?(fault|mistake|error)|\bwrong|careless|you forgot|you failed|blame",
    "de": r"falsch|schuld|hättest|hätten sie|dein(e)? (fehler|versehen)|vergessen|versäum|nachlässig|leider",
}
HEDGES = {
    "en": r"may|some |seem|mostly|usually|often|do not say|sources differ|infer|hint|does not say|as far as",
    "de": r"vielleicht|manche|anschein|schein|meist|oft|sagen .* nicht|nicht einig|schließen|hinweis|nicht doku|kann"
    r"|soweit|in der regel|steht das nicht|sagt die antwort nicht",
}
UNCONFIRMED = {
    Name.REGION, Name.PENDING, Name.POST_PRIVATE, Name.POST_FRIENDS, Name.GOVERNMENT_ACCOUNT, Name.NOT_FOR_THIS_APP,
    Name.SEVERAL_LEVELS, Name.APPLIED_BY_OTHERS, Name.LOOKS_DAMAGED, Name.NEWER_ON_PLATFORM, Name.CLOCK_OR_ZONE,
    Name.ALREADY_APPLIED_ELSEWHERE, Name.WINDOW_OVER, Name.ADS_RUNNING, Name.LOGIN_CODE_PASTED,
    Name.NO_AD_AUTHORIZATION, Name.TOO_SHORT, Name.POST_UNDER_REVIEW,
}  # fmt: skip
WORDS = {language: tomllib.loads((TEXTS / f"{language}.toml").read_text()) for language in LANGUAGES}
KNOWN = record(State.IN_USE, zone="Europe/Berlin", replaced_by="AU-9", tried=tried(), post=post(), ends_at=AT + DAY)
LITTLE = record(State.REQUESTED, ends_at=None, starts_at=None)
EVERYTHING: dict[str, str | datetime] = {
    "ad_account": "Northwind EU", "agreed": "Northwind DE", "campaign": "Winter sale", "campaign_ends": AT + 9 * DAY,
    "days": "8", "verb": "apply", "reference": "AU-2", "other_post": "Summer hats", "made": AT, "lapsed": AT,
    "cause": "auth_code_expired", "newer": "AU-9", "starts": AT, "ends": AT + DAY,
}  # fmt: skip


def _flat(table: dict[str, Any], at: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{at}{key}.")
        elif isinstance(value, str):
            found[f"{at}{key}"] = value
    return found


def _placeholders(text: str) -> set[str]:
    return {re.sub(r"_(acc|dat)$", "", name) for name in re.findall(r"\{(\w+)\}", text)}


def _spoken(language: str) -> dict[str, str]:
    """The texts without the tables of single words, which differ by a language's own grammar."""
    own = ("plain.", "named.")
    return {key: text for key, text in _flat(WORDS[language]).items() if not key.startswith(own)}


def _cause(name: Name, **values: str | datetime) -> Cause:
    return Cause(name, Confidence.LIKELY, (Evidence("message", Origin.PASTED, values),) if values else ())


def test_both_languages_say_the_same_things_with_the_same_placeholders() -> None:
    english, german = _spoken("en"), _spoken("de")
    assert set(english) == set(german)
    differing = [key for key, text in english.items() if _placeholders(text) != _placeholders(german[key])]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_text_for_every_name_the_rules_use(language: str) -> None:
    words = WORDS[language]
    assert set(words["causes"]) == {name.value for name in Name}
    assert all(set(told) == {"title", "why", "do", "message"} for told in words["causes"].values())
    assert set(words["turn"]) == {turn.value for turn in Turn}
    assert set(words["origin"]) == {origin.value for origin in Origin}
    assert set(words["confidence"]) == {confidence.value for confidence in Confidence}
    assert {f"damage_{damage.value}" for damage in Damage} <= set(words["evidence"])
    assert set(words["verbs"]) <= {verb.value for verb in Verb}
    assert len(words["months"]) == 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_the_table_finds_can_be_said(language: str) -> None:
    used: set[str] = set()
    for row in TABLE:
        case = pasted(row[1], row[2], *row[3])
        for cause in diagnose(case, at=AT):
            said = say(cause, case, language)
            assert said.title and said.why and said.do and said.turn and said.confidence
            assert len(said.evidence) == len(cause.evidence) and len(said.unknown) == len(cause.unknown)
            for text in (said.title, said.why, said.do, said.turn, said.message, *said.evidence, *said.unknown):
                assert not re.search(r"[{}\[\]]|  | [.,;:]|^[a-zäöü]", text), text
            used |= {evidence.id for evidence in cause.evidence}
    assert len(used) > 50


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [KNOWN, LITTLE, nobody()], ids=["known", "little", "nothing"])
def test_a_message_is_ready_to_send(case: Case, language: str) -> None:
    """Two to four sentences that name the post, greet nobody and hold nothing unfilled."""
    for name, values in product(Name, ({}, EVERYTHING)):
        text = message(_cause(name, **values), case, language)
        needs_one = CURES[name][0] in {Turn.CREATOR, Turn.ADVERTISER, Turn.HOST}
        assert bool(text) is needs_one or name is Name.UNKNOWN, name
        if not text:
            continue
        assert 2 <= len(re.findall(r"[.?!](?= |$)", re.sub(r"\d+\. ", "", text))) <= 4, text
        assert not re.search(r"[{}\[\]]|  | [.,;:]|^[a-zäöü]", text), text
        assert not re.match(r"(Hi|Hello|Dear|Hallo|Liebe|Guten)\b", text), text
        if case.post.name:
            assert case.post.name in text, text


def test_a_message_names_the_dates_it_is_about() -> None:
    over = _cause(Name.WINDOW_OVER)
    assert "23 November 2026, 12:00 UTC" in message(over, KNOWN, "en")
    assert "23. November 2026, 12:00 UTC" in message(over, KNOWN, "de")
    assert "Berlin" not in message(over, KNOWN, "en"), "who reads it may be in another zone"


def test_the_asker_reads_the_time_in_both_zones_where_they_differ() -> None:
    over = _cause(Name.WINDOW_OVER)
    assert "23 November 2026, 12:00 UTC (23 November 2026, 13:00 in Europe/Berlin)" in say(over, KNOWN, "en").why
    assert "(23. November 2026, 13:00 in Europe/Berlin)" in say(over, KNOWN, "de").why
    for zone in ("", "UTC", "Europe/London", "No/Where", "../etc"):
        assert "(" not in say(over, replace(KNOWN, zone=zone), "en").why.split("[")[0].split("TikTok")[0]


@pytest.mark.parametrize(("asker", "is_sent"), [(Whose.CREATOR, False), (Whose.ADVERTISER, True), (Whose.EITHER, True)])
def test_nobody_gets_a_message_to_themselves(asker: Whose, is_sent: bool) -> None:
    assert bool(say(_cause(Name.WINDOW_OVER), replace(KNOWN, asker=asker), "de").message) is is_sent


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_blames_anybody(language: str) -> None:
    assert [text for text in _flat(WORDS[language]).values() if re.search(BLAME[language], text, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_confirmed_is_not_said_as_certain(language: str) -> None:
    for name in UNCONFIRMED:
        told = WORDS[language]["causes"][name.value]
        assert re.search(HEDGES[language], f"{told['title']} {told['why']} {told['do']}", re.IGNORECASE), name


def test_german_says_du_to_creators_and_no_sie_to_anybody() -> None:
    for name in Name:
        told = WORDS["de"]["causes"][name.value]
        turn = CURES[name][0]
        assert not re.search(
            r"\b(Ihr|Ihre|Ihnen|Ihren)\b|bitten wir Sie|können Sie|haben Sie|, Sie\b", " ".join(told.values())
        )
        if turn is not Turn.CREATOR:
            assert not re.search(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*)\b", told["message"]), name
        elif told["message"]:
            assert re.search(
                r"\b(du|dir|dich|dein\w*|schalte|erzeuge|übergib|verlängere|sieh|kopiere|trage|öffne|sag|frag|nenne|stell|mach)\b",
                told["message"],
                re.IGNORECASE,
            ), name


def test_names_are_left_as_their_owners_write_them() -> None:
    case = record(creator="mara.films", post=post(name="[new] {boots} & more"))
    said = say(_cause(Name.STORY), case, "de")
    assert said.message.startswith("Der Beitrag „[new] {boots} & more“ ist eine Story")
    assert said.turn == "Die Creator-Seite ist am Zug: mara.films."
    assert say(_cause(Name.STORY), case, "en").message.startswith("“[new] {boots} & more” is a story")
    assert say(_cause(Name.STORY), nobody(), "en").message.startswith("The post is a story")


def test_another_language_gets_the_original() -> None:
    assert say(_cause(Name.STORY), KNOWN, "fr") == say(_cause(Name.STORY), KNOWN, "en")


def test_evidence_is_told_with_its_source_and_time() -> None:
    (cause, *_) = diagnose(record(answer=answered(Trouble.CODE_EXPIRED, cause="auth_code_expired")), at=AT)
    assert say(cause, KNOWN, "en").evidence[0] == (
        "The last try did not succeed: applying the code on Northwind EU, TikTok's answer: auth_code_expired"
        " (shown by TikTok, 22 November 2026, 11:00 UTC)"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text", [CODE, OTHER, CODE[1:], CODE[:-9], CODE.replace("+", " "), CODE.lower(), f"so: {CODE}!"]
)
def test_no_word_of_a_diagnosis_holds_the_code_or_a_mended_one(text: str, language: str) -> None:
    for case in (record(), nobody(), record(State.EXPIRED), record(pasted_in=(other(),))):
        asked = pasted(case, text, Trouble.CODE_MALFORMED)
        told = " ".join(f"{cause!r} {say(cause, asked, language)!r}" for cause in diagnose(asked, at=AT))
        for code in (CODE, text):
            assert not [i for i in range(len(code) - 7) if code[i : i + 8] in told and code[i : i + 8] not in "so: "]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_and_step_that_helps_is_in_the_library(language: str) -> None:
    for _, fix in CURES.values():
        guide = library().guide(fix.guide, language)
        if fix.step:
            assert guide.step(fix.step).title
