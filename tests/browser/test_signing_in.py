"""Accounts in a browser: an invitation, a second step by an app, a passkey, a forgotten password, another device."""

from __future__ import annotations

import re

from tests.browser.browsing import Person, Served
from tests.browser.conftest import NewPerson
from tests.web.authenticator import app_code

PASSWORD = "a long enough sentence"


def _invited(desk: Served, new_person: NewPerson, name: str) -> Person:
    """A new member of Northwind, who signed up by the link in the mail."""
    bo, new = new_person(), new_person(phone=True)
    bo.sign_in("bo")
    bo.link("People")
    bo.page.get_by_role("link", name=re.compile("Invite")).first.click()
    bo.page.get_by_label("Mail address").fill(f"{name}@example.org")
    bo.page.get_by_label("Name").fill(name.title())
    bo.page.get_by_role("radio", name=re.compile("Member", re.I)).check()
    bo.page.locator("main form").get_by_role("button").last.click()
    bo.reads(f"{name}@example.org")
    found = re.search(rf"{re.escape(desk.url)}/i/\S+", desk.mails.next_to(f"{name}@example.org"))
    assert found
    new.go(found.group())
    assert "/i/" not in new.page.url
    new.reads("Northwind")
    new.page.get_by_label("Choose a password").fill("short")
    new.page.locator("main form").get_by_role("button").first.click()
    new.reads("password")
    new.page.get_by_label("Choose a password").fill(PASSWORD)
    new.page.locator("main form").get_by_role("button").first.click()
    new.page.get_by_role("button", name="Sign out").wait_for()
    desk.passwords[name] = PASSWORD
    return new


def test_a_second_step_is_asked_for_once_it_is_set_up(desk_served: Served, new_person: NewPerson) -> None:
    nora = _invited(desk_served, new_person, "nora")
    nora.go("/account/2fa/")
    nora.page.get_by_role("link", name=re.compile("app", re.I)).first.click()
    _again(nora)
    key = nora.page.locator("#totp_key").inner_text().strip()
    used = app_code(key)
    nora.page.locator("main form input[name=code]").fill(used)
    nora.button("Turn it on")
    nora.button("Sign out")

    nora.go("/account/login/")
    nora.page.get_by_label("Mail address").fill("nora@example.org")
    nora.page.get_by_label("Password", exact=True).fill(PASSWORD)
    nora.button("Sign in")
    nora.reads("The second step")
    nora.page.locator("main form input[name=code]").fill("000000")
    nora.page.get_by_role("button", name="Sign in", exact=True).click()
    nora.reads("The second step")
    while app_code(key) == used:  # each code works once; the next comes within 30 seconds
        nora.page.wait_for_timeout(500)
    nora.page.locator("main form input[name=code]").fill(app_code(key))
    nora.page.get_by_role("button", name="Sign in", exact=True).click()
    nora.page.get_by_role("button", name="Sign out").wait_for()


def test_a_passkey_is_enough(desk_served: Served, new_person: NewPerson) -> None:
    """With the authenticator that Chromium itself plays."""
    pia = _invited(desk_served, new_person, "pia")
    devtools = pia.context.new_cdp_session(pia.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True}},
    )  # fmt: skip
    pia.go("/account/2fa/webauthn/add/")
    _again(pia)
    pia.page.get_by_label("Name").fill("My phone")
    pia.page.locator("main form").get_by_role("button").first.click()
    pia.page.wait_for_url(lambda url: "/add/" not in url)
    pia.follow(pia.page.get_by_role("button", name="Sign out"))
    pia.go("/account/login/")
    pia.button("Sign in with a passkey")
    pia.page.get_by_role("button", name="Sign out").wait_for()


def test_a_forgotten_password_is_set_anew_by_mail(desk_served: Served, new_person: NewPerson) -> None:
    fay = _invited(desk_served, new_person, "fay")
    fay.follow(fay.page.get_by_role("button", name="Sign out"))
    fay.go("/account/login/")
    fay.link("I forgot my password")
    fay.page.get_by_label("Mail address").fill("fay@example.org")
    fay.page.locator("main form").get_by_role("button").first.click()
    found = re.search(rf"{re.escape(desk_served.url)}/account/password/reset/key/\S+",
                      desk_served.mails.next_to("fay@example.org"))  # fmt: skip
    assert found
    fay.go(found.group())
    key = found.group().rstrip("/").rpartition("-")[2]
    assert key not in fay.page.url
    for field in fay.page.locator("main form input[type=password]").all():
        field.fill("another long sentence")
    fay.page.locator("main form").get_by_role("button").first.click()
    desk_served.passwords["fay"] = "another long sentence"
    fay.context.clear_cookies()
    fay.sign_in("fay")


def _again(person: Person) -> None:
    """Where the desk asks for the password once more."""
    if "reauthenticate" in person.page.url:
        person.page.get_by_label(re.compile("Password")).fill(PASSWORD)
        person.page.locator("main form").get_by_role("button").first.click()
        person.page.wait_for_url(lambda url: "reauthenticate" not in url)
