"""A secret shows itself only when asked by name: nowhere it is printed, logged, formatted, dumped or raised."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.secret import MASK, Secret

TEXT = "#q7Zr+K/29xW=="
SECRET = Secret(TEXT)


@dataclass(frozen=True)
class Holder:
    code: Secret


def said(show: Callable[[], object]) -> str:
    """What is printed, or what the exception says, with its traceback."""
    try:
        return str(show())
    except Exception as error:
        return repr(error) + "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "show",
    [
        lambda: str(SECRET),
        lambda: repr(SECRET),
        lambda: f"{SECRET}",
        lambda: f"{SECRET!s} {SECRET!r} {SECRET!a}",
        lambda: format(SECRET, ">40"),
        lambda: "%s %r" % (SECRET, SECRET),  # noqa: UP031  # logging formats this way
        lambda: [SECRET, {SECRET: SECRET}, (SECRET,), Holder(SECRET)],
        lambda: json.dumps({"code": SECRET}),
        lambda: json.dumps({"code": SECRET}, default=str),
        lambda: json.dumps({"code": SECRET}, default=repr),
        lambda: json.dumps({SECRET: 1}),
        lambda: pickle.dumps(SECRET),
        lambda: pickle.dumps([SECRET], protocol=0),
        lambda: copy.deepcopy(Holder(SECRET)),
        lambda: vars(SECRET),
        lambda: SECRET.code,  # type: ignore[attr-defined]
        lambda: SECRET + "x",  # type: ignore[operator]
        lambda: list(SECRET),  # type: ignore[call-overload]
        lambda: ValueError("refused", SECRET),
        lambda: repr(KeyError(SECRET)),
    ],
)
def test_it_is_masked_or_refused_wherever_it_is_shown(show: Callable[[], object]) -> None:
    assert TEXT not in said(show)
    assert TEXT[2:-2] not in said(show)


def test_it_is_masked_in_a_log_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("valetkey").info("applying %s (%r)", SECRET, Holder(SECRET))
        try:
            raise RuntimeError("no", SECRET)
        except RuntimeError:
            logging.getLogger("valetkey").exception("failed")
    assert MASK in caplog.text and TEXT not in caplog.text


@given(st.text(max_size=60))
def test_reveal_gives_the_text_itself_and_the_mask_at_most_four_characters_of_it(text: str) -> None:
    assert Secret(text).reveal() == text
    assert Secret(text).masked() == (f"{text[:2]}{MASK}{text[-2:]}" if len(text) >= 12 else MASK)


def test_equal_secrets_are_equal_and_a_secret_is_no_text() -> None:
    assert Secret(TEXT) == SECRET and hash(Secret(TEXT)) == hash(SECRET)
    assert Secret(TEXT + "x") != SECRET
    assert SECRET != TEXT
    assert not Secret("") and SECRET


def test_half_a_surrogate_pair_does_not_end_up_in_an_error() -> None:
    """An argument of a command line that is not UTF-8 arrives so; comparing it raised an error that quoted it whole."""
    assert Secret(f"{TEXT}\udc80") != SECRET
