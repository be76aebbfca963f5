"""Who is told: whoever answers for it, else the managers, else the desk's admins; never somebody who is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.accounts.policy import DeskRole, Role
from valetkey.notices.recipients import Somebody, Why, told

OWNER = Somebody(1, role=Role.MEMBER)
MANAGER, SECOND = Somebody(2, role=Role.MANAGER), Somebody(3, role=Role.MANAGER)
VIEWER = Somebody(4, role=Role.VIEWER)
ADMIN = Somebody(9, desk_role=DeskRole.ADMIN)


def gone(somebody: Somebody, how: str) -> Somebody:
    return {
        "inactive": replace(somebody, is_active=False),
        "left": replace(somebody, has_left=True),
        "ended": replace(somebody, role=None),
        "viewer": replace(somebody, role=Role.VIEWER),
    }[how]


def test_whoever_answers_for_it_is_told_and_nobody_else() -> None:
    assert told(1, [OWNER, MANAGER, VIEWER], [ADMIN]) == {1: Why.OWNER}


@pytest.mark.parametrize("how", ["inactive", "left", "ended", "viewer"])
def test_an_owner_who_is_not_there_is_not_told_but_the_managers_are(how: str) -> None:
    assert told(1, [gone(OWNER, how), MANAGER, SECOND], [ADMIN]) == {2: Why.MANAGER, 3: Why.MANAGER}


@pytest.mark.parametrize("owner", [None, 77])
def test_without_an_owner_on_the_desk_the_managers_are_told(owner: int | None) -> None:
    assert told(owner, [OWNER, MANAGER, VIEWER], [ADMIN]) == {2: Why.MANAGER}


@pytest.mark.parametrize("how", ["inactive", "left", "ended", "viewer"])
def test_without_managers_the_admins_are_told(how: str) -> None:
    assert told(None, [gone(MANAGER, how), VIEWER], [ADMIN]) == {9: Why.ADMIN}


def test_an_auditor_an_admin_who_left_and_an_inactive_one_are_not_told() -> None:
    auditor = Somebody(8, desk_role=DeskRole.AUDITOR)
    assert told(None, [], [auditor, gone(ADMIN, "left"), gone(ADMIN, "inactive")]) == {}


_somebody = st.builds(
    Somebody,
    user=st.integers(1, 6),
    role=st.none() | st.sampled_from(list(Role)),
    desk_role=st.sampled_from(list(DeskRole)),
    is_active=st.booleans(),
    has_left=st.booleans(),
)
_people = st.lists(_somebody, max_size=6, unique_by=lambda each: each.user)


@given(owner=st.none() | st.integers(1, 6), team=_people, admins=_people)
def test_whoever_is_told_is_here_and_may_do_something(
    owner: int | None, team: list[Somebody], admins: list[Somebody]
) -> None:
    found = told(owner, team, admins)
    assert len(set(found.values())) <= 1, "all for the same reason"
    for user, why in found.items():
        (somebody,) = [each for each in (admins if why is Why.ADMIN else team) if each.user == user]
        assert somebody.is_active and not somebody.has_left
        assert (
            somebody.desk_role is DeskRole.ADMIN if why is Why.ADMIN else somebody.role in {Role.MANAGER, Role.MEMBER}
        )
    assert found == told(owner, team[::-1], admins[::-1])
    if not found:
        assert not any(each.works and each.role is Role.MANAGER for each in team)
