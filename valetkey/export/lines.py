"""PURE. The file that can be imported again: JSON lines with a head, a row per line, and an end that counts and checks.

Decides what a whole file is. Does not know tables; what a row may hold is for `schema` and the import.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Final

FORMAT: Final = "valetkey-export"
VERSION: Final = 1
LONGEST: Final = 64 * 1024 * 1024
"""Bytes of a line: a picture fits, and a file without line ends does not fill the memory."""


class Broken(Exception):
    """The file is not what was written. `line` is counted from 1; `why` quotes nothing of the file."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"Line {line}: {why}")
        self.line = line
        self.why = why


@dataclass(frozen=True)
class Head:
    """`tables`: their names in order, with their columns in order."""

    with_codes: bool
    tables: Mapping[str, Sequence[str]]


@dataclass
class Writer:
    """Writes a file from the head to the end. The same rows make the same bytes."""

    stream: IO[bytes]
    _counts: dict[str, int] = field(default_factory=dict)
    _digests: dict[str, Any] = field(default_factory=dict)

    def head(self, head: Head) -> None:
        tables = [{"table": name, "columns": list(columns)} for name, columns in head.tables.items()]
        self._put({"format": FORMAT, "version": VERSION, "with_codes": head.with_codes, "tables": tables})
        self._counts = dict.fromkeys(head.tables, 0)
        self._digests = {name: hashlib.sha256() for name in head.tables}

    def row(self, table: str, row: Mapping[str, object]) -> None:
        self._digests[table].update(self._put({"table": table, "row": row}))
        self._counts[table] += 1

    def end(self) -> None:
        self._put({"end": _end(self._counts, self._digests)})

    def _put(self, value: object) -> bytes:
        line = _canonical(value)
        self.stream.write(line)
        return line


@dataclass(frozen=True)
class Line:
    number: int
    table: str
    row: Mapping[str, object]


class Reader:
    """Reads such a file. What does not belong raises Broken where it is met, at the end at the latest."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._number = 0
        self.head = self._head()

    def rows(self) -> Iterator[Line]:
        """Each row in turn. Only when the last was asked for and nothing was raised is the file whole."""
        counts = dict.fromkeys(self.head.tables, 0)
        digests = {name: hashlib.sha256() for name in self.head.tables}
        first: dict[str, int] = {}
        order = list(self.head.tables)
        while True:
            line, value = self._next()
            if value.keys() == {"end"}:
                break
            table, row = value.get("table"), value.get("row")
            if value.keys() != {"table", "row"} or table not in counts or not isinstance(row, dict):
                raise Broken(self._number, "this is no row of a table that the head names.")
            while order[0] != table:
                order.pop(0)
                if not order:
                    raise Broken(self._number, f"this row of “{table}” is not where its table is.")
            if row.keys() != set(self.head.tables[table]):
                raise Broken(self._number, f"the columns are not those of “{table}”.")
            counts[table] += 1
            digests[table].update(line)
            first.setdefault(table, self._number)
            yield Line(self._number, table, row)
        self._check_end(value["end"], counts, digests, first)

    def _check_end(self, told: object, counts: dict[str, int], digests: dict[str, Any], first: dict[str, int]) -> None:
        if self._stream.read(1):
            raise Broken(self._number + 1, "the file goes on after its end.")
        if not isinstance(told, list) or len(told) != len(counts):
            raise Broken(self._number, "the end does not name the tables of the head.")
        for said, found in zip(told, _end(counts, digests), strict=True):
            if said == found:
                continue
            table = str(found["table"])
            start, count = first.get(table, self._number), counts[table]
            if not isinstance(said, dict) or said.get("rows") != count:
                raise Broken(self._number, f"there are {count} rows of “{table}”, and the end tells another number.")
            raise Broken(start, f"from here to line {start + count - 1}, the rows of “{table}” were altered.")

    def _head(self) -> Head:
        _, value = self._next()
        if value.get("format") != FORMAT:
            raise Broken(1, "this is no export of a desk in JSON lines.")
        if value.get("version") != VERSION:
            raise Broken(1, f"this export is of a version that this program does not know; it knows {VERSION}.")
        tables = value.get("tables")
        if not isinstance(tables, list) or not all(_names_columns(each) for each in tables):
            raise Broken(1, "the head does not name its tables.")
        named = {each["table"]: each["columns"] for each in tables}
        if len(named) != len(tables) or not isinstance(value.get("with_codes"), bool):
            raise Broken(1, "the head does not say what the file holds.")
        return Head(with_codes=value["with_codes"], tables=named)

    def _next(self) -> tuple[bytes, dict[str, Any]]:
        line = self._stream.readline(LONGEST)
        self._number += 1
        if not line:
            raise Broken(self._number, "the file ends here, before its end.")
        if not line.endswith(b"\n"):
            raise Broken(self._number, "this line is cut off, or too long.")
        try:
            value = json.loads(line)
            is_as_written = _canonical(value) == line
        except (ValueError, RecursionError):  # its text quotes the line
            value, is_as_written = None, False
        if not isinstance(value, dict) or not is_as_written:
            raise Broken(self._number, "this line is not as an export writes it.")
        return line, value


def _names_columns(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"table", "columns"} or not isinstance(value["table"], str):
        return False
    columns = value["columns"]
    return isinstance(columns, list) and all(isinstance(name, str) for name in columns)


def _end(counts: Mapping[str, int], digests: Mapping[str, Any]) -> list[dict[str, object]]:
    return [{"table": name, "rows": rows, "sha256": digests[name].hexdigest()} for name, rows in counts.items()]


def _canonical(value: object) -> bytes:
    """One text for one value, whichever database kept it: names sorted, no spaces, no number that JSON has not."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"
