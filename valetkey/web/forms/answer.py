"""What somebody without an account types to answer a request: the code and its days, or a no with its reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from valetkey.authorizations import code_text
from valetkey.authorizations.models import Authorization
from valetkey.connectors import registry
from valetkey.credential import Insisted
from valetkey.errors import Invalid
from valetkey.web.forms.text import TextField
from valetkey.web.forms.time_zones import time_zones
from valetkey.web.forms.too_short import Made

OWN: Final = "own"
REASONS: Final = (
    ("not_this_post", "I do not want this post to be used in ads."),
    ("not_agreed", "We have not agreed on this."),
    ("terms", "The terms do not fit: how long, what for, or the fee."),
    ("not_offered", "TikTok does not offer ad authorization for this post."),
    (OWN, "In my own words, below"),
)


class CodeForm(Made):
    """`days` counts from now; a last day that the app shows goes before it."""

    code = forms.CharField(
        label="Spark code",
        max_length=600,
        strip=False,
        help_text="Paste it whole, as the app copied it. It is kept encrypted, and who looks at it is written down.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "autocorrect": "off"}
        ),
    )
    days = forms.IntegerField(
        label="How many days you chose in the app",
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    ends_on = forms.DateField(
        label="Or the last day that the app shows",
        required=False,
        help_text="Where the app shows an end, that is surer than counting days.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time_zone = forms.ChoiceField(label="Your time zone", help_text="In which that last day is meant.")
    agreed_until = forms.DateField(
        label="They may use the post until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, row: Authorization, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        terms = registry.platform(row.post.platform).terms
        self.fields["days"].widget.attrs |= {"min": terms.shortest, "max": terms.longest}
        self.fields["days"].initial = row.requested_days
        self.fields["days"].help_text = f"They ask for {row.requested_days}. Fewer or more is yours to decide."
        agreed = self.fields["agreed_until"]
        agreed.initial = row.agreed_until
        agreed.widget.attrs |= {"min": at.date().isoformat()}
        if row.agreed_until is None:
            agreed.help_text = "They named no day. Give one if you want their use to stop before the code ends."
        else:
            agreed.widget.attrs |= {"max": row.agreed_until.isoformat()}
            agreed.help_text = "They ask for this day. You may give an earlier one."
        zone = self.fields["time_zone"]
        zone.choices = time_zones()  # type: ignore[attr-defined]
        zone.initial = settings.VALETKEY_TIME_ZONE

    def clean_code(self) -> str:
        """What surely is no code is said beside the field."""
        code: str = self.cleaned_data["code"]
        try:
            code_text.clean(code)
        except Invalid as refused:
            raise ValidationError(f"{refused.sentence} {refused.next_step}", code=refused.code) from None
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ends_on: date | None = cleaned.get("ends_on")
        if ends_on is not None:
            cleaned["days"] = None
        elif cleaned.get("days") is None and not {"days", "ends_on"} & set(self.errors):
            self.add_error("days", "Say how many days you chose, or give the last day that the app shows.")
        return cleaned


class DeclineForm(forms.Form):
    ready = forms.ChoiceField(
        label="Why", choices=REASONS, widget=forms.RadioSelect, error_messages={"required": "Choose the nearest."}
    )
    words = TextField(
        label="In your own words",
        required=False,
        max_length=350,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("ready") == OWN and not cleaned.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", "One sentence is enough.")
        return cleaned

    def reason(self) -> str:
        ready: str = self.cleaned_data["ready"]
        words: str = self.cleaned_data["words"]
        if ready == OWN:
            return words
        whole = f"{dict(REASONS)[ready]} {words}".strip()
        return Insisted(whole) if isinstance(words, Insisted) else whole
