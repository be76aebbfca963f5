"""A file that is not whole is refused with the line, and nothing is changed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps

from tests.desk import HOST, Desk
from tests.export.stage import empty_the_desk, everything_happened
from tests.export.test_round import written
from valetkey.errors import Invalid
from valetkey.export.lines import Broken, Head, Reader, Writer
from valetkey.export.services import import_all

pytestmark = pytest.mark.django_db

Spoil = Callable[[list[bytes]], list[bytes]]


def _row_of(table: str, lines: list[bytes]) -> int:
    start = f'"table":"{table}"}}\n'.encode()
    return next(place for place, line in enumerate(lines) if line.endswith(start))


def _changed(table: str, **columns: object) -> Spoil:
    """The first row of a table says something else, in the file's own way of writing."""

    def spoil(lines: list[bytes]) -> list[bytes]:
        place = _row_of(table, lines)
        value = json.loads(lines[place])
        value["row"] |= columns
        return [*lines[:place], _line(value), *lines[place + 1 :]]

    return spoil


def _without(table: str) -> Spoil:
    return lambda lines: [line for place, line in enumerate(lines) if place != _row_of(table, lines)]


def _head(**changes: object) -> Spoil:
    return lambda lines: [_line(json.loads(lines[0]) | changes), *lines[1:]]


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _twice(lines: list[bytes]) -> list[bytes]:
    place = _row_of("party", lines)
    return [*lines[: place + 1], *lines[place:]]


def _moved(lines: list[bytes]) -> list[bytes]:
    place = _row_of("version", lines)
    return [*lines[:place], *lines[place + 1 : -1], lines[place], lines[-1]]


SPOILED: dict[str, tuple[Spoil, str]] = {
    "nothing at all": (lambda lines: [], "Line 1: the file ends here"),
    "no export": (lambda lines: [b"name;mail\n", *lines], "Line 1: this line is not as"),
    "another JSON": (lambda lines: [b'{"a":1}\n', *lines], "Line 1: this is no export"),
    "a version to come": (_head(version=2), "Line 1: this export is of a version"),
    "a table more": (_head(tables=[]), "Line 1: this export was written by another version"),
    "tables that are none": (_head(tables=[{"table": 1}]), "Line 1: the head does not name"),
    "codes that are not there": (_head(with_codes=True), "Line 1: this export was written by another version"),
    "codes that are neither": (_head(with_codes="yes"), "Line 1: the head does not say"),
    "the end is missing": (lambda lines: lines[:-1], "the file ends here, before its end"),
    "cut off": (lambda lines: [*lines[:-1], lines[-1][:-9]], "this line is cut off"),
    "cut off in the middle": (lambda lines: [*lines[:9], lines[9][:20]], "Line 10: this line is cut off"),
    "more after the end": (lambda lines: [*lines, b"\n"], "the file goes on after its end"),
    "a row is missing": (_without("version"), "the end tells another number"),
    "a row twice": (_twice, "another row of “party” has the same"),
    "a row elsewhere": (_moved, "is not where its table is"),
    "no JSON": (lambda lines: [*lines[:4], b"{'a': 1}\n", *lines[4:]], "Line 5: this line is not as"),
    "other spaces": (lambda lines: [*lines[:1], lines[1].replace(b":", b": ", 1), *lines[2:]], "Line 2: this line is"),
    "no UTF-8": (lambda lines: [*lines[:1], b"\xff\n", *lines[1:]], "Line 2: this line is not as"),
    "a list": (lambda lines: [*lines[:1], b"[]\n", *lines[1:]], "Line 2: this line is not as"),
    "a number that is none": (lambda lines: [*lines[:1], b'{"a":NaN}\n', *lines[1:]], "Line 2: this line is not as"),
    "a table that is none": (lambda lines: [*lines[:1], b'{"row":{},"table":"x"}\n', *lines[1:]], "Line 2: this is no"),
    "a column less": (lambda lines: [lines[0], b'{"row":{},"table":"party"}\n', *lines[1:]], "Line 2: the columns are"),
    "another name": (_changed("party", name="Altered"), "the rows of “party” were altered"),
    "a number for a text": (_changed("party", name=5), "“name” of this row of “party” is nothing"),
    "a text for a number": (_changed("party", id="1"), "“id” of this row of “party” is nothing"),
    "yes for a number": (_changed("party", id=True), "“id” of this row of “party” is nothing"),
    "nothing for a text": (_changed("party", name=None), "“name” of this row of “party” is nothing"),
    "too long": (_changed("party", name="x" * 201), "“name” of this row of “party” is nothing"),
    "a choice that is none": (_changed("party", kind="circus"), "“kind” of this row of “party” is nothing"),
    "no moment": (_changed("party", created_at="soon"), "“created_at” of this row of “party” is nothing"),
    "a moment without zone": (_changed("party", created_at="2026-11-02T09:00:00.000000"), "“created_at” of this row"),
    "no day": (_changed("campaign", starts_on="2026-02-30"), "“starts_on” of this row of “campaign” is nothing"),
    "a party that is none": (_changed("person", kept_by="ZZZZZZZ"), "“kept_by” of this row of “person” names a row"),
    "a list for a party": (_changed("person", kept_by=[]), "“kept_by” of this row of “person” names a row"),
    "yes for a number of a row": (
        _changed("exposure_knower", party=True),
        "“party” of this row of “exposure_knower” names",
    ),
    "no asset of the post": (_changed("post", asset="ZZZZZZZ"), "“asset” of this row of “post” names a row"),
    "against a rule": (_changed("campaign", ends_on="2020-01-01"), "this row contradicts another, or a rule"),
    "no text of a database": (_changed("party", name="a\0b"), "“name” of this row of “party” is nothing"),
    "a number too large": (_changed("party", id=2**70), "Line 2: this row contradicts another, or a rule"),
    "the end says less": (lambda lines: [*lines[:-1], b'{"end":[]}\n'], "the end does not name the tables"),
    "the end says nothing": (lambda lines: [*lines[:-1], b'{"end":0}\n'], "the end does not name the tables"),
}


