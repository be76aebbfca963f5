"""PURE. What a line of the history holds, and the digest that ties it to the line before.

Does not store anything and does not know what the events mean.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeGuard

GUEST: Final = 0
"""The `user_id` of somebody who came by a link and has no account here. No user has this number."""

FIRST_DIGEST: Final = "0" * 64
"""What the first entry is chained to."""


class Door(StrEnum):
    """Through which door something came."""

    CLI = "cli"
    WEB = "web"
    API = "api"
    WORKER = "worker"


@dataclass(frozen=True)
class Actor:
    """Who acts and through which door.

    `user_id` is None for the host at the console and for the desk's own worker, and `GUEST` for whoever came by a link:
    a guest is a stranger to every rule, and may do only what the link itself is for.
    """

    name: str
    door: Door
    user_id: int | None = None

    @property
    def is_operator(self) -> bool:
        """The person who runs the desk's machine, or its own worker: they hold the key anyway."""
        return self.user_id is None


@dataclass(frozen=True)
class Draft:
    """One line before it is stored. `detail` is plain JSON; a `Secret` in it is refused, and so is anything unknown."""

    at: datetime
    event: str
    actor: Actor
    subject: str
    detail: Mapping[str, object]


def plain(value: object) -> object:
    """A detail as every database keeps it and gives it back, letter for letter.

    Raises TypeError for what is not plain JSON, a `Secret` above all, and for fractions, which databases write in ways
    of their own. Characters that no database column takes (NUL, half a surrogate pair) become U+FFFD.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("The names in a detail are texts.")
        return {text(name): plain(each) for name, each in value.items()}
    if _is_row(value):
        return [plain(each) for each in value]
    raise TypeError(f"A detail holds plain JSON without fractions, no {type(value).__name__}.")


def text(value: str) -> str:
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in value)


def _is_row(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, list | tuple)


def canonical(seq: int, previous: str, draft: Draft) -> str:
    """The one text whose SHA-256 is the entry's digest: JSON, keys sorted, no spaces, instants in UTC.

    Raises TypeError when the detail holds something that is not plain JSON, a secret above all.
    """
    return json.dumps(
        {
            "seq": seq,
            "previous": previous,
            "at": draft.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "event": draft.event,
            "actor": draft.actor.name,
            "user_id": draft.actor.user_id,
            "door": draft.actor.door.value,
            "subject": draft.subject,
            "detail": draft.detail,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def digest(seq: int, previous: str, draft: Draft) -> str:
    return hashlib.sha256(canonical(seq, previous, draft).encode()).hexdigest()
