"""Who answers for an authorization: a name, and the page offers those it knows."""

from __future__ import annotations

from django import forms

from valetkey.web.forms.text import TextField


class OwnerForm(forms.Form):
    person = TextField(
        label="Who answers for it",
        max_length=200,
        help_text="Somebody on your record: the whole name, the mail address or the reference.",
        widget=forms.TextInput(attrs={"list": "known-people", "autocomplete": "off"}),
    )
