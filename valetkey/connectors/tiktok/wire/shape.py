"""PURE. Between JSON or query text and frozen dataclasses, driven by their type hints alone.

Decides what is missing, of the wrong type or undocumented, and says so by field and never by value, because any
value may be a secret. Does not decide what a field means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .instants import TimeStyle, dump_instant, parse_instant

T = TypeVar("T")

NULL: Final = MappingProxyType({"null": True})
"""Metadata of a field that the wire shows as null when it has no value, instead of leaving it out."""


def within(least: int, most: int) -> Mapping[str, tuple[int, int]]:
    """Metadata: the bounds, both included, of a whole number or of how many entries or characters a field may hold."""
    return MappingProxyType({"within": (least, most)})


DIGITS: Final = MappingProxyType({"digits": True})
"""Metadata of a whole number that may also arrive as text."""


def also(*names: str) -> Mapping[str, tuple[str, ...]]:
    """Metadata: other spellings of a field that answers have been seen to use. They are read and never written."""
    return MappingProxyType({"also": names})


class Malformed(ValueError):
    """Something that does not have the shape of its class.

    `cls` is the class, `path` the dotted field ("" for the whole), `problem` what is wrong with it. None of them ever
    holds a value from the wire: it may be a code or a token.
    """

    def __init__(self, cls: str, path: str, problem: str) -> None:
        super().__init__(f"{cls}: {path} {problem}" if path else f"{cls}: {problem}")
        self.cls = cls
        self.path = path
        self.problem = problem


class _Wrong(Exception):
    """On its way up to the class that was asked for, collecting the path."""

    def __init__(self, problem: str, *path: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def under(self, name: str) -> _Wrong:
        return _Wrong(self.problem, name, *self.path)


def parse(cls: type[T], mapping: object) -> T:
    """An instance of `cls` from decoded JSON. Unknown keys are ignored; None counts as an empty object.

    Malformed when a required field is missing, a type is wrong, or a closed enum gets an undocumented value.
    """
    return _parsed(cls, {} if mapping is None else mapping, from_text=False)


def parse_query(cls: type[T], pairs: Sequence[tuple[str, str]]) -> T:
    """An instance of `cls` from decoded query or form pairs; lists and objects are one JSON text per parameter.

    Malformed like `parse`, and for a repeated key: TikTok was seen to refuse those (logged call, C2).
    """
    values: dict[str, object] = {}
    for name, text in pairs:
        if name in values:
            # A key nobody documented is not named: it came from outside, like a value.
            known = name if name in {key for slot in _slots(cls) for key in slot.keys} else ""
            raise Malformed(cls.__name__, known, "error unmarshaling parameter: it is repeated")
        values[name] = text
    return _parsed(cls, values, from_text=True)


def dump(instance: object, times: TimeStyle = TimeStyle.SPACE) -> dict[str, object]:
    """A JSON-ready object. A field that is None is left out, or null where the wire shows null."""
    return {
        field.name: _dumped(value, times)
        for field, value in _items(instance)
        if value is not None or field.metadata.get("null")
    }


def dump_query(instance: object, times: TimeStyle = TimeStyle.SPACE) -> list[tuple[str, str]]:
    """Query or form pairs, not yet percent-encoded; a field that is None is left out."""
    return [(field.name, _text(_dumped(value, times))) for field, value in _items(instance) if value is not None]


def _items(instance: object) -> Iterator[tuple[Field[Any], object]]:
    for slot in _slots(type(instance)):
        yield slot.field, getattr(instance, slot.field.name)


def _dumped(value: object, times: TimeStyle) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return dump_instant(value, times)
        case list() | tuple():
            return [_dumped(each, times) for each in value]
        case Mapping():
            return {str(key): _dumped(each, times) for key, each in value.items()}
        case _:
            return dump(value, times) if is_dataclass(value) else value


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class _Hint:
    """One field's type, taken apart once."""

    options: tuple[Any, ...]
    optional: bool


@dataclass(frozen=True)
class _Slot:
    """One field: its declaration, its hint, and the keys it is read from, its own name first."""

    field: Field[Any]
    hint: _Hint
    keys: tuple[str, ...]

    @property
    def required(self) -> bool:
        return self.field.default is MISSING and not self.hint.optional


# Resolving type hints evaluates text, far too slow for every answer.
_SLOTS: Final[dict[type, tuple[_Slot, ...]]] = {}


