"""How something on record came to be as it is: version by version, with who did it where the history tells.

Does not replace the history: versions say what the record said, its lines say what was done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.register.came import Difference, differences
from valetkey.register.looking import Names, as_shared, mentions
from valetkey.register.services.versions import NAMED, eyes_of, not_there, said_by, seen
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind, Said

MOST: Final = 200
_SUBJECTS: Final = {Kind.ASSET: ("asset", "post", "ad_account"), Kind.OWNERSHIP: ("asset", "post", "ad_account")}
"""The first words of subjects in the history, where they are others than the kind."""


@dataclass(frozen=True)
class Step:
    """What the record said from `at` until before `until` (None: it still does), and what was new in that.

    `who` and `event` are "" where no line of the history has this very moment.
    """

    at: datetime
    until: datetime | None
    is_first: bool
    changes: tuple[Difference, ...]
    who: str
    event: str


def how_it_came(*, kind: str, reference: str, actor: Actor) -> list[Step]:
    """Newest first, at most `MOST`. Raises NotFound for whoever sees none of it."""
    which, eyes = Kind(kind), eyes_of(actor)
    versions = list(
        seen(eyes, which).filter(reference=reference.strip().upper()).order_by("-known_from", "-pk")[: MOST + 1]
    )
    if not versions:
        raise not_there(which, reference)
    versions.reverse()
    is_shared = which is Kind.ACCESS and eyes is not None and versions[0].kept_by not in eyes
    saids = [as_shared(said_by(each)) if is_shared else said_by(each) for each in versions]
    is_anothers = which is Kind.PARTY and eyes is not None and versions[0].reference not in eyes
    called, lines = _Called(saids), {} if is_anothers else _lines(which, versions)
    steps = []
    for number, (version, said) in enumerate(zip(versions, saids, strict=True)):
        before = saids[number - 1] if number else None
        old = called.at(versions[number - 1].known_from) if number else {}
        changes = differences(before, said, old, called.at(version.known_from))
        if not changes and before is not None:
            continue  # a remark of the keeper's own, which is not for the other side
        who, event = lines.get(version.known_from, ("", ""))
        steps.append(Step(version.known_from, version.known_until, before is None, changes, who, event))
    return steps[:0:-1] if len(versions) > MOST else steps[::-1]


def kinds_of(*, reference: str, actor: Actor) -> list[Kind]:
    """As what the record knows that reference: an asset's own stands for its ownership too. Empty for a stranger."""
    eyes = eyes_of(actor)
    return [kind for kind in Kind if seen(eyes, kind).filter(reference=reference.strip().upper()).exists()]


class _Called:
    """What everything that the versions mention was called, from when on."""

    def __init__(self, saids: Sequence[Said]) -> None:
        kinds = {kind.value for kind in NAMED}
        references = {reference for said in saids for kind, reference in mentions(said) if kind in kinds}
        found = Version.objects.filter(kind__in=kinds, reference__in=references).order_by("known_from", "pk")
        self._names = [
            (known_from, (kind, reference), str(facts.get("name", "")))
            for kind, reference, known_from, facts in found.values_list("kind", "reference", "known_from", "facts")
        ]

    def at(self, moment: datetime) -> Names:
        return {which: name for known_from, which, name in self._names if known_from <= moment}


def _lines(kind: Kind, versions: Sequence[Version]) -> dict[datetime, tuple[str, str]]:
    """Moment → who did what. Of several lines of one moment, the one about this kind of thing."""
    subjects = [f"{word} {versions[0].reference}" for word in _SUBJECTS.get(kind, (kind.value,))]
    found = Entry.objects.filter(subject__in=subjects, at__in=[each.known_from for each in versions])
    at: defaultdict[datetime, list[tuple[str, str]]] = defaultdict(list)
    for entry in found.order_by("seq"):
        at[entry.at].append((entry.actor_name, entry.event))
    return {moment: max(lines, key=lambda line: line[1].startswith(f"{kind}.")) for moment, lines in at.items()}
