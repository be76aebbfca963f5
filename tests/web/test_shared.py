"""A guest opens a hand-over link, proves the mail address it was made for, and sees the code; each look is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, HandOver, Reveal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

MAIL = "bo@northwind.example"


def handed(desk: Desk, row: Authorization | None = None, **given: Any) -> services.HandedOver:
    asked: dict[str, Any] = {"recipient": "Bo Berg", "mail": MAIL, **given}
    return services.hand_over(authorization=row or desk.issued(), **asked, actor=desk.mara, at=desk.at)


def opened(made: services.HandedOver, client: Client | None = None) -> tuple[Client, str]:
    client = client or Client()
    answer = client.get(f"/h/{made.link.reveal()}/")
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def number() -> str:
    """The one in the newest mail."""
    found = re.search(r"^\s+(\d{8})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found is not None
    return found[1]


def proven(made: services.HandedOver, client: Client | None = None) -> tuple[Client, str]:
    client, at = opened(made, client)
    assert client.post(f"{at}send/").status_code == 302
    answer = client.post(f"{at}prove/", {"number": number()})
    assert answer.status_code == 302, read(answer)
    return client, at


def code_of(row: Authorization) -> str:
    row.refresh_from_db()
    assert row.code is not None
    return row.code.reveal()


def test_before_the_proof_the_page_says_for_whom_it_is_and_nothing_more(desk: Desk) -> None:
    row = desk.issued()
    client, at = opened(handed(desk, row))
    page = client.get(at)
    words = read(page)
    assert "This page is for Bo Berg, b…@northwind.example." in words and "Mail me a number" in words
    assert "Already on this desk?" in words
    assert MAIL not in words and row.post.name not in words and code_of(row)[:2] + "…" not in words
    assert not mail.outbox, "opening a link sends nothing: machines open links too"


def test_the_whole_way_to_the_code(desk: Desk) -> None:
    row = desk.issued()
    client, at = opened(handed(desk, row))
    client.post(f"{at}send/")
    assert mail.outbox[-1].to == [MAIL]
    assert "A number was mailed to b…@northwind.example." in read(client.get(at))
    client.post(f"{at}prove/", {"number": number()})
    page = client.get(at)
    words = read(page)
    for text in (
        "Code window until Wed 2 Dec 2026, 09:00 (UTC), in 30 days",
        "Show the code",
        "Where",
        "If this fails",
    ):
        assert text in words, text
    assert code_of(row) not in page.content.decode() and row.code is not None and row.code.masked() in words
    assert not Reveal.objects.exists()
    shown = client.post(f"{at}code/")
    assert code_of(row) in shown.content.decode() and "no-store" in shown.headers["Cache-Control"]
    looked = Reveal.objects.get()
    assert (looked.how, looked.by, looked.user_id) == ("shown", f"{MAIL}, by link", 0)
    copied = client.post(f"{at}copied/")
    assert "It is written down that you copy it." in read(copied)
    assert [one.how for one in Reveal.objects.order_by("pk")] == ["shown", "copied"]
    row.refresh_from_db()
    assert row.state == "opened"
    assert code_of(row) not in client.get(at).content.decode(), "it is hidden again"


def test_the_code_is_shown_in_answer_to_a_post_alone(desk: Desk) -> None:
    row = desk.issued()
    client, at = proven(handed(desk, row))
    for path in ("code/", "copied/"):
        answer = client.get(f"{at}{path}", follow=True)
        assert code_of(row) not in answer.content.decode()
    assert not Reveal.objects.exists()


def test_five_wrong_numbers_and_it_is_over_until_a_new_one_comes(desk: Desk) -> None:
    client, at = opened(handed(desk))
    client.post(f"{at}send/")
    right = number()
    wrong = f"{(int(right) + 1) % 10**8:08}"
    for left in (4, 3, 2, 1):
        answer = client.post(f"{at}prove/", {"number": wrong})
        assert answer.status_code == 422 and f"Tries left: {left}." in read(answer)
    client.post(f"{at}prove/", {"number": wrong})
    answer = client.post(f"{at}prove/", {"number": right})
    assert answer.status_code == 422 and "5 wrong numbers were typed." in read(answer)
    assert "Show the code" not in read(client.get(at))
    desk.later(minutes=2)
    client.post(f"{at}send/")
    assert client.post(f"{at}prove/", {"number": number()}).status_code == 302


def test_a_number_lasts_ten_minutes_and_works_once(desk: Desk) -> None:
    made = handed(desk)
    client, at = opened(made)
    client.post(f"{at}send/")
    old = number()
    desk.later(minutes=10)
    assert "Mail me a number" in read(client.get(at))
    assert "This number has ended" in read(client.post(f"{at}prove/", {"number": old}))
    client.post(f"{at}send/")
    assert client.post(f"{at}prove/", {"number": number()}).status_code == 302
    other, at = opened(made)
    assert other.post(f"{at}prove/", {"number": number()}).status_code == 422


def test_a_new_number_is_not_mailed_again_and_again(desk: Desk) -> None:
    client, at = opened(handed(desk))
    client.post(f"{at}send/")
    answer = client.post(f"{at}send/", follow=True)
    assert "A number was mailed less than a minute ago." in read(answer) and len(mail.outbox) == 1


def test_a_number_that_could_not_be_mailed_is_said(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client, at = opened(handed(desk))
    assert "The mail with the number could not be sent." in read(client.post(f"{at}send/", follow=True))


def test_the_proof_lasts_twelve_hours(desk: Desk) -> None:
    client, at = proven(handed(desk))
    desk.later(hours=11, minutes=59)
    assert "Show the code" in read(client.get(at))
    desk.later(minutes=1)
    assert "Prove that it is you" in read(client.get(at))
    answer = client.post(f"{at}code/", follow=True)
    assert "Prove that it is you" in read(answer) and not Reveal.objects.exists()


def test_each_opening_of_the_link_is_one_view(desk: Desk) -> None:
    made = handed(desk)
    client, at = opened(made)
    for _ in range(3):
        client.get(at)
    proven(made, client)
    client.get(at)
    client.get(at)
    opened(made)
    assert HandOver.objects.get().views == 2, "a link that is fetched and not looked at is no view"


def _stopped(desk: Desk, made: services.HandedOver) -> None:
    services.stop_sharing(hand_over=made.hand_over, actor=desk.mara, at=desk.at)


def _past(desk: Desk, made: services.HandedOver) -> None:
    desk.later(days=8)


def _over(desk: Desk, made: services.HandedOver) -> None:
    Authorization.objects.update(state="ended", ended_at=desk.at)
    HandOver.objects.update(ended_at=desk.at)


def _replaced(desk: Desk, made: services.HandedOver) -> None:
    old = made.hand_over.authorization
    services.replace(authorization=old, days=30, code="#AnotherCode+1234567890=", actor=desk.mara, at=desk.at)


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (_stopped, ("This link ended on 02 Nov 2026.", "Ask Mara Lindt for a new one")),
        (_past, ("This link ended on 09 Nov 2026.", "Ask Mara Lindt for a new one")),
        (_over, ("This authorization is over", "ask Mara Lindt to extend it")),
        (_replaced, ("was replaced", "Ask Mara Lindt for the link of the new code")),
    ],
    ids=["stopped", "ended", "over", "superseded"],
)
def test_a_dead_link_explains_itself_even_to_who_was_proven(desk: Desk, happens: Any, says: tuple[str, ...]) -> None:
    row = desk.issued()
    made = handed(desk, row, days=7)
    client, at = proven(made)
    happens(desk, made)
    client, at = opened(made, client)
    answer = client.get(at)
    assert answer.status_code == 410 and all(text in read(answer) for text in says), read(answer)
    for path in ("code/", "copied/"):
        answer = client.post(f"{at}{path}", follow=True)
        assert answer.status_code in {409, 410} and code_of(row) not in answer.content.decode()
    assert client.get(f"{at}certificate/", follow=True).status_code == 410
    assert not Reveal.objects.exists()


def test_while_it_is_being_ended_the_code_is_not_given_out(desk: Desk) -> None:
    row = desk.issued()
    client, at = proven(handed(desk, row))
    row.refresh_from_db()
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    words = read(client.get(at))
    assert "ending this authorization" in words and "Show the code" not in words
    answer = client.post(f"{at}code/")
    assert answer.status_code == 409 and "is being ended" in read(answer)


def test_without_a_mail_address_somebody_of_the_side_signs_in(desk: Desk) -> None:
    row = desk.issued()
    made = handed(desk, row, mail="")
    client, at = opened(made)
    page = client.get(at)
    assert "who have an account here" in read(page) and f"/account/login/?next={at}" in page.content.decode()
    assert "Mail me a number" not in read(page)
    assert client.post(f"{at}send/", follow=True).status_code == 200 and not mail.outbox
    buyer, at = opened(made, browser(desk.bo))
    page = buyer.get(at)
    assert "Open it there" in read(page) and f"/authorizations/{row.reference}/" in page.content.decode()


def test_a_signed_in_stranger_gains_nothing(desk: Desk) -> None:
    row = desk.issued()
    for mail_address in ("", MAIL):
        made = handed(desk, row, mail=mail_address)
        client = browser(desk.stranger)
        assert client.get(f"/shared/{made.hand_over.pk}/").status_code == 404
        client, at = opened(made, client)
        page = client.get(at)
        assert "Open it there" not in read(page) and row.reference not in page.content.decode()
        for path in ("code/", "copied/"):
            assert code_of(row) not in client.post(f"{at}{path}", follow=True).content.decode()
        assert "Certificate of" not in read(client.get(f"{at}certificate/", follow=True))
    assert not Reveal.objects.exists() and not Entry.objects.filter(event="authorization.open").exists()


@pytest.fixture
def strict() -> Iterator[Client]:
    """A browser that is asked for the token of its forms, as every real one is."""
    yield Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("path", ["send/", "prove/", "code/", "copied/"])
def test_nothing_is_done_for_another_sites_form(desk: Desk, strict: Client, path: str) -> None:
    client, at = opened(handed(desk), strict)
    answer = client.post(f"{at}{path}", {"number": "12345678"})
    assert answer.status_code == 403 and "This form is too old" in read(answer) and not mail.outbox


def test_a_certificate_is_for_who_proved_the_address(desk: Desk) -> None:
    made = handed(desk)
    client, at = opened(made)
    assert "Certificate of" not in read(client.get(f"{at}certificate/", follow=True))
    client, at = proven(made)
    assert "Certificate of an authorization" in read(client.get(f"{at}certificate/"))


def test_the_view_of_a_number_that_was_tampered_with_is_refused_kindly(desk: Desk) -> None:
    client, at = opened(handed(desk))
    client.post(f"{at}send/")
    for text in ("", "٣" * 8, "x" * 41, "1234\x005678", "1 2 3"):
        assert client.post(f"{at}prove/", {"number": text}).status_code == 422
    assert HandOver.objects.get().created_at + timedelta() == desk.at
