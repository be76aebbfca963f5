"""PURE. What is different from the review before: lines that are new, gone, or changed, from what to what.

Only what somebody would want to decide anew counts: remarks, confirmations and days of review do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from valetkey.register.came import Difference
from valetkey.register.cells import ending
from valetkey.register.looking import AccessLine, Named
from valetkey.timeline.said import plain

_ENDINGS: Final = {"never": "never ends", "unknown": "end not known"}


@dataclass(frozen=True)
class Differences:
    """By the reference of the access; `gone` as they were the last time."""

    new: frozenset[str]
    changed: Mapping[str, tuple[Difference, ...]]
    gone: tuple[AccessLine, ...]


def differences(before: Iterable[AccessLine], after: Iterable[AccessLine]) -> Differences:
    was, now = ({line.reference: line for line in lines} for lines in (before, after))
    changed = {reference: changes(was[reference], line) for reference, line in now.items() if reference in was}
    return Differences(
        new=frozenset(now) - frozenset(was),
        changed={reference: each for reference, each in changed.items() if each},
        gone=tuple(line for reference, line in was.items() if reference not in now),
    )


def changes(before: AccessLine, after: AccessLine) -> tuple[Difference, ...]:
    """Of one access, from the one review to the other. Somebody who is only called otherwise since is no change."""
    pairs = zip(_told(before), _told(after), strict=True)
    return tuple(
        Difference(label, _text(old), _text(new)) for (label, old), (_, new) in pairs if _raw(old) != _raw(new)
    )


def kept(differences: Iterable[Difference]) -> list[list[object]]:
    """As plain JSON."""
    return [[each.label, plain(each.before), plain(each.after)] for each in differences]


def told(rows: Iterable[Sequence[str]]) -> tuple[Difference, ...]:
    """Read back; of what is told of an end, instants alone begin with a digit."""
    return tuple(Difference(label, *(_read(label, value) for value in values)) for label, *values in rows)


def _read(label: str, value: str) -> str | datetime:
    return datetime.fromisoformat(value) if label in {"since", "ends"} and value[:1].isdigit() else value


def _told(line: AccessLine) -> tuple[tuple[str, Named | datetime | date | str | None], ...]:
    end = ending(line)
    return (
        ("who", line.person),
        ("for", line.party),
        ("role", line.role),
        ("since", line.since),
        ("ends", end if isinstance(end, datetime) else _ENDINGS[end]),
        ("purpose", line.purpose),
        ("basis", line.basis),
        ("answered for by", line.owner),
    )


def _raw(value: Named | datetime | date | str | None) -> object:
    return value.reference if isinstance(value, Named) else value


def _text(value: Named | datetime | date | str | None) -> str | datetime | date:
    return value.name if isinstance(value, Named) else value or ""
