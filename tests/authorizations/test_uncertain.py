"""After a lost answer nothing is repeated: only reads follow, and they settle it."""

from __future__ import annotations

import contextlib
import functools
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, cast
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.authorizations.stage import (
    ADS,
    APPLY,
    BY_NAME,
    CASES,
    EXTEND,
    LIST,
    PAUSE,
    SETTING,
    STATUS,
    Case,
    Tap,
    application,
    events,
    fresh,
    holds,
    last,
    live,
    order,
    refused,
    switch,
)  # fmt: skip
from tests.connectors.tiktok.sandbox.running import in_a_thread
from tests.desk import Desk, make_desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Application, Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.models import Connection
from valetkey.errors import Conflict, PlatformDown, PlatformRefused, Refused, Uncertain

pytestmark = pytest.mark.django_db

LOST_BEFORE = ("drop_before", "server_error", "http_500", "not_json", "disk_full")
LOST_AFTER = ("drop_after", "truncated")


def _claimed(row: Authorization) -> Authorization | Application | None:
    rows: list[Authorization | Application] = [fresh(row), *row.applications.all()]
    return next((each for each in rows if each.claim_id is not None), None)


def _check(desk: Desk, row: Authorization) -> Authorization:
    return services.check(authorization=row, actor=desk.admin, at=desk.at)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("fault", [*LOST_BEFORE, *LOST_AFTER])
def test_a_lost_answer_is_settled_by_reading_alone(desk: Desk, tap: Tap, case: Case, fault: str) -> None:
    row = case.start(desk)
    before = fresh(row)
    order(desk, case.path, fault)
    tap.clear()
    with refused("outcome_uncertain", Uncertain):
        case.do(desk, row)
    assert tap.writes() == [case.path]
    assert events(row)[-2:] == [f"{case.name}.attempted", f"{case.name}.uncertain"]
    claimed = _claimed(row)
    assert claimed is not None and claimed.is_uncertain
    assert fresh(row).state == before.state and fresh(row).ends_at == before.ends_at

    tap.clear()
    for _ in range(2):
        with refused("outcome_uncertain", Conflict):
            case.do(desk, row)
    assert tap.writes() == []

    tap.clear()
    _check(desk, row)
    assert tap.writes() == [] and tap.reads() != []
    was_done = fault in LOST_AFTER
    assert case.is_done(desk, fresh(row)) is was_done
    assert f"{case.name}.{'done' if was_done else 'not_done'}" in events(row)
    assert _claimed(row) is None
    if not was_done:
        assert fresh(row).state == before.state
        case.do(desk, row)
        assert case.is_done(desk, fresh(row))
    holds()


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(
    ("fault", "kind"), [("throttle", PlatformDown), ("refuse", PlatformRefused)], ids=["throttle", "refuse"]
)
def test_a_clear_no_leaves_everything_as_it_was(
    desk: Desk, tap: Tap, case: Case, fault: str, kind: type[Refused]
) -> None:
    row = case.start(desk)
    state = fresh(row).state
    order(desk, case.path, fault, times=2)
    with pytest.raises(kind):
        case.do(desk, row)
    assert _claimed(row) is None and fresh(row).state == state
    assert events(row)[-2:] == [f"{case.name}.attempted", f"{case.name}.refused"]
    assert last(row)["platform"]
    if fault == "refuse":
        with pytest.raises(kind):
            case.do(desk, row)
    case.do(desk, row)
    assert case.is_done(desk, fresh(row))
    holds()


@pytest.mark.parametrize("name", ["issue", "extend"])
@pytest.mark.parametrize("fault", [*LOST_BEFORE, *LOST_AFTER, "throttle", "refuse"])
def test_a_write_whose_read_back_fails_is_uncertain_and_never_written_again(
    desk: Desk, tap: Tap, name: str, fault: str
) -> None:
    """A retry after a failed *read* submitted the code again, in another tool. The write stands; only looks follow."""
    case = BY_NAME[name]
    row = case.start(desk)
    tap.then[case.path] = functools.partial(order, desk, STATUS, fault, times=1 if fault == "refuse" else 2)
    tap.clear()
    with refused("outcome_uncertain", Uncertain):
        case.do(desk, row)
    assert tap.writes() == [case.path]
    with refused("outcome_uncertain", Conflict):
        case.do(desk, row)
    _check(desk, row)
    assert tap.writes() == [case.path]
    assert case.is_done(desk, fresh(row))
    assert last(row)["ends_at"] if name == "issue" else fresh(row).ends_at
    holds()


