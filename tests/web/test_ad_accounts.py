"""Ad accounts on pages: entered by their id, corrected, read by those they concern."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.register.models import AdAccount

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LIST, NEW = reverse("ad_accounts"), reverse("ad_account_new")


def given(desk: Desk, **other: str) -> dict[str, str]:
    known = {"name": "Northwind JP", "platform_id": "7200000000000000099", "time_zone": "Asia/Tokyo"}
    return {"party": desk.advertiser.reference, **known, **other}


def one(account: AdAccount) -> str:
    return reverse("ad_account", args=[account.reference])


def test_the_list_tells_id_zone_holder_and_live_codes(desk: Desk) -> None:
    desk.in_use()
    text = read(browser(desk.bo).get(LIST))
    assert f"Northwind EU {desk.eu.platform_id} Europe/Berlin Northwind 1" in text
    assert f"Northwind US {desk.us.platform_id} America/New_York Northwind 0" in text
    assert desk.rivals_account.name not in text


def test_an_empty_list_teaches_why_one_is_needed(desk: Desk) -> None:
    AdAccount.objects.filter(held_by=desk.advertiser).delete()
    assert "A code has no effect until it is applied to an ad account." in read(browser(desk.bo).get(LIST))


def test_a_manager_enters_one(desk: Desk) -> None:
    assert "asks for no login" in read(browser(desk.bo).get(NEW))
    text = read(browser(desk.bo).post(NEW, given(desk), follow=True))
    assert "Northwind JP is entered." in text and "Asia/Tokyo" in text


def test_what_is_no_id_stands_on_the_form(desk: Desk) -> None:
    answer = browser(desk.bo).post(NEW, given(desk, platform_id="@northwind"))
    assert "An ad account's id is a long number." in read(answer)
    assert 'value="@northwind"' in answer.content.decode()


def test_a_manager_enters_nothing_for_somebody_else(desk: Desk) -> None:
    answer = browser(desk.stranger).post(NEW, given(desk))
    assert "not one of the available choices" in read(answer)
    assert not AdAccount.objects.filter(platform_id="7200000000000000099").exists()


@pytest.mark.parametrize("who", ["kim", "viewer", "auditor", "mara"])
def test_who_manages_no_brand_or_agency_enters_nothing(desk: Desk, who: str) -> None:
    client = browser(getattr(desk, who))
    assert client.get(NEW).status_code == client.post(NEW, given(desk)).status_code == 403


def test_a_corrected_zone_moves_its_campaigns(desk: Desk) -> None:
    campaign = desk.campaign()
    before = campaign.ends_at
    text = read(browser(desk.bo).post(one(desk.eu), {"name": "EU", "time_zone": "America/Los_Angeles"}, follow=True))
    campaign.refresh_from_db()
    assert "Corrected." in text and campaign.ends_at > before


def test_others_read_and_do_not_correct(desk: Desk) -> None:
    for actor in (desk.kim, desk.viewer, desk.auditor):
        client = browser(actor)
        text = read(client.get(one(desk.eu)))
        assert desk.eu.platform_id in text and "Correct it" not in text
        assert client.post(one(desk.eu), {"name": "X", "time_zone": "UTC"}).status_code == 403


def test_creators_and_strangers_find_no_such_ad_account(desk: Desk) -> None:
    for actor in (desk.mara, desk.stranger):
        assert browser(actor).get(one(desk.eu)).status_code == 404
        assert desk.eu.platform_id not in read(browser(actor).get(LIST))
