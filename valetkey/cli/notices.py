"""What somebody was told and what they want to be told: `valetkey notices`."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from valetkey.accounts.models import User
from valetkey.audit.entry import Actor
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.errors import Forbidden, Invalid
from valetkey.findings.finding import Group
from valetkey.notices import services
from valetkey.notices.models import Notice
from valetkey.notices.schedule import Wishes

_QUIET: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_NEVER: Final = "never"
_USUAL: Final = "usual"


def list_notices(
    new: Annotated[bool, typer.Option("--new", help="Only what you have not read.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
) -> None:
    """What you were told, newest first, and by which way."""
    rows = services.notices(actor=SESSION.actor())
    values = [_values(row) for row in (rows.filter(read_at=None) if new else rows)[:limit]]
    headings = ("Reference", "Told (UTC)", "By", "Read", "Finding", "What")
    lines = [
        (one["reference"], moment(one["at"]), one["way"], "yes" if one["read_at"] else "", one["finding"], one["what"])
        for one in values
    ]
    SESSION.show(values, table(headings, lines, empty="Nothing new." if new else "You were told nothing yet."))


def read(
    reference: Annotated[str, typer.Argument(metavar="[NOTICE]", help="Its reference; without one, all.")] = "",
) -> None:
    """Say that you have read what you were told: one notice, or all."""
    number = services.mark_read(reference=reference, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show({"read": number}, f"{number} read." if number else "Nothing was new.")


def preferences(
    by_mail: Annotated[bool | None, typer.Option("--mail/--no-mail", help="Whether you are mailed at all.")] = None,
    muted: Annotated[list[Group] | None, typer.Option("--mute", help="No mails about this; may be repeated.")] = None,
    heard: Annotated[list[Group] | None, typer.Option("--unmute", help="Mails about this again.")] = None,
    lead: Annotated[str, typer.Option("--lead", metavar="DAYS", help="As 30,14,7,3,1; or usual.")] = "",
    quiet: Annotated[str, typer.Option("--quiet", metavar="HOURS", help="As 20:00-08:00; or never.")] = "",
    on_weekends: Annotated[
        bool | None, typer.Option("--weekends/--no-weekends", help="Whether weekends are days as others.")
    ] = None,
) -> None:
    """What you want to be told by mail, and when not; without an option, what holds now."""
    actor = SESSION.actor()
    user = _user(actor)
    wishes = services.wishes(user=user)
    changes: dict[str, Any] = {"by_mail": by_mail, "on_weekends": on_weekends}
    changes = {name: value for name, value in changes.items() if value is not None}
    if muted or heard:
        changes["muted"] = sorted({*wishes.muted, *(muted or ())} - {*(heard or ())})
    if lead:
        changes["lead_days"] = _days(lead)
    if quiet:
        changes["quiet_from"], changes["quiet_until"] = _hours(quiet)
    if changes:
        wishes = services.set_preference(user=user, changes=changes, actor=actor, at=SESSION.at())
    SESSION.show(_wishes_values(wishes), Text(str(user), style="bold"), facts(_wishes_pairs(wishes)))


def _user(actor: Actor) -> User:
    user = User.objects.filter(pk=actor.user_id or 0).first()
    if user is None:
        raise Forbidden("not_a_user", "Notices are for somebody who uses the desk.", "Say who you are.")
    return user


def _days(text: str) -> list[int]:
    if text == _USUAL:
        return []
    if not all(re.fullmatch(r"\d{1,4}", word.strip()) for word in text.split(",")):
        raise Invalid("lead_days", f"“{text}” are no days before an end.", "Write them as 30,14,7,3,1.")
    return [int(word) for word in text.split(",")]


def _hours(text: str) -> tuple[time | None, time | None]:
    if text == _NEVER:
        return None, None
    told = _QUIET.fullmatch(text)
    try:
        start, end = (time(int(told[1]), int(told[2])), time(int(told[3]), int(told[4]))) if told else (None, None)
    except ValueError:
        start = end = None
    if start is None:
        raise Invalid("quiet_hours", f"“{text}” are no hours.", "Write them as 20:00-08:00, or never.")
    return start, end


def _values(row: Notice) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "at": row.at,
        "finding": row.finding.reference,
        "what": row.sentence,
        "by": row.by,
        "lead_days": row.lead if row.lead >= 0 else None,
        "why": row.why,
        "way": "mail" if row.digest or row.waits else "pages",
        "mail": row.digest.state if row.digest else None,
        "read_at": row.read_at,
    }


def _wishes_values(wishes: Wishes) -> dict[str, Any]:
    return {
        "by_mail": wishes.by_mail,
        "muted": sorted(wishes.muted),
        "lead_days": list(wishes.leads),
        "quiet": [f"{each:%H:%M}" for each in wishes.quiet] if wishes.quiet else None,
        "on_weekends": wishes.on_weekends,
        "time_zone": str(wishes.zone),
    }


def _wishes_pairs(wishes: Wishes) -> list[tuple[str, str]]:
    said = _wishes_values(wishes)
    return [
        ("mails", "at most one a day" if said["by_mail"] else "none; your pages have everything"),
        ("muted", ", ".join(said["muted"]) or "nothing"),
        ("days before", ", ".join(map(str, said["lead_days"]))),
        ("quiet", f"{' to '.join(said['quiet'])} ({said['time_zone']})" if said["quiet"] else "never"),
        ("weekends", "as other days" if said["on_weekends"] else "only what stops within a day"),
    ]
