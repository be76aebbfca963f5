"""Somebody who leaves, and all that is to be found: access on six lists, two authorizations, four codes, a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Actor, Door
from valetkey.authorizations import services as authorizations
from valetkey.authorizations.models import Authorization
from valetkey.register import services as register
from valetkey.register.exposed import Shared
from valetkey.register.models import Access, Asset, Exposure, Surface

SURFACES = ("sign-in and devices", "people", "partners", "members", "staff", "affiliates")
DAY = date(2026, 11, 30)


@dataclass
class Leaver:
    """Of the buyer's side, with Kim, who stays and gets what is passed on."""

    person: Person
    actor: Actor
    stays: Person
    accesses: list[Access]
    owned: list[Authorization]
    seen: list[Authorization]
    exposure: Exposure
    asset: Asset


def leaver(desk: Desk) -> Leaver:
    user = accounts.create_user(email="jo@example.org", name="Jo", actor=HOST, at=desk.at)
    accounts.join(user=user, party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=desk.at)
    accounts.make_token(user=user, label="report", actor=HOST, at=desk.at)
    jo = Actor(name="Jo", door=Door.CLI, user_id=user.pk)
    person = Person.objects.get(user=user, kept_by=desk.advertiser)
    kim = Person.objects.get(user__email="kim@example.org", kept_by=desk.advertiser)
    asset, lists = _lists(desk)
    accesses = [give(desk, surface, person) for surface in lists]
    rows = [_by_hand(desk, number) for number in range(6)]
    for row in rows[2:]:
        authorizations.name_owner(authorization=row, person=kim, actor=desk.bo, at=desk.at)
        authorizations.open(authorization=row, actor=jo, at=desk.at)
    for row in rows[:2]:
        authorizations.name_owner(authorization=row, person=person, actor=desk.bo, at=desk.at)
    exposure = expose(desk, "@northwind", person)
    _others(desk, kim, lists, rows)
    return Leaver(person, jo, kim, accesses, rows[:2], rows[2:], exposure, asset)


def _lists(desk: Desk) -> tuple[Asset, list[Surface]]:
    asset = register.enter_asset(
        held_by=desk.advertiser, platform="tiktok", kind="business_center", name="Northwind BC", platform_id="bc-1",
        with_surfaces=False, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    return asset, [register.enter_surface(asset=asset, name=name, actor=desk.bo, at=desk.at) for name in SURFACES]


def give(desk: Desk, surface: Surface, person: Person, role: str = "member") -> Access:
    return register.open_access(
        surface=surface, person=person, role=role, end=Access.End.NONE, actor=desk.bo, at=desk.at
    )


def _by_hand(desk: Desk, number: int) -> Authorization:
    return authorizations.record(
        code=f"#Leaver+Code/{number:02}-seen==", days=60, post=desk.post, advertiser=desk.advertiser,
        short_reason="We agreed on these days.", actor=HOST, at=desk.at,
    )  # fmt: skip


def expose(desk: Desk, account: str, person: Person) -> Exposure:
    row = register.open_exposure(
        held_by=desk.advertiser, platform="tiktok", account=account, shared=Shared.PASSWORD, actor=desk.bo, at=desk.at
    )
    register.add_knower(exposure=row, person=person, actor=desk.bo, at=desk.at)
    return row


def _others(desk: Desk, kim: Person, lists: list[Surface], rows: list[Authorization]) -> None:
    """What is somebody else's, or over: none of it may be found."""
    give(desk, lists[0], kim)
    jo = Person.objects.get(user__email="jo@example.org", kept_by=desk.advertiser)
    over = give(desk, lists[1], jo, role="analyst")
    register.end_access(access=over, reason="Twice.", actor=desk.bo, at=desk.at)
    expose(desk, "@other", kim)
    gone = expose(desk, "@changed", jo)
    register.close_exposure(exposure=gone, how="Changed.", actor=desk.bo, at=desk.at)
    authorizations.open(authorization=rows[0], actor=desk.kim, at=desk.at)
