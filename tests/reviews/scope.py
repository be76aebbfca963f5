"""A list of access with people on it, to be reviewed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.desk import Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person
from valetkey.register import services as register
from valetkey.register.models import Access, Asset
from valetkey.reviews import services
from valetkey.reviews.models import Line, Review

NEXT = date(2027, 5, 3)
NAMES = ("Jo", "Lea", "Max", "Nia", "Pia")


def center(desk: Desk, name: str = "Northwind BC") -> Asset:
    return register.enter_asset(
        held_by=desk.advertiser, platform="tiktok", kind="business_center", name=name, with_surfaces=False,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip


def somebody(desk: Desk, name: str) -> Person:
    return accounts.enter_person(kept_by=desk.advertiser, name=name, actor=desk.bo, at=desk.at)


def give(desk: Desk, asset: Asset, person: Person, **more: Any) -> Access:
    """On its list of people, until in 30 days."""
    surface = register.surfaces(asset=asset).first() or register.enter_surface(
        asset=asset, name="people", actor=desk.bo, at=desk.at
    )
    usual: dict[str, Any] = {"role": "Operator", "end": "at", "until": desk.at + timedelta(days=30)}
    return register.open_access(surface=surface, person=person, **(usual | more), actor=desk.bo, at=desk.at)


def staffed(desk: Desk) -> tuple[Asset, list[Access]]:
    """Five people; the third of them for good."""
    asset = center(desk)
    ends: tuple[dict[str, Any], ...] = ({}, {}, {"end": "none", "until": None}, {}, {})
    return asset, [give(desk, asset, somebody(desk, name), **end) for name, end in zip(NAMES, ends, strict=True)]


def opened(desk: Desk, asset: Asset | None = None) -> Review:
    return services.open_review(kept_by=desk.advertiser, asset=asset, actor=desk.bo, at=desk.at)


def of(review: Review, access: Access) -> Line:
    return services.find_line(review=review, number=review.lines.get(access=access).number)


def decide(desk: Desk, review: Review, decisions: dict[Access, str], note: str = "") -> None:
    for access, decision in decisions.items():
        services.decide(line=of(review, access), decision=decision, note=note, actor=desk.bo, at=desk.at)


def kept(desk: Desk, review: Review) -> Review:
    """Everything as it is, and closed."""
    for line in review.lines.filter(decision=""):
        line.review = review
        services.decide(line=line, decision="keep", actor=desk.bo, at=desk.at)
    return services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)
