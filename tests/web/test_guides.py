"""Guides as pages: for everybody in two languages, with a case, and behind a link; each of their links leads on."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts.models import User
from valetkey.authorizations import services
from valetkey.authorizations.case import GUIDES, fitting
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.links import STEPS
from valetkey.authorizations.models import Authorization, GuideLink
from valetkey.guides.library import LANGUAGES, library
from valetkey.web.language import NAMES
from valetkey.web.steps import WORDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

ALL = [(language, guide.name) for language in LANGUAGES for guide in library().guides(language)]
PAGES = [f"/guides/{language}/" for language in LANGUAGES] + [f"/guides/{one}/{name}/" for one, name in ALL]


def links_of(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page)]


def ids_of(page: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', page)


@cache
def _page(path: str) -> Any:
    """The pages of everybody are the same for all tests."""
    return Client().get(path)


@cache
def _elsewhere(path: str) -> Any:
    """Where pages of everybody lead to besides each other: the same few addresses."""
    return Client().get(path, follow=True)


def _follow(client: Client) -> Callable[[str], Any]:
    return lambda path: client.get(path, follow=True)


def assert_leads_on(get: Callable[[str], Any], path: str, page: str) -> None:
    """Every link of the page within this desk answers, and what it points at on the page is there."""
    assert len(ids_of(page)) == len(set(ids_of(page))), "an id stands once on a page"
    for link in links_of(page):
        if link.startswith(("https://", "http://")):
            continue
        target, _, anchor = link.partition("#")
        if not target:
            assert anchor in ids_of(page), link
            continue
        answer = get(target if target.startswith("/") else path + target)
        assert answer.status_code == 200, link
        if anchor:
            assert anchor in ids_of(answer.content.decode()), link


@pytest.mark.parametrize("path", PAGES)
def test_a_page_for_everybody_is_in_its_language_keeps_nothing_and_leads_on(path: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(path)
    page, language = answer.content.decode(), path.split("/")[2]
    assert answer.status_code == 200 and f'<html lang="{language}">' in page
    assert not answer.cookies and not asked.captured_queries
    assert "csrf" not in page and "{" not in read(answer)
    assert f'hreflang="{"de" if language == "en" else "en"}"' in page
    assert_leads_on(lambda at: _page(at) if at in PAGES else _elsewhere(at), path, page)


@pytest.mark.parametrize(("language", "name"), ALL)
def test_a_guide_shows_everything_it_has(language: str, name: str) -> None:
    guide, answer = library().guide(name, language), _page(f"/guides/{language}/{name}/")
    page, words = answer.content.decode(), library().words(language)
    for step in guide.steps:
        assert f'id="{step.name}"' in page
    for label in ("where", "do", "confirm", "fails"):
        assert page.count(f"<dt>{words[label]}</dt>") >= len(guide.steps)
    assert page.count("<details><summary>" + words["studio"]) == sum(step.studio is not None for step in guide.steps)
    facts = library().facts(language)
    parts: list[Any] = [*guide.before, *guide.steps, *guide.mistakes, *guide.questions]
    cited = {fact for each in parts for fact in each.facts}
    for fact in cited:
        assert f'id="fact-{fact}"' in page and facts[fact].says in unescape(page)
        if facts[fact].disagreement:
            assert unescape(page).count(facts[fact].disagreement) >= 2, "where it is used, and at the end"
    assert not cited or words["read_on"] in read(answer)


def test_a_day_is_written_in_the_readers_language() -> None:
    assert "15 November 2026" in read(_page("/guides/en/authorize-a-post/"))
    assert "15. November 2026" in read(_page("/guides/de/authorize-a-post/"))


@pytest.mark.parametrize(
    ("asked_for", "language"),
    [("de-AT,de;q=0.9", "de"), ("en-US", "en"), ("fr,de;q=0.5", "de"), ("fr", "en"), ("", "en"), ("*;q=x", "en")],
)
def test_the_browser_says_which_language(asked_for: str, language: str) -> None:
    answer = Client(headers={"accept-language": asked_for}).get("/guides/")
    assert answer.headers["Location"] == f"/guides/{language}/" and not answer.cookies


def test_what_somebody_chose_goes_before_what_their_browser_says(desk: Desk) -> None:
    client = browser(desk.mara)
    assert "Your language" in read(client.get("/me/"))
    assert client.post("/me/", {"language": "de"}).status_code == 302
    assert User.objects.get(pk=desk.mara.user_id or 0).language == "de"
    given = {"accept-language": "en"}
    assert client.get("/guides/", headers=given).headers["Location"] == "/guides/de/"
    client.post("/me/", {"language": ""})
    assert client.get("/guides/", headers=given).headers["Location"] == "/guides/en/"
    assert client.post("/me/", {"language": "fr"}).status_code == 400
    assert client.post("/me/", {"time_zone": "desk"}).status_code == 302, "the other form goes its own way"


def test_a_search_finds_in_both_languages_and_says_when_it_finds_nothing() -> None:
    assert "Extend a code" in read(_page("/guides/en/?q=extend"))
    assert "Anleitung" in read(_page("/guides/de/?q=code+geht+nicht"))
    words = library().words("en")
    nothing = Client().get("/guides/en/", {"q": "<b>qqqqqqq</b>"})
    assert words["nothing_found"] in read(nothing) and "<b>qqq" not in nothing.content.decode()
    assert_leads_on(_elsewhere, "/guides/en/", nothing.content.decode())
    assert Client().get("/guides/en/", {"q": "x " * 5000}).status_code == 200


@pytest.mark.parametrize("path", ["/guides/en/nothing/", "/guides/de/nothing/"])
def test_a_guide_there_is_none_of_leads_to_all_of_them(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404 and not answer.cookies
    assert library().words(path[8:10])["no_such_guide"] in read(answer)
    assert Client().get("/guides/fr/").status_code == 404


@pytest.mark.parametrize(("language", "search"), [("en", "code not working"), ("de", "code geht nicht")])
@pytest.mark.parametrize("fix", ["extend-a-code", "authorize-a-post", "take-off-an-ad-account", "post-not-eligible"])
def test_from_a_search_to_the_fix_in_three_clicks(language: str, search: str, fix: str) -> None:
    """One: the first that was found. Two: the situation that is one's own. A step of the first guide is one click."""
    found = Client().get(f"/guides/{language}/", {"q": search}).content.decode()
    first = next(link for link in links_of(found.partition('id="found"')[2]) if link.startswith(f"/guides/{language}/"))
    assert first == f"/guides/{language}/code-does-not-work/"
    top = _page(first).content.decode().partition('id="reroutes"')[2].partition("</section>")[0]
    assert f"/guides/{language}/{fix}/" in links_of(top)


