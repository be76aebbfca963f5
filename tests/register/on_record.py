"""People and assets on the two records of the desk, and what the timeline says of them."""

from __future__ import annotations

from typing import Any

from tests.desk import Desk
from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import enter_person
from valetkey.audit.entry import Actor
from valetkey.register.models import Asset
from valetkey.register.services import enter_asset
from valetkey.timeline.models import Version


def somebody(desk: Desk, name: str, party: Party | None = None, actor: Actor | None = None) -> Person:
    """On the creator's record, unless told otherwise."""
    return enter_person(kept_by=party or desk.creator, name=name, actor=actor or desk.mara, at=desk.at)


def an_account(desk: Desk) -> Asset:
    return enter_asset(
        held_by=desk.creator, platform="tiktok", kind="account", name="mara.makes", actor=desk.mara, at=desk.at
    )


def said(kind: str, reference: str) -> list[dict[str, Any]]:
    """The facts of each version, oldest first."""
    return [each.facts for each in Version.objects.filter(kind=kind, reference=reference).order_by("pk")]
