"""People on a party's record: who they are, and their last day."""

from __future__ import annotations

from typing import Any

from django import forms

from valetkey.web.forms.pick import PartyField, day_field
from valetkey.web.forms.text import MailField, TextField


class PersonForm(forms.Form):
    """`party` None: they work for the party whose record it is."""

    name = TextField(label="Name", max_length=200, help_text="As others here know them.")
    mail = MailField(label="Mail address", required=False, help_text="The one they work with.")
    work = TextField(label="What they do", required=False, max_length=200, help_text="As “media buyer” or “editor”.")
    party = PartyField(
        label="Works for",
        required=False,
        help_text="A creator, brand or agency exactly as it is named on this desk. Empty: whose record it is.",
    )
    joined_on = day_field("First day", "Leave it empty if nobody knows.")
    note = TextField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For whoever reads this later.",
    )  # fmt: skip


class LeftForm(forms.Form):
    on = day_field("Last day", "Included: they are there until this day is over.", required=True)


class NothingForm(forms.Form):
    """Only the button."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields = {}
