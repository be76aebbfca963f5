"""The whole story by clicking: a creator on a phone, a buyer and the admin at a desk, each in their own browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.browsing import Person, Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well
from valetkey.connectors import registry
from valetkey.connectors.base import Address
from valetkey.connectors.tiktok.sandbox import Sandbox

POST = "Three bags out of one old tent"


def test_a_post_is_asked_for_authorized_used_extended_and_ended(desk_served: Served, new_person: NewPerson) -> None:
    mara, bo, ada = new_person(phone=True), new_person(), new_person()
    for person, name in ((mara, "mara"), (bo, "bo"), (ada, "ada")):
        person.sign_in(name)

    _private_posts_are_refused(mara)
    _has_a_campaign(bo, days=37)
    _asks(bo, POST, desk_served)
    row = _grants(mara)
    _hands_over(mara, desk_served)
    _opens_and_copies(bo, row)
    _applies(bo, row)
    _extends(mara, row)
    _applies_on_the_second(bo, row)
    ad_id = _runs_an_ad(desk_served)
    _ends(mara, bo, row, desk_served, ad_id)
    _both_print_the_same(mara, bo, row)
    _proves(ada, row)


def _private_posts_are_refused(mara: Person) -> None:
    mara.link("My posts")
    mara.link(re.compile("Not ready yet"))
    mara.page.get_by_text("Correct what is known", exact=True).click()
    mara.page.get_by_label("Only the account itself").check()
    mara.button("Keep this")
    mara.reads("Not now.", "This post is private", "choose Everyone")
    expect(mara.page.get_by_role("link", name="Authorize this post")).to_have_count(0)


def _has_a_campaign(bo: Person, days: int) -> None:
    first = datetime.now(UTC).date() + timedelta(days=2)  # in every zone still to come
    bo.link("Campaigns")
    bo.link("Enter a campaign")
    bo.page.get_by_label("Name").fill("Tent bags")
    bo.page.get_by_label("Ad account").select_option(label="Northwind EU of Northwind (Europe/Berlin)")
    bo.page.get_by_label("First day").fill(str(first))
    bo.page.get_by_label("Last day").fill(str(first + timedelta(days=days - 1)))
    bo.page.locator("main form").get_by_role("button").first.click()
    bo.reads("Tent bags")


def _asks(bo: Person, caption: str, desk: Served) -> None:
    post_id = Sandbox(desk.home / "sandbox.sqlite3").seed().creators[0].posts["public"]
    bo.link("Requests")
    bo.link("Ask for a post")
    bo.page.get_by_label(re.compile("Creator")).fill("Mara Lindt")
    bo.page.get_by_label("Who gets the link").fill("Mara")
    bo.page.get_by_label("Their mail address").fill("mara@example.org")
    bo.page.get_by_label("Link of the post").fill(f"https://www.tiktok.com/@mara.makes/video/{post_id}")
    bo.page.get_by_label(re.compile("Tent bags")).check()
    bo.page.get_by_label("30 days").check()
    bo.page.get_by_label("Message").fill("We would love to run your tent bags.")
    bo.page.get_by_role("button", name="Send the request").last.click()
    _keeps_it_short(bo, "We want to begin with 30 days.", "Ask for 60 days")
    bo.reads("The link is shown this once", "It was mailed to")
    assert "tent bags" in desk.mails.next_to("mara@example.org")


def _keeps_it_short(person: Person, why: str, other_way: str) -> None:
    person.reads("Ads on this post may stop on", "before the campaign “Tent bags” ends", "fewest on offer that reach")
    person.reads(other_way)
    looks_well(person)
    person.page.get_by_label("Keep it anyway, because").fill(why)
    person.button("Keep it anyway")


def _grants(mara: Person) -> str:
    """Answers as somebody who is signed in; the reference of what came of it."""
    mara.go("/")
    mara.page.locator("li").filter(has_text=POST).last.get_by_role("link", name="Answer").click()
    mara.reads("Northwind asks for one post", "We would love to run your tent bags.", "30 days")
    mara.link("Grant it, or grant less")
    mara.reads("Some of this cannot be undone")
    mara.button("Go on")
    mara.reads("Read the list first, then tick this.")
    mara.page.get_by_label("I have read this").check()
    mara.button("Go on")
    mara.reads("30 days", "short", "shortest that lasts", "(UTC)")
    mara.page.get_by_role("radio", name="30 days ends").check()
    mara.button("Go on")
    mara.reads("Lets Northwind run ads with this post until", "Does not give: your login, other posts", "short")
    looks_well(mara)
    mara.button("Authorize this post")
    mara.reads("Northwind can be given the code now", "Nobody else has it yet")
    looks_well(mara)
    found = re.search(r"Reference\s+([A-Z0-9]{7})", mara.page.locator("main").inner_text())
    assert found
    return found.group(1)


def _hands_over(mara: Person, desk: Served) -> None:
    mara.link("Hand the code over to Northwind")
    mara.page.get_by_label("Name of the person").fill("Bo")
    mara.page.get_by_label("Their mail address").fill("bo@example.org")
    mara.button("Make the link")
    mara.reads("The link is shown this once", "It was mailed to", "not shown")
    mail = desk.mails.next_to("bo@example.org")
    assert f"{desk.url}/h/" in mail and "#" not in mail, "the code is in no mail"


def _opens_and_copies(bo: Person, row: str) -> None:
    bo.go(f"/authorizations/{row}/")
    bo.reads("handed over")
    bo.button("Show the code")
    code = bo.page.locator("#the-code").inner_text().strip()
    looks_well(bo)
    assert len(code) > 20 and code not in bo.page.url and code not in bo.page.title()
    with bo.page.expect_response(lambda answer: answer.url.endswith("/code/copied/")) as logged:
        bo.button("Copy")
    assert logged.value.ok
    assert bo.page.evaluate("() => navigator.clipboard.readText()") == code
    bo.reads("Copied.")
    bo.link("Done")
    bo.reads("opened", "Bo saw it", "Bo copied it")
    assert code not in bo.page.content(), "masked again"


def _applies(bo: Person, row: str) -> None:
    bo.link("Apply to ad accounts")
    bo.page.get_by_label(re.compile("Northwind EU")).check()
    bo.button("Apply to ad accounts")
    bo.reads("The code is applied", "applied and read back")
    looks_well(bo)
    bo.link("To the authorization")
    bo.reads("in use", "short", "As asked for: We want to begin with 30 days.")


def _extends(mara: Person, row: str) -> None:
    mara.go(f"/authorizations/{row}/")
    mara.link("Extend the code")
    mara.reads("The same code gets a later end")
    mara.page.get_by_role("radio", name="the fewest days that reach").check()
    mara.button("Extend the code")
    mara.reads("Extended. The end is the one the platform shows.", "The code covers the whole campaign.")


def _applies_on_the_second(bo: Person, row: str) -> None:
    bo.go(f"/authorizations/{row}/do/apply/")
    bo.page.get_by_label(re.compile("Northwind US")).check()
    bo.button("Apply to ad accounts")
    bo.reads("The code is applied", "The same code is applied on Northwind EU too.")


def _runs_an_ad(desk: Served) -> str:
    """What the buyer's own ad tool does, beside the desk."""
    state = desk.home / "sandbox.sqlite3"
    seeded = Sandbox(state).seed()
    northwind, mara = seeded.advertisers[0], seeded.creators[0]
    side = registry.platform("tiktok").advertiser(Address(base_url=f"sandbox:{state}", token=northwind.token))
    account = northwind.ad_accounts[0]
    post_id = mara.posts["public"]
    found = side.application_of(ad_account_id=account.ad_account_id, code=None, post_id=post_id)
    assert found is not None
    return side.create_ad(
        ad_account_id=account.ad_account_id, ad_group_id=account.ad_group_id, name="Tent bags 1",
        post_id=post_id, identity_id=found.identity_id, identity_type=found.identity_type,
    ).ad_id  # fmt: skip


