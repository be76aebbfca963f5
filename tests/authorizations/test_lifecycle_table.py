"""The table of the lifecycle as a graph: what leads where, what leads nowhere, and that nothing comes back to life."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from valetkey.accounts import policy
from valetkey.authorizations.lifecycle import (
    APPLICATION_EDGES,
    BOUND,
    EDGES,
    ENDING,
    LIVE,
    NOTHING_YET,
    OVER,
    USABLE,
    ApplicationState,
    Progress,
    Resume,
    State,
    Verb,
    allowed,
    apply,
    apply_to_application,
)
from valetkey.errors import Conflict

FOUND_OUT = {Verb.READ_BACK, Verb.EXPIRE, Verb.SEEN_LIVE, Verb.SEEN_GONE}
BEFORE_AN_END_IS_ASKED = {State.APPLIED, State.IN_USE}


def targets(state: State, verb: Verb) -> set[State]:
    """Where an edge may lead. What resumes may come back as anything usable, or in the middle of an ending."""
    target = EDGES[state, verb]
    if not isinstance(target, Resume):
        return {target}
    return set(USABLE) if state in BEFORE_AN_END_IS_ASKED else set(LIVE)


def reachable(start: Iterable[State]) -> set[State]:
    found, todo = set(start), list(start)
    while todo:
        state = todo.pop()
        new = {t for s, verb in EDGES if s is state for t in targets(s, verb)} - found
        found |= new
        todo += new
    return found


def test_every_state_can_be_reached_from_the_first() -> None:
    assert reachable([State.NEW]) == set(State)


def test_every_verb_has_an_edge() -> None:
    assert {verb for _, verb in EDGES} == set(Verb)


@pytest.mark.parametrize("state", sorted(OVER))
def test_no_path_leads_from_what_is_over_to_what_is_live(state: State) -> None:
    assert reachable([state]) == {state}


def test_an_expired_code_can_come_back_only_by_extending_it_or_by_being_seen_alive() -> None:
    back = {verb for state, verb in EDGES if state is State.EXPIRED and targets(state, verb) & LIVE}
    assert back == {Verb.EXTEND, Verb.SEEN_LIVE}


def test_the_groups_of_states_share_none_and_leave_out_only_the_expired() -> None:
    groups = [NOTHING_YET, USABLE, ENDING, OVER]
    assert sum(map(len, groups)) == len(frozenset().union(*groups))
    assert set(State) - frozenset().union(*groups) == {State.EXPIRED}
    assert LIVE == USABLE | ENDING


def test_ended_is_written_only_from_what_the_platform_or_somebody_who_looked_showed() -> None:
    leading = {verb for (state, verb), target in EDGES.items() if target is State.ENDED and state is not State.ENDED}
    assert leading == {Verb.CONFIRM_END, Verb.SEEN_GONE}


def test_whatever_is_live_can_be_asked_to_end_or_is_ending_already() -> None:
    assert {state for state, verb in EDGES if verb is Verb.ASK_TO_END} == USABLE


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_a_verb_is_done_where_there_is_an_edge_and_refused_everywhere_else(state: State, verb: Verb) -> None:
    if (state, verb) in EDGES:
        assert apply(state, verb, Progress()) in targets(state, verb)
        return
    with pytest.raises(Conflict) as refused:
        apply(state, verb, Progress())
    assert refused.value.code == "not_in_this_state"
    assert refused.value.next_step
    for possible in allowed(state):
        assert possible.value.replace("_", " ") in refused.value.next_step


@pytest.mark.parametrize("state", State)
def test_allowed_is_what_the_edges_allow_to_a_person(state: State) -> None:
    assert set(allowed(state)) == {verb for s, verb in EDGES if s is state} - FOUND_OUT


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN])
def test_a_request_that_is_over_offers_nothing_more(state: State) -> None:
    assert allowed(state) == ()


def test_only_a_request_is_withdrawn() -> None:
    assert {state for state, verb in EDGES if verb is Verb.WITHDRAW} == {State.REQUESTED}


def test_every_verb_but_those_of_a_look_has_a_line_in_the_policy() -> None:
    assert set(policy.TABLE) == {verb.value for verb in Verb} - {Verb.SEEN_LIVE.value, Verb.SEEN_GONE.value}


@pytest.mark.parametrize(
    ("progress", "state"),
    [
        (Progress(), State.ISSUED),
        (Progress(was_handed_over=True), State.HANDED_OVER),
        (Progress(was_handed_over=True, was_opened=True), State.OPENED),
        (Progress(True, True, live_applications=2), State.APPLIED),
        (Progress(True, True, live_applications=2, proven_applications=1), State.IN_USE),
        (Progress(live_applications=1), State.APPLIED),
        (Progress(True, True, 1, 1, ending=State.END_ASKED), State.END_ASKED),
        (Progress(True, True, 0, 0, ending=State.SWITCHED_OFF), State.SWITCHED_OFF),
    ],
)
@pytest.mark.parametrize("verb", [Verb.EXTEND, Verb.SEEN_LIVE])
def test_what_had_expired_comes_back_where_it_was(progress: Progress, state: State, verb: Verb) -> None:
    """Somebody had asked to end it, the window ran out meanwhile, and the platform showed it alive after all: it came
    back as *in use*, and the wish to end it was forgotten."""
    assert apply(State.EXPIRED, verb, progress) is state


APPLICATION_TABLE = {
    (ApplicationState.NEW, Verb.APPLY): ApplicationState.APPLIED,
    (ApplicationState.UNBOUND, Verb.APPLY): ApplicationState.APPLIED,
    (ApplicationState.APPLIED, Verb.READ_BACK): ApplicationState.IN_USE,
    (ApplicationState.IN_USE, Verb.READ_BACK): ApplicationState.IN_USE,
    (ApplicationState.APPLIED, Verb.UNBIND): ApplicationState.UNBOUND,
    (ApplicationState.IN_USE, Verb.UNBIND): ApplicationState.UNBOUND,
}


@pytest.mark.parametrize("state", ApplicationState)
@pytest.mark.parametrize("verb", Verb)
def test_one_code_on_one_ad_account_follows_its_own_table(state: ApplicationState, verb: Verb) -> None:
    target = APPLICATION_TABLE.get((state, verb))
    if target is not None:
        assert apply_to_application(state, verb) is target
        return
    with pytest.raises(Conflict) as refused:
        apply_to_application(state, verb)
    already = verb is Verb.APPLY and state in BOUND
    assert refused.value.code == ("already_applied" if already else "not_in_this_state")


def test_the_table_of_applications_has_no_other_edges() -> None:
    assert APPLICATION_EDGES == APPLICATION_TABLE
