"""Read the history of the whole desk, newest first, narrowed and page by page. For the host, an admin or an auditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from valetkey.accounts.services import require_reader
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.register.days import end_of_day, start_of_day

PAGE: Final = 50
SUBJECTS: Final = (
    "authorization", "post", "ad_account", "campaign", "party", "user", "token", "invitation", "surface", "exposure",
)  # fmt: skip
"""The first word of what a line is about."""


@dataclass(frozen=True)
class Lines:
    """`before`: where the next page begins, None on the last one."""

    entries: list[Entry]
    before: int | None


def read_history(
    *,
    about: str = "",
    person: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    time_zone: str = "UTC",
    before: int | None = None,
    actor: Actor,
) -> Lines:
    """`about`: a reference, or one of `SUBJECTS`. `person`: a part of a name. Days are days of `time_zone`.

    Pages go by the number of the line, so that a page stays what it is while the desk writes on.
    """
    require_reader(actor)
    found = Entry.objects.order_by("-seq")
    if about.strip().lower() in SUBJECTS:
        found = found.filter(subject__startswith=f"{about.strip().lower()} ")
    elif about.strip():
        found = found.filter(subject__in=[f"{kind} {about.strip().upper()}" for kind in SUBJECTS])
    if person.strip():
        found = found.filter(actor_name__icontains=person.strip())
    if first_day is not None:
        found = found.filter(at__gte=start_of_day(first_day, time_zone))
    if last_day is not None:
        found = found.filter(at__lt=end_of_day(last_day, time_zone))
    if before is not None:
        found = found.filter(seq__lt=before)
    entries = list(found[: PAGE + 1])
    return Lines(entries[:PAGE], entries[PAGE - 1].seq if len(entries) > PAGE else None)
