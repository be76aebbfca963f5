"""Give an authorization its window, add the link to its chain, and keep the access in the register in step."""

from __future__ import annotations

from datetime import datetime

from valetkey.audit.entry import Actor
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Application, Authorization, WindowChange, WindowSource
from valetkey.authorizations.services.transition import take
from valetkey.register.models import Source
from valetkey.register.services import close_access, record_access

SURFACE = "Spark authorizations"
ROLE = "run this post as an ad"


def set_window(
    authorization: Authorization,
    verb: Verb,
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
    source: WindowSource,
    days: int | None,
    at: datetime,
) -> None:
    """Inside the caller's transaction. The platform's end overrules whatever the record had."""
    WindowChange.objects.create(
        authorization=authorization,
        verb=verb.value,
        days=days,
        starts_at=starts_at,
        ends_at=ends_at,
        source=source,
        at=at,
    )
    state = State(authorization.state)
    take(authorization, state, starts_at=starts_at, ends_at=ends_at, window_source=source)


def open_accesses(authorization: Authorization, *, actor: Actor, at: datetime) -> None:
    """The register's access for each application that is in use, with the end as it is now."""
    in_use = authorization.applications.bound().filter(
        seen_at__isnull=False
    ) | authorization.applications.bound().filter(source=Source.STATED)
    for application in in_use.select_related("ad_account", "authorization"):
        open_access(application, authorization, actor=actor, at=at)


def open_access(application: Application, authorization: Authorization, *, actor: Actor, at: datetime) -> None:
    record_access(
        asset=authorization.post,
        surface=SURFACE,
        holder=authorization.advertiser,
        role=ROLE,
        since=application.applied_at or at,
        until=authorization.ends_at,
        basis=application.basis,
        source=Source(application.source or Source.STATED),
        owner=authorization.creator_owner,
        actor=actor,
        at=at,
    )


def close_accesses(authorization: Authorization, *, reason: str, actor: Actor, at: datetime) -> None:
    for application in authorization.applications.select_related("ad_account", "authorization"):
        close_access(basis=application.basis, reason=reason, actor=actor, at=at)
