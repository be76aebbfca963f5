"""A login that was shared, on a phone: from oneself to the confirmed change, each page looked at."""

from __future__ import annotations

from tests.browser.browsing import Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well


def test_it_is_written_down_and_closed(desk_served: Served, new_person: NewPerson) -> None:
    mara = new_person(phone=True)
    mara.sign_in("mara")
    mara.go("/me/")
    mara.link("Exposures")
    mara.link("A login was shared")
    looks_well(mara)
    mara.page.get_by_role("textbox", name="Account").fill("@mara.makes")
    mara.button("Write it down")
    mara.reads("Nobody is named yet")
    mara.page.get_by_role("textbox", name="Who knows it").fill("Jo")
    mara.button("Add")
    mara.reads("Jo is on the list")
    looks_well(mara)
    mara.go("/")
    mara.reads("1 shared login is not changed yet.")
    looks_well(mara)
    mara.link("See who knows it")
    looks_well(mara)
    mara.link("@mara.makes")
    mara.link("It was changed")
    looks_well(mara)
    mara.page.get_by_role("textbox", name="What was done").fill("Set a new one, signed all devices out.")
    mara.button("Confirm that it was changed")
    mara.reads("Who knew it")
    looks_well(mara)
