"""The listener that guards the whole test run: it must hear a leak at every place it listens."""

from __future__ import annotations

import logging

import pytest

from tests.desk import Desk
from tests.leaks import listening
from valetkey.audit.models import Entry
from valetkey.connectors.base import PlatformFault, Says
from valetkey.errors import Refused
from valetkey.secret import Secret

CODE = "#Abc+def/ghi1234567890="


@pytest.mark.leaks_on_purpose
@pytest.mark.parametrize("place", ["log", "log arguments", "exception in a log", "refusal", "platform's text"])
def test_a_secret_is_heard(place: str) -> None:
    with pytest.MonkeyPatch.context() as patch, listening(patch) as listener:
        code = Secret(CODE)
        match place:
            case "log":
                logging.getLogger("some.client").debug("applied " + code.reveal())
            case "log arguments":
                logging.getLogger("some.client").info("applied %s", code.reveal())
            case "exception in a log":
                try:
                    raise ValueError(code.reveal())
                except ValueError:
                    logging.getLogger("some.client").exception("failed")
            case "refusal":
                Refused("code", f"The code {code.reveal()} is bad.")
            case "platform's text":
                PlatformFault(Says.CODE_IS_BAD, "x", f"no such code {code.reveal()}")
        assert listener.leaks()


@pytest.mark.django_db
def test_a_secret_in_the_history_is_heard(desk: Desk) -> None:
    row = desk.issued()
    assert row.code is not None
    with pytest.MonkeyPatch.context() as patch, listening(patch) as listener:
        listener.secrets.add(row.code.reveal())
        listener.hear_row(Entry, Entry(seq=1, event="x", detail={"code": row.code.reveal()}))
        assert listener.leaks()


def test_the_mask_is_no_leak() -> None:
    with pytest.MonkeyPatch.context() as patch, listening(patch) as listener:
        logging.getLogger("valetkey").info("code %s", Secret(CODE))
        assert not listener.leaks()
