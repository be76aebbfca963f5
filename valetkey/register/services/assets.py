"""Assets that are entered by hand: accounts, Business Centers, shops, pages, channels. Posts and ad accounts have
services of their own, and are found and noted on here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_hand
from valetkey.accounts.services.changing import known_only, take_over
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.models import Asset
from valetkey.register.regions import region
from valetkey.register.said import of_asset
from valetkey.register.services.surfaces import add_missing
from valetkey.text import line, tidy
from valetkey.timeline.services import keep

BY_HAND: Final = (
    Asset.Kind.ACCOUNT,
    Asset.Kind.BUSINESS_CENTER,
    Asset.Kind.SHOP,
    Asset.Kind.PAGE,
    Asset.Kind.CHANNEL,
)
"""Kinds that `enter_asset` takes."""

_OF_ALL: Final = ("within", "region", "note")
_OF_THOSE_BY_HAND: Final = ("name", "platform_id")


def enter_asset(
    *,
    held_by: Party,
    platform: str,
    kind: str,
    name: str,
    platform_id: str = "",
    within: Asset | None = None,
    region: str = "",
    note: str = "",
    with_surfaces: bool = True,
    actor: Actor,
    at: datetime,
) -> Asset:
    """With the lists of access that such an asset usually has. Without an id it goes by its name. Refuses posts and ad
    accounts, and what is on this record already.
    """
    require_hand(actor, held_by)
    if kind not in BY_HAND:
        offered = ", ".join(BY_HAND)
        raise Invalid("asset_kind", f"“{kind}” is not entered here.", f"Use one of {offered}.")
    if platform not in Asset.Platform.values:
        raise Invalid(
            "platform", f"“{platform}” is no platform known here.", f"Use one of {', '.join(Asset.Platform.values)}."
        )
    given = {"name": name, "platform_id": platform_id or name, "note": note, "within": within, "region": region}
    said = _checked(given, held_by)
    row = Asset(held_by=held_by, platform=platform, kind=kind, created_at=at, **said)
    with writing():
        _refuse_double(row)
        row.save()
        _record("asset.entered", row, actor, at, kind=row.kind, platform=row.platform, platform_id=row.platform_id)
        if with_surfaces:
            add_missing(row, actor, at)
    return row


def change_asset(*, asset: Asset, changes: Mapping[str, object], actor: Actor, at: datetime) -> Asset:
    """Name, platform_id, within, region, note. Name and id of posts and ad accounts have services of their own."""
    known_only(changes, *_OF_THOSE_BY_HAND, *_OF_ALL)
    require_hand(actor, asset.held_by)
    if asset.kind not in BY_HAND and set(changes) - set(_OF_ALL):
        raise Conflict(
            "asset_of_its_own",
            "The name and id of a post or an ad account are not changed here.",
            "Correct it where posts and ad accounts are entered.",
        )
    values = _checked(changes, asset.held_by)
    with writing():
        row = Asset.objects.select_related("held_by", "within").get(pk=asset.pk)
        changed = take_over(row, values)
        _refuse_double(row)
        _refuse_circle(row)
        if changed:
            row.save(update_fields=list(changed))
            _record("asset.changed", row, actor, at, changed=changed)
    return row


def find_asset(*, text: str, actor: Actor) -> Asset:
    """By reference, id on the platform or whole name, among those the actor can see. Refuses what fits several."""
    text = text.strip()
    visible = Asset.objects.visible_to(actor).select_related("held_by", "within")
    row = visible.filter(reference=text.upper()).first()
    if row is not None:
        return row
    found = list(visible.filter(Q(platform_id=text) | Q(name=text)).order_by("pk")[:4])
    if not found:
        raise NotFound(
            "no_such_asset", f"There is no asset “{text}” that you can see.", "Look at the list of assets for it."
        )
    if len(found) > 1:
        which = ", ".join(f"{each.reference} ({each.get_kind_display()} of {each.held_by})" for each in found)
        raise Conflict("several_assets", f"More than one asset is called so: {which}.", "Name it by its reference.")
    return found[0]


def assets(*, actor: Actor, text: str = "") -> QuerySet[Asset]:
    """What the actor can see, by name; with `text`, those in whose name, id or reference it stands."""
    found = Asset.objects.visible_to(actor).select_related("held_by", "within").order_by("name", "pk")
    text = text.strip()
    if not text:
        return found
    return found.filter(Q(name__icontains=text) | Q(platform_id__icontains=text) | Q(reference=text.upper()))


def _checked(said: Mapping[str, object], held_by: Party) -> dict[str, Any]:
    values: dict[str, Any] = dict(said)
    if "name" in values:
        values["name"] = line(values["name"], what="The asset's name", longest=300)
    if "platform_id" in values:
        values["platform_id"] = line(values["platform_id"], what="The asset's id or handle", longest=100)
    if "note" in values:
        values["note"] = tidy(values["note"], what="The note", longest=2000, needed=False)
    if "region" in values:
        values["region"] = region(values["region"])
    within = values.get("within")
    if isinstance(within, Asset) and within.held_by_id != held_by.pk:
        raise Invalid(
            "asset_of_another", f"{within} is not on the record of {held_by}.", "Enter it on this record first."
        )
    # A post or ad account is an asset like another here.
    if isinstance(within, Asset) and type(within) is not Asset:
        values["within"] = Asset.objects.get(pk=within.pk)
    return values


def _refuse_double(row: Asset) -> None:
    same = Asset.objects.filter(
        held_by=row.held_by, platform=row.platform, kind=row.kind, platform_id=row.platform_id
    ).exclude(pk=row.pk)
    found = same.first()
    if found is not None:
        raise Conflict("asset_exists", f"It is on this record already, as {found.reference}.", "Use that one.")


def _refuse_circle(row: Asset) -> None:
    above, seen = row.within, {row.pk}
    while above is not None:
        if above.pk in seen:
            raise Invalid("asset_circle", "An asset cannot belong to what belongs to it.", "Choose another one.")
        seen.add(above.pk)
        above = above.within


def _record(event: str, row: Asset, actor: Actor, at: datetime, **more: object) -> None:
    detail = {"name": row.name, "kept_by": row.held_by.name, **more}
    record(event=event, subject=f"asset {row.reference}", actor=actor, at=at, detail=detail)
    keep(of_asset(row), at=at)
