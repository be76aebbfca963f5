"""PURE. How the rules of codes word things: posts, moments, names, and facts with where they come from.

Never a date counted from today, so that the same record says the same tomorrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from valetkey.findings.facts import ApplicationFacts, AuthorizationFacts, CampaignFacts
from valetkey.findings.finding import Evidence, Told
from valetkey.findings.rules.on_record import recorded

_SHOWN: Final = 5
_LONGEST: Final = 80
_WINDOW: Final = {"platform": Told.OBSERVED, "contract": Told.AGREED}


def post(facts: AuthorizationFacts) -> str:
    name = " ".join(facts.post.name.split())
    return f"“{name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + '…'}”"


def moment(at: datetime, zone: str = "UTC") -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b %Y, %H:%M} ({zone})"


def last_day(until: datetime, zone: str) -> str:
    """A day ends where the next one begins."""
    local = (until - timedelta.resolution).astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b %Y} ({zone})"


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def named(things: Sequence[str]) -> str:
    """“A”; “A” and “B”; “A” and 2 more."""
    first = f"“{things[0]}”"
    if len(things) == 2:
        return f"{first} and “{things[1]}”"
    return first if len(things) == 1 else f"{first} and {len(things) - 1} more"


def window_end(facts: AuthorizationFacts) -> Evidence:
    if facts.ends_at is None:
        return recorded("No end of the code is on record", facts.window_told_at)
    what = f"End of the code: {moment(facts.ends_at)}"
    return Evidence(what, _WINDOW.get(facts.window_source, Told.RECORDED), facts.window_told_at)


def window_start(facts: AuthorizationFacts, starts_at: datetime) -> Evidence:
    what = f"Start of the code: {moment(starts_at)}"
    return Evidence(what, _WINDOW.get(facts.window_source, Told.RECORDED), facts.window_told_at)


def campaigns(which: Sequence[CampaignFacts]) -> list[Evidence]:
    """The first few, and how many more there are."""
    told = [
        recorded(f"“{each.name}” runs until {last_day(each.ends_at, each.time_zone)}", each.entered_at)
        for each in which[:_SHOWN]
    ]
    return [*told, recorded(f"And {len(which) - _SHOWN} more campaigns")] if len(which) > _SHOWN else told


def places(which: Sequence[ApplicationFacts]) -> list[Evidence]:
    """Where it is applied: seen there, or only said."""
    told = []
    for each in which[:_SHOWN]:
        source = Told.OBSERVED if each.seen_at else Told.RECORDED
        told.append(Evidence(f"Applied on “{each.ad_account.name}”", source, each.applied_at))
    return [*told, recorded(f"And on {len(which) - _SHOWN} more")] if len(which) > _SHOWN else told
