"""Refusals on pages: beside the form that caused them, or as a page of their own with the status a program expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.forms import BaseForm

from valetkey.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PlatformDown,
    PlatformRefused,
    Refused,
    TooShort,
    Uncertain,
)
from valetkey.web.forms.text import forget
from valetkey.web.forms.too_short import MayBeTooShort

_STATUS: Final[dict[type[Refused], int]] = {
    Invalid: 400,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    TooShort: 409,
    PlatformRefused: 409,
    PlatformDown: 503,
    Uncertain: 409,
}


def status_of(refused: Refused) -> int:
    return _STATUS.get(type(refused), 400)


@dataclass
class Met:
    """What was refused in the block, once it is left."""

    refused: Refused | None = None


@contextmanager
def onto(form: BaseForm) -> Iterator[Met]:
    """What the service refuses stands at the top of the form, and what was typed is kept.

    What is not there, or is not this person's, is no matter of the form: those become pages.
    """
    met = Met()
    try:
        yield met
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        met.refused = refused
        if isinstance(refused, TooShort) and isinstance(form, MayBeTooShort):
            form.meet(refused)
        forget(form, refused)
        form.add_error(None, _said(refused))


@contextmanager
def beside(form: BaseForm, field: str) -> Iterator[None]:
    """What is refused because of one field stands beside that field: a name nobody has, a link nobody can read."""
    try:
        yield
    except Refused as refused:
        forget(form, refused)
        form.add_error(field, _said(refused))


def _said(refused: Refused) -> ValidationError:
    return ValidationError(str(refused), code=refused.code)
