"""One served desk and one Chromium for all tests of a process; a new context for each person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.browsing import DESK, PHONE, Person, Served, launch, person, served

NewPerson = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.nodeid.split("/"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk_served() -> Iterator[Served]:
    """Every test finds the demo's people; what one test does stays for the next, so each works on things of its own."""
    with served() as desk:
        yield desk


@pytest.fixture
def new_person(desk_served: Served, chromium: Browser) -> Iterator[NewPerson]:
    """Makes people with a browser each: `new_person(phone=True)`. At the end nothing may have gone wrong in any."""
    people: list[Person] = []

    def make(*, phone: bool = False, **options: Any) -> Person:
        people.append(person(desk_served, chromium, PHONE if phone else DESK, **options))
        return people[-1]

    yield make
    faults = [fault for each in people for fault in each.faults]
    for each in people:
        each.context.close()
    assert not faults, faults
