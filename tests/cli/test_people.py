"""People come, change and go by commands: invited by a link that is shown once, ended at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from tests.accounts.inviting import PASSWORD
from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.accounts import services
from valetkey.accounts.models import User
from valetkey.audit.entry import Door
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def secret_of(link: str) -> Secret:
    assert link.startswith("http://localhost:8000/i/")
    return Secret(link.rstrip("/").rpartition("/")[2])


def test_somebody_is_invited_by_a_link_that_is_shown_once_and_lets_them_in(desk: Desk, vk: Terminal) -> None:
    ran = vk("invite", "Nia@example.org", "--party", "Northwind", "--role", "manager", "--name", "Nia", who="bo")
    assert ran.code == 0 and "It is shown this once" in ran.out and "The link was mailed." in ran.out
    (link,) = [line for line in ran.out.splitlines() if line.startswith("http")]
    assert link in mail.outbox[0].body
    for is_json in (False, True):
        listed = vk("invitation", "list", who="bo", is_json=is_json)
        assert "nia@example.org" in listed.out and secret_of(link).reveal() not in listed.said
    services.accept_invitation(link=secret_of(link), name="Nia", password=Secret(PASSWORD), door=Door.WEB, at=desk.at)
    listed = vk("party", "list", who="nia", is_json=True)
    assert [row["name"] for row in listed.json()] == ["Northwind"]
    assert vk("invitation", "list", who="bo", is_json=True).json() == []
    (used,) = vk("invitation", "list", "--all", who="bo", is_json=True).json()
    assert (used["state"], used["role"], used["party"], used["invited_by"]) == ("used", "manager", "Northwind", "Bo")


def test_an_invitation_to_the_desk_for_some_days(desk: Desk, vk: Terminal) -> None:
    made = vk("invite", "nia@example.org", "--desk-role", "auditor", "--days", "3", is_json=True).json()
    assert made["ends_at"] == "2026-11-05T09:00:00Z" and made["desk_role"] == "auditor" and made["is_sent"]
    assert vk("invitation", "list", who="bo", is_json=True).json() == [], "not the manager's to see"
    assert vk("invitation", "list", is_json=True, at="2026-11-05T09:00Z").json() == []


def test_an_invitation_is_withdrawn_by_its_number(desk: Desk, vk: Terminal) -> None:
    made = vk("invite", "nia@example.org", "--party", "Northwind", who="bo", is_json=True).json()
    assert made["role"] == "member"
    assert (
        vk("invitation", "withdraw", made["number"], who="sam", is_json=True).refused()["code"] == "no_such_invitation"
    )
    assert vk("invitation", "withdraw", made["number"], who="bo", is_json=True).json()["state"] == "withdrawn"
    again = vk("invitation", "withdraw", made["number"], who="bo", is_json=True)
    assert again.code == 5 and again.refused()["code"] == "invitation_over"


def test_where_no_mail_server_is_set_the_mail_is_shown_beside_the_one_document(
    desk: Desk, vk: Terminal, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "valetkey.mail.terminal.EmailBackend"
    ran = vk("invite", "nia@example.org", "--party", "Northwind", who="bo", is_json=True)
    assert ran.json()["link"] in ran.err and "Subject: Bo invites you" in ran.err


def test_a_mail_that_could_not_be_sent_is_said(desk: Desk, vk: Terminal, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_inviting._Down"
    ran = vk("invite", "nia@example.org", "--party", "Northwind", who="bo")
    assert ran.code == 0 and "could not be sent" in ran.out and "http" in ran.out


def test_a_user_is_ended_and_does_nothing_any_more(desk: Desk, vk: Terminal) -> None:
    ran = vk("user", "end", "bo@example.org", "--reason", "Left Northwind.", who="ada", is_json=True)
    assert ran.json()["is_active"] is False and ran.json()["acts_for"] == []
    assert vk("party", "list", who="bo").code == 3
    (bo,) = [line for line in vk("user", "list").out.splitlines() if line.startswith("bo@")]
    assert bo.split()[-1] == "ended"


def test_a_role_on_the_desk_and_a_time_zone_are_set_and_taken_back(desk: Desk, vk: Terminal) -> None:
    for role, kept in (("auditor", "auditor"), ("admin", "admin"), ("none", "")):
        assert vk("user", "desk-role", "kim@example.org", role, is_json=True).json()["desk_role"] == kept
    for words, kept in ((["Europe/Berlin"], "Europe/Berlin"), ([], "")):
        ran = vk("user", "zone", "kim@example.org", *words, who="kim", is_json=True)
        assert ran.json() == {"mail": "kim@example.org", "time_zone": kept}
        assert User.objects.get(email="kim@example.org").time_zone == kept


def test_a_party_is_renamed_and_a_creator_entered(desk: Desk, vk: Terminal) -> None:
    entered = vk("party", "enter-creator", "Zoë Falk", who="kim", is_json=True).json()
    assert entered["kind"] == "creator"
    again = vk("party", "enter-creator", "zoë Falk", who="bo", is_json=True).json()
    renamed = vk("party", "rename", entered["reference"], "--name", "Zoë", is_json=True).json()
    assert again == entered and renamed == {**entered, "name": "Zoë"}


def test_a_token_ends_after_its_days_and_the_list_says_when(desk: Desk, vk: Terminal) -> None:
    assert vk("token", "make", "bo@example.org", "--label", "nightly", "--days", "7", who="bo").code == 0
    (row,) = vk("token", "list", "bo@example.org", who="bo", is_json=True).json()
    assert (row["ends_at"], row["is_live"]) == ("2026-11-09T09:00:00Z", True)
    assert "09 Nov 2026" in vk("token", "list", "bo@example.org", who="bo").out
    (row,) = vk("token", "list", "bo@example.org", who="bo", is_json=True, at="2026-11-09T09:00Z").json()
    assert row["is_live"] is False
    assert "ended" in vk("token", "list", "bo@example.org", who="bo", at="2026-11-09T09:00Z").out
