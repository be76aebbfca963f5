"""PURE. What a day shows of the record: lines made of versions and a table of names, each as it stood then.

Does not fetch versions and does not know who may see them. Words for people are the doors'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from valetkey.register.days import end_of_day
from valetkey.timeline.said import Kind, Said

_TICK: Final = timedelta(microseconds=1)
"""The finest that databases tell apart."""
_SHARED: Final = frozenset(
    {"role", "since", "end", "until", "basis", "way", "source", "recorded_at", "ended_at", "ended_reason"}
)
"""What the other side of an authorization is shown of its access. The rest are the keeper's own remarks."""
CONTROLS: Final = ("owner", "backup_owner", "recovery_mail", "recovery_phone", "second_factor", "backup_codes")
"""What a person may have in hand of an asset's login."""
_NAMES_OF: Final[dict[str, Kind]] = {
    **dict.fromkeys((*CONTROLS, "backup"), Kind.PERSON),
    "owned_by": Kind.PARTY,
    "within": Kind.ASSET,
}
"""Facts that name something else by its reference."""
_DAYS: Final = frozenset({"review_on", "starts_on", "ends_on", "joined_on", "left_on"})


@dataclass(frozen=True)
class Moment:
    """What was so `at`, by what the record said at `known_at`. `day`: the day it stands for, in the reader's zone."""

    at: datetime
    known_at: datetime
    day: date
    is_now: bool


