"""The record looked at: each kind of page, on a phone and at a desk, and the way through it by keyboard alone."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.browsing import Person, Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well


@pytest.fixture(scope="module")
def harbour(desk_served: Served) -> dict[str, str]:
    """A Business Center with an owner, an admin and a partner, on the record of Northwind: kind → reference."""

    def told(*words: str) -> str:
        answer = json.loads(desk_served.command(*words, "--json"))
        return str((answer[-1] if isinstance(answer, list) else answer)["reference"])

    told("person", "add", "Hanna Harbour", "--party", "Northwind", "--work", "Runs the Business Center")
    told("person", "add", "Ole Otter", "--party", "Northwind")
    asset = told("asset", "add", "Harbour BC", "--party", "Northwind", "--kind", "business_center", "--no-surfaces")
    surface = told("surface", "add", asset, "Harbour members")
    opened = ("access", "open", surface, "--owner", "Hanna Harbour")
    access = told(*opened, "--person", "Hanna Harbour", "--role", "Admin", "--never-ends")
    told(*opened, "--person", "Ole Otter", "--role", "Standard", "--end-unknown")
    desk_served.command("ownership", "set", asset, "--owned-by", "Northwind", "--owner", "Hanna Harbour")
    return {"asset": asset, "surface": surface, "access": access}


@pytest.mark.parametrize("on_phone", [True, False], ids=["phone", "desk"])
def test_from_the_search_to_every_kind_of_page(
    desk_served: Served, new_person: NewPerson, harbour: dict[str, str], on_phone: bool
) -> None:
    bo = new_person(phone=on_phone)
    bo.sign_in("bo")
    bo.go("/")
    bo.page.get_by_role("navigation", name="Main").get_by_role("link", name="Record", exact=True).click()
    looks_well(bo)
    bo.page.get_by_role("searchbox").fill("harbour")
    bo.button("Find")
    bo.reads("Hanna Harbour", "Harbour BC", "Harbour members")
    looks_well(bo)
    bo.link("Hanna Harbour")
    bo.reads("Access (1)", "never ends", "If Hanna Harbour left today")
    unfold(bo)
    looks_well(bo)
    bo.link("Harbour members")
    bo.reads("On this list (2)", "end not known")
    looks_well(bo)
    bo.link("Harbour BC")
    bo.reads("Who is on it", "Main owner")
    unfold(bo)
    looks_well(bo)
    bo.page.locator("main").get_by_role("link", name="Admin", exact=True).click()
    bo.reads("What is on record", "Hanna Harbour of Northwind")
    looks_well(bo)
    for path in ("/record/people/", "/record/parties/", "/record/assets/"):
        bo.go(path)
        looks_well(bo)
    bo.link("Harbour BC")
    bo.page.locator("main").get_by_role("link", name="Northwind", exact=True).first.click()
    bo.reads("Enter somebody")
    looks_well(bo)


def test_another_day_by_keyboard_alone(new_person: NewPerson, harbour: dict[str, str]) -> None:
    bo = new_person(java_script_enabled=False)
    bo.sign_in("bo")
    bo.go(f"/record/assets/{harbour['asset']}/")
    reach(bo, "Look at another day")
    bo.page.keyboard.press("Enter")
    reach(bo, "")
    bo.page.keyboard.type("01022020")
    bo.page.keyboard.press("Enter")
    bo.reads("Not on record then", "Harbour BC was not on the record at the end of that day")
    reach(bo, "Back to today")
    bo.page.keyboard.press("Enter")
    bo.reads("Who is on it")
    assert "on=" not in bo.page.url


def test_the_map_is_pushed_sideways_by_keyboard(new_person: NewPerson, harbour: dict[str, str]) -> None:
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go(f"/record/assets/{harbour['asset']}/")
    shown = bo.page.get_by_role("region", name=re.compile("Map of Harbour BC"))
    shown.focus()
    bo.page.keyboard.press("ArrowRight")
    bo.page.wait_for_function("() => document.querySelector('.map-scroll').scrollLeft > 0")


def test_the_list_is_taken_along_as_a_file(new_person: NewPerson, harbour: dict[str, str]) -> None:
    bo = new_person()
    bo.sign_in("bo")
    bo.go(f"/record/surfaces/{harbour['surface']}/")
    with bo.page.expect_download() as given:
        bo.link("Download as CSV")
    text = given.value.path().read_text("utf-8-sig")
    assert "Hanna Harbour" in text and "never" in text and "Ole Otter" in text and "unknown" in text


def unfold(person: Person) -> None:
    """What is folded is looked at too."""
    person.page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")


def reach(person: Person, text: str) -> None:
    """By the tabulator, until what has this text is in focus; "" for the next field."""
    for _ in range(60):
        person.page.keyboard.press("Tab")
        focused = person.page.locator(":focus")
        if focused.count() and (focused.inner_text().strip() == text if text else focused.get_attribute("name")):
            return
    raise AssertionError(f"“{text}” is not reached.")
