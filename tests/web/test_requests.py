"""A buyer asks for a post, sees how far the answer has come, reminds, extends, withdraws; the stranger sees nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts.models import Party
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, RequestLink
from valetkey.web.person import guest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

POST_LINK = "https://www.tiktok.com/@mara/video/7399999999999999999"


def typed(desk: Desk, **given: Any) -> dict[str, Any]:
    return {
        "advertiser": desk.advertiser.reference,
        "creator": "Mara Lindt",
        "recipient": "Mara",
        "mail": "mara@example.com",
        "post": POST_LINK,
        "days": "30",
        "message": "Hello Mara.",
        **given,
    }


def asked(desk: Desk, client: Client | None = None, **given: Any) -> Authorization:
    answer = (client or browser(desk.bo)).post("/requests/new/", typed(desk, **given))
    assert answer.status_code == 302, read(answer)
    return Authorization.objects.latest("pk")


def test_a_buyer_asks_a_creator_for_a_post(desk: Desk) -> None:
    client, campaign = browser(desk.bo), desk.campaign()
    more = {"campaigns": [campaign.reference], "ad_account": desk.eu.reference, "agreed_until": "2026-12-31"}
    row = asked(desk, client, days="60", **more)
    assert (row.post.held_by, row.requested_days, row.message) == (desk.creator, 60, "Hello Mara.")
    assert row.post.url == POST_LINK and list(row.campaigns.all()) == [campaign] and row.agreed_ad_account == desk.eu
    page = read(client.get(f"/requests/{row.reference}/"))
    assert "not opened" in page and "It was mailed to mara@example.com." in page
    assert "Bo, for Northwind" in page and "Spring shoes" in page and "Thu 31 Dec 2026" in page
    assert [one.to for one in mail.outbox] == [["mara@example.com"]]


def test_the_link_is_shown_once_and_lies_nowhere_in_the_clear(desk: Desk) -> None:
    client = browser(desk.bo)
    row = asked(desk, client)
    link = re.search(r"http\S+/r/(\S+)/", str(mail.outbox[0].body))
    assert link is not None
    session = client.session
    assert link[1] not in str(dict(session.items())), "it is encrypted until it is shown"
    first = client.get(f"/requests/{row.reference}/")
    assert link[0] in first.content.decode() and "no-store" in first.headers["Cache-Control"]
    assert link[1] not in client.get(f"/requests/{row.reference}/").content.decode()
    assert link[1] not in str(dict(client.session.items()))


def test_without_a_mail_address_the_link_is_passed_on_by_hand(desk: Desk) -> None:
    client = browser(desk.bo)
    row = asked(desk, client, mail="", recipient="")
    page = read(client.get(f"/requests/{row.reference}/"))
    assert "No mail was sent: pass the link on yourself." in page and not mail.outbox
    assert row.request_links.get().recipient == "Mara Lindt", "who is not named is the creator"


def test_a_mail_that_cannot_be_sent_is_said(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client = browser(desk.bo)
    row = asked(desk, client)
    assert "The mail to mara@example.com could not be sent." in read(client.get(f"/requests/{row.reference}/"))


def test_a_creator_who_is_not_on_the_desk_is_entered_by_name(desk: Desk) -> None:
    row = asked(desk, creator="@lou.bakes")
    assert row.post.held_by == Party.objects.get(name="@lou.bakes", kind=Party.Kind.CREATOR)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"post": "https://vm.tiktok.com/ZM8abc/"}, "a short link does not say it either"),
        ({"post": "the one with the shoes"}, "Open the post and copy its whole link"),
        ({"creator": ""}, "This field is required."),
        ({"mail": "mara at example"}, "Enter a valid email address."),
        ({"days": "other", "other_days": ""}, "Type the number of days"),
        ({"days": "other", "other_days": "9999"}, "a code lasts 1 to 365 days"),
        ({"days": "31"}, "Select a valid choice"),
        ({"agreed_until": "2026-11-01"}, "is past"),
        ({"message": "x" * 2001}, "at most 2000 characters"),
        ({"advertiser": "nobody"}, "Select a valid choice"),
    ],
    ids=[
        "short link",
        "no link",
        "no creator",
        "no mail",
        "no days",
        "many days",
        "odd days",
        "past",
        "long",
        "foreign",
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_kept(desk: Desk, given: dict[str, Any], says: str) -> None:
    before = Authorization.objects.count(), Party.objects.count()
    answer = browser(desk.bo).post("/requests/new/", typed(desk, **given))
    assert says in read(answer)
    assert (Authorization.objects.count(), Party.objects.count()) == before and not mail.outbox
    if "message" not in given:
        assert "Hello Mara." in answer.content.decode(), "what was typed is kept"


def test_the_days_say_where_they_lead(desk: Desk) -> None:
    campaign = desk.campaign(days=37)
    page = browser(desk.bo).post("/requests/new/", typed(desk, campaigns=[campaign.reference], look="dates"))
    assert page.status_code == 200 and not Authorization.objects.exists()
    words = read(page)
    assert "30 days: ends Wed 2 Dec 2026; 7 days short" in words
    assert "60 days: ends Fri 1 Jan 2027; the fewest days that reach" in words
    assert "Take 60 days" in words
    taken = browser(desk.bo).post("/requests/new/", typed(desk, campaigns=[campaign.reference], take="60"))
    assert re.search(r'value="60"[^>]* checked', taken.content.decode())


def test_a_ready_message_is_filled_in_without_javascript(desk: Desk) -> None:
    answer = browser(desk.bo).post("/requests/new/", typed(desk, message="", ready="agreed", look="message"))
    assert "Hello Mara, as we agreed, here is where you can give Northwind the code" in read(answer)
    row = asked(desk, message="", ready="first")
    assert row.message.startswith("Hello Mara, we like this post") and "an ad for Northwind." in row.message


def test_own_words_go_before_a_ready_message(desk: Desk) -> None:
    assert asked(desk, ready="first").message == "Hello Mara."


def test_the_buyer_sees_how_far_the_answer_has_come(desk: Desk) -> None:
    row = asked(desk)
    link: RequestLink = row.request_links.get()

    def says(text: str) -> None:
        client = browser(desk.bo)
        assert text in read(client.get("/requests/")) and text in read(client.get(f"/requests/{row.reference}/"))

    says("not opened")
    services.look_at_request(request_link=link, counts=True, at=desk.at)
    says("opened")
    services.tick(request_link=link, steps=["read"], at=desk.at)
    says("partly done")
    desk.later(days=20)
    says("link ended")
    services.remind(authorization=row, actor=desk.bo, at=desk.at)
    says("partly done")
    newest = row.request_links.latest("pk")
    services.decline_request(request_link=newest, reason="Not this one.", actor=guest("Mara, by link"), at=desk.at)
    says("declined")
    assert "Not this one." in read(browser(desk.bo).get(f"/requests/{row.reference}/"))


def test_reminding_is_once_a_day_and_says_when_again(desk: Desk) -> None:
    client = browser(desk.bo)
    row = asked(desk, client)
    desk.later(hours=2)
    assert client.post(f"/requests/{row.reference}/remind/").status_code == 302
    page = read(client.get(f"/requests/{row.reference}/"))
    assert "It was mailed to mara@example.com." in page
    assert "You can remind them again from Tue 3 Nov 2026, 11:00 (UTC)." in page
    again = client.post(f"/requests/{row.reference}/remind/")
    assert again.status_code == 409 and "once in 24 hours" in read(again)
    desk.later(hours=25)
    assert client.post(f"/requests/{row.reference}/remind/").status_code == 302
    assert [one.to for one in mail.outbox] == [["mara@example.com"]] * 3


def test_a_link_gets_more_time(desk: Desk) -> None:
    client = browser(desk.bo)
    row = asked(desk, client)
    ends_at = row.request_links.get().ends_at
    assert client.post(f"/requests/{row.reference}/extend/", {"days": 10}).status_code == 302
    assert row.request_links.get().ends_at == ends_at + timedelta(days=10)
    refused = client.post(f"/requests/{row.reference}/extend/", {"days": 85})
    assert "more than 90 days from now" in read(refused)


def test_a_request_is_sent_to_somebody_else(desk: Desk) -> None:
    client = browser(desk.bo)
    row = asked(desk, client)
    client.get(f"/requests/{row.reference}/")
    client.post(f"/requests/{row.reference}/send/", {"recipient": "Lou", "mail": "lou@example.com"})
    assert "It was mailed to lou@example.com." in read(client.get(f"/requests/{row.reference}/"))
    first, second = row.request_links.order_by("pk")
    assert first.ended_at == desk.at and second.recipient == "Lou"


def test_a_request_is_withdrawn(desk: Desk) -> None:
    client = browser(desk.bo)
    row = asked(desk, client)
    page = read(client.get(f"/requests/{row.reference}/"))
    assert "A withdrawn request stays withdrawn" in page, "what cannot be undone is said before the button"
    assert client.post(f"/requests/{row.reference}/withdraw/", {"reason": "Other plans."}).status_code == 302
    page = read(client.get(f"/requests/{row.reference}/"))
    assert "withdrawn" in page and "Other plans." in page and "Remind" not in page


def test_the_creator_sees_what_was_received_and_how_to_answer(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.mara)
    page = client.get("/requests/")
    assert "Northwind" in read(page) and f"/requests/{row.reference}/" in page.content.decode()
    page = client.get(f"/requests/{row.reference}/")
    assert f"/authorizations/{row.reference}/answer/" in page.content.decode()
    words = read(page)
    assert "Each is a good answer" in words and "Withdraw" not in words and "mara@example.com" not in words
    refused = client.post(f"/requests/{row.reference}/withdraw/", {})
    assert refused.status_code == 403


def test_a_viewer_reads_and_is_offered_nothing(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.viewer)
    assert "Ask for a post" not in read(client.get("/requests/"))
    page = client.get(f"/requests/{row.reference}/")
    assert page.status_code == 200
    main = page.content.decode().partition("<main")[2]
    assert "<form" not in main and "mara@example.com" not in main
    assert client.get("/requests/new/").status_code == 403
    for step in ("remind", "send", "extend", "withdraw"):
        given = {"days": 1, "recipient": "Sam", "mail": ""}
        assert client.post(f"/requests/{row.reference}/{step}/", given).status_code == 403, step


def test_the_stranger_finds_nothing(desk: Desk) -> None:
    row = asked(desk)
    lines = Entry.objects.count()
    client = browser(desk.stranger)
    assert "Northwind" not in read(client.get("/requests/"))
    assert client.get(f"/requests/{row.reference}/").status_code == 404
    for step in ("remind", "send", "extend", "withdraw"):
        given = {"days": 1, "recipient": "Sam", "mail": ""}
        assert client.post(f"/requests/{row.reference}/{step}/", given).status_code == 404, step
    answer = client.post("/requests/new/", typed(desk))
    assert "Select a valid choice" in read(answer), "nobody asks in another party's name"
    filled = client.post("/requests/new/", typed(desk, message="", ready="first", look="message"))
    assert "Northwind" not in filled.content.decode().partition("<textarea")[2].partition("</textarea>")[0]
    assert Entry.objects.count() == lines


def test_the_auditor_reads_all_and_asks_for_nothing(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.auditor)
    assert row.post.name in read(client.get("/requests/"))
    assert "<form" not in client.get(f"/requests/{row.reference}/").content.decode().partition("<main")[2]
    assert client.get("/requests/new/").status_code == 403


def test_what_was_never_requested_is_no_request(desk: Desk) -> None:
    assert browser(desk.mara).get(f"/requests/{desk.issued().reference}/").status_code == 404


def test_signed_out_asks_to_sign_in(desk: Desk) -> None:
    row = asked(desk)
    for path in ("/requests/", "/requests/new/", f"/requests/{row.reference}/"):
        answer = Client().get(path)
        assert answer.status_code == 302 and "/account/login/" in answer.headers["Location"]


def test_an_empty_list_teaches(desk: Desk) -> None:
    assert "They answer from a link, without an account" in read(browser(desk.bo).get("/requests/"))
    assert "A brand or agency can ask for one of your posts" in read(browser(desk.mara).get("/requests/"))


def test_hundreds_of_campaigns_do_not_make_the_form_endless(desk: Desk, django_assert_max_num_queries: Any) -> None:
    for _ in range(60):
        desk.campaign()
    client = browser(desk.bo)
    client.get("/me/")
    with django_assert_max_num_queries(40):
        page = client.get("/requests/new/")
    assert page.content.decode().count('name="campaigns"') == 50 and len(page.content) < 100_000


def test_a_buyer_who_got_the_code_another_way_enters_it(desk: Desk) -> None:
    row = asked(desk)
    page = browser(desk.bo).get(f"/requests/{row.reference}/")
    assert "Got the code another way?" in read(page)
    assert f"/authorizations/{row.reference}/answer/" in page.content.decode()


def test_the_list_costs_the_same_for_many_and_comes_in_pages(desk: Desk, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        Authorization.objects.create(
            post=desk.post, advertiser=desk.advertiser, state="requested", requested_days=30, created_at=desk.at
        ).request_links.create(
            recipient="Mara", link_digest=str(number), created_at=desk.at, ends_at=desk.at + timedelta(days=7)
        )
    client = browser(desk.bo)
    client.get("/me/")
    with django_assert_max_num_queries(20):
        answer = client.get("/requests/")
    assert answer.content.decode().count("not opened") == 50 and len(answer.content) < 100_000
    assert "Page 1 of 2" in read(answer)
    assert client.get("/requests/?which=made&page=2").content.decode().count("not opened") == 10
