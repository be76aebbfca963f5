"""`make screenshots`: the pictures of the README, taken of a demo desk. All people, posts, codes are invented."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import django
from playwright.sync_api import Browser, sync_playwright

from tests.browser.browsing import DESK, PHONE, Person, Served, launch, person, served


def _days(mara: Person) -> None:
    mara.go("/")
    mara.link("Answer")
    mara.link("Grant it, or grant less")
    mara.page.get_by_label("I have read this").check()
    mara.button("Go on")


def _posts(mara: Person) -> None:
    mara.go("/posts/")


def _list(bo: Person) -> None:
    bo.go("/authorizations/")


def _record(bo: Person) -> None:
    bo.go("/authorizations/?text=onion")
    bo.page.get_by_role("link", name=re.compile("onion")).first.click()


def _asked(bo: Person) -> None:
    """The page somebody without an account sees, by a link that is made for the picture."""
    bo.go("/requests/")
    bo.page.locator("tr", has_text="@theo.tries").get_by_role("link").first.click()
    bo.page.get_by_role("button", name="Remind", exact=True).click()
    address = bo.page.locator("#made").inner_text().strip()
    bo.context.clear_cookies()
    bo.go(address)


_PICTURES: Final[dict[str, tuple[str, bool, str, Callable[[Person], None]]]] = {
    "posts-phone": ("mara", True, "light", _posts),
    "authorize-phone": ("mara", True, "light", _days),
    "answer-phone": ("bo", True, "dark", _asked),
    "list-desk": ("bo", False, "light", _list),
    "record-desk": ("bo", False, "light", _record),
    "record-desk-dark": ("bo", False, "dark", _record),
}
"""Name → who looks, on a phone, in which colours, at what."""


def take(desk: Served, browser: Browser, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (who, on_phone, scheme, goes) in _PICTURES.items():
        looking = person(desk, browser, PHONE if on_phone else DESK, color_scheme=scheme)
        looking.sign_in(who)
        goes(looking)
        looking.page.wait_for_load_state("networkidle")
        looking.page.screenshot(path=folder / f"{name}.png", animations="disabled")
        looking.context.close()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    with served() as desk, sync_playwright() as playwright:
        take(desk, launch(playwright), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
