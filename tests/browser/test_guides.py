"""The guides as people use them: from a search to the fix, each page looked at, without scripts, with a case."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.browsing import Person
from tests.browser.conftest import NewPerson
from tests.browser.looking import violations
from valetkey.guides.library import LANGUAGES, library

MOST_CLICKS = 3


def _ran_out(mara: Person, click: Callable[[Locator], None]) -> None:
    click(_situation(mara, "The code has run out"))
    mara.reads("Extend a code", "Extend it in the app")


def _damaged(mara: Person, click: Callable[[Locator], None]) -> None:
    click(mara.page.get_by_text("The code did not arrive whole"))
    mara.reads("Copy it anew with a Copy button")
    expect(mara.page.locator("#pasted_whole")).to_be_visible()


def _ended(mara: Person, click: Callable[[Locator], None]) -> None:
    click(_situation(mara, "The creator ended it"))
    mara.reads("Authorize a post", "generate the code")


def _situation(person: Person, says: str) -> Locator:
    return person.page.locator("#reroutes + ul > li", has_text=says).get_by_role("link")


@pytest.mark.parametrize("goes_on", [_ran_out, _damaged, _ended])
def test_from_a_search_a_creator_is_at_the_fix_in_three_clicks(
    new_person: NewPerson, goes_on: Callable[[Person, Callable[[Locator], None]], None]
) -> None:
    mara, clicks = new_person(phone=True), []

    def click(what: Locator) -> None:
        clicks.append(what.inner_text())
        what.click()

    mara.go("/guides/")
    mara.page.get_by_role("searchbox").fill("code not working")
    click(mara.page.get_by_role("button", name="Search"))
    click(mara.page.locator("#found + ul").get_by_role("link").first)
    goes_on(mara, click)
    assert len(clicks) <= MOST_CLICKS, clicks


def test_every_situation_beside_authorizing_leads_on(new_person: NewPerson) -> None:
    mara = new_person(phone=True)
    mara.go("/guides/en/authorize-a-post/")
    ways = mara.page.locator("#reroutes + ul a").evaluate_all("all => all.map(one => [one.href, one.innerText])")
    assert len(ways) == len(library().guide("authorize-a-post", "en").reroutes)
    for address, title in ways:
        answer = mara.page.goto(address)
        assert answer is not None and answer.ok
        expect(mara.page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_can_be_read_by_everybody(new_person: NewPerson, language: str) -> None:
    """With all that is folded up opened, so that all of it is looked at."""
    reader, found = new_person(phone=True, locale=language), []
    for name in ["", *(f"{guide.name}/" for guide in library().guides(language))]:
        reader.go(f"/guides/{language}/{name}")
        reader.page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
        found += [f"{language}/{name}: {one}" for one in violations(reader, ["phone"])]
    assert not found, "\n".join(found)
    assert reader.context.cookies() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_works_without_javascript(new_person: NewPerson, language: str) -> None:
    reader = new_person(phone=True, locale=language, java_script_enabled=False)
    reader.go("/guides/")
    assert reader.page.url.endswith(f"/guides/{language}/"), "in the language of the browser"
    for guide in library().guides(language):
        # What a link points at opens by itself; the rest opens by a tap.
        step = guide.steps[-1]
        reader.go(f"/guides/{language}/{guide.name}/#{step.name}")
        expect(reader.page.locator(f"#{step.name} dl").first).to_be_in_viewport()
        question = reader.page.locator(f"#question-{guide.questions[0].name}")
        question.locator("summary").click()
        expect(question.locator("p")).to_be_visible()
        for source in reader.page.locator("a.note:visible").all()[:1]:
            source.click()
            expect(reader.page.locator(str(source.get_attribute("href")))).to_be_in_viewport()


def test_with_a_case_it_knows_what_is_done_keeps_what_is_ticked_and_is_shared(new_person: NewPerson) -> None:
    mara, bo = new_person(phone=True), new_person(java_script_enabled=False)
    mara.sign_in("mara")
    mara.go("/authorizations/?text=onion")
    mara.page.get_by_role("link", name=re.compile("onion")).first.click()
    mara.follow(mara.page.get_by_role("link", name="Guides for this authorization"))
    case = mara.page.url
    mara.go(f"{case}authorize-a-post/")
    mara.reads("Done so far: 3 of 3.", "You and Northwind have agreed")
    expect(mara.page.locator("section.card h3").get_by_text("The record shows it")).to_have_count(3)
    expect(mara.page.get_by_role("button", name="I have done this")).to_have_count(0)

    mara.go(f"{case}hand-over-a-code/")
    open_steps = mara.page.get_by_role("button", name="I have done this")
    before, title = open_steps.count(), open_steps.first.inner_text().partition(": ")[2]
    mara.follow(open_steps.first)
    mara.page.reload()
    expect(open_steps).to_have_count(before - 1)
    ticked = mara.page.get_by_role("button", name=re.compile(rf"Not done after all\s*: {title}"))
    expect(ticked).to_have_count(1)

    mara.page.get_by_label("Who gets the link").fill("Bo")
    mara.button("Make a link")
    shared = mara.page.locator("#made").inner_text().strip()
    done = re.search(r"Done so far: (\d of \d)", mara.page.locator("main").inner_text())
    bo.go(shared)
    assert done and shared not in bo.page.url, "the link does not stay in the address"
    bo.reads("Hand over a code", "How I dye with onion skins", "Mara Lindt", done[1])
    expect(bo.page.locator("section.card", has_text=title).locator(".badge.accent")).to_have_text("✓ Done")
    expect(bo.page.locator("main form, main button, main input")).to_have_count(0)
