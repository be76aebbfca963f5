"""Every page that somebody can reach: it opens, axe finds nothing, it fits a phone, and it asks nobody else."""

from __future__ import annotations

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well, violations, walk

LOOKED_AT: set[str] = set()
"""A kind of page is opened by everybody who can reach it, and looked at closely once."""


@pytest.mark.parametrize("who", ["nobody", "mara", "bo", "ada"])
def test_every_page_can_be_used_by_everybody(new_person: NewPerson, who: str) -> None:
    person = new_person()
    if who != "nobody":
        person.sign_in(who)
    found, seen = [], set()
    for kind in walk(person, "/account/login/" if who == "nobody" else "/"):
        seen.add(kind)
        if kind not in LOOKED_AT:
            LOOKED_AT.add(kind)
            found += [f"{kind} ({person.page.url}): {one}" for one in violations(person)]
    assert not found, "\n".join(found)
    assert len(seen) >= (2 if who == "nobody" else 20), seen


@pytest.mark.parametrize("path", ["/nowhere/", "/history/", "/answer/999/", "/r/unknown/", "/invitation/"])
def test_a_page_that_says_no_can_be_used_by_everybody(new_person: NewPerson, path: str) -> None:
    bo = new_person()
    bo.sign_in("bo")
    bo.go(path)
    assert bo.page.locator("h1").count() == 1
    looks_well(bo)
