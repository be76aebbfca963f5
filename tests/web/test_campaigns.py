"""Campaigns on pages: days in the ad account's zone, whether codes last as long, entering and correcting."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.desk import Desk
from tests.many import many
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.register.models import AdAccount, Campaign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LIST, NEW = reverse("campaigns"), reverse("campaign_new")


def given(desk: Desk, **other: str) -> dict[str, str]:
    known = {"name": "Winter", "ad_account": desk.us.reference, "starts_on": "2026-12-01", "ends_on": "2026-12-24"}
    return {**known, **other}


def one(campaign: Campaign) -> str:
    return reverse("campaign", args=[campaign.reference])


def test_an_empty_list_teaches_what_a_campaign_is(desk: Desk) -> None:
    assert "No campaigns yet" in read(browser(desk.bo).get(LIST))
    text = read(browser(desk.kim).get(LIST))
    assert "A manager enters campaigns." in text and "Enter a campaign" not in text


def test_a_manager_enters_one_in_the_ad_accounts_own_days(desk: Desk) -> None:
    form = read(browser(desk.bo).get(NEW))
    assert "Northwind US of Northwind (America/New_York)" in form and "Contoso" not in form
    text = read(browser(desk.bo).post(NEW, given(desk), follow=True))
    assert "Tue 1 Dec 2026 – Thu 24 Dec 2026, both included, in America/New_York" in text
    assert "from Tue 1 Dec 2026, 05:00 (UTC) to Fri 25 Dec 2026, 05:00 (UTC)" in text


def test_days_the_wrong_way_round_stand_on_the_form_with_what_was_typed(desk: Desk) -> None:
    answer = browser(desk.bo).post(NEW, given(desk, ends_on="2026-11-01"))
    assert "The campaign ends before it starts." in read(answer) and 'value="Winter"' in answer.content.decode()
    assert not Campaign.objects.exists()


def test_without_an_ad_account_that_comes_first(desk: Desk) -> None:
    AdAccount.objects.filter(held_by=desk.advertiser).delete()
    assert "First an ad account" in read(browser(desk.bo).get(NEW))


@pytest.mark.parametrize("who", ["kim", "viewer", "auditor"])
def test_who_manages_nothing_enters_nothing(desk: Desk, who: str) -> None:
    client = browser(getattr(desk, who))
    assert client.get(NEW).status_code == client.post(NEW, given(desk)).status_code == 403
    assert not Campaign.objects.exists()


def test_an_ad_account_of_somebody_else_cannot_be_chosen(desk: Desk) -> None:
    answer = browser(desk.bo).post(NEW, given(desk, ad_account=desk.rivals_account.reference))
    assert "not one of the available choices" in read(answer)


def test_the_list_counts_the_codes_that_do_not_reach(desk: Desk) -> None:
    campaign = desk.campaign(starts_in=1)
    assert "no live code" in read(browser(desk.bo).get(LIST))
    row = desk.issued(campaigns=(campaign,))
    text = read(browser(desk.bo).get(LIST))
    assert "1 live" in text and "1 ends too early" in text and "Europe/Berlin, begins in 14 hours" in text
    assert row.ends_at is not None
    campaign.authorizations.update(ends_at=campaign.ends_at)
    assert "all covered" in read(browser(desk.bo).get(LIST))


def test_its_page_lists_the_codes_with_their_bars_and_what_is_missing(desk: Desk) -> None:
    campaign = desk.campaign(starts_in=1)
    row = desk.issued(campaigns=(campaign,))
    page = browser(desk.bo).get(one(campaign))
    assert row.reference in read(page) and "The code ends before the campaign does: 8 days short." in read(page)
    assert '<svg class="bar"' in page.content.decode()


def test_a_manager_corrects_the_days_and_coverage_follows(desk: Desk) -> None:
    campaign = desk.campaign(starts_in=1)
    desk.issued(campaigns=(campaign,))
    known = {"name": "Spring shoes", "starts_on": "2026-11-03", "ends_on": "2026-11-30"}
    text = read(browser(desk.bo).post(one(campaign), known, follow=True))
    assert "Corrected." in text and "The code covers the whole campaign." in text


def test_others_read_and_do_not_correct(desk: Desk) -> None:
    campaign = desk.campaign()
    for actor in (desk.kim, desk.viewer, desk.auditor):
        client = browser(actor)
        assert "Correct it" not in read(client.get(one(campaign)))
        answer = client.post(one(campaign), {"name": "X", "starts_on": "2026-11-03", "ends_on": "2026-11-30"})
        assert answer.status_code == 403
    assert Campaign.objects.get().name == "Spring shoes"


def test_creators_and_strangers_see_no_campaign_of_others(desk: Desk) -> None:
    campaign = desk.campaign()
    for actor in (desk.mara, desk.stranger):
        assert "Spring shoes" not in read(browser(actor).get(LIST))
        assert browser(actor).get(one(campaign)).status_code == 404


def test_ten_thousand_authorizations_do_not_slow_it_down(desk: Desk, django_assert_max_num_queries: Any) -> None:
    many(desk)
    client = browser(desk.bo)
    for address in (LIST, one(Campaign.objects.all()[0])):
        client.get(address)
        with django_assert_max_num_queries(20):
            assert len(client.get(address).content) < 100_000
