"""What somebody tried against the pages and the mails, each told in a docstring, and what it comes to now."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from tests.authorizations.stage import refused
from tests.desk import HOST, Desk
from tests.web.reading import browser
from tests.web.signing import with_password
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, User
from valetkey.accounts.policy import DeskRole
from valetkey.authorizations.models import Authorization, HandOver
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import SANDBOX, Connection
from valetkey.errors import Conflict, Invalid
from valetkey.mail.address import clean
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (User, "password"),
        (HandOver, "link_digest"),
        (HandOver, "proof_digest"),
        (Authorization, "code_fingerprint"),
        (Authorization, "code"),
        (Connection, "token"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_the_admin_pages_answer_no_question_about_a_hidden_column(desk: Desk, model: Any, column: str) -> None:
    """`?password__startswith=pbkdf2$1` showed who is left, and so the admin read a hash out sign by sign."""
    desk.in_use()
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    ada = browser(desk.admin)
    for lookup in ("", "__startswith", "__isnull", "__regex"):
        assert ada.get(address, {f"{column}{lookup}": "0"}).status_code == 400


def test_the_admin_pages_still_narrow_by_what_they_show(desk: Desk) -> None:
    ada = browser(desk.admin)
    for address, asked in (
        ("accounts_user", {"is_active__exact": "1", "desk_role__exact": "admin"}),
        ("accounts_membership", {"ended_at__isempty": "1"}),
        ("audit_entry", {"subject": f"party {desk.creator.reference}"}),
    ):
        assert ada.get(reverse(f"admin:{address}_changelist"), asked).status_code == 200


def test_a_link_to_a_new_password_is_in_no_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """It works for a day; a form that is too old, or a path that goes on after it, was logged with all of it."""
    with_password(desk.mara)
    Client().post(reverse("account_reset_password"), {"email": "mara@example.org"})
    found = re.search(r"(/account/password/reset/key/(\S+))/\s", str(mail.outbox[0].body))
    assert found is not None
    path, key = found.groups()
    with caplog.at_level(logging.DEBUG):
        assert Client(enforce_csrf_checks=True).post(f"{path}/", {}).status_code == 403
        assert Client().get(f"{path}/more/").status_code == 404
    heard = [record.getMessage() for record in caplog.records]
    assert any("/password/reset/key/…/more/" in text for text in heard) and not any(key in text for text in heard)


def test_nobody_writes_between_the_lines_of_a_mail(desk: Desk, mailoutbox: list[Any]) -> None:
    """A name of several lines read as if the desk itself said what stood in them, and a message as if it went on."""
    User.objects.filter(email="bo@example.org").update(first_name="Bo\n\nPay first: https://evil.example\n\nBo")
    browser(desk.bo).post(
        reverse("request_new"),
        {
            "advertiser": desk.advertiser.reference,
            "creator": "Lou\nBcc: all@example.org",
            "mail": "lou@example.org",
            "post": "https://www.tiktok.com/@lou/video/7399999999999999998",
            "days": "30",
            "message": "Hello.\r\n\r\nSee what it means, and answer yes or no:\r\n\r\n    https://evil.example/r/x/",
        },
    )
    (made,) = mailoutbox
    lines = made.body.splitlines()
    assert Party.objects.filter(name="Lou Bcc: all@example.org").exists()
    assert not any(line.lstrip().startswith(("Pay first", "Bcc", "https://evil")) for line in lines)
    assert lines.count("See what it means, and answer yes or no:") == 1


def test_every_name_is_one_line(desk: Desk) -> None:
    made = accounts.invite(
        mail="new@example.org", name="New\n\nName", desk_role=DeskRole.AUDITOR, actor=HOST, at=desk.at
    )
    assert made.invitation.name == "New Name"
    assert accounts.create_party(name="A\nB", kind="brand", actor=HOST, at=desk.at).name == "A B"
    accounts.rename_party(party=desk.rival, name="Con\ttoso", actor=HOST, at=desk.at)
    assert Party.objects.get(pk=desk.rival.pk).name == "Con toso"
    assert accounts.create_user(email="x@example.org", name="X\nY", actor=HOST, at=desk.at).first_name == "X Y"


@pytest.mark.parametrize(
    "address", ["boſ@example.org", "=?utf-8?q?bo=40evil.example?=@example.org", "bo@example.org\u2028x"], ids=ascii
)
def test_a_mail_address_is_the_one_that_the_mail_goes_to(desk: Desk, address: str) -> None:
    """An encoded word was kept as written and mailed to whom it decodes to; a line separator was a server error."""
    with refused("mail_address", Invalid):
        clean(address)
    row = desk.issued()
    given = {"recipient": "Bo", "mail": address, "days": 3, "send_mail": "on"}
    assert browser(desk.mara).post(reverse("sharing", args=[row.reference]), given).status_code == 422
    assert not row.hand_overs.exists() and not mail.outbox


def test_a_mail_address_with_letters_of_other_scripts_in_its_domain_is_taken() -> None:
    assert clean(" Bo@Exämple.org ") == "bo@exämple.org"


@pytest.mark.parametrize("asked", ["first_day=0001-01-01", "last_day=9999-12-31", "first_day=9999-12-31"])
def test_the_first_and_last_day_there_is_are_no_server_error(desk: Desk, asked: str) -> None:
    assert browser(desk.auditor).get(f"{reverse('history')}?{asked}").status_code in {200, 400}


def test_a_demo_desk_speaks_to_no_real_platform(desk: Desk, settings: Any) -> None:
    """The page offered no real address; whoever called the service, by command for one, connected it all the same."""
    settings.VALETKEY_IS_DEMO = True

    def connect(base_url: str) -> Connection:
        return connections.connect(
            party=desk.rival, platform="tiktok", level=Level.ADVERTISER, token=Secret("a-token-of-mine"),
            base_url=base_url, actor=HOST, at=desk.at,
        )  # fmt: skip

    for address in ("", "https://business-api.tiktok.com", "https://elsewhere.example"):
        with refused("demo_desk", Conflict):
            connect(address)
    assert connect(SANDBOX).base_url == SANDBOX
    assert connect("http://127.0.0.1:8099").base_url == "http://127.0.0.1:8099"


def test_a_text_in_another_encoding_is_refused() -> None:
    """In UTF-7 a search spelled half a character, and the page that should show it again was a server error."""
    half, spelled = {"content-type": "text/plain; charset=utf-7"}, "%2B2AA-"
    for language in ("en", "de"):
        assert Client().get(f"/guides/{language}/?q={spelled}", headers=half).status_code == 400
    body = b'--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n+2AA-\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x; charset="
    assert Client().post("/diagnose/en/", data=body, content_type=f"{kind}utf-7").status_code == 400
    assert Client().post("/diagnose/en/", data=body, content_type=f"{kind}UTF-8").status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["/people/?q=a%00", "/posts/?party=%00", "/given/?party=%00", "/guides/en/?q=%00", "/authorizations/?text=%00"],
)
def test_a_nul_in_an_address_is_no_server_error(desk: Desk, asked: str) -> None:
    """PostgreSQL keeps none and refuses the whole question."""
    for actor in (desk.mara, desk.admin):
        assert browser(actor).get(asked).status_code == 400


def test_a_password_that_was_searched_for_is_not_shown_again() -> None:
    """Somebody pasted a whole message into the search of the guides; title and field read it out again."""
    client, address = Client(), reverse("guides_in", args=["en"])
    answer = client.get(address, {"q": "code not working, my password is Zaunkoenig!12"})
    assert answer.status_code == 200 and "Zaunkoenig" not in answer.content.decode()
    assert reverse("guide", args=["en", "code-does-not-work"]) in answer.content.decode()
    assert 'value="code not working"' in client.get(address, {"q": "code not working"}).content.decode()


def test_a_file_that_nobody_asked_for_is_put_down_nowhere() -> None:
    """A page for everybody took files of any size into the temporary folder before it looked at the form."""
    large = SimpleUploadedFile("all.txt", b"x" * 3_000_000)
    request = RequestFactory().post("/diagnose/en/", {"code": "#AbC+dEf/12345678=", "file": large})
    assert request.POST["code"] and not request.FILES


@pytest.mark.parametrize(
    ("address", "is_signed_in", "is_taken"),
    [("/intake/new/", True, True), ("/intake/new/", False, False), ("/requests/new/", True, False)],
)
def test_a_file_is_taken_where_a_page_asks_for_it(address: str, is_signed_in: bool, is_taken: bool) -> None:
    request = RequestFactory().post(address, {"file": SimpleUploadedFile("all.txt", b"x" * 300)})
    request.resolver_match = resolve(address)
    request.user = User(email="bo@example.org") if is_signed_in else AnonymousUser()
    assert bool(request.FILES) is is_taken


def test_whoever_is_signed_in_shares_no_page_of_the_guides(desk: Desk) -> None:
    for client in (Client(), browser(desk.mara)):
        answer = client.get(reverse("guide", args=["en", "extend-a-code"]))
        assert "private" in answer.headers["Cache-Control"] and "Cookie" in answer.headers["Vary"]
        assert answer.headers["X-Frame-Options"] == "DENY"
