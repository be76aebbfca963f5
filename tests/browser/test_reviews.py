"""Two hundred lines are reviewed by keyboard alone, interrupted and resumed; all pages of a review are looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.browser.browsing import Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well

LINES: Final = 200
_STOP: Final = 87
"""So many lines are decided when the page is closed."""
_USUAL: Final = "kkkk1kekknkkkk2kkk4k"
"""What somebody presses, line after line: they keep most of it."""


def _crowd(desk: Served, name: str, number: int) -> None:
    environment = {
        **{each: value for each, value in os.environ.items() if not each.startswith(("VALETKEY_", "DJANGO_"))},
        "VALETKEY_HOME": str(desk.home), "DJANGO_SETTINGS_MODULE": "valetkey.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.browser.crowd", name, str(number)]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert ran.returncode == 0, ran.stderr


def _told(desk: Served, *words: str) -> Any:
    return json.loads(desk.command(*words, "--as", "bo@example.org", "--json"))


def _look(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody wants one."""
    folder = os.environ.get("LOOK_AT_REVIEWS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


class Keys:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)


def _saved(page: Page, number: int) -> None:
    """Nobody presses as fast as a script does."""
    expect(page.locator("#far")).to_have_text(f"{number} of {LINES} decided", timeout=60_000)


def _line(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.closest('fieldset')?.id || ''"))


def test_two_hundred_lines_by_keyboard_alone_interrupted_and_resumed(
    desk_served: Served, new_person: NewPerson
) -> None:
    _crowd(desk_served, "Northwind Centre", LINES)
    reference = _told(desk_served, "review", "open", "--party", "Northwind", "--asset", "Northwind Centre")["reference"]
    bo = new_person()
    bo.sign_in("bo")
    began = time.monotonic()
    bo.go(f"/reviews/{reference}/")
    bo.reads(f"0 of {LINES} decided", "Keys, while you are on a line")
    assert _line(bo.page) == "l1", "the page opens on the first line"
    _look(bo.page, "desk")
    keys = Keys(bo.page)
    for number in range(_STOP):
        keys.press(_USUAL[number % len(_USUAL)])
    _saved(bo.page, _STOP)
    bo.page.close()

    bo.page = bo.context.new_page()
    bo.go(f"/reviews/{reference}/")
    bo.reads(f"{_STOP} of {LINES} decided")
    assert _line(bo.page) == f"l{_STOP + 1}", "and later on the first one that is undecided"
    keys = Keys(bo.page)
    keys.press("ArrowDown", "j", "ArrowUp", "u")
    assert _line(bo.page) == f"l{_STOP + 1}", "moving decides nothing"
    keys.press("c")
    keys.type("Analyst is enough")
    keys.press("Enter")
    keys.press("l" if _may_end(bo.page) else "k")
    while (current := _line(bo.page)) and current != f"l{LINES}":
        keys.press(_USUAL[int(current[1:]) % len(_USUAL)])
    keys.press("k")
    _saved(bo.page, LINES)
    keys.press("ArrowUp")
    took = time.monotonic() - began
    print(f"\n{LINES} lines: {_STOP} + {keys.pressed} keys, {took:.0f} seconds with the pages")
    assert _STOP + keys.pressed < LINES + 40

    lines = _told(desk_served, "review", "show", reference)["lines"]
    assert len(lines) == LINES and all(line["decided_by"] == "Bo" for line in lines)
    assert [line["decision"] for line in lines[:10]] == [
        "keep", "keep", "keep", "keep", "keep", "keep", "end", "keep", "keep", "not_mine",
    ]  # fmt: skip
    (changed,) = [line for line in lines if line["decision"] == "change"]
    assert changed["note"] == "Analyst is enough"
    work = Counter(line["decision"] for line in lines)
    bo.go(f"/reviews/{reference}/")
    bo.link("Close this review")
    looks_well(bo)
    bo.button("Close it")
    bo.reads("Closed. What was decided is on its way.", "What the review of")
    looks_well(bo)
    bo.link("What the review of")
    bo.reads(f"0 of {work['end'] + work['change'] + work['not_mine'] + 1} steps settled")


def _may_end(page: Page) -> bool:
    return bool(page.evaluate("() => !!document.activeElement.closest('fieldset').querySelector('[value=l]')"))


def test_on_a_phone_by_taps_and_what_is_refused_is_said_at_its_line(desk_served: Served, new_person: NewPerson) -> None:
    _crowd(desk_served, "Northwind Kiosk", 9)
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/record/")
    bo.link("Reviews")
    looks_well(bo)
    bo.go("/reviews/new/")
    looks_well(bo)
    bo.page.get_by_label("One account or other asset").check()
    bo.page.get_by_label("Which asset or party").fill("Northwind Kiosk")
    bo.button("Open it")
    bo.reads("0 of 9 decided")
    review = bo.page.url
    looks_well(bo)
    _look(bo.page, "phone")
    first = bo.page.locator("fieldset").first
    first.get_by_label("Not mine").check()
    bo.reads("1 of 9 decided")
    second = bo.page.locator("fieldset").nth(1)
    second.get_by_label("Change", exact=True).check()
    second.get_by_label("Note").press("Enter")
    expect(bo.page.locator("#said")).to_contain_text("what is to be different")
    second.get_by_label("Note").fill("The password is Tr0ub4dor&3x")
    second.get_by_label("Note").press("Enter")
    bo.reads("looks as if it held a password or a code. It was not kept")
    looks_well(bo)
    _look(bo.page, "refused")
    second.get_by_label("Note").fill("Read only")
    second.get_by_label("Note").press("Enter")
    bo.reads("2 of 9 decided")
    second.get_by_role("link").click()
    looks_well(bo)
    bo.reads("change, Bo", "Read only")
    _look(bo.page, "line")
    bo.go(review)
    bo.reads("2 of 9 decided")
    assert not bo.page.get_by_role("link", name="Close this review").count(), "seven lines are undecided"


def test_without_scripts_the_same_by_one_button(desk_served: Served, new_person: NewPerson) -> None:
    _crowd(desk_served, "Northwind Depot", 4)
    reference = _told(desk_served, "review", "open", "--party", "Northwind", "--asset", "Northwind Depot")["reference"]
    bo = new_person(phone=True, java_script_enabled=False)
    bo.sign_in("bo")
    bo.go(f"/reviews/{reference}/")
    assert not bo.page.locator("#keys").is_visible()
    for each in bo.page.locator("fieldset").all():
        each.get_by_label("Keep").check()
    bo.page.locator("fieldset").first.get_by_label("Change", exact=True).check()
    bo.button("Save what is chosen")
    bo.reads("It is not said what is to be different", "3 of 4 decided")
    bo.page.get_by_label("Note").fill("Read only")
    bo.button("Save what is chosen")
    bo.reads("4 of 4 decided", "Close this review")
