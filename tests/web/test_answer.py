"""A creator without an account answers from a link: gives the code, gives it for less, or says no. Never a login."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.desk import SHORT, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, RequestLink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

CODE = "#AbC+dEf/12GhIjKlMnOpQ=="


def sent(desk: Desk, **given: Any) -> services.Sent:
    asked: dict[str, Any] = {
        "creator": "Mara Lindt",
        "advertiser": desk.advertiser,
        "platform": "tiktok",
        "post": desk.post.url or desk.post.platform_id,
        "days": 30,
        "message": "Hello Mara,\nmay we?",
        "agreed_until": date(2026, 12, 1),
        "short_reason": SHORT,
        "recipient": "Mara",
        "mail": "mara@example.com",
        **given,
    }
    return services.ask(**asked, actor=desk.bo, at=desk.at)


def opened(made: services.Sent, client: Client | None = None) -> tuple[Client, str]:
    """A browser that has opened the link, and the address it was led to."""
    client = client or Client()
    answer = client.get(f"/r/{made.link.reveal()}/")
    assert answer.status_code == 302
    return client, answer.headers["Location"]


def ticked(client: Client, at: str, *steps: str) -> None:
    for step in steps:
        assert client.post(f"{at}tick/", {"step": step, "read": "1"}).status_code == 302


def hand_in(client: Client, at: str, **given: Any) -> Any:
    typed = {"code": CODE, "days": "30", "time_zone": "Europe/Berlin", "agreed_until": "2026-12-01", **given}
    return client.post(f"{at}steps/", typed)


def test_the_page_says_who_asks_what_and_what_it_does_not_give(desk: Desk) -> None:
    made = sent(desk, campaigns=(desk.campaign(),))
    client, at = opened(made)
    page = client.get(at)
    words = read(page)
    for text in (
        "Northwind asks to run one of your posts as an ad", "Bo, for Northwind", "30 days", "Tue 1 Dec 2026",
        "may we?", "Spring shoes", "Does not give: your login, other posts, messages, earnings", "No, decline",
    ):  # fmt: skip
        assert text in words, text
    assert "no-store" in page.headers["Cache-Control"]
    assert not re.search(r'type="password"|name="(login|username|password)"', page.content.decode())


def test_granting_and_declining_stand_side_by_side_as_equals(desk: Desk) -> None:
    client, at = opened(sent(desk))
    buttons = re.findall(r'<a class="([^"]*)" href="[^"]*(?:steps|decline)/">', client.get(at).content.decode())
    assert buttons == ["button", "button"]


def test_the_link_to_the_post_tells_tiktok_nothing(desk: Desk) -> None:
    made = sent(desk, post="https://www.tiktok.com/@mara/video/7399999999999999999")
    client, at = opened(made)
    found = re.search(r'<a href="https://www.tiktok.com[^>]*>', client.get(at).content.decode())
    assert found is not None and 'rel="noopener noreferrer"' in found[0]


def test_the_whole_way_to_a_code(desk: Desk) -> None:
    made = sent(desk)
    client, at = opened(made)
    page = client.get(f"{at}steps/")
    assert "The caption of the post cannot be edited any more." in read(page), "what cannot be undone comes first"
    assert CODE not in page.content.decode() and 'name="code"' not in page.content.decode()
    ticked(client, at, "read")
    words = read(client.get(f"{at}steps/"))
    for part in ("Where", "Do", "Confirm", "If this fails", "Menus differ from one version"):
        assert part in words, part
    ticked(client, at, "switched_on")
    assert "Where the days lead" in read(client.get(f"{at}steps/"))
    ticked(client, at, "generated")
    form = client.get(f"{at}steps/").content.decode()
    assert len(form) < 100_000
    field = re.search(r'<input[^>]*name="code"[^>]*>', form)
    assert field is not None and 'autocomplete="off"' in field[0] and 'spellcheck="false"' in field[0]
    answer = hand_in(client, at)
    assert answer.status_code == 302 and answer.headers["Location"] == at
    row = Authorization.objects.get()
    assert row.code is not None and row.code.reveal() == CODE
    assert (row.state, row.term_days, row.agreed_until) == ("handed_over", 30, date(2026, 12, 1))
    assert Entry.objects.filter(event="authorization.terms.seen").exists()
    done = read(client.get(at))
    assert "Northwind has your code" in done and "To end it earlier" in done and "Certificate to print" in done
    assert CODE not in done
    assert "Certificate of an authorization" in read(client.get(f"{at}certificate/"))


def test_steps_are_kept_and_go_on_in_another_browser(desk: Desk) -> None:
    made = sent(desk)
    client, at = opened(made)
    ticked(client, at, "read", "switched_on")
    other, at = opened(made)
    assert "You have begun: 2 of 3 steps" in read(other.get(at))
    assert "generate the code" in read(other.get(f"{at}steps/"))
    assert other.post(f"{at}tick/", {"step": "switched_on", "undo": "1"}).status_code == 302
    assert RequestLink.objects.get().steps == ["read"]


def test_nothing_goes_before_reading_what_it_means(desk: Desk) -> None:
    client, at = opened(sent(desk))
    missed = client.post(f"{at}tick/", {"step": "read"}, follow=True)
    assert "Read the list first, then tick this." in read(missed)
    assert 'name="code"' not in client.get(f"{at}steps/?step=copied").content.decode()
    refused = hand_in(client, at)
    assert "Read what it means first" in read(refused) or 'name="read"' in refused.content.decode()
    assert Authorization.objects.get().code is None


def test_whoever_has_the_code_already_goes_straight_to_the_end(desk: Desk) -> None:
    client, at = opened(sent(desk))
    ticked(client, at, "read")
    assert 'name="code"' in client.get(f"{at}steps/?step=copied").content.decode()
    assert hand_in(client, at).status_code == 302


def test_granting_less(desk: Desk) -> None:
    client, at = opened(sent(desk))
    ticked(client, at, "read")
    assert hand_in(client, at, days="7", agreed_until="2026-11-08").status_code == 302
    row = Authorization.objects.get()
    assert (row.term_days, row.ends_at, row.agreed_until) == (7, desk.at + timedelta(days=7), date(2026, 11, 8))


def test_a_day_the_app_shows_goes_before_the_days(desk: Desk) -> None:
    client, at = opened(sent(desk))
    ticked(client, at, "read")
    assert hand_in(client, at, days="30", ends_on="2026-12-01", time_zone="America/Los_Angeles").status_code == 302
    row = Authorization.objects.get()
    assert row.ends_at is not None and row.ends_at.isoformat() == "2026-12-02T08:00:00+00:00"
    assert (row.window_source, row.term_days) == ("stated", None)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"code": ""}, "This field is required."),
        ({"code": "https://www.tiktok.com/@mara/video/7399999999999999999"}, "This is a link, not a code."),
        ({"days": "", "ends_on": ""}, "Say how many days you chose"),
        ({"days": "400"}, "a code lasts 1 to 365 days"),
        ({"ends_on": "2026-10-01"}, "ended on"),
        ({"agreed_until": "2027-01-01"}, "that day or an earlier one"),
        ({"agreed_until": "2026-10-01"}, "is past"),
        ({"time_zone": "Europe/Atlantis"}, "Select a valid choice"),
        ({"code": "short"}, "It does not start with #"),
    ],
    ids=["none", "a link", "no days", "many days", "past", "later", "past use", "no zone", "odd"],
)
def test_what_cannot_be_handed_in_is_said_and_nothing_is_kept(desk: Desk, given: dict[str, Any], says: str) -> None:
    client, at = opened(sent(desk))
    ticked(client, at, "read")
    answer = hand_in(client, at, **given)
    assert answer.status_code == 422 and says in read(answer)
    assert Authorization.objects.get().code is None


def test_a_code_that_looks_odd_is_taken_when_it_is_sent_as_it_is(desk: Desk) -> None:
    client, at = opened(sent(desk))
    ticked(client, at, "read")
    assert "Send it as it is" in read(hand_in(client, at, code="AbCdEfGhIjKlMnOp"))
    assert hand_in(client, at, code="AbCdEfGhIjKlMnOp", as_it_is="1").status_code == 302


def test_declining_with_a_ready_reason_and_own_words(desk: Desk) -> None:
    client, at = opened(sent(desk))
    page = read(client.get(f"{at}decline/"))
    assert "A no is final for this request." in page
    given = {"ready": "not_this_post", "words": "Another one would be fine."}
    assert client.post(f"{at}decline/", given).status_code == 302
    row = Authorization.objects.get()
    assert row.state == "declined"
    assert row.reason == "I do not want this post to be used in ads. Another one would be fine."
    done = read(client.get(at))
    assert "has your answer: no" in done and "Another one would be fine." in done


@pytest.mark.parametrize(
    ("given", "says"),
    [({}, "Choose the nearest."), ({"ready": "own"}, "One sentence is enough.")],
    ids=["nothing", "own words without words"],
)
def test_a_no_needs_a_word_about_why(desk: Desk, given: dict[str, str], says: str) -> None:
    client, at = opened(sent(desk))
    answer = client.post(f"{at}decline/", given)
    assert answer.status_code == 422 and says in read(answer)
    assert Authorization.objects.get().state == "requested"


def test_a_withdrawn_request_explains_itself(desk: Desk) -> None:
    made = sent(desk)
    client, at = opened(made)
    services.withdraw(authorization=made.request_link.authorization, actor=desk.bo, at=desk.at)
    for path in ("", "steps/", "decline/"):
        answer = client.get(f"{at}{path}")
        assert answer.status_code == 410
        assert "Northwind has withdrawn this request" in read(answer) and "There is nothing to do." in read(answer)


def test_an_ended_link_explains_itself_and_names_the_next_step(desk: Desk) -> None:
    made = sent(desk)
    desk.later(days=15)
    client, at = opened(made)
    answer = client.get(at)
    assert answer.status_code == 410
    assert "This link ended on 16 Nov 2026." in read(answer) and "ask Northwind for a new one" in read(answer)
    assert hand_in(client, at).status_code == 410
    assert client.post(f"{at}tick/", {"step": "read", "read": "1"}).status_code == 409


def test_an_answered_request_says_so_to_whoever_comes_later(desk: Desk) -> None:
    made = sent(desk)
    client, at = opened(made)
    ticked(client, at, "read")
    hand_in(client, at)
    late, at = opened(made)
    answer = late.get(at)
    assert answer.status_code == 410 and "was answered already" in read(answer)
    assert late.get(f"{at}certificate/").status_code == 404, "the certificate is for who answered"
    again = hand_in(client, at, code="#AnotherCode+1234567890=")
    assert again.status_code == 410 and Authorization.objects.get().code.reveal() == CODE  # type: ignore[union-attr]


def test_looking_counts_once_for_each_opening_of_the_link(desk: Desk) -> None:
    made = sent(desk)
    client, at = opened(made)
    for _ in range(3):
        client.get(at)
    assert RequestLink.objects.get().views == 1
    opened(made, client)
    client.get(at)
    assert RequestLink.objects.get().views == 2


@pytest.mark.parametrize("path", ["tick/", "steps/", "decline/"])
def test_nothing_is_done_for_another_sites_form(desk: Desk, path: str) -> None:
    client, at = opened(sent(desk), Client(enforce_csrf_checks=True))
    given = {"step": "read", "read": "1", "ready": "terms", "code": CODE, "days": "30", "time_zone": "UTC"}
    answer = client.post(f"{at}{path}", given)
    assert answer.status_code == 403 and "This form is too old" in read(answer)
    assert RequestLink.objects.get().steps == [] and Authorization.objects.get().state == "requested"


def test_what_the_page_does_needs_a_post(desk: Desk) -> None:
    client, at = opened(sent(desk))
    assert client.get(f"{at}tick/?step=read&read=1").status_code == 302
    assert RequestLink.objects.get().steps == []


def test_the_buyer_sees_the_code_that_was_handed_in(desk: Desk) -> None:
    client, at = opened(sent(desk))
    ticked(client, at, "read")
    hand_in(client, at)
    row = Authorization.objects.get()
    assert services.open(authorization=row, actor=desk.bo, at=desk.at).reveal() == CODE
    assert "done" in read(browser(desk.bo).get(f"/requests/{row.reference}/"))
