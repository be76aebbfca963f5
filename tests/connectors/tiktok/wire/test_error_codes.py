"""The table of return codes, and what may be repeated."""

from __future__ import annotations

import pytest

from valetkey.connectors.tiktok import wire

# Reference 1.12, row by row.
TABLE = """
0 20001 40000 40001 40002 40006 40051 40007 40008 40009 40014 40010 40011 40016 40100 40133 40050 40053 40065 40101
40102 40103 40104 40105 40106 40107 40108 40110 40113 40118 40125 40130 40131 40200 40201 40202 40300 40301 40502 40700
41000 41001 41002 50000 50002 51305 60001
"""
WAIT = {40016, 40100, 40133}
LATER = {40200, 40201, 40202, 50000, 50002, 51305, 60001}


def test_the_table_is_complete_and_holds_nothing_else() -> None:
    assert {int(code) for code in wire.ErrorCode} == {int(code) for code in TABLE.split()}


@pytest.mark.parametrize("code", wire.ErrorCode, ids=lambda code: code.name)
def test_each_code_says_what_it_means_and_whether_to_repeat(code: wire.ErrorCode) -> None:
    expected = wire.Retry.WAIT if code in WAIT else wire.Retry.LATER if code in LATER else wire.Retry.NO
    assert wire.retry_of(int(code)) is code.retry is expected
    assert code.meaning


@pytest.mark.parametrize("code", [-500, 1, 4025, 42900, 99999])
def test_a_code_nobody_has_described_is_not_repeated(code: int) -> None:
    assert wire.retry_of(code) is wire.Retry.NO


@pytest.mark.parametrize("number", [4002, 4013, 4025, 4027, 4042, 930002, 900012, 900003, -500])
def test_the_help_centers_numbers_are_no_api_codes(number: int) -> None:
    with pytest.raises(ValueError, match="not a valid ErrorCode"):
        wire.ErrorCode(number)
