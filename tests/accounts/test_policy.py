"""The policy table: every verb against every standing somebody can have towards an authorization."""

from __future__ import annotations

from itertools import product

import pytest

from valetkey.accounts.policy import TABLE, DeskRole, Role, Side, Standing, may, whose

ROLES = [None, *Role]
EVERY = [Standing(*known) for known in product(ROLES, ROLES, DeskRole)]
WORKING = {Role.MANAGER, Role.MEMBER}


@pytest.mark.parametrize("verb", TABLE)
def test_a_verb_is_for_those_who_work_for_its_sides_and_for_nobody_else(verb: str) -> None:
    for standing in EVERY:
        expected = (
            (standing.creator in WORKING and Side.CREATOR in TABLE[verb])
            or (standing.advertiser in WORKING and Side.ADVERTISER in TABLE[verb])
            or (standing.desk is DeskRole.ADMIN and Side.ADMIN in TABLE[verb])
        )
        assert may(verb, standing) == expected, standing


def test_auditors_and_viewers_change_nothing() -> None:
    assert not any(Side.AUDITOR in sides for sides in TABLE.values())
    for standing in (Standing(desk=DeskRole.AUDITOR), Standing(creator=Role.VIEWER, advertiser=Role.VIEWER)):
        assert standing.may_see() and not any(may(verb, standing) for verb in TABLE)


def test_who_has_no_place_sees_nothing_and_may_nothing() -> None:
    assert not Standing().may_see()
    assert not any(may(verb, Standing()) for verb in TABLE)
    assert [standing for standing in EVERY if not standing.may_see()] == [Standing()]


@pytest.mark.parametrize("standing", EVERY)
def test_a_verb_that_is_in_no_table_is_nobodys(standing: Standing) -> None:
    assert not may("seize", standing)


def test_the_admin_keeps_the_record_and_never_sees_a_code() -> None:
    """Switching on and applying are done with a side's own connection; a code in the clear is for the two sides."""
    assert [verb for verb in TABLE if not may(verb, Standing(desk=DeskRole.ADMIN))] == ["open"]


def test_who_acts_for_both_sides_may_what_either_may() -> None:
    both = Standing(creator=Role.MEMBER, advertiser=Role.MANAGER)
    assert [verb for verb in TABLE if not may(verb, both)] == ["expire"]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("issue", "the creator's side"),
        ("apply", "the advertiser's side"),
        ("check", "either side"),
        ("expire", "the desk itself"),
        ("seize", "the desk itself"),
    ],
)
def test_a_refusal_can_name_whose_verb_it_is(verb: str, words: str) -> None:
    assert whose(verb) == words
