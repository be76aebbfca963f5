"""Parties, users and API tokens: `valetkey party`, `user`, `token`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts import services
from valetkey.accounts.models import ApiToken, Party, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import Actor
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.errors import NotFound

Mail = Annotated[str, typer.Argument(metavar="MAIL", help="The user's mail address.")]


class OnTheDesk(StrEnum):
    """A role on the desk as it is typed; none is a word here."""

    NONE = "none"
    ADMIN = "admin"
    AUDITOR = "auditor"


def add_party(
    name: Annotated[str, typer.Argument(help="The name everybody sees.")],
    kind: Annotated[Party.Kind, typer.Option("--kind", help="What it is.")],
) -> None:
    """Enter a creator, a brand or an agency."""
    party = services.create_party(name=name, kind=kind.value, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(_party(party), _parties([_party(party)]))


def list_parties() -> None:
    """The parties you can see."""
    rows = [_party(party) for party in Party.objects.visible_to(SESSION.actor())]
    SESSION.show(rows, _parties(rows))


def rename_party(
    party: Annotated[str, typer.Argument(metavar="PARTY", help="Its name or reference.")],
    name: Annotated[str, typer.Option("--name", help="The name everybody sees from now on.")],
) -> None:
    """Give a party another name; for the desk admin. The history keeps both."""
    actor = SESSION.actor()
    found = services.find_party(name=party, actor=actor)
    services.rename_party(party=found, name=name, actor=actor, at=SESSION.at())
    SESSION.show(_party(found), _parties([_party(found)]))


def enter_creator(name: Annotated[str, typer.Argument(help="As the creator is known.")]) -> None:
    """Enter a creator you want to ask, who is not on the desk yet; shows the one of that name where there is one."""
    party = services.enter_creator(name=name, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(_party(party), _parties([_party(party)]))


def add_user(
    mail: Mail,
    name: Annotated[str, typer.Option("--name", help="How they are called.")] = "",
    desk_role: Annotated[
        DeskRole, typer.Option("--desk-role", help="admin or auditor of the whole desk.")
    ] = DeskRole.NONE,
) -> None:
    """Enter a person."""
    user = services.create_user(email=mail, name=name, desk_role=desk_role, actor=SESSION.actor(), at=SESSION.at())
    next_step = f"Next: `valetkey user join {user.email} --party NAME` lets them act for a party."
    SESSION.show(_user(user), _users([_user(user)]), "" if desk_role else Text(next_step))


def list_users() -> None:
    """All users; for the desk admin."""
    services.require_admin(SESSION.actor())
    rows = [_user(user) for user in User.objects.order_by("email")]
    SESSION.show(rows, _users(rows))


def join(
    mail: Mail,
    party: Annotated[str, typer.Option("--party", help="For whom they act.")],
    role: Annotated[Role, typer.Option("--role", help="manager, member or viewer.")] = Role.MEMBER,
) -> None:
    """Let a user act for a party."""
    actor = SESSION.actor()
    found = services.find_party(name=party, actor=actor)
    membership = services.join(user=_find(mail), party=found, role=role, actor=actor, at=SESSION.at())
    SESSION.show({"user": mail, "party": found.name, "role": membership.role}, Text(f"{membership}."))


def leave(mail: Mail, party: Annotated[str, typer.Option("--party", help="For whom they acted.")]) -> None:
    """End a user's acting for a party."""
    actor = SESSION.actor()
    found = services.find_party(name=party, actor=actor)
    services.leave(user=_find(mail), party=found, actor=actor, at=SESSION.at())
    SESSION.show({"user": mail, "party": found.name, "role": None}, Text(f"{mail} no longer acts for {found.name}."))


