"""What a look at the platform means: for every state and every status, the verb that follows and what differs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.authorizations.lifecycle import (
    EDGES,
    ENDING,
    LIVE,
    OVER,
    USABLE,
    Drift,
    Observation,
    Recorded,
    Seen,
    State,
    Verb,
    observe,
)
from valetkey.connectors.base import CodeStatus

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
END = AT + timedelta(days=10)
NOTHING = Observation(None, ())


def expected(state: State, status: CodeStatus, bound: int) -> Observation:
    """The table, told once more in its own words. The end is the recorded one and still to come."""
    if status is CodeStatus.UNKNOWN:
        return NOTHING
    if status is CodeStatus.DELETED:
        if state is State.SWITCHED_OFF:
            return Observation(Verb.CONFIRM_END, ())
        if state in ENDING:
            return Observation(Verb.SEEN_GONE, ())
        if state is State.EXPIRED:
            return Observation(Verb.SEEN_GONE, ())
        return Observation(Verb.SEEN_GONE, (Drift.ENDED_ELSEWHERE,)) if state in USABLE else NOTHING
    if status is CodeStatus.EXPIRED and state is State.SWITCHED_OFF:
        return Observation(Verb.CONFIRM_END, ())
    if status is CodeStatus.EXPIRED:
        return Observation(Verb.EXPIRE, (Drift.EXPIRED_EARLY,)) if state in LIVE else NOTHING
    if state in OVER:
        return Observation(None, (Drift.ALIVE_AFTER_END,))
    if state is State.SWITCHED_OFF:
        return Observation(None, (Drift.STILL_ON,))
    if state is State.EXPIRED:
        return Observation(Verb.SEEN_LIVE, ())
    used_elsewhere = status is CodeStatus.IN_USE and not bound and state in LIVE
    return Observation(None, (Drift.USED_ELSEWHERE,)) if used_elsewhere else NOTHING


@pytest.mark.parametrize("bound", [0, 1])
@pytest.mark.parametrize("status", CodeStatus)
@pytest.mark.parametrize("state", State)
def test_every_status_in_every_state(state: State, status: CodeStatus, bound: int) -> None:
    assert observe(Recorded(state, END, bound), Seen(status, END, True), AT) == expected(state, status, bound)


@pytest.mark.parametrize("status", CodeStatus)
@pytest.mark.parametrize("state", State)
def test_another_code_proves_nothing_about_ours(state: State, status: CodeStatus) -> None:
    seen = observe(Recorded(state, END, 1), Seen(status, END + timedelta(days=9), False), AT)
    assert seen == Observation(None, (Drift.OTHER_CODE,))


@pytest.mark.parametrize(
    ("seconds", "differs"), [(0, False), (59, False), (-59, False), (60, True), (-60, True), (86400, True)]
)
def test_less_than_a_minute_is_the_same_end(seconds: int, differs: bool) -> None:
    seen = Seen(CodeStatus.IN_USE, END + timedelta(seconds=seconds), True)
    found = observe(Recorded(State.IN_USE, END, 1), seen, AT)
    assert found == Observation(None, (Drift.END_DIFFERS,) if differs else ())


@pytest.mark.parametrize(("recorded", "seen"), [(None, END), (END, None), (None, None)])
@pytest.mark.parametrize("status", [CodeStatus.IN_USE, CodeStatus.UNUSED])
def test_an_unknown_end_differs_from_nothing(
    recorded: datetime | None, seen: datetime | None, status: CodeStatus
) -> None:
    assert observe(Recorded(State.IN_USE, recorded, 1), Seen(status, seen, True), AT) == NOTHING


def test_the_platforms_end_overrules_an_end_that_is_past_in_the_record() -> None:
    past = AT - timedelta(days=1)
    found = observe(Recorded(State.EXPIRED, past, 1), Seen(CodeStatus.IN_USE, END, True), AT)
    assert found == Observation(Verb.SEEN_LIVE, (Drift.END_DIFFERS,))


def test_an_end_of_the_platform_that_is_past_brings_nothing_back() -> None:
    """Half-open: an end at this very instant is past."""
    assert observe(Recorded(State.EXPIRED, AT, 1), Seen(CodeStatus.IN_USE, AT, True), AT) == NOTHING


def test_alive_with_no_end_shown_does_not_undo_an_end_that_is_past() -> None:
    """The record had an end that was past; the platform showed the code and no end. Each look brought it back to life
    and expired it again by the clock, two lines of history an hour."""
    found = observe(Recorded(State.EXPIRED, AT, 1), Seen(CodeStatus.IN_USE, None, True), AT)
    assert found == Observation(None, (Drift.ALIVE_AFTER_END,))


@pytest.mark.parametrize("recorded", [None, END])
def test_alive_with_no_end_shown_is_alive_where_no_end_is_past(recorded: datetime | None) -> None:
    """It had expired because the platform said so, before any end the record knows."""
    found = observe(Recorded(State.EXPIRED, recorded, 1), Seen(CodeStatus.IN_USE, None, True), AT)
    assert found == Observation(Verb.SEEN_LIVE, ())


@pytest.mark.parametrize("ends_at", [None, AT, AT - timedelta(days=2)])
def test_expired_at_or_after_the_end_is_no_surprise(ends_at: datetime | None) -> None:
    found = observe(Recorded(State.IN_USE, ends_at, 1), Seen(CodeStatus.EXPIRED, None, True), AT)
    assert found == Observation(Verb.EXPIRE, ())


moments = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(
    st.sampled_from(State), moments, st.integers(0, 3), st.sampled_from(CodeStatus), moments, st.none() | st.booleans()
)
def test_whatever_is_seen_asks_for_legal_edges_only(
    state: State,
    recorded_end: datetime | None,
    bound: int,
    status: CodeStatus,
    seen_end: datetime | None,
    is_same: bool | None,
) -> None:
    found = observe(Recorded(state, recorded_end, bound), Seen(status, seen_end, is_same), AT)
    assert found.verb is None or (state, found.verb) in EDGES
    assert len(set(found.drifts)) == len(found.drifts)


def test_every_drift_can_be_seen() -> None:
    ends = [None, AT - timedelta(days=3), END, END + timedelta(days=3)]
    found = {
        drift
        for state in State
        for status in CodeStatus
        for ends_at in ends
        for is_same in (True, False, None)
        for drift in observe(Recorded(state, END, 0), Seen(status, ends_at, is_same), AT).drifts
    }
    assert found == set(Drift)
