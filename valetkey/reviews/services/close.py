"""Close a review: what was decided becomes work. What is kept gets its next day, what may end is noted so, and the rest
becomes one change, with a step for each line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from valetkey.accounts.models import Person
from valetkey.accounts.services import require_hand
from valetkey.accounts.services.changing import refuse_far
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services import of_bases
from valetkey.changes.checklist import Found
from valetkey.changes.grammar import Each
from valetkey.changes.models import Change
from valetkey.changes.services import Decided, open_change, worded
from valetkey.errors import Conflict, Invalid
from valetkey.register import services as register
from valetkey.register.models import Access
from valetkey.register.occasions import Occasion
from valetkey.reviews.decisions import IS_WORK, Decision
from valetkey.reviews.models import Line, Review
from valetkey.reviews.services.decide import refuse_closed

_OF_ACCESS = ("access__surface__asset__held_by", "access__holder", "access__person", "access__owner")
_NO_REMARK = "nothing more."


def close_review(*, review: Review, next_on: date, actor: Actor, at: datetime) -> Review:
    """`next_on`: when the same is looked at again. What was ended meanwhile needs nothing any more.

    Raises Conflict while lines are undecided, and where an access that was left to its end has none any more; Invalid
    for a day that is not to come.
    """
    require_hand(actor, review.kept_by)
    refuse_far(next_on, what="The day of the next review")
    if next_on <= at.date():
        raise Invalid("not_to_come", f"{next_on:%Y-%m-%d} is not to come.", "Name a later day for the next review.")
    with writing():
        review.refresh_from_db()
        refuse_closed(review)
        lines = list(review.lines.select_related(*_OF_ACCESS).order_by("number"))
        _refuse_undecided(lines)
        open_ones = [line for line in lines if line.access.ended_at is None]
        _settle(open_ones, next_on, actor, at)
        change = _hand_on([line for line in open_ones if line.decision in IS_WORK], review, actor, at)
        review.next_on, review.closed_at, review.closed_by = next_on, at, actor.name[:200]
        review.save(update_fields=["next_on", "closed_at", "closed_by"])
        counts = Counter(line.decision for line in lines)
        detail: dict[str, object] = {
            "scope": review.scope, **{each.value: counts[each] for each in Decision if counts[each]},
            "next_on": next_on.isoformat(), "change": change.title if change else None,
        }  # fmt: skip
        record(event="review.closed", subject=review.subject, actor=actor, at=at, detail=detail)
    return review


def _refuse_undecided(lines: Sequence[Line]) -> None:
    left = sum(not line.decision for line in lines)
    if left:
        raise Conflict(
            "lines_undecided", f"{left} line{' is' if left == 1 else 's are'} undecided.", "Decide on each, then close."
        )


def _settle(lines: Sequence[Line], next_on: date, actor: Actor, at: datetime) -> None:
    """What needs nobody's hands on a platform."""
    kept = [line.access for line in lines if line.decision == Decision.KEEP]
    register.look_again_on(accesses=kept, day=next_on, at=at)
    for line in lines:
        access = line.access
        if line.decision == Decision.LET_IT_END and access.let_end_at is None:
            if access.until is None:
                raise Conflict(
                    "line_moved",
                    f"Line {line.number} was to be left to its end, and has no known end any more.",
                    "Decide on this line anew.",
                )
            register.let_access_end(access=access, actor=actor, at=at)


def _hand_on(lines: Sequence[Line], review: Review, actor: Actor, at: datetime) -> Change | None:
    if not lines:
        return None
    change = open_change(
        occasion=Occasion.REVIEW, kept_by=review.kept_by, day=at.date(),
        decided=Decided(review.scope, _found(lines)), actor=actor, at=at,
    )  # fmt: skip
    review.lines.filter(pk__in=[line.pk for line in lines]).update(work=change.reference)
    return change


def _found(lines: Sequence[Line]) -> dict[Each, Sequence[Found]]:
    """What an authorization gives ends with it: once for each, however many ad accounts it is on."""
    of = {each: [line for line in lines if line.decision == each] for each in IS_WORK}
    stop = [line for line in of[Decision.END] if line.access.way == Access.Way.AUTHORIZATION]
    rows = of_bases(line.access.basis for line in stop)
    stopped = {rows[line.access.basis].reference: _of_authorization(line, rows[line.access.basis]) for line in stop}
    return {
        Each.LINE_END: [_of_access(line) for line in of[Decision.END] if line.access.way == Access.Way.ENTERED],
        Each.LINE_STOP: list(stopped.values()),
        Each.LINE_CHANGE: [_of_access(line) for line in of[Decision.CHANGE]],
        Each.LINE_NOT_MINE: [_of_access(line) for line in of[Decision.NOT_MINE]],
    }


def _of_access(line: Line) -> Found:
    return _with_note(line, worded.access(line.access))


def _of_authorization(line: Line, row: Authorization) -> Found:
    owner: Person | None = row.creator_owner
    if row.post.held_by_id != line.review.kept_by_id:
        owner = row.advertiser_owner
    return _with_note(line, worded.authorization(row, owner))


def _with_note(line: Line, found: Found) -> Found:
    said = worded.sentence(line.note) if line.note else _NO_REMARK
    return Found(found.reference, {**found.words, "said": said}, found.owner)
