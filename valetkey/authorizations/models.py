"""Authorizations, their applications to ad accounts, hand-overs, reveals, and the chain of their windows.

Rows change only through the services. Nothing here is deleted: the record outlives the code.
"""

from __future__ import annotations

from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from valetkey.accounts.models import Party, Person, sees_everything
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.authorizations.coverage import Coverage, Window, cover
from valetkey.authorizations.lifecycle import BOUND, LIVE, ApplicationState, Progress, State
from valetkey.register.models import AdAccount, Campaign, Post, Source
from valetkey.vault.columns import EncryptedField


class WindowSource(models.TextChoices):
    """Where a window comes from. The platform's word overrules the others."""

    PLATFORM = "platform"
    STATED = "stated"
    COMPUTED = "computed"
    CONTRACT = "contract"


class Claimable(models.Model):
    """A row on which one platform verb at a time may be under way.

    `claim_id` is set by a compare-and-set before the call and cleared by the settling transaction after it. A claim
    that is older than `claimed_until`, or marked uncertain, is settled by `check`, which only reads.
    """

    claim_id = models.UUIDField(null=True, editable=False)
    claim_verb = models.CharField(max_length=20, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    is_uncertain = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


PARTS: Final = ("campaigns__ad_account", "applications__ad_account")
"""What belongs to an authorization and is shown with it."""


class AuthorizationQuerySet(models.QuerySet["Authorization"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's parties, on either side; all for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        mine = Party.objects.acted_for_by(actor)
        return self.filter(Q(post__in=Post.objects.filter(held_by__in=mine)) | Q(advertiser__in=mine))

    def live(self) -> Self:
        """Those whose code may still open something."""
        return self.filter(state__in=LIVE)

    def in_full(self) -> Self:
        """With all that a list shows of each, in a number of queries that does not grow with the rows.

        Nothing is joined: a join may lead the database away from the index that has the order of the list.
        """
        return self.prefetch_related("post__held_by", "advertiser", *PARTS)


class Authorization(Claimable):
    """Permission for one advertiser to run one post for a window."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="authorizations")
    advertiser = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="authorizations")
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in State], default=State.NEW)
    created_at = models.DateTimeField()

    # Who answers for it, on either side: a person on that side's own record.
    creator_owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    advertiser_owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    # Agreed: what the two sides settled.
    requested_days = models.PositiveIntegerField(null=True)
    message = models.TextField(blank=True)
    agreed_until = models.DateField(null=True)
    granted_until = models.DateField(null=True)  # while a code is being made: becomes the agreed day with it
    agreed_ad_account = models.ForeignKey(AdAccount, null=True, on_delete=models.PROTECT, related_name="+")
    campaigns = models.ManyToManyField(Campaign, related_name="authorizations")
    reason = models.CharField(max_length=500, blank=True)

    # The code and its window.
    code = EncryptedField(null=True)
    code_fingerprint = models.CharField(max_length=64, null=True)  # noqa: DJ001  # "" would break the unique pair
    term_days = models.PositiveIntegerField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    window_source = models.CharField(max_length=10, choices=WindowSource, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    # The steps, each with its moment.
    handed_over_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    end_asked_at = models.DateTimeField(null=True)
    end_acknowledged_at = models.DateTimeField(null=True)
    ads_paused_at = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_source = models.CharField(max_length=10, choices=Source, blank=True)
    told_at = models.DateTimeField(null=True)

    # Observed: what the last look at the platform showed to differ. Names of lifecycle.Drift.
    checked_at = models.DateTimeField(null=True)
    drift = models.JSONField(default=list)

    objects = AuthorizationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["advertiser", "code_fingerprint"], name="authorization_code_once"),
        ]
        indexes = [
            models.Index(fields=["state", "ends_at"], name="authorization_ends"),
            models.Index(fields=["ends_at", "id"], name="authorization_ends_soonest"),
            models.Index(fields=["id"], condition=Q(is_uncertain=True), name="authorization_uncertain"),
            models.Index(fields=["code_fingerprint"], name="authorization_code"),
            models.Index(fields=["post", "state"], name="authorization_of_post"),
            models.Index(fields=["state", "agreed_until"], name="authorization_agreed"),
            models.Index(fields=["state", "told_at"], name="authorization_told"),
            models.Index(fields=["state", "checked_at"], name="authorization_checked"),
            models.Index(fields=["state", "end_source"], name="authorization_proof"),
            models.Index(
                fields=["claimed_until"], condition=Q(claimed_until__isnull=False), name="authorization_claimed"
            ),
            models.Index(fields=["id"], condition=~Q(drift=[]), name="authorization_drifted"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        """Its name in the history."""
        return f"authorization {self.reference}"

    def window(self) -> Window:
        return Window(self.starts_at, self.ends_at)

    def progress(self) -> Progress:
        states = list(self.applications.values_list("state", flat=True))
        return Progress(
            was_handed_over=self.handed_over_at is not None,
            was_opened=self.opened_at is not None,
            live_applications=sum(ApplicationState(state) in BOUND for state in states),
            proven_applications=states.count(ApplicationState.IN_USE),
            ending=self._ending(),
        )

    def _ending(self) -> State | None:
        steps = (
            (State.SWITCHED_OFF, self.switched_off_at),
            (State.ADS_PAUSED, self.ads_paused_at),
            (State.END_ACKNOWLEDGED, self.end_acknowledged_at),
            (State.END_ASKED, self.end_asked_at),
        )
        return next((state for state, moment in steps if moment is not None), None)

    def coverages(self) -> list[tuple[Campaign, Coverage]]:
        """Each campaign that uses it, with whether the window lasts long enough."""
        campaigns = sorted(self.campaigns.all(), key=lambda campaign: (campaign.starts_on, campaign.pk))
        return [(campaign, cover(self.window(), campaign.span())) for campaign in campaigns]

    def applied_on(self) -> list[AdAccount]:
        """The ad accounts on which the code is applied now, as far as the record knows."""
        if self.state not in LIVE:
            return []
        return [application.ad_account for application in self.applications.all() if application.state in BOUND]


class ApplicationQuerySet(models.QuerySet["Application"]):
    def bound(self) -> Self:
        return self.filter(state__in=BOUND)


class Application(Claimable):
    """One code on one ad account, with its own proof: what that ad account showed, and when."""

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="applications")
    ad_account = models.ForeignKey(AdAccount, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ApplicationState], default=ApplicationState.NEW
    )
    source = models.CharField(max_length=10, choices=Source, blank=True)
    applied_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    identity_id = models.CharField(max_length=100, blank=True)
    identity_type = models.CharField(max_length=30, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["authorization", "ad_account"], name="application_once_per_ad_account")
        ]
        indexes = [
            models.Index(fields=["authorization"], condition=Q(is_uncertain=True), name="application_uncertain"),
            models.Index(
                fields=["claimed_until"], condition=Q(claimed_until__isnull=False), name="application_claimed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authorization} on {self.ad_account}"

    @property
    def basis(self) -> str:
        """What the access it gives is filed under in the register."""
        return f"authorization {self.authorization.reference} on ad account {self.ad_account.reference}"


class Link(models.Model):
    """A link that ends, for one named recipient. Only a keyed digest of it is kept."""

    recipient = models.CharField(max_length=200)
    mail = models.EmailField("mail address", blank=True)
    link_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    viewed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class RequestLink(Link):
    """The link by which a creator without an account answers a request. `steps`: the names of those ticked so far."""

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="request_links")
    opened_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.authorization} asked of {self.recipient}"


class HandOver(Link):
    """The link that shows the code. With a mail address, whoever opens it proves that address by a number sent there;
    without one, it is for somebody of the advertiser's side who is signed in.

    `proof_*`: the newest number. `proofs_sent` of them were sent in the day that began at `proofs_since`.
    """

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="hand_overs")
    proof_digest = models.CharField(max_length=64, blank=True)
    proof_sent_at = models.DateTimeField(null=True)
    proof_tries = models.PositiveSmallIntegerField(default=0)
    proofs_since = models.DateTimeField(null=True)
    proofs_sent = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.authorization} to {self.recipient}"


class GuideProgress(models.Model):
    """Which steps of a guide somebody has ticked for one authorization: their own note, and no proof of anything."""

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="guide_progress")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guide_progress")
    guide = models.CharField(max_length=60)
    steps = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authorization", "user", "guide"], name="guide_progress_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.guide} for {self.authorization}"


class GuideLink(Link):
    """The link by which the other side reads a guide of an authorization, with the steps that are done.

    `user`: whose ticks it shows, beside what the record proves.
    """

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="guide_links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guide_links")
    guide = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.guide} for {self.authorization} to {self.recipient}"


class Reveal(models.Model):
    """Somebody saw the code, or copied it from the page: who and when."""

    class How(models.TextChoices):
        SHOWN = "shown"
        COPIED = "copied"

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="reveals")
    hand_over = models.ForeignKey(HandOver, null=True, on_delete=models.PROTECT, related_name="reveals")
    by = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How, default=How.SHOWN)

    def __str__(self) -> str:
        return f"{self.authorization} {self.how} to {self.by}"


class SavedView(models.Model):
    """A person's own name for a set of filters of the list. `filters`: the names and values of `Filters`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name


class WindowChange(models.Model):
    """One link of the chain: the window as it became, by which verb, from which source. Added, never changed."""

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="window_changes")
    verb = models.CharField(max_length=20)
    days = models.IntegerField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=10, choices=WindowSource)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.authorization}: {self.verb} until {self.ends_at}"
