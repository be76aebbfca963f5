"""What waits for whom: in groups, the oldest first, the first few of each, and for the right people."""

from __future__ import annotations

import pytest

from tests.desk import HOST, Desk
from tests.many import STATES, many
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import State
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.waiting import MOST, Group

pytestmark = pytest.mark.django_db


def groups(desk: Desk, who: str) -> dict[Group, list[str]]:
    found = services.waiting(actor=getattr(desk, who), at=desk.at)
    return {few.group: [row.state for row in few.rows] for few in found.few}


def test_each_side_has_its_own_groups_and_the_host_all(desk: Desk) -> None:
    many(desk, len(STATES))
    creators = {Group.TO_ANSWER, Group.TO_HAND_OVER, Group.TO_SWITCH_OFF, Group.TO_CONFIRM, Group.TO_TELL}
    advertisers = {Group.TO_OPEN, Group.TO_APPLY, Group.ASKED_TO_END}
    assert set(groups(desk, "mara")) == creators
    assert set(groups(desk, "bo")) == set(groups(desk, "viewer")) == advertisers
    assert set(groups(desk, "admin")) == set(groups(desk, "auditor")) == creators | advertisers
    assert groups(desk, "stranger") == {}
    host = services.waiting(actor=HOST, at=desk.at)
    assert host.is_creator and host.is_advertiser and len(host.few) == 8


def test_the_oldest_few_of_a_group_and_that_there_are_more(desk: Desk) -> None:
    rows = many(desk, len(STATES) * (MOST + 1))
    few = next(each for each in services.waiting(actor=desk.mara, at=desk.at).few if each.group is Group.TO_ANSWER)
    asked = [row.pk for row in rows if row.state == State.REQUESTED]
    assert [row.pk for row in few.rows] == asked[:MOST] and few.is_more
    last = Authorization.objects.get(pk=asked[-1])
    services.decline(authorization=last, reason="No.", actor=desk.mara, at=desk.at)
    few = next(each for each in services.waiting(actor=desk.mara, at=desk.at).few if each.group is Group.TO_ANSWER)
    assert len(few.rows) == MOST and not few.is_more


def test_what_is_under_way_waits_for_nobody_and_what_is_uncertain_for_both(desk: Desk) -> None:
    row = desk.issued()
    claimed = Authorization.objects.filter(pk=row.pk)
    claimed.update(claim_id="0" * 32, claim_verb="extend")
    assert groups(desk, "mara") == {}
    claimed.update(is_uncertain=True)
    assert groups(desk, "mara") == groups(desk, "bo") == {Group.UNCERTAIN: ["issued"]}


def test_an_uncertain_application_waits_too(desk: Desk) -> None:
    row = desk.in_use()
    row.applications.update(is_uncertain=True)
    assert Group.UNCERTAIN in groups(desk, "bo")


def test_an_end_somebody_was_told_of_is_done(desk: Desk) -> None:
    row = many(desk, len(STATES))[STATES.index(State.ENDED)]
    assert Group.TO_TELL in groups(desk, "mara")
    services.tell_advertiser(authorization=row, how="by mail", actor=desk.mara, at=desk.at)
    assert Group.TO_TELL not in groups(desk, "mara")


def test_ends_early_is_what_coverage_says_within_two_weeks(desk: Desk) -> None:
    """The query and the pure rule must not drift apart."""
    many(desk, 200)
    desk.later(days=10)
    usable = [State.ISSUED, State.HANDED_OVER, State.OPENED, State.APPLIED, State.IN_USE]
    by_rule = {
        row.pk
        for row in Authorization.objects.filter(state__in=usable).in_full()
        if row.ends_at is not None and 0 < (row.ends_at - desk.at).total_seconds() <= 14 * 86400
        and any(coverage.days_short for _, coverage in row.coverages())
    }  # fmt: skip
    few = next(each for each in services.waiting(actor=desk.bo, at=desk.at).few if each.group is Group.ENDS_EARLY)
    assert few.rows and few.is_more and {row.pk for row in few.rows} <= by_rule
    Authorization.objects.filter(pk__in=by_rule).update(state=State.ENDED)
    assert Group.ENDS_EARLY not in groups(desk, "bo")


def test_the_newest_rights_are_the_creators(desk: Desk) -> None:
    many(desk, 60)
    newest = services.waiting(actor=desk.mara, at=desk.at).newest
    assert len(newest) == MOST and [row.pk for row in newest] == sorted((row.pk for row in newest), reverse=True)
    assert services.waiting(actor=desk.bo, at=desk.at).newest == []
