"""Findings from the front to the decision, on a phone and at a desk: bulk, one by one, another day; pages looked at."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tests.browser.browsing import Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well


def test_decided_on_a_phone(desk_served: Served, new_person: NewPerson) -> None:
    desk_served.command("sweep", "--no-look")
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/")
    bo.reads("What needs a look today", "What ends in the next 30 days")
    looks_well(bo)
    bo.link(re.compile("findings$"))
    looks_well(bo)
    bo.page.locator("td.wide a").first.click()
    bo.reads("Why it matters", "What it rests on", "What helps", "Its past")
    looks_well(bo)
    bo.page.get_by_role("radio", name=re.compile("^Acknowledge")).check()
    bo.button("Decide")
    bo.reads("This field is required")
    looks_well(bo)
    bo.page.get_by_role("textbox", name="Reason").fill("We talk to them today.")
    bo.button("Decide")
    bo.reads("1 finding: acknowledged", "We talk to them today.")
    looks_well(bo)


def test_several_at_a_desk_and_another_day(desk_served: Served, new_person: NewPerson) -> None:
    desk_served.command("sweep", "--no-look")
    ada = new_person()
    ada.sign_in("ada")
    ada.go("/findings/")
    ada.page.get_by_label("How pressing").select_option(label="All but what is good to know")
    ada.page.wait_for_url(re.compile("severity=2"))
    ada.go("/findings/")
    looks_well(ada)
    for number in (0, 1):
        ada.page.locator("input[name=finding]").nth(number).check()
    ada.page.get_by_role("radio", name=re.compile("^Put off")).check()
    ada.page.get_by_role("textbox", name="Until").fill((date.today() + timedelta(days=20)).isoformat())
    ada.page.get_by_role("textbox", name="Reason").fill("After the fair.")
    ada.button("Decide")
    ada.reads("2 findings: put off")
    ada.go("/findings/?which=put_off")
    ada.reads("put off")
    ada.go("/")
    ada.page.get_by_text("Look at another day").click()
    ada.page.get_by_label("Day", exact=True).fill((date.today() + timedelta(days=40)).isoformat())
    ada.button("Show this day")
    ada.reads("if nobody changes anything until then")
    looks_well(ada)
    ada.go("/findings/rules/")
    ada.reads("What the desk looks for", "From when on")
    looks_well(ada)


def test_what_stops(desk_served: Served, new_person: NewPerson) -> None:
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/record/parties/")
    bo.page.locator("table a").first.click()
    bo.link("What stops if this party went")
    bo.reads("live authorization")
    looks_well(bo)
    bo.button("Ask the platform for the ads")
    bo.reads("Ads as the platform showed them")
    looks_well(bo)
