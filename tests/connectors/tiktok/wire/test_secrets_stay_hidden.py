"""No repr and no error shows a code, a token or an app's secret."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from valetkey.connectors.tiktok import wire

from . import samples

SECRETS = {
    "auth_code",
    "original_post_auth_code",
    "access_token",
    "refresh_token",
    "secret",
    "client_secret",
    "code",  # the login's code in the form variant
}
CANARY = "canary-4f1c"


def _walk() -> Iterator[type[Any]]:
    for name in wire.__all__:
        value = getattr(wire, name)
        if isinstance(value, type) and dataclasses.is_dataclass(value):
            yield value


DATACLASSES = tuple(_walk())


@pytest.mark.parametrize("cls", DATACLASSES, ids=lambda cls: cls.__name__)
def test_a_secret_field_is_left_out_of_the_repr(cls: type[Any]) -> None:
    shown = {field.name for field in dataclasses.fields(cls) if field.repr and cls is not wire.Envelope}
    assert not shown & SECRETS


def test_the_walk_meets_every_secret_there_is() -> None:
    """Otherwise the test above could pass because a field was renamed."""
    met = {field.name for cls in DATACLASSES for field in dataclasses.fields(cls) if not field.repr}
    assert met == SECRETS | {"data"}


def test_an_envelope_does_not_show_its_data() -> None:
    assert CANARY not in repr(wire.Envelope(0, "OK", "r", {"auth_code": CANARY}))


def test_a_list_of_posts_does_not_show_its_codes() -> None:
    assert samples.CODE not in repr(wire.parse(wire.TtVideoListAnswer, samples.list_answer()))


@pytest.mark.parametrize(
    ("cls", "value"),
    [
        (wire.TtVideoAuthorizeRequest, {"advertiser_id": "1", "auth_code": [CANARY]}),
        (wire.TtVideoAuthorizeRequest, {"auth_code": CANARY}),
        (wire.IdentityGetRequest, {"advertiser_id": "1", "identity_type": CANARY}),
        (wire.PostAuthorization, {"item_id": "1", "auth_code_end_time": CANARY}),
        (wire.PostAuthorization, {"item_id": "1", "authorization_days": CANARY}),
        (wire.TtVideoListRequest, {"advertiser_id": "1", "keyword": CANARY * 100}),
        (wire.TokenAnswer, CANARY),
        (wire.Envelope, {"code": CANARY}),
    ],
)
def test_no_error_about_json_repeats_a_value(cls: type[Any], value: object) -> None:
    with pytest.raises(wire.Malformed) as caught:
        wire.parse(cls, value)
    _assert_silent(caught.value)


@pytest.mark.parametrize(
    "pair",
    [
        ("page", CANARY),
        ("item_types", CANARY),
        ("item_types", f'["{CANARY}"]'),
        ("item_types", f'{{"{CANARY}":'),
        ("advertiser_id", CANARY),
    ],
    ids=["number", "no list", "unknown value", "broken", "repeated"],
)
def test_no_error_about_a_query_repeats_a_value(pair: tuple[str, str]) -> None:
    with pytest.raises(wire.Malformed) as caught:
        wire.parse_query(wire.TtVideoListRequest, [("advertiser_id", "1"), pair])
    _assert_silent(caught.value)


def _assert_silent(problem: wire.Malformed) -> None:
    assert CANARY not in str(problem)
    assert CANARY not in repr(problem)
    # A chained JSON or enum error would carry the text into error mails.
    assert problem.__context__ is None
    assert problem.__cause__ is None
    assert CANARY not in "".join(traceback.format_exception_only(problem))
