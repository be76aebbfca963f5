"""Calendars that programs follow: `valetkey feeds`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from valetkey.accounts.models import User
from valetkey.accounts.services import actor_by_mail
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.notices import services
from valetkey.notices.models import Feed
from valetkey.register.services import find_campaign

Mail = Annotated[str, typer.Argument(metavar="MAIL", help="Whose: the address they are known by.")]


def list_feeds() -> None:
    """Your calendars; of all users for the host. Their addresses were shown once."""
    rows = [_values(row) for row in services.feeds(actor=SESSION.actor())]
    SESSION.show(
        rows,
        table(
            ("Calendar", "Whose", "Of what", "Made", "Last read"),
            [
                (row["reference"], row["user"], row["campaign"] or "all", moment(row["created_at"]),
                 moment(row["read_at"]) if row["read_at"] else "never")
                for row in rows
            ],
            empty="No calendars. `valetkey feeds add MAIL` makes one.",
        ),
    )  # fmt: skip


def add(
    mail: Mail,
    campaign: Annotated[
        str, typer.Option("--campaign", help="Of this campaign alone, not of all that is theirs.")
    ] = "",
) -> None:
    """Make a calendar at a secret address, which is shown this once."""
    actor = SESSION.actor()
    user = User.objects.get(pk=actor_by_mail(email=mail, door=actor.door).user_id or 0)
    found = find_campaign(text=campaign, actor=actor) if campaign else None
    made = services.add_feed(user=user, campaign=found, actor=actor, at=SESSION.at())
    SESSION.show(
        {**_values(made.feed), "address": made.address},
        Text(f"Calendar {made.feed.reference}. Its address is shown this once:"),
        Text(made.address),
        Text("Whoever has it reads the calendar: give it to nobody else."),
    )


def end(reference: Annotated[str, typer.Argument(metavar="CALENDAR", help="As `feeds list` shows it.")]) -> None:
    """End a calendar; its address gives nothing any more."""
    actor = SESSION.actor()
    row = services.find_feed(reference=reference, actor=actor)
    services.end_feed(feed=row, actor=actor, at=SESSION.at())
    row.refresh_from_db()
    SESSION.show(_values(row), Text(f"The address of calendar {row.reference} gives nothing any more."))


def _values(row: Feed) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "user": row.user.email,
        "campaign": row.campaign.name if row.campaign else None,
        "created_at": row.created_at,
        "read_at": row.read_at,
        "ended_at": row.ended_at,
    }
