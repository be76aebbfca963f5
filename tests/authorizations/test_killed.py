"""A real process is killed -9 at each beat of claim, call, settle; a new process settles what it left, by reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from tests.authorizations.driver import Driver
from tests.authorizations.killed import BEATS
from tests.authorizations.stage import BY_NAME, Case, events, fresh, holds, refused
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict

pytestmark = pytest.mark.django_db(transaction=True)

UNDONE = BEATS[:3]
"""Killed at these, the platform never heard of it."""


def _calls() -> list[str]:
    log = Path(settings.VALETKEY_SANDBOX_STATE).with_suffix(".calls")
    return log.read_text().splitlines() if log.exists() else []


def _writes(calls: list[str]) -> list[str]:
    return [call.removeprefix("POST ") for call in calls if call.startswith("POST ")]


def _forget_calls() -> None:
    Path(settings.VALETKEY_SANDBOX_STATE).with_suffix(".calls").unlink(missing_ok=True)


@pytest.mark.parametrize("beat", BEATS)
def test_a_life_in_which_every_platform_verb_is_killed_at_this_beat(
    committed_desk: Desk, driver: Driver, beat: str
) -> None:
    """Nothing is lost, nothing is done twice, and what the killed process left is settled by a look alone."""
    desk = committed_desk
    row = BY_NAME["issue"].start(desk)
    _kill_and_settle(desk, driver, BY_NAME["issue"], row, beat)
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    services.open(authorization=row, actor=desk.bo, at=desk.at)
    _kill_and_settle(desk, driver, BY_NAME["apply"], row, beat)
    _kill_and_settle(desk, driver, BY_NAME["unbind"], row, beat)
    desk.applied(row)
    _kill_and_settle(desk, driver, BY_NAME["extend"], row, beat)
    desk.ad(row)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    _kill_and_settle(desk, driver, BY_NAME["pause_ads"], row, beat)
    _kill_and_settle(desk, driver, BY_NAME["switch_off"], row, beat)
    if fresh(row).state == "switched_off":
        services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert fresh(row).state == "ended"
    holds()


def _kill_and_settle(desk: Desk, driver: Driver, case: Case, row: Authorization, beat: str) -> None:
    _forget_calls()
    before, told = fresh(row), len(events(row))
    was_done = beat not in UNDONE
    assert driver.child(desk, row, case.name, beat)["signal"] == 9
    assert len(_writes(_calls())) == was_done

    left = [each for each in (fresh(row), *row.applications.all()) if each.claim_id is not None]
    assert bool(left) is (beat not in {BEATS[0], BEATS[-1]})
    if left:
        assert events(row)[told:] == [f"{case.name}.attempted"] and fresh(row).state == before.state
        with refused("under_way", Conflict):
            case.do(desk, row)
        with refused("under_way", Conflict):
            services.check(authorization=row, actor=desk.admin, at=desk.at)

    desk.later(minutes=5)
    written = _writes(_calls())
    assert driver.child(desk, row, "check") == {"signal": 0, "code": 0}
    assert _writes(_calls()) == written, "Settling only reads."
    assert fresh(row).claim_id is None and not row.applications.exclude(claim_id=None).exists()
    assert case.is_done(desk, fresh(row)) is was_done
    since = events(row)[told:]
    assert since.count(f"{case.name}.done") == was_done
    assert since.count(f"{case.name}.not_done") == (bool(left) and not was_done)
    assert since.count(f"{case.name}.uncertain") == bool(left)
    _can_be_done_now_or_was(desk, case, row, was_done=was_done)
    assert len(_writes(_calls())) == was_done, "The platform got the write from the killed process at most once."
    holds()


def _can_be_done_now_or_was(desk: Desk, case: Case, row: Authorization, *, was_done: bool) -> None:
    if not was_done:
        case.do(desk, row)
        assert case.is_done(desk, fresh(row))
    elif case.name != "extend":  # extending once more is somebody's right
        with pytest.raises(Conflict):
            case.do(desk, row)


def test_killed_again_while_settling_it_is_settled_by_the_next_look(committed_desk: Desk, driver: Driver) -> None:
    desk, case = committed_desk, BY_NAME["apply"]
    row = case.start(desk)
    assert driver.child(desk, row, "apply", "after the platform did it")["signal"] == 9
    desk.later(minutes=5)
    for beat in ("after it is marked uncertain", "before the look is committed"):
        assert driver.child(desk, row, "check", beat)["signal"] == 9
        assert events(row)[-1] == "apply.uncertain"
    assert driver.child(desk, row, "check") == {"signal": 0, "code": 0}
    assert case.is_done(desk, fresh(row)) and _writes(_calls()) == [case.path]
    assert events(row).count("apply.uncertain") == 1 and events(row).count("apply.done") == 1
    holds()
