"""Which column says what, by the names that people give to columns."""

from __future__ import annotations

import pytest

from valetkey.errors import Invalid
from valetkey.intake.columns import Field, corrected, head_of, mapped, not_kept
from valetkey.intake.sheet import Line


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (["Name", "E-Mail", "Works for"], ["person", "mail", "company"]),
        (["FULL NAME", "mail address", "review_on", "How to remove"], ["person", "mail", "review on", "how to remove"]),
        (["person", "name"], ["person", ""]),  # our own word goes first
        (["who", "from", "to"], ["person", "since", "until"]),
        (["name", "full name", "role"], ["", "", "role"]),  # which one is it?
        (["Business Center", "Access level", "Valid until", "??", ""], ["asset", "role", "until", "", ""]),
    ],
)
def test_columns_are_known_by_their_names(names: list[str], fields: list[str]) -> None:
    assert mapped(names) == fields


def test_every_field_is_known_by_its_own_word() -> None:
    assert mapped([field.value.upper() for field in Field]) == list(Field)


def test_our_own_list_of_who_has_what_is_understood() -> None:
    from valetkey.register.cells import COLUMNS

    found = dict(zip(COLUMNS, mapped(COLUMNS), strict=True))
    assert {found[name] for name in ("asset", "surface", "person", "role", "since", "until", "owner", "note")} == {
        "asset", "surface", "person", "role", "since", "until", "owner", "note",
    }  # fmt: skip
    assert found["party"] == "company" and found["access"] == ""


def test_the_names_are_found_below_a_title() -> None:
    lines = [Line(1, ("Access list, owner: Kim",)), Line(3, ("Name", "Mail", "Role")), Line(4, ("Role", "x", "y"))]
    head = head_of(lines)
    assert (head.line, head.is_found) == (1, True)
    assert not head_of([Line(1, ("Jo", "x"))]).is_found
    assert head_of([Line(1, ("Jo", "x")), Line(2, ("Wer", "Was"))], named=("wer",)).line == 1


def test_a_person_corrects_what_is_not_clear() -> None:
    names = ["Wer", "", "Role"]
    assert corrected(names, ["", "", "role"], {"wer": "Person", "2": "note"}) == ["person", "note", "role"]
    assert corrected(names, ["person", "", "role"], {"2": "person"}) == ["", "person", "role"]
    assert corrected(names, ["person", "", "role"], {"3": ""}) == ["person", "", ""]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"Nobody": "person"}, "no_such_column"),
        ({"9": "person"}, "no_such_column"),
        ({"Wer": "password"}, "no_such_field"),
        ({"1": "person", "2": "person"}, "column_twice"),
        ({"x": "person"}, "no_such_column"),  # two are called so
    ],
)
def test_a_column_or_field_that_is_not_there_is_refused(told: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        corrected(["Wer", "x", "x"], ["", "", ""], told)
    assert refused.value.code == code


def test_columns_of_codes_and_logins_are_not_kept() -> None:
    assert set(not_kept(["Name", "Spark Code", "Password", "Role", "2FA backup code"])) >= {1, 2}
    assert not set(not_kept(["Name", "How to remove", "Note", "Asset id", "Role", "Purpose"]))
