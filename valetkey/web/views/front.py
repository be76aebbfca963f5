"""The front: what needs whoever looks today, what ends in the days to come, what is fine; or the same of another day.

With nothing waiting, the obvious first step. Nothing is said twice: what a finding tells is left out of what waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from valetkey.accounts.models import desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.audit.entry import Actor
from valetkey.authorizations import services
from valetkey.authorizations.services.waiting import Few, Group, Waiting
from valetkey.findings import services as findings
from valetkey.findings.finding import About
from valetkey.register.models import Exposure
from valetkey.web.ahead import timeline
from valetkey.web.findings import row_of
from valetkey.web.fine import what_is_fine
from valetkey.web.forms.findings import FindingsForm
from valetkey.web.person import now, person
from valetkey.web.record_day import Day, asked_day
from valetkey.web.views.findings import rows_of_day
from valetkey.worker.health import in_short

DAYS: Final = 30
"""So far ahead the front looks."""
MOST: Final = 6
"""Findings on it; that there are more is told."""


@dataclass(frozen=True)
class Heading:
    """`step`: what the link of each row says. `rest`: the query of the list that shows all of them. `side`: who has to
    do it, for whoever only watches; "" where it is anybody's."""

    title: str
    explained: str
    step: str
    rest: str
    side: str = ""


HEADINGS: Final[dict[Group, Heading]] = {
    Group.UNCERTAIN: Heading(
        "Not known whether it was done",
        "A call went out and no clear answer came back. Do not repeat it: look at the platform.",
        "Look at it",
        "uncertain=yes",
    ),
    Group.TO_ANSWER: Heading(
        "Requests to answer",
        "Somebody asks for a post. You may grant less, or decline.",
        "Answer",
        "state=requested",
        "creator",
    ),
    Group.TO_HAND_OVER: Heading(
        "Codes to hand over", "There is a code, and nobody has got it yet.", "Hand it over", "state=issued", "creator"
    ),
    Group.TO_SWITCH_OFF: Heading(
        "To switch off",
        "The ads are paused; the next step of the ending is the creator's.",
        "Go on",
        "state=ads_paused",
        "creator",
    ),
    Group.TO_CONFIRM: Heading(
        "To confirm", "It was switched off. It is ended when the platform shows it.", "Confirm", "state=switched_off"
    ),
    Group.TO_TELL: Heading(
        "To tell",
        "It is ended, and nobody has written down that the advertiser was told.",
        "Tell them",
        "state=ended",
        "creator",
    ),
    Group.TO_OPEN: Heading(
        "Codes to open", "A creator has handed a code over.", "Open it", "state=handed_over", "advertiser"
    ),
    Group.TO_APPLY: Heading(
        "To apply", "The code was seen, and is applied to no ad account yet.", "Apply it", "state=opened", "advertiser"
    ),
    Group.ASKED_TO_END: Heading(
        "Asked to end", "They are to end early: acknowledge, and pause the ads.", "Go on", "group=ending", "advertiser"
    ),
    Group.ENDS_EARLY: Heading(
        "End before their campaign",
        "Within 14 days the code is over, and a campaign that uses it is not. The creator can extend it.",
        "Look at it",
        "short=yes&ends_within=14",
    ),
}


def front(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    day = asked_day(request, at)
    if day.on is not None:
        return _another_day(request, day, day.on, actor, at)
    desk_role = desk_role_of(actor)
    counts = findings.count_waiting(actor=actor, at=at)
    pressing = findings.inbox(actor=actor, at=at, size=MOST).rows if counts.all else []
    found = services.waiting(actor=actor, at=at)
    told = {each.subject for each in pressing if each.about == About.AUTHORIZATION}
    context = {
        "at": at,
        "day": day,
        "rows": [row_of(each, at) for each in pressing],
        "counts": counts,
        "waits": [(few, HEADINGS[few.group]) for few in _not_told(found, told)],
        "found": found,
        "exposures": Exposure.objects.of_managed(actor).open().count(),
        "watches": desk_role is not DeskRole.NONE,
        "start": _start(found, desk_role),
        "fine": what_is_fine(actor=actor, at=at),
        "unwatched": in_short(at=at) if desk_role is DeskRole.ADMIN else "",
        **_ahead(at, actor),
    }
    return render(request, "web/front.html", context)


def _not_told(found: Waiting, told: set[str]) -> list[Few]:
    """What waits, without what a finding on the same page tells already."""
    left = [replace(few, rows=[row for row in few.rows if row.reference not in told]) for few in found.few]
    return [few for few in left if few.rows or few.is_more]


def _another_day(request: HttpRequest, day: Day, on: date, actor: Actor, at: datetime) -> HttpResponse:
    """What ended after a day gone by is for the record to tell; after a day to come, it is drawn as for today."""
    found, rows = rows_of_day(on, FindingsForm(request.GET), actor, at)
    context: dict[str, Any] = {"at": at, "day": day, "found": found, "rows": rows[:MOST], "more": len(rows) > MOST}
    if day.is_future:
        context |= _ahead(found.on - timedelta(microseconds=1), actor)
    return render(request, "web/front_day.html", context)


def _ahead(after: datetime, actor: Actor) -> dict[str, Any]:
    ahead = services.ends_ahead(after=after, days=DAYS, time_zone=timezone.get_current_timezone_name(), actor=actor)
    return {"ahead": ahead, "timeline": timeline(ahead.days)}


def _start(found: Waiting, desk_role: DeskRole) -> str:
    """Which first step makes sense for this person."""
    if desk_role is not DeskRole.NONE:
        return desk_role.value
    if found.is_creator:
        return "creator"
    return "buyer" if found.is_advertiser else ""
