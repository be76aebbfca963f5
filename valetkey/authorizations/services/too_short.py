"""Days that end before what the code is needed for: refused until somebody says why, and then that is kept.

What falls short is decided by `authorizations.coverage`. Where nothing is known to be needed, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings

from valetkey.audit.models import Entry
from valetkey.authorizations.coverage import Need, Shortfall, Window, end_of_day, end_of_term, shortfall
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.transition import event
from valetkey.connectors import registry
from valetkey.errors import TooShort
from valetkey.register.models import Campaign
from valetkey.text import tidy

_CHOOSE: Final = "{days} days are the fewest on offer that reach. Or keep it as it is, and say why."
_ADD: Final = "{days} days more are the fewest on offer that reach. Or keep it as it is, and say why."
_MADE: Final = (
    "Extend it in the app first: {days} days more are the fewest on offer that reach."
    " Or leave it as it is, with a word why; “I give less” is enough."
)
_NONE_REACH: Final = (
    "No number of days on offer reaches that far; {longest} days go furthest, and a code can be extended again."
    " Or keep it as it is, and say why."
)
_LONGEST: Final = 500
_SETS_WINDOW: Final = (event(Verb.REQUEST), event(Verb.RECORD), event(Verb.ISSUE, "done"), event(Verb.EXTEND, "done"))


def needed_for(campaigns: Iterable[Campaign], agreed_until: date | None) -> Need | None:
    """The campaign that ends last; without one, the agreed last day in the desk's zone; None where neither is known."""
    last = max(campaigns, key=lambda campaign: campaign.ends_at, default=None)
    if last is not None:
        return Need(f"the campaign “{last.name}”", last.ends_at, last.ad_account.time_zone, last.span())
    if agreed_until is None:
        return None
    zone = settings.VALETKEY_TIME_ZONE
    return Need("the agreed use", end_of_day(agreed_until, zone), zone)


def need_of(authorization: Authorization, agreed_until: date | None = None) -> Need | None:
    """Of a row as it is; `agreed_until` is the day that is about to be granted instead of its own."""
    campaigns = authorization.campaigns.select_related("ad_account")
    return needed_for(campaigns, agreed_until or authorization.agreed_until)


def chosen(need: Need | None, platform: str, starts_at: datetime, days: int, reason: str) -> dict[str, object]:
    """For days that are still to be chosen. What the entry keeps of it: nothing, where they reach. Raises TooShort."""
    window = Window(starts_at, end_of_term(starts_at, days))
    return _kept(shortfall(window, need, terms=_offered(platform)), platform, _CHOOSE, reason)


def added(need: Need | None, platform: str, window: Window, days: int, reason: str) -> dict[str, object]:
    """The same for days added to the window's end; where that is not known, neither is what they lead to."""
    if window.ends_at is None:
        return {}
    later = Window(window.starts_at, end_of_term(window.ends_at, days))
    found = shortfall(later, need, terms=_offered(platform), counted_from=window.ends_at)
    return _kept(found, platform, _ADD, reason)


def made(need: Need | None, platform: str, window: Window, reason: str) -> dict[str, object]:
    """The same for a code that is made already: it can be extended in the app before it is written down here."""
    found = shortfall(window, need, terms=_offered(platform), counted_from=window.ends_at)
    return _kept(found, platform, _MADE, reason)


@dataclass(frozen=True)
class KeptShort:
    """That the days it has now were kept although they end too early."""

    days_short: int
    reason: str
    by: str
    at: datetime


def kept_short(*, authorization: Authorization) -> KeptShort | None:
    """Why the newest days end too early, where somebody had to say so."""
    newest = Entry.objects.filter(subject=authorization.subject, event__in=_SETS_WINDOW).order_by("-seq").first()
    if newest is None or "short_reason" not in newest.detail:
        return None
    return KeptShort(newest.detail["days_short"], newest.detail["short_reason"], newest.actor_name, newest.at)


def said_before(authorization: Authorization, window: Window, reason: str) -> str:
    """The reason given; without one, what was said when so few days were asked for, if no fewer are granted."""
    asked = authorization.requested_days
    if reason.strip() or authorization.state != State.REQUESTED or not (asked and window.starts_at and window.ends_at):
        return reason
    kept = kept_short(authorization=authorization)
    if kept is None or window.ends_at < end_of_term(window.starts_at, asked):
        return ""
    return f"As asked for: {kept.reason}"[:_LONGEST]


def as_attempted(authorization: Authorization, verb: Verb) -> dict[str, object]:
    """What was said when the verb was tried: for the entry of a look that finds it done after all."""
    tried = Entry.objects.filter(subject=authorization.subject, event=event(verb, "attempted")).order_by("-seq").first()
    return {name: tried.detail[name] for name in ("days_short", "short_reason") if tried and name in tried.detail}


def _offered(platform: str) -> tuple[int, ...]:
    return registry.platform(platform).terms.confirmed


def _kept(found: Shortfall | None, platform: str, next_step: str, reason: str) -> dict[str, object]:
    if found is None:
        return {}
    if not reason.strip():
        advice = next_step if found.covering else _NONE_REACH
        said = advice.format(days=found.covering, longest=max(_offered(platform)))
        raise TooShort(found.sentence(), said, found.covering)
    return {"days_short": found.days_short, "short_reason": tidy(reason, what="The reason", longest=_LONGEST)}
