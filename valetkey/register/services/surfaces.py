"""Lists of access on assets: those that the catalogue knows, and the desk's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from valetkey.accounts.services import require_hand
from valetkey.accounts.services.changing import known_only, take_over
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register import catalogue
from valetkey.register.models import Asset, Surface
from valetkey.register.said import of_surface
from valetkey.text import line, tidy
from valetkey.timeline.services import keep

_CHANGEABLE: Final = ("name", "kind", "path", "note")


def enter_surface(
    *, asset: Asset, name: str, kind: str = "", path: str = "", note: str = "", actor: Actor, at: datetime
) -> Surface:
    """`kind` is the catalogue's word for it, "" for a list of one's own. Refuses a name this asset has already."""
    require_hand(actor, asset.held_by)
    values = _checked({"name": name, "kind": kind, "path": path, "note": note}, asset)
    with writing():
        return _enter(Surface(asset=asset, **values), actor, at)


def add_usual_surfaces(*, asset: Asset, actor: Actor, at: datetime) -> list[Surface]:
    """Those of the catalogue that this asset has not got yet; what is there stays as it is."""
    require_hand(actor, asset.held_by)
    with writing():
        return add_missing(asset, actor, at)


def change_surface(*, surface: Surface, changes: Mapping[str, object], actor: Actor, at: datetime) -> Surface:
    """Name, kind, path, note. Who is on the list stays on it."""
    known_only(changes, *_CHANGEABLE)
    require_hand(actor, surface.asset.held_by)
    values = _checked(changes, surface.asset)
    with writing():
        row = Surface.objects.select_related("asset__held_by").get(pk=surface.pk)
        changed = take_over(row, values)
        _refuse_double(row)
        if changed:
            row.save(update_fields=list(changed))
            _record("surface.changed", row, actor, at, changed=changed)
    return row


def find_surface(*, text: str, actor: Actor) -> Surface:
    """By reference, or by a name that only one of the lists the actor can see has."""
    text = text.strip()
    visible = Surface.objects.visible_to(actor).select_related("asset__held_by")
    row = visible.filter(reference=text.upper()).first()
    if row is not None:
        return row
    found = list(visible.filter(name=text).order_by("pk")[:4])
    if not found:
        raise NotFound(
            "no_such_surface",
            f"There is no list of access “{text}” that you can see.",
            "Look at its asset for the list's reference.",
        )
    if len(found) > 1:
        which = ", ".join(f"{each.reference} of {each.asset}" for each in found)
        raise Conflict("several_surfaces", f"More than one list is called so: {which}.", "Name it by its reference.")
    return found[0]


def surfaces(*, asset: Asset) -> QuerySet[Surface]:
    return Surface.objects.filter(asset=asset).select_related("asset__held_by").order_by("name", "pk")


def add_missing(asset: Asset, actor: Actor, at: datetime) -> list[Surface]:
    """In the caller's transaction. A list that has the name already, and no kind, is the one: it gets the kind."""
    there = {row.name.casefold(): row for row in surfaces(asset=asset)}
    kinds = {row.kind for row in there.values()}
    added = []
    for each in catalogue.usual(asset.platform, asset.kind):
        row = there.get(each.name.casefold())
        if each.key in kinds or (row is not None and row.kind):
            continue
        if row is None:
            added.append(_enter(Surface(asset=asset, name=each.name, kind=each.key), actor, at))
        else:
            changed = take_over(row, {"kind": each.key})
            row.save(update_fields=["kind"])
            _record("surface.changed", row, actor, at, changed=changed)
    return added


def surface_of(asset: Asset, name: str, actor: Actor, at: datetime) -> Surface:
    """In the caller's transaction: the asset's list of that name, entered where it is not there yet."""
    row = Surface.objects.filter(asset=asset, name=name).select_related("asset__held_by").first()
    if row is not None:
        return row
    kind = next((each.key for each in catalogue.usual(asset.platform, asset.kind) if each.name == name), "")
    return _enter(Surface(asset=asset, name=name, kind=kind), actor, at)


def _enter(row: Surface, actor: Actor, at: datetime) -> Surface:
    _refuse_double(row)
    row.save()
    _record("surface.entered", row, actor, at, kind=row.kind)
    return row


def _checked(said: Mapping[str, object], asset: Asset) -> dict[str, Any]:
    values: dict[str, Any] = dict(said)
    if "name" in values:
        values["name"] = line(values["name"], what="The list's name", longest=100)
    if "path" in values:
        values["path"] = line(values["path"], what="The path on the screen", longest=300, needed=False)
    if "note" in values:
        values["note"] = tidy(values["note"], what="The note", longest=2000, needed=False)
    known = [each.key for each in catalogue.usual(asset.platform, asset.kind)]
    if values.get("kind") and values["kind"] not in known:
        offered = ", ".join(known) or "none for this kind of asset"
        raise Invalid(
            "surface_kind",
            f"“{values['kind']}” is no kind of list that the catalogue knows here.",
            f"There are: {offered}. Leave it out for a list of your own.",
        )
    return values


def _refuse_double(row: Surface) -> None:
    for other in Surface.objects.filter(asset=row.asset).exclude(pk=row.pk):
        if other.name.casefold() == row.name.casefold():
            raise Conflict("surface_exists", f"{row.asset} has a list “{other.name}” already.", "Use that one.")


def _record(event: str, row: Surface, actor: Actor, at: datetime, **more: object) -> None:
    detail = {"name": row.name, "asset": row.asset.name, "kept_by": row.asset.held_by.name, **more}
    record(event=event, subject=f"surface {row.reference}", actor=actor, at=at, detail=detail)
    keep(of_surface(row), at=at)
