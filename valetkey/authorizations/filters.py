"""PURE. What a list of authorizations is narrowed to and sorted by; the same as a flat dict of texts.

Such a dict is what a query string, a form and a saved view hold. Decides what values there are, not how rows are found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self, TypeVar

from valetkey.authorizations.lifecycle import ENDING, LIVE, NOTHING_YET, OVER, State
from valetkey.errors import Invalid
from valetkey.text import fit

Word = TypeVar("Word", bound=StrEnum)


class Group(StrEnum):
    """States that people look for together. Whatever is in use or ending is live too."""

    WAITING = "waiting"
    LIVE = "live"
    IN_USE = "in_use"
    ENDING = "ending"
    OVER = "over"


STATES: Final[dict[Group, frozenset[State]]] = {
    Group.WAITING: NOTHING_YET,
    Group.LIVE: LIVE,
    Group.IN_USE: frozenset({State.APPLIED, State.IN_USE}),
    Group.ENDING: ENDING,
    Group.OVER: OVER | {State.EXPIRED},
}


class Order(StrEnum):
    NEWEST = "newest"
    ENDS_SOONEST = "ends"


@dataclass(frozen=True)
class Filters:
    """Each narrows further; what is left out narrows nothing.

    `text`: words that must all be found, each anywhere in what a row tells. `creator`, `advertiser`: a reference or the
    whole name. `ends_within`: days from now. `is_short`: the code ends before a campaign that uses it does. `differs`:
    the platform showed something else. `is_uncertain`: whether a step was carried out is not known.
    """

    text: str = ""
    group: Group | None = None
    states: frozenset[State] = frozenset()
    creator: str = ""
    advertiser: str = ""
    ends_within: int | None = None
    is_short: bool = False
    differs: bool = False
    is_uncertain: bool = False
    order: Order = Order.NEWEST

    @classmethod
    def of(cls, plain: Mapping[str, str]) -> Self:
        """Empty texts are left out, as an empty field of a form is. Raises Invalid for what is no filter or value."""
        unknown = sorted(set(plain) - set(_READ))
        if unknown:
            raise Invalid(
                "no_such_filter", f"There is no filter “{_short(unknown[0])}”.", f"There are: {', '.join(_READ)}."
            )
        read = [_READ[name](name, value) for name, value in plain.items() if value.strip()]
        return cls(**{field: value for each in read for field, value in each.items()})

    def plain(self) -> dict[str, str]:
        """What differs from no filter at all; `of` makes the same filters of it."""
        told = {
            "text": self.text,
            "group": self.group.value if self.group else "",
            "state": ",".join(sorted(self.states)),
            "creator": self.creator,
            "advertiser": self.advertiser,
            "ends_within": "" if self.ends_within is None else str(self.ends_within),
            "short": _YES if self.is_short else "",
            "differs": _YES if self.differs else "",
            "uncertain": _YES if self.is_uncertain else "",
            "order": "" if self.order is Order.NEWEST else self.order.value,
        }
        return {name: value for name, value in told.items() if value}

    def only(self) -> frozenset[State] | None:
        """The states that fit both the group and the states asked for; None when every state does."""
        if self.group is None:
            return self.states or None
        return STATES[self.group] & self.states if self.states else STATES[self.group]


_YES: Final = "yes"
_LONGEST_TEXT: Final = 200
_MOST_WORDS: Final = 10
_MOST_DAYS: Final = 3650
_LONGEST_TOLD: Final = 40


def _text(name: str, value: str) -> dict[str, Any]:
    text = fit(value, what="What you look for", longest=_LONGEST_TEXT)
    if len(text.split()) > _MOST_WORDS:
        raise Invalid("too_many_words", f"That is more than {_MOST_WORDS} words.", "Look for fewer of them.")
    return {"text": text}


def _party(name: str, value: str) -> dict[str, Any]:
    return {name: fit(value, what=f"The {name}", longest=_LONGEST_TEXT)}


def _group(name: str, value: str) -> dict[str, Any]:
    return {"group": _one_of(Group, name, value)}


def _states(name: str, value: str) -> dict[str, Any]:
    return {"states": frozenset(_one_of(State, name, each) for each in value.split(",") if each.strip())}


def _order(name: str, value: str) -> dict[str, Any]:
    return {"order": _one_of(Order, name, value)}


def _days(name: str, value: str) -> dict[str, Any]:
    text = value.strip()
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_DAYS)) else 0
    if not 1 <= days <= _MOST_DAYS:
        raise Invalid(
            "filter_days", f"“{_short(value)}” is no number of days.", f"Give a whole number, 1 to {_MOST_DAYS}."
        )
    return {"ends_within": days}


def _claim(field: str) -> Callable[[str, str], dict[str, Any]]:
    def read(name: str, value: str) -> dict[str, Any]:
        if value.strip() != _YES:
            raise Invalid(
                "filter_value", f"“{_short(value)}” is nothing that “{name}” can be.", f"Say {_YES}, or leave it out."
            )
        return {field: True}

    return read


def _one_of(words: type[Word], name: str, value: str) -> Word:
    try:
        return words(value.strip())
    except ValueError:
        known = ", ".join(each.value for each in words)
        raise Invalid(
            "filter_value", f"“{_short(value)}” is nothing that “{name}” can be.", f"There are: {known}."
        ) from None


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_TOLD else f"{value[:_LONGEST_TOLD]}…"


_READ: Final[dict[str, Callable[[str, str], dict[str, Any]]]] = {
    "text": _text,
    "group": _group,
    "state": _states,
    "creator": _party,
    "advertiser": _party,
    "ends_within": _days,
    "short": _claim("is_short"),
    "differs": _claim("differs"),
    "uncertain": _claim("is_uncertain"),
    "order": _order,
}
