"""The list and the record: what a person reads there, who may, and that both stay quick with very many rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import APPLY, SETTING, Tap, by_hand, order
from tests.desk import Desk
from tests.many import many
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.audit.entry import Actor
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization, Reveal
from valetkey.connectors import services as connections
from valetkey.errors import Uncertain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LIST = reverse("authorizations")
HX = {"HX-Request": "true"}


def record(row: Authorization) -> str:
    return reverse("authorization", args=[row.reference])


def see(actor: Actor, address: str, **more: Any) -> str:
    answer = browser(actor).get(address, **more)
    assert answer.status_code == 200, answer.content
    return read(answer)


def asked(desk: Desk) -> Authorization:
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        message="We like it.", actor=desk.bo, at=desk.at,
    )  # fmt: skip


# -- the list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_teaches_the_first_step(desk: Desk) -> None:
    text = see(desk.bo, LIST)
    assert "No authorizations yet" in text and "Ask a creator for a post" in text and "never a login" in text


def test_a_row_tells_state_window_coverage_and_ad_accounts(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(),))
    desk.applied(row)
    text = see(desk.bo, LIST)
    assert row.reference in text and "in use" in text and "Mara Lindt → Northwind" in text
    assert "Wed 2 Dec 2026, 09:00 (UTC), in 30 days" in text
    assert "Northwind EU" in text and "1 day late" in text


def test_the_code_is_not_in_the_list(desk: Desk) -> None:
    row = desk.issued()
    assert row.code is not None
    page = browser(desk.bo).get(LIST).content.decode()
    assert row.code.reveal() not in page and row.code.masked() not in page


def test_filters_narrow_the_list(desk: Desk) -> None:
    row, client = desk.issued(campaigns=(desk.campaign(),)), browser(desk.bo)
    for query, is_there in (
        ("text=northwind", True),
        ("text=contoso", False),
        ("group=live", True),
        ("group=over", False),
        ("ends_within=40", True),
        ("ends_within=5", False),
        ("short=yes", True),
        ("differs=yes", False),
        ("state=issued&order=ends", True),
    ):
        text = read(client.get(f"{LIST}?{query}"))
        assert (row.reference in text) is is_there, query
        assert ("Nothing found" in text) is not is_there, query


def test_a_filter_that_cannot_be_used_is_said_and_narrows_nothing(desk: Desk) -> None:
    row = desk.issued()
    text = see(desk.bo, f"{LIST}?group=nonsense")
    assert "nonsense" in text and row.reference in text


def test_htmx_gets_the_table_alone_and_a_browser_going_back_the_whole_page(desk: Desk) -> None:
    desk.issued()
    part = browser(desk.bo).get(LIST, headers=HX).content.decode()
    assert "<html" not in part and "<table" in part and "search" not in part
    back = browser(desk.bo).get(LIST, headers={**HX, "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode() and "HX-Request" in back["Vary"]


def test_rows_become_cards_on_a_phone_and_columns_have_headings(desk: Desk) -> None:
    desk.issued()
    page = browser(desk.bo).get(LIST).content.decode()
    assert "cards-on-phone" in page and 'data-label="Code window"' in page and '<th scope="col">' in page


def test_a_view_is_saved_used_and_forgotten(desk: Desk) -> None:
    client = browser(desk.bo)
    answer = client.post(reverse("save_view"), {"name": "My view", "ends_within": "14", "group": "live"}, follow=True)
    assert "Saved as “My view”." in read(answer)
    page = client.get(LIST).content.decode()
    assert "My view" in page and "?group=live&amp;ends_within=14" in page
    assert "My view" not in see(desk.kim, LIST), "a view is one's own"
    assert "is forgotten" in read(client.post(reverse("forget_view"), {"name": "My view"}, follow=True))
    assert browser(desk.bo).post(reverse("forget_view"), {"name": "My view"}).status_code == 404


def test_a_view_without_a_name_is_asked_for_one(desk: Desk) -> None:
    answer = browser(desk.bo).post(reverse("save_view"), {"name": " ", "group": "live"})
    page = answer.content.decode()
    assert 'name="group" value="live"' in page and "This field is required." in page


def test_a_stranger_finds_nothing_and_the_auditor_everything(desk: Desk) -> None:
    row = desk.issued()
    assert row.reference not in see(desk.stranger, LIST)
    assert row.reference in see(desk.auditor, LIST)


def test_ten_thousand_authorizations_cost_few_queries_and_less_than_100_kb(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    rows = many(desk)
    for actor in (desk.bo, desk.admin):
        client = browser(actor)
        client.get(LIST)
        for address in (LIST, f"{LIST}?group=live&order=ends&page=7", f"{LIST}?text=number+7&short=yes"):
            with django_assert_max_num_queries(14):
                answer = client.get(address)
            assert answer.content.count(b"<tr>") == 51
            assert len(answer.content) < 100_000, f"{address}: {len(answer.content)}"
    client = browser(desk.bo)
    in_use = next(row for row in rows if row.state == "in_use")
    client.get(record(in_use))
    with django_assert_max_num_queries(30):
        answer = client.get(record(in_use))
    assert len(answer.content) < 100_000


# -- the record -------------------------------------------------------------------------------------------------------


def test_both_sides_read_the_same_record(desk: Desk) -> None:
    row = desk.in_use()
    for actor in (desk.mara, desk.bo):
        text = see(actor, record(row))
        assert "The code is in use." in text
        assert "Creator Mara Lindt by creator token" in text and "Advertiser Northwind by advertiser token" in text
        assert "Code window until Wed 2 Dec 2026, 09:00 (UTC), in 30 days" in text
        assert "Agreed use: no date agreed" in text and "No campaign named" in text
        assert "The window is as TikTok shows it" in text
        assert "Northwind EU in use" in text and "Read back Mon 2 Nov 2026, 09:00 (UTC)" in text
        assert "identity AUTH_CODE" in text and desk.post.platform_id in text
        assert "to Bo" in text and "Bo saw it" in text and "Bo applied the code to an ad account" in text


def test_the_code_is_masked_and_in_no_title(desk: Desk) -> None:
    row = desk.in_use()
    assert row.code is not None
    for actor in (desk.mara, desk.bo, desk.admin, desk.auditor, desk.viewer):
        page = browser(actor).get(record(row)).content.decode()
        assert row.code.reveal() not in page and row.code.masked() in page


def test_the_page_offers_exactly_what_is_allowed(desk: Desk) -> None:
    row = desk.in_use()
    for actor in (desk.mara, desk.bo, desk.kim, desk.viewer, desk.admin, desk.auditor):
        page = browser(actor).get(record(row)).content.decode()
        allowed = set(services.allowed(authorization=row, actor=actor))
        offered = {verb for verb in Verb if reverse("do", args=[row.reference, verb.value]) in page}
        offered |= {Verb.OPEN} if f'action="{reverse("code", args=[row.reference])}"' in page else set()
        assert offered == allowed - {Verb.REQUEST}, actor.name
        assert ("You can read all of it." in page) is not bool(allowed), actor.name


def test_the_next_step_is_the_primary_button_and_the_other_side_reads_whose_turn_it_is(desk: Desk) -> None:
    row = desk.issued()
    page = browser(desk.mara).get(record(row)).content.decode()
    assert f'class="button primary" href="{reverse("do", args=[row.reference, "hand_over"])}"' in page
    text = see(desk.bo, record(row))
    assert "It is the turn of Mara Lindt to hand the code over." in text
    assert "button primary" not in browser(desk.bo).get(record(row)).content.decode()


def test_the_creator_is_not_led_to_open_what_the_advertiser_is_to_open(desk: Desk) -> None:
    row = desk.issued()
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    assert "It is your turn to open the code." in see(desk.bo, record(row))
    text = see(desk.mara, record(row))
    assert "It is the turn of Northwind to open the code." in text and "Show the code" in text
    assert "button primary" not in browser(desk.mara).get(record(row)).content.decode()


def test_the_links_to_a_code_are_offered_to_those_who_may_look_at_them(desk: Desk) -> None:
    row = desk.issued()
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    address = reverse("sharing", args=[row.reference])
    for actor in (desk.mara, desk.admin, desk.auditor):
        assert f'href="{address}"' in browser(actor).get(record(row)).content.decode()
        assert browser(actor).get(address).status_code == 200
    assert address not in browser(desk.bo).get(record(row)).content.decode()


def test_a_request_says_who_asked_and_that_it_can_be_withdrawn(desk: Desk) -> None:
    row = asked(desk)
    text = see(desk.bo, record(row))
    assert "Northwind has asked Mara Lindt for this post." in text and "We like it." in text
    assert "Withdraw the request" in text and "There is no code yet." in text
    assert "Answer the request" in see(desk.mara, record(row))


def test_coverage_tells_how_many_days_are_missing_and_whose_turn_that_is(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(starts_in=1, days=36),))
    desk.applied(row)
    text = see(desk.mara, record(row))
    assert "The code is in use. It ends 7 days before a campaign that uses it." in text
    assert "Spring shoes until Tue 8 Dec 2026 (Europe/Berlin)" in text


def test_an_agreed_ad_account_that_differs_is_warned_of(desk: Desk) -> None:
    row = desk.issued(ad_account=desk.us)
    desk.applied(row)
    assert "Agreed was Northwind US; this is Northwind EU" in see(desk.bo, record(row))


def test_drift_stands_in_words(desk: Desk) -> None:
    row = desk.issued()
    Authorization.objects.filter(pk=row.pk).update(drift=["ENDED_ELSEWHERE"])
    assert "It was ended on the platform, not through this desk." in see(desk.mara, record(row))


def test_the_chain_leads_both_ways(desk: Desk) -> None:
    old = by_hand(desk)
    new = services.replace(
        authorization=old, days=60, code="#theNewCodeOfThisPost1234=", actor=desk.mara, at=desk.later(days=1)
    )
    assert f"Replaced by {new.reference} ." in see(desk.bo, record(old))
    text = see(desk.bo, record(new))
    assert f"Replaces {old.reference} ." in text and "counted from the days" in text


def test_an_uncertain_step_says_do_not_repeat_it_and_offers_only_a_look(desk: Desk) -> None:
    row = asked(desk)
    order(desk, SETTING, "drop_after")
    with pytest.raises(Uncertain):
        services.issue(authorization=row, days=30, actor=desk.mara, at=desk.at)
    page = browser(desk.mara).get(record(row))
    text = read(page)
    assert "Whether “issue” was carried out is not known" in text and "Do not repeat it." in text
    assert f'class="button primary" href="{reverse("do", args=[row.reference, "check"])}"' in page.content.decode()
    assert reverse("do", args=[row.reference, "decline"]) not in page.content.decode()


def test_an_uncertain_application_is_explained_too(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "drop_after")
    with pytest.raises(Uncertain):
        desk.applied(row)
    text = see(desk.bo, record(row))
    assert "Whether “apply” was carried out is not known" in text and "Do not repeat it." in text
    assert "Northwind EU: whether the code was applied is not known." in text


def test_by_hand_is_labelled(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    text = see(desk.bo, record(row))
    assert "Mara Lindt by hand" in text and "Northwind by hand" in text
    assert "by hand: nothing was read" in text and "The code is applied, as somebody stated it." in text


def test_the_stranger_finds_no_such_authorization(desk: Desk) -> None:
    row, client = desk.issued(), browser(desk.stranger)
    for name in ("authorization", "stakes", "history_of", "authorization_campaigns"):
        answer = client.get(reverse(name, args=[row.reference]))
        assert answer.status_code == 404 and row.post.name not in read(answer)


# -- the code ---------------------------------------------------------------------------------------------------------


def test_the_code_is_shown_only_in_answer_to_a_button_and_written_down(desk: Desk) -> None:
    row = desk.issued()
    assert row.code is not None
    address = reverse("code", args=[row.reference])
    assert browser(desk.mara).get(address).status_code == 302
    assert not Reveal.objects.exists()
    answer = browser(desk.mara).post(address)
    assert row.code.reveal() in read(answer) and "no-store" in answer["Cache-Control"]
    assert Reveal.objects.get().by == "Mara"
    assert (
        row.code.reveal() not in address and row.code.reveal() not in answer.content.decode().partition("</title>")[0]
    )


def test_a_copy_is_written_down_and_leaves_the_page_as_it_is(desk: Desk) -> None:
    row = desk.issued()
    answer = browser(desk.mara).post(reverse("code_copied", args=[row.reference]))
    assert answer.status_code == 204 and not answer.content
    assert Reveal.objects.get().how == Reveal.How.COPIED
    assert "Mara copied it" in see(desk.bo, record(row))


def test_before_it_is_handed_over_the_buyer_is_told_so(desk: Desk) -> None:
    row = desk.issued()
    answer = browser(desk.bo).post(reverse("code", args=[row.reference]))
    assert answer.status_code == 409 and "not handed over to you now" in read(answer)


@pytest.mark.parametrize(("who", "status"), [("admin", 403), ("auditor", 403), ("viewer", 403), ("stranger", 404)])
def test_who_keeps_or_reads_the_record_gets_no_code(desk: Desk, who: str, status: int) -> None:
    row = desk.opened()
    assert row.code is not None
    for name in ("code", "code_copied"):
        answer = browser(getattr(desk, who)).post(reverse(name, args=[row.reference]))
        assert answer.status_code == status and row.code.reveal() not in answer.content.decode()
    assert Reveal.objects.count() == 1, "Bo's own"


# -- what stops, and which campaigns ----------------------------------------------------------------------------------


def test_what_stops_names_campaigns_and_running_ads(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(),))
    desk.applied(row)
    desk.ad(row)
    address = reverse("stakes", args=[row.reference])
    text = see(desk.bo, address)
    assert "Spring shoes : runs until Tue 8 Dec 2026 (Europe/Berlin)" in text
    assert "1 running ad would stop." in text and "Shoes (running)" in text
    assert "Shoes (running)" not in see(desk.mara, address), "how ads are called is the buyer's own"
    part = browser(desk.bo).get(address, headers=HX).content.decode()
    assert "<html" not in part and "Spring shoes" in part


def test_what_stops_says_why_it_is_not_known(desk: Desk) -> None:
    row = desk.in_use()
    connection = desk.advertiser.connections.get(ended_at=None)
    connections.disconnect(connection=connection, actor=desk.bo, at=desk.at)
    text = see(desk.bo, reverse("stakes", args=[row.reference]))
    assert "not known. Northwind is not connected. Look in TikTok Ads Manager." in text


def test_the_record_asks_no_platform(desk: Desk) -> None:
    row = desk.in_use()
    tap = Tap(desk)
    see(desk.bo, record(row))
    assert tap.calls == []


def test_the_buyer_says_which_campaigns_use_it(desk: Desk) -> None:
    row, campaign = desk.issued(), desk.campaign()
    address = reverse("authorization_campaigns", args=[row.reference])
    assert "Spring shoes: 2 Nov 2026 – 8 Dec 2026 (Europe/Berlin), Northwind EU" in see(desk.bo, address)
    answer = browser(desk.bo).post(address, {"campaigns": [campaign.reference]}, follow=True)
    assert "Coverage is reckoned for these campaigns." in read(answer)
    assert list(row.campaigns.all()) == [campaign]


@pytest.mark.parametrize(("who", "status"), [("mara", 403), ("viewer", 403), ("auditor", 403), ("stranger", 404)])
def test_which_campaigns_use_it_is_the_buyers_to_say(desk: Desk, who: str, status: int) -> None:
    row = desk.issued()
    address = reverse("authorization_campaigns", args=[row.reference])
    client = browser(getattr(desk, who))
    assert client.get(address).status_code == client.post(address, {"campaigns": []}).status_code == status
