"""What the history knows of signing in: who came in and how, and every change of what opens their account.

Second factors are kept by the package that checks them, so their line follows the change; everything else is written
together with its line.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from valetkey.accounts.models import User
from valetkey.accounts.services.require import require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Forbidden
from valetkey.secret import Secret
from valetkey.text import tidy


class Factor(StrEnum):
    """What happened to a second factor: the name of its event."""

    APP_ADDED = "app.added"
    APP_REMOVED = "app.removed"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_REMOVED = "passkey.removed"
    RECOVERY_CODES_MADE = "recovery_codes.made"


def note_sign_in(*, user: User, how: str, actor: Actor, at: datetime) -> None:
    """They are in. `how`: by what they proved it, in words."""
    _require_self(user, actor)
    with writing():
        _record("signed_in", user, actor, at, how=how)


def note_factor(*, user: User, what: Factor, actor: Actor, at: datetime) -> None:
    _require_self(user, actor)
    with writing():
        _record(what.value, user, actor, at)


def set_password(*, user: User, password: Secret, actor: Actor, at: datetime) -> None:
    """Their own, already found strong enough by the form. Every other device of theirs is signed out by it."""
    _require_self(user, actor)
    # Before the transaction: it takes long on purpose, and everybody else who writes would wait.
    user.set_password(password.reveal())
    with writing(durable=True):
        if not User.objects.filter(pk=user.pk, is_active=True).update(password=user.password):
            raise Conflict("user_inactive", f"{user} is not active.", "Ask the desk admin.")
        _record("password.set", user, actor, at)


def sign_out(*, user: User, devices: Collection[int], actor: Actor, at: datetime) -> int:
    """On these devices, by their numbers; those of others are left alone. Returns how many it were."""
    _require_self(user, actor)
    with writing(durable=True):
        rows = UserSession.objects.filter(user=user, pk__in=devices)
        ended = [row.end() for row in rows]
        if ended:
            _record("signed_out", user, actor, at, devices=len(ended))
    return len(ended)


def forget_factors(*, user: User, reason: str, actor: Actor, at: datetime) -> None:
    """For somebody who lost phone, passkey and recovery codes: the desk admin makes sure who asks, and says how.

    They then sign in with the password alone, on every device anew.
    """
    require_admin(actor)
    reason = tidy(reason, what="The reason", longest=500)
    with writing(durable=True):
        factors = Authenticator.objects.filter(user=user)
        if not factors.exists():
            raise Conflict("no_second_factor", f"{user} has no second factor.", "Their password is all they need.")
        factors.delete()
        for row in UserSession.objects.filter(user=user):
            row.end()
        _record("factors.forgotten", user, actor, at, reason=reason)


def _require_self(user: User, actor: Actor) -> None:
    if actor.user_id != user.pk:
        raise Forbidden("not_yours", "This belongs to somebody else's account.", "Everybody does it for themselves.")


def _record(what: str, user: User, actor: Actor, at: datetime, **more: object) -> None:
    record(event=f"user.{what}", subject=f"user {user.pk}", actor=actor, at=at, detail={"user": str(user), **more})
