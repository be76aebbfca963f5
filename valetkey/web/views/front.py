"""The front: what waits for whoever looks, and with nothing waiting the obvious first step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from valetkey.accounts.models import desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.authorizations import services
from valetkey.authorizations.services.waiting import Group, Waiting
from valetkey.register.models import Exposure
from valetkey.web.person import now, person


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
    found = services.waiting(actor=actor, at=at)
    context = {
        "at": at,
        "waits": [(few, HEADINGS[few.group]) for few in found.few],
        "found": found,
        "exposures": Exposure.objects.of_managed(actor).open().count(),
        "watches": desk_role_of(actor) is not DeskRole.NONE,
        "start": _start(found, desk_role_of(actor)),
    }
    return render(request, "web/front.html", context)


def _start(found: Waiting, desk_role: DeskRole) -> str:
    """Which first step makes sense for this person."""
    if desk_role is not DeskRole.NONE:
        return desk_role.value
    if found.is_creator:
        return "creator"
    return "buyer" if found.is_advertiser else ""
