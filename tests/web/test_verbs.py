"""Every verb on a page of its own: what it says first, what it does, what stands there when it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import APPLY, EXTEND, SETTING, Tap, by_hand, fresh, order
from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import policy
from valetkey.audit.entry import Actor
from valetkey.authorizations import lifecycle, services
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization
from valetkey.errors import Uncertain
from valetkey.web.steps import WORDS
from valetkey.web.views.verbs import DOINGS, ELSEWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

DONE_BY_PEOPLE = {verb for verb in Verb if verb in policy.TABLE and verb not in {Verb.READ_BACK, Verb.EXPIRE}}
HX = {"HX-Request": "true"}


def do(row: Authorization, verb: Verb, query: str = "") -> str:
    return reverse("do", args=[row.reference, verb.value]) + query


def post(actor: Actor, row: Authorization, verb: Verb, given: dict[str, Any] | None = None, query: str = "") -> Any:
    return browser(actor).post(do(row, verb, query), given or {}, follow=True)


def asked(desk: Desk) -> Authorization:
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip


def ending(desk: Desk) -> Authorization:
    row = desk.in_use()
    return services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)


# -- the table --------------------------------------------------------------------------------------------------------


def test_every_verb_that_a_person_does_has_a_page() -> None:
    assert set(DOINGS) | set(ELSEWHERE) | {Verb.REQUEST} == DONE_BY_PEOPLE
    assert not set(DOINGS) & set(ELSEWHERE)


def test_every_verb_says_what_it_does_and_how_it_is_done_by_hand() -> None:
    assert set(WORDS) == DONE_BY_PEOPLE
    for verb in DOINGS:
        words = WORDS[verb]
        assert words.title and words.does.endswith(".")
        assert bool(words.side) == bool(words.by_desk) == bool(words.by_hand), verb


@pytest.mark.parametrize("who", ["mara", "bo", "viewer", "auditor"])
def test_a_verb_that_is_not_allowed_shows_what_is_possible_instead(desk: Desk, who: str) -> None:
    row, actor = desk.issued(), getattr(desk, who)
    client, allowed = browser(actor), set(services.allowed(authorization=row, actor=actor))
    for verb in DOINGS:
        answer = client.get(do(row, verb))
        page = answer.content.decode()
        assert WORDS[verb].title in page
        if verb in allowed:
            assert answer.status_code == 200 and '<form method="post" class="card"' in page
            continue
        fits = verb in lifecycle.allowed(State(row.state))
        assert answer.status_code == (403 if fits else 409)
        assert '<form method="post" class="card"' not in page
        assert {each for each in Verb if do(row, each) in page} == allowed - {Verb.REQUEST}


def test_what_nobody_does_has_no_page(desk: Desk) -> None:
    row, client = desk.issued(), browser(desk.admin)
    for verb in ("nonsense", "read_back", "expire", "seen_gone"):
        assert client.get(reverse("do", args=[row.reference, verb])).status_code == 404


def test_the_stranger_finds_nothing(desk: Desk) -> None:
    row, client = desk.issued(), browser(desk.stranger)
    given = {"reason": "x", "how": "x", "days": "30", "ad_accounts": [desk.rivals_account.reference]}
    for verb in Verb:
        assert client.get(do(row, verb)).status_code == client.post(do(row, verb), given).status_code == 404


def test_verbs_with_pages_of_their_own_lead_there(desk: Desk) -> None:
    row, client = desk.issued(), browser(desk.mara)
    for verb, name in ELSEWHERE.items():
        answer = client.get(do(row, verb))
        assert answer.status_code == 302 and answer["Location"] == reverse(name, args=[row.reference])


def test_asking_leads_to_a_new_request(desk: Desk) -> None:
    assert browser(desk.bo).get(do(desk.issued(), Verb.REQUEST))["Location"] == reverse("request_new")


@pytest.mark.parametrize("who", ["viewer", "auditor"])
def test_who_only_reads_is_refused_even_when_they_send_the_form(desk: Desk, who: str) -> None:
    row = desk.in_use()
    answer = post(getattr(desk, who), row, Verb.ASK_TO_END, {"reason": "Because."})
    assert answer.status_code == 403 and fresh(row).state == State.IN_USE


# -- the request ------------------------------------------------------------------------------------------------------


def test_a_creator_declines_with_a_reason_the_buyer_reads(desk: Desk) -> None:
    row = asked(desk)
    client = browser(desk.mara)
    assert "A declined request stays declined." in read(client.get(do(row, Verb.DECLINE)))
    assert "This field is required." in read(client.post(do(row, Verb.DECLINE), {"reason": " "}))
    answer = client.post(do(row, Verb.DECLINE), {"reason": "Not this post, please."}, follow=True)
    assert "Declined. The other side reads your reason." in read(answer)
    assert "Not this post, please." in read(browser(desk.bo).get(reverse("authorization", args=[row.reference])))


def test_a_buyer_withdraws_without_having_to_say_why(desk: Desk) -> None:
    row = asked(desk)
    assert "Withdrawn." in read(post(desk.bo, row, Verb.WITHDRAW))
    assert fresh(row).state == State.WITHDRAWN


# -- apply and unbind -------------------------------------------------------------------------------------------------


def test_apply_offers_the_advertisers_ad_accounts_as_ticks_with_the_agreed_one_ticked(desk: Desk) -> None:
    row = desk.issued(ad_account=desk.us)
    page = browser(desk.bo).get(do(row, Verb.APPLY)).content.decode()
    assert desk.eu.name in page and desk.us.name in page and desk.rivals_account.name not in page
    assert page.count('type="checkbox"') == 2
    ticked = page.partition("checked")[0].rpartition("<input")[2]
    assert desk.us.reference in ticked


def test_one_code_on_two_ad_accounts_is_two_results_on_one_page(desk: Desk) -> None:
    row = desk.opened()
    answer = post(desk.bo, row, Verb.APPLY, {"ad_accounts": [desk.eu.reference, desk.us.reference]})
    text = read(answer)
    assert "The code is applied" in text and text.count("applied and read back") == 2
    assert text.count("identity AUTH_CODE") == 2 and "Ending it ends both." in text
    assert row.applications.bound().count() == 2


def test_what_one_ad_account_is_refused_stands_beside_what_the_other_got(desk: Desk) -> None:
    row = desk.opened()
    order(
        desk, APPLY, "refuse", code=40001, message="advertiser does not grant you /tt_video/authorize/:POST permission"
    )
    text = read(post(desk.bo, row, Verb.APPLY, {"ad_accounts": [desk.eu.reference, desk.us.reference]}))
    assert "Applied on some, not on all" in text
    assert "says nothing about the code" in text and "does not grant you" in text, "TikTok's own words are kept"


def test_a_lost_answer_is_never_repeated(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "drop_after")
    text = read(post(desk.bo, row, Verb.APPLY, {"ad_accounts": [desk.eu.reference]}))
    assert "It is not known whether it was applied" in text and "Do not repeat it." in text
    assert "Look at the platform" in text and "Choose ad accounts again" not in text


def test_nothing_ticked_is_said_on_the_form(desk: Desk) -> None:
    assert "Tick at least one ad account." in read(post(desk.bo, desk.opened(), Verb.APPLY))


def test_an_ad_account_of_somebody_else_cannot_be_ticked(desk: Desk) -> None:
    row = desk.opened()
    answer = post(desk.bo, row, Verb.APPLY, {"ad_accounts": [desk.rivals_account.reference]})
    assert "not one of the available choices" in read(answer) and not row.applications.exists()


def test_without_a_connection_applying_is_guided_and_ticked_as_done(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    text = read(browser(desk.bo).get(do(row, Verb.APPLY)))
    assert "Not connected, so this is done by hand" in text and "Creative library" in text
    for word in ("Where", "Do", "Confirm", "If this fails"):
        assert word in text
    given = {"ad_accounts": [desk.eu.reference]}
    assert "Do it on TikTok first, then tick this." in read(post(desk.bo, row, Verb.APPLY, given))
    text = read(post(desk.bo, row, Verb.APPLY, {**given, "did": "on"}))
    assert "as somebody said" in text and "by hand: nothing was read" in text


def test_a_connected_buyer_may_still_say_that_it_was_done_by_hand(desk: Desk) -> None:
    row, tap = desk.opened(), Tap(desk)
    client = browser(desk.bo)
    assert "?by_hand=yes" in client.get(do(row, Verb.APPLY)).content.decode()
    given = {"ad_accounts": [desk.eu.reference], "did": "on"}
    client.post(do(row, Verb.APPLY, "?by_hand=yes"), given)
    assert tap.writes() == [] and row.applications.get().source == "stated"


def test_one_ad_account_is_taken_off_and_the_other_stays(desk: Desk) -> None:
    row = desk.in_use()
    desk.applied(row, desk.us)
    page = browser(desk.bo).get(do(row, Verb.UNBIND, f"?ad_account={desk.us.reference}")).content.decode()
    assert desk.us.reference in page.partition("checked")[0].rpartition("<input")[2]
    assert "Taken off that ad account." in read(post(desk.bo, row, Verb.UNBIND, {"ad_account": desk.us.reference}))
    assert [one.ad_account for one in row.applications.bound()] == [desk.eu]


# -- look, extend, replace --------------------------------------------------------------------------------------------


def test_a_look_brings_the_record_up_to_the_platform(desk: Desk) -> None:
    row = desk.issued()
    assert "The record says what the platform shows now." in read(post(desk.bo, row, Verb.CHECK))
    assert fresh(row).checked_at == desk.at


def test_without_a_connection_the_creator_says_what_the_app_shows(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    assert "What the app shows for this post" in read(browser(desk.mara).get(do(row, Verb.CHECK)))
    post(desk.mara, row, Verb.CHECK, {"saw": "in_use", "ends_on": "2026-12-24"})
    found = fresh(row)
    assert found.ends_at is not None and found.ends_at.isoformat() == "2026-12-25T00:00:00+00:00"
    assert found.window_source == "stated"


def test_the_buyer_cannot_say_what_the_creators_app_shows(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    text = read(browser(desk.bo).get(do(row, Verb.CHECK, "?by_hand=yes")))
    assert "What the app shows" not in text
    assert "Neither side is connected" in read(post(desk.bo, row, Verb.CHECK))


def test_extending_shows_each_term_against_the_campaign(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    page = browser(desk.mara).get(do(row, Verb.EXTEND))
    text = read(page)
    assert "7 days: ends Wed 9 Dec 2026, 09:00 (UTC); 13 days short of Spring shoes" in text
    assert "30 days: ends Fri 1 Jan 2027, 09:00 (UTC); reaches Spring shoes; the fewest days that reach" in text
    ticked = page.content.decode().partition("checked")[0].rpartition("<input")[2]
    assert 'value="30"' in ticked
    assert "cannot be taken off again" in text
    assert "Extended." in read(post(desk.mara, row, Verb.EXTEND, {"days": "30"}))
    assert row.window_changes.filter(verb="extend", days=30).exists()


def test_a_number_of_days_of_ones_own_says_where_it_leads_while_it_is_typed(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    client = browser(desk.mara)
    part = client.get(do(row, Verb.EXTEND, "?own_days=19"), headers=HX).content.decode()
    assert "19 days: ends Mon 21 Dec 2026, 09:00 (UTC); 1 day short of Spring shoes" in part and "<html" not in part
    assert (
        "A code lasts 1 to 365 days." in client.get(do(row, Verb.EXTEND, "?own_days=400"), headers=HX).content.decode()
    )
    assert client.get(do(row, Verb.EXTEND, "?own_days=x"), headers=HX).content.decode().strip() == ""
    post(desk.mara, row, Verb.EXTEND, {"days": "own", "own_days": "20", "did": "on"}, "?by_hand=yes")
    assert row.window_changes.filter(verb="extend", days=20).exists()


def test_another_number_without_the_number_is_asked_for(desk: Desk) -> None:
    assert "Say how many days" in read(post(desk.mara, desk.issued(), Verb.EXTEND, {"days": "own"}))


def test_tiktoks_refusal_stands_on_the_form_in_its_own_words_and_what_was_typed_is_kept(desk: Desk) -> None:
    row = desk.issued()
    order(desk, EXTEND, "refuse", code=40002, message="authorization_days is not one of ours")
    answer = post(desk.mara, row, Verb.EXTEND, {"days": "60"})
    text = read(answer)
    assert answer.status_code == 200 and "The platform said: authorization_days is not one of ours" in text
    assert 'value="60"' in answer.content.decode().partition("checked")[0].rpartition("<input")[2]
    assert fresh(row).claim_id is None


def test_after_a_lost_answer_one_stands_on_the_record_and_not_before_the_button(desk: Desk) -> None:
    row = desk.issued()
    order(desk, EXTEND, "drop_after")
    answer = post(desk.mara, row, Verb.EXTEND, {"days": "60"})
    assert answer.redirect_chain[-1][0] == reverse("authorization", args=[row.reference])
    text = read(answer)
    assert "it may or may not have been done" in text and "Do not repeat it." in text
    again = browser(desk.mara).get(do(row, Verb.ASK_TO_END))
    assert again.status_code == 409 and "Nothing else is done before that is settled" in read(again)


def test_what_no_look_can_tell_is_said_by_whoever_looked(desk: Desk) -> None:
    row = desk.issued()
    order(desk, EXTEND, "drop_after")
    with pytest.raises(Uncertain):
        services.extend(authorization=row, days=60, actor=desk.mara, at=desk.at)
    client = browser(desk.mara)
    text = read(client.get(do(row, Verb.EXTEND)))
    assert "Do not repeat it." in text and "nothing is sent to TikTok" in text
    tap = Tap(desk)
    client.post(do(row, Verb.EXTEND), {"days": "60", "did": "on"})
    assert tap.writes() == [] and fresh(row).claim_id is None
    assert browser(desk.bo).get(do(row, Verb.PAUSE_ADS)).status_code == 409


def test_replacing_explains_the_overlap_and_leads_to_the_new_one(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    text = read(browser(desk.mara).get(do(row, Verb.REPLACE)))
    assert "The old code is not touched" in text and "overlap" in text
    given = {"days": "60", "code": "#aNewCodeForTheSamePost99="}
    answer = post(desk.mara, row, Verb.REPLACE, given)
    new = Authorization.objects.get(replaces=row)
    assert answer.redirect_chain[-1][0] == reverse("authorization", args=[new.reference])
    assert given["code"] not in answer.content.decode() and fresh(row).state == State.ISSUED


def test_the_platform_giving_the_old_code_back_is_said_on_the_form(desk: Desk) -> None:
    row = desk.issued()
    text = read(post(desk.mara, row, Verb.REPLACE, {"days": "60"}))
    assert "it keeps one code per post" in text


# -- the end, step by step --------------------------------------------------------------------------------------------


def test_asking_to_end_shows_what_stops_before_the_button(desk: Desk) -> None:
    row = desk.in_use()
    page = browser(desk.mara).get(do(row, Verb.ASK_TO_END)).content.decode()
    assert f'hx-get="{reverse("stakes", args=[row.reference])}"' in page
    assert page.index("What stops") < page.index('<button class="button danger"')
    assert "no step that takes this back" in page


def test_the_whole_end_by_pages_from_both_sides(desk: Desk) -> None:
    row = desk.in_use()
    desk.ad(row)
    assert "Asked." in read(post(desk.mara, row, Verb.ASK_TO_END, {"reason": "It ends early."}))
    refused = read(post(desk.mara, row, Verb.SWITCH_OFF))
    assert "The platform said:" in refused and fresh(row).state == State.END_ASKED
    assert "“It ends early.”" in read(browser(desk.bo).get(reverse("authorization", args=[row.reference])))
    assert "sees that you have read it" in read(post(desk.bo, row, Verb.ACKNOWLEDGE_END))
    assert "The ads on the post are paused." in read(post(desk.bo, row, Verb.PAUSE_ADS))
    assert "Switched off. Next: confirm" in read(post(desk.mara, row, Verb.SWITCH_OFF))
    assert "It has not been confirmed yet" in read(browser(desk.bo).get(reverse("authorization", args=[row.reference])))
    assert "Ended." in read(post(desk.bo, row, Verb.CONFIRM_END))
    assert "Written down." in read(post(desk.mara, row, Verb.TELL_ADVERTISER, {"how": "by mail to Bo"}))
    found = fresh(row)
    assert found.state == State.ENDED and found.told_at is not None
    assert [verb.value for verb in services.allowed(authorization=found, actor=desk.viewer)] == []


def test_the_end_by_hand_asks_what_was_seen(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    text = read(browser(desk.mara).get(do(row, Verb.SWITCH_OFF)))
    assert "In the TikTok app of the creator, on the post itself: tap ··· and then Ad settings." in text
    post(desk.mara, row, Verb.SWITCH_OFF, {"did": "on"})
    assert "This field is required." in read(post(desk.mara, row, Verb.CONFIRM_END))
    post(desk.mara, row, Verb.CONFIRM_END, {"seen": "The switch is off and no code is shown."})
    found = fresh(row)
    assert found.state == State.ENDED and found.end_source == "stated"


def test_still_on_is_said_and_nothing_is_ended(desk: Desk) -> None:
    row = desk.issued()
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, by_hand=True, actor=desk.mara, at=desk.at)
    assert "still shows this code as live" in read(post(desk.mara, row, Verb.CONFIRM_END))
    assert fresh(row).state == State.SWITCHED_OFF


def test_a_second_click_finds_that_it_was_done_and_does_nothing_twice(desk: Desk) -> None:
    row = ending(desk)
    post(desk.bo, row, Verb.ACKNOWLEDGE_END)
    text = read(post(desk.bo, row, Verb.ACKNOWLEDGE_END))
    assert "does not fit: it is end acknowledged" in text
    assert services.history(authorization=row).filter(event="authorization.acknowledge_end").count() == 1


def test_a_page_about_a_verb_asks_no_platform(desk: Desk) -> None:
    row, tap = desk.in_use(), Tap(desk)
    for verb in (Verb.EXTEND, Verb.ASK_TO_END, Verb.CHECK, Verb.REPLACE):
        browser(desk.mara).get(do(row, verb))
    assert tap.calls == []


def test_an_uncertain_issue_leads_back_to_a_look(desk: Desk) -> None:
    row = asked(desk)
    order(desk, SETTING, "drop_after")
    with pytest.raises(Uncertain):
        services.issue(authorization=row, days=30, actor=desk.mara, at=desk.at)
    post(desk.mara, row, Verb.CHECK)
    assert fresh(row).state == State.ISSUED
