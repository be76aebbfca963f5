"""Which campaigns use an authorization: the advertiser's own, named by the advertiser's side, and coverage follows."""

from __future__ import annotations

from datetime import date

import pytest

from tests.authorizations.stage import by_hand, events, fresh, holds, last, refused
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.register.models import Campaign
from valetkey.register.services import change_campaign, note_campaign

pytestmark = pytest.mark.django_db


def put(desk: Desk, row: Authorization, *campaigns: Campaign, actor: object = None) -> Authorization:
    who = actor or desk.bo
    return services.set_campaigns(authorization=row, campaigns=campaigns, actor=who, at=desk.at)  # type: ignore[arg-type]


def test_they_are_attached_and_taken_off_and_the_history_names_them(desk: Desk) -> None:
    row, first, second = desk.issued(), desk.campaign(days=37), desk.campaign(days=20)
    change_campaign(campaign=second, name="Boots", actor=desk.bo, at=desk.at)
    assert [coverage.days_short for _, coverage in put(desk, row, first).coverages()] == [7]
    assert events(row)[-1] == "campaigns" and last(row) == {"added": ["Spring shoes"], "removed": []}
    row = put(desk, row, second)
    assert last(row) == {"added": ["Boots"], "removed": ["Spring shoes"]}
    assert [campaign.name for campaign, _ in row.coverages()] == ["Boots"]
    assert put(desk, row).coverages() == []
    holds()


def test_the_same_again_writes_no_line(desk: Desk) -> None:
    row, campaign = desk.issued(), desk.campaign()
    put(desk, row, campaign)
    before = events(row)
    put(desk, row, campaign, campaign)
    assert events(row) == before and row.campaigns.count() == 1


def test_a_rivals_campaign_is_not_read_through_it(desk: Desk) -> None:
    row = desk.issued()
    theirs = note_campaign(
        ad_account=desk.rivals_account, name="Secret launch", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 9),
        actor=desk.stranger, at=desk.at,
    )  # fmt: skip
    with refused("not_the_advertisers", Invalid):
        put(desk, row, theirs)
    assert not row.campaigns.exists()


def test_it_is_for_the_advertisers_side(desk: Desk) -> None:
    row, campaign = desk.issued(), desk.campaign()
    for actor in (desk.mara, desk.viewer, desk.auditor):
        with refused("not_your_verb", Forbidden):
            put(desk, row, campaign, actor=actor)
    with refused("no_such_authorization", NotFound):
        put(desk, row, campaign, actor=desk.stranger)
    assert put(desk, row, campaign, actor=desk.kim).campaigns.count() == 1


@pytest.mark.parametrize("state", ["declined", "withdrawn", "ended"])
def test_what_is_over_is_left_as_it_was(desk: Desk, state: str) -> None:
    row, campaign = by_hand(desk), desk.campaign()
    Authorization.objects.filter(pk=row.pk).update(state=state)
    with refused("not_in_this_state", Conflict):
        put(desk, row, campaign)
    assert not fresh(row).campaigns.exists()


def test_a_page_that_was_read_before_shows_them_afterwards(desk: Desk) -> None:
    row = services.find(reference=desk.issued().reference, actor=desk.bo)
    assert row.coverages() == []
    assert len(put(desk, row, desk.campaign()).coverages()) == 1
