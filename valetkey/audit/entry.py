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
from typing import Final

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
    """Who acts and through which door. `user_id` is None for the host at the console and for the desk's own worker."""

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
