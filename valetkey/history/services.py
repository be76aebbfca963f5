"""Read the history, newest first, narrowed and page by page: of the whole desk for its readers, of one thing for those
who may see it. "Of one thing" is everything about it: of a person their access too, of an asset its lists and owners.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from valetkey.accounts.models import Party, Person, sees_everything
from valetkey.accounts.services import require_reader
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.authorizations.models import Authorization
from valetkey.changes.models import Change
from valetkey.errors import NotFound
from valetkey.findings.models import Finding
from valetkey.history.subjects import ASSETS, SUBJECTS
from valetkey.intake.models import Batch
from valetkey.register.days import end_of_day, start_of_day
from valetkey.register.models import (
    Access,
    Asset,
    Campaign,
    Engagement,
    Exposure,
    Responsibility,
    Surface,
)
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind

PAGE: Final = 50

_KEEPERS: Final[dict[str, tuple[type[Any], str]]] = {
    "party": (Party, "pk"),
    "person": (Person, "kept_by"),
    "asset": (Asset, "held_by"),
    "campaign": (Campaign, "ad_account__held_by"),
    "surface": (Surface, "asset__held_by"),
    "access": (Access, "surface__asset__held_by"),
    "engagement": (Engagement, "kept_by"),
    "responsibility": (Responsibility, "kept_by"),
    "exposure": (Exposure, "held_by"),
    "change": (Change, "kept_by"),
    "intake": (Batch, "kept_by"),
    "finding": (Finding, "party"),
}
"""What a party keeps on its record, and the way from it to that party. Nobody else sees its history."""


@dataclass(frozen=True)
class Lines:
    """`before`: where the next page begins, None on the last one."""

    entries: list[Entry]
    before: int | None


@dataclass(frozen=True)
class About:
    """`kind` and `name`: of the thing that was asked about, as the record has it now."""

    kind: str
    reference: str
    name: str
    lines: Lines


@dataclass(frozen=True)
class Narrowed:
    """`person`: a part of the name of whoever did it. Days are days of `time_zone`. `before`: lines older than that.

    Pages go by the number of the line, so that a page stays what it is while the desk writes on.
    """

    person: str = ""
    first_day: date | None = None
    last_day: date | None = None
    time_zone: str = "UTC"
    before: int | None = None
    size: int = PAGE


_ALL: Final = Narrowed()


def read_history(*, about: str = "", narrowed: Narrowed = _ALL, actor: Actor) -> Lines:
    """Of the whole desk, for the host, an admin or an auditor. `about`: a reference, or one of `SUBJECTS`."""
    require_reader(actor)
    found, about = Entry.objects.all(), about.strip()
    if about.lower() in SUBJECTS:
        found = found.filter(Q(subject=about.lower()) | Q(subject__startswith=f"{about.lower()} "))
    elif about:
        found = found.filter(_everything_about(about.upper(), SUBJECTS, actor))
    return _page(found, narrowed)


def read_about(*, reference: str, narrowed: Narrowed = _ALL, actor: Actor) -> About:
    """Of one thing, for those whose party keeps it, both sides of an authorization, and the readers of the desk.

    Raises NotFound for everybody else, the same as if there were nothing.
    """
    reference = reference.strip().upper()
    kind, name = _seen(reference, actor)
    kinds = ASSETS if kind == "asset" else (kind,)
    found = Entry.objects.filter(_everything_about(reference, kinds, actor))
    return About(kind, reference, name, _page(found, narrowed))


def _page(found: QuerySet[Entry], narrowed: Narrowed) -> Lines:
    if narrowed.person.strip():
        found = found.filter(actor_name__icontains=narrowed.person.strip())
    if narrowed.first_day is not None:
        found = found.filter(at__gte=start_of_day(narrowed.first_day, narrowed.time_zone))
    if narrowed.last_day is not None:
        found = found.filter(at__lt=end_of_day(narrowed.last_day, narrowed.time_zone))
    if narrowed.before is not None:
        found = found.filter(seq__lt=narrowed.before)
    entries = list(found.order_by("-seq")[: narrowed.size + 1])
    is_more = len(entries) > narrowed.size
    return Lines(entries[: narrowed.size], entries[narrowed.size - 1].seq if is_more else None)


def _seen(reference: str, actor: Actor) -> tuple[str, str]:
    """Its kind and name, where the actor may read its history.

    An access that an authorization gives is seen by its holder too, and the authorization's history is theirs; what
    the keeper notes beside that access stays with the keeper.
    """
    mine = _mine(actor)
    right = _rights(mine).select_related("post").filter(reference=reference).first()
    if right is not None:
        return "authorization", right.post.name or reference
    for kind, (model, keeper) in _KEEPERS.items():
        row = _kept(model, keeper, mine).filter(reference=reference).first()
        if row is not None:
            return kind, str(row)
    raise NotFound("no_such_thing", f"There is nothing {reference} that you can see.", "Look at the reference.")


def _mine(actor: Actor) -> list[int] | None:
    """The parties the actor acts for; None for those who see everything."""
    return None if sees_everything(actor) else list(Party.objects.acted_for_by(actor).values_list("pk", flat=True))


def _kept(model: type[Any], keeper: str, mine: list[int] | None) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.all()
    return rows if mine is None else rows.filter(**{f"{keeper}__in": mine})


def _rights(mine: list[int] | None) -> QuerySet[Authorization]:
    rows = Authorization.objects.all()
    return rows if mine is None else rows.filter(Q(post__held_by__in=mine) | Q(advertiser__in=mine))


def _everything_about(reference: str, kinds: tuple[str, ...], actor: Actor) -> Q:
    """The lines whose subject is the thing itself, or something on the record that is about it."""
    mine = _mine(actor)
    about = Q(subject__in=[f"{kind} {reference}" for kind in kinds])
    for subjects in (*_beside(reference, mine), *_on_record(reference, kinds, mine)):
        about |= Q(subject__in=subjects)
    return about


def _beside(reference: str, mine: list[int] | None) -> Iterator[QuerySet[Any, str]]:
    """Subjects of what belongs to it: rights on its posts, campaigns of its ad account, changes about it, sheets."""
    of_party = Q(post__held_by__reference=reference) | Q(advertiser__reference=reference)
    yield _subjects(_rights(mine).filter(of_party | Q(post__reference=reference)), Value("authorization"))
    campaigns = _kept(*_KEEPERS["campaign"], mine).filter(ad_account__reference=reference)
    yield _subjects(campaigns, Value("campaign"))
    named = Q()
    for column in ("person", "party", "asset", "authorization", "kept_by"):
        named |= Q(**{f"{column}__reference": reference})
    yield _subjects(_kept(*_KEEPERS["change"], mine).filter(named), Value("change"))
    yield _subjects(_kept(*_KEEPERS["intake"], mine).filter(kept_by__reference=reference), Value("intake"))
    yield _subjects(_kept(*_KEEPERS["finding"], mine).filter(subject=reference), Value("finding"))
    if mine is None:
        # What somebody did to their own sign-in is for the desk's readers.
        user = Concat(Value("user "), Cast("user_id", CharField()), output_field=CharField())
        yield Person.objects.filter(reference=reference, user__isnull=False).values_list(user, flat=True)


def _on_record(reference: str, kinds: tuple[str, ...], mine: list[int] | None) -> Iterator[QuerySet[Any, str]]:
    """What is about it is asked of the timeline, so that it is found long after it ended."""
    named = Q(reference=reference)
    for column in ("person", "party", "asset", "surface"):
        if column in kinds:
            named |= Q(**{column: reference})
    if "party" in kinds:
        named |= Q(kept_by=reference)
    versions = Version.objects.filter(named)
    if mine is not None:
        versions = versions.filter(kept_by__in=Party.objects.filter(pk__in=mine).values("reference"))
    yield _subjects(versions, "kind")
    for kind in ASSETS:
        yield _subjects(versions.filter(kind=Kind.ASSET.value), Value(kind))


def _subjects(rows: QuerySet[Any], kind: Value | str) -> QuerySet[Any, str]:
    return rows.values_list(Concat(kind, Value(" "), "reference", output_field=CharField()), flat=True)
