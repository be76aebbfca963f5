"""Open a change: a plan and what the record says of whom it is about become a checklist. Look at the record again: what
is new is added, and nothing is taken off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.models import Authorization
from valetkey.changes.checklist import Drafted, Found, checklist, filled
from valetkey.changes.grammar import About, Each, PlanSheet
from valetkey.changes.models import Change, Step
from valetkey.changes.services.found import about_of, facts_of, people_by_reference
from valetkey.changes.services.plans import plan_of
from valetkey.changes.services.steps import is_shown, refuse_closed
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.models import Asset
from valetkey.register.occasions import Occasion

_FARTHEST: Final = timedelta(days=3660)
_NAMED: Final = {
    About.PERSON: "a person",
    About.PARTY: "a party",
    About.ASSET: "an account or another asset",
    About.AUTHORIZATION: "an authorization",
}


@dataclass(frozen=True)
class Decided:
    """What a review decided, in place of what would be looked up. `scope`: what was reviewed, in words."""

    scope: str
    lines: Mapping[Each, Sequence[Found]]


def open_change(
    *,
    occasion: Occasion | str,
    kept_by: Party,
    person: Person | None = None,
    party: Party | None = None,
    asset: Asset | None = None,
    authorization: Authorization | None = None,
    day: date,
    decided: Decided | None = None,
    actor: Actor,
    at: datetime,
) -> Change:
    """Refuses what the plan is not about, what is not on this record, and a second one for the same while one is open.

    The rows named are those that the actor has found: a stranger finds none. `decided`: of a review, and of it alone.
    """
    require_hand(actor, kept_by)
    written = plan_of(str(occasion))
    row = Change(
        occasion=str(occasion), kept_by=kept_by, person=person, party=party, asset=asset, authorization=authorization,
        day=day, plan_version=written.version, opened_at=at, opened_by=actor.name[:200], looked_at=at,
    )  # fmt: skip
    _refuse_misnamed(row, written.plan)
    _refuse_foreign(row)
    if abs(day - at.date()) > _FARTHEST:
        raise Invalid("day_out_of_reach", f"{day} is too far from today.", "Look at the year.")
    if (row.occasion == Occasion.REVIEW) is (decided is None):
        raise Invalid(
            "opened_by_review",
            "This checklist is made when a review is closed.",
            "Open a review, decide on its lines, and close it.",
        )
    words = dict(about_of(row).words) | ({"scope": decided.scope} if decided else {})
    row.title, row.intro = filled(written.plan.title, words), filled(written.plan.intro, words)
    with writing():
        if decided is None:
            _refuse_double(row)
        row.save()
        facts = facts_of(row, written.plan, actor=actor, at=at)
        if decided is not None:
            about = replace(facts.about, words={**facts.about.words, "scope": decided.scope})
            facts = replace(facts, about=about, each={**facts.each, **decided.lines})
        drafted = checklist(written.plan, facts, day=day)
        _store(row, drafted, at)
        detail: dict[str, object] = {
            "occasion": row.occasion, "change": row.title, "day": day.isoformat(), "steps": len(drafted),
        }  # fmt: skip
        record(event="change.opened", subject=row.subject, actor=actor, at=at, detail=detail)
    return row


def refresh_change(*, change: Change, actor: Actor, at: datetime) -> int:
    """Look at the record again. Returns how many steps were added; nothing of the list is taken off or written anew."""
    require_hand(actor, change.kept_by)
    plan = plan_of(change.occasion).plan
    with writing():
        change.refresh_from_db()
        refuse_closed(change)
        drafted = checklist(plan, facts_of(change, plan, actor=actor, at=at), day=change.day)
        latest = {(step.name, step.thing, step.subject): step for step in change.steps.order_by("number")}
        new = tuple(each for each in drafted if each.key not in latest or _came_back(latest[each.key], change))
        _store(change, new, at)
        change.looked_at = at
        change.save(update_fields=["looked_at"])
        if new:
            detail: dict[str, object] = {"change": change.title, "added": len(new)}
            record(event="change.refreshed", subject=change.subject, actor=actor, at=at, detail=detail)
    return len(new)


def _came_back(step: Step, change: Change) -> bool:
    """Once done, the record showed it so. Where it no longer does, what is found again is new."""
    step.change = change
    return step.state == Step.State.DONE and is_shown(step) is False


def _store(change: Change, drafted: tuple[Drafted, ...], at: datetime) -> None:
    people = people_by_reference(each.owner for each in drafted)
    first = change.steps.count() + 1
    Step.objects.bulk_create(
        (
            Step(
                change=change, number=number, name=each.name, **each.texts, guide=each.guide, effect=each.effect,
                offer=each.offer, thing=each.thing, subject=each.subject, owner=people.get(each.owner),
                due_on=each.due_on, added_at=at,
            )
            for number, each in enumerate(drafted, start=first)
        ),
        batch_size=500,
    )  # fmt: skip


def _refuse_misnamed(row: Change, plan: PlanSheet) -> None:
    named = [each for each in (row.person_id, row.party_id, row.asset_id, row.authorization_id) if each is not None]
    if len(named) > 1 or row.about is not plan.about:
        what = _NAMED.get(plan.about)
        raise Invalid(
            "change_about",
            f"This change is about {what}." if what else "This change is about the whole record.",
            f"Name {what}, and nothing else." if what else "Name nobody and nothing.",
        )


def _refuse_foreign(row: Change) -> None:
    """Of another record there is nothing to be found here; the words are those for what is not there."""
    keeper = row.kept_by_id
    sides = (row.authorization.post.held_by_id, row.authorization.advertiser_id) if row.authorization else (keeper,)
    foreign = (
        (row.person is not None and row.person.kept_by_id != keeper)
        or (row.asset is not None and row.asset.held_by_id != keeper)
        or keeper not in sides
    )
    if foreign:
        raise NotFound(
            "not_on_this_record", f"That is not on the record of {row.kept_by}.", "Look whose record it is on."
        )
    if row.party_id is not None and row.party_id == keeper:
        raise Invalid("with_itself", f"{row.kept_by} is no partner of itself.", "Name the other party.")


def _refuse_double(row: Change) -> None:
    same = Change.objects.open().filter(
        occasion=row.occasion, kept_by=row.kept_by, person=row.person, party=row.party, asset=row.asset,
        authorization=row.authorization,
    ).first()  # fmt: skip
    if same is not None:
        raise Conflict(
            "change_open", f"There is a change for this already: {same}.", "Go on with that one, or close it first."
        )
