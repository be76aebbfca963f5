"""What the record says of each of its rows, for the timeline. The one place that knows which columns are its facts.

Facts name others by their references. Does not write: services keep what is made here.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.db import models

from valetkey.accounts.models import Party, Person
from valetkey.register.models import Access, Asset, Engagement, Exposure, Ownership, Responsibility, Surface
from valetkey.timeline.said import Kind, Said, plain


def of_asset(row: Asset) -> Said:
    keeper = row.held_by.reference
    own = ("platform", "kind", "platform_id", "name", "region", "note", "created_at")
    facts = _facts(row, *own) | {"within": _name(row.within)}
    return Said(Kind.ASSET, row.reference, facts, kept_by=keeper, party=keeper, holds_from=row.created_at)


def of_surface(row: Surface) -> Said:
    facts = _facts(row, "name", "kind", "path", "note")
    return Said(
        Kind.SURFACE, row.reference, facts, kept_by=row.asset.held_by.reference, asset=row.asset.reference,
        surface=row.reference,
    )  # fmt: skip


def of_access(row: Access) -> Said:
    """It holds until it was ended; before that, until the end it is to have, where that is known."""
    own = (
        "role", "since", "end", "until", "purpose", "basis", "way", "review_on", "removal", "note", "source",
        "recorded_at", "confirmed_at", "confirmed_by", "confirmed_how", "let_end_at", "let_end_by", "ended_at",
        "ended_reason", "ended_how",
    )  # fmt: skip
    asset = row.surface.asset
    ends = [moment for moment in (row.until, row.ended_at) if moment is not None]
    return Said(
        kind=Kind.ACCESS,
        reference=row.reference,
        facts=_facts(row, *own) | {"owner": _name(row.owner)},
        kept_by=asset.held_by.reference,
        shared_with=row.holder.reference if row.way == Access.Way.AUTHORIZATION else "",
        party=row.holder.reference,
        person=_name(row.person),
        asset=asset.reference,
        surface=row.surface.reference,
        holds_from=row.since,
        holds_until=min(ends, default=None),
    )


def of_ownership(row: Ownership) -> Said:
    named = {name: _name(getattr(row, name)) for name in ("owned_by", *Ownership.CONTROLS)}
    return Said(
        kind=Kind.OWNERSHIP,
        reference=row.asset.reference,
        facts=_facts(row, "evidence", "confirmed_at", "confirmed_by") | named,
        kept_by=row.asset.held_by.reference,
        party=_name(row.owned_by),
        asset=row.asset.reference,
    )


def of_engagement(row: Engagement) -> Said:
    own = ("purpose", "starts_on", "review_on", "ends_on", "note", "ended_at", "ended_reason")
    return Said(
        kind=Kind.ENGAGEMENT,
        reference=row.reference,
        facts=_facts(row, *own) | {"owner": _name(row.owner)},
        kept_by=row.kept_by.reference,
        party=row.party.reference,
        holds_from=datetime.combine(row.starts_on, time(), tzinfo=UTC),
        holds_until=row.ended_at,
    )


def of_responsibility(row: Responsibility) -> Said:
    own = ("occasion", "what", "within_days", "ended_at", "ended_reason")
    return Said(
        kind=Kind.RESPONSIBILITY,
        reference=row.reference,
        facts=_facts(row, *own) | {"backup": _name(row.backup)},
        kept_by=row.kept_by.reference,
        person=row.person.reference,
        asset=_name(row.asset),
        holds_from=row.created_at,
        holds_until=row.ended_at,
    )


def of_exposure(row: Exposure) -> Said:
    own = (
        "platform", "account", "shared", "since", "note", "opened_at", "opened_by", "changed_at", "changed_by",
        "how_confirmed",
    )  # fmt: skip
    knowers = [
        {"name": each.name, "party": _name(each.party), "person": _name(each.person), "since": plain(each.since)}
        for each in row.knowers.select_related("party", "person").order_by("pk")
    ]
    return Said(
        kind=Kind.EXPOSURE,
        reference=row.reference,
        facts=_facts(row, *own) | {"knowers": knowers},
        kept_by=row.held_by.reference,
        asset=_name(row.asset),
        holds_from=row.opened_at,
        holds_until=row.changed_at,
    )


def _facts(row: models.Model, *names: str) -> dict[str, object]:
    return {name: plain(getattr(row, name)) for name in names}


def _name(row: Party | Person | Asset | None) -> str:
    return row.reference if row is not None else ""
