"""Send the mails that wait: each is claimed, handed to the mail server, and settled. At most one a day for each person.

Between claim and settling it may be killed: then the mail is tried again later, under the same Message-ID, by which
mail programs know that it is the same. What cannot be delivered within a day is told to the desk's admins.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import F, Q

from valetkey.audit.entry import Actor, Door
from valetkey.audit.services import record, writing
from valetkey.mail.send import hand_in
from valetkey.notices.models import Digest, Notice
from valetkey.notices.recipients import Why
from valetkey.notices.services.audience import Audience
from valetkey.notices.services.letter import letter
from valetkey.notices.services.telling import any_pressing, still_to_tell

CLAIM: Final = timedelta(minutes=10)
"""Longer than the slowest mail server keeps us: a few answers of EMAIL_TIMEOUT each."""
PATIENCE: Final = timedelta(days=1)
_FIRST_WAIT: Final = timedelta(minutes=5)
_LONGEST_WAIT: Final = timedelta(hours=4)
_FEWEST_TRIES: Final = 6
"""A day may be a weekend on which nobody is to be told anything."""
_FAULTS_IN_A_ROW: Final = 3
_THE_DESK: Final = Actor(name="the desk", door=Door.WORKER)
_OPEN: Final = (Digest.State.WAITING, Digest.State.SENDING)


class _Outcome(StrEnum):
    SENT = "sent"
    FAULT = "fault"
    GIVEN_UP = "given up"
    NEEDLESS = "needless"
    PUT_OFF = "put off"
    SOMEBODY_ELSES = "somebody else's"


@dataclass(frozen=True)
class Sent:
    """How many mails the server took; met a fault and are tried again; were given up; had nothing left to say."""

    sent: int = 0
    faults: int = 0
    given_up: int = 0
    needless: int = 0


def send_digests(*, at: datetime) -> Sent:
    """All that are due. Stops where the mail server fails three in a row: the others are tried by the next run."""
    begun = time.monotonic()
    outcomes: Counter[_Outcome] = Counter()
    in_a_row = 0
    due = Digest.objects.filter(state__in=_OPEN, next_try_at__lte=at).order_by("next_try_at", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        # A long run must not claim for a time that is over already.
        outcome = _send(pk, at + timedelta(seconds=time.monotonic() - begun))
        outcomes[outcome] += 1
        in_a_row = in_a_row + 1 if outcome in {_Outcome.FAULT, _Outcome.GIVEN_UP} else 0
        if in_a_row == _FAULTS_IN_A_ROW:
            break
    return Sent(
        sent=outcomes[_Outcome.SENT],
        faults=outcomes[_Outcome.FAULT],
        given_up=outcomes[_Outcome.GIVEN_UP],
        needless=outcomes[_Outcome.NEEDLESS],
    )


def _send(pk: int, at: datetime) -> _Outcome:
    digest = _claim(pk, at)
    if digest is None:
        return _Outcome.SOMEBODY_ELSES
    audience = Audience(at)
    rows = list(digest.notices.select_related("finding__owner", "finding__handed_to", "finding__party", "spell"))
    told = still_to_tell(rows, audience, at)
    if not told:
        return _settle_needless(digest, at)
    reader = audience.reader(digest.user_id)
    hour = reader.wishes.next_hour(at, is_pressing=any_pressing(told, at))
    if hour > at:
        _settle(digest, state=Digest.State.WAITING, next_try_at=hour)
        return _Outcome.PUT_OFF
    fault = hand_in(letter(digest, told, reader, at))
    if not fault:
        return _settle_sent(digest, told, at)
    return _settle_fault(digest, told, fault, audience, at)


def _claim(pk: int, at: datetime) -> Digest | None:
    """By one of several who try. One that was claimed before and never settled may have gone out: that was a try."""
    until = at + CLAIM
    with writing():
        seen = Digest.objects.filter(pk=pk, state__in=_OPEN, next_try_at__lte=at).select_related("user").first()
        if seen is None:
            return None
        tries = F("tries") + (1 if seen.state == Digest.State.SENDING else 0)
        mine = Digest.objects.filter(pk=pk, state=seen.state, next_try_at=seen.next_try_at)
        if not mine.update(state=Digest.State.SENDING, claimed_until=until, next_try_at=until, tries=tries):
            return None
    seen.refresh_from_db(fields=["state", "claimed_until", "next_try_at", "tries"])
    return seen


def _settle(digest: Digest, **said: object) -> bool:
    """False where somebody has claimed it since, or has settled it."""
    mine = Digest.objects.filter(pk=digest.pk, state=Digest.State.SENDING, claimed_until=digest.claimed_until)
    with writing():
        return bool(mine.update(claimed_until=None, **said))


def _settle_sent(digest: Digest, told: list[Notice], at: datetime) -> _Outcome:
    """Whoever has claimed it meanwhile: it is there."""
    with writing():
        here = Digest.objects.filter(Q(pk=digest.pk), state__in=_OPEN)
        here.update(state=Digest.State.SENT, settled_at=at, claimed_until=None, tries=F("tries") + 1, fault="")
        _take_out(digest, told)
    return _Outcome.SENT


def _settle_needless(digest: Digest, at: datetime) -> _Outcome:
    with writing():
        if _settle(digest, state=Digest.State.NEEDLESS, settled_at=at):
            _take_out(digest, [])
    return _Outcome.NEEDLESS


def _take_out(digest: Digest, told: list[Notice]) -> None:
    """What this mail does not say any more stays on the pages alone, unless an earlier try may have said it."""
    if digest.tries == 0:
        digest.notices.exclude(pk__in=[each.pk for each in told]).update(digest=None)


def _settle_fault(digest: Digest, told: list[Notice], fault: str, audience: Audience, at: datetime) -> _Outcome:
    tries = digest.tries + 1
    if at - digest.created_at < PATIENCE or tries < _FEWEST_TRIES:
        wait = min(_FIRST_WAIT * 2 ** min(digest.tries, 10), _LONGEST_WAIT)
        _settle(digest, state=Digest.State.WAITING, next_try_at=at + wait, tries=tries, fault=fault)
        return _Outcome.FAULT
    with writing():
        if _settle(digest, state=Digest.State.FAILED, settled_at=at, tries=tries, fault=fault):
            _tell_admins(digest, told, audience, at)
            detail = {"user": str(digest.user), "tries": tries, "fault": fault}
            subject = f"user {digest.user_id}"
            record(event="user.mail.given_up", subject=subject, actor=_THE_DESK, at=at, detail=detail)
    return _Outcome.GIVEN_UP


def _tell_admins(digest: Digest, told: list[Notice], audience: Audience, at: datetime) -> None:
    """On their pages, since mail is what failed."""
    notices = [
        Notice(
            user_id=admin, finding=each.finding, spell=each.spell, lead=each.lead, severity=each.severity, by=each.by,
            sentence=each.sentence, why=Why.ADMIN.value, at=at,
        )
        for admin in audience.admins()
        if admin != digest.user_id
        for each in told
    ]  # fmt: skip
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
