"""Something of each kind on one party's record, for tests that try every page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.register import services as register


def on_record(desk: Desk) -> dict[str, str]:
    """Something of each kind on the buyer's record: how the names of its addresses begin → its reference."""
    by: dict[str, Any] = {"actor": HOST, "at": desk.at}
    kept = desk.advertiser
    jo = accounts.enter_person(kept_by=kept, name="Jo Berg", mail="jo@example.org", **by)
    center = register.enter_asset(held_by=kept, platform="tiktok", kind="business_center", name="Northwind BC", **by)
    surface = register.surfaces(asset=center)[0]
    access = register.open_access(
        surface=surface, person=jo, role="Operator", end="at", until=desk.at + timedelta(days=30), **by
    )
    engagement = register.start_engagement(
        kept_by=kept, party=desk.rival, purpose="media buying", starts_on=desk.at.date(), **by
    )
    duty = register.give_responsibility(
        kept_by=kept, person=jo, occasion="leaver", what="Take them off every list", within_days=1, **by
    )
    return {
        "person_": jo.reference,
        **dict.fromkeys(("asset_", "ownership_", "surface_new", "surfaces_"), center.reference),
        **dict.fromkeys(("surface_change", "access_open"), surface.reference),
        **dict.fromkeys(("access_change", "access_confirm", "access_end", "access_let_end"), access.reference),
        "engagement_": engagement.reference,
        "responsibility_": duty.reference,
        "record_person": jo.reference,
        "record_party": kept.reference,
        "record_asset": center.reference,
        "record_surface": surface.reference,
        "record_access": access.reference,
    }
