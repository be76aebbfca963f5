"""Notices and the digests they went out in, what people want to be told, calendar feeds, webhooks and deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q

from valetkey.accounts.models import Membership, Party, sees_everything
from valetkey.accounts.policy import Role
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.findings.finding import Severity
from valetkey.findings.models import Finding, Spell
from valetkey.notices.recipients import Why
from valetkey.register.models import Campaign
from valetkey.vault.columns import EncryptedField


class Preference(models.Model):
    """What somebody wants to be told, and when not. Without a row, the defaults hold (notices.schedule)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference")
    by_mail = models.BooleanField(default=True)
    muted = models.JSONField(default=list)  # findings.finding.Group: not by mail; they stay on the pages
    lead_days = models.JSONField(default=list)  # empty: the defaults
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    on_weekends = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"preference of {self.user}"


class Digest(models.Model):
    """One mail to one person, at most one on a day of theirs. `message_id` is the same however often it is tried."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"  # claimed; after a crash it is tried again under the same message id
        SENT = "sent"
        FAILED = "failed"  # given up, after a day of tries
        NEEDLESS = "needless"  # when it was to go out, all of it was settled, or no longer this person's

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField()
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_one_a_day")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["waiting", "sending"]), name="digest_to_send")
        ]

    def __str__(self) -> str:
        return f"digest for {self.user} on {self.day}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; all for the host, an admin or an auditor."""
        return self if sees_everything(actor) else self.filter(user=actor.user_id)


class Notice(models.Model):
    """Somebody is told of a finding once for each lead time of each spell. `lead`: days before `by`; -1: on opening.

    It is on their pages from `at` on. `digest`: the mail it went out in; None: it stays on the pages (muted, no mail
    wanted), or `waits` for the next day's mail. Whether that mail was delivered is the digest's to say. `sentence`,
    `severity` and `by`: the finding's when it was told.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="notices")
    spell = models.ForeignKey(Spell, on_delete=models.PROTECT, related_name="notices")
    lead = models.SmallIntegerField()
    severity = models.PositiveSmallIntegerField(choices=[(each.value, each.name.lower()) for each in Severity])
    sentence = models.TextField()
    by = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Why])
    at = models.DateTimeField()
    digest = models.ForeignKey(Digest, null=True, on_delete=models.PROTECT, related_name="notices")
    waits = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "spell", "lead", "by"], condition=Q(by__isnull=False), name="notice_once"
            ),
            models.UniqueConstraint(
                fields=["user", "spell", "lead", "severity"], condition=Q(by=None), name="notice_once_without_end"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["user"], condition=Q(waits=True), name="notice_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.finding} to {self.user}"


class FeedQuerySet(models.QuerySet["Feed"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """One's own; all for the host, an admin or an auditor."""
        return self if sees_everything(actor) else self.filter(user=actor.user_id)


class Feed(models.Model):
    """A calendar at a secret address, with what its user may see: of all that is theirs, or of one campaign.

    Only a keyed digest of the address is kept. Ended, never deleted. `read_at`: about when it was last read.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feeds")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="feeds")
    link_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"calendar of {self.user}"

    @property
    def subject(self) -> str:
        """Its name in the history."""
        return f"feed {self.reference}"


class FeedEvent(models.Model):
    """What one calendar was last told of one happening, so that a change gets a higher SEQUENCE under the same UID."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="events")
    uid = models.CharField(max_length=300)
    sequence = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    day = models.DateField(null=True)
    instant = models.DateTimeField(null=True)
    is_cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "uid"], name="feed_event_once")]

    def __str__(self) -> str:
        return self.uid


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """Those of parties the actor manages; all for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        managed = Membership.objects.of(actor).filter(role=Role.MANAGER.value)
        return self.filter(party__in=managed.values("party"))


class Endpoint(models.Model):
    """Where a party wants to be told by program. `cursor`: the last line of the history that was looked at for it.

    `secret` signs; `old_secret` signs too until `old_secret_until`, so that a receiver can change over.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="endpoints")
    url = models.URLField(max_length=500)
    events = models.JSONField(default=list)  # prefixes such as "finding." or "authorization."; empty: all
    secret = EncryptedField(null=True)
    old_secret = EncryptedField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return f"webhook of {self.party}"

    @property
    def subject(self) -> str:
        return f"webhook {self.reference}"


class Delivery(models.Model):
    """One message to one endpoint. `message_id` is the same however often it is tried: receivers know it by that.

    `give_up_at`: a day after the first try. `status` and `fault`: of the last one; what else was answered is not kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        DELIVERED = "delivered"
        DEAD = "dead"  # a day of tries went by; it can be replayed

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    message_id = models.CharField(max_length=64)
    event = models.CharField(max_length=60)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    give_up_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["endpoint", "message_id"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["endpoint", "next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_to_send",
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_of_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"


def unread(at: datetime) -> models.Subquery:
    """For a query of users: how many notices each has not read, of what is not over."""
    theirs = Notice.objects.filter(user=OuterRef("pk"), read_at=None, at__lte=at, spell__closed_at=None).order_by()
    return models.Subquery(theirs.values("user").annotate(number=models.Count("pk")).values("number"))
