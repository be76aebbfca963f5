"""Two spellings of one instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.connectors.tiktok import wire

AT = datetime(2026, 5, 24, 7, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-05-24 07:09:07", "2026-05-24T07:09:07Z"])
def test_both_spellings_mean_the_same_instant_in_utc(text: str) -> None:
    parsed = wire.parse_instant(text)
    assert parsed == AT
    assert parsed.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-24",
        "2026-05-24T07:09:07",
        "2026-05-24 07:09:07Z",
        "2026-05-24T07:09:07+00:00",
        "2026-5-24 7:9:7",
        "2026-02-30 00:00:00",
        "2026-05-24 24:00:00",
        " 2026-05-24 07:09:07",
        "2026-05-24 07:09:07\n",
        "٢٠٢٦-05-24 07:09:07",
    ],
)
def test_anything_else_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="an instant is written") as caught:
        wire.parse_instant(text)
    assert not text or text not in str(caught.value)


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    berlin = AT.astimezone(timezone(timedelta(hours=2)))
    assert wire.dump_instant(berlin, wire.TimeStyle.SPACE) == "2026-05-24 07:09:07"
    assert wire.dump_instant(berlin, wire.TimeStyle.ISO) == "2026-05-24T07:09:07Z"


@pytest.mark.parametrize("dump", [lambda at: wire.dump_instant(at, wire.TimeStyle.ISO), wire.dump_epoch])
def test_a_naive_instant_is_not_written(dump: object) -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        dump(AT.replace(tzinfo=None))  # type: ignore[operator]


@given(
    at=st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
    style=st.sampled_from(wire.TimeStyle),
)
def test_every_whole_second_comes_back(at: datetime, style: wire.TimeStyle) -> None:
    assert wire.parse_instant(wire.dump_instant(at, style)) == at


def test_an_answer_is_written_in_the_style_asked_for_at_every_depth() -> None:
    answer = wire.IdentityVideoGetAnswer(
        video_list=(wire.IdentityVideo("1", auth_info=wire.AuthInfo(wire.AdAuthStatus.AUTHORIZED, auth_end_time=AT)),)
    )
    assert '"2026-05-24T07:09:07Z"' in repr(wire.dump(answer, times=wire.TimeStyle.ISO)).replace("'", '"')
    assert '"2026-05-24 07:09:07"' in repr(wire.dump(answer)).replace("'", '"')
    assert wire.parse(wire.IdentityVideoGetAnswer, wire.dump(answer, wire.TimeStyle.ISO)) == answer


def test_epoch_seconds_are_digits_and_nothing_else() -> None:
    assert wire.parse_epoch("1779606547") == AT
    assert wire.dump_epoch(AT) == "1779606547"
    for text in ("", "-1", "1.5", "1e3", "17796065470000", "١"):
        with pytest.raises(ValueError, match="whole number of seconds"):
            wire.parse_epoch(text)
