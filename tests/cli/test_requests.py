"""Requests by commands: sent by link, reminded of, given more time, withdrawn; the link is shown once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.authorizations.guests import CODE, GUEST_MARA
from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.accounts.models import Party
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db

LINK = "https://www.tiktok.com/@nora.quilts/video/7310000000000020001"
MAIL = "nora@example.org"


def _ask(vk: Terminal, *more: str, is_json: bool = True) -> Any:
    words = ["request", LINK, "--creator", "Nora Quilts", "--for", "Northwind", "--mail", MAIL, *more]
    return vk(*words, who="bo", is_json=is_json)


def _secret(address: str) -> Secret:
    return Secret(address.rstrip("/").rpartition("/")[2])


def test_a_creator_who_is_not_on_the_desk_is_asked_answers_and_the_buyer_opens(
    desk: Desk, vk: Terminal, mailoutbox: list[Any]
) -> None:
    made = _ask(vk).json()
    assert made["state"] == "requested" and made["creator"] == "Nora Quilts" and made["mail_sent"] is True
    assert made["link"].startswith("http://localhost:8000/r/") and made["link"] in mailoutbox[0].body
    assert LINK in mailoutbox[0].body and Party.objects.get(name="Nora Quilts").memberships.count() == 0
    row, link = made["reference"], services.find_request(link=_secret(made["link"]))
    services.answer_request(
        request_link=link, code=CODE, days=30, terms_seen=True, actor=GUEST_MARA, at=desk.at
    )  # fmt: skip
    shown = vk("show", row, who="bo", is_json=True).json()
    assert shown["state"] == "handed_over" and shown["asked"]["answer"] == "done"
    assert shown["next"] == {"whose": "the advertiser's side", "command": f"valetkey open {row}"}
    assert vk("open", row, who="bo").out.strip() == CODE


def test_the_link_is_shown_once_and_by_nothing_else(desk: Desk, vk: Terminal, mailoutbox: list[Any]) -> None:
    made = _ask(vk, is_json=False)
    row = Authorization.objects.get().reference
    address = next(line for line in made.out.splitlines() if line.startswith("http"))
    assert made.code == 0 and f"mailed to {MAIL}" in made.out and address in mailoutbox[0].body
    for words in (("show", row), ("history", row), ("request-link", "show", row), ("list",)):
        for is_json in (False, True):
            said = vk(*words, who="bo", is_json=is_json).said
            assert _secret(address).reveal() not in said and MAIL not in said, words


def test_one_who_is_on_the_desk_is_named_by_reference_as_well(desk: Desk, vk: Terminal) -> None:
    words = ["request", desk.post.platform_id, "--creator", desk.creator.reference, "--for", "Northwind"]
    made = vk(*words, "--mail", "mara@example.org", who="bo", is_json=True).json()
    assert made["creator"] == "Mara Lindt" and made["recipient"] == "Mara Lindt"


def test_a_request_is_sent_reminded_of_extended_shown_and_withdrawn(
    desk: Desk, vk: Terminal, mailoutbox: list[Any]
) -> None:
    words = ["request", desk.post.platform_id, "--creator", "Mara Lindt", "--for", "Northwind"]
    row = vk(*words, who="bo", is_json=True).json()["reference"]
    assert vk("request-link", "show", row, who="bo", is_json=True).json()["asked"] is None
    assert "not sent by link" in vk("request-link", "show", row, who="bo").out
    passed_on = vk("request-link", "send", row, "--no-mail", "--link-days", "3", who="bo")
    assert passed_on.code == 0 and "Pass the link on" in passed_on.out and mailoutbox == []
    sent = vk("request-link", "send", row, "--mail", "mara@example.org", who="bo", is_json=True).json()
    services.tick(
        request_link=services.find_request(link=_secret(sent["link"])), steps=["read", "switched_on"], at=desk.at
    )
    reminded = vk("remind", row, who="bo", is_json=True).json()
    assert reminded["mail_sent"] and reminded["link"] != sent["link"] and len(mailoutbox) == 2
    again = vk("remind", row, who="bo", is_json=True)
    assert again.code == 5 and again.refused()["code"] == "reminded_lately"
    extended = vk("request-link", "extend", row, "--days", "7", who="bo", is_json=True).json()["asked"]
    assert extended["link_ends_at"] == "2026-11-23T09:00:00Z" and extended["mail"] == "m…@example.org"
    shown = vk("request-link", "show", row, who="mara").out
    assert "Mara Lindt at m…@example.org: partly done" in shown and "steps done: read, switched on" in shown
    gone = vk("withdraw", row, "--reason", "The campaign is off.", who="bo")
    assert gone.code == 0 and "withdrawn" in gone.out and "The campaign is off." in gone.out
    assert vk("show", row, who="mara", is_json=True).json()["asked"]["answer"] == "withdrawn"
    assert vk("show", row, who="mara", is_json=True).json()["allowed"] == []


def test_a_mail_that_cannot_be_sent_is_said_and_the_link_is_there(desk: Desk, vk: Terminal, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    made = _ask(vk, is_json=False)
    assert made.code == 0 and "could not be sent" in made.out and "/r/" in made.out


def test_what_is_asked_for_and_agreed_for_less_is_recorded(desk: Desk, vk: Terminal) -> None:
    words = ["request", desk.post.platform_id, "--creator", "Mara Lindt", "--for", "Northwind"]
    row = vk(*words, "--agreed-until", "2026-12-24", "--days", 60, who="bo", is_json=True).json()["reference"]
    later = vk("record", row, "--days", "60", "--agreed-until", "2026-12-25", who="mara", typed=CODE, is_json=True)
    assert later.code == 2 and later.refused()["code"] == "later_than_asked"
    less = vk("record", row, "--days", "7", "--agreed-until", "2026-11-08", who="mara", typed=CODE, is_json=True)
    assert less.json()["agreed_until"] == "2026-11-08" and less.json()["requested_days"] == 60
