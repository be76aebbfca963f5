"""The steps of authorizing a post. Each is sent by GET, so that the address alone holds what was chosen so far."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.html import format_html

from valetkey.connectors.base import Terms
from valetkey.web.forms.too_short import Made, MayBeTooShort

OWN: Final = "own"
"""In place of one of the offered numbers: a number of the person's own."""


class ForWhom(forms.Form):
    """One field, `for`: a word Python keeps to itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["for"] = forms.CharField(
            label="Name of the brand or agency",
            help_text="As they are named on this desk, or their reference here. They can tell you both.",
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )


class Read(forms.Form):
    read = forms.BooleanField(
        label="I have read this",
        error_messages={"required": "Read the list first, then tick this. It says what cannot be undone."},
    )


class HowLong(forms.Form):
    """The days of the code, and until when the advertiser has agreed to use it."""

    def __init__(self, *args: Any, terms: Terms, advertiser: str, asked_until: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = ", ".join(str(term) for term in terms.confirmed)
        self.fields["days"] = forms.ChoiceField(
            label="How long",
            choices=[*((str(term), f"{term} days") for term in terms.confirmed), (OWN, "Another number of days")],
            error_messages={"required": "Choose how long.", "invalid_choice": "Choose one of the numbers below."},
            widget=forms.RadioSelect,
        )
        self.fields["own"] = forms.IntegerField(
            label="Another number of days",
            help_text=f"TikTok says it offers {offered}; it may refuse another number.",
            min_value=terms.shortest,
            max_value=terms.longest,
            error_messages=dict.fromkeys(
                ("min_value", "max_value", "invalid"), f"Type a whole number from {terms.shortest} to {terms.longest}."
            ),
            required=False,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )
        asked = format_html("{} asked for use until this day; you may grant an earlier one.", advertiser)
        agreed = format_html("If you agreed on a last day with {}.", advertiser)
        latest = {"max": asked_until.isoformat()} if asked_until else {}
        self.fields["until"] = forms.DateField(
            label="Agreed use until",
            help_text=format_html("{} It is kept here; TikTok does not know it.", asked if asked_until else agreed),
            required=False,
            widget=forms.DateInput(attrs={"type": "date", **latest}, format="%Y-%m-%d"),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("days") == OWN and given.get("own") is None and "own" not in self.errors:
            self.add_error("own", "Type a number of days.")
        return given

    def number(self) -> int:
        """Of a valid form: the days in the end."""
        chosen = self.cleaned_data["days"]
        return int(self.cleaned_data["own"] if chosen == OWN else chosen)


class Look(MayBeTooShort):
    """The last look over the connection: nothing is asked but a button."""


class CodeByHand(Made):
    """What was copied in the app. What is odd about a code is said once and never stops anybody."""

    code = forms.CharField(
        label="Spark code (ad authorization code)",
        max_length=2000,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "autocorrect": "off"}
        ),
        strip=False,
    )
    days = forms.IntegerField(
        label="Number of days chosen in the app",
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    ends_on = forms.DateField(
        label="End date the app shows",
        help_text="If it shows one. It goes before the number of days.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("days") and not given.get("ends_on") and not self.errors:
            self.add_error("days", "Give the number of days, or the end date below.")
        return given