def _ends(mara: Person, bo: Person, row: str, desk: Served, ad_id: str) -> None:
    mara.go(f"/authorizations/{row}/")
    mara.link(re.compile("^Ask to end it"))
    mara.reads("The desk has no step that takes this back", "Northwind EU")
    mara.page.get_by_label("Reason").fill("The bags are sold out.")
    mara.button("Ask to end it")
    mara.reads("end asked")

    mara.link(re.compile("^Switch ad authorization off"))
    mara.button("Switch ad authorization off")
    mara.reads("switch ad authorization off", "ads")
    mara.go(f"/authorizations/{row}/")
    mara.reads("end asked")

    bo.go("/")
    bo.reads(POST)
    bo.go(f"/authorizations/{row}/")
    bo.reads("The bags are sold out.")
    bo.link("I have read it")
    bo.button("I have read it")
    bo.reads("end acknowledged")
    bo.link("Pause the ads")
    bo.button("Pause the ads")
    bo.reads("ads paused")

    mara.go(f"/authorizations/{row}/")
    mara.link(re.compile("^Switch ad authorization off"))
    mara.button("Switch ad authorization off")
    mara.reads("switched off")
    mara.link("Confirm that it is ended")
    mara.page.locator("main form").get_by_role("button").first.click()
    mara.reads("ended")
    mara.link("Write down that they were told")
    mara.page.get_by_label("How they were told").fill("By mail to Bo.")
    mara.follow(mara.page.locator("main form").get_by_role("button").first)
    bo.go(f"/authorizations/{row}/")
    bo.reads("ended")
    expect(bo.page.get_by_role("button", name="Show the code")).to_have_count(0)


def _both_print_the_same(mara: Person, bo: Person, row: str) -> None:
    seen = []
    for person in (mara, bo):
        person.go(f"/authorizations/{row}/certificate/")
        person.reads("checksum", POST)
        seen.append(person.page.locator("main .card, main table, main dl").all_inner_texts())
    assert [" ".join(each.split()) for each in seen[0]] == [" ".join(each.split()) for each in seen[1]]


def _proves(ada: Person, row: str) -> None:
    ada.go(f"/authorizations/{row}/")
    ada.reads("ended", "Bo copied it")
    ada.link("History")
    ada.link("Verify it")
    ada.page.locator("main form").get_by_role("button").first.click()
    ada.reads("as it was written")
