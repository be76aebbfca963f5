"""Invite one person by a link: make it, mail it, find it, withdraw it. Taking it up is accept.py.

An invitation is worth what its inviter may do: when they may no longer invite, it lapses. Services that take the right
away say so here; and whoever opens the link is asked about the inviter once more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from valetkey.accounts.models import Invitation, Membership, Party, User, desk_role_of, role_of
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.reference import INVITATION_PATH
from valetkey.accounts.services.require import require_admin, require_manager
from valetkey.audit.entry import Actor, Door
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.mail.address import clean
from valetkey.mail.send import send
from valetkey.secret import Secret
from valetkey.text import line
from valetkey.vault import keyring

_LONGEST_MAIL: Final = 150
"""What Django's user name takes."""

_OVER: Final = {
    Invitation.State.USED: ("invitation_used", "This invitation was used already.", "Sign in with your mail address."),
    Invitation.State.ENDED: ("invitation_ended", "This invitation has ended.", "Ask whoever sent it for a new one."),
    Invitation.State.WITHDRAWN: ("invitation_withdrawn", "This invitation was withdrawn.", "Ask whoever sent it."),
    Invitation.State.REPLACED: (
        "invitation_replaced",
        "This invitation was replaced by a newer one, or is no longer needed.",
        "Look for the newest mail, or sign in.",
    ),
    Invitation.State.LAPSED: (
        "invitation_lapsed",
        "Whoever sent this invitation may no longer invite.",
        "Ask somebody else there for a new one.",
    ),
}


@dataclass(frozen=True)
class Invited:
    """The invitation, and the link's own secret, shown this once. `is_sent`: it went out by mail too."""

    invitation: Invitation
    link: Secret = field(repr=False)
    is_sent: bool


def invite(
    *,
    mail: str,
    name: str = "",
    party: Party | None = None,
    role: Role | None = None,
    desk_role: DeskRole = DeskRole.NONE,
    days: int | None = None,
    actor: Actor,
    at: datetime,
) -> Invited:
    """To act for a party in a role (by its managers), or to a role on the desk (by the desk admin).

    The link ends after `days`, by default VALETKEY_LINK_DAYS. An older one to the same end, the same party or the desk,
    is replaced. Refused for who acts in that role already.
    """
    _require_inviter(actor, party)
    if (party is None) is (desk_role is DeskRole.NONE) or (party is None) is not (role is None):
        raise Invalid(
            "invited_to", "An invitation is for a party in a role, or for a role on the desk.", "Choose one of the two."
        )
    mail = mail_address(mail)
    name = line(name, what="The name", longest=150, needed=False)
    days = settings.VALETKEY_LINK_DAYS if days is None else days
    if not 1 <= days <= 90:
        raise Invalid(
            "link_days", f"A link cannot last {days} days.", "Choose 1 to 90; a new link is made in a moment."
        )
    link = Secret(secrets.token_urlsafe(32))
    with writing(durable=True):
        _refuse_needless(mail, party, role, desk_role, actor)
        close(Invitation.objects.live(at).filter(mail=mail, party=party), Invitation.State.REPLACED, actor, at)
        row = Invitation.objects.create(
            mail=mail,
            name=name,
            party=party,
            role=role or "",
            desk_role=desk_role.value,
            inviter_id=actor.user_id,
            invited_by=actor.name[:200],
            link_digest=keyring().fingerprint(link),
            created_at=at,
            ends_at=at + timedelta(days=days),
        )
        _record("made", row, actor, at, link_days=days)
    return Invited(row, link, _mail(row, link))


def invitation_address(link: Secret) -> str:
    """The whole link, for the invited person alone. Whoever calls shows it once or mails it, and never logs it."""
    return f"{settings.VALETKEY_URL}/{INVITATION_PATH}/{link.reveal()}/"


def find_invitation(*, link: Secret, at: datetime) -> Invitation:
    """The one this link opens. A link that opens nothing any more says why, to whoever holds it."""
    found = Invitation.objects.select_related("party", "inviter").filter(link_digest__in=keyring().fingerprints(link))
    row = found.first()
    if row is None:
        raise NotFound(
            "no_such_link", "This link leads to no invitation.", "Copy it whole from the mail, or ask for a new one."
        )
    state = row.state(at)
    if state is Invitation.State.OPEN and not _may_still_invite(row):
        state = Invitation.State.LAPSED
    if state is not Invitation.State.OPEN:
        raise over(state)
    return row


