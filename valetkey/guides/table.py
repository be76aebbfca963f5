"""One TOML file, table by table: takes each key once, and notes what is missing, of another kind or left over.

Knows the shapes of TOML and where it stands in the file; which keys there are is for whoever reads it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from valetkey.guides.grammar import Fault

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)

_KINDS: Final = {
    str: "a text",
    int: "a whole number",
    list: "a list",
    dict: "a table",
    date: "a day, as 2026-11-22",
}
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NO_NAME: Final = "“{}” is no name. Names are small letters, with _ between words."


def opened(folder: Path, file: str, faults: list[Fault]) -> Table | None:
    """None, and a fault noted, for a file that is not there or no TOML."""
    try:
        return Table(file, "", tomllib.loads((folder / file).read_text(encoding="utf-8")), faults)
    except FileNotFoundError:
        faults.append(Fault(file, "The file is missing."))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        faults.append(Fault(file, f"It cannot be read as TOML: {str(broken).rstrip('.')}."))
    return None


class Table:
    """One table of a file. Each key is taken once; what nobody took when it is closed is a fault."""

    def __init__(self, file: str, place: str, values: Mapping[str, object], faults: list[Fault]) -> None:
        self.file, self.place, self.faults = file, place, faults
        self._left = dict(values)

    def note(self, key: str, sentence: str) -> None:
        place = ".".join(part for part in (self.place, key) if part)
        self.faults.append(Fault(f"{self.file}: {place}" if place else self.file, sentence))

    def take(self, key: str, kind: type[_T], *, needed: bool = True) -> _T | None:
        value = self._left.pop(key, None)
        if value is None:
            if needed:
                self.note(key, f"“{key}” is missing.")
            return None
        if type(value) is not kind:
            self.note(key, f"“{key}” must be {_KINDS[kind]}.")
            return None
        return value

    def text(self, key: str, *, needed: bool = True) -> str:
        """Without spaces around it. One that is not needed may be empty, too."""
        value = self.take(key, str, needed=needed)
        if value is not None and needed and not value.strip():
            self.note(key, f"“{key}” is empty.")
        return (value or "").strip()

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list, needed=False) or []
        if not all(isinstance(value, str) for value in values):
            self.note(key, f"“{key}” must hold texts alone.")
        return tuple(value for value in values if isinstance(value, str))

    def choice(self, key: str, kind: type[_E], *, needed: bool = True) -> _E | None:
        value = self.text(key, needed=needed)
        if not value:
            return None
        if value not in set(kind):
            self.note(key, f"“{value}” is not known here. There are: {', '.join(kind)}.")
            return None
        return kind(value)

    def one_of(self, key: str, known: Collection[str], *, needed: bool) -> str:
        """The name of a guide."""
        value = self.text(key, needed=needed)
        if value and value not in known:
            self.note(key, f"There is no guide “{value}”.")
        return value

    def table(self, key: str, *, needed: bool = True) -> Table | None:
        values = self.take(key, dict, needed=needed)
        return None if values is None else self._inside(key, values)

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Everything in it that was not taken, each a table under its name."""
        for key in tuple(self._left):
            if not _NAME.fullmatch(key):
                self.note(key, _NO_NAME.format(key))
            inside = self.table(key)
            if inside is not None:
                yield key, inside

    def all_texts(self) -> dict[str, str]:
        """Everything in it that was not taken: texts, and tables of texts as `table.key`."""
        found: dict[str, str] = {}
        for key in tuple(self._left):
            if isinstance(self._left[key], dict):
                inside = self.table(key)
                found |= {f"{key}.{name}": text for name, text in inside.all_texts().items()} if inside else {}
            else:
                found[key] = self.text(key)
        return found

    def named_tables(self, key: str) -> Iterator[tuple[str, Table]]:
        """The tables of a list, each with its name; those without a name of their own are left out."""
        seen: set[str] = set()
        for number, values in enumerate(self.take(key, list, needed=False) or [], start=1):
            if not isinstance(values, dict):
                self.note(f"{key}[{number}]", "It must be a table.")
                continue
            given = values.get("name")
            inside = self._inside(f"{key}.{given}" if isinstance(given, str) and given else f"{key}[{number}]", values)
            name = inside.text("name")
            if name in seen:
                inside.note("name", f"“{name}” is there twice.")
            elif name and not _NAME.fullmatch(name):
                inside.note("name", _NO_NAME.format(name))
            elif name:
                seen.add(name)
                yield name, inside

    def close(self, why: str = "Nothing reads “{}”. Is it spelled right?") -> None:
        for key in self._left:
            self.note(key, why.format(key))

    def _inside(self, key: str, values: Mapping[str, object]) -> Table:
        return Table(self.file, f"{self.place}.{key}" if self.place else key, values, self.faults)
