"""With the keyboard alone, and without JavaScript: the main flows go through all the same."""

from __future__ import annotations

import re

from tests.browser.browsing import Person, Served
from tests.browser.conftest import NewPerson

_FAR: int = 80
"""More presses of Tab than any of these pages has places to stop at."""


def _tab_to(person: Person, name: str, role: str = "") -> None:
    """Presses Tab until the focus is on what has this name, and sees that it can be seen."""
    for _ in range(_FAR):
        person.page.keyboard.press("Tab")
        found = person.page.evaluate(
            """() => {
                const one = document.activeElement;
                const label = one.labels?.length ? one.labels[0].innerText : one.innerText || one.ariaLabel;
                const style = getComputedStyle(one);
                return {name: (label || one.value || "").trim(), kind: one.tagName + (one.type || ""),
                        seen: style.outlineStyle !== "none" && one.getBoundingClientRect().width > 0};
            }"""
        )
        if name.casefold() in found["name"].casefold() and role.casefold() in found["kind"].casefold():
            assert found["seen"], f"the focus on “{name}” cannot be seen"
            return
    raise AssertionError(f"Tab never came to “{name}” on {person.page.url}")


def _press(person: Person, name: str, role: str = "") -> None:
    _tab_to(person, name, role)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def _signs_in_by_keyboard(person: Person, name: str) -> None:
    person.go("/account/login/")
    _tab_to(person, "Mail address")
    person.page.keyboard.type(f"{name}@example.org")
    _tab_to(person, "Password", "input")
    person.page.keyboard.type(person.desk.passwords[name])
    _press(person, "Sign in", "button")


def test_a_post_is_authorized_with_the_keyboard_alone(desk_served: Served, new_person: NewPerson) -> None:
    mara = new_person()
    _signs_in_by_keyboard(mara, "mara")
    _press(mara, "My posts", "a")
    _press(mara, "Baking along with Theo", "a")
    mara.reads("Can it be authorized?")
    _press(mara, "Authorize this post", "a")
    _tab_to(mara, "Name of the brand or agency")
    mara.page.keyboard.type("Northwind")
    _press(mara, "Go on", "button")
    _tab_to(mara, "I have read this")
    mara.page.keyboard.press("Space")
    _press(mara, "Go on", "button")
    _tab_to(mara, "days", "radio")
    mara.page.keyboard.press("ArrowDown")
    mara.page.keyboard.press("ArrowDown")
    _press(mara, "Go on", "button")
    mara.reads("Lets Northwind run ads with this post until")
    _press(mara, "Authorize this post", "button")
    mara.reads("TikTok", "code")


def test_the_skip_link_leads_to_the_content(desk_served: Served, new_person: NewPerson) -> None:
    bo = new_person()
    bo.sign_in("bo")
    bo.go("/authorizations/")
    bo.page.keyboard.press("Tab")
    bo.page.keyboard.press("Enter")
    assert bo.page.evaluate("() => document.activeElement.id") == "main"


def test_a_code_is_used_without_javascript(desk_served: Served, new_person: NewPerson) -> None:
    mara, bo = new_person(phone=True, java_script_enabled=False), new_person(java_script_enabled=False)
    mara.sign_in("mara")
    bo.sign_in("bo")
    bo.go("/authorizations/?text=onion")
    bo.follow(bo.page.get_by_role("link", name=re.compile("onion")).first)
    reference = bo.page.url.rstrip("/").rpartition("/")[2]
    bo.reads("short")
    bo.button("Show the code")
    assert bo.page.locator("#the-code").inner_text().strip()
    bo.go(f"/authorizations/{reference}/do/check/")
    bo.page.locator("main form").get_by_role("button").first.click()
    bo.reads("The record says what the platform shows now")
    mara.go(f"/authorizations/{reference}/do/extend/")
    mara.page.get_by_role("radio", name="the fewest days that reach").check()
    mara.button("Extend the code")
    mara.reads("The code covers the whole campaign.")


def test_a_request_is_made_and_answered_without_javascript(desk_served: Served, new_person: NewPerson) -> None:
    bo, lou = new_person(java_script_enabled=False), new_person(phone=True, java_script_enabled=False)
    bo.sign_in("bo")
    bo.go("/requests/new/")
    bo.page.get_by_label("Creator").fill("@lou.laeuft")
    bo.page.get_by_label("Their mail address").fill("lou@example.net")
    bo.page.get_by_label("Link of the post").fill("https://www.tiktok.com/@lou.laeuft/video/7400000000000000999")
    bo.button("Fill in the message")
    assert bo.page.locator("#message textarea").input_value()
    bo.page.get_by_role("radio", name="30 days: ends").check()
    bo.page.get_by_role("button", name="Send the request").last.click()
    bo.reads("It was mailed to")
    found = re.search(rf"{re.escape(desk_served.url)}/r/\S+", desk_served.mails.next_to("lou@example.net"))
    assert found
    lou.go(found.group())
    lou.link("No, decline")
    lou.page.get_by_role("radio").first.check()
    lou.button("Send this answer")
    lou.reads("Northwind has your answer: no")
