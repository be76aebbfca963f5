"""Hand-over links, who saw the code, the certificate and the terms, by commands."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core import mail

from tests.authorizations.sharing import MAIL, again, mailed_number, opened
from tests.cli.cast import Cast, advance
from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.authorizations import services, terms
from valetkey.authorizations.models import Authorization
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def test_a_link_is_made_for_an_address_and_mailed(desk: Desk, vk: Terminal, cast: Cast, settings: Any) -> None:
    settings.VALETKEY_URL = "https://desk.example.org"
    row = cast.issued.reference
    words = ("handover", row, "--to", "Bo Lind", "--mail", MAIL)
    made = vk(*words, "--send", who="mara", is_json=True).json()
    assert made["mail"] == MAIL and made["is_sent"] is True and made["link"].startswith("https://desk.example.org/h/")
    assert made["link"] in mail.outbox[0].body
    said = vk(*words, who="mara").out
    assert f"prove {MAIL}" in said and "mailed." not in said and len(mail.outbox) == 1


def test_a_mail_that_could_not_be_sent_is_said_and_the_link_is_there(vk: Terminal, cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    ran = vk("handover", cast.issued.reference, "--to", "Bo", "--mail", MAIL, "--send", who="mara")
    assert ran.code == 0 and "could not be sent" in ran.out and "/h/" in ran.out


@pytest.mark.parametrize("part", ["the whole link", "its own part"])
def test_whoever_signs_in_opens_by_the_whole_link_or_its_own_part(vk: Terminal, cast: Cast, part: str) -> None:
    row = cast.issued.reference
    link = vk("handover", row, "--to", "Bo", who="mara", is_json=True).json()["link"]
    typed = link if part == "the whole link" else link.rstrip("/").rpartition("/")[2]
    assert vk("open", row, "--link", who="bo", typed=typed).out.startswith("#")


def test_links_and_reveals_are_listed_and_a_link_is_stopped_by_its_number(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row, at = cast.issued, desk.at
    vk("handover", row.reference, "--to", "Kim", who="mara")
    link = vk("handover", row.reference, "--to", "Bo Lind", "--mail", MAIL, who="mara", is_json=True).json()["link"]
    hand_over = services.find_hand_over(link=Secret(link.rstrip("/").rpartition("/")[2]))
    services.look_at_hand_over(hand_over=hand_over, counts=True, at=at)
    services.send_proof(hand_over=hand_over, at=at)
    services.prove(hand_over=hand_over, number=mailed_number(), at=at)
    opened(desk, again(hand_over))
    vk("open", row.reference, who="kim")
    listed = vk("sharing", "list", row.reference, who="mara", is_json=True).json()
    assert [(one["number"], one["recipient"], one["mail"], one["standing"]) for one in listed["links"]] == [
        (1, "Kim", None, "open"),
        (2, "Bo Lind", "b…@northwind.example", "open"),
    ]
    assert (listed["links"][1]["views"], listed["links"][1]["reveals"]) == (1, 1)
    assert [(one["by"], one["how"], one["link"]) for one in listed["reveals"]] == [
        (f"{MAIL}, by link", "shown", 2),
        ("Kim", "shown", None),
    ]
    assert vk("sharing", "stop", row.reference, 2, who="bo").code == 4
    assert "opens nothing any more" in vk("sharing", "stop", row.reference, 2, who="mara").out
    assert vk("sharing", "stop", row.reference, 2, who="mara").code == 5
    assert vk("sharing", "stop", row.reference, 3, who="mara").code == 3
    said = vk("sharing", "list", row.reference, who="bo").out
    assert "ended" in said and "Kim" in said
    assert vk("sharing", "list", row.reference, who="sam").code == 3


def test_nothing_shared_is_said(vk: Terminal, cast: Cast) -> None:
    said = vk("sharing", "list", cast.issued.reference, who="mara").out
    assert "not handed over yet" in said and "Nobody has seen the code" in said


def test_the_certificate_is_the_same_for_both_sides_and_its_checksum_can_be_made_again(
    desk: Desk, vk: Terminal, cast: Cast
) -> None:
    row = advance(desk, cast.issued, "in_use")
    assert row.code is not None
    ran = [vk("certificate", row.reference, who=who) for who in ("mara", "bo", "otto")]
    assert {one.code for one in ran} == {0} and len({one.out for one in ran}) == 1
    assert "Northwind EU" in ran[0].out and row.code.reveal() not in ran[0].out
    told = vk("certificate", row.reference, who="bo", is_json=True).json()
    assert hashlib.sha256(told["text"].encode()).hexdigest() == told["checksum"] and told["checksum"] in ran[0].out
    assert told["facts"]["state"] == "in_use"
    assert vk("certificate", row.reference, who="sam").code == 3


def test_a_request_has_a_certificate_too(vk: Terminal, cast: Cast) -> None:
    assert "no answer yet" in vk("certificate", cast.requested.reference, who="bo").out


def test_the_terms_are_shown_and_who_has_read_them_is_recorded(vk: Terminal, cast: Cast) -> None:
    told = vk("terms", is_json=True).json()
    assert told["digest"] == terms.DIGEST and len(told["effects"]) == len(terms.EFFECTS)
    assert "caption" in vk("terms").out
    row = cast.requested.reference
    assert vk("authorize", "--request", row, "--days", 60, "--terms-seen", who="mara").code == 0
    assert vk("certificate", row, who="bo", is_json=True).json()["facts"]["terms_seen"][0]["digest"] == terms.DIGEST


def test_a_request_is_granted_for_less(vk: Terminal, cast: Cast) -> None:
    row = cast.requested.reference
    until = ("--agreed-until", "2026-11-20", "--short-reason", "I give 7 days.")
    assert vk("authorize", "--request", row, "--days", 7, *until, who="mara").code == 0
    made = Authorization.objects.get(pk=cast.requested.pk)
    assert made.term_days == 7 and str(made.agreed_until) == "2026-11-20"
