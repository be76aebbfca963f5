"""The links as an attacker sees them: what leaks, what can be guessed, what carries over. Nothing may."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.test.signals import template_rendered

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_answer import sent
from tests.web.test_shared import code_of, handed, number, opened, proven
from valetkey.accounts.models import User
from valetkey.authorizations import services
from valetkey.authorizations.models import HandOver, RequestLink
from valetkey.secret import Secret
from valetkey.web import visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

Made = tuple[str, Secret]


def a_request(desk: Desk) -> Made:
    return "r", sent(desk).link


def a_hand_over(desk: Desk) -> Made:
    return "h", handed(desk).link


BOTH = pytest.mark.parametrize("make", [a_request, a_hand_over], ids=["request", "hand-over"])


@BOTH
def test_the_token_is_gone_from_the_address_before_a_page_is_shown(
    desk: Desk, make: Callable[[Desk], Made], caplog: pytest.LogCaptureFixture
) -> None:
    """A page's address goes into histories, screenshots and the Referer of whatever is opened from it."""
    path, link = make(desk)
    token, client = link.reveal(), Client()
    contexts: list[str] = []

    def rendered(sender: Any, template: Any, context: Any, **_: Any) -> None:
        contexts.append(str(context.flatten()) if hasattr(context, "flatten") else str(context))

    template_rendered.connect(rendered)
    try:
        with caplog.at_level(logging.DEBUG):
            first = client.get(f"/{path}/{token}/")
            assert first.status_code == 302 and not first.content and token not in first.headers["Location"]
            assert first.headers["Referrer-Policy"] == "no-referrer" and "no-store" in first.headers["Cache-Control"]
            page = client.get(first.headers["Location"])
    finally:
        template_rendered.disconnect(rendered)
    assert page.status_code == 200 and page.headers["Referrer-Policy"] == "same-origin"
    assert token not in page.content.decode() and token not in str(page.headers)
    assert contexts and not any(token in context for context in contexts)
    assert not any(token in record.getMessage() for record in caplog.records)
    assert token not in str(dict(client.session.items())) and token not in str(client.cookies)


@BOTH
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_no_method_is_answered_with_a_fault_that_is_logged_with_its_address(
    desk: Desk, make: Callable[[Desk], Made], method: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Django logs the path of whatever it answers with 4xx, a form without its token above all."""
    path, link = make(desk)
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        for address in (f"/{path}/{link.reveal()}/", f"/{path}/{link.reveal()}"):
            assert getattr(client, method)(address).status_code == 302
    assert not any(link.reveal() in record.getMessage() for record in caplog.records)


@BOTH
def test_not_even_a_fault_of_the_desk_logs_the_link(
    desk: Desk, make: Callable[[Desk], Made], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that cannot be reached, a mistake in the code, a path that goes on after the link."""
    path, link = make(desk)

    def fault(*_: object) -> None:
        raise RuntimeError("The database went away.")

    monkeypatch.setattr(visits, "begin", fault)
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.DEBUG):
        assert client.get(f"/{path}/{link.reveal()}/").status_code == 500
        assert client.get(f"/{path}/{link.reveal()}/more/").status_code == 404
        assert client.get(f"/{path}/{link.reveal()}/", headers={"host": "elsewhere.example"}).status_code == 400
    heard = [record.getMessage() for record in caplog.records]
    assert f"Internal Server Error: /{path}/…/" in heard and f"Not Found: /{path}/…/more/" in heard
    assert not any(link.reveal() in text for text in heard) and link.reveal() not in caplog.text


@pytest.mark.parametrize("path", ["r", "h"])
@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "ä", "A" * 5000], ids=["x", "like one", "nul", "ä", "long"])
def test_a_link_nobody_made_explains_itself(desk: Desk, path: str, token: str) -> None:
    answer = Client().get(f"/{path}/{token}/")
    assert answer.status_code == 302 and answer.headers["Location"] in {"/answer/unknown/", "/shared/unknown/"}
    page = Client().get(answer.headers["Location"])
    assert page.status_code == 404
    words = read(page)
    assert "Open the link from the mail or message once more" in words and "ask whoever gave it to you" in words
    assert "Sign in" not in words


def test_a_link_of_one_kind_opens_none_of_the_other(desk: Desk) -> None:
    _, request = a_request(desk)
    _, hand_over = a_hand_over(desk)
    assert Client().get(f"/h/{request.reveal()}/").headers["Location"] == "/shared/unknown/"
    assert Client().get(f"/r/{hand_over.reveal()}/").headers["Location"] == "/answer/unknown/"


