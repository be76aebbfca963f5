"""A code in use as the rules are told of it, for tests that change what they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from valetkey.findings.facts import ApplicationFacts, AuthorizationFacts, CampaignFacts, OtherCode, Thing, Who
from valetkey.findings.finding import About, Found
from valetkey.findings.limits import Limits
from valetkey.findings.rules import judge
from valetkey.register.days import span

MARA: Final = Thing("creator", "Mara")
NORTHWIND: Final = Thing("buyer", "Northwind")
LIMITS: Final = Limits()
TICK: Final = timedelta.resolution


def day(month: int, on: int, hour: int = 0, year: int = 2027) -> datetime:
    return datetime(year, month, on, hour, tzinfo=UTC)


def campaign(name: str = "Spring", starts: str = "2027-03-01", ends: str = "2027-03-31", zone: str = "UTC") -> Any:
    first, last = (datetime.fromisoformat(each).date() for each in (starts, ends))
    when = span(first, last, zone)
    return CampaignFacts(f"c-{name}", name, when.starts_at, when.ends_at, zone, day(1, 5))


def application(name: str = "Northwind DE", **more: Any) -> ApplicationFacts:
    told = {"held_by": "buyer", "state": "in_use", "is_bound": True, "applied_at": day(2, 3), "seen_at": day(2, 3)}
    return ApplicationFacts(ad_account=Thing(f"a-{name}", name), **{**told, **more})


def other(reference: str = "next", **more: Any) -> OtherCode:
    told = {"name": reference, "advertiser": "buyer", "created_at": day(2, 20), "starts_at": day(2, 20)}
    return OtherCode(reference, **{**told, **more})


def code(**more: Any) -> AuthorizationFacts:
    """Works from 1 February to 2 April 2027, in use; looked at on 25 March; no campaign is named."""
    told: dict[str, Any] = {
        "state": "in_use",
        "created_at": day(2, 1),
        "starts_at": day(2, 1),
        "ends_at": day(4, 2),
        "window_source": "platform",
        "window_told_at": day(2, 1),
        "handed_over_at": day(2, 1),
        "opened_at": day(2, 2),
        "checked_at": day(3, 25),
        "creator_owner": Who("mara", "Mara Voss"),
        "advertiser_owner": Who("ben", "Ben Ito"),
        "applications": (application(),),
    }
    return AuthorizationFacts("auth", Thing("post", "Sourdough"), MARA, NORTHWIND, **{**told, **more})


def said_by(rule: str, facts: AuthorizationFacts, at: datetime, limits: Limits = LIMITS) -> list[Found]:
    return [each for each in judge(About.AUTHORIZATION, [facts], at, limits) if each.rule == rule]


def changed(facts: AuthorizationFacts, **more: Any) -> AuthorizationFacts:
    return replace(facts, **more)
