"""The history's table, and the key its exports are signed with. Entries are added by `services.record` and by nothing
else; triggers stop every other write.
"""

from __future__ import annotations

from django.db import models

from valetkey.audit.entry import Actor, Door, Draft
from valetkey.vault.columns import EncryptedField


class Entry(models.Model):
    """One line of the history. Names are frozen as they were, so that it reads the same when people leave."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=10)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ("seq",)
        indexes = [
            models.Index(fields=["subject", "seq"], name="entry_subject"),
            models.Index(fields=["event", "seq"], name="entry_event"),
        ]
        constraints = [models.UniqueConstraint(fields=["previous"], name="entry_one_successor")]

    def __str__(self) -> str:
        return f"{self.seq} {self.event} {self.subject}"

    def draft(self) -> Draft:
        """The entry as it was given, for checking its digest."""
        actor = Actor(name=self.actor_name, door=Door(self.door), user_id=self.user_id)
        return Draft(at=self.at, event=self.event, actor=actor, subject=self.subject, detail=self.detail)


class SigningKey(models.Model):
    """With what this desk signs the exports of its history (Ed25519). One row, made when it is first needed.

    `public` and `private`: base64 of the DER form (SubjectPublicKeyInfo, PKCS #8), the private one encrypted at rest.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    public = models.CharField(max_length=100)
    private = EncryptedField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="signing_key_is_one")]

    def __str__(self) -> str:
        return "the key that exports of the history are signed with"