def test_applied_stays_applied_when_only_the_reading_back_fails(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    order(desk, LIST, "drop_before", times=2)
    done = desk.applied(row)
    assert done.state == "applied" and done.seen_at is None
    assert fresh(row).state == "applied" and live(desk, row) == []
    with refused("already_applied", Conflict):
        desk.applied(row)
    _check(desk, row)
    assert fresh(row).state == "in_use" and len(live(desk, row)) == 1
    assert tap.writes().count(APPLY) == 1


@pytest.mark.parametrize(
    ("case", "fault"), [*((case, "hang_before") for case in CASES), (BY_NAME["apply"], "hang_after")], ids=str
)
def test_an_answer_that_takes_too_long_is_uncertain(desk: Desk, tap: Tap, case: Case, fault: str) -> None:
    row = case.start(desk)
    tap.clear()
    platform_is_through = Event()
    tap.then[case.path] = platform_is_through.set
    with in_a_thread(cast(Any, desk.sandbox)) as port:
        Connection.objects.live().update(base_url=f"http://127.0.0.1:{port}")
        order(desk, case.path, fault, seconds=0.7)
        with refused("outcome_uncertain", Uncertain):
            case.do(desk, row)
        assert platform_is_through.wait(10)
        _check(desk, row)
    assert case.is_done(desk, fresh(row)) or fresh(row).state == "ended"
    assert tap.writes() == [case.path]
    holds()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_while_a_call_may_be_under_way_check_waits(desk: Desk, tap: Tap, case: Case) -> None:
    row = case.start(desk)
    seen: list[str] = []

    def look() -> None:
        with refused("under_way", Conflict):
            _check(desk, row)
        with refused("under_way", Conflict):
            case.do(desk, row)
        seen.append("looked")

    tap.before[case.path] = look
    case.do(desk, row)
    assert seen == ["looked"]
    assert case.is_done(desk, fresh(row))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_claim_whose_time_is_over_is_taken_over_and_the_late_answer_loses_nothing(
    desk: Desk, tap: Tap, case: Case
) -> None:
    """The call hung so long that a look settled it as not done; then the platform did it after all, and answered."""
    row = case.start(desk)

    def takeover() -> None:
        later = desk.at + timedelta(seconds=django_settings.VALETKEY_CLAIM_SECONDS)
        with refused("under_way", Conflict):
            services.check(authorization=row, actor=desk.admin, at=later - timedelta(seconds=1))
        services.check(authorization=fresh(row), actor=desk.admin, at=later)
        assert events(row)[-2:] == [f"{case.name}.uncertain", f"{case.name}.not_done"]

    tap.before[case.path] = takeover
    with refused("settled_meanwhile", Uncertain):
        case.do(desk, row)
    assert events(row)[-1] == f"{case.name}.late" and last(row)["answer"] == "done"
    assert tap.writes().count(case.path) <= 1 + (case.name in {"switch_off"})

    desk.later(minutes=5)
    _check(desk, row)
    now = fresh(row)
    if case.name == "switch_off":
        assert now.state == "ended"
    elif case.name == "extend":
        assert now.ends_at is not None and now.starts_at is not None and (now.ends_at - now.starts_at).days == 60
    elif case.name == "pause_ads":
        case.do(desk, now)  # nothing is left to pause, and that is looked at
        assert now.ads_paused_at is not None
    else:
        assert case.is_done(desk, now)
    holds()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_late_answer_after_a_look_that_found_it_done_changes_nothing(desk: Desk, tap: Tap, case: Case) -> None:
    row = case.start(desk)

    def takeover() -> None:
        later = desk.at + timedelta(seconds=django_settings.VALETKEY_CLAIM_SECONDS)
        services.check(authorization=fresh(row), actor=desk.admin, at=later)
        assert case.is_done(desk, fresh(row))

    tap.then[case.path] = takeover
    with refused("settled_meanwhile", Uncertain):
        case.do(desk, row)
    assert case.is_done(desk, fresh(row)) or fresh(row).state == "ended"
    assert events(row).count(f"{case.name}.done") == 1
    holds()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_ctrl_c_in_the_middle_of_the_call_is_uncertain(desk: Desk, tap: Tap, case: Case) -> None:
    row = case.start(desk)

    def interrupt() -> None:
        raise KeyboardInterrupt

    tap.before[case.path] = interrupt
    with pytest.raises(KeyboardInterrupt):
        case.do(desk, row)
    assert events(row)[-1] == f"{case.name}.uncertain" and last(row)["cause"] == "interrupted"
    _check(desk, row)
    assert not case.is_done(desk, fresh(row)) and _claimed(row) is None


def test_a_look_that_is_older_than_the_record_is_not_written_down(desk: Desk, tap: Tap) -> None:
    """Check read the old end, an extension was settled meanwhile, and the old end must not come back as "drift"."""
    row = desk.in_use()

    def extend() -> None:
        services.extend(authorization=fresh(row), days=30, actor=desk.mara, at=desk.at)

    tap.then[STATUS] = extend
    _check(desk, row)
    now = fresh(row)
    assert now.starts_at is not None and now.ends_at is not None and (now.ends_at - now.starts_at).days == 60
    assert "drift" not in events(row) and now.drift == []


def test_a_lost_extension_is_told_by_the_end_the_platform_had_and_not_by_a_stated_one(desk: Desk) -> None:
    """The record said ten days and the platform had thirty; a dropped extension must not be found "done" by that."""
    row = desk.in_use()
    Authorization.objects.filter(pk=row.pk).update(ends_at=desk.at + timedelta(days=10), window_source="stated")
    order(desk, EXTEND, "drop_before")
    with refused("outcome_uncertain"):
        services.extend(authorization=row, days=30, actor=desk.mara, at=desk.at)
    _check(desk, row)
    assert "extend.not_done" in events(row)
    assert fresh(row).ends_at == desk.at + timedelta(days=30) and fresh(row).window_source == "platform"


def test_a_lost_extension_that_counts_from_today_is_found_although_the_end_came_closer(desk: Desk) -> None:
    switch(desk, extend_policy="reset")
    row = desk.in_use()
    desk.later(days=1)
    order(desk, EXTEND, "drop_after")
    with refused("outcome_uncertain"):
        services.extend(authorization=row, days=7, actor=desk.mara, at=desk.at)
    _check(desk, row)
    assert "extend.done" in events(row) and fresh(row).ends_at == desk.at + timedelta(days=7)


def test_an_uncertain_extension_of_an_expired_code_brings_it_back_where_it_was(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=31)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)
    assert live(desk, row) == []
    order(desk, EXTEND, "drop_after")
    with refused("outcome_uncertain"):
        services.extend(authorization=row, days=30, actor=desk.mara, at=desk.at)
    _check(desk, row)
    assert fresh(row).state == "in_use" and len(live(desk, row)) == 1


