"""Who is to be told of what now: makes notices, and puts those that go out by mail into their person's one of the day.

Sends nothing (digests). Two at once, or one that is killed, make no notice twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db.models import Q

from valetkey.audit.services import writing
from valetkey.findings.finding import Severity
from valetkey.findings.models import Finding, Spell
from valetkey.notices.models import Digest, Notice
from valetkey.notices.schedule import Said, Wishes, is_news, is_pressing, lead_due
from valetkey.notices.services.audience import Audience, Reader
from valetkey.notices.services.telling import any_pressing, decided, group_of, still_to_tell

_BATCH: Final = 500
_AT_WORK: Final = (Digest.State.WAITING, Digest.State.SENDING)


def plan_notices(*, at: datetime) -> int:
    """How many notices were made. They are on their person's pages from now on."""
    audience = Audience(at)
    made = 0
    for pks in _batches(at):
        # Mostly nobody is to be told anything, and then nobody is kept from writing.
        if any(_due(pks, audience, at)):
            with writing():
                made += len(Notice.objects.bulk_create(_due(pks, audience, at)))
    for user in Notice.objects.filter(waits=True).order_by("user").values_list("user", flat=True).distinct():
        _put_into_mail(user, audience, at)
    return made


def _batches(at: datetime) -> Iterator[list[int]]:
    last = 0
    waiting = Finding.objects.waiting(at).order_by("pk").values_list("pk", flat=True)
    while pks := list(waiting.filter(pk__gt=last)[:_BATCH]):
        yield pks
        last = pks[-1]


def _due(pks: list[int], audience: Audience, at: datetime) -> Iterator[Notice]:
    found = Finding.objects.waiting(at).filter(pk__in=pks).select_related("owner", "handed_to").order_by("pk")
    findings = [each for each in found if not decided(each, at)]
    audience.load(findings)
    spells = dict(Spell.objects.filter(finding__in=findings, closed_at=None).values_list("finding", "pk"))
    said = _said(spells.values())
    for finding in findings:
        if finding.pk not in spells:
            continue
        spell = spells[finding.pk]
        for user, why in audience.of(finding).items():
            wishes = audience.reader(user).wishes
            due = _due_to(wishes, finding, said[user, spell], at)
            if due is not None:
                yield Notice(
                    user_id=user, finding=finding, spell_id=spell, lead=due.lead, severity=due.severity, by=due.by,
                    sentence=finding.sentence, why=why.value, at=at, waits=wishes.wants_mail(group_of(finding)),
                )  # fmt: skip


def _said(spells: Iterable[int]) -> dict[tuple[int, int], list[Said]]:
    """User and spell → what they were told of it."""
    found: dict[tuple[int, int], list[Said]] = defaultdict(list)
    rows = Notice.objects.filter(spell__in=list(spells)).values_list("user", "spell", "lead", "severity", "by")
    for user, spell, lead, severity, by in rows:
        found[user, spell].append(Said(lead, Severity(severity), by))
    return found


def _due_to(wishes: Wishes, finding: Finding, said: Iterable[Said], at: datetime) -> Said | None:
    severity = Severity(finding.severity)
    lead = lead_due(finding.by, at=at, leads=wishes.leads, zone=wishes.zone)
    if lead is None or not wishes.hears(at, is_pressing=is_pressing(severity, finding.by, at)):
        return None
    due = Said(lead, severity, finding.by)
    return due if is_news(due, said) else None


def _put_into_mail(user: int, audience: Audience, at: datetime) -> None:
    """What waits goes into today's mail, unless that is on its way or there already: then it waits for tomorrow."""
    waiting = Notice.objects.filter(user=user, waits=True).select_related(
        "finding__owner", "finding__handed_to", "spell"
    )
    told = still_to_tell(waiting, audience, at)
    if told and not _may_mail(audience.reader(user), told, at):
        return
    with writing():
        rows = list(waiting)
        told = still_to_tell(rows, audience, at)
        if told:
            reader = audience.reader(user)
            if not _may_mail(reader, told, at):
                return
            digest = _untouched(reader, at) or _new_digest(reader, at)
            Digest.objects.filter(pk=digest.pk, state=Digest.State.NEEDLESS).update(
                state=Digest.State.WAITING, next_try_at=at
            )
            Notice.objects.filter(pk__in=[each.pk for each in told]).update(digest=digest, waits=False)
        # What was overtaken by something more pressing, settled or muted meanwhile stays on the pages alone.
        needless = {each.pk for each in rows} - {each.pk for each in told}
        Notice.objects.filter(pk__in=needless).update(waits=False)


def _may_mail(reader: Reader, told: Iterable[Notice], at: datetime) -> bool:
    if not reader.wishes.hears(at, is_pressing=any_pressing(told, at)):
        return False
    if _untouched(reader, at) is not None:
        return True
    zone = reader.wishes.zone
    today = at.astimezone(zone).date()
    theirs = Digest.objects.filter(user=reader.user)
    # Yesterday's that is late counts too: it is the mail of the day on which it arrives.
    arrived = Q(state=Digest.State.SENT, settled_at__gte=datetime.combine(today, time(0), zone))
    return not theirs.filter(Q(day=today) | Q(state__in=_AT_WORK) | arrived).exists()


def _untouched(reader: Reader, at: datetime) -> Digest | None:
    """One that nobody has tried to send yet, so that nobody has seen what is in it."""
    today = at.astimezone(reader.wishes.zone).date()
    is_open = Q(state=Digest.State.WAITING) | Q(state=Digest.State.NEEDLESS, day=today)
    return Digest.objects.filter(is_open, user=reader.user, tries=0).order_by("-day").first()


def _new_digest(reader: Reader, at: datetime) -> Digest:
    return Digest.objects.create(
        user=reader.user,
        day=at.astimezone(reader.wishes.zone).date(),
        message_id=f"<{uuid4()}@{urlsplit(settings.VALETKEY_URL).hostname}>",
        created_at=at,
        next_try_at=at,
    )
