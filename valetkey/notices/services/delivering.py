"""What happened is laid out for the webhooks that want it, and sent until it is taken: none lost, none said twice
under two names.

Each endpoint has a cursor in the history, moved on in the transaction that lays out its messages. A message is
claimed, sent and settled; killed in between, it is sent again under the same id, by which its receiver knows it.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import OuterRef, Subquery

from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry
from valetkey.audit.services import writing
from valetkey.notices.models import Delivery, Endpoint
from valetkey.notices.services.concerned import concerned
from valetkey.notices.services.endpoints import end
from valetkey.notices.services.post import Answer, Message, post
from valetkey.notices.webhooks import PATIENCE, body, headers, next_try, payload, wants

CLAIM: Final = timedelta(minutes=2)
"""Longer than a round: one message to each of some endpoints, all at once, ten seconds."""
SLOW: Final = 3.0
"""Seconds after which an answer is late: all others of its round have waited for it."""
_LINES: Final = 500
_AT_ONCE: Final = 32
_LONGEST: Final = 60.0
"""Seconds: what is left is for the next run."""
_KEPT: Final = timedelta(days=30)
_THE_DESK: Final = Actor(name="the desk", door=Door.WORKER)
_OPEN: Final = (Delivery.State.WAITING, Delivery.State.SENDING)
_GONE: Final = "Its receiver answered that it is gone (410)."


@dataclass(frozen=True)
class Delivered:
    """How many were taken; met a fault and are tried again; were given up; how many endpoints said they are gone."""

    delivered: int = 0
    faults: int = 0
    dead: int = 0
    ended: int = 0


def collect_deliveries(*, at: datetime) -> int:
    """Lay out what each endpoint has not been told yet; how many messages. Safe at the same moment as another."""
    total = 0
    while True:
        endpoints = list(Endpoint.objects.live().defer("secret", "old_secret").select_related("party"))
        first = min((each.cursor for each in endpoints), default=None)
        if first is None:
            return total
        lines = list(Entry.objects.filter(seq__gt=first).order_by("seq")[:_LINES])
        if not lines:
            return total
        total += _lay_out(endpoints, lines, concerned(line.subject for line in lines), at)


def _lay_out(endpoints: Iterable[Endpoint], lines: list[Entry], whose: Mapping[str, set[int]], at: datetime) -> int:
    last = lines[-1].seq
    messages: list[Delivery] = []
    with writing():
        for each in endpoints:
            mine = Endpoint.objects.live().filter(pk=each.pk, cursor=each.cursor, cursor__lt=last)
            if mine.update(cursor=last):
                messages += [_message(each, line, at) for line in lines if _is_for(each, line, whose)]
        Delivery.objects.bulk_create(messages, batch_size=_LINES)
    return len(messages)


def _is_for(endpoint: Endpoint, line: Entry, whose: Mapping[str, set[int]]) -> bool:
    is_new = line.seq > endpoint.cursor
    return is_new and endpoint.party_id in whose.get(line.subject, ()) and wants(endpoint.events, line.event)


def _message(endpoint: Endpoint, line: Entry, at: datetime) -> Delivery:
    # Of the line and the endpoint, so that it is the same however it came about; and it tells nothing of either.
    name = hashlib.sha256(f"{endpoint.reference} {line.digest}".encode()).hexdigest()[:32]
    said = payload(
        event=line.event, at=line.at, subject=line.subject, party=endpoint.party.reference, detail=line.detail
    )
    return Delivery(
        endpoint=endpoint, message_id=f"msg_{name}", event=line.event[:60], payload=said, created_at=at, next_try_at=at,
        give_up_at=at + PATIENCE,
    )  # fmt: skip


def deliver(*, at: datetime) -> Delivered:
    """All that are due: in rounds, of each endpoint one. Who does not answer, or late, is left alone for the rest of
    this run."""
    begun = time.monotonic()
    counts: Counter[str] = Counter()
    silent: set[int] = set()
    _forget_old_secrets(at)
    while (elapsed := time.monotonic() - begun) < _LONGEST:
        # A long run must not claim for a time that is over already.
        moment = at + timedelta(seconds=elapsed)
        claimed = _claim(moment, silent)
        if not claimed:
            break
        answers = post([_written(each, moment) for each in claimed])
        moment = at + timedelta(seconds=time.monotonic() - begun)
        for each, answer in zip(claimed, answers, strict=True):
            counts[_settle(each, answer, moment)] += 1
        pairs = zip(claimed, answers, strict=True)
        silent |= {each.endpoint_id for each, answer in pairs if answer.status is None or answer.seconds > SLOW}
    return Delivered(counts["delivered"], counts["faults"], counts["dead"], counts["ended"])


def _claim(at: datetime, silent: set[int]) -> list[Delivery]:
    """The next one of each endpoint, if nobody else has it. A claim is a try: it may have gone out."""
    due = Delivery.objects.filter(endpoint=OuterRef("pk"), state__in=_OPEN, next_try_at__lte=at)
    first = Subquery(due.order_by("next_try_at", "pk").values("pk")[:1])
    waiting = Endpoint.objects.live().exclude(pk__in=silent).annotate(first=first).filter(first__isnull=False)
    chosen = list(waiting.order_by("pk").values_list("first", flat=True)[:_AT_ONCE])
    if not chosen:
        return []
    mine = []
    with writing():
        for row in Delivery.objects.filter(pk__in=chosen, endpoint__ended_at=None).select_related("endpoint__party"):
            seen = Delivery.objects.filter(pk=row.pk, state=row.state, next_try_at=row.next_try_at, tries=row.tries)
            if row.state not in _OPEN or row.next_try_at > at:
                continue
            if row.tries == 0:
                row.give_up_at = at + PATIENCE  # a day of tries, even where nobody was at work for a week
            row.state, row.claimed_until, row.next_try_at = Delivery.State.SENDING, at + CLAIM, at + CLAIM
            row.tries += 1
            names = ("state", "claimed_until", "next_try_at", "tries", "give_up_at")
            if seen.update(**{name: getattr(row, name) for name in names}):
                mine.append(row)
    return mine


def _written(delivery: Delivery, at: datetime) -> Message:
    endpoint = delivery.endpoint
    is_changing = endpoint.old_secret_until is not None and at < endpoint.old_secret_until
    keys = [each for each in (endpoint.secret, endpoint.old_secret if is_changing else None) if each is not None]
    text = body(delivery.payload)
    return Message(endpoint.url, text, headers(delivery.message_id, at, text, keys))


def _settle(delivery: Delivery, answer: Answer, at: datetime) -> str:
    """Only a claim of one's own; but what was taken was taken, whoever has claimed it meanwhile."""
    said = {"status": answer.status, "fault": answer.fault, "claimed_until": None}
    mine = Delivery.objects.filter(pk=delivery.pk, state__in=_OPEN)
    if answer.is_taken:
        with writing():
            mine.update(state=Delivery.State.DELIVERED, settled_at=at, **said)
        return "delivered"
    mine = mine.filter(state=Delivery.State.SENDING, claimed_until=delivery.claimed_until, tries=delivery.tries)
    again = None if answer.is_gone else next_try(delivery.tries, at=at, give_up_at=delivery.give_up_at)
    with writing():
        if again is not None:
            mine.update(state=Delivery.State.WAITING, next_try_at=again, **said)
            return "faults"
        mine.update(state=Delivery.State.DEAD, settled_at=at, **said)
        if answer.is_gone:
            return "ended" if end(delivery.endpoint, _THE_DESK, at, reason=_GONE) else "dead"
    return "dead"


def prune_deliveries(*, at: datetime) -> int:
    """What was taken or given up long ago is forgotten: the history has what happened; how many."""
    with writing():
        number, _ = Delivery.objects.filter(settled_at__lt=at - _KEPT).delete()
    return number


def _forget_old_secrets(at: datetime) -> None:
    over = Endpoint.objects.filter(old_secret_until__lte=at)
    if over.exists():
        with writing():
            over.update(old_secret=None, old_secret_until=None)
