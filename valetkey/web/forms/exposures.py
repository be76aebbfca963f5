"""What somebody says of a login that was shared: never the secret, and no field asks for one."""

from __future__ import annotations

from typing import Any

from django import forms

from valetkey.accounts.models import Party, PartyQuerySet
from valetkey.register.exposed import Shared, words
from valetkey.web.forms.pick import assets_of, people_of
from valetkey.web.forms.text import TextField


def _since(help_text: str) -> forms.DateField:
    return forms.DateField(
        label="Since", required=False, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


class ExposureForm(forms.Form):
    held_by = forms.ModelChoiceField(
        Party.objects.none(), to_field_name="reference", label="Whose account it is", empty_label=None
    )
    account = TextField(
        label="Account",
        max_length=100,
        required=False,
        help_text="Its name, as @mara.makes. Leave it empty if you choose it above.",
    )
    shared = forms.ChoiceField(
        label="What was shared", choices=[(each.value, words(each).capitalize()) for each in Shared]
    )
    since = _since("The day it was shared. Leave it empty if nobody knows.")
    field_order = ("held_by", "asset", "account", "shared", "since", "note")
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
        self.fields["asset"] = assets_of(parties).field("Account on record", none="Not on record")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("account") and not said.get("asset") and not {"account", "asset"} & self.errors.keys():
            self.add_error("account", "Say which account it is.")
        return said


class KnowerForm(forms.Form):
    name = TextField(
        label="Who knows it",
        max_length=200,
        required=False,
        help_text="One person, by the name you know them by. Leave it empty if you choose them above.",
    )
    party = TextField(
        label="Acts for",
        max_length=200,
        required=False,
        help_text="A creator, brand or agency exactly as it is named on this desk. Leave it empty for anybody else.",
    )
    since = _since("Since when this person knows it. Leave it empty if nobody knows.")
    field_order = ("person", "name", "party", "since")

    def __init__(self, *args: Any, keeper: Party, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"] = people_of(keeper, on=None).field("Somebody on your record", none="Not on record")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("name") and not said.get("person") and not {"name", "person"} & self.errors.keys():
            self.add_error("name", "Say who knows it.")
        return said


class ChangedForm(forms.Form):
    how = TextField(
        label="What was done",
        max_length=1000,
        help_text="As “set a new password, signed all devices out”. Not the new password itself.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
