"""Connections: a party's token for a platform, encrypted, and how far it reaches."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from valetkey.accounts.models import Party
from valetkey.accounts.reference import new_reference
from valetkey.audit.entry import Actor
from valetkey.connectors.base import Address, Level, Renewal
from valetkey.vault.columns import EncryptedField

SANDBOX = "sandbox:"
"""The base address that means: the stand-in inside this process."""


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(party__in=Party.objects.visible_to(actor))

    def creator_of(self, party: Party, platform: str) -> Connection | None:
        return self.live().filter(party=party, platform=platform, level=Level.CREATOR).order_by("-pk").first()

    def advertiser_of(self, party: Party, platform: str) -> Connection | None:
        return self.live().filter(party=party, platform=platform, level=Level.ADVERTISER).order_by("-pk").first()


class Connection(models.Model):
    """A token with which the desk speaks to a platform for a party. Ended, never deleted; its token then goes."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="connections")
    platform = models.CharField(max_length=20)
    level = models.CharField(max_length=20, choices=[(level.value, level.value) for level in Level])
    base_url = models.CharField(max_length=200)
    account_id = models.CharField(max_length=100, blank=True)
    token = EncryptedField(null=True)
    # A creator's token lasts a day (C2); these renew it. Without them it lapses and is connected anew.
    token_ends_at = models.DateTimeField(null=True)
    app_id = models.CharField(max_length=100, blank=True)
    app_secret = EncryptedField(null=True)
    refresh_token = EncryptedField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["party", "platform", "level", "ended_at"], name="connection_of_party")]

    def __str__(self) -> str:
        return f"{self.platform} {self.level} of {self.party}"

    def address(self) -> Address:
        if self.token is None:
            raise ValueError("An ended connection has no token any more.")
        base_url = f"{SANDBOX}{settings.VALETKEY_SANDBOX_STATE}" if self.base_url == SANDBOX else self.base_url
        return Address(base_url=base_url, token=self.token, account_id=self.account_id)

    def renewal(self) -> Renewal | None:
        if self.refresh_token is None or self.app_secret is None:
            return None
        return Renewal(self.app_id, self.app_secret, self.refresh_token)
