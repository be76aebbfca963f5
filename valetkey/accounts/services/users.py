"""Make users, give them a role on the desk, end them. An ended user stays in the record and opens nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from valetkey.accounts.models import ApiToken, Invitation, Membership, User
from valetkey.accounts.policy import DeskRole
from valetkey.accounts.services import memberships, tokens
from valetkey.accounts.services.invite import close, lapse_those_of, mail_address
from valetkey.accounts.services.require import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid
from valetkey.text import line, tidy


def create_user(*, email: str, name: str, actor: Actor, at: datetime, desk_role: DeskRole = DeskRole.NONE) -> User:
    """A user without a password: they cannot sign in until they set one."""
    require_admin(actor)
    email = mail_address(email)
    name = line(name, what="The name", longest=150, needed=False)
    try:
        with writing(durable=True):
            user = User(username=email, email=email, first_name=name, desk_role=desk_role.value, date_joined=at)
            user.set_unusable_password()
            user.save()
            record(event="user.created", subject=f"user {user.pk}", actor=actor, at=at, detail={"name": str(user)})
    except IntegrityError:
        raise Conflict("user_exists", f"{email} is a user already.", "Add them to a party instead.") from None
    return user


def end_user(*, user: User, reason: str = "", actor: Actor, at: datetime) -> None:
    """At once and everywhere: signed out, no memberships, no tokens, no invitation that waits, no role on the desk.

    Refuses to end the last admin, except for the host. An invitation by the desk admin can bring the person back.
    """
    require_admin(actor)
    reason = tidy(reason, what="The reason", longest=500, needed=False)
    with writing(durable=True):
        user.refresh_from_db()
        if not user.is_active:
            raise Conflict("user_ended", f"{user} was ended already.", "Nothing needs to be done.")
        _refuse_last_admin(user, actor)
        detail = {"user": str(user), "reason": reason, "desk_role": user.desk_role}
        user.is_active = user.is_staff = user.is_superuser = False
        user.desk_role = DeskRole.NONE.value
        user.password = make_password(None)
        user.save()
        end_all_of(user, actor, at)
        record(event="user.ended", subject=f"user {user.pk}", actor=actor, at=at, detail=detail)


def end_all_of(user: User, actor: Actor, at: datetime) -> None:
    """In the caller's transaction: everything by which an inactive user could still act, or act again one day."""
    for membership in Membership.objects.current().filter(user=user).select_related("user", "party"):
        memberships.end(membership, actor, at)
    for token in ApiToken.objects.filter(user=user, ended_at=None):
        tokens.end(token, actor, at)
    waiting = Invitation.objects.live(at).filter(mail=user.email).select_related("party")
    close(waiting, Invitation.State.WITHDRAWN, actor, at)
    lapse_those_of(user, actor, at)
    for sign_in in UserSession.objects.filter(user=user):
        sign_in.end()
    # A secret that opens nothing any more is not kept.
    Authenticator.objects.filter(user=user).delete()


def set_desk_role(*, user: User, desk_role: DeskRole, actor: Actor, at: datetime) -> None:
    """Refuses to take the role of the last admin, except for the host."""
    require_admin(actor)
    with writing(durable=True):
        user.refresh_from_db()
        give_desk_role(user, desk_role, actor, at)


def give_desk_role(user: User, desk_role: DeskRole, actor: Actor, at: datetime) -> None:
    """In the caller's transaction, once it is clear that they may."""
    if not user.is_active:
        raise Conflict("user_inactive", f"{user} is not active.", "A role is for somebody who may act.")
    if user.desk_role == desk_role.value:
        what = f"{user} is {desk_role} of this desk" if desk_role else f"{user} has no role on this desk"
        raise Conflict("desk_role_already", f"{what} already.", "Nothing needs to be done.")
    if desk_role is not DeskRole.ADMIN:
        _refuse_last_admin(user, actor)
    detail: dict[str, object] = {"user": str(user), "from": user.desk_role, "to": desk_role.value}
    user.desk_role = desk_role.value
    user.save(update_fields=["desk_role"])
    record(event="user.desk_role.set", subject=f"user {user.pk}", actor=actor, at=at, detail=detail)
    close(Invitation.objects.live(at).filter(mail=user.email, party=None), Invitation.State.REPLACED, actor, at)
    lapse_those_of(user, actor, at)


def set_time_zone(*, user: User, time_zone: str, actor: Actor, at: datetime) -> None:
    """In which the user's pages show instants; "" is the desk's."""
    if actor.user_id != user.pk:
        require_admin(actor)
    time_zone = time_zone.strip()
    if time_zone and not _is_time_zone(time_zone):
        raise Invalid("time_zone", f"“{time_zone}” is no time zone.", "Write it as Europe/Berlin or America/New_York.")
    with writing(durable=True):
        if User.objects.filter(pk=user.pk).exclude(time_zone=time_zone).update(time_zone=time_zone):
            detail: dict[str, object] = {"user": str(user), "time_zone": time_zone}
            record(event="user.time_zone.set", subject=f"user {user.pk}", actor=actor, at=at, detail=detail)
    user.time_zone = time_zone


def set_language(*, user: User, language: str, actor: Actor, at: datetime) -> None:
    """In which the user reads guides and what is wrong with a code; "" is their browser's. Raises Invalid."""
    if actor.user_id != user.pk:
        require_admin(actor)
    if language and language not in dict(settings.LANGUAGES):
        raise Invalid("language", "There are no texts in this language.", "Choose English or German.")
    with writing(durable=True):
        if User.objects.filter(pk=user.pk).exclude(language=language).update(language=language):
            detail: dict[str, object] = {"user": str(user), "language": language}
            record(event="user.language.set", subject=f"user {user.pk}", actor=actor, at=at, detail=detail)
    user.language = language


def _is_time_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):  # unknown, not a name at all, or a folder of names
        return False
    return len(text) <= 60


def _refuse_last_admin(user: User, actor: Actor) -> None:
    if user.desk_role != DeskRole.ADMIN or actor.is_operator:
        return
    if not User.objects.filter(desk_role=DeskRole.ADMIN.value, is_active=True).exclude(pk=user.pk).exists():
        raise Conflict(
            "last_admin",
            f"{user} is the last admin of this desk.",
            "Make somebody else an admin first. The desk's host may do it all the same.",
        )
