"""A person's own pages: who they are here, their time zone, their devices, the tokens of their programs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read
from tests.web.signing import PASSWORD, at_home, is_in, show_again, sign_in, with_password
from valetkey.accounts import services as accounts
from valetkey.accounts.models import ApiToken, User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry
from valetkey.errors import Forbidden
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return at_home()


@pytest.fixture
def bo(desk: Desk) -> User:
    return with_password(desk.bo)


def test_it_says_what_they_may_do_in_plain_words(desk: Desk) -> None:
    page = read(browser(desk.bo).get(reverse("me")))
    assert "bo@example.org" in page and "Manager for Northwind" in page
    assert "Asks for posts, uses codes, keeps ad accounts and campaigns" in page
    assert "Your password alone opens your account." in page
    assert "Gives rights to posts and ends them" in read(browser(desk.mara).get(reverse("me")))
    assert "Changes nothing, and sees no code." in read(browser(desk.viewer).get(reverse("me")))
    assert "Auditor of the desk" in read(browser(desk.auditor).get(reverse("me")))


def test_who_acts_for_nobody_is_told_what_to_do(desk: Desk) -> None:
    user = accounts.create_user(email="new@example.org", name="New", actor=HOST, at=desk.at)
    actor = Actor(name="New", door=Door.WEB, user_id=user.pk)
    page = read(browser(actor).get(reverse("me")))
    assert "You act for nobody at the moment." in page and "new@example.org" in page


def test_the_time_zone_is_saved_and_shows_at_once(desk: Desk) -> None:
    bo_ = browser(desk.bo)
    answer = bo_.post(reverse("me"), {"time_zone": "Asia/Tokyo"}, follow=True)
    assert "(Asia/Tokyo)" in read(answer)
    assert User.objects.get(email="bo@example.org").time_zone == "Asia/Tokyo"
    assert Entry.objects.get(event="user.time_zone.set").detail["time_zone"] == "Asia/Tokyo"
    refused = bo_.post(reverse("me"), {"time_zone": "Mars/Olympus"})
    assert refused.status_code == 200 and "Select a valid choice" in refused.content.decode()
    assert "(UTC)" in read(bo_.post(reverse("me"), {"time_zone": "desk"}, follow=True))


def test_the_page_is_light(desk: Desk, django_assert_max_num_queries: Any) -> None:
    bo_ = browser(desk.bo)
    bo_.get(reverse("me"))
    with django_assert_max_num_queries(8):
        assert len(bo_.get(reverse("me")).content) < 100_000


def test_they_see_their_devices_and_sign_out_there(client: Client, bo: User) -> None:
    phone = Client(
        SERVER_NAME="localhost", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/18 Safari/604", REMOTE_ADDR="192.0.2.7"
    )
    sign_in(phone, bo)
    sign_in(client, bo)
    page = client.get(reverse("devices"))
    assert "Safari on iPhone" in read(page) and "192.0.2.7" in read(page) and read(page).count("this device") == 1
    (number,) = re.findall(r'name="device" value="(\d+)"', page.content.decode())
    answer = client.post(reverse("devices"), {"device": number}, follow=True)
    assert "You are signed out there." in read(answer)
    assert not is_in(phone) and is_in(client)
    assert Entry.objects.get(event="user.signed_out").detail == {"user": "Bo", "devices": 1}


def test_they_sign_out_everywhere_but_here(client: Client, bo: User) -> None:
    others = [at_home(REMOTE_ADDR=f"192.0.2.{number}") for number in (1, 2)]
    for each in (*others, client):
        sign_in(each, bo)
    assert "Sign out everywhere but here" in read(client.get(reverse("devices")))
    client.post(reverse("devices"), {"device": "others"})
    assert [is_in(each) for each in (*others, client)] == [False, False, True]


def test_nobody_signs_out_another_persons_device(client: Client, bo: User, desk: Desk) -> None:
    sign_in(client, bo)
    number = UserSession.objects.get(user=bo).pk
    sam = browser(desk.stranger)
    for device in (str(number), "others", "nonsense", ""):
        sam.post(reverse("devices"), {"device": device})
    assert is_in(client) and sam.get(reverse("me")).status_code == 200
    assert not Entry.objects.filter(event="user.signed_out").exists()


def test_a_token_is_made_after_showing_again_who_is_there_and_shown_once(client: Client, bo: User, desk: Desk) -> None:
    sign_in(client, bo)
    assert "No token yet" in read(client.get(reverse("tokens")))
    asked = client.post(reverse("tokens"), {"label": "Reports", "days": "90"})
    assert asked["Location"].startswith(reverse("account_reauthenticate")) and not ApiToken.objects.exists()
    resumed = client.post(asked["Location"], {"password": PASSWORD, "next": reverse("tokens")})
    (token,) = re.findall(r"vk_[\w-]{40,}", resumed.content.decode())
    row = ApiToken.objects.get()
    assert (row.label, row.user) == ("Reports", bo) and row.ends_at is not None
    assert accounts.actor_by_token(token=Secret(token), door=Door.API, at=row.created_at).user_id == bo.pk
    again = client.get(reverse("tokens"))
    assert "Reports" in read(again) and token not in again.content.decode() and row.digest not in again.content.decode()
    made = client.post(reverse("tokens"), {"label": "Second", "days": "30"})
    assert "vk_" in made.content.decode() and "no-store" in made["Cache-Control"]
    refused = client.post(reverse("tokens"), {"label": " ", "days": "30"})
    assert "This field is required." in read(refused) and ApiToken.objects.count() == 2


def test_a_token_is_ended_by_its_owner_alone(desk: Desk) -> None:
    user = User.objects.get(email="bo@example.org")
    token = accounts.make_token(user=user, label="Reports", actor=desk.bo, at=desk.at)
    row = ApiToken.objects.get()
    refused = browser(desk.stranger).post(reverse("token_end", args=[row.pk]))
    assert refused.status_code == 404 and "There is no such token of yours." in read(refused)
    assert browser(desk.bo).get(reverse("token_end", args=[row.pk])).status_code == 405
    answer = browser(desk.bo).post(reverse("token_end", args=[row.pk]), follow=True)
    assert "“Reports” opens nothing any more." in read(answer)
    with pytest.raises(Forbidden):
        accounts.actor_by_token(token=token, door=Door.API, at=desk.at)


@pytest.mark.parametrize("name", ["me", "devices", "tokens"])
def test_nobody_else_sees_them(desk: Desk, name: str) -> None:
    assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))
    for actor in (desk.stranger, desk.admin):
        assert "bo@example.org" not in read(browser(actor).get(reverse(name)))


def test_every_role_has_its_words() -> None:
    from valetkey.accounts.models import Party
    from valetkey.web import roles

    for kind in ("", *Party.Kind.values):
        for role in Role:
            assert roles.of_role(role, kind).endswith(".")
    show = roles.of_desk_role("")
    assert show == ""


def test_showing_again_who_is_there_lasts_five_minutes(
    client: Client, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, bo)
    show_again(client)
    import time

    later = time.time() + 301
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.time.time", lambda: later)
    assert client.post(reverse("tokens"), {"label": "Late", "days": "30"}).status_code == 302
    assert not ApiToken.objects.exists()
