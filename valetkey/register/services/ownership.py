"""Who owns an asset, and who controls what its login is recovered by. Only who has it; never an address or a code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from valetkey.accounts.services import require_hand
from valetkey.accounts.services.changing import known_only, take_over
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict
from valetkey.register.models import Asset, Ownership
from valetkey.register.said import of_ownership
from valetkey.register.services.on_record import refuse_not_on_record
from valetkey.text import tidy
from valetkey.timeline.services import keep

_FACTS: Final = ("owned_by", *Ownership.CONTROLS, "evidence")
_LONGEST_EVIDENCE: Final = 1000


def set_ownership(*, asset: Asset, changes: Mapping[str, object], actor: Actor, at: datetime) -> Ownership:
    """Write down who has what in hand. What is not named stays; None means that nobody knows, or nobody has it.

    What was confirmed of other hands counts no longer. Raises Invalid for somebody who is not on the holder's record.
    Who has left may well be named: that they still hold the phone number is what has to be seen.
    """
    require_hand(actor, asset.held_by)
    known_only(changes, *_FACTS)
    judged = _judged(asset, changes)
    with writing():
        row = ownership_of(asset=asset) or Ownership(asset=asset)
        told = take_over(row, judged)
        if told:
            row.changed_at = at
            if told.keys() != {"evidence"}:
                row.confirmed_at, row.confirmed_by = None, ""
            row.save()
            keep(of_ownership(row), at=at)
            detail: dict[str, object] = {"asset": asset.name, "changes": told}
            record(event="ownership.set", subject=f"asset {asset.reference}", actor=actor, at=at, detail=detail)
    return row


def confirm_ownership(*, asset: Asset, evidence: str = "", actor: Actor, at: datetime) -> Ownership:
    """Somebody looked, and it is as the record says. `evidence`: by what they know; "" leaves what stands there.

    Raises Conflict where nothing is on record yet.
    """
    require_hand(actor, asset.held_by)
    evidence = tidy(evidence, what="What was seen", longest=_LONGEST_EVIDENCE, needed=False)
    with writing():
        row = ownership_of(asset=asset)
        if row is None:
            raise Conflict(
                "no_ownership", f"Who owns {asset} is not on record yet.", "Write down who does; then confirm it."
            )
        row.evidence = evidence or row.evidence
        row.confirmed_at, row.confirmed_by = at, actor.name
        row.save(update_fields=["evidence", "confirmed_at", "confirmed_by"])
        keep(of_ownership(row), at=at)
        detail: dict[str, object] = {"asset": asset.name, "how": evidence}
        record(event="ownership.confirmed", subject=f"asset {asset.reference}", actor=actor, at=at, detail=detail)
    return row


def ownership_of(*, asset: Asset) -> Ownership | None:
    """Of an asset that the caller has found; None where nobody has written it down."""
    named = ("asset__held_by", "owned_by", *Ownership.CONTROLS)
    return Ownership.objects.filter(asset=asset.pk).select_related(*named).first()


def _judged(asset: Asset, changes: Mapping[str, object]) -> dict[str, Any]:
    judged: dict[str, Any] = dict(changes)
    for name in Ownership.CONTROLS:
        refuse_not_on_record(judged.get(name), asset.held_by)
    if "evidence" in judged:
        judged["evidence"] = tidy(
            judged["evidence"] or "", what="The evidence", longest=_LONGEST_EVIDENCE, needed=False
        )
    return judged
