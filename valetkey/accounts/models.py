"""Parties, users, memberships, API tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from valetkey.accounts.policy import DeskRole, Role, Standing
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor


class User(AbstractUser):
    """A person who signs in. The mail address is the name they are known by.

    `time_zone`: in which their pages show instants; "" is the desk's. `language`: in which they read guides and what is
    wrong with a code; "" is their browser's.
    """

    email = models.EmailField("mail address", unique=True)
    desk_role = models.CharField(max_length=10, blank=True, choices=[(r.value, r.name.title()) for r in DeskRole])
    time_zone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=5, blank=True)

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, actor: Actor) -> Self:
        """The actor's own parties; all of them for the host, an admin or an auditor."""
        return self if sees_everything(actor) else self.acted_for_by(actor)

    def acted_for_by(self, actor: Actor) -> Self:
        """The actor's own parties, whatever else they may see."""
        return self.filter(pk__in=Membership.objects.of(actor).values("party"))


class Party(models.Model):
    """An organization or a person that can hold or own something: a creator, a brand, an agency, a company, a tool."""

    class Kind(models.TextChoices):
        CREATOR = "creator"
        BRAND = "brand"
        AGENCY = "agency"
        COMPANY = "company"
        TOOL = "tool"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    created_at = models.DateTimeField()

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["name"], name="party_name")]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those whom the actor's own parties keep on record; all for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        return self.filter(kept_by__in=Party.objects.visible_to(actor))


class Person(models.Model):
    """Somebody on a party's record, who may be a user of the desk or not. Each party keeps its own record of a person.

    `kept_by`: the party whose record it is. `party`: whom they work for, mostly the same one. They are never deleted:
    `left_on` is their last day.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    name = models.CharField(max_length=200)
    mail = models.EmailField("mail address", blank=True)
    work = models.CharField(max_length=200, blank=True)
    kept_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="people_on_record")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="people")
    note = models.TextField(blank=True)
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["kept_by", "user"], condition=Q(user__isnull=False), name="person_per_user")
        ]
        indexes = [models.Index(fields=["kept_by", "mail"], name="person_mail")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """Its name in the history."""
        return f"person {self.reference}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those for parties the actor manages; all of them for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        managed = Membership.objects.of(actor).filter(role=Role.MANAGER.value)
        return self.filter(party__in=managed.values("party"))

    def current(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, actor: Actor) -> Self:
        """The current ones of an active user; none for the host, who acts for nobody."""
        if actor.user_id is None:
            return self.none()
        return self.current().filter(user=actor.user_id, user__is_active=True)


class Membership(models.Model):
    """A user acts for a party in a role. It is ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(r.value, r.name.title()) for r in Role])
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "party"], condition=Q(ended_at=None), name="membership_one_current")
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.party} as {self.role}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those for parties the actor manages; all of them for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        managed = Membership.objects.of(actor).filter(role=Role.MANAGER.value)
        return self.filter(party__in=managed.values("party"))

    def live(self, at: datetime) -> Self:
        return self.filter(accepted_at=None, ended_at=None, ends_at__gt=at)


class Invitation(models.Model):
    """A link by which one person becomes a user, for a party in a role or for the desk. Only a keyed digest is kept.

    `inviter` is None for the host. `invited_by` is how they were called when they invited.
    """

    class State(models.TextChoices):
        OPEN = "open"
        USED = "used"
        ENDED = "ended"  # by the clock
        WITHDRAWN = "withdrawn"
        REPLACED = "replaced"  # by a newer one, or by being let in another way
        LAPSED = "lapsed"  # whoever invited may no longer invite

    mail = models.EmailField("mail address")
    name = models.CharField(max_length=150, blank=True)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, blank=True, choices=[(r.value, r.name.title()) for r in Role])
    desk_role = models.CharField(max_length=10, blank=True, choices=[(r.value, r.name.title()) for r in DeskRole])
    inviter = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    invited_by = models.CharField(max_length=200)
    link_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, blank=True, choices=State)
    accepted_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(party=None, role="") | Q(party__isnull=False, desk_role="") & ~Q(role=""),
                name="invitation_for_a_party_or_the_desk",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mail} invited by {self.invited_by}"

    def state(self, at: datetime) -> State:
        if self.accepted_at is not None:
            return self.State.USED
        if self.ended_at is not None:
            return self.State(self.ended_as or self.State.WITHDRAWN)
        return self.State.OPEN if at < self.ends_at else self.State.ENDED


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, at: datetime) -> Self:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), ended_at=None)


class ApiToken(models.Model):
    """A token with which a program acts as a user. Only a keyed digest is kept. `ends_at` None: until it is ended."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.label} of {self.user}"

    def is_live(self, at: datetime) -> bool:
        return self.ended_at is None and (self.ends_at is None or at < self.ends_at)


_ASKED: ContextVar[dict[int, DeskRole] | None] = ContextVar("desk_roles_asked", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """In this block each user's place on the desk is asked once: for a page that only reads, which asks it often."""
    token = _ASKED.set({})
    try:
        yield
    finally:
        _ASKED.reset(token)


def desk_role_of(actor: Actor) -> DeskRole:
    """The host at the console holds the key and the database: an admin in all but name."""
    if actor.user_id is None:
        return DeskRole.ADMIN
    asked = _ASKED.get()
    if asked is not None and actor.user_id in asked:
        return asked[actor.user_id]
    user = User.objects.filter(pk=actor.user_id, is_active=True).only("desk_role").first()
    role = DeskRole(user.desk_role) if user else DeskRole.NONE
    if asked is not None:
        asked[actor.user_id] = role
    return role


def sees_everything(actor: Actor) -> bool:
    return desk_role_of(actor) is not DeskRole.NONE


def role_of(actor: Actor, party: Party) -> Role | None:
    role = Membership.objects.of(actor).filter(party=party).values_list("role", flat=True).first()
    return Role(role) if role else None


def standing_of(actor: Actor, *, creator: Party, advertiser: Party) -> Standing:
    """Where an actor stands towards an authorization between these two parties."""
    memberships = Membership.objects.of(actor).filter(party__in=(creator, advertiser))
    roles = {party: Role(role) for party, role in memberships.values_list("party", "role")}
    return Standing(creator=roles.get(creator.pk), advertiser=roles.get(advertiser.pk), desk=desk_role_of(actor))