def test_an_extension_left_open_until_the_window_ran_out_is_settled_and_then_expired(desk: Desk) -> None:
    row = desk.in_use()
    order(desk, EXTEND, "drop_before")
    with refused("outcome_uncertain"):
        services.extend(authorization=row, days=30, actor=desk.mara, at=desk.at)
    desk.later(days=31)
    with refused("outcome_uncertain", Conflict):
        services.expire(authorization=row, actor=desk.admin, at=desk.at)
    _check(desk, row)
    assert "extend.not_done" in events(row) and fresh(row).state == "expired"


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_an_application_left_open_while_the_authorization_ended_is_settled_without_access(
    desk: Desk, fault: str
) -> None:
    row = desk.opened()
    order(desk, APPLY, fault)
    with refused("outcome_uncertain"):
        desk.applied(row)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    _check(desk, row)
    assert fresh(row).state == "ended" and live(desk, row) == []
    assert (application(row, desk.eu).state == "in_use") is (fault == "drop_after")
    holds()


@pytest.mark.parametrize("status", ["DELETED", "EXPIRED"])
def test_a_lost_switching_off_is_found_whichever_word_the_platform_has_for_it(desk: Desk, status: str) -> None:
    switch(desk, status_after_off=status)
    row = BY_NAME["switch_off"].start(desk)
    order(desk, SETTING, "drop_after")
    with refused("outcome_uncertain"):
        services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    _check(desk, row)
    assert "switch_off.done" in events(row) and fresh(row).state in {"ended", "expired"}


