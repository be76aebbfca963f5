"""What a guide's templates need: the notes of a list of facts, and the address of what it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.template import Context
from django.urls import reverse

from valetkey.guides.grammar import DIAGNOSIS
from valetkey.guides.library import library
from valetkey.web.guides import Note

register = template.Library()


@register.filter
def among(names: Iterable[str], notes: Mapping[str, Note]) -> list[Note]:
    return [notes[name] for name in names]


@register.simple_tag(takes_context=True)
def leads_to(context: Context, name: str) -> str:
    """The address of a guide or of the diagnosis: of the same case where there is one, else the one for everybody."""
    reference, language = context.get("reference", ""), _in(context)
    to_diagnosis = name == DIAGNOSIS
    if reference:
        return reverse("diagnose_authorization" if to_diagnosis else "guide_of_case", args=_given(reference, name))
    return reverse("diagnose_in" if to_diagnosis else "guide", args=_given(language, name))


def _given(first: str, name: str) -> list[str]:
    return [first] if name == DIAGNOSIS else [first, name]


def _in(context: Context) -> str:
    return str(context["language"])


@register.simple_tag(takes_context=True)
def called(context: Context, name: str) -> str:
    """The title of what it leads to."""
    language = _in(context)
    if name == DIAGNOSIS:
        return library().words(language)["diagnosis"]
    return library().guide(name, language).title
