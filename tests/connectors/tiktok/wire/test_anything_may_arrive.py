"""Whatever JSON or query text arrives, the package answers with an instance or with Malformed, never another error."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from valetkey.connectors.tiktok import wire

SHAPES = tuple(dict.fromkeys(shape for each in wire.ENDPOINTS for shape in (each.request, each.answer)))
NAMES = sorted({name for shape in SHAPES for name in shape.__dataclass_fields__})

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2026-05-24 07:09:07")
json_values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    max_leaves=20,
)


@given(shape=st.sampled_from(SHAPES), value=json_values)
def test_as_json(shape: type[object], value: object) -> None:
    with contextlib.suppress(wire.Malformed):
        parsed = wire.parse(shape, value)
        assert wire.parse(shape, wire.dump(parsed)) == parsed


@given(
    shape=st.sampled_from(SHAPES),
    pairs=st.lists(
        st.tuples(
            st.sampled_from(NAMES), st.text() | st.sampled_from(["1", "[]", "{}", "null", '["AUTH_CODE"]', "1e999"])
        ),
        max_size=12,
    ),
)
def test_as_a_query(shape: type[object], pairs: list[tuple[str, str]]) -> None:
    with contextlib.suppress(wire.Malformed):
        parsed = wire.parse_query(shape, pairs)
        assert wire.parse_query(shape, wire.dump_query(parsed)) == parsed
