"""Which day of the record is looked at, and what is looked for in it."""

from __future__ import annotations

from django import forms


class DayForm(forms.Form):
    """`known` is worth something for a day gone by alone: of a day to come, there is only what is known now."""

    is_filter = True
    on = forms.DateField(label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    known = forms.BooleanField(
        label="As we know it now, with what was entered or corrected since",
        required=False,
        widget=forms.CheckboxInput(attrs={"value": "now"}),
    )
