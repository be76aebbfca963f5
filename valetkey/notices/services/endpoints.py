"""Webhooks of a party: add one, change its secret, end it, send again what was given up. Its managers alone, and the
desk's admin. Secrets are shown once and are sealed in the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_manager
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, NotFound
from valetkey.notices.models import Delivery, Endpoint
from valetkey.notices.services.reach import checked
from valetkey.notices.webhooks import PATIENCE, new_secret, prefixes
from valetkey.secret import Secret

BOTH_SIGN: Final = timedelta(hours=24)
"""How long the old secret signs beside the new one."""
_MOST: Final = 10
_ENDED: Final = "The webhook was ended."


@dataclass(frozen=True)
class MadeEndpoint:
    """The secret is shown this once."""

    endpoint: Endpoint
    secret: Secret


def add_endpoint(*, party: Party, url: str, events: Sequence[str] = (), actor: Actor, at: datetime) -> MadeEndpoint:
    """What happens from now on is told there. `events`: beginnings such as “authorization.”; none are all.

    Raises Invalid for an address that is not public or not https, Conflict when the party has enough.
    """
    require_manager(actor, party)
    wanted, where, secret = prefixes(events), checked(url), new_secret()
    with writing():
        if Endpoint.objects.live().filter(party=party).count() >= _MOST:
            raise Conflict("enough_webhooks", f"{party} has {_MOST} webhooks already.", "End one that nobody needs.")
        newest = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        row = Endpoint.objects.create(
            party=party, url=url.strip(), events=wanted, secret=secret, cursor=newest, created_at=at
        )
        detail: dict[str, object] = {"party": party.name, "host": where.host, "events": wanted}
        record(event="webhook.added", subject=row.subject, actor=actor, at=at, detail=detail)
    return MadeEndpoint(row, secret)


def rotate_endpoint(*, endpoint: Endpoint, actor: Actor, at: datetime) -> MadeEndpoint:
    """A new secret. For a day the old one signs too, so that the receiver can change over. Raises Conflict once it has
    ended."""
    require_manager(actor, endpoint.party)
    secret = new_secret()
    with writing():
        row = Endpoint.objects.live().filter(pk=endpoint.pk).first()
        if row is None:
            raise _over()
        row.secret, row.old_secret, row.old_secret_until = secret, row.secret, at + BOTH_SIGN
        row.save(update_fields=["secret", "old_secret", "old_secret_until"])
        detail: dict[str, object] = {"party": endpoint.party.name}
        record(event="webhook.rotated", subject=row.subject, actor=actor, at=at, detail=detail)
    return MadeEndpoint(row, secret)


def end_endpoint(*, endpoint: Endpoint, actor: Actor, at: datetime) -> None:
    """Nothing is sent there any more, and its secrets are gone. Ending it again changes nothing."""
    require_manager(actor, endpoint.party)
    end(endpoint, actor, at)


def end(endpoint: Endpoint, actor: Actor, at: datetime, *, reason: str = "") -> bool:
    """Once it is clear that they may. What was still on its way is given up."""
    nothing = {"secret": None, "old_secret": None, "old_secret_until": None}
    with writing():
        if not Endpoint.objects.live().filter(pk=endpoint.pk).update(ended_at=at, **nothing):
            return False
        waiting = Delivery.objects.filter(endpoint=endpoint, state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
        waiting.update(state=Delivery.State.DEAD, settled_at=at, claimed_until=None, fault=_ENDED)
        detail: dict[str, object] = {"party": endpoint.party.name, "reason": reason}
        record(event="webhook.ended", subject=endpoint.subject, actor=actor, at=at, detail=detail)
        return True


def replay(*, endpoint: Endpoint, reference: str = "", actor: Actor, at: datetime) -> int:
    """Send again what was given up: one, or all; how many. Under the ids they had, for another day.

    Raises NotFound for one that is not there, Conflict for one that was not given up, or once the webhook is ended.
    """
    require_manager(actor, endpoint.party)
    rows = Delivery.objects.filter(endpoint=endpoint)
    if reference:
        rows = rows.filter(reference=reference.strip().upper())
        if not rows.exists():
            raise NotFound("no_such_delivery", "There is no such message of this webhook.", "They are in a list.")
    anew = {"next_try_at": at, "give_up_at": at + PATIENCE, "tries": 0, "settled_at": None}
    with writing():
        if not Endpoint.objects.live().filter(pk=endpoint.pk).exists():
            raise _over()
        number = rows.filter(state=Delivery.State.DEAD).update(state=Delivery.State.WAITING, **anew)
        if reference and not number:
            raise Conflict("not_given_up", "This message was not given up.", "Only what was given up is sent again.")
        if number:
            detail: dict[str, object] = {"party": endpoint.party.name, "messages": number}
            record(event="webhook.replayed", subject=endpoint.subject, actor=actor, at=at, detail=detail)
    return number


def endpoints(*, actor: Actor) -> QuerySet[Endpoint]:
    """Those of the parties that the actor manages, the newest first; without their secrets."""
    rows = Endpoint.objects.visible_to(actor).defer("secret", "old_secret")
    return rows.select_related("party").order_by("-pk")


def find_endpoint(*, reference: str, actor: Actor) -> Endpoint:
    row = endpoints(actor=actor).filter(reference=reference.strip().upper()).first()
    if row is None:
        raise NotFound("no_such_webhook", "There is no such webhook that you can see.", "Yours are in a list.")
    return row


def deliveries(*, endpoint: Endpoint) -> QuerySet[Delivery]:
    """For whoever has found its endpoint: the newest first, without what they say."""
    return Delivery.objects.filter(endpoint=endpoint).defer("payload").order_by("-pk")


def _over() -> Conflict:
    return Conflict("webhook_ended", "This webhook was ended.", "Add another.")
