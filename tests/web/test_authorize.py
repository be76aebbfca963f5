"""Authorize a post, step by step: over the connection, by hand, in answer to a request, and when no answer comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import SETTING, STATUS, Tap, events, fresh, order
from tests.desk import HOST, SHORT, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_posts import disconnect, viewer_of_the_creator
from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.authorizations import services, terms
from valetkey.authorizations.models import Authorization, Reveal
from valetkey.register.models import Campaign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

CODE = "#handMadeCode1234567890abcdef="
SCRIPT = {"HX-Request": "true"}


def start(desk: Desk) -> str:
    return reverse("authorize", args=[desk.post.reference])


def answer_to(row: Authorization) -> str:
    return reverse("issue", args=[row.reference])


def asked(desk: Desk, days: int = 60, **more: Any) -> Authorization:
    given: dict[str, Any] = {"message": "We like the rain in it.", "agreed_until": date(2026, 12, 20), **more}
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=days,
        short_reason=SHORT, actor=desk.bo, at=desk.at, **given,
    )  # fmt: skip


def ready(desk: Desk, **more: str) -> str:
    """The address of the last step of a creator who starts."""
    chosen = {"for": desk.advertiser.reference, "read": "on", "step": "days", "days": "30", **more}
    return start(desk) + "?" + "&".join(f"{name}={value}" for name, value in chosen.items())


def heading(answer: Any) -> str:
    page: str = answer.content.decode()
    return page.partition("<h1>")[2].partition("</h1>")[0]


# -- for whom ---------------------------------------------------------------------------------------------------------


def test_first_it_is_asked_for_whom(desk: Desk) -> None:
    page = browser(desk.mara).get(start(desk))
    assert heading(page) == "For whom?" and "over the connection" in read(page)


def test_whom_the_creator_knows_from_before_is_offered(desk: Desk) -> None:
    link = f'href="?for={desk.advertiser.reference}"'
    assert link not in browser(desk.mara).get(start(desk)).content.decode(), "nobody yet"
    desk.issued()
    assert link in browser(desk.mara).get(start(desk)).content.decode()


@pytest.mark.parametrize("name", ["Northwind", "reference", " Northwind "])
def test_an_exact_name_or_a_reference_leads_on(desk: Desk, name: str) -> None:
    given = desk.advertiser.reference if name == "reference" else name
    assert heading(browser(desk.mara).get(start(desk), {"for": given})) == "Before you switch ad authorization on"


@pytest.mark.parametrize("name", ["Northwin", "northwind gmbh", "Mara Lindt", "<script>alert(1)</script>"])
def test_a_name_nobody_has_is_told_beside_the_field(desk: Desk, name: str) -> None:
    page = browser(desk.mara).get(start(desk), {"for": name})
    assert page.status_code == 200 and 'id="id_for_error"' in page.content.decode()
    assert "Ask them how they are named on this desk." in read(page) and "<script>alert" not in page.content.decode()


def test_whoever_waits_for_the_post_is_offered_first_and_answered_as_a_request(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.mara)
    page = client.get(start(desk))
    assert "They wait for this post" in read(page) and answer_to(row) in page.content.decode()
    assert client.get(start(desk), {"for": "Northwind"}).headers["Location"] == answer_to(row)


def test_a_post_that_cannot_be_authorized_leads_back_to_why(desk: Desk) -> None:
    desk.note("public", visibility="private")
    assert browser(desk.mara).get(start(desk)).headers["Location"] == reverse("post", args=[desk.post.reference])
    assert browser(desk.mara).post(ready(desk)).status_code == 302
    assert not Authorization.objects.exists()


# -- before you switch ------------------------------------------------------------------------------------------------


def test_what_switching_on_does_is_read_before_anything_else(desk: Desk) -> None:
    client = browser(desk.mara)
    page = client.get(start(desk), {"for": "Northwind", "days": "30", "step": "days"})
    text = read(page)
    for effect in terms.EFFECTS:
        assert effect.sentence in text and f"{effect.confidence.value} : {effect.source}" in text
    missed = client.get(start(desk), {"for": "Northwind", "step": "before"})
    assert "Read the list first, then tick this." in read(missed)
    assert heading(client.get(start(desk), {"for": "Northwind", "step": "before", "read": "on"})) == "How long?"


def test_nothing_is_done_on_the_platform_before_the_last_step(desk: Desk) -> None:
    tap = Tap(desk)
    client = browser(desk.mara)
    for address in (start(desk), start(desk) + "?for=Northwind", start(desk) + "?for=Northwind&read=on", ready(desk)):
        assert client.get(address).status_code == 200
    assert client.post(start(desk) + "?for=Northwind&days=30&step=days").status_code == 200, "not read yet"
    assert tap.calls == [] and not Authorization.objects.exists()


# -- how long ---------------------------------------------------------------------------------------------------------


def test_each_number_of_days_has_its_date_with_zone(desk: Desk) -> None:
    mara = accounts_user(desk)
    mara.time_zone = "Europe/Berlin"
    mara.save()
    text = read(browser(desk.mara).get(start(desk), {"for": "Northwind", "read": "on"}))
    assert "7 days ends Mon 9 Nov 2026, 10:00 (Europe/Berlin)" in text
    assert "30 days ends Wed 2 Dec 2026, 10:00 (Europe/Berlin)" in text
    assert "short of" not in text, "nobody named a day it should last for"


def accounts_user(desk: Desk) -> User:
    return User.objects.get(email="mara@example.org")


def test_days_short_of_and_past_the_campaign_stand_beside_each_date(desk: Desk) -> None:
    row = asked(desk, days=30, campaigns=(desk.campaign(days=37),), agreed_until=None)
    page = browser(desk.mara).get(answer_to(row), {"go": "1", "read": "on"})
    text = read(page)
    assert "It should last for Spring shoes: until Tue 8 Dec 2026 (Europe/Berlin)." in text
    assert "30 days ends Wed 2 Dec 2026, 09:00 (UTC) 7 days short of Spring shoes" in text
    assert (
        "60 days shortest that lasts ends Fri 1 Jan 2027, 09:00 (UTC) lasts for Spring shoes, and 24 days past it"
        in text
    )
    assert 'value="30" checked' in page.content.decode(), "it begins with what was asked for"
    assert "Take 60 days: the shortest that lasts" in text


def test_one_tap_takes_the_shortest_that_lasts(desk: Desk) -> None:
    row = asked(desk, days=30, campaigns=(desk.campaign(days=37),), agreed_until=None)
    client = browser(desk.mara)
    choice = client.get(answer_to(row), {"go": "1", "read": "on"}).content.decode()
    tap = choice.partition(">Take 60 days")[0].rpartition('href="')[2].rstrip('"').replace("&amp;", "&")
    page = client.get(answer_to(row) + tap)
    assert heading(page) == "Look it over" and "until Fri 1 Jan 2027, 09:00 (UTC)" in read(page)
    client.post(answer_to(row) + tap)
    assert fresh(row).term_days == 60


def test_when_nothing_on_offer_lasts_it_says_so(desk: Desk) -> None:
    row = asked(desk, campaigns=(desk.campaign(days=500),), agreed_until=None)
    text = read(browser(desk.mara).get(answer_to(row), {"go": "1", "read": "on"}))
    assert "None of these numbers lasts for Spring shoes." in text and "shortest that lasts" not in text


def test_of_several_campaigns_the_last_one_counts(desk: Desk) -> None:
    row = asked(desk, campaigns=(desk.campaign(days=10), desk.campaign(days=37)), agreed_until=None)
    text = read(browser(desk.mara).get(answer_to(row), {"go": "1", "read": "on"}))
    assert "Spring shoes, the last of 2 campaigns: until Tue 8 Dec 2026" in text


def test_a_number_of_ones_own_is_worked_out_by_script_and_without(desk: Desk) -> None:
    client = browser(desk.mara)
    chosen = {"for": "Northwind", "read": "on", "step": "days", "days": "30", "own": "45", "until": "2026-12-20"}
    part = client.get(start(desk), chosen, headers={**SCRIPT, "HX-Trigger-Name": "own"})
    assert "<html" not in part.content.decode() and 'value="own" checked' in part.content.decode()
    assert "45 days ends Thu 17 Dec 2026, 09:00 (UTC) 4 days short of the agreed day" in read(part)
    whole = client.get(start(desk), {**chosen, "recount": "own"})
    assert heading(whole) == "How long?" and 'value="own" checked' in whole.content.decode()
    assert "4 days short of the agreed day" in read(whole) and 'value="45"' in whole.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"days": "own"}, "Type a number of days."),
        ({"days": "own", "own": "0"}, "Type a whole number from 1 to 365."),
        ({"days": "own", "own": "366"}, "Type a whole number from 1 to 365."),
        ({"days": "own", "own": "9" * 40}, "Type a whole number from 1 to 365."),
        ({"days": "31"}, "Choose one of the numbers below."),
        ({"days": "30", "until": "2026-11-01"}, "is past"),
        ({"days": "30", "until": "9999-12-31"}, "too far from today"),
        ({"days": "30", "until": "soon"}, "Enter a valid date."),
    ],
    ids=["no own", "none", "too many", "far too many", "not offered", "past", "far", "no date"],
)
def test_days_that_cannot_be_are_refused_on_their_own_step(desk: Desk, given: dict[str, str], said: str) -> None:
    chosen = {"for": "Northwind", "read": "on", "step": "days", **given}
    for answer in (browser(desk.mara).get(start(desk), chosen), browser(desk.mara).post(ready(desk, **given))):
        assert heading(answer) == "How long?" and said in read(answer)
    assert not Authorization.objects.exists()


# -- the last step ----------------------------------------------------------------------------------------------------


def test_the_last_page_says_what_it_gives_and_what_not(desk: Desk) -> None:
    text = read(browser(desk.mara).get(ready(desk, until="2026-11-20")))
    assert "Lets Northwind run ads with this post until Wed 2 Dec 2026, 09:00 (UTC)" in text
    assert "Does not give: your login, other posts, messages, earnings." in text
    assert "Agreed use until Fri 20 Nov 2026" in text and "lasts for the agreed day, and 12 days past it" in text


def test_the_button_authorizes_and_the_result_says_what_happened(desk: Desk) -> None:
    client = browser(desk.mara)
    answer = client.post(ready(desk, until="2026-11-20"), follow=True)
    row = Authorization.objects.get()
    assert answer.redirect_chain == [(answer_to(row), 302)]
    assert (row.state, row.term_days, row.agreed_until, row.advertiser) == (
        "issued",
        30,
        date(2026, 11, 20),
        desk.advertiser,
    )
    assert "terms.seen" in events(row)
    text = read(answer)
    assert "Ad authorization is on for this post, and TikTok made a code" in text and "as TikTok showed it" in text
    assert reverse("sharing", args=[row.reference]) in answer.content.decode()


def test_the_code_is_masked_and_shown_only_by_a_button(desk: Desk) -> None:
    client = browser(desk.mara)
    answer = client.post(ready(desk), follow=True)
    row = Authorization.objects.get()
    assert row.code is not None
    page = answer.content.decode()
    assert row.code.reveal() not in page and row.code.masked() in read(answer)
    assert f'method="post" action="{reverse("code", args=[row.reference])}"' in page
    assert not Reveal.objects.exists(), "nobody has looked yet"


def test_it_can_be_done_once(desk: Desk) -> None:
    """A second press, or the same address again, makes no second code: the platform would end the first."""
    client = browser(desk.mara)
    tap = Tap(desk)
    client.post(ready(desk))
    again = client.post(ready(desk))
    assert "live code on the platform already" in read(again) and "do it by hand" in read(again)
    assert Authorization.objects.count() == 2 and tap.writes().count(SETTING) == 1


@pytest.mark.parametrize(("fault", "said"), [("http_500", "cannot be reached"), ("refuse", "refused")])
def test_what_the_platform_refuses_stands_on_the_page_and_can_be_tried_again(desk: Desk, fault: str, said: str) -> None:
    order(desk, STATUS if fault == "http_500" else SETTING, fault, times=2 if fault == "http_500" else 1)
    client = browser(desk.mara)
    answer = client.post(ready(desk))
    assert said in read(answer) and "do it by hand in the TikTok app" in read(answer)
    assert Authorization.objects.get().state == "new", "nothing was given"
    desk.later(minutes=5)
    client.post(ready(desk))
    assert Authorization.objects.get().state == "issued"


def test_without_a_clear_answer_nobody_is_told_to_repeat(desk: Desk) -> None:
    order(desk, SETTING, "drop_after")
    client = browser(desk.mara)
    answer = client.post(ready(desk), follow=True)
    row = Authorization.objects.get()
    assert row.is_uncertain and answer.redirect_chain == [(answer_to(row), 302)]
    text = read(answer)
    assert "TikTok gave no clear answer" in text and "Do not repeat it" in text and "Authorize this post" not in text
    assert reverse("do", args=[row.reference, "check"]) in answer.content.decode()
    assert "outcome not known" in read(client.get(reverse("given")))


# -- a request --------------------------------------------------------------------------------------------------------


def test_a_request_says_who_asks_for_what_for_how_long_and_why(desk: Desk) -> None:
    row = asked(desk, campaigns=(desk.campaign(),))
    text = read(browser(desk.mara).get(answer_to(row)))
    for words in ("Northwind asks for one post", "60 days; from now that is until Fri 1 Jan 2027"):
        assert words in text
    for words in ("We like the rain in it.", "Sun 20 Dec 2026", "Spring shoes", "Grant it, or grant less", "Decline"):
        assert words in text
    assert "nothing else" in text


def test_a_request_is_granted_as_asked(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.mara)
    address = answer_to(row) + "?go=1&read=on&step=days&days=60&until=2026-12-20"
    assert "grant less" not in read(client.get(address))
    client.post(address)
    row = fresh(row)
    assert (row.state, row.term_days, row.agreed_until) == ("issued", 60, date(2026, 12, 20))


def test_a_request_is_granted_for_less_and_says_so_before(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.mara)
    address = answer_to(row) + "?go=1&read=on&step=days&days=30&until=2026-12-01"
    text = read(client.get(address))
    assert "You grant less than was asked: 30 days instead of 60 days, an earlier last day of agreed use." in text
    client.post(address)
    row = fresh(row)
    assert (row.state, row.term_days, row.agreed_until) == ("issued", 30, date(2026, 12, 1))


def test_a_day_left_out_stays_the_day_that_was_asked_for(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.mara)
    address = answer_to(row) + "?go=1&read=on&step=days&days=60&until="
    assert "Agreed use until Sun 20 Dec 2026" in read(client.get(address))
    client.post(address)
    assert fresh(row).agreed_until == date(2026, 12, 20)


def test_a_day_later_than_asked_is_refused_on_its_step(desk: Desk) -> None:
    row = asked(desk)
    page = browser(desk.mara).get(answer_to(row) + "?go=1&read=on&step=days&days=30&until=2026-12-21")
    assert heading(page) == "How long?" and "is later" in read(page)


def test_a_request_for_an_unusual_number_begins_with_it(desk: Desk) -> None:
    row = asked(desk, days=45)
    page = browser(desk.mara).get(answer_to(row) + "?go=1&read=on").content.decode()
    assert 'value="own" checked' in page and 'value="45"' in page


def test_a_request_for_a_post_that_does_not_fit_can_be_declined_and_not_granted(desk: Desk) -> None:
    row = asked(desk)
    desk.note("public", visibility="private")
    client = browser(desk.mara)
    for address in (answer_to(row), answer_to(row) + "?go=1&read=on&step=days&days=60"):
        text = read(client.get(address))
        assert "cannot be authorized now" in text and "Decline" in text and "Grant it" not in text


def test_an_answered_request_says_what_became_of_it(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.mara)
    services.decline(authorization=row, reason="Not this one.", actor=desk.mara, at=desk.at)
    assert client.get(answer_to(row)).headers["Location"] == reverse("authorization", args=[row.reference])
    used = desk.opened()
    assert client.get(answer_to(used)).headers["Location"] == reverse("authorization", args=[used.reference])


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_without_a_connection_the_page_says_which_taps_to_make(desk: Desk) -> None:
    disconnect(desk)
    page = browser(desk.mara).get(ready(desk))
    text = read(page)
    assert heading(page) == "Make the code in the TikTok app" and "by hand" in text
    for word in ("Where", "Do", "Confirm", "If this fails"):
        assert text.count(f" {word} ") >= 3
    assert "Choose 30 days" in text and text.count("Menus differ") == 1
    field = page.content.decode().partition('name="code"')[2].partition(">")[0]
    for attribute in ('autocomplete="off"', 'spellcheck="false"', 'autocapitalize="none"'):
        assert attribute in field


def test_whoever_is_connected_may_still_do_it_by_hand(desk: Desk) -> None:
    client = browser(desk.mara)
    page = client.get(ready(desk)).content.decode()
    other = page.partition("Do it by hand in the TikTok app instead")[0].rpartition('href="')[2].partition('"')[0]
    assert parse_qs(urlsplit(other.replace("&amp;", "&")).query)["by_hand"] == ["1"]
    assert heading(client.get(start(desk) + other.replace("&amp;", "&"))) == "Make the code in the TikTok app"


def test_a_code_typed_in_is_kept_with_the_days_counted(desk: Desk) -> None:
    disconnect(desk)
    tap = Tap(desk)
    answer = browser(desk.mara).post(ready(desk, until="2026-11-20"), {"code": f" {CODE}\n", "days": "30"}, follow=True)
    row = Authorization.objects.get()
    assert (row.state, row.window_source, row.agreed_until) == ("issued", "computed", date(2026, 11, 20))
    assert row.ends_at == desk.at + timedelta(days=30) and row.code is not None and row.code.reveal() == CODE
    assert "terms.seen" in events(row) and tap.calls == []
    assert "counted from 30 days" in read(answer) and "by hand" in read(answer) and CODE not in answer.content.decode()


def test_the_end_the_app_shows_goes_before_the_days(desk: Desk) -> None:
    disconnect(desk)
    mara = accounts_user(desk)
    mara.time_zone = "America/New_York"
    mara.save()
    browser(desk.mara).post(ready(desk), {"code": CODE, "days": "30", "ends_on": "2026-12-01"})
    row = Authorization.objects.get()
    assert row.window_source == "stated" and row.ends_at is not None
    assert row.ends_at.isoformat() == "2026-12-02T05:00:00+00:00", "the end of the day where the person is"


def test_what_is_odd_about_a_code_is_said_and_stops_nobody(desk: Desk) -> None:
    disconnect(desk)
    client = browser(desk.mara)
    odd = client.post(ready(desk), {"code": "handMadeCode1234567890abcdef=", "days": "30"})
    assert "does not start with #" in read(odd) and not Authorization.objects.exists()
    assert "no-store" in odd.headers["Cache-Control"]
    taken = client.post(
        ready(desk), {"code": "handMadeCode1234567890abcdef=", "days": "30", "as_it_is": "1"}, follow=True
    )
    assert Authorization.objects.get().state == "issued" and "does not start with #" in read(taken)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "", "days": "30"}, "This field is required."),
        ({"code": "https://vm.tiktok.com/ZMabc/", "days": "30"}, "This is a link, not a code."),
        ({"code": CODE}, "Give the number of days, or the end date below."),
        ({"code": CODE, "days": "400"}, "400 days is not possible"),
        ({"code": CODE, "ends_on": "2026-10-01"}, "This code ended on"),
    ],
    ids=["nothing", "link", "no end", "too long", "past"],
)
def test_what_cannot_be_kept_is_refused_beside_the_form(desk: Desk, given: dict[str, str], said: str) -> None:
    disconnect(desk)
    answer = browser(desk.mara).post(ready(desk), given)
    assert answer.status_code == 200 and said in read(answer)
    assert not Authorization.objects.filter(code__isnull=False).exists()


def test_a_request_is_answered_by_hand(desk: Desk) -> None:
    row = asked(desk)
    disconnect(desk)
    browser(desk.mara).post(
        answer_to(row) + "?go=1&read=on&step=days&days=30&until=2026-12-01", {"code": CODE, "days": "30"}
    )
    row = fresh(row)
    assert (row.state, row.term_days, row.agreed_until) == ("issued", 30, date(2026, 12, 1))


def test_the_advertiser_types_in_a_code_that_came_some_other_way(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.bo)
    page = client.get(answer_to(row))
    assert "Enter the code that Mara Lindt sent you" in read(page) and "Grant" not in read(page)
    answer = client.post(answer_to(row), {"code": CODE, "days": "60"})
    assert answer.headers["Location"] == reverse("authorization", args=[row.reference])
    assert fresh(row).state == "issued" and "terms.seen" not in events(row)


# -- who may ----------------------------------------------------------------------------------------------------------


def test_a_stranger_finds_no_such_thing(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.stranger)
    for address in (start(desk), ready(desk), answer_to(row), answer_to(row) + "?go=1&read=on&step=days&days=60"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"code": CODE, "days": "30"}).status_code == 404
    assert fresh(row).state == "requested"


def test_the_advertiser_cannot_authorize(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.bo)
    assert client.get(start(desk)).status_code == 404, "posts are the creator's"
    client.post(answer_to(row) + "?go=1&read=on&step=days&days=60")
    assert fresh(row).state == "requested"


def test_viewers_and_auditors_read_and_do_nothing(desk: Desk) -> None:
    row = asked(desk)
    vic = viewer_of_the_creator(desk)
    for actor in (vic, desk.auditor, desk.viewer):
        client = browser(actor)
        text = read(client.get(answer_to(row)))
        assert "It waits for somebody who may answer for Mara Lindt." in text and "Decline" not in text
        client.post(answer_to(row) + "?go=1&read=on&step=days&days=60", {"code": CODE, "days": "30"})
        assert fresh(row).state == "requested"
    assert browser(vic).post(ready(desk)).status_code == 403
    assert Authorization.objects.count() == 1


def test_an_admin_may_do_it_for_the_creator(desk: Desk) -> None:
    browser(desk.admin).post(ready(desk))
    assert Authorization.objects.get().state == "issued"


def test_no_address_of_the_steps_holds_a_code(desk: Desk) -> None:
    """A code sent by GET, by a mistake or a forged form, is not taken up: only the last step's POST reads one."""
    disconnect(desk)
    browser(desk.mara).get(ready(desk) + "&code=%23handMadeCode1234567890abcdef%3D&days=30")
    assert not Authorization.objects.exists()


def test_every_step_asks_the_database_a_bounded_number_of_times(
    desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    campaigns = tuple(desk.campaign(days=10 + index) for index in range(12))
    row = asked(desk, campaigns=campaigns, agreed_until=None)
    assert Campaign.objects.count() == 12
    client = browser(desk.mara)
    client.get(reverse("given"))
    for query in ("", "?go=1", "?go=1&read=on", "?go=1&read=on&step=days&days=60"):
        with django_assert_max_num_queries(24):
            page = client.get(answer_to(row) + query)
        assert len(page.content) < 100_000
    with django_assert_max_num_queries(24):
        client.get(ready(desk))


def test_somebody_who_ends_acting_for_the_creator_is_out(desk: Desk) -> None:
    client = browser(desk.mara)
    assert client.get(ready(desk)).status_code == 200
    accounts.leave(user=accounts_user(desk), party=desk.creator, actor=HOST, at=desk.at)
    assert client.post(ready(desk)).status_code == 404
