"""Several people at the same moment, in threads and in processes, on whichever database is configured."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connections as databases

from tests.authorizations import guests
from tests.authorizations.driver import Driver, order
from tests.authorizations.sharing import WRONG, again, mailed_number, opened, proven, shared
from tests.authorizations.stage import (
    APPLY,
    BY_NAME,
    EXTEND,
    SETTING,
    Tap,
    application,
    events,
    fresh,
    holds,
    live,
    refused,
)
from tests.authorizations.stage import order as order_fault
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Application, Authorization, HandOver, RequestLink
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import SANDBOX
from valetkey.errors import Conflict, Refused

pytestmark = pytest.mark.django_db(transaction=True)

TOLD = {"under_way", "already_applied", "not_in_this_state", "somebody_was_faster", "post_busy", "post_has_code"}


@pytest.fixture
def desk(committed_desk: Desk) -> Desk:
    return committed_desk


@pytest.fixture
def tap(desk: Desk) -> Tap:
    return Tap(desk)


def _together(*jobs: Callable[[], object]) -> list[object]:
    """Each job's result, or the refusal it met. Anything else that is raised fails the test."""
    start = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], object]) -> None:
        start.wait(10)
        try:
            results[index] = job()
        except Refused as refusal:
            results[index] = refusal
        finally:
            databases.close_all()

    threads = [threading.Thread(target=run, args=(index, job)) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in results, "A thread ended with something that is no refusal."
    return results


def _refusals(results: list[object]) -> list[Refused]:
    return [each for each in results if isinstance(each, Refused)]


def _mine(row: Authorization) -> Authorization:
    """Every thread and process has its own object of the row."""
    return fresh(row)


def test_two_buyers_two_ad_accounts_one_application_each(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    tap.clear()
    results = _together(
        lambda: services.apply(authorization=_mine(row), ad_account=desk.eu, actor=desk.bo, at=desk.at),
        lambda: services.apply(authorization=_mine(row), ad_account=desk.us, actor=desk.kim, at=desk.at),
    )
    assert _refusals(results) == []
    assert [application(row, each).state for each in (desk.eu, desk.us)] == ["in_use", "in_use"]
    assert tap.writes() == [APPLY, APPLY] and fresh(row).state == "in_use" and len(live(desk, row)) == 2
    holds()


def test_two_buyers_one_ad_account_one_write_and_the_other_is_told(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    tap.clear()
    results = _together(
        *(
            lambda who=who: services.apply(authorization=_mine(row), ad_account=desk.eu, actor=who, at=desk.at)
            for who in (desk.bo, desk.kim, desk.bo)
        )
    )
    told = _refusals(results)
    assert len(told) == 2 and {each.code for each in told} <= TOLD
    assert tap.writes() == [APPLY] and Application.objects.get().state == "in_use" and len(live(desk, row)) == 1
    assert events(row).count("apply.attempted") == events(row).count("apply.done") == 1
    holds()


@pytest.mark.parametrize("name", ["issue", "extend", "switch_off", "pause_ads"])
def test_the_same_verb_twice_while_the_first_is_under_way_one_wins(desk: Desk, tap: Tap, name: str) -> None:
    case = BY_NAME[name]
    row = case.start(desk)
    tap.clear()
    loser_is_back = threading.Event()
    tap.before[case.path] = lambda: loser_is_back.wait(10)

    def do() -> object:
        try:
            return case.do(desk, _mine(row))
        except Refused:
            loser_is_back.set()
            raise

    results = _together(do, do)
    (told,) = _refusals(results)
    assert isinstance(told, Conflict) and told.code in TOLD
    assert tap.writes() == [case.path] and case.is_done(desk, fresh(row))
    assert events(row).count(f"{name}.attempted") == events(row).count(f"{name}.done") == 1
    holds()


def test_two_extensions_one_after_the_other_read_a_fresh_end_each(desk: Desk, tap: Tap) -> None:
    """Both looked at the old end; the slower one must not write it back under the new one."""
    row = desk.in_use()
    tap.clear()
    results = _together(*[lambda: BY_NAME["extend"].do(desk, _mine(row))] * 2)
    done = 2 - len(_refusals(results))
    now = fresh(row)
    assert now.starts_at is not None and now.ends_at is not None
    assert done in {1, 2} and (now.ends_at - now.starts_at).days == 30 + 30 * done
    assert tap.writes() == [EXTEND] * done
    ends = [each.ends_at for each in now.window_changes.all()]
    assert ends == sorted(end for end in ends if end), "The chain only ever went forward."
    holds()


def test_two_advertisers_one_post_one_code(desk: Desk, tap: Tap) -> None:
    """A post has one code: two that are made at once would be one and the same in two advertisers' hands."""
    tap.clear()
    results = _together(
        lambda: desk.issued(),
        lambda: desk.issued(advertiser=desk.rival),
    )
    (told,) = _refusals(results)
    assert told.code in TOLD and tap.writes() == [SETTING]
    assert Authorization.objects.exclude(code_fingerprint=None).count() == 1
    holds()


def test_two_of_the_creators_people_authorize_the_same_once(desk: Desk, tap: Tap) -> None:
    tap.clear()
    results = _together(lambda: desk.issued(), lambda: desk.issued())
    assert len(_refusals(results)) == 1 and Authorization.objects.count() in {1, 2}
    assert Authorization.objects.exclude(code_fingerprint=None).count() == 1 and tap.writes() == [SETTING]
    holds()


def test_two_advertisers_who_hold_the_same_code_apply_it_each_on_their_own(desk: Desk) -> None:
    row = desk.opened()
    assert row.code is not None
    theirs = services.record(
        code=row.code.reveal(), days=30, post=desk.post, advertiser=desk.rival, actor=desk.mara, at=desk.at
    )
    connections.connect(
        party=desk.rival, platform="tiktok", level=Level.ADVERTISER, token=desk.seeded.advertisers[1].token,
        base_url=SANDBOX, actor=desk.admin, at=desk.at,
    )  # fmt: skip
    results = _together(
        lambda: services.apply(authorization=_mine(row), ad_account=desk.eu, actor=desk.bo, at=desk.at),
        lambda: services.apply(
            authorization=_mine(theirs), ad_account=desk.rivals_account, actor=desk.stranger, at=desk.at
        ),
    )
    assert _refusals(results) == []
    assert fresh(row).state == fresh(theirs).state == "in_use"
    assert [access.holder for access in (*live(desk, row), *live(desk, theirs))] == [desk.advertiser, desk.rival]
    holds()


def test_two_looks_settle_what_was_uncertain_once(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    order_fault(desk, APPLY, "drop_after")
    with refused("outcome_uncertain"):
        desk.applied(row)
    look = [lambda: services.check(authorization=_mine(row), actor=desk.bo, at=desk.at)] * 3
    assert {each.code for each in _refusals(_together(*look))} <= {"somebody_was_faster"}
    assert events(row).count("apply.done") == 1 and fresh(row).state == "in_use" and len(live(desk, row)) == 1
    assert tap.writes().count(APPLY) == 1
    holds()


def test_ending_and_applying_at_once_leave_a_record_that_is_true(desk: Desk) -> None:
    row = desk.opened()
    results = _together(
        lambda: services.apply(authorization=_mine(row), ad_account=desk.eu, actor=desk.bo, at=desk.at),
        lambda: services.ask_to_end(authorization=_mine(row), reason="Early.", actor=desk.mara, at=desk.at),
    )
    told = _refusals(results)
    assert len(told) <= 1 and {each.code for each in told} <= TOLD
    services.check(authorization=row, actor=desk.admin, at=desk.at)
    assert fresh(row).state == "end_asked"
    applied = row.applications.bound().exists()
    assert applied is not isinstance(results[0], Refused) and len(live(desk, row)) == applied
    holds()


@pytest.mark.parametrize("accounts", ["two", "one"])
def test_processes_of_their_own_meet_the_same_rules(desk: Desk, driver: Driver, accounts: str) -> None:
    row = desk.opened()
    second = desk.us if accounts == "two" else desk.eu
    ended = driver.together(order(desk, row, "apply"), order(desk, row, "apply", ad_account=second))
    codes = sorted(each["code"] for each in ended)
    assert codes == ([0, 0] if accounts == "two" else [0, 5])
    assert row.applications.filter(state="in_use").count() == (2 if accounts == "two" else 1)
    assert len(live(desk, row)) == (2 if accounts == "two" else 1)
    holds()


def test_processes_that_write_the_history_at_once_keep_one_chain(desk: Desk, driver: Driver) -> None:
    rows = [desk.issued(), desk.issued(post=desk.note("public_two")), desk.issued(post=desk.note("carousel"))]
    ended = driver.together(*(order(desk, row, "extend") for row in rows))
    assert [each["code"] for each in ended] == [0, 0, 0]
    assert all(events(row)[-1] == "extend.done" for row in rows)
    holds()


BY_LINK: dict[str, Callable[[Desk, Any], object]] = {
    "another code": lambda desk, link: guests.answer(desk, link, code="#anotherCode1234567890abcd"),
    "no": lambda desk, link: services.decline_request(
        request_link=link, reason="No.", actor=guests.GUEST_MARA, at=desk.at
    ),
    "withdrawn": lambda desk, link: services.withdraw(
        authorization=_mine(link.authorization), actor=desk.bo, at=desk.at
    ),
    "typed in signed in": lambda desk, link: services.record(
        authorization=_mine(link.authorization), code=guests.CODE, days=7, actor=desk.mara, at=desk.at
    ),
    "no signed in": lambda desk, link: services.decline(
        authorization=_mine(link.authorization), reason="No.", actor=desk.mara, at=desk.at
    ),
}


@pytest.mark.parametrize("other", BY_LINK)
def test_two_answers_to_one_request_one_wins_and_the_other_is_told(desk: Desk, other: str) -> None:
    link = guests.sent(desk)
    results = _together(lambda: guests.answer(desk, link), lambda: BY_LINK[other](desk, link))
    told, row = _refusals(results), fresh(link.authorization)
    assert len(told) == 1
    assert told[0].code in {"request_answered", "request_withdrawn", "not_in_this_state", "somebody_was_faster"}
    settled = [one for one in events(row) if one in {"record", "decline", "withdraw"}]
    assert len(settled) == 1 and HandOver.objects.count() == (row.state == "handed_over")
    assert row.state in {"handed_over", "declined", "withdrawn", "issued"}
    holds()


def test_two_reminders_at_once_are_one(desk: Desk, mailoutbox: list[Any]) -> None:
    row = guests.sent(desk).authorization
    results = _together(
        lambda: services.remind(authorization=_mine(row), actor=desk.bo, at=desk.at),
        lambda: services.remind(authorization=_mine(row), actor=desk.kim, at=desk.at),
    )
    assert [each.code for each in _refusals(results)] == ["reminded_lately"]
    assert RequestLink.objects.count() == 2 and len(mailoutbox) == 2
    holds()


def test_a_request_sent_twice_at_once_is_sent_once(desk: Desk, mailoutbox: list[Any]) -> None:
    row = guests.asked(desk)
    results = _together(*(lambda: guests.send(desk, _mine(row)) for _ in range(2)))
    assert [each.code for each in _refusals(results)] == ["asked_already"]
    assert RequestLink.objects.count() == len(mailoutbox) == 1


def test_wrong_numbers_typed_at_once_gain_no_tries(desk: Desk) -> None:
    hand_over = shared(desk)
    services.send_proof(hand_over=hand_over, at=desk.at)
    jobs = [lambda: services.prove(hand_over=again(hand_over), number=WRONG, at=desk.at)] * 2
    assert [each.code for each in _refusals(_together(*jobs))] == ["wrong_number"] * 2
    assert again(hand_over).proof_tries == 2
    told = [each.code for each in _refusals(_together(*jobs * 3))]
    assert sorted(told) == ["no_tries_left"] * 3 + ["wrong_number"] * 3 and again(hand_over).proof_tries == 5


def test_the_right_number_typed_twice_at_once_proves_once(desk: Desk) -> None:
    hand_over = shared(desk)
    services.send_proof(hand_over=hand_over, at=desk.at)
    number = mailed_number()

    def job() -> str:
        services.prove(hand_over=again(hand_over), number=number, at=desk.at)
        return "proven"

    results = _together(job, job)
    (told,) = _refusals(results)
    assert told.code in {"number_used", "no_number"} and results.count("proven") == 1


def test_two_that_ask_for_a_number_at_once_get_one_mail(desk: Desk) -> None:
    hand_over = shared(desk)

    def job() -> str:
        services.send_proof(hand_over=again(hand_over), at=desk.at)
        return "sent"

    results = _together(job, job, job)
    assert {each.code for each in _refusals(results)} == {"number_just_sent"} and results.count("sent") == 1
    assert len(mail.outbox) == again(hand_over).proofs_sent == 1


def test_stopped_and_opened_at_once_the_code_leaves_before_the_stop_or_not_at_all(desk: Desk) -> None:
    row = desk.issued()
    hand_over = proven(desk, row)

    def stop() -> str:
        services.stop_sharing(hand_over=again(hand_over), actor=desk.mara, at=desk.at)
        return "stopped"

    results = _together(stop, lambda: opened(desk, again(hand_over)))
    assert results[0] == "stopped"
    told = events(row)[-2:] if not isinstance(results[1], Refused) else events(row)[-1:]
    assert told == ["open", "sharing.stopped"][-len(told) :], "what came after the stop would be a leak"
    assert row.reveals.count() == len(told) - 1
    with refused("link_ended", Conflict):
        opened(desk, hand_over)
    holds()


def test_a_code_opened_by_many_links_at_once_is_written_down_each_time(desk: Desk) -> None:
    row = desk.issued()
    hand_over = proven(desk, row)
    results = _together(*[lambda: opened(desk, again(hand_over))] * 4)
    assert results == [row.code] * 4 and row.reveals.count() == 4 and fresh(row).state == "opened"
    holds()
