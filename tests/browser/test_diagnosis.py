"""Why a code does not work: asked by somebody whom nobody knows, who leaves no trace, and from an authorization."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well

DAMAGED = "#Kx7 9Ab/Qe3rT5yUi8oP2aSdFgHjKl="
OUR_TRACES = "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_whom_nobody_knows_gets_an_answer_and_leaves_no_trace(new_person: NewPerson, scripts: bool) -> None:
    somebody = new_person(phone=True, java_script_enabled=scripts)
    somebody.go("/diagnose/")
    if scripts:
        looks_well(somebody)
    somebody.page.get_by_label("The code, just as you have it").fill(DAMAGED)
    somebody.button("Find out why")
    somebody.reads("not arrive", "Whose turn it is", "What to do")
    assert DAMAGED not in somebody.page.content() and DAMAGED[1:] not in somebody.page.url
    assert somebody.context.cookies() == []
    if scripts:
        assert somebody.page.evaluate(OUR_TRACES) == [0, 0, 0]
        looks_well(somebody)
    somebody.page.locator("section[aria-labelledby=cause] a.button").click()
    expect(somebody.page.locator(":target")).to_be_in_viewport()
    assert somebody.context.cookies() == []


def test_a_german_reader_is_told_in_german_and_can_send_it_in_english(new_person: NewPerson) -> None:
    reader = new_person(phone=True, locale="de-DE")
    reader.go("/diagnose/")
    reader.page.get_by_label("Was TikTok meldet").fill("Error 4025: auth_code_expired")
    reader.page.locator("main form").get_by_role("button").click()
    reader.page.locator("section[aria-labelledby=cause] summary", has_text="English").click()
    reader.page.locator("button[data-copy=message-first-en]").click()
    sent = reader.page.evaluate("() => navigator.clipboard.readText()")
    assert "has run out" in sent and "{" not in sent
    assert reader.page.locator("html").get_attribute("lang") == "de"
    reader.page.locator("section[aria-labelledby=cause] a.button").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Einen Code verlängern")


def test_from_an_authorization_it_knows_the_record(new_person: NewPerson) -> None:
    bo = new_person()
    bo.sign_in("bo")
    bo.go("/authorizations/?text=onion")
    bo.page.get_by_role("link", name=re.compile("onion")).first.click()
    bo.link("Does it not work? Find out why")
    bo.reads("from the desk's record", "Whose turn it is")
    looks_well(bo)
    bo.page.get_by_label("The code, just as you have it").fill("https://www.tiktok.com/@mara.makes/video/7")
    bo.button("Find out why")
    bo.reads("link")
    looks_well(bo)
