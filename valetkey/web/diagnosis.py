"""Where the buttons of a diagnosis lead, and a diagnosis beside a step that failed.

Decides no cause and no fix. What was pasted never comes in here, so no page can show it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import may
from valetkey.audit.entry import Actor
from valetkey.authorizations import services as authorizations
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization
from valetkey.diagnosis import services
from valetkey.diagnosis.say import around
from valetkey.diagnosis.services import Attempt, Diagnosis, Finding
from valetkey.errors import PlatformDown, PlatformRefused, Refused
from valetkey.guides.fill import fill
from valetkey.guides.library import library
from valetkey.web.language import language_of
from valetkey.web.person import now
from valetkey.web.steps import WORDS

PAGES: Final[dict[Verb, str]] = {
    Verb.REQUEST: "request_new",
    Verb.ISSUE: "issue",
    Verb.RECORD: "issue",
    Verb.HAND_OVER: "sharing",
    Verb.OPEN: "authorization",
}
"""Verbs with a page of their own, by its name; any other has its page under `do`."""


@dataclass(frozen=True)
class Button:
    label: str
    address: str


@dataclass(frozen=True)
class Told:
    """A finding, with the buttons to its fix: the step on this desk where it may be taken, else the guide's step."""

    finding: Finding
    fix: Button | None
    guide: Button | None


def shown(
    found: Diagnosis, language: str, *, row: Authorization | None = None, allowed: Collection[Verb] = ()
) -> dict[str, Any]:
    """What `web/part/diagnosis.html` needs."""
    return {
        "first": _told(found.first, language, row, allowed),
        "others": [_told(each, language, row, allowed) for each in found.others],
        "around": around(language),
        "language": language,
    }


def beside(
    request: HttpRequest, row: Authorization, verb: Verb, refused: Refused | None, actor: Actor, ad_account: str = ""
) -> dict[str, Any] | None:
    """For the page of a step that the platform refused just now; None where the desk refused it, which says why."""
    if not isinstance(refused, PlatformRefused | PlatformDown):
        return None
    language = language_of(request)
    found = services.diagnose(
        authorization=row,
        attempt=Attempt(verb, refused, ad_account),
        language=language,
        time_zone=timezone.get_current_timezone_name(),
        actor=actor,
        at=now(),
    )
    return shown(found, language, row=row, allowed=allowed(row, actor))


def allowed(row: Authorization, actor: Actor) -> frozenset[Verb]:
    """The steps this person may take on it now. Asking for another post is possible whatever became of this one."""
    verbs = set(authorizations.allowed(authorization=row, actor=actor)) - {Verb.REQUEST}
    standing = standing_of(actor, creator=row.post.held_by, advertiser=row.advertiser)
    return frozenset(verbs | ({Verb.REQUEST} if may(Verb.REQUEST.value, standing) else set()))


def _told(finding: Finding, language: str, row: Authorization | None, allowed: Collection[Verb]) -> Told:
    fix = finding.said.fix
    guide = guide_button(fix.guide, fix.step, language, row) if fix.guide else None
    if row is None or fix.verb not in allowed:
        return Told(finding, None, guide)
    return Told(finding, step_button(Verb(fix.verb), row), guide)


def step_button(verb: Verb, row: Authorization) -> Button:
    if verb is Verb.REQUEST:
        return Button(WORDS[verb].title, reverse(PAGES[verb]))
    if verb in PAGES:
        return Button(WORDS[verb].title, reverse(PAGES[verb], args=[row.reference]))
    return Button(WORDS[verb].title, reverse("do", args=[row.reference, verb.value]))


def guide_button(name: str, step: str, language: str, row: Authorization | None) -> Button:
    guide = fill(library().guide(name, language), {})
    if row is None:
        address = reverse("guide", kwargs={"language": language, "name": name})
    else:
        address = reverse("guide_of_case", kwargs={"reference": row.reference, "name": name})
    label = guide.step(step).title if step else guide.title
    return Button(label, f"{address}#{step}" if step else address)
