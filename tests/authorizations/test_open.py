"""Open: the code is shown to somebody who may see it, and that they saw it is on disk before they do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.authorizations.stage import by_hand, events, fresh, last, refused
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Reveal
from valetkey.errors import Conflict, Forbidden, NotFound
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def test_every_look_is_written_down_with_who_and_when(desk: Desk) -> None:
    row = desk.issued()
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    code = services.open(authorization=row, actor=desk.bo, at=desk.at)
    assert code == row.code and row.state == "opened" and row.opened_at == desk.at
    desk.later(hours=2)
    services.open(authorization=row, actor=desk.kim, at=desk.at)
    seen = list(Reveal.objects.order_by("pk").values_list("by", "at"))
    assert seen == [("Bo", desk.at - timedelta(hours=2)), ("Kim", desk.at)]
    assert row.opened_at == desk.at - timedelta(hours=2) and events(row)[-2:] == ["open", "open"]
    assert code.reveal() not in str(last(row))


def test_the_creator_may_look_before_it_is_handed_over_and_that_opens_nothing(desk: Desk) -> None:
    row = desk.issued()
    services.open(authorization=row, actor=desk.mara, at=desk.at)
    assert fresh(row).state == "issued" and fresh(row).opened_at is None
    assert Reveal.objects.get().by == "Mara"


def test_a_link_opens_until_it_ends_and_then_explains_itself(desk: Desk) -> None:
    row = desk.issued()
    handed = services.hand_over(authorization=row, recipient="Bo", days=1, actor=desk.mara, at=desk.at)
    services.open(authorization=row, link=handed.link, actor=desk.bo, at=desk.at)
    assert Reveal.objects.get().hand_over == handed.hand_over and last(row) == {"by_link": True, "answers_for": ["Bo"]}
    at = desk.later(days=1)
    with refused("link_ended", Conflict):
        services.open(authorization=row, link=handed.link, actor=desk.bo, at=at)
    services.open(authorization=row, link=handed.link, actor=desk.bo, at=at - timedelta(seconds=1))
    assert Reveal.objects.count() == 2


def test_a_link_opens_its_own_authorization_alone_and_for_its_sides_alone(desk: Desk) -> None:
    row, other = desk.issued(), desk.issued(post=desk.note("public_two"))
    handed = services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    services.hand_over(authorization=other, recipient="Bo", actor=desk.mara, at=desk.at)
    with refused("no_such_link", NotFound):
        services.open(authorization=other, link=handed.link, actor=desk.bo, at=desk.at)
    with refused("no_such_link", NotFound):
        services.open(authorization=row, link=Secret("guessed"), actor=desk.bo, at=desk.at)
    with refused("no_such_authorization", NotFound):
        services.open(authorization=row, link=handed.link, actor=desk.stranger, at=desk.at)
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("who", ["admin", "auditor", "viewer"])
def test_who_keeps_or_reads_the_record_needs_no_code(desk: Desk, who: str) -> None:
    row = desk.issued()
    with refused("not_your_verb", Forbidden):
        services.open(authorization=row, actor=getattr(desk, who), at=desk.at)
    assert not Reveal.objects.exists()


def test_links_end_with_the_authorization(desk: Desk) -> None:
    row = desk.issued()
    handed = services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    handed.hand_over.refresh_from_db()
    assert handed.hand_over.ended_at == desk.at
    with refused("not_in_this_state", Conflict):
        services.open(authorization=row, link=handed.link, actor=desk.bo, at=desk.at)
    with refused("not_in_this_state", Conflict):
        services.open(authorization=row, actor=desk.bo, at=desk.at)


def test_there_is_nothing_to_open_before_the_code(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    with refused("not_in_this_state", Conflict):
        services.open(authorization=row, actor=desk.bo, at=desk.at)


def test_it_works_by_hand(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk, "#typed+in/by==hand123")
    assert services.open(authorization=row, actor=desk.bo, at=desk.at).reveal() == "#typed+in/by==hand123"


def test_copying_the_code_is_written_down_as_copying(desk: Desk) -> None:
    row = desk.opened()
    services.open(authorization=row, how=Reveal.How.COPIED, actor=desk.bo, at=desk.at)
    assert list(Reveal.objects.order_by("pk").values_list("how", flat=True)) == ["shown", "copied"]
    assert last(row) == {"by_link": False, "how": "copied"}
