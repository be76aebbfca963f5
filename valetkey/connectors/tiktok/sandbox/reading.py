"""From a WSGI environ to what an endpoint was asked: query, form or JSON body, with TikTok's own complaints.

Decides which requests are refused before any rule sees them (checklist 5 and 6). Knows no endpoint's meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

from valetkey.connectors.tiktok import wire

from .refusals import Refusal, malformed

LARGEST_BODY: Final = 1024 * 1024
"""A *choice*: TikTok's limit for JSON bodies is not published."""
_MOST_FIELDS: Final = 200
_CHUNK: Final = 64 * 1024

Environ = Mapping[str, Any]


def asked_of(endpoint: wire.Endpoint[Any, Any], environ: Environ, body: bytes | None) -> object:
    """The endpoint's own request. Refuses 40002 with the field's name; unknown fields are ignored."""
    try:
        if endpoint.method == "GET":
            return wire.parse_query(endpoint.request, _pairs(environ.get("QUERY_STRING", "")))
        if body is None:
            raise _refused(f"the body is larger than {LARGEST_BODY} bytes")
        if endpoint.form:
            return wire.parse_query(endpoint.request, _pairs(_text(body)))
        return wire.parse(endpoint.request, json_object(body))
    except wire.Malformed as problem:
        refusal = malformed(problem)
    raise refusal  # outside, so that no context holds a value


def body_of(environ: Environ) -> bytes | None:
    """The whole body, or None when it is too large. It is always read to its end: a socket closed with bytes unread
    resets the connection, and the caller would never see the answer.
    """
    try:
        left = max(int(environ.get("CONTENT_LENGTH") or 0), 0)
    except ValueError:
        left = 0
    stream, kept = environ["wsgi.input"], bytearray()
    too_large = left > LARGEST_BODY
    while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
        left -= len(chunk)
        if not too_large:
            kept += chunk
    return None if too_large else bytes(kept)


def json_object(body: bytes) -> Mapping[str, object]:
    """Refusal 40002 for anything but one JSON object in UTF-8."""
    try:
        decoded = json.loads(_text(body) or "{}", parse_constant=_no_constant)
        # Half a surrogate pair is legal JSON and no text; no store could keep it.
        json.dumps(decoded, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        decoded = None
    if not isinstance(decoded, dict):
        raise _refused("the body must be one JSON object")
    return decoded


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        pass
    raise _refused("error unmarshaling parameter: the query cannot be read")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        pass
    raise _refused("the body is not UTF-8")


def _refused(problem: str) -> Refusal:
    return Refusal(wire.ErrorCode.PARAMETER_ERROR, f"request: {problem}")


def _no_constant(name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