@pytest.fixture
def lines(desk: Desk, tmp_path: Path) -> list[bytes]:
    everything_happened(desk)
    made = written(desk, tmp_path, "whole.jsonl").splitlines(keepends=True)
    empty_the_desk()
    return made


def _everything() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


def test_what_is_not_whole_is_refused_by_its_line(desk: Desk, lines: list[bytes]) -> None:
    before, otherwise = _everything(), {}
    for name, (spoil, said) in SPOILED.items():
        with pytest.raises(Invalid) as refused:
            import_all(stream=BytesIO(b"".join(spoil(lines))), actor=HOST, at=desk.at)
        told = refused.value.sentence
        if refused.value.code != "import_broken" or said not in told or "Line " not in told:
            otherwise[name] = told
        assert _everything() == before, name
    assert otherwise == {}


def test_any_cut_and_any_altered_byte_is_found(desk: Desk, lines: list[bytes]) -> None:
    whole, chance, before = b"".join(lines), random.Random(5), _everything()
    for _ in range(40):
        place = chance.randrange(len(whole))
        cut = whole[:place]
        altered = bytearray(whole)
        altered[place] ^= chance.randrange(1, 256)
        for spoiled in (cut, bytes(altered)):
            with pytest.raises(Invalid):
                import_all(stream=BytesIO(spoiled), actor=HOST, at=desk.at)
    assert _everything() == before


def test_the_whole_file_is_taken_after_all(desk: Desk, lines: list[bytes]) -> None:
    import_all(stream=BytesIO(b"".join(lines)), actor=HOST, at=desk.at)


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    class Endless(BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None and 0 < size < 2**27
            return b"x" * 10

    with pytest.raises(Broken, match="cut off, or too long"):
        Reader(Endless())


def test_the_same_rows_make_the_same_bytes() -> None:
    made = []
    for row in ({"a": 1, "b": {"y": 1, "x": 2}}, {"b": {"x": 2, "y": 1}, "a": 1}):
        stream = BytesIO()
        writer = Writer(stream)
        writer.head(Head(with_codes=False, tables={"t": ["a", "b"]}))
        writer.row("t", row)
        writer.end()
        made.append(stream.getvalue())
    assert made[0] == made[1]
    assert [line.row for line in Reader(BytesIO(made[0])).rows()] == [{"a": 1, "b": {"x": 2, "y": 1}}]
