"""The mail itself: what needs a look, a line each, in the words of the pages. No code, no token, nothing that signs in.

It decides nothing; every link in it leads to a page that asks who is there, but for those that end the mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.formats import date_format

from valetkey.findings.models import Finding
from valetkey.mail.send import compose
from valetkey.notices.models import Digest, Notice
from valetkey.notices.recipients import Why
from valetkey.notices.services.audience import Reader
from valetkey.notices.services.telling import group_of
from valetkey.notices.services.unsubscribe import GROUPS, unsubscribe_address

FINDINGS_PATH: Final = "findings"
MOST_LINES: Final = 50
"""What is more is on the pages: nobody reads a mail of hundreds of lines."""


@dataclass(frozen=True)
class Line:
    sentence: str
    when: str
    who: str
    link: str


def letter(digest: Digest, told: Sequence[Notice], reader: Reader, at: datetime) -> EmailMultiAlternatives:
    """Under the Message-ID of its digest. With what RFC 8058 asks for, so that mail programs can offer a button."""
    lines = [_line(each, reader, at) for each in told[:MOST_LINES]]
    groups = sorted({group for each in told if (group := group_of(each.finding)) is not None})
    everything = unsubscribe_address(user=reader.user)
    return compose(
        to=reader.user.email,
        template="digest",
        with_html=True,
        context={
            "name": str(reader.user),
            "number": len(told),
            "lines": lines,
            "more": len(told) - len(lines),
            "why": "you answer for something there, or for those who do",
            "mutes": [(GROUPS[each], unsubscribe_address(user=reader.user, group=each)) for each in groups],
            "everything": everything,
        },
        headers={
            "Message-ID": digest.message_id,
            "List-Unsubscribe": f"<{everything}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def finding_address(finding: Finding) -> str:
    return f"{settings.VALETKEY_URL}/{FINDINGS_PATH}/{finding.reference}/"


def _line(notice: Notice, reader: Reader, at: datetime) -> Line:
    finding = notice.finding
    sentence = " ".join(finding.sentence.split())
    return Line(sentence, _when(finding, reader, at), _who(notice), finding_address(finding))


def _when(finding: Finding, reader: Reader, at: datetime) -> str:
    if finding.by is None:
        return "It is so now."
    zone = reader.wishes.zone
    local = finding.by.astimezone(zone)
    days = (local.date() - at.astimezone(zone).date()).days
    said = f"{date_format(local, 'D j M Y, H:i')} ({zone})"
    if finding.by <= at:
        return f"Since {said}."
    return f"{_left(days)}: {said}."


def _left(days: int) -> str:
    return {0: "Today", 1: "Tomorrow"}.get(days, f"In {days} days")


def _who(notice: Notice) -> str:
    finding = notice.finding
    person = finding.handed_to or finding.owner
    if notice.why == Why.OWNER.value:
        return "You answer for it."
    named = f"{' '.join(person.name.split())} answers for it" if person else "Nobody is named who answers for it"
    if notice.why == Why.MANAGER.value:
        return f"{named}; you are told as a manager of {finding.party}."
    return f"{named}; you are told as an admin of the desk."
