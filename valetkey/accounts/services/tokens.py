"""Make and end API tokens. Tells who a token acts as."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from valetkey.accounts.models import ApiToken, User
from valetkey.accounts.services.require import require_admin
from valetkey.audit.entry import Actor, Door
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.secret import Secret
from valetkey.text import tidy
from valetkey.vault import keyring

_LONGEST_DAYS: Final = 730


def make_token(*, user: User, label: str, days: int | None = 365, actor: Actor, at: datetime) -> Secret:
    """The token itself, shown this once; the desk keeps a keyed digest. `days` None: it works until it is ended."""
    if actor.user_id != user.pk:
        require_admin(actor)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Conflict("user_inactive", f"{user} is not active.", "A token is made for somebody who may act.")
    label = tidy(label, what="The label", longest=100)
    if days is not None and not 1 <= days <= _LONGEST_DAYS:
        raise Invalid(
            "token_days", f"A token cannot last {days} days.", f"Choose 1 to {_LONGEST_DAYS}; a new one is made easily."
        )
    token = Secret(f"vk_{secrets.token_urlsafe(32)}")
    ends_at = None if days is None else at + timedelta(days=days)
    with writing(durable=True):
        row = ApiToken.objects.create(
            user=user, label=label, digest=keyring().fingerprint(token), created_at=at, ends_at=ends_at
        )
        detail: dict[str, object] = {"user": str(user), "days": days}
        record(event="token.made", subject=f"token {row.pk}", actor=actor, at=at, detail=detail)
    return token


def end_token(*, token: ApiToken, actor: Actor, at: datetime) -> None:
    if actor.user_id != token.user_id:
        require_admin(actor)
    with writing(durable=True):
        end(token, actor, at)


def end(token: ApiToken, actor: Actor, at: datetime) -> None:
    """In the caller's transaction. Ending it again changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at):
        record(event="token.ended", subject=f"token {token.pk}", actor=actor, at=at)


def actor_by_token(*, token: Secret, door: Door, at: datetime) -> Actor:
    """The user as whom a program acts. Ended, past its end, unknown: all are told the same."""
    row = (
        ApiToken.objects.live(at)
        .select_related("user")
        .filter(digest__in=keyring().fingerprints(token), user__is_active=True)
        .first()
    )
    if row is None:
        raise Forbidden("bad_token", "This token opens nothing here.", "Make a new one, or ask the desk admin for one.")
    return Actor(name=str(row.user), door=door, user_id=row.user.pk)


def actor_by_mail(*, email: str, door: Door) -> Actor:
    """For the host at the console, who says as whom they act. Never for a door that strangers reach."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NotFound("no_such_user", f"There is no active user {email}.", "The list of users has the mail addresses.")
    return Actor(name=str(user), door=door, user_id=user.pk)
