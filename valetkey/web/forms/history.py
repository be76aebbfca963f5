"""What narrows the history, and the head somebody noted to check it against."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator

from valetkey.history.subjects import SUBJECTS

_NAMES = {"ad_account": "Ad accounts", "surface": "Lists of access", "access": "Accesses", "desk": "The desk itself",
          "person": "People", "intake": "Imports"}  # fmt: skip


class AboutForm(forms.Form):
    is_filter = True
    person = forms.CharField(label="Done by", help_text="A part of the name.", required=False)
    first_day = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class HistoryForm(AboutForm):
    field_order = ("about", "kind", "person", "first_day", "last_day")
    about = forms.CharField(label="About", help_text="A reference: all that is about it.", required=False)
    kind = forms.ChoiceField(
        label="Or everything about",
        required=False,
        choices=[
            ("", "All"),
            *((name, _NAMES.get(name, f"{name}s".replace("ys", "ies").title())) for name in SUBJECTS),
        ],
    )


class ExportForm(forms.Form):
    first_day = forms.DateField(
        label="From",
        help_text="Leave both empty for all of it.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
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
