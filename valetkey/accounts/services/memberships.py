"""Who acts for which party. With it go invitations that are needless now, or whose inviter may no longer invite."""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.models import Invitation, Membership, Party, User
from valetkey.accounts.policy import Role
from valetkey.accounts.services.invite import close, lapse_those_of
from valetkey.accounts.services.people import put_on_record
from valetkey.accounts.services.require import require_manager
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, NotFound


def join(*, user: User, party: Party, role: Role, actor: Actor, at: datetime) -> Membership:
    require_manager(actor, party)
    with writing(durable=True):
        return start(user, party, role, actor, at)


def leave(*, user: User, party: Party, actor: Actor, at: datetime) -> None:
    require_manager(actor, party)
    with writing(durable=True):
        membership = Membership.objects.current().filter(user=user, party=party).first()
        if membership is None:
            raise NotFound(
                "not_a_member", f"{user} does not act for {party}.", "The list of users says who acts for whom."
            )
        end(membership, actor, at)


def start(user: User, party: Party, role: Role, actor: Actor, at: datetime) -> Membership:
    """In the caller's transaction, once it is clear that they may. An earlier role for the same party ends, and the
    party's record has them among its people.
    """
    current = Membership.objects.current().filter(user=user, party=party)
    if current.filter(role=role.value).exists():
        raise Conflict("member_already", f"{user} acts for {party} as {role} already.", "Nothing needs to be done.")
    current.update(ended_at=at)
    membership = Membership.objects.create(user=user, party=party, role=role.value, since=at)
    _record("membership.started", membership, actor, at)
    put_on_record(user, party, actor, at)
    close(_waiting(membership, at), Invitation.State.REPLACED, actor, at)
    lapse_those_of(user, actor, at)
    return membership


def end(membership: Membership, actor: Actor, at: datetime) -> None:
    """In the caller's transaction. Else an invitation that still waits would let them in again."""
    Membership.objects.filter(pk=membership.pk).update(ended_at=at)
    _record("membership.ended", membership, actor, at)
    close(_waiting(membership, at), Invitation.State.WITHDRAWN, actor, at)
    lapse_those_of(membership.user, actor, at)


def _waiting(membership: Membership, at: datetime) -> list[Invitation]:
    return list(Invitation.objects.live(at).filter(mail=membership.user.email, party=membership.party))


def _record(event: str, membership: Membership, actor: Actor, at: datetime) -> None:
    detail: dict[str, object] = {"user": str(membership.user), "role": membership.role, "party": membership.party.name}
    record(event=event, subject=f"party {membership.party.reference}", actor=actor, at=at, detail=detail)
