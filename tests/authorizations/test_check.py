"""Check: the record is brought up to what the platform shows. The platform's word wins, and what differs is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.authorizations.stage import (
    Tap,
    application,
    by_hand,
    events,
    fresh,
    holds,
    keep_only,
    last,
    live,
    order,
    refused,
    switch,
)  # fmt: skip
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.base import AdvertiserSide, CodeStatus, CreatorSide, Level, SeenCode
from valetkey.errors import Conflict, Forbidden, NotFound, PlatformDown
from valetkey.register.models import Access

pytestmark = pytest.mark.django_db


def _check(desk: Desk, row: Authorization, stated: SeenCode | None = None) -> Authorization:
    return services.check(authorization=row, stated=stated, actor=desk.mara, at=desk.at)


def _app(desk: Desk) -> CreatorSide:
    """The creator's own phone, past the desk."""
    side = connections.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    assert side is not None
    return side


def _ads_manager(desk: Desk) -> AdvertiserSide:
    side = connections.advertiser_side(party=desk.advertiser, platform="tiktok")
    assert side is not None
    return side


def _stated(desk: Desk, status: CodeStatus, **more: object) -> SeenCode:
    facts: dict[str, object] = {"code": None, "starts_at": None, "ends_at": None, "term_days": None, **more}
    return SeenCode(desk.post.platform_id, status, **facts)  # type: ignore[arg-type]


def test_where_nothing_differs_nothing_is_written_but_that_it_was_looked_at(desk: Desk, tap: Tap) -> None:
    row = desk.in_use()
    before = events(row)
    desk.later(hours=3)
    tap.clear()
    _check(desk, row)
    assert events(row) == before and row.checked_at == desk.at and row.drift == []
    assert tap.writes() == []


def test_an_end_moved_in_the_app_is_taken_over_and_the_chain_and_the_access_follow(desk: Desk) -> None:
    row = desk.in_use()
    _app(desk).extend(post_id=desk.post.platform_id, days=7)
    _check(desk, row)
    assert row.ends_at == desk.at + timedelta(days=37) and row.drift == ["END_DIFFERS"]
    changes = list(row.window_changes.values_list("verb", "source"))
    assert changes == [("issue", "platform"), ("check", "platform")]
    (access,) = live(desk, row)
    assert access.until == row.ends_at
    _check(desk, row)
    assert row.drift == []
    holds()


def test_what_was_ended_in_the_app_is_ended_here_with_the_platforms_word_for_it(desk: Desk) -> None:
    row = desk.in_use()
    _app(desk).switch_off(post_id=desk.post.platform_id)
    _check(desk, row)
    assert row.state == "ended" and row.end_source == "observed" and row.drift == ["ENDED_ELSEWHERE"]
    assert events(row)[-2:] == ["drift", "seen_gone"] and live(desk, row) == []
    holds()


def test_another_code_on_the_post_is_named_and_ends_nothing(desk: Desk) -> None:
    switch(desk, setting_on_again="new_code")
    row = desk.in_use()
    _app(desk).switch_on(post_id=desk.post.platform_id, term_days=7)
    _check(desk, row)
    assert row.state == "in_use" and row.drift == ["OTHER_CODE"] and len(live(desk, row)) == 1
    assert row.ends_at == desk.at + timedelta(days=30)


def test_a_code_applied_in_ads_manager_is_found_in_use_elsewhere(desk: Desk) -> None:
    row = desk.opened()
    assert row.code is not None
    _ads_manager(desk).apply(ad_account_id=desk.us.platform_id, code=row.code)
    _check(desk, row)
    assert row.drift == ["USED_ELSEWHERE"] and row.state == "opened"


def test_a_post_taken_off_in_ads_manager_loses_that_access_and_no_other(desk: Desk) -> None:
    row = desk.in_use()
    desk.applied(row, desk.us)
    _ads_manager(desk).unbind(ad_account_id=desk.us.platform_id, post_id=desk.post.platform_id)
    _check(desk, row)
    assert application(row, desk.us).state == "unbound" and application(row, desk.eu).state == "in_use"
    assert row.state == "in_use" and [access.basis for access in live(desk, row)] == [application(row, desk.eu).basis]
    assert "vanished" in events(row)


def test_what_was_taken_off_and_is_on_the_list_again_is_in_use_again(desk: Desk) -> None:
    row = desk.in_use()
    services.unbind(authorization=row, ad_account=desk.eu, actor=desk.bo, at=desk.at)
    assert live(desk, row) == [] and row.code is not None
    _ads_manager(desk).apply(ad_account_id=desk.eu.platform_id, code=row.code)
    _check(desk, row)
    assert row.state == "in_use" and len(live(desk, row)) == 1


def test_a_window_that_is_over_is_found_by_the_clock_and_closed(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=30)
    _check(desk, row)
    assert row.state == "expired" and live(desk, row) == []
    assert Access.objects.get(basis=application(row, desk.eu).basis).ended_reason == "the window ended"


def test_an_expired_one_that_was_extended_in_the_app_is_alive_again_where_it_was(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=31)
    _check(desk, row)
    _app(desk).extend(post_id=desk.post.platform_id, days=30)
    _check(desk, row)
    assert row.state == "in_use" and len(live(desk, row)) == 1 and events(row)[-1] == "seen_live"