def moment(day: date | None, *, zone: str, now: datetime, as_known_now: bool = False) -> Moment:
    """A day means its last instant in that zone; today means now. Of a day to come, what is known now. Raises Invalid.

    What lasts "until 3 May" ends with that day, so that it is still there when 3 May is looked at.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    if day is None or day == today:
        return Moment(now, now, today, is_now=True)
    at = end_of_day(day, zone) - _TICK
    return Moment(at, now if day > today or as_known_now else at, day, is_now=False)


@dataclass(frozen=True)
class Named:
    """`kind` is a value of timeline.said.Kind. No reference where somebody is only known by name."""

    kind: str
    reference: str
    name: str


Names = Mapping[tuple[str, str], str]
"""(kind, reference) → how it was called then."""


class State(StrEnum):
    HOLDS = "holds"
    TO_COME = "to come"
    PAST = "past its end"  # by its date; nobody has ended it in the record
    ENDED = "ended"


@dataclass(frozen=True)
class AccessLine:
    """`party` holds it, by `person` where it is one. `is_shared`: seen only because an authorization is shared."""

    reference: str
    state: State
    is_shared: bool
    kept_by: Named
    party: Named
    person: Named | None
    asset: Named
    surface: Named
    role: str
    since: datetime | None
    end: str
    until: datetime | None
    purpose: str
    basis: str
    way: str
    owner: Named | None
    review_on: date | None
    removal: str
    note: str
    source: str
    recorded_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    confirmed_how: str
    let_end_at: datetime | None
    let_end_by: str
    ended_at: datetime | None
    ended_reason: str
    ended_how: str


@dataclass(frozen=True)
class OwnershipLine:
    """`controls`: every control of the login and who has it. `hands`: those that a person who is looked at has."""

    kept_by: Named
    asset: Named
    owned_by: Named | None
    controls: tuple[tuple[str, Named | None], ...]
    hands: tuple[str, ...]
    evidence: str
    confirmed_at: datetime | None
    confirmed_by: str


@dataclass(frozen=True)
class EngagementLine:
    reference: str
    kept_by: Named
    party: Named
    purpose: str
    starts_on: date | None
    review_on: date | None
    ends_on: date | None
    owner: Named | None
    note: str
    ended_at: datetime | None
    ended_reason: str


@dataclass(frozen=True)
class ResponsibilityLine:
    reference: str
    kept_by: Named
    person: Named
    backup: Named | None
    asset: Named | None
    occasion: str
    what: str
    within_days: int
    ended_at: datetime | None
    ended_reason: str


@dataclass(frozen=True)
class Knower:
    who: Named
    party: Named | None
    since: date | None


@dataclass(frozen=True)
class ExposureLine:
    """`is_open`: the secret was not changed yet at the moment looked at."""

    reference: str
    kept_by: Named
    asset: Named | None
    account: str
    platform: str
    shared: str
    since: date | None
    note: str
    opened_at: datetime | None
    opened_by: str
    changed_at: datetime | None
    changed_by: str
    how_confirmed: str
    is_open: bool
    knowers: tuple[Knower, ...]


@dataclass(frozen=True)
class Counted:
    """A surface with how many accesses hold on it then. `kind`: its name in the catalogue, "" for one of their own."""

    one: Named
    kind: str
    count: int


@dataclass(frozen=True)
class Look:
    """All about `one` at that moment. `is_there` False: the record did not have it yet, and every list is empty.

    `accesses` are those that hold then, a page of them; `open_too` are in the record, and to come or past their end.
    `totals`: how many there are of a list that was cut off, counted to a thousand; what it does not name is whole.
    """

    one: Named
    moment: Moment
    is_there: bool
    is_shared: bool
    kept_by: Named
    facts: Mapping[str, object]
    party: Named | None = None
    asset: Named | None = None
    surface: Named | None = None
    accesses: tuple[AccessLine, ...] = ()
    page: int = 1
    last: int = 1
    count: int = 0
    is_more: bool = False
    open_too: tuple[AccessLine, ...] = ()
    answers_for: tuple[AccessLine, ...] = ()
    ownerships: tuple[OwnershipLine, ...] = ()
    responsibilities: tuple[ResponsibilityLine, ...] = ()
    exposures: tuple[ExposureLine, ...] = ()
    engagements: tuple[EngagementLine, ...] = ()
    surfaces: tuple[Counted, ...] = ()
    parts: tuple[Named, ...] = ()
    people: tuple[Named, ...] = ()
    assets: tuple[Named, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)


def mentions(said: Said) -> Iterator[tuple[str, str]]:
    """Everything it names by reference: (kind, reference)."""
    about = [
        (said.kind, said.reference), (Kind.PARTY, said.kept_by), (Kind.PARTY, said.party), (Kind.PERSON, said.person),
        (Kind.ASSET, said.asset), (Kind.SURFACE, said.surface),
    ]  # fmt: skip
    about += [(kind, str(said.facts.get(fact) or "")) for fact, kind in _NAMES_OF.items()]
    about += [(kind, str(each.get(kind) or "")) for each in knowers_of(said) for kind in (Kind.PARTY, Kind.PERSON)]
    return ((kind.value, reference) for kind, reference in about if reference)


def as_shared(said: Said) -> Said:
    """An access as the other side of its authorization is shown it."""
    return replace(said, person="", facts={name: value for name, value in said.facts.items() if name in _SHARED})


def facts_of(said: Said, names: Names) -> dict[str, object]:
    """Every fact as what it is: an instant, a day, something named (None: nobody), a text."""
    return {name: _value(said, name, names) for name in said.facts if name != "knowers"}


def access_line(said: Said, names: Names, at: datetime, *, is_shared: bool = False) -> AccessLine:
    said = as_shared(said) if is_shared else said
    return _line(
        AccessLine,
        said,
        names,
        state=access_state(said, at),
        is_shared=is_shared,
        party=_named(Kind.PARTY, said.party, names),
        person=_maybe(Kind.PERSON, said.person, names),
        asset=_named(Kind.ASSET, said.asset, names),
        surface=_named(Kind.SURFACE, said.surface, names),
    )


def access_state(said: Said, at: datetime) -> State:
    since, until, ended = (_instant(said.facts.get(name)) for name in ("since", "until", "ended_at"))
    if ended is not None and ended <= at:
        return State.ENDED
    if since is not None and since > at:
        return State.TO_COME
    return State.PAST if until is not None and until <= at else State.HOLDS


def ownership_line(said: Said, names: Names, person: str = "") -> OwnershipLine:
    known = facts_of(said, names)
    return _line(
        OwnershipLine,
        said,
        names,
        asset=_named(Kind.ASSET, said.asset, names),
        controls=tuple((name, known.get(name)) for name in CONTROLS),
        hands=tuple(name for name in CONTROLS if person and said.facts.get(name) == person),
    )


def engagement_line(said: Said, names: Names) -> EngagementLine:
    return _line(EngagementLine, said, names, party=_named(Kind.PARTY, said.party, names))


def responsibility_line(said: Said, names: Names) -> ResponsibilityLine:
    person, asset = _named(Kind.PERSON, said.person, names), _maybe(Kind.ASSET, said.asset, names)
    return _line(ResponsibilityLine, said, names, person=person, asset=asset)


def exposure_line(said: Said, names: Names, at: datetime) -> ExposureLine:
    changed = _instant(said.facts.get("changed_at"))
    knowers = tuple(
        Knower(
            who=Named(Kind.PERSON.value, str(each.get("person") or ""), str(each["name"])),
            party=_maybe(Kind.PARTY, str(each.get("party") or ""), names),
            since=_day(each.get("since")),
        )
        for each in knowers_of(said)
    )
    is_open = changed is None or changed > at
    asset = _maybe(Kind.ASSET, said.asset, names)
    return _line(ExposureLine, said, names, asset=asset, is_open=is_open, knowers=knowers)


Line = TypeVar("Line", AccessLine, OwnershipLine, EngagementLine, ResponsibilityLine, ExposureLine)


def _line(kind: type[Line], said: Said, names: Names, **more: object) -> Line:
    """Its facts by their own names; what a version of long ago does not have yet is empty."""
    columns: dict[str, Any] = {each.name: "" if each.type == "str" else None for each in fields(kind)}
    known = {name: value for name, value in facts_of(said, names).items() if name in columns}
    own = {"reference": said.reference} if "reference" in columns else {}
    return kind(**columns | known | own | {"kept_by": _named(Kind.PARTY, said.kept_by, names)} | more)


def knows(said: Said, *, person: str = "", party: str = "") -> bool:
    """Whether they are named among those who know it."""
    return any((person and each.get("person") == person) or (party and each.get("party") == party)
               for each in knowers_of(said))  # fmt: skip


def _value(said: Said, name: str, names: Names) -> object:
    value = said.facts[name]
    if name in _NAMES_OF:
        return _maybe(_NAMES_OF[name], str(value or ""), names)
    if name in _DAYS or (name == "since" and said.kind is Kind.EXPOSURE):
        return _day(value)
    if name.endswith("_at") or name in {"since", "until"}:
        return _instant(value)
    return value


def knowers_of(said: Said) -> list[Mapping[str, object]]:
    found = said.facts.get("knowers")
    return found if isinstance(found, list) else []


def _named(kind: Kind, reference: str, names: Names) -> Named:
    return Named(kind.value, reference, names.get((kind.value, reference), reference))


def _maybe(kind: Kind, reference: str, names: Names) -> Named | None:
    return _named(kind, reference, names) if reference else None


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)).astimezone(UTC) if value else None


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
