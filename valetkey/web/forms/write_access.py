"""Access on a surface: who has it, in which role, until when, why; and how it ended. Says nothing about platforms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from valetkey.accounts.models import Party
from valetkey.register.days import end_of_day, start_of_day
from valetkey.register.models import Access
from valetkey.web.forms.grouped import Grouped
from valetkey.web.forms.pick import PartyField, changed, day_field, people_of
from valetkey.web.forms.text import TextField

_ENDS = [
    (Access.End.AT.value, "On a day"),
    (Access.End.NONE.value, "Never: it has no end"),
    (Access.End.UNKNOWN.value, "Nobody knows"),
]


class AccessForm(Grouped, forms.Form):
    """What can be corrected of an access that somebody entered. Days are days in the zone of whoever types them."""

    groups: ClassVar = [
        ("Which access", ("role",)),
        ("Since when, until when", ("since", "end", "until", "review_on")),
        ("Why, and who answers for it", ("purpose", "owner")),
        ("More", ("basis", "removal", "note")),
    ]
    role = TextField(
        label="Role",
        max_length=100,
        help_text="As the platform calls it.",
        widget=forms.TextInput(attrs={"list": "role-names", "autocomplete": "off"}),
    )
    since = day_field("Since", "The first day. Leave it empty if nobody knows.")
    end = forms.ChoiceField(
        label="When it ends",
        choices=_ENDS,
        widget=forms.RadioSelect,
        help_text="That nobody knows is something else than that it never ends.",
    )
    until = day_field("Last day", "Only where it ends on a day. Included: it ends when this day is over.")
    review_on = day_field("Look at it again on", "Most of all where it has no end.")
    purpose = TextField(label="What for", max_length=300, required=False, help_text="The job it is needed for.")
    basis = TextField(
        label="Basis", max_length=200, required=False, help_text="The contract or agreement, by its name or number."
    )
    removal = TextField(
        label="How it is taken away",
        max_length=2000,
        required=False,
        help_text="Where it differs from what is usual for this list.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = TextField(label="Note", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, keeper: Party, on: date, row: Access | None = None, **more: Any) -> None:
        if row is not None:
            more["initial"] = _initial(row)
        super().__init__(*args, **more)
        self.people = people_of(keeper, on=on, also=(row.owner,) if row else ())
        self.fields["owner"] = self.people.field(
            "Who answers for it", "On your side: asked when it ends, or when somebody wonders why it is there."
        )
        for name in _settled(row):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "end" not in self.fields:
            return said
        end, until = said.get("end"), said.get("until")
        if end == Access.End.AT and until is None and "until" not in self.errors:
            self.add_error("until", "Say on which day it ends.")
        elif end not in {None, Access.End.AT} and until is not None:
            self.add_error("until", "Leave the day out, or choose “On a day” above.")
        return said

    def instants(self) -> dict[str, Any]:
        """What was typed, with days as instants."""
        return self._as_instants(self.cleaned_data)

    def changes(self) -> dict[str, Any]:
        """What is other than before; an end goes with its day."""
        said = changed(self)
        if {"end", "until"} & said.keys():
            said |= {name: self.cleaned_data[name] for name in ("end", "until")}
        return self._as_instants(said)

    def _as_instants(self, said: dict[str, Any]) -> dict[str, Any]:
        zone = timezone.get_current_timezone_name()
        moved: dict[str, Any] = {}
        if said.get("since"):
            moved["since"] = start_of_day(said["since"], zone)
        if said.get("until"):
            moved["until"] = end_of_day(said["until"], zone)
        if "end" in said:
            moved["end"] = Access.End(said["end"])
        return {**said, **moved}


class OpenForm(AccessForm):
    """A new one. Either a person, or a whole party: a partner's link, a code."""

    groups: ClassVar = [("Who", ("person", "holder")), *AccessForm.groups]

    holder = PartyField(
        label="Or a whole party",
        required=False,
        help_text="For a partner's link: a creator, brand or agency exactly as it is named on this desk.",
    )

    def __init__(self, *args: Any, keeper: Party, on: date, **more: Any) -> None:
        super().__init__(*args, keeper=keeper, on=on, **more)
        self.fields["person"] = self.people.field(
            "Person", "Somebody on your record. Who is not there yet is entered first.", none="No single person"
        )
        self.fields["end"].initial = None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not said.get("person") and not said.get("holder") and not {"person", "holder"} & self.errors.keys():
            self.add_error("person", "Say who has it: a person, or a whole party.")
        return said


class ConfirmForm(forms.Form):
    how = TextField(
        label="What you saw",
        max_length=1000,
        help_text="As “opened the list of people: Jo stands there as Operator”.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndForm(forms.Form):
    reason = TextField(label="Why it ends", max_length=200, help_text="As “left on Friday” or “the job is done”.")
    how = TextField(
        label="What you saw on the platform",
        max_length=1000,
        required=False,
        help_text="As “taken off the list; it no longer stands there”. Leave it empty if nobody has looked:"
        " then the record says so.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _settled(row: Access | None) -> set[str]:
    """What is not changed here any more: the authorization's own facts, and all but the note of what is over."""
    if row is not None and row.ended_at is not None:
        return set(AccessForm.base_fields) - {"note"} | {"owner"}
    is_given = row is not None and row.way == Access.Way.AUTHORIZATION
    return {"role", "since", "end", "until", "basis", "owner"} if is_given else set()


def _initial(row: Access) -> dict[str, Any]:
    names = ("role", "end", "review_on", "purpose", "owner", "basis", "removal", "note")
    until = row.until - timedelta(microseconds=1) if row.until else None
    return {name: getattr(row, name) for name in names} | {"since": _day(row.since), "until": _day(until)}


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None
