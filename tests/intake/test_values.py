"""One cell: what is clear is read, what is not is never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from valetkey.intake.values import (
    Doubt,
    Unfit,
    asset_kind,
    day,
    identifier,
    looks_rounded,
    mail,
    moment,
    name_and_mail,
    platform,
    refuse_fault,
)

MAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    "text",
    ["2026-05-03", "2026/05/03", "3.5.2026", "03.05.2026", "3 May 2026", "3rd May 2026", "May 3, 2026", "3. Mai 2026",
     "2026-05-03 00:00:00", "Sept 3 2026"],
)  # fmt: skip
def test_clear_days_are_read(text: str) -> None:
    if "Mai" in text:
        with pytest.raises(Doubt):
            day(text, day_first=None)
        return
    assert day(text, day_first=None) == (date(2026, 9, 3) if text.startswith("Sept") else MAY)


def test_a_day_that_can_be_read_two_ways_is_asked_about() -> None:
    with pytest.raises(Doubt, match="3 May or 5 Mar"):
        day("03/05/2026", day_first=None)
    assert day("03/05/2026", day_first=True) == MAY
    assert day("05/03/2026", day_first=False) == MAY
    assert day("25/05/2026", day_first=False) == date(2026, 5, 25)
    assert day("05/25/2026", day_first=True) == date(2026, 5, 25)
    assert day("5/5/2026", day_first=None) == date(2026, 5, 5)


@pytest.mark.parametrize(
    "text", ["46145", "46145.5", "3/5/26", "soon", "2026-02-30", "31.4.2026", "9999-01-01", "0026-05-03", "13/13/2026"]
)
def test_what_may_be_a_day_is_looked_at(text: str) -> None:
    with pytest.raises(Doubt):
        day(text, day_first=None)


def test_a_spreadsheets_number_is_told_as_the_day_it_may_be() -> None:
    with pytest.raises(Doubt, match="3 May 2026|03 May 2026"):
        day("46145", day_first=None)


def test_a_day_says_no_more_than_the_day() -> None:
    told = moment("2026-05-03", day_first=None, zone="Europe/Berlin")
    assert told.is_start(datetime(2026, 5, 3, 12, tzinfo=UTC)) and told.is_end(datetime(2026, 5, 3, 22, tzinfo=UTC))
    assert not told.is_start(datetime(2026, 5, 3, 22, tzinfo=UTC)) and not told.is_end(
        datetime(2026, 5, 2, 22, tzinfo=UTC)
    )
    assert not told.is_start(None) and not told.is_end(None)


@pytest.mark.parametrize("text", ["2026-05-03T12:30:00Z", "2026-05-03 14:30", "2026-05-03T14:30:00+02:00"])
def test_an_hour_is_an_instant(text: str) -> None:
    told = moment(text, day_first=None, zone="Europe/Berlin")
    assert told.starts_at == told.ends_at == datetime(2026, 5, 3, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["7.4E+18", "7,4E+18", "7E18", "7.30000E+18"])
def test_a_shortened_id_is_never_taken(text: str) -> None:
    with pytest.raises(Doubt):
        identifier(text)


def test_ids_stay_as_they_are() -> None:
    assert identifier("7300000000000000001") == "7300000000000000001"
    assert looks_rounded("7300000000000000000") and not looks_rounded("7300000000000000001")


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (platform, "TT", "tiktok"), (platform, "Tik Tok", "tiktok"), (platform, "Insta", "instagram"),
        (asset_kind, "Business Centre", "business_center"), (asset_kind, "ad account", "ad_account"),
        (asset_kind, "Profile", "account"), (mail, "Jo@Example.org", "jo@example.org"),
        (mail, "mailto:jo@example.org", "jo@example.org"),
    ],
)  # fmt: skip
def test_words_are_understood(read: Callable[[str], str], text: str, value: str) -> None:
    assert read(text) == value


def test_what_no_word_is_known_for_is_asked_about() -> None:
    for read, text in ((platform, "Myspace"), (asset_kind, "thing"), (refuse_fault, "#REF!"), (refuse_fault, "#N/A")):
        with pytest.raises(Doubt):
            read(text)
    for text in ("jo", "jo@", "jo@example", "a b@example.org", "jo@example.org, mo@example.org"):
        with pytest.raises(Unfit):
            mail(text)


def test_a_name_may_bring_its_address() -> None:
    assert name_and_mail('"Jo Berg" <jo@example.org>') == ("Jo Berg", "jo@example.org")
    assert name_and_mail("jo@example.org") == ("", "jo@example.org")
    assert name_and_mail("Jo Berg") == ("Jo Berg", "")
