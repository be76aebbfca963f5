"""A small record to look at, as services write it: Northwind's Business Center, an agency on it, a creator's code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, Person
from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Authorization
from valetkey.register import looking, services
from valetkey.register.exposed import Shared
from valetkey.register.looking import Moment
from valetkey.register.models import Access, Asset, Exposure, Surface

MAY = date(2027, 5, 3)


@dataclass
class Recorded:
    """Named by what a test needs. `at` is the desk's clock and moves with `desk.later`."""

    desk: Desk
    agency: Party
    center: Asset
    people_list: Surface
    partners_list: Surface
    jo: Person
    lee: Person
    jos: Access
    agencys: Access
    exposure: Exposure

    @property
    def at(self) -> datetime:
        return self.desk.at

    @property
    def keeper(self) -> Actor:
        """Bo, who manages Northwind."""
        return self.desk.bo

    def now(self) -> Moment:
        return looking.moment(None, zone="UTC", now=self.at)

    def on(self, day: date, **more: Any) -> Moment:
        return looking.moment(day, zone="UTC", now=self.at, **more)

    def person(self, name: str, **more: Any) -> Person:
        return accounts.enter_person(kept_by=self.desk.advertiser, name=name, actor=self.keeper, at=self.at, **more)

    def open(self, person: Person | None = None, **more: Any) -> Access:
        asked = {"surface": self.people_list, "role": "Standard", "end": "unknown"}
        return services.open_access(**{**asked, "person": person, "actor": self.keeper, "at": self.at, **more})

    def shared(self) -> Authorization:
        """Mara's code for Northwind: the access on her record that Northwind sees too."""
        return self.desk.in_use()


def recorded(desk: Desk) -> Recorded:
    northwind, at = desk.advertiser, desk.at
    agency = accounts.create_party(name="Fabrikam Media", kind="agency", actor=HOST, at=at)
    said: dict[str, Any] = {"actor": desk.bo, "at": at}
    center = services.enter_asset(
        held_by=northwind, platform="tiktok", kind="business_center", name="Northwind BC", with_surfaces=False, **said
    )
    people_list = services.enter_surface(asset=center, name="People", kind="people", **said)
    partners_list = services.enter_surface(asset=center, name="Partners", **said)
    jo = accounts.enter_person(kept_by=northwind, name="Jo Weber", mail="jo.weber@example.org", **said)
    lee = accounts.enter_person(kept_by=northwind, name="Lee Park", party=agency, **said)
    jos = services.open_access(
        surface=people_list, person=jo, role="Admin", since=at, end="none", purpose="runs it", owner=lee,
        note="asked twice", **said,
    )  # fmt: skip
    agencys = services.open_access(
        surface=partners_list, holder=agency, role="Operator", since=at, end="at",
        until=datetime(2027, 5, 4, tzinfo=UTC), **said,
    )  # fmt: skip
    services.set_ownership(
        asset=center, changes={"owned_by": northwind, "owner": jo, "second_factor": jo, "backup_owner": lee}, **said
    )
    services.start_engagement(
        kept_by=northwind, party=agency, purpose="buys our ads", starts_on=at.date(), owner=jo, **said
    )
    services.give_responsibility(
        kept_by=northwind, person=jo, backup=lee, occasion="leaver", what="takes them off every list", within_days=1,
        **said,
    )  # fmt: skip
    exposure = services.open_exposure(
        held_by=northwind, platform="tiktok", account="@northwind", shared=Shared.PASSWORD, asset=center, **said
    )
    services.add_knower(exposure=exposure, name="", person=lee, party=agency, **said)
    return Recorded(desk, agency, center, people_list, partners_list, jo, lee, jos, agencys, exposure)
