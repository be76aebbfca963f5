"""Open a review: every access of the scope is frozen as it is now, in one transaction, beside what changed since the
last review.
"""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.looking import AccessLine
from valetkey.register.models import Access, Asset
from valetkey.register.services import open_in_record
from valetkey.reviews.difference import Differences, differences, kept
from valetkey.reviews.frozen import frozen
from valetkey.reviews.models import Line, Review, ReviewQuerySet

_BATCH = 500


def open_review(
    *, kept_by: Party, asset: Asset | None = None, party: Party | None = None, actor: Actor, at: datetime
) -> Review:
    """Of one asset, of what one party holds, or with neither of the whole record. What has not begun and what is past
    its end is in it as well, as long as nobody has ended it.

    Refuses what is not on this record, a scope without any access, and a second one while one of that scope is open.
    The rows named are those that the actor has found: a stranger finds none.
    """
    require_hand(actor, kept_by)
    _refuse_misnamed(kept_by, asset, party)
    row = Review(kept_by=kept_by, asset=asset, party=party, opened_at=at, opened_by=actor.name[:200])
    with writing():
        _refuse_double(row)
        lines = list(
            open_in_record(
                keeper=kept_by.reference, asset=asset.reference if asset else "",
                party=party.reference if party else "", at=at, actor=actor,
            )
        )  # fmt: skip
        if not lines:
            raise Conflict("nothing_to_review", "There is no access to look at.", "Enter who has access first.")
        row.previous = _same(row).filter(closed_at__isnull=False).order_by("-closed_at", "-pk").first()
        row.save()
        _freeze(row, lines)
        detail: dict[str, object] = {"scope": row.scope, "lines": len(lines), "kept_by": kept_by.name}
        record(event="review.opened", subject=row.subject, actor=actor, at=at, detail=detail)
    return row


def _freeze(row: Review, lines: list[AccessLine]) -> None:
    before = list(row.previous.lines.all()) if row.previous is not None else []
    against = differences((each.line for each in before), lines) if before else Differences(frozenset(), {}, ())
    last = {str(each.facts["reference"]): each.decision for each in before}
    keys = dict(
        Access.objects.filter(surface__asset__held_by=row.kept_by, ended_at=None).values_list("reference", "pk")
    )
    Line.objects.bulk_create(
        (
            Line(
                review=row, number=number, access_id=keys[line.reference], facts=frozen(line),
                news=_news(line, against), was=kept(against.changed.get(line.reference, ())),
                last_decision=last.get(line.reference, ""),
            )
            for number, line in enumerate(lines, start=1)
        ),
        batch_size=_BATCH,
    )  # fmt: skip


def _news(line: AccessLine, against: Differences) -> str:
    if line.reference in against.new:
        return Line.News.NEW
    return Line.News.CHANGED if line.reference in against.changed else ""


def _refuse_misnamed(kept_by: Party, asset: Asset | None, party: Party | None) -> None:
    if asset is not None and party is not None:
        raise Invalid("review_scope", "A review is of one asset or of one party.", "Name one of them, or neither.")
    if asset is not None and asset.held_by_id != kept_by.pk:
        raise NotFound("not_on_this_record", f"That is not on the record of {kept_by}.", "Look whose record it is on.")


def _refuse_double(row: Review) -> None:
    same = _same(row).filter(closed_at=None).first()
    if same is not None:
        raise Conflict("review_open", f"There is a review of this already: {same}.", "Go on with that one.")


def _same(row: Review) -> ReviewQuerySet:
    return Review.objects.filter(kept_by=row.kept_by, asset=row.asset, party=row.party)
