"""The record is written on a phone: a person, an account, who owns it, access with an end; each page looked at."""

from __future__ import annotations

from tests.browser.browsing import Person, Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well


def _name(bo: Person, label: str, name: str) -> None:
    """Chosen from a list, or typed: other tests may have put more people on the record than a list shows."""
    field = bo.page.get_by_label(label)
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(label=name)
    else:
        field.fill(name)


def test_somebody_gets_access_and_it_ends(desk_served: Served, new_person: NewPerson) -> None:
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/record/people/new/")
    looks_well(bo)
    bo.page.get_by_label("Name").fill("Jo Berg")
    bo.button("Enter")
    bo.reads("Jo Berg is on the record of Northwind.")
    jo = bo.page.url
    bo.go("/record/assets/new/")
    looks_well(bo)
    bo.page.get_by_label("What it is").select_option("business_center")
    bo.page.get_by_label("Name").fill("Northwind BC")
    bo.button("Enter")
    bo.page.locator("main").get_by_role("link", name="Who owns it", exact=True).click()
    looks_well(bo)
    _name(bo, "Main owner", "Jo Berg")
    bo.button("Write it down")
    bo.link("Confirm ownership")
    looks_well(bo)
    bo.button("It is so")
    bo.link("Add a list of access")
    looks_well(bo)
    bo.go(jo)
    bo.link("Give access")
    looks_well(bo)
    bo.page.get_by_role("link", name="Choose Business Center people").first.click()
    looks_well(bo)
    bo.page.get_by_label("Role").fill("Admin")
    bo.button("Write it down")
    bo.reads("This field is required.")
    looks_well(bo)
    bo.page.get_by_label("On a day").check()
    bo.page.get_by_label("Last day").fill("2099-12-31")
    bo.button("Write it down")
    bo.reads("Jo Berg", "31 Dec 2099", "Set a day on which somebody looks at it again.")
    access = bo.page.url
    for name in ("It is still so", "Let it end", "End it"):
        bo.go(access)
        bo.page.locator("main").get_by_role("link", name=name, exact=True).click()
        looks_well(bo)
    bo.page.get_by_label("Why it ends").fill("The job is done.")
    bo.button("It has ended")
    bo.reads("Ended in the record.")


def test_whom_one_works_with_and_who_does_what(desk_served: Served, new_person: NewPerson) -> None:
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/record/engagements/new/")
    looks_well(bo)
    bo.page.get_by_label("With whom").fill("Mara Lindt")
    bo.page.get_by_label("What for").fill("The spring launch")
    bo.button("Write it down")
    bo.reads("The spring launch")
    bo.page.get_by_role("link", name="End", exact=False).last.click()
    looks_well(bo)
    bo.go("/record/responsibilities/new/")
    looks_well(bo)
    bo.page.get_by_label("What is to be done").fill("Take them off every list")
    _name(bo, "Who does it", "Bo")
    bo.button("Write it down")
    bo.reads("Take them off every list")
    looks_well(bo)
    ada = new_person()
    ada.sign_in("ada")
    ada.go("/record/people/new/")
    ada.reads("First choose whose this belongs to.")
    looks_well(ada)
