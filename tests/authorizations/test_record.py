"""Record: a code that was made by hand is typed in, with the window as somebody states it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.authorizations.stage import SETTING, Tap, by_hand, events, fresh, holds, last, order, refused
from tests.desk import Desk
from valetkey.authorizations import services, terms
from valetkey.authorizations.models import Authorization
from valetkey.connectors.base import CodeStatus, SeenCode
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db

CODE = "#handMadeCode1234567890abcdef="


def test_days_are_computed_and_a_day_is_stated(desk: Desk) -> None:
    row = by_hand(desk, days=7)
    assert row.state == "issued" and row.ends_at == desk.at + timedelta(days=7) and row.window_source == "computed"
    assert events(row) == ["started", "record"] and last(row)["source"] == "computed"
    other = by_hand(desk, "#another1234567890abcd", days=None, ends_on=date(2026, 12, 1), time_zone="Europe/Berlin")
    assert other.ends_at == datetime(2026, 12, 1, 23, 0, tzinfo=UTC) and other.window_source == "stated"
    assert [(change.verb, change.source) for change in other.window_changes.all()] == [("record", "stated")]
    holds()


def test_an_agreed_day_nobody_looked_up_says_so(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk, days=None, ends_on=date(2026, 12, 1), is_from_contract=True)
    assert row.window_source == "contract" and last(row)["source"] == "contract"
    looked = services.check(
        authorization=row, stated=SeenCode(row.post.platform_id, CodeStatus.UNUSED, None, None, desk.at, None),
        actor=desk.mara, at=desk.at - timedelta(hours=1),
    )  # fmt: skip
    assert looked.window_source == "stated", "somebody looked, and that counts more"


def test_an_unknown_end_stays_unknown(desk: Desk) -> None:
    """Everything was shown as "never ends" in another tool. Unknown is not "never": nothing is said about the end."""
    row = by_hand(desk, days=None)
    assert row.ends_at is None and row.window().holds(desk.at) is None
    campaign = desk.campaign(starts_in=2)
    row.campaigns.add(campaign)
    assert row.coverages()[0][1].verdict == "unknown"
    with refused("not_over", Conflict):
        services.expire(authorization=row, actor=desk.admin, at=desk.at + timedelta(days=4000))


def test_either_side_records_and_viewers_and_strangers_do_not(desk: Desk) -> None:
    by_hand(desk, "#fromTheBuyer1234567890", actor=desk.bo)
    with refused("not_your_verb", Forbidden):
        by_hand(desk, actor=desk.viewer)
    with refused("no_such_party", NotFound):
        by_hand(desk, actor=desk.stranger)
    assert Authorization.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": "   "}, "code_missing"),
        ({"code": "#one\n#two"}, "code_several_lines"),
        ({"code": "https://vm.tiktok.com/ZM123/"}, "code_is_link"),
        ({"code": "#" + "x" * 600}, "code_too_long"),
        ({"days": 400}, "days_out_of_range"),
        ({"days": 0}, "days_out_of_range"),
        ({"days": None, "ends_on": date(2026, 11, 1)}, "end_past"),
        ({"days": 7, "issued_at": datetime(2026, 10, 1, tzinfo=UTC)}, "end_past"),
        ({"post": None}, "what_for"),
        ({"advertiser": None}, "what_for"),
    ],
)
def test_what_cannot_be_is_refused_and_no_row_is_left(desk: Desk, given: dict[str, object], code: str) -> None:
    with refused(code, Invalid):
        by_hand(desk, **given)  # type: ignore[arg-type]  # on purpose
    assert not Authorization.objects.exists()


def test_a_day_that_is_today_is_not_past(desk: Desk) -> None:
    assert by_hand(desk, days=None, ends_on=desk.at.date()).ends_at == datetime(2026, 11, 3, tzinfo=UTC)


def test_a_private_post_is_refused(desk: Desk) -> None:
    with refused("post_private", Invalid):
        by_hand(desk, post=desk.note("private", visibility="private"))
    assert not Authorization.objects.exists()


def test_the_inside_of_a_code_is_never_touched_and_its_look_only_warned_of(desk: Desk) -> None:
    """A validator refused real codes in another tool; `+ / =` were lost in a third."""
    row = by_hand(desk, " “#aB+c/d==e1234567” ")
    assert row.code is not None and row.code.reveal() == "#aB+c/d==e1234567"
    odd = by_hand(desk, "no sign, and a space!", actor=desk.bo)
    assert odd.code is not None and odd.code.reveal() == "no sign, and a space!"
    assert len(last(odd)["warnings"]) >= 2
    assert CODE not in str(last(odd))


def test_the_same_code_again_names_the_first_and_leaves_no_row(desk: Desk) -> None:
    first = by_hand(desk, CODE)
    with refused("same_code", Conflict):
        by_hand(desk, f" {CODE} ")
    assert Authorization.objects.get() == first


def test_a_request_is_not_answered_with_a_code_that_is_known(desk: Desk) -> None:
    first = by_hand(desk, CODE)
    request = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=7,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    with refused("same_code", Conflict):
        by_hand(desk, CODE, authorization=request)
    assert fresh(request).state == "requested" and fresh(first).state == "issued"


def test_two_advertisers_may_hold_the_same_code_each_on_its_own_record(desk: Desk) -> None:
    mine, theirs = by_hand(desk, CODE), by_hand(desk, CODE, advertiser=desk.rival)
    assert mine != theirs and mine.code == theirs.code
    with refused("no_such_authorization", NotFound):
        services.find(reference=theirs.reference, actor=desk.bo)


def test_recording_calls_no_platform_and_needs_no_connection(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    assert by_hand(desk).state == "issued" and tap.calls == []


def test_a_code_typed_in_settles_an_issue_that_was_left_uncertain(desk: Desk) -> None:
    """The answer was lost, the connection is gone, and the creator reads the code off the phone."""
    order(desk, SETTING, "drop_after")
    with refused("outcome_uncertain"):
        desk.issued()
    row = Authorization.objects.get()
    desk.disconnect_all()
    by_hand(desk, authorization=row)
    assert fresh(row).state == "issued" and fresh(row).claim_id is None
    holds()


def test_what_has_a_code_is_not_recorded_over(desk: Desk) -> None:
    row = desk.issued()
    with refused("not_in_this_state", Conflict):
        by_hand(desk, authorization=row)


@pytest.mark.parametrize(("first", "second"), [(CODE, CODE[1:]), (CODE[1:], CODE)], ids=["with first", "without first"])
def test_the_same_characters_with_and_without_the_sign_are_one_code(desk: Desk, first: str, second: str) -> None:
    """Whether `#` belongs to a code is unknown; one advertiser who types the same characters twice means the same."""
    row = by_hand(desk, first)
    with refused("same_code", Conflict):
        by_hand(desk, second)
    request = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=7,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    with refused("same_code", Conflict):
        by_hand(desk, second, authorization=request)
    assert row.code is not None and row.code.reveal() == first, "kept as it was typed"
    assert by_hand(desk, second, advertiser=desk.rival).code != row.code
    with refused("same_code", Conflict):
        services.replace(authorization=row, days=7, code=second, actor=desk.mara, at=desk.at)


def test_use_is_agreed_for_less_than_asked_and_never_for_more(desk: Desk) -> None:
    request = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=60,
        agreed_until=date(2026, 12, 24), actor=desk.bo, at=desk.at,
    )  # fmt: skip
    with refused("later_than_asked", Invalid):
        by_hand(desk, authorization=request, agreed_until=date(2026, 12, 25))
    with refused("agreed_until_past", Invalid):
        by_hand(desk, authorization=request, agreed_until=date(2026, 11, 1))
    assert fresh(request).state == "requested"
    row = by_hand(desk, authorization=request, days=30, agreed_until=date(2026, 12, 1))
    assert row.agreed_until == date(2026, 12, 1) and row.requested_days == 60
    assert last(row)["requested_until"] == "2026-12-24" and last(row)["granted_until"] == "2026-12-01"
    started = by_hand(desk, "#another1234567890abcd", agreed_until=date(2027, 1, 31))
    assert started.agreed_until == date(2027, 1, 31) and "granted_until" not in last(started)
    with refused("agreed_until_past", Invalid):
        by_hand(desk, "#third1234567890abcdef", agreed_until=date(2026, 11, 1))
    assert Authorization.objects.count() == 2


def test_what_was_read_before_is_in_the_history(desk: Desk) -> None:
    row = by_hand(desk, terms_seen=True)
    assert events(row) == ["started", "record", "terms.seen"] and last(row) == {"digest": terms.DIGEST}
    assert events(by_hand(desk, "#another1234567890abcd")) == ["started", "record"]
    holds()
