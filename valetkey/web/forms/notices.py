"""What somebody wants to be told by mail, and when not."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from valetkey.findings.finding import Group
from valetkey.notices.schedule import Wishes
from valetkey.notices.services import GROUPS

_DAYS: Final = re.compile(r"\d{1,4}")


class NoticesForm(forms.Form):
    by_mail = forms.BooleanField(
        label="Mail me what needs a look",
        help_text="At most one mail a day. Your pages have everything in any case.",
        required=False,
    )
    groups = forms.MultipleChoiceField(
        label="About",
        choices=[(group.value, words[0].upper() + words[1:]) for group, words in GROUPS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    lead_days = forms.CharField(
        label="Days before an end",
        help_text="Usually 30, 14, 7, 3, 1. Of several that are due, you are told only the last.",
        max_length=60,
        required=False,
    )
    quiet_from = forms.TimeField(
        label="Quiet from", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )
    quiet_until = forms.TimeField(
        label="Quiet until",
        help_text="In your time zone. Leave both empty for no quiet hours.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
    )
    on_weekends = forms.BooleanField(
        label="On weekends too", help_text="What stops within a day is told on weekends in any case.", required=False
    )

    @classmethod
    def showing(cls, wishes: Wishes) -> NoticesForm:
        """The form with what holds now."""
        start, end = wishes.quiet or (None, None)
        return cls(
            initial={
                "by_mail": wishes.by_mail,
                "groups": [group.value for group in Group if group not in wishes.muted],
                "lead_days": ", ".join(map(str, wishes.leads)),
                "quiet_from": start,
                "quiet_until": end,
                "on_weekends": wishes.on_weekends,
            }
        )

    def clean_lead_days(self) -> list[int]:
        words = re.split(r"[\s,;]+", self.cleaned_data["lead_days"].strip(" ,;"))
        if not all(_DAYS.fullmatch(word) for word in words if word):
            raise ValidationError("Write whole numbers, such as 30, 14, 7.")
        return [int(word) for word in words if word]

    def changes(self) -> dict[str, Any]:
        """As the service takes them: who sees kinds with a tick unticks what is to be muted."""
        given = dict(self.cleaned_data)
        chosen = given.pop("groups")
        return {**given, "muted": [group.value for group in Group if group.value not in chosen]}
