"""How an authorization stands in a sentence, what leads on, and whose turn it is. Pure."""

from __future__ import annotations

import pytest

from valetkey.accounts import policy
from valetkey.accounts.policy import Side
from valetkey.authorizations.lifecycle import EDGES, State, Verb
from valetkey.authorizations.turn import NEXT, Known, Whose, turn

SIDES = {
    Whose.CREATOR: {Side.CREATOR},
    Whose.ADVERTISER: {Side.ADVERTISER},
    Whose.EITHER: {Side.CREATOR, Side.ADVERTISER},
}


def known(state: State, **more: object) -> Known:
    return Known(state=state, creator="Mara", advertiser="Northwind", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", State, ids=str)
def test_every_state_has_a_sentence_without_gaps(state: State) -> None:
    told = turn(known(state, is_told=True))
    assert told.sentence.endswith(".") and "{" not in told.sentence


@pytest.mark.parametrize("state", State, ids=str)
def test_what_leads_on_is_legal_and_may_be_done_by_whose_turn_it_is(state: State) -> None:
    told = turn(known(state))
    if told.verb is None:
        assert told.whose is Whose.NOBODY and not told.is_waiting
        return
    assert (state, told.verb) in EDGES
    assert SIDES[told.whose] <= policy.TABLE[told.verb.value]


def test_an_end_nobody_was_told_of_waits_for_that() -> None:
    assert turn(known(State.ENDED)).verb is Verb.TELL_ADVERTISER
    assert turn(known(State.ENDED, is_told=True)).verb is None


def test_in_use_nothing_waits_unless_a_campaign_is_missed() -> None:
    assert turn(known(State.IN_USE)).verb is None
    told = turn(known(State.IN_USE, days_short=1))
    assert told.verb is Verb.EXTEND and "It ends 1 day before a campaign that uses it." in told.sentence
    assert "9 days before" in turn(known(State.IN_USE, days_short=9)).sentence
    assert turn(known(State.ISSUED, days_short=9)).verb is Verb.HAND_OVER, "first things first"


def test_what_nobody_can_read_back_waits_for_nobody() -> None:
    told = turn(known(State.APPLIED, is_read_by_token=False))
    assert told.verb is None and told.sentence == "The code is applied, as somebody stated it."
    assert turn(known(State.APPLIED)).verb is Verb.CHECK


def test_while_something_is_under_way_only_a_look_leads_on() -> None:
    told = turn(known(State.IN_USE, claim=Verb.EXTEND))
    assert (told.verb, told.sentence) == (Verb.CHECK, "“extend” is under way.")
    told = turn(known(State.IN_USE, claim=Verb.EXTEND, is_uncertain=True))
    assert told.verb is Verb.CHECK and "is not known" in told.sentence


def test_only_states_with_something_to_do_have_a_next_verb() -> None:
    assert all((state, verb) in EDGES for state, verb in NEXT.items())
