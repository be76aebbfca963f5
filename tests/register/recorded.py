"""A Business Center on Northwind's record, somebody on it, and one word for each step."""

from __future__ import annotations

from typing import Any

from tests.desk import AT, Desk
from valetkey.accounts.models import Person
from valetkey.accounts.services import enter_person
from valetkey.register import services
from valetkey.register.models import Access, Asset, Surface


def business_center(desk: Desk, **given: Any) -> Asset:
    asked = {"held_by": desk.advertiser, "platform": "tiktok", "kind": "business_center", "name": "Northwind BC"}
    return services.enter_asset(**{**asked, "actor": desk.kim, "at": AT, **given})


def people_list(desk: Desk) -> Surface:
    """The list of its people, made with the Business Center where it is not there yet."""
    found = Surface.objects.filter(asset__held_by=desk.advertiser, kind="people").first()
    return found or services.surfaces(asset=business_center(desk)).get(kind="people")


def jo(desk: Desk) -> Person:
    found = Person.objects.filter(kept_by=desk.advertiser, name="Jo Berg").first()
    return found or enter_person(kept_by=desk.advertiser, name="Jo Berg", mail="jo@example.org", actor=desk.kim, at=AT)


def given_access(desk: Desk, **given: Any) -> Access:
    asked = {"surface": people_list(desk), "person": jo(desk), "role": "Standard", "end": "none"}
    return services.open_access(**{**asked, "actor": desk.kim, "at": AT, **given})
