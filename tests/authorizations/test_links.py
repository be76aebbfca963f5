"""Links, pure: where they lead, how an address is masked, how a request stands and how far it has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from valetkey.authorizations.lifecycle import NOTHING_YET, State
from valetkey.authorizations.links import (
    REQUEST_PATH,
    STEPS,
    Answer,
    Life,
    Standing,
    address,
    answer,
    closed_request,
    masked,
    request_standing,
    ticked,
)
from valetkey.errors import Invalid
from valetkey.secret import Secret

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LIFE = Life(ends_at=AT + timedelta(days=14))
SETTLED = sorted(set(State) - NOTHING_YET)


def test_an_address_is_the_desks_the_path_and_the_secret() -> None:
    assert address("https://desk.example.org/", REQUEST_PATH, Secret("abc")) == "https://desk.example.org/r/abc/"


@pytest.mark.parametrize(
    ("mail", "shown"),
    [("mara@example.org", "m…@example.org"), ("m@example.org", "m…@example.org"), ("", ""), ("nonsense", "")],
)
def test_a_masked_address_is_recognised_and_cannot_be_written_to(mail: str, shown: str) -> None:
    assert masked(mail) == shown


def test_a_link_works_up_to_its_very_end_and_not_at_it() -> None:
    assert LIFE.is_open(LIFE.ends_at - timedelta(microseconds=1)) and not LIFE.is_open(LIFE.ends_at)
    stopped = Life(LIFE.ends_at, ended_at=AT)
    assert not stopped.is_open(AT) and stopped.end() == AT
    assert Life(AT, ended_at=AT + timedelta(days=3)).end() == AT, "what was over already did not end later"


@pytest.mark.parametrize("state", sorted(NOTHING_YET))
def test_a_request_that_waits_is_open_while_its_link_is(state: State) -> None:
    assert request_standing(state, LIFE, AT) is Standing.OPEN
    assert request_standing(state, LIFE, LIFE.ends_at) is Standing.ENDED


@pytest.mark.parametrize("state", SETTLED)
def test_what_became_of_a_request_goes_before_the_links_end(state: State) -> None:
    told = Standing.WITHDRAWN if state is State.WITHDRAWN else Standing.ANSWERED
    for at in (AT, LIFE.ends_at):
        assert request_standing(state, LIFE, at) is told


@pytest.mark.parametrize(
    ("state", "is_live", "is_opened", "steps", "found"),
    [
        (State.REQUESTED, True, False, (), Answer.NOT_OPENED),
        (State.REQUESTED, True, True, (), Answer.OPENED),
        (State.REQUESTED, True, True, ("read",), Answer.PARTLY),
        (State.REQUESTED, True, True, STEPS, Answer.PARTLY),
        (State.REQUESTED, False, True, STEPS, Answer.ENDED),
        (State.DECLINED, True, True, (), Answer.DECLINED),
        (State.WITHDRAWN, False, False, (), Answer.WITHDRAWN),
        (State.ISSUED, True, False, (), Answer.DONE),
        (State.IN_USE, False, True, STEPS, Answer.DONE),
        (State.ENDED, False, True, STEPS, Answer.DONE),
    ],
)
def test_how_far_a_request_has_come(
    state: State, is_live: bool, is_opened: bool, steps: tuple[str, ...], found: Answer
) -> None:
    assert answer(state, is_live=is_live, is_opened=is_opened, steps=steps) is found


def test_steps_are_kept_in_their_order_once_each() -> None:
    assert ticked(["copied", "read", "read"]) == ["read", "copied"] and ticked([]) == []


@pytest.mark.parametrize("steps", [["read", "paid"], [""], "read"])
def test_a_step_there_is_none_of_is_refused(steps: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        ticked(steps)
    assert refused.value.code == "no_such_step"


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.OPEN])
def test_a_link_that_takes_no_answer_says_so_and_what_to_do_now(standing: Standing) -> None:
    told = closed_request(standing, advertiser="Northwind", ended_at=AT)
    assert told.sentence.endswith(".") and told.next_step.endswith(".")
    assert "Northwind" in str(told) and "valetkey" not in str(told)
