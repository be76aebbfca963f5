"""Invitations in one word each, for the tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.desk import Desk
from valetkey.accounts import services
from valetkey.accounts.models import Invitation, Party, User, role_of
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.services import Invited
from valetkey.audit.entry import Actor, Door
from valetkey.errors import Refused
from valetkey.secret import Secret

PASSWORD = "seven-quiet-lanterns"
MAIL = "nia@example.org"


def invited(desk: Desk, **given: Any) -> Invited:
    """Nia, by Bo, to act for Northwind."""
    asked = {"mail": MAIL, "party": desk.advertiser, "role": Role.MEMBER, "actor": desk.bo, "at": desk.at}
    return services.invite(**{**asked, **given})


def invited_to_desk(desk: Desk, desk_role: DeskRole = DeskRole.AUDITOR, **given: Any) -> Invited:
    asked = {"mail": MAIL, "desk_role": desk_role, "actor": desk.admin, "at": desk.at}
    return services.invite(**{**asked, **given})


def accept(desk: Desk, link: Secret, **given: Any) -> User:
    asked = {"link": link, "name": "Nia", "password": Secret(PASSWORD), "door": Door.WEB, "at": desk.at}
    return services.accept_invitation(**{**asked, **given})


def user_of(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


def actor_of(user: User) -> Actor:
    return Actor(name=str(user), door=Door.WEB, user_id=user.pk)


def role(user: User, party: Party) -> Role | None:
    return role_of(actor_of(user), party)


def why_not(link: Secret, at: datetime) -> str:
    """What the link says; "" when it is open."""
    try:
        services.find_invitation(link=link, at=at)
    except Refused as refused:
        assert refused.next_step
        return refused.code
    return ""


def state(row: Invitation, at: datetime) -> str:
    row.refresh_from_db()
    return row.state(at).value