def withdraw_invitation(*, invitation: Invitation, actor: Actor, at: datetime) -> None:
    """By whoever could have made it: not only by who did."""
    if not Invitation.objects.visible_to(actor).filter(pk=invitation.pk).exists():
        raise no_such_invitation(invitation.pk)
    _require_inviter(actor, invitation.party)
    with writing(durable=True):
        invitation.refresh_from_db()
        state = invitation.state(at)
        if state is not Invitation.State.OPEN:
            raise Conflict("invitation_over", f"This invitation is {state.label.lower()}.", "There is nothing to do.")
        close([invitation], Invitation.State.WITHDRAWN, actor, at)


def no_such_invitation(number: int) -> NotFound:
    return NotFound(
        "no_such_invitation",
        f"There is no invitation {number} that you can see.",
        "Look at the list of invitations for its number.",
    )


def over(state: Invitation.State) -> Conflict:
    return Conflict(*_OVER[state])


def close(rows: Iterable[Invitation], ended_as: Invitation.State, actor: Actor, at: datetime) -> None:
    """In the caller's transaction."""
    for row in rows:
        Invitation.objects.filter(pk=row.pk).update(ended_at=at, ended_as=ended_as.value)
        _record(ended_as.value, row, actor, at)


def lapse_those_of(user: User, actor: Actor, at: datetime) -> None:
    """In the caller's transaction, after the user's rights have changed."""
    made = Invitation.objects.live(at).filter(inviter=user).select_related("party", "inviter")
    close([row for row in made if not _may_still_invite(row)], Invitation.State.LAPSED, actor, at)


def mail_address(text: str) -> str:
    """As a user's is kept and compared: in small letters."""
    mail = clean(text)
    if len(mail) > _LONGEST_MAIL:
        raise Invalid("mail_address", "This mail address is too long.", f"It has at most {_LONGEST_MAIL} characters.")
    return mail


def is_by_the_desk(row: Invitation) -> bool:
    """Made by the host, or by somebody who is an admin now."""
    return row.inviter is None or desk_role_of(_actor(row.inviter)) is DeskRole.ADMIN


def _require_inviter(actor: Actor, party: Party | None) -> None:
    if party is None:
        require_admin(actor)
    else:
        require_manager(actor, party)


def _may_still_invite(row: Invitation) -> bool:
    if is_by_the_desk(row):
        return True
    return row.party is not None and row.inviter is not None and role_of(_actor(row.inviter), row.party) is Role.MANAGER


def _actor(user: User) -> Actor:
    return Actor(name=str(user), door=Door.WORKER, user_id=user.pk)


def _refuse_needless(mail: str, party: Party | None, role: Role | None, desk_role: DeskRole, actor: Actor) -> None:
    user = User.objects.filter(email=mail).first()
    if user is None:
        return
    if not user.is_active:
        # Whoever was let go by the desk is let back in by the desk.
        if desk_role_of(actor) is not DeskRole.ADMIN:
            raise Conflict("user_ended", f"{mail} was ended on this desk.", "Ask the desk admin to invite them.")
        return
    if party is None and user.desk_role == desk_role.value:
        raise Conflict("desk_role_already", f"{user} is {desk_role} of this desk already.", "Nothing needs to be done.")
    if role and Membership.objects.current().filter(user=user, party=party, role=role.value).exists():
        raise Conflict("member_already", f"{user} acts for {party} as {role} already.", "Nothing needs to be done.")


def _mail(row: Invitation, link: Secret) -> bool:
    invited_by = _line(row.invited_by)
    context = {
        "name": _line(row.name),
        "invited_by": invited_by,
        "party": _line(str(row.party)) if row.party else "",
        "role": row.role or row.desk_role,
        "link": invitation_address(link),
        "ends_at": f"{row.ends_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        "why": f"{invited_by} entered your mail address there",
    }
    return send(to=row.mail, template="invitation", context=context)


def _line(text: str) -> str:
    return " ".join(text.split())


def _record(what: str, row: Invitation, actor: Actor, at: datetime, **more: object) -> None:
    detail: dict[str, object] = {
        "mail": row.mail,
        "party": row.party.name if row.party else None,
        "role": row.role or row.desk_role,
        **more,
    }
    record(event=f"invitation.{what}", subject=f"invitation {row.pk}", actor=actor, at=at, detail=detail)
