"""An invitation behind its link: by somebody new, by a user, by the wrong person, too late, a second time."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401  # a fixture
from tests.web.signing import PASSWORD, with_password
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Invitation, Membership, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.services import Invited
from valetkey.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]


def invite(desk: Desk, mail: str = "new@example.org", **given: Any) -> Invited:
    to = {"party": desk.advertiser, "role": Role.MEMBER, "actor": desk.bo, **given}
    return accounts.invite(mail=mail, name="Nia", at=desk.at, **to)


def path(made: Invited) -> str:
    return accounts.invitation_address(made.link).removeprefix(settings.VALETKEY_URL)


def open_link(client: Client, made: Invited) -> Any:
    return client.get(path(made), follow=True)


def test_somebody_new_sets_a_name_and_a_password_and_is_in(desk: Desk) -> None:
    made, client = invite(desk), Client()
    page = open_link(client, made)
    assert page.redirect_chain == [(reverse("invitation"), 302)]
    text = read(page)
    assert "Bo invites new@example.org to act for Northwind as member . Asks" in text
    assert "Asks for posts and uses codes." in text and "never the one of your TikTok account" in text
    assert made.link.reveal() not in page.content.decode(), "no page has the link in it or in its address"
    answer = client.post(reverse("invitation"), {"name": "Nia Berg", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, reverse("front"))
    assert "Nia Berg" in read(client.get(reverse("me"))) and "Member for Northwind" in read(client.get(reverse("me")))
    assert Entry.objects.get(event="user.signed_in").detail == {"user": "Nia Berg", "how": "invitation"}
    assert client.get(reverse("invitation")).status_code == 404, "the link is forgotten"
    again = Client()
    dead = open_link(again, made)
    assert dead.status_code == 410 and "This invitation was used already." in read(dead)
    signed_in = Client().post(reverse("account_login"), {"login": "new@example.org", "password": PASSWORD})
    assert signed_in["Location"] == reverse("front")


def test_a_weak_password_is_told_why_and_nothing_is_used_up(desk: Desk) -> None:
    made, client = invite(desk), Client()
    page = open_link(client, made)
    assert "at least 10 characters" in read(page)
    for weak, why in (("xy-9-xy", "too short"), ("new@example.org", "too similar"), ("password1234", "too common")):
        answer = client.post(reverse("invitation"), {"name": "Nia", "password": weak})
        assert why in read(answer) and weak not in answer.content.decode().replace("new@example.org", "")
    assert "This field is required." in read(client.post(reverse("invitation"), {"name": "", "password": PASSWORD}))
    assert not User.objects.filter(email="new@example.org").exists()
    assert client.post(reverse("invitation"), {"name": "Nia", "password": PASSWORD}).status_code == 302


def test_who_has_an_account_signs_in_first_and_joins(desk: Desk) -> None:
    made, client = invite(desk, "mara@example.org"), Client()
    page = open_link(client, made)
    assert "You have an account here" in read(page) and "Choose a password" not in read(page)
    mara = with_password(desk.mara)
    said = {"login": mara.email, "password": PASSWORD, "next": reverse("invitation")}
    page = client.post(reverse("account_login"), said, follow=True)
    assert page.redirect_chain[-1][0] == reverse("invitation") and "You are signed in as Mara." in read(page)
    answer = client.post(reverse("invitation"), follow=True)
    assert "You now act for Northwind." in read(answer)
    assert Membership.objects.current().filter(user=mara, party=desk.advertiser, role="member").exists()


def test_it_is_not_for_whoever_else_is_signed_in(desk: Desk) -> None:
    made, sam = invite(desk), browser(desk.stranger)
    page = open_link(sam, made)
    assert "This invitation is for somebody else" in read(page) and "sam@example.org" in read(page)
    answer = sam.post(reverse("invitation"), {"name": "Sam", "password": PASSWORD})
    assert answer.status_code == 403 and "went to another mail address than yours" in read(answer)
    assert not Membership.objects.filter(user=desk.stranger.user_id, party=desk.advertiser).exists()


def test_nobody_new_takes_the_place_of_a_user_without_signing_in(desk: Desk) -> None:
    made, client = invite(desk, "mara@example.org"), Client()
    open_link(client, made)
    answer = client.post(reverse("invitation"), {"name": "Mallory", "password": PASSWORD})
    assert answer.status_code == 200 and "You have an account here" in read(answer)
    assert User.objects.get(email="mara@example.org").first_name == "Mara"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("withdrawn", "This invitation was withdrawn."),
        ("ended", "This invitation has ended."),
        ("replaced", "replaced by a newer one"),
        ("lapsed", "may no longer invite"),
    ],
)
def test_a_dead_link_says_why_and_what_to_do(desk: Desk, what: str, said: str) -> None:
    made = invite(desk)
    if what == "withdrawn":
        accounts.withdraw_invitation(invitation=made.invitation, actor=desk.bo, at=desk.at)
    elif what == "ended":
        desk.later(days=15)
    elif what == "replaced":
        invite(desk)
    else:
        accounts.leave(user=User.objects.get(email="bo@example.org"), party=desk.advertiser, actor=HOST, at=desk.at)
    client = Client()
    page = open_link(client, made)
    assert page.status_code == 410 and said in read(page)
    assert client.post(reverse("invitation"), {"name": "Nia", "password": PASSWORD}).status_code == 410
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(
    "token", ["x", "x" * 43, "%00", "é" * 43, "x" * 5000], ids=["one", "43", "nul", "accents", "long"]
)
def test_a_link_nobody_made_leads_to_a_page_that_helps(desk: Desk, token: str) -> None:
    client = Client()
    for method in (client.get, client.post, client.put, client.head):
        answer = method(f"/i/{token}/")
        assert (answer.status_code, answer["Location"]) == (302, reverse("invitation"))
    page = client.get(reverse("invitation"))
    assert page.status_code == 404 and "Open the link from the mail or message once more" in read(page)


def test_a_bad_link_forgets_the_good_one_before_it(desk: Desk) -> None:
    made, client = invite(desk), Client()
    open_link(client, made)
    client.get("/i/nothing/")
    assert client.get(reverse("invitation")).status_code == 404


def test_the_link_is_kept_in_no_clear_form(desk: Desk) -> None:
    made, client = invite(desk), Client()
    answer = client.get(path(made))
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
    kept = str([session.get_decoded() for session in Session.objects.all()])
    assert "invitation" in kept and made.link.reveal() not in kept
    assert "no-store" in client.get(reverse("invitation"))["Cache-Control"]


def test_an_invitation_to_the_desk(desk: Desk) -> None:
    made = invite(desk, party=None, role=None, desk_role=DeskRole.AUDITOR, actor=desk.admin)
    client = Client()
    text = read(open_link(client, made))
    assert "Join this desk" in text and "as auditor . Reads the whole desk" in text
    client.post(reverse("invitation"), {"name": "Nia", "password": PASSWORD})
    assert "Auditor of the desk" in read(client.get(reverse("me")))


def test_of_two_at_the_same_link_one_gets_in(desk: Desk) -> None:
    made, first, second = invite(desk), Client(), Client()
    for each in (first, second):
        open_link(each, made)
    first.post(reverse("invitation"), {"name": "Nia", "password": PASSWORD})
    late = second.post(reverse("invitation"), {"name": "Mallory", "password": PASSWORD})
    assert late.status_code == 410 and User.objects.get(email="new@example.org").first_name == "Nia"
    assert Invitation.objects.get().accepted_at == desk.at


def test_a_name_somebody_gave_cannot_become_markup(desk: Desk) -> None:
    bo = User.objects.get(email="bo@example.org")
    bo.first_name = "<img src=x onerror=alert(1)>"
    bo.save()
    made = invite(desk, actor=type(desk.bo)(name=str(bo), door=desk.bo.door, user_id=bo.pk))
    page = open_link(Client(), made).content.decode()
    assert "<img src=x" not in page and "&lt;img src=x" in page