def test_guessing_numbers_finds_nothing(desk: Desk) -> None:
    """With a link of one's own, with none, or signed in; and there is no telling whether a number exists."""
    mine, theirs = sent(desk), sent(desk, mail="lou@example.com", post="7399999999999999998")
    own, others = handed(desk), handed(desk, desk.issued(post=desk.note("public_two")))
    client = Client()
    client.get(f"/r/{mine.link.reveal()}/")
    client.get(f"/h/{own.link.reveal()}/")
    nowhere = read(client.get("/answer/unknown/"))
    for guesser in (client, Client(), browser(desk.stranger), browser(desk.bo), browser(desk.admin)):
        for guess in (theirs.request_link.pk, 10**6):
            for step in ("", "steps/", "decline/", "tick/", "certificate/"):
                for answer in (guesser.get(f"/answer/{guess}/{step}"), guesser.post(f"/answer/{guess}/{step}")):
                    assert answer.status_code == 404 and read(answer) == nowhere
        for guess in (others.hand_over.pk, 10**6):
            for step in ("", "send/", "prove/", "code/", "copied/", "certificate/"):
                for answer in (guesser.get(f"/shared/{guess}/{step}"), guesser.post(f"/shared/{guess}/{step}")):
                    assert answer.status_code == 404 and read(answer) == nowhere
    assert RequestLink.objects.get(pk=theirs.request_link.pk).views == 0
    assert HandOver.objects.get(pk=others.hand_over.pk).views == 0
    assert [one.to for one in mail.outbox] == [["mara@example.com"], ["lou@example.com"]]


def test_a_proof_for_one_hand_over_opens_no_other(desk: Desk) -> None:
    """Not even one for the same address and the same code: each is stopped, and counted, by itself."""
    row = desk.issued()
    client, _ = proven(handed(desk, row))
    client, at = opened(handed(desk, row, recipient="Bo again"), client)
    assert "Prove that it is you" in read(client.get(at))
    answer = client.post(f"{at}code/", follow=True)
    assert code_of(row) not in answer.content.decode()


def test_a_number_for_one_hand_over_proves_no_other(desk: Desk) -> None:
    row = desk.issued()
    client, at = opened(handed(desk, row))
    client.post(f"{at}send/")
    other, elsewhere = opened(handed(desk, row, mail="kim@northwind.example"))
    other.post(f"{elsewhere}send/")
    mine = number()
    assert client.post(f"{at}prove/", {"number": mine}).status_code == 422


def test_a_session_somebody_else_set_up_is_worth_nothing_after_the_visit(desk: Desk) -> None:
    """Whoever plants a cookie in another's browser waits for them to open their link, and to prove their address."""
    made = handed(desk)
    victim = Client()
    victim.get("/shared/unknown/")
    session = victim.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    assert planted is not None
    victim.cookies["valetkey-session"] = planted

    def attacker() -> Client:
        client = Client()
        client.cookies["valetkey-session"] = planted
        return client

    opened(made, victim)
    assert attacker().get(f"/shared/{made.hand_over.pk}/").status_code == 404
    after_visit = victim.session.session_key
    assert after_visit != planted and not Session.objects.filter(pk=planted).exists()
    victim, at = proven(made, victim)
    after_proof = victim.session.session_key
    assert after_proof not in {planted, after_visit} and not Session.objects.filter(pk=after_visit).exists()
    assert attacker().post(f"{at}code/").status_code == 404


def test_signing_in_keeps_the_visit_and_signing_out_ends_it(desk: Desk) -> None:
    """Who came by a link and then signs in goes on; whoever uses the browser after them does not."""
    client, at = proven(handed(desk))
    client.force_login(User.objects.get(email="bo@example.org"))
    assert "Show the code" in read(client.get(at))
    client.post("/account/logout/")
    assert client.get(at).status_code == 404


def test_a_link_is_long_random_and_kept_as_a_digest_alone(desk: Desk) -> None:
    links = [sent(desk, mail=f"{n}@example.com", post=f"739999999999999999{n}").link.reveal() for n in range(5)]
    links += [handed(desk, row).link.reveal() for row in [desk.issued()] for _ in range(5)]
    assert len(set(links)) == 10 and all(len(link) >= 43 for link in links)
    kept = str(list(RequestLink.objects.values())) + str(list(HandOver.objects.values()))
    assert not any(link in kept for link in links)


def test_a_browser_is_known_by_a_bounded_number_of_links(desk: Desk) -> None:
    row, client = desk.issued(), Client()
    made = [services.hand_over(authorization=row, recipient="Bo", mail="bo@x.example", actor=desk.mara, at=desk.at)
            for _ in range(52)]  # fmt: skip
    for each in made:
        opened(each, client)
    assert client.get(f"/shared/{made[0].hand_over.pk}/").status_code == 404
    assert client.get(f"/shared/{made[-1].hand_over.pk}/").status_code == 200
