"""Findings, the times they were open, the desk's thresholds, and the sweeps that opened and closed them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from valetkey.accounts.models import Party, Person, sees_everything
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.findings.finding import About, Severity


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those told to the actor's own parties; all for the host, an admin or an auditor."""
        if sees_everything(actor):
            return self
        return self.filter(party__in=Party.objects.visible_to(actor))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def waiting(self, at: datetime) -> Self:
        """Open, and neither put off until later nor left to its end."""
        return self.open().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at), let_end_at=None)


class Finding(models.Model):
    """What a rule says of one subject to one party. One row for each such three, however often it comes back.

    `sentence`, `evidence`, `severity`, `by`, `stops`, `owner`: as the last sweep that looked found it. `times`: how
    often it was opened. What people decided (`acknowledged`, `handed_to`, `snoozed_until`, `let_end`) is dropped when
    it is opened anew; `let_end` also when `by` moves, since it was said of another end.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    rule = models.CharField(max_length=40)
    about = models.CharField(max_length=20, choices=[(each.value, each.value) for each in About])
    subject = models.CharField(max_length=12)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="findings")
    severity = models.PositiveSmallIntegerField(choices=[(each.value, each.name.lower()) for each in Severity])
    sentence = models.TextField()
    evidence = models.JSONField(default=list)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="findings")
    by = models.DateTimeField(null=True)
    stops = models.PositiveIntegerField(default=0)
    times = models.PositiveIntegerField(default=1)
    first_opened_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    # What people decided, the last of each; the history has all of it.
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=200, blank=True)
    acknowledged_as = models.PositiveSmallIntegerField(null=True)  # how severe it was then: worse is told again
    handed_to = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="findings_handed")
    snoozed_until = models.DateTimeField(null=True)
    let_end_at = models.DateTimeField(null=True)
    let_end_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "subject", "party"], name="finding_once")]
        indexes = [
            models.Index(
                fields=["party", "-severity", "by"], condition=Q(closed_at=None), name="finding_open_of_party"
            ),
            models.Index(fields=["about", "subject"], condition=Q(closed_at=None), name="finding_open_of_subject"),
            models.Index(fields=["owner"], condition=Q(closed_at=None), name="finding_open_of_owner"),
            models.Index(fields=["id"], condition=Q(closed_at=None), name="finding_open"),  # all, in batches
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def entry_subject(self) -> str:
        """Its name in the history."""
        return f"finding {self.reference}"


class SpellQuerySet(models.QuerySet["Spell"]):
    def open_at(self, at: datetime) -> Self:
        return self.filter(opened_at__lte=at).filter(Q(closed_at=None) | Q(closed_at__gt=at))


class Spell(models.Model):
    """One time that a finding was open, as it last was then: so that a past day can be looked at."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="spells")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    severity = models.PositiveSmallIntegerField(choices=[(each.value, each.name.lower()) for each in Severity])
    sentence = models.TextField()
    evidence = models.JSONField(default=list)
    by = models.DateTimeField(null=True)

    objects = SpellQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding"], condition=Q(closed_at=None), name="spell_one_open"),
        ]
        indexes = [models.Index(fields=["opened_at", "closed_at"], name="spell_of_time")]

    def __str__(self) -> str:
        return f"{self.finding} since {self.opened_at}"


class Limit(models.Model):
    """A threshold that this desk set for itself; without a row, the default holds (findings.limits)."""

    name = models.CharField(max_length=40, unique=True)
    value = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Sweep(models.Model):
    """One run over the record. `finished_at` None: it is under way, or was cut off. `counts`: what it did, by name."""

    at = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="sweep_newest")]

    def __str__(self) -> str:
        return f"sweep at {self.at}"
