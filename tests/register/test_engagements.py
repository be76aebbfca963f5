"""Who works with whom: started, corrected, ended; kept on one record, and seen by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.desk import Desk
from tests.register.on_record import said, somebody
from valetkey.accounts.services import person_left
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.register.models import Engagement
from valetkey.register.services import (
    change_engagement,
    end_engagement,
    engagements,
    find_engagement,
    start_engagement,
)

pytestmark = pytest.mark.django_db

FIRST = date(2026, 11, 2)


def started(desk: Desk, **given: Any) -> Engagement:
    asked = {"kept_by": desk.advertiser, "party": desk.rival, "purpose": "Paid social", "starts_on": FIRST}
    return start_engagement(**{**asked, "actor": desk.bo, "at": desk.at, **given})


def changed(desk: Desk, row: Engagement, **changes: object) -> Engagement:
    return change_engagement(engagement=row, changes=changes, actor=desk.bo, at=desk.at)


def test_it_has_a_first_day_a_review_and_perhaps_a_last_day(desk: Desk) -> None:
    fay = somebody(desk, "Fay", desk.advertiser, desk.bo)
    row = started(desk, review_on=FIRST + timedelta(180), owner=fay, note="  Yearly budget. ")
    assert (row.kept_by, row.party, row.purpose, row.owner) == (desk.advertiser, desk.rival, "Paid social", fay)
    assert (row.ends_on, row.note) == (None, "Yearly budget.")
    row = changed(desk, row, ends_on=date(2027, 11, 1), review_on=None)
    assert (row.review_on, row.ends_on, row.starts_on) == (None, date(2027, 11, 1), FIRST)
    assert [each["ends_on"] for each in said("engagement", row.reference)] == [None, "2027-11-01"]
    entry = Entry.objects.get(event="engagement.changed")
    assert entry.detail["party"] == "Contoso"
    assert entry.detail["changes"]["ends_on"] == {"from": None, "to": "2027-11-01"}


def test_editing_a_note_changes_no_state(desk: Desk) -> None:
    row = started(desk, ends_on=FIRST + timedelta(30))
    before = row.__dict__.copy()
    row = changed(desk, row, note="Ask Jo first.")
    names = [column.attname for column in Engagement._meta.concrete_fields]
    assert [name for name in names if getattr(row, name) != before[name]] == ["note"]


def test_it_ends_when_somebody_says_so_and_once(desk: Desk) -> None:
    row = started(desk, ends_on=FIRST)
    other = started(desk, purpose="Studio")
    late = desk.later(days=400)
    assert row in Engagement.objects.current(late), "past its last day it goes on until somebody ends it"
    row = end_engagement(engagement=row, reason="The contract ran out.", actor=desk.bo, at=late)
    assert (row.ended_at, row.ended_reason) == (late, "The contract ran out.")
    assert list(engagements(actor=desk.bo)) == [other, row], "what goes on comes first"
    tries: tuple[Callable[[], object], ...] = (
        lambda: end_engagement(engagement=row, reason="Again.", actor=desk.bo, at=late),
        lambda: changed(desk, row, note="x"),
    )
    for attempt in tries:
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "engagement_over"
    other.refresh_from_db()
    assert other.ended_at is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"purpose": " "}, "text_missing"),
        ({"purpose": "x" * 301}, "text_too_long"),
        ({"note": "x" * 2001}, "text_too_long"),
        ({"note": "The password is Sunflower88!"}, "credential_in_text"),
        ({"starts_on": None}, "engagement_days"),
        ({"starts_on": date(1500, 1, 1)}, "day_out_of_reach"),
        ({"ends_on": FIRST - timedelta(1)}, "engagement_days"),
        ({"review_on": FIRST - timedelta(1)}, "engagement_days"),
    ],
)
def test_what_cannot_be_so_is_refused(desk: Desk, given: dict[str, Any], code: str) -> None:
    row = started(desk)
    tries: tuple[Callable[[], object], ...] = (lambda: started(desk, **given), lambda: changed(desk, row, **given))
    for attempt in tries:
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.code == code
    assert Engagement.objects.count() == 1 and len(said("engagement", row.reference)) == 1


def test_nobody_is_engaged_with_themselves(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        started(desk, party=desk.advertiser)
    assert refused.value.code == "with_itself"


def test_who_answers_for_it_is_on_this_record_and_still_there(desk: Desk) -> None:
    fay, theirs = somebody(desk, "Fay", desk.advertiser, desk.bo), somebody(desk, "Cleo")
    row = started(desk, owner=fay)
    with pytest.raises(Invalid) as foreign:
        changed(desk, row, owner=theirs)
    assert foreign.value.code == "not_on_record"
    person_left(person=fay, on=desk.at.date(), actor=desk.bo, at=desk.at)
    desk.later(days=2)
    fay.refresh_from_db()
    with pytest.raises(Conflict) as gone:
        started(desk, owner=fay)
    assert gone.value.code == "person_left"
    assert changed(desk, row, purpose="Studio").owner == fay, "what is not touched is not judged"
    assert changed(desk, row, owner=None).owner is None
    with pytest.raises(TypeError):
        changed(desk, row, party=desk.creator)


@pytest.mark.parametrize(
    ("who", "kind"),
    [("stranger", NotFound), ("mara", NotFound), ("viewer", Forbidden), ("auditor", Forbidden)],
)
def test_it_is_on_one_record_and_nobody_elses(desk: Desk, who: str, kind: type[Refused]) -> None:
    """The stranger here is the very party that is named: it is the other's record all the same."""
    row, actor = started(desk), getattr(desk, who)
    before = Entry.objects.count()
    tries: tuple[Callable[[], object], ...] = (
        lambda: started(desk, actor=actor),
        lambda: change_engagement(engagement=row, changes={"note": "x"}, actor=actor, at=desk.at),
        lambda: end_engagement(engagement=row, reason="x", actor=actor, at=desk.at),
    )
    for attempt in tries:
        with pytest.raises(kind):
            attempt()
    assert Entry.objects.count() == before
    if kind is NotFound:
        assert not engagements(actor=actor)
        with pytest.raises(NotFound) as hidden:
            find_engagement(text=row.reference, actor=actor)
        with pytest.raises(NotFound) as nothing:
            find_engagement(text="ZZZZZZZ", actor=actor)
        assert str(hidden.value).replace(row.reference, "ZZZZZZZ") == str(nothing.value)
    else:
        assert find_engagement(text=row.reference.lower(), actor=actor) == row
