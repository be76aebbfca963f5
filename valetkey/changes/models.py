"""Changes, the steps of their checklists, and the plans that a desk has rewritten. Nothing of it is deleted.

A step keeps its texts as they were when it was made: a plan that is rewritten later changes no checklist.
"""

from __future__ import annotations

from typing import Self

from django.db import models

from valetkey.accounts.models import Party, Person
from valetkey.accounts.reference import new_reference
from valetkey.authorizations.models import Authorization
from valetkey.changes.grammar import About
from valetkey.register.models import Asset
from valetkey.register.models.duties import KeptQuerySet
from valetkey.vault.columns import EncryptedField


class Plan(models.Model):
    """One version of a plan as this desk wrote it. What comes with Valetkey is version 0 and no row."""

    name = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class ChangeQuerySet(KeptQuerySet["Change"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Change(models.Model):
    """Something changes, for one party's record. At most one of `person`, `party`, `asset`, `authorization` is named.

    `occasion`: a name of register.occasions. `day`: the day it is about; steps are due so many days from it. `title`
    and `intro` are the plan's, filled in. `looked_at`: when the record was last asked.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    occasion = models.CharField(max_length=20)
    kept_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="changes")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="changes")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="changes_about")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="changes")
    authorization = models.ForeignKey(Authorization, null=True, on_delete=models.PROTECT, related_name="changes")
    day = models.DateField()
    title = models.TextField()
    intro = models.TextField()
    plan_version = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    looked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kept_by", "closed_at"], name="change_of_keeper")]

    def __str__(self) -> str:
        return self.reference

    @property
    def subject(self) -> str:
        """Its name in the history."""
        return f"change {self.reference}"

    @property
    def about(self) -> About:
        named = (About.PERSON, self.person_id), (About.PARTY, self.party_id), (About.ASSET, self.asset_id)
        found = next((kind for kind, key in named if key is not None), None)
        return found or (About.AUTHORIZATION if self.authorization_id is not None else About.NONE)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Step(models.Model):
    """One line of a checklist: Where · Do · Confirm · If this fails, whose it is, until when, and its proof.

    `thing` and `subject`: what it is about, by its reference; of a user or a token, its number. `proof`: what was seen;
    of a skipped one, why. `to`: whom it was passed on to. `effect` and `offer` are names of grammar.Effect.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        SKIPPED = "skipped"

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    title = models.TextField()
    where = models.TextField()
    do = models.TextField()
    confirm = models.TextField()
    fails = models.TextField()
    guide = models.CharField(max_length=60, blank=True)
    effect = models.CharField(max_length=20, blank=True)
    offer = models.CharField(max_length=20, blank=True)
    thing = models.CharField(max_length=20)
    subject = models.CharField(max_length=20, blank=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="change_steps")
    due_on = models.DateField()
    added_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    proof = models.TextField(blank=True)
    to = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "number"], name="step_number_once")]
        indexes = [models.Index(fields=["change", "state", "due_on"], name="step_of_change")]

    def __str__(self) -> str:
        return f"step {self.number} of {self.change}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Picture(models.Model):
    """What somebody saw, as a picture, sealed. `digest`: SHA-256 of the picture as it is kept, to tell it again."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="picture")
    content = EncryptedField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"picture of {self.step}"
