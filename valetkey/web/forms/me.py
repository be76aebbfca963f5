"""A person's own time zone and language, and the tokens by which programs act as them."""

from __future__ import annotations

from typing import Final

from django import forms
from django.conf import settings
from django.http import QueryDict

from valetkey.web.forms.text import TextField
from valetkey.web.forms.time_zones import time_zones
from valetkey.web.language import NAMES

_DESKS: Final = "desk"
_TERMS: Final = [("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("730", "Two years")]


class TimeZoneForm(forms.Form):
    time_zone = forms.ChoiceField(
        label="Time zone", help_text="In which you read every date. Others see the same moment in theirs."
    )

    def __init__(self, typed: QueryDict | None = None, *, current: str) -> None:
        """`current`: the zone they have now, which may be one that is not offered."""
        super().__init__(typed, initial={"time_zone": current or _DESKS})
        offered = time_zones()
        own = [(current, current)] if current and current not in dict(offered) else []
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type
        field.choices = [(_DESKS, f"As the desk: {settings.VALETKEY_TIME_ZONE}"), *own, *offered]

    def zone(self) -> str:
        """As `set_time_zone` takes it."""
        chosen: str = self.cleaned_data["time_zone"]
        return "" if chosen == _DESKS else chosen


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label="Language",
        help_text="Of the guides, and of what is said about a code that does not work. All else here is English.",
        required=False,
        choices=[("", "As my browser asks for"), *NAMES.items()],
    )

    def __init__(self, typed: QueryDict | None = None, *, current: str) -> None:
        super().__init__(typed, initial={"language": current})


class TokenForm(forms.Form):
    label = TextField(label="What is it for?", help_text="So that you know later which one to end.", max_length=100)
    days = forms.TypedChoiceField(label="It ends after", choices=_TERMS, initial="90", coerce=int)
