"""Make parties and users, let users act for parties, make and end API tokens. Tells who an API token acts as."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from valetkey.accounts.models import ApiToken, Membership, Party, User, desk_role_of, role_of, sees_everything
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import Actor, Door
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.secret import Secret
from valetkey.text import tidy
from valetkey.vault import keyring

_LONGEST_MAIL: Final = 150
"""What Django's user name takes."""


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
        "no_such_party", f"There is no party “{name}” that you can see.", "`valetkey party list` shows yours."
    )


def find_party(*, name: str, actor: Actor) -> Party:
    """By reference or by name, among the parties this actor can see."""
    visible = Party.objects.visible_to(actor)
    party = visible.filter(reference=name.upper()).first() or visible.filter(name__iexact=name).first()
    if party is None:
        raise no_such_party(name)
    return party


def create_party(*, name: str, kind: str, actor: Actor, at: datetime) -> Party:
    require_admin(actor)
    name = tidy(name, what="The party's name", longest=200)
    if kind not in Party.Kind.values:
        raise Invalid("party_kind", f"“{kind}” is no kind of party.", f"Use one of {', '.join(Party.Kind.values)}.")
    try:
        with writing(durable=True):
            party = Party.objects.create(name=name, kind=kind, created_at=at)
            record(event="party.created", subject=f"party {party.reference}", actor=actor, at=at, detail={"name": name})
    except IntegrityError:
        raise Conflict(
            "party_exists", f"There is a party “{name}” already.", "Use it, or choose another name."
        ) from None
    return party


def create_user(*, email: str, name: str, actor: Actor, at: datetime, desk_role: DeskRole = DeskRole.NONE) -> User:
    """A user without a password: they cannot sign in until they set one."""
    require_admin(actor)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid("mail_address", f"“{email}” is not a mail address.", "Write it as name@example.org.") from None
    if len(email) > _LONGEST_MAIL:
        raise Invalid("mail_address", "This mail address is too long.", f"It has at most {_LONGEST_MAIL} characters.")
    name = tidy(name, what="The name", longest=150, needed=False)
    try:
        with writing(durable=True):
            user = User(username=email, email=email, first_name=name, desk_role=desk_role.value)
            user.set_unusable_password()
            user.save()
            record(event="user.created", subject=f"user {user.pk}", actor=actor, at=at, detail={"name": str(user)})
    except IntegrityError:
        raise Conflict("user_exists", f"{email} is a user already.", "Add them to a party instead.") from None
    return user


def join(*, user: User, party: Party, role: Role, actor: Actor, at: datetime) -> Membership:
    require_manager(actor, party)
    with writing(durable=True):
        current = Membership.objects.current().filter(user=user, party=party)
        if current.filter(role=role.value).exists():
            raise Conflict("member_already", f"{user} acts for {party} as {role} already.", "Nothing needs to be done.")
        current.update(ended_at=at)
        membership = Membership.objects.create(user=user, party=party, role=role.value, since=at)
        _record_membership("membership.started", membership, actor, at)
    return membership


def leave(*, user: User, party: Party, actor: Actor, at: datetime) -> None:
    require_manager(actor, party)
    with writing(durable=True):
        membership = Membership.objects.current().filter(user=user, party=party).first()
        if membership is None:
            raise NotFound(
                "not_a_member", f"{user} does not act for {party}.", "`valetkey user list` shows who acts for whom."
            )
        Membership.objects.filter(pk=membership.pk).update(ended_at=at)
        _record_membership("membership.ended", membership, actor, at)


def _record_membership(event: str, membership: Membership, actor: Actor, at: datetime) -> None:
    detail: dict[str, object] = {"user": str(membership.user), "role": membership.role, "party": membership.party.name}
    record(event=event, subject=f"party {membership.party.reference}", actor=actor, at=at, detail=detail)


def make_token(*, user: User, label: str, actor: Actor, at: datetime) -> Secret:
    """The token itself, shown this once; the desk keeps a keyed digest."""
    if actor.user_id != user.pk:
        require_admin(actor)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Conflict("user_inactive", f"{user} is not active.", "A token is made for somebody who may act.")
    label = tidy(label, what="The label", longest=100)
    token = Secret(f"vk_{secrets.token_urlsafe(32)}")
    with writing(durable=True):
        row = ApiToken.objects.create(user=user, label=label, digest=keyring().fingerprint(token), created_at=at)
        record(event="token.made", subject=f"token {row.pk}", actor=actor, at=at, detail={"user": str(user)})
    return token


def end_token(*, token: ApiToken, actor: Actor, at: datetime) -> None:
    if actor.user_id != token.user_id:
        require_admin(actor)
    with writing(durable=True):
        if ApiToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at):
            record(event="token.ended", subject=f"token {token.pk}", actor=actor, at=at)


def actor_by_token(*, token: Secret, door: Door) -> Actor:
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest__in=keyring().fingerprints(token), ended_at=None, user__is_active=True)
        .first()
    )
    if row is None:
        raise Forbidden("bad_token", "This token opens nothing here.", "Make a new one with `valetkey token make`.")
    return Actor(name=str(row.user), door=door, user_id=row.user.pk)


def actor_by_mail(*, email: str, door: Door) -> Actor:
    """For the host at the console, who says as whom they act. Never for a door that strangers reach."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NotFound("no_such_user", f"There is no active user {email}.", "`valetkey user list` shows them.")
    return Actor(name=str(user), door=door, user_id=user.pk)
