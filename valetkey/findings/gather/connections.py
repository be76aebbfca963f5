"""What the rules are told of connections, and of which. No token is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from valetkey.connectors.models import Connection
from valetkey.findings.facts import ConnectionFacts
from valetkey.findings.gather.batches import batches
from valetkey.findings.gather.named import thing
from valetkey.findings.limits import Limits


def candidates(at: datetime, limits: Limits, parties: Collection[int] | None) -> Iterator[list[int]]:
    rows = Connection.objects.live()
    if parties is not None:
        rows = rows.filter(party__in=parties)
    yield from batches(rows, (Q(token_ends_at__lte=at + timedelta(days=limits.token_lapses_within)),))


def facts(pks: Collection[int], at: datetime) -> list[ConnectionFacts]:
    """Of one that was ended there is nothing to tell."""
    rows = Connection.objects.live().filter(pk__in=pks)
    renewing = set(rows.filter(refresh_token__isnull=False, app_secret__isnull=False).values_list("pk", flat=True))
    told = rows.select_related("party").defer("token", "app_secret", "refresh_token").order_by("pk")
    return [
        ConnectionFacts(
            reference=row.reference,
            party=thing(row.party),
            platform=row.platform,
            level=row.level,
            token_ends_at=row.token_ends_at,
            renews_itself=row.pk in renewing,
        )
        for row in told
    ]
