"""PURE. Puts what the record knows into a guide's texts, and plain words where it knows nothing.

A placeholder that does not exist stays as it stands: `check` finds it, and no reader meets an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from valetkey.guides.grammar import NAMES, Guide

_PLACEHOLDER: Final = re.compile(r"((?:^|[.!?]\s+)[“„\"]?)?\{(\w+)\}")
"""With what makes it the first word of a sentence, if anything does."""


def fill(guide: Guide, values: Mapping[str, str]) -> Guide:
    """The guide with all its texts filled. An empty value counts as not known."""
    filled: Guide = _filled(guide, {name: value for name, value in values.items() if value}, guide.plain)
    return filled


def _filled(thing: Any, values: Mapping[str, str], plain: Mapping[str, str]) -> Any:
    if type(thing) is str:
        return _PLACEHOLDER.sub(lambda found: _instead(found, values, plain), thing)
    if isinstance(thing, tuple):
        return tuple(_filled(one, values, plain) for one in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    texts = (field.name for field in fields(thing) if field.name not in NAMES)
    return replace(thing, **{name: _filled(getattr(thing, name), values, plain) for name in texts})


def _instead(found: re.Match[str], values: Mapping[str, str], plain: Mapping[str, str]) -> str:
    opening, name = found[1] or "", found[2]
    if name in values:
        return opening + values[name]
    word = plain.get(name)
    if word is None:
        return found[0]
    return opening + (word[:1].upper() + word[1:] if found[1] is not None else word)