def test_pausing_that_fails_on_the_second_ad_account_is_uncertain_as_a_whole(desk: Desk, tap: Tap) -> None:
    """The first account's ads are paused by then, so "nothing was changed" would not be true."""
    row = desk.in_use()
    desk.ad(row)
    desk.applied(row, desk.us)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    tap.then[PAUSE] = functools.partial(order, desk, ADS, "refuse")
    with refused("outcome_uncertain", Uncertain):
        services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    _check(desk, row)
    assert fresh(row).ads_paused_at is not None and "pause_ads.done" in events(row)


def test_what_cannot_be_seen_stays_uncertain_until_somebody_says_what_was_done(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "drop_after")
    with refused("outcome_uncertain"):
        desk.applied(row)
    connection = Connection.objects.live().get(party=desk.advertiser)
    connections.disconnect(connection=connection, actor=desk.bo, at=desk.at)
    with refused("still_uncertain", Conflict):
        _check(desk, row)
    assert application(row, desk.eu).is_uncertain
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    assert application(row, desk.eu).claim_id is None and fresh(row).state == "applied"
    _check(desk, row)
    holds()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_while_the_platform_is_down_check_changes_nothing(desk: Desk, case: Case) -> None:
    row = case.start(desk)
    order(desk, case.path, "drop_after")
    with refused("outcome_uncertain"):
        case.do(desk, row)
    order(desk, STATUS, "http_500", times=2)
    before = events(row)
    with pytest.raises(PlatformDown):
        _check(desk, row)
    assert events(row) == before and _claimed(row) is not None
    _check(desk, row)
    assert case.is_done(desk, fresh(row)) or fresh(row).state == "ended"


FAULTS = st.sampled_from(["none", "none", *LOST_BEFORE, *LOST_AFTER, "refuse"])
STEPS = st.lists(st.tuples(st.sampled_from(["extend", "apply", "unbind", "check"]), FAULTS), min_size=2, max_size=7)


@example(steps=[("apply", "none"), ("extend", "drop_after"), ("unbind", "none")])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_sequence_of_faults_and_verbs_does_anything_twice(
    db: None, tmp_path: Path, settings: object, steps: list[tuple[str, str]]
) -> None:
    """What the platform did is what the record says was done, once the last look is over."""
    before = transaction.savepoint()
    try:
        _play(make_desk(tmp_path / f"{uuid4()}.sqlite3", settings), steps)
    finally:
        transaction.savepoint_rollback(before)  # after a failure too: it is played again to find the shortest one


def _play(desk: Desk, steps: list[tuple[str, str]]) -> None:
    switch(desk, reapply="refuse")  # a second application would be refused, and the record would say so
    tap = Tap(desk)
    row = desk.opened()
    for name, fault in steps:
        was_open = _claimed(row) is not None
        tap.clear()
        if name == "check":
            _check(desk, fresh(row))
            assert tap.writes() == []
            continue
        if fault != "none" and not was_open:
            order(desk, BY_NAME[name].path, fault)
        with contextlib.suppress(Refused):
            BY_NAME[name].do(desk, fresh(row))
        may_go_on = not was_open or fresh(row).claim_id is None
        assert len(tap.writes()) <= 1 and (may_go_on or tap.writes() == [])
    _check(desk, row)
    _agrees_with_the_platform(desk, fresh(row))
    holds()


def _agrees_with_the_platform(desk: Desk, row: Authorization) -> None:
    creator = connections.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    advertiser = connections.advertiser_side(party=desk.advertiser, platform="tiktok")
    assert creator is not None and advertiser is not None
    assert _claimed(row) is None
    shown = creator.code_of(post_id=row.post.platform_id)
    assert shown.ends_at == row.ends_at and row.starts_at is not None
    assert row.ends_at == row.starts_at + timedelta(days=30 + 30 * events(row).count("extend.done"))
    listed = advertiser.application_of(ad_account_id=desk.eu.platform_id, code=row.code, post_id=row.post.platform_id)
    assert (listed is not None) is row.applications.bound().exists()
    assert (listed is not None) is (len(live(desk, row)) == 1)
