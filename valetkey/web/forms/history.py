"""What narrows the history, and the head somebody noted to check it against."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator

from valetkey.authorizations.services.read_history import SUBJECTS

_NAMES = {"ad_account": "Ad accounts", "surface": "Accesses"}


class HistoryForm(forms.Form):
    is_filter = True
    about = forms.CharField(label="About", help_text="A reference, such as that of an authorization.", required=False)
    kind = forms.ChoiceField(
        label="Or everything about",
        required=False,
        choices=[
            ("", "All"),
            *((name, _NAMES.get(name, f"{name}s".replace("ys", "ies").title())) for name in SUBJECTS),
        ],
    )
    person = forms.CharField(label="Person", help_text="A part of the name.", required=False)
    first_day = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class VerifyForm(forms.Form):
    head = forms.CharField(
        label="Head you noted earlier",
        help_text="The 64 characters that a check showed. If they are still in the chain, nothing was cut off since.",
        required=False,
        strip=True,
        validators=[RegexValidator("^[0-9a-fA-F]{64}$", "A head has 64 characters, 0 to 9 and a to f.")],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