def end_user(
    mail: Mail, reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the history.")]
) -> None:
    """End a user at once: signed out everywhere, acting for nobody, their tokens opening nothing."""
    user = _for_admin(mail)
    services.end_user(user=user, reason=reason, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(_user(user), Text(f"{user.email} is ended: signed out, acts for nobody, no token of theirs works."))


def set_desk_role(
    mail: Mail, role: Annotated[OnTheDesk, typer.Argument(metavar="ROLE", help="none, admin or auditor.")]
) -> None:
    """Make a user admin or auditor of the whole desk, or take that from them."""
    user = _for_admin(mail)
    services.set_desk_role(user=user, desk_role=DeskRole[role.name], actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(_user(user), _users([_user(user)]))


def set_time_zone(
    mail: Mail,
    zone: Annotated[str, typer.Argument(metavar="[ZONE]", help="As Europe/Berlin; without it, the desk's.")] = "",
) -> None:
    """Say in which time zone a user's pages show instants."""
    actor = SESSION.actor()
    user = _own_or_any(mail, actor)
    services.set_time_zone(user=user, time_zone=zone, actor=actor, at=SESSION.at())
    SESSION.show(
        {"mail": user.email, "time_zone": user.time_zone},
        Text(f"{user.email} sees instants in {user.time_zone or 'the time zone of the desk'}."),
    )


def make_token(
    mail: Mail,
    label: Annotated[str, typer.Option("--label", help="What it is for.")],
    days: Annotated[int, typer.Option("--days", help="After how many days it ends.")] = 365,
) -> None:
    """Make an API token for a user; it is shown this once."""
    token = services.make_token(
        user=_own_or_any(mail, SESSION.actor()), label=label, days=days, actor=SESSION.actor(), at=SESSION.at()
    )
    SESSION.show(
        {"token": token.reveal()},
        Text(token.reveal()),
        f"It works for {days} days and is shown this once: keep it where passwords are kept.",
        "Programs give it in VALETKEY_TOKEN.",
    )


def list_tokens(mail: Mail) -> None:
    """A user's tokens, without their secrets."""
    actor, at = SESSION.actor(), SESSION.at()
    user = _own_or_any(mail, actor)
    rows = [
        {
            "id": row.pk,
            "label": row.label,
            "created_at": row.created_at,
            "ends_at": row.ends_at,
            "ended_at": row.ended_at,
            "is_live": row.is_live(at),
        }
        for row in ApiToken.objects.filter(user=user).order_by("pk")
    ]
    SESSION.show(
        rows,
        table(
            ("No.", "State", "Until", "Label"),
            [(row["id"], "live" if row["is_live"] else "ended", _until(row), row["label"]) for row in rows],
            empty="No tokens. `valetkey token make` makes one.",
        ),
    )


def end_token(number: Annotated[int, typer.Argument(help="Its number, as `token list` shows it.")]) -> None:
    """End a token at once."""
    token = ApiToken.objects.filter(pk=number).first()
    if token is None:
        raise NotFound("no_such_token", f"There is no token {number}.", "`valetkey token list MAIL` shows them.")
    services.end_token(token=token, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show({"id": number, "ended": True}, f"Token {number} opens nothing any more.")


def _own_or_any(mail: str, actor: Actor) -> User:
    """The actor's own user, or anybody's for the admin; who else is on the desk is not told before that."""
    own = User.objects.filter(pk=actor.user_id, email=mail.strip().lower()).first() if actor.user_id else None
    if own is None:
        services.require_admin(actor)
    return own or _find(mail)


def _for_admin(mail: str) -> User:
    """Who is on the desk is not told to anybody else."""
    services.require_admin(SESSION.actor())
    return _find(mail)


def _until(row: dict[str, Any]) -> str:
    ends: datetime | None = row["ended_at"] or row["ends_at"]
    return moment(ends) if ends else "somebody ends it"


def _find(mail: str) -> User:
    user = User.objects.filter(email=mail.strip().lower()).first()
    if user is None:
        raise NotFound("no_such_user", f"There is no user {mail}.", "`valetkey user list` shows them.")
    return user


def _party(party: Party) -> dict[str, str]:
    return {"reference": party.reference, "name": party.name, "kind": party.kind}


def _user(user: User) -> dict[str, Any]:
    return {
        "mail": user.email,
        "name": str(user),
        "desk_role": user.desk_role,
        "is_active": user.is_active,
        "acts_for": [
            {"party": one.party.name, "role": one.role}
            for one in user.memberships.current().select_related("party").order_by("party__name")
        ],
    }


def _parties(rows: list[dict[str, str]]) -> RenderableType:
    return table(
        ("Reference", "Kind", "Name"),
        [(row["reference"], row["kind"], row["name"]) for row in rows],
        empty="No parties that you can see. `valetkey party add NAME --kind creator` enters one.",
    )


def _users(rows: list[dict[str, Any]]) -> RenderableType:
    return table(
        ("Mail", "Name", "Acts for", "Desk role", "State"),
        [
            (
                row["mail"],
                row["name"],
                ", ".join(f"{one['party']} ({one['role']})" for one in row["acts_for"]),
                row["desk_role"],
                "active" if row["is_active"] else "ended",
            )
            for row in rows
        ],
        empty="No users. `valetkey user add MAIL` enters one.",
    )
