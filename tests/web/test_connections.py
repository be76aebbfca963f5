"""Connections on pages: who is connected how far; a token goes in once and is never shown again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import services as accounts
from valetkey.connectors.base import Level
from valetkey.connectors.models import SANDBOX, Connection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LIST, NEW = reverse("connections"), reverse("connect")
TOKEN = "act.aVerySecretToken0123456789"


def connection_of(desk: Desk) -> Connection:
    return Connection.objects.live().get(party=desk.advertiser)


def end(row: Connection) -> str:
    return reverse("disconnect", args=[row.pk])


def test_the_list_tells_level_token_and_that_the_sandbox_is_not_tiktok(desk: Desk) -> None:
    text = read(browser(desk.mara).get(LIST))
    assert "Mara Lindt Creator creator token to the sandbox, which is not TikTok renewed by itself" in text
    assert "Northwind" not in text
    text = read(browser(desk.admin).get(LIST))
    assert "Northwind Brand advertiser token" in text and "Contoso Brand by hand none" in text


def test_no_token_is_ever_in_a_page(desk: Desk) -> None:
    row = connection_of(desk)
    assert row.token is not None
    for address in (LIST, NEW, end(row)):
        assert row.token.reveal() not in browser(desk.admin).get(address).content.decode()


def test_a_manager_connects_by_a_token_that_is_typed_once(desk: Desk) -> None:
    page = browser(desk.stranger).get(NEW).content.decode()
    field = (
        page.partition('name="token"')[0].rpartition("<input")[2] + page.partition('name="token"')[2].partition(">")[0]
    )
    assert 'type="password"' in field and 'autocomplete="off"' in field
    answer = browser(desk.stranger).post(NEW, {"party": desk.rival.reference, "token": TOKEN}, follow=True)
    assert "Contoso is connected." in read(answer) and TOKEN not in answer.content.decode()
    row = Connection.objects.live().get(party=desk.rival)
    assert row.level == Level.ADVERTISER and row.token is not None and row.token.reveal() == TOKEN


def test_what_is_refused_stands_on_the_form_and_no_secret_comes_back(desk: Desk) -> None:
    given = {"party": desk.creator.reference, "token": TOKEN}
    answer = browser(desk.mara).post(NEW, given)
    assert "A creator token needs the account's id." in read(answer) and TOKEN not in answer.content.decode()
    given |= {"account_id": "x", "app_id": "7", "app_secret": "aSecretOfTheApp"}
    answer = browser(desk.mara).post(NEW, given)
    assert "Renewing takes all three" in read(answer) and "aSecretOfTheApp" not in answer.content.decode()


def test_a_creator_with_an_app_is_renewed(desk: Desk) -> None:
    given = {
        "party": desk.creator.reference, "token": TOKEN, "account_id": "open-1", "app_id": "7", "app_secret": "s" * 20,
        "refresh_token": "r" * 20,
    }  # fmt: skip
    browser(desk.mara).post(NEW, given)
    row = Connection.objects.live().get(party=desk.creator)
    assert row.level == Level.CREATOR and row.renewal() is not None and row.token_ends_at is not None


@pytest.mark.parametrize("who", ["kim", "viewer", "auditor"])
def test_who_manages_nothing_connects_and_disconnects_nothing(desk: Desk, who: str) -> None:
    client, row = browser(getattr(desk, who)), connection_of(desk)
    assert client.get(NEW).status_code == client.post(NEW, {}).status_code == 403
    assert client.get(end(row)).status_code == client.post(end(row)).status_code == 403
    assert Connection.objects.live().filter(pk=row.pk).exists()
    assert client.get(LIST).status_code == 200


def test_a_manager_connects_nobody_else(desk: Desk) -> None:
    answer = browser(desk.bo).post(NEW, {"party": desk.rival.reference, "token": TOKEN})
    assert "not one of the available choices" in read(answer)


def test_the_stranger_finds_no_such_connection(desk: Desk) -> None:
    row = connection_of(desk)
    assert browser(desk.stranger).get(end(row)).status_code == browser(desk.stranger).post(end(row)).status_code == 404


def test_disconnecting_says_what_stops_working_and_wipes_the_token(desk: Desk) -> None:
    row = connection_of(desk)
    desk.issued()
    text = read(browser(desk.bo).get(end(row)))
    assert "apply codes and read back" in text and "1 live authorization stay" in text
    assert "removed from this desk at once" in text
    assert "is disconnected, and the token is gone." in read(browser(desk.bo).post(end(row), follow=True))
    row.refresh_from_db()
    assert row.token is None and row.ended_at == desk.at
    assert browser(desk.bo).get(end(row)).status_code == 404


def test_the_sandbox_is_offered_to_the_admin_of_an_embedded_desk(desk: Desk, settings: Any) -> None:
    settings.VALETKEY_IS_EMBEDDED = True  # whatever database the tests run on
    text = read(browser(desk.admin).get(NEW))
    assert "Or to the sandbox" in text and "It is not TikTok" in text
    assert "Or to the sandbox" not in read(browser(desk.bo).get(NEW))
    settings.VALETKEY_IS_EMBEDDED = False
    assert "Or to the sandbox" not in read(browser(desk.admin).get(NEW))


def test_the_admin_connects_somebody_to_an_account_of_the_sandbox(desk: Desk, settings: Any) -> None:
    settings.VALETKEY_IS_EMBEDDED = True
    theo = accounts.create_party(name="Theo Park", kind="creator", actor=HOST, at=desk.at)
    client = browser(desk.admin)
    refused = client.post(NEW, {"party": theo.reference, "account": "advertiser 1"})
    assert "takes an account of the other kind" in read(refused)
    text = read(client.post(NEW, {"party": theo.reference, "account": "creator 1"}, follow=True))
    assert "Theo Park is connected." in text
    row = Connection.objects.live().get(party=theo)
    assert row.base_url == SANDBOX and row.renewal() is not None


def test_a_demo_desk_takes_no_token_for_tiktok(desk: Desk, settings: Any) -> None:
    settings.VALETKEY_IS_DEMO = True
    text = read(browser(desk.bo).get(NEW))
    assert "never speaks to TikTok" in text and "Access token" not in text
    browser(desk.bo).post(NEW, {"party": desk.advertiser.reference, "token": TOKEN})
    assert connection_of(desk).base_url == SANDBOX
