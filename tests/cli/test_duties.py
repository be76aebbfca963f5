"""Who owns, who works with whom, who must do what, who answers for an authorization: by commands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.cast import Cast
from tests.cli.conftest import Terminal
from tests.desk import Desk
from tests.register.on_record import an_account, somebody
from valetkey.register.models import Asset

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(desk: Desk) -> Asset:
    somebody(desk, "Cleo")
    return an_account(desk)


def test_ownership_is_set_shown_and_confirmed(vk: Terminal, asset: Asset) -> None:
    assert "not known" in vk("ownership", "show", asset.reference, who="mara").out
    early = vk("ownership", "confirm", asset.reference, who="mara")
    assert early.code == 5 and "`valetkey ownership set ASSET`" in early.err
    made = vk(
        "ownership", "set", "mara.makes", "--owned-by", "Mara Lindt", "--owner", "Cleo", "--recovery-phone",
        "mara@example.org", who="mara", is_json=True,
    ).json()  # fmt: skip
    assert (made["owned_by"], made["owner"], made["recovery_phone"]) == ("Mara Lindt", "Cleo", "Mara")
    made = vk(
        "ownership", "set", asset.reference, "--owner", "", "--backup-owner", "Cleo", who="mara", is_json=True
    ).json()
    assert (made["owner"], made["backup_owner"], made["recovery_phone"]) == (None, "Cleo", "Mara")
    told = vk("ownership", "confirm", asset.reference, "--evidence", "Looked together.", who="mara")
    assert "by Mara" in told.out and "Looked together." in told.out


def test_a_secret_typed_in_place_of_a_person_is_refused_and_not_echoed(vk: Terminal, asset: Asset) -> None:
    for option in ("--backup-codes", "--evidence"):
        ran = vk("ownership", "set", asset.reference, option, "password: Sunflower88!", who="mara", is_json=True)
        assert ran.code == 2 and ran.refused()["code"] == "credential_in_text" and "Sunflower" not in ran.said


def test_an_engagement_from_start_to_end(vk: Terminal) -> None:
    assert "`valetkey engagement start`" in vk("engagement", "list", who="bo").out
    made = vk(
        "engagement", "start", "Contoso", "--party", "Northwind", "--purpose", "Paid social", "--from", "2026-11-02",
        "--review", "2027-05-02", "--owner", "Kim", who="bo", is_json=True,
    ).json()  # fmt: skip
    assert (made["party"], made["owner"], made["review_on"]) == ("Contoso", "Kim", "2027-05-02")
    reference = made["reference"]
    shown = vk("engagement", "change", reference, "--to", "2027-12-31", "--review", "", "--owner", "", who="bo")
    assert "2027-12-31" in shown.out and "no day is set" in shown.out and "nobody is named" in shown.out
    assert "Paid social" in vk("engagement", "show", reference, who="vera").out
    assert (
        "The contract ran out." in vk("engagement", "end", reference, "--reason", "The contract ran out.", who="bo").out
    )
    again = vk("engagement", "end", reference, "--reason", "Again.", who="bo")
    assert again.code == 5 and "`valetkey engagement start`" in again.err
    assert "ended" in vk("engagement", "list", who="bo").out
    assert vk("engagement", "list", who="sam", is_json=True).json() == [], "it is on the record of Northwind alone"


def test_a_responsibility_from_giving_to_ending(vk: Terminal, asset: Asset) -> None:
    assert "`valetkey responsibility give`" in vk("responsibility", "list", who="mara").out
    made = vk(
        "responsibility", "give", "Cleo", "--occasion", "leaver", "--what", "Change the password", "--within", "1",
        "--backup", "mara@example.org", "--asset", asset.reference, who="mara", is_json=True,
    ).json()  # fmt: skip
    assert (made["person"], made["backup"], made["asset"], made["kept_by"]) == (
        "Cleo", "Mara", "mara.makes", "Mara Lindt",
    )  # fmt: skip
    passed: dict[str, Any] = vk(
        "responsibility", "pass", made["reference"], "mara@example.org", who="mara", is_json=True
    ).json()
    assert (passed["person"], passed["backup"]) == ("Mara", None)
    assert "1 day" in vk("responsibility", "list", who="mara").out
    assert (
        "The tool does it."
        in vk("responsibility", "end", made["reference"], "--reason", "The tool does it.", who="mara").out
    )


def test_who_answers_for_an_authorization_is_shown_and_named(vk: Terminal, cast: Cast, desk: Desk) -> None:
    somebody(desk, "Cleo")
    row = cast.issued.reference
    assert "Mara for Mara Lindt" in vk("show", row, who="bo").out
    named = vk("owner", row, "Cleo", who="mara", is_json=True).json()
    assert named["owners"] == {"creator": "Cleo", "advertiser": None}
    assert "nobody yet for Northwind" in vk("show", row, who="bo").out
    assert vk("owner", row, "Cleo", who="bo").code == 3, "they cannot see her record"
    assert vk("owner", row, "Kim", who="sam").code == 3


def test_an_exposure_of_an_asset_and_a_person_of_the_record(vk: Terminal, asset: Asset) -> None:
    made = vk("exposure", "open", "--asset", asset.reference, "--shared", "password", who="mara", is_json=True).json()
    assert (made["account"], made["party"], made["asset"]) == ("mara.makes", "Mara Lindt", asset.reference)
    named = vk("exposure", "known", made["reference"], "--person", "Cleo", who="mara", is_json=True).json()
    (knower,) = named["knowers"]
    assert knower["name"] == "Cleo" and knower["person"] and knower["party"] == "Mara Lindt"
