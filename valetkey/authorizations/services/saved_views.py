"""Saved views: a person's own names for filters. Nobody else sees them, and the history does not tell of them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from valetkey.accounts.models import User
from valetkey.audit.entry import Actor
from valetkey.audit.services import writing
from valetkey.authorizations.filters import Filters
from valetkey.authorizations.models import SavedView
from valetkey.credential import refuse
from valetkey.errors import Conflict, Forbidden, NotFound
from valetkey.text import tidy

MOST: Final = 30
_LONGEST_NAME: Final = 60


def saved_views(*, actor: Actor) -> QuerySet[SavedView]:
    """The actor's own, by name. Whoever is no user has none."""
    return SavedView.objects.filter(user=actor.user_id or 0, user__is_active=True)


def find_view(*, name: str, actor: Actor) -> SavedView:
    name = _tidy(name)
    found = saved_views(actor=actor).filter(name=name).first()
    if found is None:
        raise _not_found(f"“{name}”")
    return found


def save_view(*, name: str, filters: Filters, actor: Actor, at: datetime) -> SavedView:
    """Under a name that is there already, the filters take the place of the earlier ones. Raises Conflict beyond 30."""
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise Forbidden("not_a_user", "Views are saved by somebody who is signed in.", "Sign in, then save it.")
    name = _tidy(name)
    _refuse_credentials(filters)
    with writing(durable=True):
        earlier = SavedView.objects.filter(user=user, name=name).first()
        if earlier is None and SavedView.objects.filter(user=user).count() >= MOST:
            raise Conflict("too_many_views", f"You have {MOST} saved views already.", "Forget one of them first.")
        row = earlier or SavedView(user=user, name=name)
        row.filters, row.created_at = filters.plain(), at
        row.save()
    return row


def forget_view(*, saved_view: SavedView, actor: Actor, at: datetime) -> None:
    """One's own. Another person's is not found."""
    with writing(durable=True):
        forgotten, _ = SavedView.objects.filter(pk=saved_view.pk, user=actor.user_id or 0).delete()
    if not forgotten:
        raise _not_found("like that")


def _tidy(name: str) -> str:
    return " ".join(tidy(name, what="The view's name", longest=_LONGEST_NAME).split())


def _refuse_credentials(filters: Filters) -> None:
    """What is only looked for may be anything; what a view keeps may not."""
    for text in (filters.text, filters.creator, filters.advertiser):
        refuse(text, what="What you look for")


def _not_found(name: str) -> NotFound:
    return NotFound("no_such_view", f"You have no saved view {name}.", "Look at the names of those you have.")
