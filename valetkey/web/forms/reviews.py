"""What somebody says of a review: of what it is, what is decided on a line, and when it is done again."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from valetkey.accounts.models import Party, PartyQuerySet
from valetkey.register.looking import AccessLine
from valetkey.reviews.decisions import Decision
from valetkey.web.forms.text import TextField

ALL: Final = "all"
ASSET: Final = "asset"
PARTY: Final = "party"
DECISIONS: Final[tuple[tuple[str, str], ...]] = (
    (Decision.KEEP.value, "Keep: it stays as it is"),
    (Decision.END.value, "End: it is taken off the list"),
    (Decision.CHANGE.value, "Change: it stays, but not like this"),
    (Decision.NOT_MINE.value, "Not mine: somebody else has to say"),
    (Decision.LET_IT_END.value, "Let it end: it may, on its day, and nobody needs to be told"),
)


class OpenForm(forms.Form):
    kept_by = forms.ModelChoiceField(
        Party.objects.none(), to_field_name="reference", label="Whose record", empty_label=None
    )
    of = forms.ChoiceField(
        label="What is reviewed",
        choices=[
            (ASSET, "One account or other asset: everybody on its lists"),
            (PARTY, "One party: everything that its people, or itself as a whole, have"),
            (ALL, "The whole record"),
        ],
        widget=forms.RadioSelect,
    )
    name = TextField(
        label="Which asset or party",
        max_length=300,
        required=False,
        help_text="Its name or reference. Not needed for the whole record.",
    )

    def __init__(self, *args: Any, parties: PartyQuerySet, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kept_by"].queryset = parties  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("of") in (ASSET, PARTY) and not given.get("name") and "name" not in self.errors:
            self.add_error("name", "Say which one.")
        return given


class LineForm(forms.Form):
    """`line`: what of it can be decided; what has no known end cannot be left to it."""

    decision = forms.ChoiceField(label="What is decided", choices=DECISIONS, widget=forms.RadioSelect)
    note = TextField(
        label="Note",
        max_length=300,
        required=False,
        help_text="What is to be different, or why. Whoever does it reads it.",
    )

    def __init__(self, *args: Any, line: AccessLine, **more: Any) -> None:
        super().__init__(*args, **more)
        if line.until is None:
            self.fields["decision"].choices = DECISIONS[:-1]  # type: ignore[attr-defined]  # a choice


class CloseForm(forms.Form):
    next_on = forms.DateField(
        label="When it is reviewed again",
        help_text="What you keep is looked at again on that day.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