def test_what_the_desk_names_of_the_guides_is_there() -> None:
    """Verbs, states and steps in code, against the library."""
    for which in [words.by_hand for words in WORDS.values() if words.by_hand]:
        assert library().guide(which.guide, "en").step(which.step)
    for name in STEPS[1:]:
        assert library().guide("authorize-a-post", "en").step(name)
    for name in {*GUIDES.values(), *(one for state in State for verb in [None, *Verb] for one in fitting(state, verb))}:
        assert library().guide(name, "en")
    assert tuple(NAMES) == LANGUAGES


def at(row: Authorization, name: str = "", language: str = "") -> str:
    path = f"/authorizations/{row.reference}/guides/" + (f"{name}/" if name else "")
    return path + (f"?language={language}" if language else "")


def requested(desk: Desk) -> Authorization:
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=60,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip


def test_the_guide_of_the_next_step_comes_first_and_says_whose_turn_it_is(desk: Desk) -> None:
    row = requested(desk)
    page = read(browser(desk.mara).get(at(row)))
    assert "It is your turn to answer the request." in page
    assert page.index("Authorize a post") < page.index("Agree on a duration")
    assert "It is the turn of Mara Lindt" in read(browser(desk.bo).get(at(row)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_fills_every_guide_and_every_link_on_it_works(desk: Desk, language: str) -> None:
    row, client = desk.in_use(), browser(desk.mara)
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    for guide in library().guides(language):
        answer = client.get(at(row, guide.name, language))
        assert answer.status_code == 200 and f'<div lang="{language}">' in answer.content.decode()
        assert "{" not in read(answer)
    page = client.get(at(row, "end-an-authorization", language)).content.decode()
    assert_leads_on(_follow(client), at(row, "end-an-authorization"), page)


def test_a_guide_knows_the_days_and_the_names(desk: Desk) -> None:
    page = read(browser(desk.mara).get(at(requested(desk), "authorize-a-post")))
    assert "Choose 60 days and generate the code" in page and "You and Northwind have agreed" in page
    german = read(browser(desk.mara).get(at(desk.issued(post=desk.note("public_two")), "extend-a-code", "de")))
    assert "Dezember 2026" in german  # codespell:ignore


def test_the_record_ticks_and_a_person_ticks_without_script(desk: Desk) -> None:
    row, client = requested(desk), browser(desk.mara)
    words = library().words("en")
    first = client.get(at(row, "authorize-a-post"))
    assert words["known"] in read(first), "the post is public, as the creator said"
    sent = client.post(at(row, "authorize-a-post"), {"step": "switched_on"})
    assert sent.headers["Location"] == f"{at(row, 'authorize-a-post')}#switched_on"
    assert f"{words['progress']}: 1 {words['of']} 3" in read(client.get(at(row, "authorize-a-post")))
    assert f"{words['progress']}: 0" in read(browser(desk.bo).get(at(row, "authorize-a-post"))), "a note of one's own"
    client.post(at(row, "authorize-a-post"), {"step": "switched_on", "undo": "1"})
    assert f"{words['progress']}: 0" in read(client.get(at(row, "authorize-a-post")))
    assert client.post(at(row, "authorize-a-post"), {"step": "nothing"}).status_code == 400
    assert client.get(at(row, "nothing")).status_code == 404
    row = desk.issued()
    assert f"{words['progress']}: 3 {words['of']} 3" in read(client.get(at(row, "authorize-a-post")))


def test_a_guide_ends_in_the_verb_of_whoever_may_use_it(desk: Desk) -> None:
    row = desk.issued()
    extend = reverse("do", args=[row.reference, "extend"])
    creators = browser(desk.mara).get(at(row, "extend-a-code"))
    assert extend in links_of(creators.content.decode()) and "There is no API access" not in read(creators)
    assert extend not in links_of(browser(desk.bo).get(at(row, "extend-a-code")).content.decode())
    desk.disconnect_all()
    by_hand = browser(desk.mara).get(at(row, "extend-a-code"))
    assert extend in links_of(by_hand.content.decode()) and "There is no API access for this step" in read(by_hand)


def test_the_ending_leads_to_the_step_that_comes_next(desk: Desk) -> None:
    row = desk.in_use()
    for verb, actor in (("ask_to_end", desk.mara), ("acknowledge_end", desk.bo)):
        page = browser(actor).get(at(row, "end-an-authorization")).content.decode()
        assert reverse("do", args=[row.reference, verb]) in links_of(page)
        if verb == "ask_to_end":
            services.ask_to_end(authorization=row, reason="Early end.", actor=actor, at=desk.at)


def test_pages_of_the_desk_lead_to_the_guides(desk: Desk) -> None:
    row, client = desk.issued(), browser(desk.mara)
    page = client.get(f"/authorizations/{row.reference}/").content.decode()
    assert at(row, "hand-over-a-code") in links_of(page) and at(row) in links_of(page)
    step = client.get(f"/authorizations/{row.reference}/do/extend/?by_hand=yes").content.decode()
    assert f"{at(row, 'extend-a-code')}#extended" in links_of(step)
    assert "/guides/" in links_of(client.get("/").content.decode())
    assert "/guides/" in links_of(Client().get("/account/login/").content.decode())


def test_a_guide_is_shared_by_a_link_that_shows_how_far_it_is(desk: Desk) -> None:
    row, client = desk.in_use(), browser(desk.mara)
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    assert client.post(f"{at(row, 'apply-a-code')}share/", {"recipient": "", "days": "7"}).status_code == 422
    assert client.post(f"{at(row, 'apply-a-code')}share/", {"recipient": "Lou", "days": "7"}).status_code == 302
    link = re.search(r"http\S+(/g/(\S+)/)", read(client.get(at(row, "apply-a-code"))))
    assert link is not None
    assert link[2] not in client.get(at(row, "apply-a-code")).content.decode(), "it is shown once"
    guest = Client()
    visit = guest.get(link[1])
    assert visit.headers["Location"] == f"/guide-shared/{GuideLink.objects.get().pk}/"
    assert visit.headers["Referrer-Policy"] == "no-referrer"
    answer = guest.get(visit.headers["Location"])
    page, words = answer.content.decode(), read(answer)
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    for told in ("Mara Lindt", "Northwind", row.post.name, "2 December 2026", "The record shows it"):
        assert told in words
    for hidden in (row.code.reveal() if row.code else "", desk.eu.platform_id, desk.eu.name, "Spring shoes", link[2]):
        assert hidden not in page
    assert row.reference not in page and "<form" not in page
    assert '<html lang="de">' in guest.get(f"{visit.headers['Location']}?language=de").content.decode()
    assert_leads_on(_follow(guest), visit.headers["Location"], page)
    assert "opened 1 time" in read(client.get(at(row, "apply-a-code")))


def test_a_stopped_link_shows_nothing_any_more(desk: Desk) -> None:
    row, client, guest = desk.issued(), browser(desk.mara), Client()
    made = services.share_guide(authorization=row, name="extend-a-code", recipient="Lou", actor=desk.mara, at=desk.at)
    guest.get(f"/g/{made.link.reveal()}/")
    page = f"/guide-shared/{made.guide_link.pk}/"
    assert guest.get(page).status_code == 200 and Client().get(page).status_code == 404
    stop = f"{at(row, 'extend-a-code')}share/{made.guide_link.pk}/stop/"
    assert client.post(stop.replace("extend-a-code", "apply-a-code")).status_code == 404
    assert client.post(stop).status_code == 302 and client.post(stop).status_code == 409
    closed = guest.get(page)
    assert closed.status_code == 410 and row.post.name not in read(closed)
    assert Client().get(f"/g/{'x' * 43}/").headers["Location"] == "/shared/unknown/"
    lines = read(client.get(f"/authorizations/{row.reference}/history/"))
    assert "made a link to a guide and its steps" in lines and "stopped a link to a guide" in lines


def test_the_guest_of_one_guide_reaches_no_other(desk: Desk) -> None:
    row, guest = desk.issued(), Client()
    first, second = (
        services.share_guide(authorization=row, name=name, recipient="Lou", actor=desk.mara, at=desk.at)
        for name in ("extend-a-code", "apply-a-code")
    )
    guest.get(f"/g/{first.link.reveal()}/")
    assert guest.get(f"/guide-shared/{first.guide_link.pk}/").status_code == 200
    assert guest.get(f"/guide-shared/{second.guide_link.pk}/").status_code == 404
    assert guest.get(at(row, "extend-a-code")).status_code == 302, "the link is good for its page alone"
