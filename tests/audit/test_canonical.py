"""The one text that is digested: written down here in full, so that no later version reads an old one differently."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.audit.entry import FIRST_DIGEST, Actor, Door, Draft, canonical, digest, plain
from valetkey.secret import Secret

DRAFT = Draft(
    at=datetime(2026, 11, 2, 10, 0, 0, 7, tzinfo=timezone(timedelta(hours=1))),
    event="authorization.apply.done",
    actor=Actor(name="Bo Å", door=Door.CLI, user_id=12),
    subject="authorization K7M2Q9X",
    detail={"paused": {"Northwind EU": 2}, "ends_at": None, "ok": True, "list": [1, "zwei"], "text": 'a "quoted" ✓\n'},
)
GOLDEN = (
    '{"actor":"Bo Å","at":"2026-11-02T09:00:00.000007+00:00","detail":{"ends_at":null,"list":[1,"zwei"],"ok":true,'
    '"paused":{"Northwind EU":2},"text":"a \\"quoted\\" ✓\\n"},"door":"cli","event":"authorization.apply.done",'
    '"previous":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,'
    '"subject":"authorization K7M2Q9X","user_id":12}'
)


def test_an_entry_reads_like_this_for_ever() -> None:
    assert canonical(1, FIRST_DIGEST, DRAFT) == GOLDEN
    assert digest(1, FIRST_DIGEST, DRAFT) == hashlib.sha256(GOLDEN.encode()).hexdigest()


def test_the_same_instant_in_another_zone_reads_the_same() -> None:
    assert canonical(1, FIRST_DIGEST, replace(DRAFT, at=DRAFT.at.astimezone(UTC))) == GOLDEN


@pytest.mark.parametrize(
    "other",
    [
        (2, FIRST_DIGEST, DRAFT),
        (1, "f" * 64, DRAFT),
        (1, FIRST_DIGEST, replace(DRAFT, at=DRAFT.at + timedelta(microseconds=1))),
        (1, FIRST_DIGEST, replace(DRAFT, event="authorization.apply.refused")),
        (1, FIRST_DIGEST, replace(DRAFT, subject="authorization K7M2Q9Y")),
        (1, FIRST_DIGEST, replace(DRAFT, detail={})),
        (1, FIRST_DIGEST, replace(DRAFT, actor=replace(DRAFT.actor, name="Kim"))),
        (1, FIRST_DIGEST, replace(DRAFT, actor=replace(DRAFT.actor, user_id=None))),
        (1, FIRST_DIGEST, replace(DRAFT, actor=replace(DRAFT.actor, door=Door.WEB))),
    ],
    ids=["seq", "previous", "at", "event", "subject", "detail", "actor", "user", "door"],
)
def test_whatever_differs_has_another_digest(other: tuple[int, str, Draft]) -> None:
    assert digest(*other) != digest(1, FIRST_DIGEST, DRAFT)


class Word(StrEnum):
    ONE = "one"


class Count(IntEnum):
    TWO = 2


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Word.ONE, "one"),
        (Count.TWO, 2),
        (("a", 1), ["a", 1]),
        ({Word.ONE: [{}]}, {"one": [{}]}),
        ("a\0b\ud800", "a\ufffdb\ufffd"),
        (10**30, 10**30),
    ],
    ids=repr,
)
def test_a_detail_becomes_what_every_database_gives_back(value: object, kept: object) -> None:
    found = plain(value)
    assert found == kept and type(found) is type(kept)


@pytest.mark.parametrize(
    "value",
    [
        Secret("#q7Zr+K/29xW=="),
        {"code": Secret("#q7Zr+K/29xW==")},
        [[Secret("#q7Zr+K/29xW==")]],
        {Secret("#q7Zr+K/29xW=="): 1},
        {1: "x"},
        1e16,
        0.5,
        float("nan"),
        DRAFT.at,
        b"bytes",
        {"set"},
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_json_is_refused_without_being_quoted(value: object) -> None:
    """A fraction too: PostgreSQL gave 1e16 back as a whole number, and the history no longer verified."""
    with pytest.raises(TypeError) as refused:
        plain(value)
    assert "q7Zr" not in str(refused.value)


leaves = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
details = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=9
)


@given(details)
def test_what_is_plain_already_stays_as_it_is_once(value: Any) -> None:
    assert plain(plain(value)) == plain(value)