def test_an_ended_one_never_comes_alive_and_what_lives_on_is_said(desk: Desk) -> None:
    """Revoked in another tool, still usable on the platform. This record does not look away."""
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, by_hand=True, actor=desk.mara, at=desk.at)
    services.confirm_end(authorization=row, seen="It looked off to me.", actor=desk.mara, at=desk.at)
    assert row.state == "ended" and row.end_source == "stated"
    _check(desk, row)
    assert row.state == "ended" and row.drift == ["ALIVE_AFTER_END"] and live(desk, row) == []


def test_switched_off_and_shown_as_gone_is_confirmed_by_the_look(desk: Desk) -> None:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    _check(desk, row)
    assert row.state == "ended" and row.end_source == "observed" and events(row)[-1] == "confirm_end"


def test_switched_off_by_word_of_mouth_and_still_on_is_said(desk: Desk) -> None:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, by_hand=True, actor=desk.mara, at=desk.at)
    _check(desk, row)
    assert row.state == "switched_off" and row.drift == ["STILL_ON"] and len(live(desk, row)) == 1


def test_the_end_of_a_code_typed_in_is_corrected_by_the_platform(desk: Desk) -> None:
    made = desk.issued()
    code = made.code
    assert code is not None
    row = by_hand(desk, code.reveal(), advertiser=desk.rival, days=7)
    _check(desk, row)
    assert row.window_source == "platform" and row.ends_at == made.ends_at


def test_an_unknown_end_becomes_known(desk: Desk) -> None:
    code = desk.issued().code
    assert code is not None
    row = by_hand(desk, code.reveal(), advertiser=desk.rival, days=None)
    _check(desk, row)
    assert row.ends_at == desk.at + timedelta(days=30) and row.drift == []


def test_a_code_typed_without_its_sign_is_not_another_code(desk: Desk) -> None:
    code = desk.issued().code
    assert code is not None
    row = by_hand(desk, code.reveal().removeprefix("#"), advertiser=desk.rival)
    _check(desk, row)
    assert row.drift == []


def test_with_an_advertisers_token_alone_the_ad_account_tells_the_window(desk: Desk) -> None:
    row = desk.in_use()
    _app(desk).extend(post_id=desk.post.platform_id, days=7)
    keep_only(desk, Level.ADVERTISER)
    services.check(authorization=row, actor=desk.bo, at=desk.at)
    assert row.ends_at == desk.at + timedelta(days=37) and row.window_source == "platform"


def test_with_an_advertisers_token_alone_and_nothing_applied_nothing_was_looked_at(desk: Desk) -> None:
    row = desk.issued()
    seen_at = desk.at
    keep_only(desk, Level.ADVERTISER)
    desk.later(days=1)
    services.check(authorization=row, actor=desk.bo, at=desk.at)
    assert row.checked_at == seen_at


def test_with_a_creators_token_alone_applications_stay_as_they_were_seen(desk: Desk) -> None:
    row = desk.in_use()
    keep_only(desk, Level.CREATOR)
    _check(desk, row)
    assert row.state == "in_use" and len(live(desk, row)) == 1


def test_by_hand_somebody_says_what_they_saw_and_it_is_called_stated(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk, days=None)
    with refused("by_hand", Conflict):
        _check(desk, row)
    _check(desk, row, _stated(desk, CodeStatus.IN_USE, ends_at=desk.at + timedelta(days=5)))
    assert row.ends_at == desk.at + timedelta(days=5) and row.window_source == "stated"
    _check(desk, row, _stated(desk, CodeStatus.DELETED))
    assert row.state == "ended" and row.end_source == "stated"
    assert last(row)["source"] == "stated"


def test_of_a_request_there_is_nothing_to_compare(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    _app(desk).switch_on(post_id=desk.post.platform_id, term_days=30)
    _check(desk, row)
    assert row.state == "requested" and row.code is None, "A code that somebody made is not anybody's by that."


def test_who_may_not_see_may_not_check_and_viewers_only_read(desk: Desk) -> None:
    row = desk.issued()
    with refused("no_such_authorization", NotFound):
        services.check(authorization=row, actor=desk.stranger, at=desk.at)
    with refused("not_your_verb", Forbidden):
        services.check(authorization=row, actor=desk.viewer, at=desk.at)


@pytest.mark.parametrize("path", ["/business/post/authorize/status/", "/tt_video/list/"])
def test_a_platform_that_is_down_changes_nothing(desk: Desk, path: str) -> None:
    row = desk.in_use()
    before, looked = events(row), fresh(row).checked_at
    order(desk, path, "http_500", times=2)
    desk.later(hours=1)
    with refused("http_500", PlatformDown):
        _check(desk, row)
    assert events(row) == before and fresh(row).checked_at == looked


def test_a_flag_is_not_cleared_by_what_has_nothing_to_do_with_it(desk: Desk) -> None:
    """In another tool an unrelated edit cleared a flag. A difference stays until a look shows that it is gone."""
    switch(desk, setting_on_again="new_code")
    row = desk.in_use()
    _app(desk).switch_on(post_id=desk.post.platform_id, term_days=7)
    _check(desk, row)
    services.hand_over(authorization=row, recipient="Kim", actor=desk.mara, at=desk.at)
    services.open(authorization=row, actor=desk.kim, at=desk.at)
    assert fresh(row).drift == ["OTHER_CODE"]
