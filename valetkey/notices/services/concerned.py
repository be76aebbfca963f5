"""Whose a line of the history is: the parties that keep its subject, and both sides of an authorization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from valetkey.accounts.models import Party, Person
from valetkey.authorizations.models import Authorization
from valetkey.changes.models import Change
from valetkey.findings.models import Finding
from valetkey.intake.models import Batch
from valetkey.register.models import Access, Asset, Campaign, Engagement, Exposure, Responsibility, Surface
from valetkey.reviews.models import Review

_WAYS: Final[dict[str, tuple[type[Model], tuple[str, ...]]]] = {
    "access": (Access, ("surface__asset__held_by",)),
    "ad_account": (Asset, ("held_by",)),
    "asset": (Asset, ("held_by",)),
    "authorization": (Authorization, ("post__held_by", "advertiser")),
    "campaign": (Campaign, ("ad_account__held_by",)),
    "change": (Change, ("kept_by",)),
    "engagement": (Engagement, ("kept_by",)),
    "exposure": (Exposure, ("held_by",)),
    "finding": (Finding, ("party",)),
    "intake": (Batch, ("kept_by",)),
    "party": (Party, ("pk",)),
    "person": (Person, ("kept_by",)),
    "post": (Asset, ("held_by",)),
    "responsibility": (Responsibility, ("kept_by",)),
    "review": (Review, ("kept_by",)),
    "surface": (Surface, ("asset__held_by",)),
}
"""What a line can be about, and the way from it to the parties. Users, tokens, invitations, plans and the desk itself
are nobody's."""


def concerned(subjects: Iterable[str]) -> Mapping[str, set[int]]:
    """Subject → parties. One query for each kind, however many there are."""
    named: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        kind, _, reference = subject.partition(" ")
        if kind in _WAYS and reference:
            named[kind].add(reference)
    found: dict[str, set[int]] = defaultdict(set)
    for kind, references in named.items():
        model, ways = _WAYS[kind]
        rows: Any = model._default_manager.filter(reference__in=references).values_list("reference", *ways)
        for reference, *parties in rows:
            found[f"{kind} {reference}"].update(parties)
    return found
