"""Who may: each raises what somebody without the right is told. A stranger hears the same as if there were nothing."""

from __future__ import annotations

from valetkey.accounts.models import Party, desk_role_of, role_of, sees_everything
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import Actor
from valetkey.errors import Forbidden, NotFound


def require_admin(actor: Actor) -> None:
    if desk_role_of(actor) is not DeskRole.ADMIN:
        raise Forbidden("not_admin", "This belongs to the desk admin.", "Ask the person who hosts this desk.")


def require_reader(actor: Actor) -> None:
    """Of the whole desk: the host, an admin or an auditor."""
    if not sees_everything(actor):
        raise Forbidden("not_a_reader", "This belongs to the desk's auditor and admin.", "Ask one of them.")


def require_manager(actor: Actor, party: Party) -> None:
    """A party's manager or the desk admin. A stranger is told what they would be told of a party that is not there."""
    if desk_role_of(actor) is DeskRole.ADMIN:
        return
    role = role_of(actor, party)
    if role is None and not sees_everything(actor):
        raise no_such_party(party.name)
    if role is not Role.MANAGER:
        raise Forbidden("not_manager", f"This belongs to a manager of {party}.", "Ask one of them to do it.")


def require_hand(actor: Actor, party: Party) -> None:
    """A manager or member of the party, or the desk admin: those who may change what the party keeps on record."""
    if desk_role_of(actor) is DeskRole.ADMIN or role_of(actor, party) in {Role.MANAGER, Role.MEMBER}:
        return
    if role_of(actor, party) is None and not sees_everything(actor):
        raise no_such_party(party.name)
    raise Forbidden(
        "read_only", f"This belongs to those who act for {party}.", "Ask one of them; viewers and auditors read only."
    )


def no_such_party(name: str) -> NotFound:
    return NotFound(
        "no_such_party",
        f"There is no party “{name}” that you can see.",
        "Look at the list of parties for its name or reference.",
    )
