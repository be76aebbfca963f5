"""Somebody leaves, on a phone: the checklist, a step with a picture, one left out, the report; on a desk the plans."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser.browsing import Served
from tests.browser.conftest import NewPerson
from tests.browser.looking import looks_well


def _told(desk: Served, *words: str) -> Any:
    return json.loads(desk.command(*words, "--as", "bo@example.org", "--json"))


def _look(page: Any, name: str) -> None:
    """A picture to be looked at, where somebody wants one."""
    folder = os.environ.get("LOOK_AT_CHANGES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def _with_access(desk: Served, name: str, channel: str) -> None:
    """Somebody on the lists of an account of Northwind."""
    _told(desk, "person", "add", name, "--party", "Northwind", "--mail", f"{name.split()[0].lower()}@northwind.example")
    _told(desk, "asset", "add", channel, "--party", "Northwind", "--kind", "business_center")
    for surface in _told(desk, "surface", "list", channel)[:2]:
        words = ("access", "open", surface["reference"], "--person", name, "--role", "Standard", "--never-ends")
        _told(desk, *words)


def test_somebody_leaves(desk_served: Served, new_person: NewPerson) -> None:
    _with_access(desk_served, "Lea Brandt", "Northwind North")
    bo = new_person(phone=True)
    bo.sign_in("bo")
    bo.go("/changes/new/")
    looks_well(bo)
    _look(bo.page, "new")
    bo.link("Somebody leaves")
    bo.page.get_by_label("Who", exact=True).fill("Lea Brandt")
    looks_well(bo)
    _look(bo.page, "new-leaver")
    bo.button("Make the checklist")
    bo.reads("Lea Brandt leaves", "Take off: Standard on", "0 of")
    change = bo.page.url
    looks_well(bo)
    _look(bo.page, "change-phone")
    bo.page.get_by_role("link", name="Take off: Standard on").first.click()
    looks_well(bo)
    _look(bo.page, "step-phone")
    bo.button("End this access in the record")
    bo.reads("The proof is missing.")
    looks_well(bo)
    out = io.BytesIO()
    Image.new("RGB", (900, 500), (10, 90, 92)).save(out, "PNG")
    bo.page.get_by_label("A picture of it").set_input_files(
        {"name": "list.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    step = bo.page.url
    bo.button("End this access in the record")
    bo.reads("Done: Take off")
    bo.go(step)
    bo.reads("Its proof", "SHA-256")
    assert bo.page.locator("img.proof").evaluate("each => each.naturalWidth") == 900
    looks_well(bo)
    _look(bo.page, "proof-phone")
    bo.go(change)
    bo.link("Look at every list once more")
    bo.page.get_by_text("Leave it out").first.click()
    bo.page.get_by_label("Why it is left out").fill("Looked at them last week.")
    bo.follow(bo.page.get_by_role("button", name="Leave it out"))
    bo.go(change)
    bo.reads("2 of")
    bo.link("Report")
    bo.reads("not yet; this is how it stands", "Looked at them last week.")
    looks_well(bo)
    _look(bo.page, "report-phone")
    bo.go("/changes/")
    looks_well(bo)


def test_plans_and_a_checklist_on_a_desk(desk_served: Served, new_person: NewPerson) -> None:
    _with_access(desk_served, "Nils Aumann", "Northwind South")
    ada = new_person()
    ada.sign_in("ada")
    ada.go("/plans/")
    looks_well(ada)
    ada.link("Somebody leaves")
    looks_well(ada)
    _look(ada.page, "plan-desk")
    ada.page.get_by_text("Write it for this desk").click()
    text = ada.page.get_by_label("The plan").input_value()
    ada.page.get_by_label("The plan").fill(text.replace('where = "On this desk."', 'wher = "On this desk."', 1))
    ada.button("Use this from now on")
    ada.reads("“where” is missing")
    looks_well(ada)
    bo = new_person()
    bo.sign_in("bo")
    bo.go("/changes/new/?occasion=leaver&about=Nils%20Aumann")
    bo.button("Make the checklist")
    bo.reads("Nils Aumann leaves")
    looks_well(bo)
    _look(bo.page, "change-desk")
    bo.page.get_by_role("link", name="Take off: Standard on").first.click()
    looks_well(bo)
    _look(bo.page, "step-desk")
    bo.page.get_by_role("link", name="Its page on the record").click()
    bo.reads("Nils Aumann")
    bo.go("/changes/")
    _look(bo.page, "list-desk")
