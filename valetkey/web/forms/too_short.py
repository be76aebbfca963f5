"""A form about days: refused because they are too few, it offers the days that reach and asks why to keep them.

What is too few is for the service to say. Without scripts: both ways on are buttons of the same form.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from valetkey.connectors import registry
from valetkey.errors import TooShort
from valetkey.web.forms.text import TextField, insisted

TAKE: Final = "take_days"
KEEP: Final = "keep"
"""The names of the two buttons."""


def is_about_days(typed: Any) -> bool:
    """Whether one of the buttons was pressed that stand there only once everything else was taken as it is."""
    return KEEP in typed or TAKE in typed or "short_reason" in insisted(typed)


class MayBeTooShort(forms.Form):
    """`too_short`: the refusal, where there was one just now. The reason counts only with its own button."""

    take_label = "Take {days} days"
    too_short: TooShort | None = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        taken = self.data.get(TAKE, "")
        if isinstance(self.data, QueryDict) and taken.isascii() and taken.isdigit() and len(taken) < 5:
            self.data = self.data.copy()
            self.take(self.data, int(taken))
        if self._keeps():
            self._ask_why()

    def meet(self, refused: TooShort) -> None:
        """From here on the page has the two ways on."""
        self.too_short = refused
        self._ask_why()

    def take(self, typed: QueryDict, days: int) -> None:
        """The button with the days that reach was pressed, whatever else is chosen."""
        typed["days"] = str(days)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._keeps() and "short_reason" not in self.errors and not cleaned["short_reason"]:
            # Not required as such: a browser would hold up the other buttons for it.
            self.add_error("short_reason", "Say in a few words why.")
        return cleaned

    def short_reason(self) -> str:
        """Of a valid form."""
        reason: str = self.cleaned_data.get("short_reason", "")
        return reason

    def _keeps(self) -> bool:
        """By its own button, or by that of the reason, where it looked like a password."""
        return KEEP in self.data or "short_reason" in insisted(self.data)

    @property
    def take_words(self) -> str:
        """The label of that button; "" where no days on offer reach."""
        days = self.too_short.days if self.too_short else None
        return self.take_label.format(days=days) if days else ""

    def _ask_why(self) -> None:
        self.fields["short_reason"] = TextField(
            label="Keep it anyway, because …",
            help_text="One sentence is enough. Both sides can read it.",
            max_length=500,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class Made(MayBeTooShort):
    """The code is made in the app already: days can still be added to it there, and then here."""

    take_label = "I have added {days} days in the app"

    @property
    def take_words(self) -> str:
        """Only what comes out as a number of days that a code can last; else the end that the app shows is typed."""
        days, before = self.too_short.days if self.too_short else None, self._typed("days", self.data)
        longest = registry.platform("tiktok").terms.longest
        is_too_many = days and before and not self.data.get("ends_on") and before + days > longest
        return "" if is_too_many else super().take_words

    def take(self, typed: QueryDict, days: int) -> None:
        ends_on = self._typed("ends_on", typed)
        if ends_on is not None:
            typed["ends_on"] = (ends_on + timedelta(days=days)).isoformat()
        elif (before := self._typed("days", typed)) is not None:
            typed["days"] = str(before + days)

    def _typed(self, name: str, typed: Any) -> Any:
        """What the field holds; None where that is nothing, or no number and no day."""
        try:
            return self.fields[name].clean(typed.get(name))
        except ValidationError:
            return None
