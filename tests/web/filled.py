"""A party's record with enough in it to look at: people, accounts, their lists, an agency, a leaver, a mess or two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, Person
from valetkey.audit.entry import Actor
from valetkey.register import services
from valetkey.register.exposed import Shared
from valetkey.register.models import Access, Asset, Exposure, Surface
from valetkey.register.occasions import Occasion


@dataclass
class Filled:
    """`begun`: when the first of it was entered, 90 days before `at`."""

    keeper: Party
    agency: Party
    jo: Person
    ines: Person
    lee: Person
    center: Asset
    account: Asset
    members: Surface
    partners: Surface
    joes: Access
    ended: Access
    agencys: Access
    exposure: Exposure
    begun: datetime


def fill(keeper: Party, host: Actor, at: datetime) -> Filled:
    """Jo owns nearly everything, Ines backs her up, Lee has left and is still on a list. `host`: may make parties."""
    begun = at - timedelta(days=90)
    first: dict[str, Any] = {"actor": host, "at": begun}
    agency = accounts.create_party(name=f"Blue Hour Agency ({keeper})", kind=Party.Kind.AGENCY, **first)
    jo = _person(keeper, "Jo Brandt", "Head of social", **first)
    ines = _person(keeper, "Ines Okafor", "Paid social", **first)
    lee = _person(keeper, "Lee Sand", "Community", **first)
    kit = accounts.enter_person(kept_by=keeper, party=agency, name="Kit Moreau", work="Account lead", **first)
    center = services.enter_asset(
        held_by=keeper, platform="tiktok", kind="business_center", name="Northwind BC", with_surfaces=False, **first
    )
    account = services.enter_asset(
        held_by=keeper, platform="tiktok", kind="account", name="@northwind.shoes", with_surfaces=False,
        within=center, note="The one that everything hangs on.", **first,
    )  # fmt: skip
    members = services.enter_surface(asset=center, name="People", path="Business Center → Users → Members", **first)
    partners = services.enter_surface(asset=center, name="Partner list", **first)
    login = services.enter_surface(asset=account, name="Signed-in devices", **first)
    opened: dict[str, Any] = {"since": begun, **first}
    services.open_access(surface=members, person=jo, role="Admin", end="none", owner=jo, purpose="Runs it", **opened)
    joes = services.open_access(
        surface=login, person=jo, role="Owner", end="none", owner=ines, purpose="Posts and answers",
        removal="Sign the device out under Settings.", **opened,
    )  # fmt: skip
    services.open_access(surface=members, person=ines, role="Standard", end="unknown", **opened)
    services.open_access(surface=members, person=lee, role="Standard", end="unknown", purpose="Comments", **opened)
    ended = services.open_access(surface=login, person=lee, role="Editor", end="none", owner=jo, **opened)
    agencys = services.open_access(
        surface=partners, holder=agency, role="Partner", end="at", until=at + timedelta(days=9), owner=jo,
        basis="Contract 2026-14", purpose="Autumn campaign", review_on=(at + timedelta(days=5)).date(), **opened,
    )  # fmt: skip
    services.open_access(
        surface=partners, person=kit, role="Operator", end="at", until=at + timedelta(days=60), **opened
    )
    services.set_ownership(
        asset=account, changes={"owned_by": keeper, "owner": jo, "recovery_mail": jo, "second_factor": lee}, **first
    )
    services.start_engagement(
        kept_by=keeper, party=agency, purpose="Runs the autumn campaign", starts_on=begun.date(),
        ends_on=(at + timedelta(days=9)).date(), owner=jo, **first,
    )  # fmt: skip
    services.give_responsibility(
        kept_by=keeper, person=jo, backup=ines, occasion=Occasion.LEAVER, within_days=1,
        what="Take them off the Business Center and sign their devices out", **first,
    )  # fmt: skip
    exposure = services.open_exposure(
        held_by=keeper, platform="tiktok", account="@northwind.shoes", asset=account, shared=Shared.PASSWORD, **first
    )
    services.add_knower(exposure=exposure, person=lee, name="", **first)
    middle = at - timedelta(days=30)
    services.end_access(
        access=ended, reason="Moved to another team", how="Not on the list any more", actor=host, at=middle
    )
    services.change_access(access=joes, changes={"role": "Main owner"}, actor=host, at=middle)
    accounts.person_left(person=lee, on=(at - timedelta(days=10)).date(), actor=host, at=at - timedelta(days=9))
    return Filled(
        keeper, agency, jo, ines, lee, center, account, members, partners, joes, ended, agencys, exposure, begun
    )


def _person(keeper: Party, name: str, work: str, **given: Any) -> Person:
    mail = f"{name.split()[0].lower()}.{keeper.reference.lower()}@example.org"
    return accounts.enter_person(kept_by=keeper, name=name, mail=mail, work=work, joined_on=None, **given)
