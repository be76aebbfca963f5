"""Rights given: every code, for whom, until when, where it is used, and how an ending stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import by_hand, fresh
from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_posts import second_creator, viewer_of_the_creator
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import State
from valetkey.authorizations.models import Authorization
from valetkey.register.models import Source
from valetkey.register.services import PostFacts, note_post
from valetkey.web.ending import Mark, Moments, steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

GIVEN = "/given/"


def do(row: Authorization, verb: str) -> str:
    return reverse("do", args=[row.reference, verb])


def page(desk: Desk, query: str = "", actor: Any = None) -> str:
    return read(browser(actor or desk.mara).get(GIVEN + query))


# -- what is live -----------------------------------------------------------------------------------------------------


def test_every_right_says_the_post_the_advertiser_the_end_and_the_ad_accounts(desk: Desk) -> None:
    row = desk.in_use()
    desk.applied(row, desk.us)
    text = page(desk)
    assert "Northwind" in text and desk.post.name in text and "in use" in text
    assert "until Wed 2 Dec 2026, 09:00 (UTC), in 30 days" in text
    assert f"In use by {desk.eu.name} , {desk.us.name}".replace(" ,", ",") in text.replace(" ,", ",")


def test_a_right_nobody_uses_says_so_and_can_be_ended(desk: Desk) -> None:
    row = desk.issued()
    answer = browser(desk.mara).get(GIVEN)
    assert "no ad account that we know of" in read(answer)
    assert do(row, "ask_to_end") in answer.content.decode()


def test_a_request_or_an_attempt_without_a_code_is_no_right(desk: Desk) -> None:
    services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=60,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    text = page(desk)
    assert "No right is live" in text and "Choose a post" in text and "never gives your login" in text


def test_the_code_itself_is_nowhere_on_the_page(desk: Desk) -> None:
    row = desk.issued()
    assert row.code is not None
    content = browser(desk.mara).get(GIVEN).content.decode()
    assert row.code.reveal() not in content and row.code.masked() not in content


def test_what_ends_first_comes_first_and_an_unknown_end_last(desk: Desk) -> None:
    others = [_post(desk, number) for number in range(3)]
    by_hand(desk, "#handMade0000abcdefgh=", post=others[0], days=60)
    by_hand(desk, "#handMade0001abcdefgh=", post=others[1], days=7)
    by_hand(desk, "#handMade0002abcdefgh=", post=others[2], days=None)
    text = page(desk)
    assert text.index("Walk 1") < text.index("Walk 0") < text.index("Walk 2")
    assert "until not known" in text


# -- an ending --------------------------------------------------------------------------------------------------------


def test_an_ending_is_a_list_of_steps_with_their_days_and_whose_turn_it_is(desk: Desk) -> None:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="The campaign stops.", actor=desk.mara, at=desk.at)
    answer = browser(desk.mara).get(GIVEN)
    text = read(answer)
    assert "done Asked to end it Mon 2 Nov 2026, 09:00 (UTC), today" in text
    assert "next Northwind has read it" in text and "not yet Ads paused" in text and "not yet Northwind told" in text
    assert "Northwind has not said yet that they have read it." in text
    assert "Your turn" not in text, "it is the advertiser's"
    assert do(row, "ask_to_end") not in answer.content.decode(), "it is asked already"


def test_when_it_is_the_creators_turn_the_page_offers_the_step(desk: Desk) -> None:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="The campaign stops.", actor=desk.mara, at=desk.at)
    desk.later(days=1)
    services.acknowledge_end(authorization=row, actor=desk.bo, at=desk.at)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    answer = browser(desk.mara).get(GIVEN)
    assert "Your turn: switch off" in read(answer) and do(row, "switch_off") in answer.content.decode()
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    assert "Your turn: confirm end" in page(desk), "pressing a button has ended nothing yet"
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert "No right is live" in page(desk)
    over = page(desk, "?show=over")
    assert "Northwind has not been told yet." in over and "Your turn: tell advertiser" in over
    services.tell_advertiser(authorization=row, how="By mail.", actor=desk.mara, at=desk.at)
    over = page(desk, "?show=over")
    assert "Your turn" not in over and "done Northwind told Tue 3 Nov 2026" in over


def test_a_step_that_was_left_out_is_not_shown_as_done(desk: Desk) -> None:
    row = desk.issued()
    services.ask_to_end(authorization=row, reason="A mistake.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    text = page(desk)
    assert "not noted Northwind has read it" in text and "not noted Ads paused" in text
    assert "done Switched off on TikTok" in text and "next Confirmed that it is gone" in text


def test_what_ran_out_is_over_without_an_ending(desk: Desk) -> None:
    row = desk.issued()
    desk.later(days=31)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)
    text = page(desk, "?show=over")
    assert "expired" in text and "How the ending stands" not in text and "1 day ago" in text


def test_the_steps_say_nothing_where_nobody_asked() -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    assert steps(State.ENDED, Moments(None, None, None, None, at, None), "Northwind") == ()


def test_an_ending_that_the_window_overtook_has_no_next_step() -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    found = steps(State.EXPIRED, Moments(at, None, None, None, None, None), "Northwind")
    assert [step.mark for step in found] == [Mark.DONE, *[Mark.OPEN] * 5]


# -- whose, and how many ----------------------------------------------------------------------------------------------


def test_several_creators_are_chips(desk: Desk) -> None:
    desk.issued()
    ines = second_creator(desk)
    assert "All" in page(desk) and "Northwind" in page(desk)
    assert "No right is live" in page(desk, f"?party={ines.reference}")
    assert "Northwind" in page(desk, f"?party={desk.creator.reference}")


def test_a_reference_of_somebody_elses_shows_nothing_of_theirs(desk: Desk) -> None:
    """An unknown name narrows nothing and opens nothing."""
    desk.issued()
    for actor in (desk.stranger, desk.bo, desk.viewer):
        for query in ("", f"?party={desk.creator.reference}", f"?party={desk.creator.reference}&show=over"):
            text = page(desk, query, actor)
            assert "You act for no creator" in text and "Northwind" not in text


def test_a_viewer_sees_no_verbs(desk: Desk) -> None:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="The campaign stops.", actor=desk.mara, at=desk.at)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    second = by_hand(desk, post=_post(desk, 1))
    answer = browser(viewer_of_the_creator(desk)).get(GIVEN)
    text = read(answer)
    assert "How the ending stands" in text and "Your turn" not in text and "End it" not in text
    assert do(fresh(second), "ask_to_end") not in answer.content.decode()


def test_many_rights_come_in_pages_with_few_queries(
    desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for index in range(45):
        row = by_hand(desk, f"#handMade{index:05}abcdefgh=", campaigns=(desk.campaign(),))
        services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
        services.ask_to_end(authorization=row, reason="All of them.", actor=desk.mara, at=desk.at)
    client = browser(desk.mara)
    client.get(GIVEN)
    with django_assert_max_num_queries(22):
        answer = client.get(GIVEN)
    assert "Page 1 of 3" in read(answer) and len(answer.content) < 100_000
    assert "Page 3 of 3" in read(client.get(GIVEN + "?page=99"))


def _post(desk: Desk, number: int) -> Any:
    facts = PostFacts(platform="tiktok", platform_id=f"73200000000000{number:05}", caption=f"Walk {number}")
    return note_post(held_by=desk.creator, facts=facts, source=Source.STATED, actor=desk.mara, at=desk.at)
