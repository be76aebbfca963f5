"""One row of the record in a form: chosen from a list where there are few, typed where a list would be too long.

Finds only among the rows it was given. Whether a row may be used for something is decided by the service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from valetkey.accounts.models import Party, PartyQuerySet, Person
from valetkey.audit.entry import Actor
from valetkey.errors import Refused
from valetkey.register.models import Asset
from valetkey.register.services import find_knowers_party
from valetkey.web.forms.text import TextField

FEW: Final = 100
"""More are typed: a list of them is long to read, and heavy on a page that has several."""
_BETWEEN: Final = " · "


class Pick:
    """What there is to choose from, read once for all fields of a form. `by`: the columns a typed text may be."""

    def __init__(
        self, rows: QuerySet[Any], *, by: tuple[str, ...] = ("name",), named: Callable[[Any], str] = str
    ) -> None:
        self.rows, self.by, self.named = rows, by, named
        self.few: list[Any] = list(rows[: FEW + 1])
        self.is_short = len(self.few) <= FEW

    def field(self, label: str, help_text: str = "", *, none: str = "Nobody", required: bool = False) -> forms.Field:
        """`none`: what it means when nothing is chosen."""
        if self.is_short:
            return _Listed(self, label=label, help_text=help_text, required=required, none=none)
        whole = "Their whole name" if "mail" in self.by else "Its whole name"
        typed = f"{', '.join([whole, *_also(self.by)])} or reference."
        return _Typed(self, label=label, help_text=f"{help_text} {typed}".strip(), required=required)

    def find(self, text: str) -> Any:
        """Raises ValidationError where none, or more than one, is of that name."""
        text = text.rpartition(_BETWEEN)[2].strip()
        matches = Q(reference=text.upper())
        for column in self.by:
            matches |= Q(**{f"{column}__iexact": text})
        found = list(self.rows.filter(matches)[:2])
        if not found:
            raise ValidationError(f"There is no “{text}” to choose here.", code="no_choice")
        if len(found) > 1:
            raise ValidationError(f"More than one is “{text}”. Write the reference instead.", code="several")
        return found[0]


def _also(columns: tuple[str, ...]) -> list[str]:
    words = {"mail": "mail address", "platform_id": "id on the platform"}
    return [words[each] for each in columns if each in words]


class _Picks(forms.Field):
    """Says the row as the page sends it back."""

    def say(self, row: Any) -> str:
        return str(row.reference)

    def prepare_value(self, value: Any) -> Any:
        return self.say(value) if isinstance(value, Model) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class _Listed(_Picks, forms.ChoiceField):
    def __init__(self, pick: Pick, *, none: str, required: bool, **more: Any) -> None:
        self._rows = {row.reference: row for row in pick.few}
        names = [pick.named(row) for row in pick.few]
        often = Counter(names)
        listed = [
            (row.reference, f"{name} ({_apart(row)})" if often[name] > 1 else name)
            for row, name in zip(pick.few, names, strict=True)
        ]
        first = ("", "Choose" if required else none)
        super().__init__(choices=[first, *listed], required=required, **more)

    def clean(self, value: Any) -> Any:
        return self._rows.get(super().clean(value))


class _Typed(_Picks, TextField):
    def __init__(self, pick: Pick, **more: Any) -> None:
        self._pick = pick
        super().__init__(max_length=400, **more)

    def say(self, row: Any) -> str:
        return f"{row}{_BETWEEN}{row.reference}"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._pick.find(text) if text else None


class PartyField(_Picks, TextField):
    """Any party of the desk by its exact name: whom one works with is often of no list that one sees."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=200, **more)

    def say(self, row: Any) -> str:
        return str(row)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return find_knowers_party(text) if text else None
        except Refused as refused:
            raise ValidationError(str(refused), code=refused.code) from None


def people_of(
    keeper: Party, *, on: date | None, also: tuple[Person | None, ...] = (), but: Person | None = None
) -> Pick:
    """Those on the party's record who have not left by that day (None: all), and who stands in the form already."""
    rows = Person.objects.filter(kept_by=keeper)
    if on is not None:
        rows = rows.filter(Q(left_on=None) | Q(left_on__gte=on) | Q(pk__in=[row.pk for row in also if row]))
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return Pick(rows.select_related("kept_by", "party").order_by("name", "pk"), by=("name", "mail"), named=_person)


def oneself(actor: Actor, keeper: Party) -> Person | None:
    """Whoever types, where they are on that record: most often they answer for what they write down."""
    return Person.objects.filter(kept_by=keeper, user=actor.user_id, left_on=None).exclude(user=None).first()


def assets_of(keeper: Party | PartyQuerySet, *, but: Asset | None = None) -> Pick:
    """All but posts, of which there are too many to choose from. Of several parties, with whose each is."""
    held = Q(held_by=keeper) if isinstance(keeper, Party) else Q(held_by__in=keeper)
    rows = Asset.objects.filter(held).exclude(kind=Asset.Kind.POST)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    rows = rows.select_related("held_by").order_by("name", "pk")
    return Pick(rows, by=("name", "platform_id"), named=str if isinstance(keeper, Party) else _asset)


def day_field(label: str, help_text: str = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=forms.DateInput(attrs={"type": "date"})
    )


def changed(form: forms.Form) -> dict[str, Any]:
    """What a `change_…` service takes: only what is other than it was, so that nothing else is written over."""
    return {name: form.cleaned_data[name] for name in form.changed_data}


def _person(row: Any) -> str:
    return f"{row} of {row.party}" if row.party_id != row.kept_by_id else str(row)


def _asset(row: Any) -> str:
    return f"{row} of {row.held_by}"


def _apart(row: Any) -> str:
    """What tells several of one name apart."""
    return getattr(row, "mail", "") or str(row.reference)
