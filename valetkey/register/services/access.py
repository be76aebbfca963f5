"""Access is opened, moved and closed here by whoever has the basis for it."""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.models import Party
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.register.models import Access, Asset, Source, Surface


def record_access(
    *,
    asset: Asset,
    surface: str,
    holder: Party,
    role: str,
    since: datetime,
    until: datetime | None,
    basis: str,
    source: Source,
    actor: Actor,
    at: datetime,
) -> Access:
    """Open the access that a basis gives, or bring the open one up to date. One live access per basis."""
    with writing():
        list_, _ = Surface.objects.get_or_create(asset=asset, name=surface)
        end = Access.End.UNKNOWN if until is None else Access.End.AT
        access = Access.objects.filter(basis=basis, ended_at=None).first()
        if access is None:
            access = Access.objects.create(
                surface=list_, holder=holder, role=role, since=since, end=end, until=until, basis=basis, source=source,
                recorded_at=at,
            )  # fmt: skip
            _record_access("access.opened", access, actor, at)
        elif access.until != until:
            access.end, access.until, access.source = end, until, source
            access.save(update_fields=["end", "until", "source"])
            _record_access("access.moved", access, actor, at)
    return access


def close_access(*, basis: str, reason: str, actor: Actor, at: datetime) -> None:
    """Close the live access of a basis; nothing happens where there is none."""
    with writing():
        for access in Access.objects.filter(basis=basis, ended_at=None).select_related("holder", "surface"):
            access.ended_at, access.ended_reason = at, reason[:200]
            access.save(update_fields=["ended_at", "ended_reason"])
            _record_access("access.closed", access, actor, at)


def _record_access(event: str, access: Access, actor: Actor, at: datetime) -> None:
    detail: dict[str, object] = {
        "holder": access.holder.name,
        "role": access.role,
        "until": access.until.isoformat() if access.until else None,
        "basis": access.basis,
    }
    record(event=event, subject=f"surface {access.surface_id}", actor=actor, at=at, detail=detail)
