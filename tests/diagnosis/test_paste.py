"""A damaged code is recognised as damage of this very code, a different one as different, and none is ever mended."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import fields
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from valetkey.diagnosis.paste import HARMLESS, Damage, Kind, Paste, read
from valetkey.secret import Secret

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
LOOKALIKES = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "A": "Α", "B": "В", "K": "К", "O": "Ο"}  # noqa: RUF001  # that is the damage
CODE = "#q8Vd+3xYtR/0kPz7nWbM4uLs+aQcE1hGfJ2yXo5iTrU="
D = Damage


def spark(seed: bytes) -> str:
    return "#" + base64.b64encode(seed).decode()


codes = st.one_of(st.binary(min_size=41, max_size=41), st.binary(min_size=9, max_size=40)).map(spark)
places = st.floats(0, 1, exclude_max=True)


def _at(code: str, place: float, *, first: int = 1) -> int:
    """A place inside the code, never before its first character."""
    return first + int(place * (len(code) - first))


def _lookalike(code: str, place: float, _: str) -> str:
    candidates = [i for i, one in enumerate(code) if one in LOOKALIKES]
    assume(candidates)
    i = candidates[int(place * len(candidates))]
    return code[:i] + LOOKALIKES[code[i]] + code[i + 1 :]


def _one_plus(code: str, place: float, put: str) -> str:
    found = [i for i, one in enumerate(code) if one == "+"]
    assume(found)
    i = found[int(place * len(found))]
    return code[:i] + put + code[i + 1 :]


def _put(code: str, place: float, what: str) -> str:
    i = _at(code, place)
    return code[:i] + what + code[i:]


DAMAGES: dict[str, Callable[[str, float, str], str]] = {
    "a plus lost": lambda code, place, _: _one_plus(code, place, ""),
    "every plus lost": lambda code, *_: code.replace("+", ""),
    "a plus a space": lambda code, place, _: _one_plus(code, place, " "),
    "every plus a space": lambda code, *_: code.replace("+", " "),
    "a space put in": lambda code, place, _: _put(code, place, " "),
    "a wide space put in": lambda code, place, _: _put(code, place, "\u00a0"),
    "hash missing": lambda code, *_: code[1:],
    "a smart quote inside": lambda code, place, _: _put(code, place, "“"),
    "an apostrophe inside": lambda code, place, _: _put(code, place, "’"),
    "a letter that looks alike": _lookalike,
    "cut off at its end": lambda code, place, _: code[: _at(code, place, first=len(code) // 2)],
    "cut off at its start": lambda code, place, _: code[_at(code, place / 2) :],
    "cut in the middle": lambda code, *_: f"{code[:6]}…{code[-5:]}",
    "percent-encoded": lambda code, *_: quote(code, safe=""),
    "form-encoded": lambda code, *_: quote_plus(code),
    "encoded twice": lambda code, *_: quote(quote(code, safe=""), safe=""),
    "in small letters": lambda code, *_: code.lower(),
    "in capitals": lambda code, *_: code.upper(),
    "one letter's case": lambda code, place, _: (
        code[: _at(code, place)] + code[_at(code, place)].swapcase() + code[_at(code, place) + 1 :]
    ),
    "one character changed": lambda code, place, one: code[: _at(code, place)] + one + code[_at(code, place) + 1 :],
    "one character doubled": lambda code, place, _: _put(code, place, code[_at(code, place)]),
    "one character missing": lambda code, place, _: code[: _at(code, place)] + code[_at(code, place) + 1 :],
    "one character added": _put,
    "two swapped": lambda code, place, _: (
        code[: _at(code, place)] + code[_at(code, place) : _at(code, place) + 2][::-1] + code[_at(code, place) + 2 :]
    ),
    "a line break inside": lambda code, place, _: _put(code, place, "\n"),
    "a line break and spaces": lambda code, place, _: _put(code, place, "\r\n    "),
    "an unseen character": lambda code, place, _: _put(code, place, "\u200b"),
    "a soft hyphen": lambda code, place, _: _put(code, place, "\u00ad"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@settings(max_examples=20, deadline=None)
@given(code=codes, place=places, one=st.sampled_from(ALPHABET))
@example(code=CODE, place=0.5, one="z")
def test_one_random_damage_is_recognised_as_damage_of_this_code(
    damage: Callable[[str, float, str], str], code: str, place: float, one: str
) -> None:
    hurt = damage(code, place, one)
    assume(hurt != code)
    found = read(hurt, known=Secret(code))
    assert found.kind is Kind.DAMAGED, f"{found} of {len(code)} characters"
    assert found.is_same is True
    assert found.harms


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), other_seed=st.integers(0, 2**32), place=places, size=st.integers(9, 41))
def test_a_really_different_code_is_another_one_damaged_or_not(
    damage: Callable[[str, float, str], str], seed: int, other_seed: int, place: float, size: int
) -> None:
    assume(seed != other_seed)
    code = spark(random.Random(seed).randbytes(size))  # noqa: S311  # no secret
    other = spark(random.Random(other_seed).randbytes(size))  # noqa: S311  # no secret
    assert read(other, known=Secret(code)) == Paste(Kind.OTHER_CODE, is_same=False)
    hurt = damage(other, place, "z")
    assert read(hurt, known=Secret(code)).is_same is not True


@pytest.mark.parametrize(
    ("hurt", "damages"),
    [
        (CODE.replace("+", ""), [D.PLUS_LOST]),
        (CODE.replace("+", "", 1), [D.PLUS_LOST]),
        (CODE.replace("+", " "), [D.PLUS_TO_SPACE]),
        (CODE.replace("+", " ", 1), [D.PLUS_TO_SPACE]),
        (f"{CODE[:9]} {CODE[9:]}", [D.SPACE_INSIDE]),
        (CODE[1:], [D.HASH_MISSING]),
        (f"{CODE[:9]}”{CODE[9:]}", [D.QUOTES_INSIDE]),
        (CODE.replace("x", "х"), [D.LOOKALIKE]),  # noqa: RUF001  # that is the damage
        (CODE[:-7], [D.TRUNCATED]),
        (CODE[7:], [D.HASH_MISSING, D.TRUNCATED]),
        (CODE[1:9], [D.HASH_MISSING, D.TRUNCATED]),
        (quote(CODE, safe=""), [D.PERCENT_ENCODED]),
        (quote_plus(CODE).replace("%2B", "+"), [D.PERCENT_ENCODED]),
        (CODE.lower(), [D.CASE_CHANGED]),
        (CODE.replace("q8V", "q8W"), [D.CHANGED]),
        (CODE.replace("q8V", "qq8V"), [D.DOUBLED]),
        (CODE.replace("q8V", "qV"), [D.CHANGED]),
        (f"{CODE[:9]}\n{CODE[9:]}", [D.LINE_BREAK]),
        (f"{CODE[:9]}\u200b{CODE[9:]}", [D.UNSEEN]),
        (f"“{CODE[1:]}”", [D.QUOTES_AROUND, D.HASH_MISSING]),
        (f"{CODE[1:].replace('+', ' ')}", [D.PLUS_TO_SPACE, D.HASH_MISSING]),
        (quote(CODE[1:], safe="").lower(), [D.PERCENT_ENCODED, D.HASH_MISSING, D.CASE_CHANGED]),
    ],
    ids=ascii,
)
def test_each_damage_has_its_name(hurt: str, damages: list[Damage]) -> None:
    assert read(hurt, known=Secret(CODE)) == Paste(Kind.DAMAGED, tuple(damages), is_same=True)


@pytest.mark.parametrize("around", ["“{}”", '"{}"', "„{}“", "`{}`", " «{}». ", "\ufeff'{}',\n"])
def test_quotes_around_are_harmless_and_are_said(around: str) -> None:
    assert read(around.format(CODE), known=Secret(CODE)) == Paste(Kind.CODE, (D.QUOTES_AROUND,), is_same=True)
    assert not read(around.format(CODE)).harms


@pytest.mark.parametrize("around", ["{}", "  {}\n", "\ufeff{}", "\u200b{}\u200b", "{}.", "{},"])
def test_the_code_itself_is_the_code(around: str) -> None:
    assert read(around.format(CODE), known=Secret(CODE)) == Paste(Kind.CODE, is_same=True)
    assert read(around.format(CODE)) == Paste(Kind.CODE)


def test_a_record_that_lacks_the_hash_still_knows_its_code() -> None:
    assert read(CODE, known=Secret(CODE[1:])) == Paste(Kind.CODE, is_same=True)


@pytest.mark.parametrize("piece", [CODE[:4], CODE[5:9], f"{CODE[:2]}…{CODE[-2:]}"])
def test_a_short_piece_may_be_a_piece_of_anything(piece: str) -> None:
    found = read(piece, known=Secret(CODE))
    assert found.is_same is None
    assert Damage.TRUNCATED in found.damages


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", Kind.NOTHING),
        (" \n\u200b“” ", Kind.NOTHING),
        ("https://www.tiktok.com/@mara/video/7301234567890123456", Kind.LINK),
        ("www.tiktok.com/@mara/photo/7301234567890123456?lang=en", Kind.LINK),
        ("vm.tiktok.com/ZM8abcDEF/", Kind.LINK),
        ("https://example.com/anything", Kind.LINK),
        ("7301234567890123456", Kind.POST_ID),
        ("7.30123E+18", Kind.POST_ID),
        ("7,3E+18", Kind.POST_ID),
        ("https://desk.example/back?auth_code=3f2a9b8c7d6e5f40&code=3f2a9b8c7d6e5f40&state=abc", Kind.LOGIN_CODE),
        ("auth_code=3f2a9b8c7d6e5f40&state=abc", Kind.LOGIN_CODE),
        ("https://desk.example/back?code=Qw3rTz%2A0%214711.e1&scopes=user.info.basic", Kind.LOGIN_CODE),
        ("3f2a9b8c7d6e5f40a1b2c3d4e5f60718293a4b5c", Kind.LOGIN_CODE),
        ("481516", Kind.CREDENTIAL),
        ("password: Winterboots77!", Kind.CREDENTIAL),
        ("act.Qw3rTz9876543210Qw3rTz9876543210", Kind.CREDENTIAL),
        ("4013", Kind.MESSAGE),
        ("-500", Kind.MESSAGE),
        ("900012", Kind.MESSAGE),
        ("930002", Kind.MESSAGE),
        ("40105", Kind.MESSAGE),
        ("auth_code_expired", Kind.MESSAGE),
        ("multi_duet_stitch_refus...", Kind.MESSAGE),
        ("The code has expired", Kind.MESSAGE),
        ('{"code": 40002, "message": "auth_code_format_error: no", "request_id": "20260101"}', Kind.MESSAGE),
        ("es geht nicht", Kind.MESSAGE),
        (f"{CODE}\n#ZZ19hdkW+0aaPbYq3mNv7/LkTg==", Kind.SEVERAL),
        (f"{CODE} #ZZ19hdkW+0aaPbYq3mNv7/LkTg==", Kind.SEVERAL),
        (f"{CODE},#ZZ19hdkW+0aaPbYq3mNv7/LkTg==", Kind.SEVERAL),
        (f"{CODE[1:]}\nZZ19hdkW+0aaPbYq3mNv7/LkTg==", Kind.SEVERAL),
        (CODE, Kind.CODE),
        ("#AbC+dEf/12xY=", Kind.CODE),
    ],
    ids=ascii,
)
def test_by_its_look_alone(text: str, kind: Kind) -> None:
    found = read(text)
    assert found.kind is kind or (kind is Kind.CODE and found.kind is Kind.DAMAGED)
    assert found.is_same is None


@pytest.mark.parametrize(
    ("text", "damages"),
    [
        (CODE, []),
        (CODE.replace("+", " "), [D.SPACE_INSIDE]),
        (f"{CODE[:9]}\n{CODE[9:]}", [D.LINE_BREAK]),
        (CODE[1:], [D.HASH_MISSING]),
        (CODE[:-2], [D.ODD_LENGTH]),
        (CODE.replace("+", "", 1), [D.ODD_LENGTH]),
        ("#AbC+", [D.TRUNCATED]),
        (f"{CODE[:8]}…{CODE[-8:]}", [D.TRUNCATED]),
        (CODE.replace("x", "х"), [D.LOOKALIKE]),  # noqa: RUF001  # that is the damage
        (f"{CODE[:9]}’{CODE[9:]}", [D.QUOTES_INSIDE]),
        (f"{CODE[:9]}\u200b{CODE[9:]}", [D.UNSEEN]),
        (quote(CODE, safe=""), [D.PERCENT_ENCODED]),
    ],
    ids=ascii,
)
def test_what_the_look_tells_of_damage_without_the_right_code(text: str, damages: list[Damage]) -> None:
    kind = Kind.DAMAGED if damages else Kind.CODE
    assert read(text) == Paste(kind, tuple(damages))


def test_the_code_among_other_words_is_found_in_them() -> None:
    assert read(f"Here it is: {CODE} for 30 days", known=Secret(CODE)) == Paste(Kind.MESSAGE, is_same=True)
    assert read(f"{CODE}\n#ZZ19hdkW+0aaPbYq3mNv7==", known=Secret(CODE)) == Paste(Kind.SEVERAL, is_same=True)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.none() | codes.map(Secret))
@example("\udc80%2523", None)
@example("#" * 200, None)
@example("%" * 100, Secret(CODE))
@example("…", Secret(CODE))
def test_whatever_is_pasted_there_is_an_answer(text: str, known: Secret | None) -> None:
    assert read(text, known=known).kind in Kind


def test_a_long_text_is_read_quickly() -> None:
    assert read("ab c#" * 4000, known=Secret(CODE)).kind in {Kind.MESSAGE, Kind.SEVERAL}
    assert read("A" * 20_000, known=Secret("#" + "B" * 500)).is_same is False


def test_what_is_told_of_a_paste_has_no_place_for_a_code() -> None:
    """No field holds text, so nothing mended can slip out."""
    assert [field.name for field in fields(Paste)] == ["kind", "damages", "is_same"]
    assert set(HARMLESS) == {D.QUOTES_AROUND}
