"""The creator's side hands a code over to a named person, sees who looked, and stops it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.authorizations import services
from valetkey.authorizations.models import HandOver, Reveal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

BO = {"recipient": "Bo Berg", "mail": "bo@northwind.example", "send_mail": "on", "days": "7"}


def test_a_link_is_made_for_a_named_person_and_shown_once(desk: Desk) -> None:
    row, client = desk.issued(), browser(desk.mara)
    at = f"/authorizations/{row.reference}/sharing/"
    assert "Handed to nobody yet" in read(client.get(at))
    assert client.post(at, BO).status_code == 302
    page = client.get(at)
    link = re.search(r"http\S+/h/(\S+)/", str(mail.outbox[0].body))
    assert link is not None and link[0] in page.content.decode()
    words = read(page)
    assert "It was mailed to bo@northwind.example." in words and "b…@northwind.example, address not proven yet" in words
    assert link[1] not in client.get(at).content.decode() and link[1] not in str(dict(client.session.items()))
    made = HandOver.objects.get()
    assert (made.recipient, made.ends_at) == ("Bo Berg", desk.at + timedelta(days=7))


def test_without_an_address_it_is_for_people_who_sign_in(desk: Desk) -> None:
    row, client = desk.issued(), browser(desk.mara)
    at = f"/authorizations/{row.reference}/sharing/"
    assert client.post(at, {**BO, "mail": ""}).status_code == 302
    words = read(client.get(at))
    assert "people of Northwind who sign in" in words and "pass the link on yourself" in words and not mail.outbox


def test_a_mail_that_cannot_be_sent_is_said(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row, client = desk.issued(), browser(desk.mara)
    at = f"/authorizations/{row.reference}/sharing/"
    client.post(at, BO)
    assert "The mail to bo@northwind.example could not be sent." in read(client.get(at))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"recipient": ""}, "This field is required."),
        ({"recipient": " "}, "This field is required."),
        ({"mail": "bo"}, "Enter a valid email address."),
        ({"days": "91"}, "less than or equal to 90"),
        ({"days": "0"}, "greater than or equal to 1"),
    ],
    ids=["nobody", "a space", "no mail", "too long", "too short"],
)
def test_what_cannot_be_made_is_said(desk: Desk, given: dict[str, str], says: str) -> None:
    row = desk.issued()
    answer = browser(desk.mara).post(f"/authorizations/{row.reference}/sharing/", {**BO, **given})
    assert answer.status_code == 422 and says in read(answer) and not HandOver.objects.exists()


def test_looks_proofs_and_copies_are_listed(desk: Desk) -> None:
    row = desk.issued()
    made = services.hand_over(authorization=row, recipient="Bo", mail="bo@x.example", actor=desk.mara, at=desk.at)
    services.look_at_hand_over(hand_over=made.hand_over, counts=True, at=desk.at)
    HandOver.objects.update(proven_at=desk.at)
    for how in ("shown", "shown", "copied"):
        Reveal.objects.create(authorization=row, hand_over=made.hand_over, by="bo", at=desk.at, how=how)
    services.open(authorization=row, actor=desk.bo, at=desk.at)
    words = read(browser(desk.mara).get(f"/authorizations/{row.reference}/sharing/"))
    for text in (
        "b…@x.example, address proven today",
        "1 time",
        "shown 2 times, copied 1",
        "looked at the code 1 time.",
    ):
        assert text in words, text
    assert "bo@x.example" not in words


def test_sharing_is_stopped(desk: Desk) -> None:
    row = desk.issued()
    made = services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at).hand_over
    client, at = browser(desk.mara), f"/authorizations/{row.reference}/sharing/"
    words = read(client.get(at))
    assert "Who has seen the code keeps what they saw" in words, "what cannot be undone is said"
    assert client.post(f"{at}{made.pk}/stop/").status_code == 302
    words = read(client.get(at))
    assert "stopped" in words and "The link for Bo shows nothing any more." in words
    assert client.post(f"{at}{made.pk}/stop/").status_code == 409
    assert client.post(f"{at}{made.pk + 1}/stop/").status_code == 404
    assert client.get(f"{at}{made.pk}/stop/").status_code == 405


def test_another_authorizations_link_is_not_stopped_here(desk: Desk) -> None:
    row, other = desk.issued(), desk.issued(post=desk.note("public_two"))
    made = services.hand_over(authorization=other, recipient="Bo", actor=desk.mara, at=desk.at).hand_over
    assert browser(desk.mara).post(f"/authorizations/{row.reference}/sharing/{made.pk}/stop/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("bo", 403), ("viewer", 403), ("stranger", 404), ("auditor", 200), ("admin", 200)],
    ids=lambda value: str(value),
)
def test_sharing_is_the_creators_side(desk: Desk, who: str, status: int) -> None:
    row = desk.issued()
    made = services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at).hand_over
    client, at = browser(getattr(desk, who)), f"/authorizations/{row.reference}/sharing/"
    answer = client.get(at)
    assert answer.status_code == status
    if who != "admin":
        assert "<form" not in answer.content.decode().partition("<main")[2]
        assert client.post(at, BO).status_code in {403, 404}
        assert client.post(f"{at}{made.pk}/stop/").status_code in {403, 404}
        assert HandOver.objects.get().ended_at is None


def test_many_links_come_in_pages(desk: Desk, django_assert_max_num_queries: Any) -> None:
    row = desk.issued()
    for number in range(60):
        HandOver.objects.create(
            authorization=row, recipient=f"Person {number}", link_digest=str(number), created_at=desk.at,
            ends_at=desk.at + timedelta(days=7),
        )  # fmt: skip
    client = browser(desk.mara)
    client.get("/me/")
    with django_assert_max_num_queries(24):
        answer = client.get(f"/authorizations/{row.reference}/sharing/")
    assert answer.content.decode().count("Stop sharing<") == 50 and len(answer.content) < 100_000
