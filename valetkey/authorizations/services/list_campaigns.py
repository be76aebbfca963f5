"""Campaigns, each with how many live authorizations use it and how many of those do not reach it.

The counts are `coverage.cover` said in the database's words; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from valetkey.audit.entry import Actor
from valetkey.authorizations.lifecycle import LIVE
from valetkey.register.models import Campaign


def list_campaigns(*, actor: Actor) -> QuerySet[Campaign, Any]:
    """Those the actor may see, the last to end first.

    Adds `live`, and of these `short` (end too early), `late` (start too late) and `unknown` (neither, as far as known).
    """
    is_live = Q(authorizations__state__in=sorted(LIVE))
    is_short = Q(authorizations__ends_at__lt=F("ends_at"))
    is_late = Q(authorizations__starts_at__gt=F("starts_at"))
    lacks_one = Q(authorizations__ends_at=None) | Q(authorizations__starts_at=None)
    return (
        Campaign.objects.visible_to(actor)
        .select_related("ad_account__held_by")
        .annotate(
            live=_count(is_live),
            short=_count(is_live & is_short),
            late=_count(is_live & is_late),
            # An end that is not known is neither early nor late: comparing with nothing is not true.
            unknown=_count(is_live & lacks_one, unless=is_live & (is_short | is_late)),
        )
        .order_by("-ends_on", "name", "pk")
    )


def _count(which: Q, unless: Q | None = None) -> Any:
    counted = Count("authorizations", filter=which, distinct=True)
    return counted if unless is None else counted - Count("authorizations", filter=which & unless, distinct=True)
