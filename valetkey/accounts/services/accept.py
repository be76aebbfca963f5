"""Take an invitation up, once: as somebody new, who chooses a password, or as the user whom it is for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from valetkey.accounts.models import Invitation, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.services import memberships, users
from valetkey.accounts.services.invite import find_invitation, is_by_the_desk, over
from valetkey.audit.entry import Actor, Door
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Forbidden, Invalid
from valetkey.secret import Secret
from valetkey.text import line, refuse_no_text

_LONGEST_PASSWORD: Final = 1000


def accept_invitation(*, link: Secret, name: str, password: Secret, door: Door, at: datetime) -> User:
    """For a mail address that is no user's yet, or of somebody who was ended and whom the desk invites back.

    Refuses a weak password with the reasons. The user is known by the mail address the invitation went to.
    """
    row = find_invitation(link=link, at=at)
    name = line(name, what="The name", longest=150, needed=False) or row.name
    user = _newcomer(row)
    user.first_name = name or user.first_name
    _refuse_weak(password, user)
    # Before the transaction: it takes long on purpose, and everybody else who writes would wait.
    user.set_password(password.reveal())
    is_back = user.pk is not None
    with writing(durable=True):
        if _newcomer(find_invitation(link=link, at=at)).pk != user.pk:
            raise _user_exists(row)
        row = _claim(link, at)
        user.is_active = True
        user.save()
        actor = Actor(name=str(user), door=door, user_id=user.pk)
        if is_back:
            users.end_all_of(user, actor, at)
        _record("user.returned" if is_back else "user.created", f"user {user.pk}", row, actor, at, name=str(user))
        _take_up(row, user, actor, at)
    return user


def join_by_invitation(*, link: Secret, actor: Actor, at: datetime) -> None:
    """For the user who is signed in, and only when it is their mail address that was invited."""
    with writing(durable=True):
        row = find_invitation(link=link, at=at)
        user = User.objects.filter(email=row.mail, is_active=True).first()
        if user is None or user.pk != actor.user_id:
            raise Forbidden(
                "not_your_invitation",
                "This invitation went to another mail address than yours.",
                "Sign in with that address, or ask for an invitation to yours.",
            )
        _take_up(_claim(link, at), user, actor, at)


def _newcomer(row: Invitation) -> User:
    user = User.objects.filter(email=row.mail).first()
    if user is None:
        return User(username=row.mail, email=row.mail)
    if user.is_active:
        row.refresh_from_db()
        # By this very link, a moment ago: the second of two clicks is told so.
        raise over(Invitation.State.USED) if row.accepted_at else _user_exists(row)
    if not is_by_the_desk(row):
        raise Conflict(
            "user_ended", "Whoever had this mail address was ended on this desk.", "Ask the desk admin to invite you."
        )
    user.desk_role, user.is_staff, user.is_superuser = DeskRole.NONE.value, False, False
    return user


def _claim(link: Secret, at: datetime) -> Invitation:
    """In the caller's transaction, looked up once more: of two at the same moment one gets it."""
    row = find_invitation(link=link, at=at)
    if not Invitation.objects.live(at).filter(pk=row.pk).update(accepted_at=at):
        raise over(Invitation.State.USED)
    return row


def _take_up(row: Invitation, user: User, actor: Actor, at: datetime) -> None:
    _record("invitation.accepted", f"invitation {row.pk}", row, actor, at, mail=row.mail)
    if row.party is not None:
        memberships.start(user, row.party, Role(row.role), actor, at)
    else:
        users.give_desk_role(user, DeskRole(row.desk_role), actor, at)


def _refuse_weak(password: Secret, user: User) -> None:
    text = password.reveal()
    refuse_no_text(text, what="The password")
    if len(text) > _LONGEST_PASSWORD:
        raise Invalid("password", "This password is too long.", f"At most {_LONGEST_PASSWORD} characters fit.")
    try:
        validate_password(text, user)
    except ValidationError as weak:
        raise Invalid(
            "password", " ".join(weak.messages), "Four words that have nothing to do with each other are good."
        ) from None


def _user_exists(row: Invitation) -> Conflict:
    return Conflict("user_exists", f"{row.mail} is a user already.", "Sign in, then open the link once more.")


def _record(event: str, subject: str, row: Invitation, actor: Actor, at: datetime, **more: object) -> None:
    record(event=event, subject=subject, actor=actor, at=at, detail={"invited_by": row.invited_by, **more})
