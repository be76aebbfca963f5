"""Why a code does not work, as pages: for all without a trace, for one authorization, beside a step that failed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import APPLY, EXTEND, SETTING, STATUS, by_hand, order
from tests.cli.conftest import everything
from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_shared import handed, proven
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.diagnosis.say import around
from valetkey.diagnosis.services import LONGEST

CODE = "#AbC+dEf/1234567="
DAMAGED = "#AbC dEf/1234567="
SECRETIVE = f"Ads Manager says auth_code_expired for {CODE}"
NUL = "#AbC\x00dEf/12345678="

WAYS: dict[str, tuple[dict[str, str], int]] = {
    "a code": ({"code": CODE}, 200),
    "a damaged code": ({"code": DAMAGED}, 200),
    "an error": ({"error": "auth_code_expired"}, 200),
    "an error with a code in it": ({"error": SECRETIVE}, 200),
    "both": ({"code": CODE, "error": "4025"}, 200),
    "a link": ({"code": "https://www.tiktok.com/@m/video/7310000000000010007"}, 200),
    "a password": ({"error": "my password is Hunter2hunter!"}, 200),
    "nothing": ({}, 422),
    "spaces": ({"code": "   ", "error": " "}, 422),
    "far too much": ({"code": "x" * (LONGEST + 1), "error": CODE}, 422),
    "no text": ({"code": NUL, "error": CODE}, 422),
}


def case_page(row: Authorization) -> str:
    return reverse("diagnose_authorization", args=[row.reference])


# -- for everybody -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_pasted_nothing_is_asked_kept_or_shown_again(way: str, language: str) -> None:
    """This test has no database: any question to it would fail. No cookie comes, with or without a cookie sent."""
    given, status = WAYS[way]
    # As strict as a browser from elsewhere: the page must not need a token.
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("diagnose_in", args=[language]), given)
    assert answer.status_code == status
    assert not answer.cookies and "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.content.decode()
    for text in given.values():
        assert len(text.strip()) < 5 or text not in page
    assert CODE not in page and CODE[1:-1] not in page and "Hunter2" not in page
    assert "csrf" not in page.lower() and f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_itself_asks_nothing_either(language: str) -> None:
    answer = Client().get(reverse("diagnose_in", args=[language]))
    assert answer.status_code == 200 and not answer.cookies
    assert around(language)["lead"] in read(answer) and around(language)["keeps"] in read(answer)


def test_without_a_language_the_browsers_own_decides() -> None:
    for asked, language in (("de-AT,de;q=0.9,en;q=0.8", "de"), ("fr", "en"), ("", "en")):
        answer = Client().get(reverse("diagnose"), headers={"accept-language": asked})
        assert answer.headers["Location"] == reverse("diagnose_in", args=[language]) and not answer.cookies
        assert "Accept-Language" in answer.headers["Vary"]
    assert Client().get("/diagnose/fr/").status_code == 404


def test_the_german_page_is_german_throughout() -> None:
    """No sentence that stands on the English page stands on the German one, but for names and the message itself."""
    given = {"code": DAMAGED, "error": "auth_code_expired"}
    pages = {
        language: Client().post(reverse("diagnose_in", args=[language]), given).content.decode()
        for language in ("en", "de")
    }
    german, english = (_sentences(pages[language]) for language in ("de", "en"))
    assert german and not german & english
    empty = Client().post(reverse("diagnose_in", args=["de"]), {"code": "x" * (LONGEST + 1)}).content.decode()
    assert "characters" not in empty and "Zeichen" in empty


def _sentences(page: str) -> set[str]:
    page = re.sub(r'<(\w+)[^>]* lang="\w+"[^>]*>.*?</\1>', "", page.partition("<body>")[2], flags=re.DOTALL)
    texts = {re.sub(r"\s+", " ", text).strip() for text in re.split(r"<[^>]+>", page)}
    return {text for text in texts if len(text) > 3} - {"Valetkey", "English", "Deutsch"}


def test_the_answer_says_why_whose_turn_it_is_and_where_to_go() -> None:
    given = {"error": "auth_code_expired", "code": DAMAGED}
    answer = Client().post(reverse("diagnose_in", args=["en"]), given)
    page, said = answer.content.decode(), read(answer)
    for heading in ("turn", "do", "message"):
        assert around("en")[heading] in said
    assert reverse("guide", kwargs={"language": "en", "name": "extend-a-code"}) + "#extended" in page
    textareas = re.findall(r'<textarea id="message-first-(\w+)" lang="(\w+)" rows="7" readonly>([^<]+)', page)
    assert {(name, language) for name, language, _ in textareas} == {("en", "en"), ("de", "de")}
    assert page.count('data-copy="message-first-') == 2 and "<details" in page


@pytest.mark.django_db
def test_whoever_is_signed_in_is_told_no_more_than_anybody(desk: Desk) -> None:
    row = by_hand(desk, CODE)
    address = reverse("diagnose_in", args=["en"])
    answers = [client.post(address, {"code": CODE}) for client in (Client(), browser(desk.mara))]
    assert len({read(answer) for answer in answers}) == 1
    assert row.reference not in answers[1].content.decode()


@pytest.mark.django_db
def test_nothing_is_written_on_the_public_page(desk: Desk) -> None:
    before = everything()
    for given, _ in WAYS.values():
        Client().post(reverse("diagnose_in", args=["en"]), given)
    assert everything() == before


# -- for one authorization ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_it_is_told_at_once_and_the_fix_is_a_button(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=31)
    page = browser(desk.mara).get(case_page(row)).content.decode()
    assert reverse("do", args=[row.reference, "extend"]) in page
    page = browser(desk.bo).get(case_page(row)).content.decode()
    assert reverse("do", args=[row.reference, "extend"]) not in page, "that is the creator's"
    assert reverse("guide_of_case", kwargs={"reference": row.reference, "name": "extend-a-code"}) + "#extended" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_what_is_pasted_there_is_not_shown_again_nor_kept(desk: Desk) -> None:
    row, client = by_hand(desk, CODE), browser(desk.bo)
    client.get(case_page(row))
    before = everything()
    for way, (given, status) in WAYS.items():
        answer = client.post(case_page(row), given)
        assert answer.status_code == status and answer.headers["Cache-Control"] == "no-store", way
        page = answer.content.decode()
        assert CODE not in page and CODE[1:-1] not in page and "Hunter2" not in page, way
        assert all(len(text.strip()) < 5 or text not in page for text in given.values()), way
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_before_there_is_a_code_the_button_is_the_creators_and_the_guide_the_others(desk: Desk) -> None:
    """The guide's step of that button has a placeholder in its title, and it stood there unfilled."""
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    pages = {who: browser(getattr(desk, who)).get(case_page(row)) for who in ("mara", "bo")}
    assert all("{" not in read(page) for page in pages.values())
    assert reverse("issue", args=[row.reference]) in pages["mara"].content.decode()
    assert "#generated" in pages["bo"].content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_a_stranger_is_told_that_there_is_nothing(desk: Desk) -> None:
    row = desk.in_use()
    for client in (browser(desk.stranger),):
        assert client.get(case_page(row)).status_code == 404
        assert client.post(case_page(row), {"code": CODE}).status_code == 404
    assert Client().get(case_page(row)).headers["Location"].startswith("/account/login/")


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_a_token_is_needed_where_somebody_is_signed_in(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser(desk.bo).cookies
    assert client.post(case_page(desk.in_use()), {"code": CODE}).status_code == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_whoever_reads_german_is_told_in_german(desk: Desk) -> None:
    row = desk.in_use()
    answer = browser(desk.bo).get(case_page(row), headers={"accept-language": "de"})
    assert around("de")["title"] in read(answer) and 'lang="de"' in answer.content.decode()


# -- beside a step that failed -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_beside_an_application_that_was_refused_stands_why(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "refuse", code=40002, message="auth_code_expired: x", times=9)
    address = reverse("do", args=[row.reference, "apply"])
    answer = browser(desk.bo).post(address, {"ad_accounts": [desk.eu.reference, desk.us.reference]})
    page = answer.content.decode()
    assert page.count(f'href="{case_page(row)}"') == 2, "beside each"
    assert reverse("guide_of_case", kwargs={"reference": row.reference, "name": "extend-a-code"}) in page


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
@pytest.mark.parametrize(("verb", "path", "given"), [("extend", EXTEND, {"days": "30"}), ("check", STATUS, {})])
def test_beside_any_step_that_the_platform_refused_stands_why(
    desk: Desk, verb: str, path: str, given: dict[str, str]
) -> None:
    row = desk.in_use()
    order(desk, path, "refuse", code=40100, message="Too many requests: QPS limit.", times=9)
    client, address = browser(desk.mara), reverse("do", args=[row.reference, verb])
    assert case_page(row) not in client.get(address).content.decode()
    page = client.post(address, given).content.decode()
    assert f'href="{case_page(row)}"' in page and around("en")["whole"] in page


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_what_the_desk_itself_refuses_says_why_alone(desk: Desk) -> None:
    row = desk.in_use()
    address = reverse("do", args=[row.reference, "apply"])
    answer = browser(desk.bo).post(address, {"ad_accounts": [desk.eu.reference]})
    assert case_page(row) not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_beside_authorizing_that_was_refused_stands_why(desk: Desk) -> None:
    order(desk, SETTING, "refuse", code=40002, message="illegal_item_status_error: x", times=9)
    query = f"?for={desk.advertiser.reference}&read=on&days=30&step=days"
    page = browser(desk.mara).post(reverse("authorize", args=[desk.post.reference]) + query).content.decode()
    row = Authorization.objects.get()
    assert f'href="{case_page(row)}"' in page


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_beside_answering_a_request_that_was_refused_stands_why(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    order(desk, SETTING, "refuse", code=40105, message="Access token is incorrect.", times=9)
    query = "?go=on&read=on&days=30&step=days"
    page = browser(desk.mara).post(reverse("issue", args=[row.reference]) + query).content.decode()
    assert f'href="{case_page(row)}"' in page


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_the_record_and_the_hand_over_lead_there(desk: Desk) -> None:
    row = desk.in_use()
    for who in (desk.mara, desk.bo, desk.viewer):
        page = browser(who).get(reverse("authorization", args=[row.reference])).content.decode()
        assert f'href="{case_page(row)}"' in page
    client, at = proven(handed(desk, row))
    assert f'href="{reverse("diagnose")}"' in client.get(at).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("same_clock")
def test_it_costs_a_bounded_number_of_questions(desk: Desk, django_assert_max_num_queries: Any) -> None:
    row, client = desk.in_use(), browser(desk.bo)
    client.get(case_page(row))
    with django_assert_max_num_queries(30):
        client.post(case_page(row), {"code": CODE, "error": "4025"})
