"""Hand the code over: a link for one named recipient, that ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from valetkey.audit.entry import Actor
from valetkey.audit.services import writing
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization, HandOver
from valetkey.authorizations.services.transition import move, require
from valetkey.errors import Invalid
from valetkey.secret import Secret
from valetkey.vault import keyring


@dataclass(frozen=True)
class HandedOver:
    """The hand-over, and the link's own secret, shown this once."""

    hand_over: HandOver
    link: Secret = field(repr=False)


def hand_over(
    *, authorization: Authorization, recipient: str, days: int | None = None, actor: Actor, at: datetime
) -> HandedOver:
    """A link for `recipient` (a name or a mail address) that ends after `days`, by default VALETKEY_LINK_DAYS."""
    require(authorization, Verb.HAND_OVER, actor)
    recipient = recipient.strip()
    if not recipient or len(recipient) > 200:
        raise Invalid("recipient", "A hand-over needs a named recipient.", "Give the name of the person or team.")
    days = settings.VALETKEY_LINK_DAYS if days is None else days
    if not 1 <= days <= 90:
        raise Invalid(
            "link_days", f"A link cannot last {days} days.", "Choose 1 to 90; a new link is made in a moment."
        )
    link = Secret(secrets.token_urlsafe(32))
    with writing(durable=True):
        changes = {"handed_over_at": authorization.handed_over_at or at}
        detail: dict[str, object] = {"recipient": recipient, "link_days": days}
        move(authorization, Verb.HAND_OVER, actor=actor, at=at, detail=detail, changes=changes)
        row = HandOver.objects.create(
            authorization=authorization,
            recipient=recipient,
            link_digest=keyring().fingerprint(link),
            created_at=at,
            ends_at=at + timedelta(days=days),
        )
    return HandedOver(row, link)
