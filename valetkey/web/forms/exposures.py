"""What somebody says of a login that was shared: never the secret, and no field asks for one."""

from __future__ import annotations

from typing import Any

from django import forms

from valetkey.accounts.models import Party, PartyQuerySet
from valetkey.register.exposed import Shared, words
from valetkey.web.forms.text import TextField


def _since(help_text: str) -> forms.DateField:
    return forms.DateField(
        label="Since", required=False, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


class ExposureForm(forms.Form):
    held_by = forms.ModelChoiceField(
        Party.objects.none(), to_field_name="reference", label="Whose account it is", empty_label=None
    )
    account = TextField(label="Account", max_length=100, help_text="Its name, as @mara.makes.")
    shared = forms.ChoiceField(
        label="What was shared", choices=[(each.value, words(each).capitalize()) for each in Shared]
    )
    since = _since("The day it was shared. Leave it empty if nobody knows.")
    note = TextField(
        label="How it came about",
        max_length=2000,
        required=False,
        help_text="For whoever reads this later. Not the password or code itself.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, parties: PartyQuerySet, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["held_by"].queryset = parties  # type: ignore[attr-defined]  # a model choice


class KnowerForm(forms.Form):
    name = TextField(label="Who knows it", max_length=200, help_text="One person, by the name you know them by.")
    party = TextField(
        label="Acts for",
        max_length=200,
        required=False,
        help_text="A creator, brand or agency exactly as it is named on this desk. Leave it empty for anybody else.",
    )
    since = _since("Since when this person knows it. Leave it empty if nobody knows.")


class ChangedForm(forms.Form):
    how = TextField(
        label="What was done",
        max_length=1000,
        help_text="As “set a new password, signed all devices out”. Not the new password itself.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
