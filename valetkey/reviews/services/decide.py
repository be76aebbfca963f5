"""Decide on one line. Each decision is kept at once, so that whoever is interrupted goes on where they were."""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict
from valetkey.reviews.decisions import Decision, decision_of, refuse_unfit
from valetkey.reviews.models import Line, Review
from valetkey.text import line as tidy_line

LONGEST_NOTE = 300


def decide(*, line: Line, decision: Decision | str, note: str = "", actor: Actor, at: datetime) -> Line:
    """May be decided otherwise until the review is closed. Nothing else happens before that.

    Raises Invalid where a note is needed, Conflict for what is closed, and to let end what has no known end.
    """
    require_hand(actor, line.review.kept_by)
    decision = decision_of(decision)
    note = tidy_line(note, what="The note", longest=LONGEST_NOTE, needed=False)
    refuse_unfit(decision, line.line, note)
    with writing():
        line.review.refresh_from_db(fields=["closed_at", "closed_by"])
        refuse_closed(line.review)
        line.refresh_from_db(fields=["decision", "note"])
        if (line.decision, line.note) != (decision.value, note):
            line.decision, line.note, line.decided_at, line.decided_by = decision.value, note, at, actor.name[:200]
            line.save(update_fields=["decision", "note", "decided_at", "decided_by"])
            _tell(line, actor, at)
    return line


def refuse_closed(review: Review) -> None:
    if not review.is_open:
        raise Conflict("review_closed", f"{review.closed_by} closed this review already.", "Open another one.")


def _tell(line: Line, actor: Actor, at: datetime) -> None:
    said = line.line
    detail: dict[str, object] = {
        "number": line.number,
        "decision": line.decision.replace("_", " "),
        "note": line.note,
        "scope": line.review.scope,
        "person": said.person.name if said.person else None,
        "holder": said.party.name,
        "role": said.role,
        "surface": said.surface.name,
        "asset": said.asset.name,
    }
    record(event="review.decided", subject=line.review.subject, actor=actor, at=at, detail=detail)
