"""Invite people by a link: `valetkey invite`, `valetkey invitation`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from valetkey.accounts import services
from valetkey.accounts.models import Invitation
from valetkey.accounts.policy import DeskRole, Role
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment


def invite(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="Whom: the address they will be known by.")],
    party: Annotated[str, typer.Option("--party", help="For whom they will act.")] = "",
    role: Annotated[Role | None, typer.Option("--role", help="For the party: manager, member or viewer.")] = None,
    desk_role: Annotated[
        DeskRole, typer.Option("--desk-role", help="Instead of a party: admin or auditor of the whole desk.")
    ] = DeskRole.NONE,
    name: Annotated[str, typer.Option("--name", help="How they are called.")] = "",
    days: Annotated[int | None, typer.Option("--days", help="How long the link works.")] = None,
) -> None:
    """Invite a person by a link, which is mailed to them and shown this once."""
    actor = SESSION.actor()
    found = services.find_party(name=party, actor=actor) if party else None
    made = services.invite(
        mail=mail, name=name, party=found, role=role or (Role.MEMBER if found else None), desk_role=desk_role,
        days=days, actor=actor, at=SESSION.at(),
    )  # fmt: skip
    row, link = made.invitation, services.invitation_address(made.link)
    SESSION.show(
        {**_values(row, SESSION.at()), "link": link, "is_sent": made.is_sent},
        Text(f"Link for {row.mail}, until {moment(row.ends_at)}. It is shown this once:"),
        Text(link),
        Text("The link was mailed." if made.is_sent else "! The mail could not be sent. Give them the link."),
    )


def list_invitations(
    is_all: Annotated[bool, typer.Option("--all", help="Those too that were used or are over.")] = False,
) -> None:
    """Whom you or others invited where you may invite, newest first; those that wait for an answer."""
    at = SESSION.at()
    found = Invitation.objects.visible_to(SESSION.actor()).select_related("party").order_by("-pk")
    rows = [_values(row, at) for row in (found if is_all else found.live(at))]
    SESSION.show(
        rows,
        table(
            ("No.", "Mail", "To", "By", "Until", "State"),
            [
                (
                    row["number"],
                    row["mail"],
                    f"{row['party'] or 'the desk'} ({row['role'] or row['desk_role']})",
                    row["invited_by"],
                    moment(row["ends_at"]),
                    row["state"],
                )
                for row in rows
            ],
            empty="No invitations. `valetkey invite MAIL --party NAME` makes one.",
        ),
    )


def withdraw(number: Annotated[int, typer.Argument(help="Its number, as `invitation list` shows it.")]) -> None:
    """Withdraw an invitation; its link opens nothing any more."""
    actor = SESSION.actor()
    row = Invitation.objects.visible_to(actor).filter(pk=number).first()
    if row is None:
        raise services.no_such_invitation(number)
    services.withdraw_invitation(invitation=row, actor=actor, at=SESSION.at())
    row.refresh_from_db()
    SESSION.show(_values(row, SESSION.at()), Text(f"The invitation of {row.mail} opens nothing any more."))


def _values(row: Invitation, at: datetime) -> dict[str, Any]:
    return {
        "number": row.pk,
        "mail": row.mail,
        "name": row.name,
        "party": row.party.name if row.party else None,
        "role": row.role or None,
        "desk_role": row.desk_role or None,
        "invited_by": row.invited_by,
        "created_at": row.created_at,
        "ends_at": row.ends_at,
        "state": row.state(at).value,
    }