def _slots(cls: type) -> tuple[_Slot, ...]:
    if cls not in _SLOTS:
        hints = get_type_hints(cls)
        _SLOTS[cls] = tuple(
            _Slot(field, _hint(hints[field.name]), (field.name, *field.metadata.get("also", ())))
            for field in fields(cls)
        )
    return _SLOTS[cls]


def _hint(hint: Any) -> _Hint:
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if object in options:
        return _Hint((object,), optional=True)
    # Enums first: in `PostStatus | str` a documented word becomes the enum, any other stays text.
    narrow = sorted((each for each in options if each is not NoneType), key=lambda each: not _is_enum(each))
    return _Hint(tuple(narrow), optional=NoneType in options)


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)


def _parsed(cls: type[T], value: object, *, from_text: bool) -> T:
    try:
        return _instance(cls, value, from_text)
    except _Wrong as wrong:
        problem = Malformed(cls.__name__, ".".join(wrong.path), wrong.problem)
    raise problem  # outside the except, so that no context holds a value


def _instance(cls: type[T], value: object, from_text: bool) -> T:
    if not isinstance(value, Mapping):
        raise _Wrong("must be an object")
    arguments: dict[str, object] = {}
    for slot in _slots(cls):
        field = slot.field
        key = next((key for key in slot.keys if key in value), None)
        if key is None and slot.required:
            raise _Wrong("is missing", field.name)
        if key is None:
            arguments[field.name] = None if field.default is MISSING else field.default
            continue
        try:
            arguments[field.name] = _bounded(field, _value(slot.hint, _number(field, value[key]), from_text))
        except _Wrong as wrong:
            raise wrong.under(field.name) from None
    return cls(**arguments)


def _number(field: Field[Any], value: object) -> object:
    if field.metadata.get("digits") and isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return value


def _bounded(field: Field[Any], value: object) -> object:
    bounds = field.metadata.get("within")
    if bounds is None or value is None:
        return value
    size = value if isinstance(value, int) else len(cast("Sequence[object]", value))
    if not bounds[0] <= size <= bounds[1]:
        span = f"between {bounds[0]} and {bounds[1]}"
        counted = "characters" if isinstance(value, str) else "entries"
        raise _Wrong(f"must be {span}" if isinstance(value, int) else f"must have {span} {counted}")
    return value


def _value(hint: _Hint, value: object, from_text: bool) -> object:
    # Nobody has written down what TikTok shows for an instant that is not there (U); empty text is read like null.
    if hint.optional and (value is None or (value == "" and datetime in hint.options)):
        return None
    if value is None:
        raise _Wrong("must not be null")
    for option in hint.options[:-1]:
        try:
            return _one(option, value, from_text)
        except _Wrong:
            continue
    return _one(hint.options[-1], value, from_text)


def _one(hint: Any, value: object, from_text: bool) -> object:
    if from_text and isinstance(value, str):
        value = _untexted(hint, value)
    if hint is object:
        return value
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint)[0], value)
    if is_dataclass(hint):
        return _instance(cast("type[object]", hint), value, False)
    if _is_enum(hint):
        return _enum(hint, value)
    return _plain(hint, value)


def _untexted(hint: Any, text: str) -> object:
    """A query parameter as JSON would have held it; texts, enums and instants are texts in both."""
    if hint in (str, object, datetime) or _is_enum(hint):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    raise _Wrong("error unmarshaling parameter")


def _tuple(of: Any, value: object) -> tuple[object, ...]:
    hint = _hint(of)
    parsed = []
    for index, each in enumerate(cast("list[object]", _expect(value, list | tuple, "must be a list"))):
        try:
            parsed.append(_value(hint, each, False))
        except _Wrong as wrong:
            raise wrong.under(str(index)) from None
    return tuple(parsed)


def _enum(hint: type[Enum], value: object) -> Enum:
    try:
        return hint(value)
    except ValueError:
        pass
    raise _Wrong("must be one of " + ", ".join(str(each.value) for each in hint))


def _plain(hint: Any, value: object) -> object:
    if hint is datetime:
        try:
            return parse_instant(cast("str", _expect(value, str, "must be an instant as text")))
        except ValueError as problem:
            raise _Wrong(f"is not an instant: {problem}") from None
    if hint is float and isinstance(value, int) and abs(value) < 2**53:  # a larger one would change, or overflow
        value = value if isinstance(value, bool) else float(value)
    return _expect(value, hint, f"must be {_SPOKEN[hint]}")


def _expect(value: object, kind: Any, problem: str) -> object:
    # True is an int to Python and not to JSON.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _Wrong(problem)
    return value


_WHOLE: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_SPOKEN: Final = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
