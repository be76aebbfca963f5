"""What somebody was told, on their pages: the list, and that they have read it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from valetkey.accounts.models import desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.audit.entry import Actor
from valetkey.audit.services import writing
from valetkey.errors import NotFound
from valetkey.notices.models import Digest, Notice

_UNDELIVERED: Final = 20


def notices(*, actor: Actor) -> QuerySet[Notice]:
    """One's own, newest first. Whoever is no user was told nothing."""
    mine = Notice.objects.filter(user=actor.user_id or 0, user__is_active=True)
    return mine.select_related("finding__party", "spell", "digest").order_by("-at", "-pk")


def mark_read(*, reference: str = "", actor: Actor, at: datetime) -> int:
    """One of one's own, or all of them; how many were new. Refuses what is another's as if there were none."""
    mine = notices(actor=actor)
    if reference:
        mine = mine.filter(reference=reference.upper())
        if not mine.exists():
            raise NotFound("no_such_notice", f"You were not told of “{reference}”.", "Your notices are in a list.")
    with writing():
        return mine.filter(read_at=None, at__lte=at).order_by().update(read_at=at)


def undelivered(*, actor: Actor) -> list[Digest]:
    """For the desk's admin: the newest mails that were given up. Nobody else is shown any."""
    if desk_role_of(actor) is not DeskRole.ADMIN:
        return []
    failed = Digest.objects.filter(state=Digest.State.FAILED).select_related("user")
    return list(failed.order_by("-settled_at", "-pk")[:_UNDELIVERED])
