"""A sheet to try, as a file or pasted, and what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from valetkey.accounts.models import PartyQuerySet
from valetkey.intake.columns import Field
from valetkey.intake.models import Batch
from valetkey.intake.sheet import MOST_BYTES
from valetkey.web.forms.pick import Pick
from valetkey.web.forms.text import TextField

_ASKED: Final = ""
_DAY: Final = "day"
_MONTH: Final = "month"
_WORDS: Final = {
    Field.WORK: "What they do",
    Field.LEFT_ON: "Last day",
    Field.ASSET: "Account or other asset",
    Field.ASSET_KIND: "What kind of asset",
    Field.ASSET_ID: "Id or handle of the asset",
    Field.SURFACE: "List of access",
    Field.PURPOSE: "What for",
    Field.BASIS: "Rests on",
    Field.OWNER: "Who answers for it",
    Field.REVIEW_ON: "Looked at again on",
}
"""As the pages of the record call it; the others go by their own word."""
_ORDERS: Final = {_ASKED: None, _DAY: True, _MONTH: False}


class PasteField(TextField):
    """Rows of a sheet. Each cell is judged by the intake, which refuses its row alone; nothing is shown again."""

    longest = MOST_BYTES

    def _judge(self, value: str) -> None:
        pass

    def bound_data(self, data: Any, initial: Any) -> Any:
        return ""


class OrderField(forms.ChoiceField):
    """Which comes first in days as 03/05/2026; None while nobody has said."""

    def __init__(self) -> None:
        super().__init__(
            label="Days as 03/05/2026",
            required=False,
            choices=[(_ASKED, "Ask me about each"), (_DAY, "The day comes first"), (_MONTH, "The month comes first")],
        )

    def clean(self, value: Any) -> Any:
        return _ORDERS[super().clean(value)]

    def prepare_value(self, value: Any) -> Any:
        return next((name for name, order in _ORDERS.items() if value is order), value)


class TryForm(forms.Form):
    file = forms.FileField(
        label="The file",
        required=False,
        help_text=f"CSV or XLSX, up to {MOST_BYTES // 1_000_000} MB. The file itself is not kept, only its rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
    )
    pasted = PasteField(
        label="Or paste the rows",
        required=False,
        help_text="With the names of the columns, as you copy them from a spreadsheet.",
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono"}),
        strip=False,
    )
    order = OrderField()

    def __init__(self, *args: Any, parties: PartyQuerySet, **more: Any) -> None:
        super().__init__(*args, **more)
        whose = Pick(parties).field("Whose record", "Onto which the rows go.", required=True)
        self.fields = {"kept_by": whose, **self.fields}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, pasted = given.get("file"), given.get("pasted")
        if not self.errors and bool(file) == bool(pasted):
            told = "Choose a file or paste the rows, not both." if file else "Choose a file, or paste the rows."
            self.add_error("file", told)
        return given


class ColumnsForm(forms.Form):
    """A field for each column, by its number."""

    order = OrderField()

    def __init__(self, *args: Any, batch: Batch, samples: Sequence[Sequence[str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["order"].initial = batch.day_first
        fields = [("", "Leave it out"), *((field.value, _WORDS.get(field, field.capitalize())) for field in Field)]
        for number, (name, field) in enumerate(zip(batch.header, batch.mapping, strict=True), start=1):
            seen = [text for text in (row[number - 1] for row in samples if len(row) >= number) if text]
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=name or f"Column {number}",
                required=False,
                choices=fields,
                initial=field,
                help_text=f"As “{'”, “'.join(dict.fromkeys(seen))}”." if seen else "",
            )

    def mapping(self) -> dict[str, str]:
        """By the column's number, as the service takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name.startswith("column_")}
        return {name.removeprefix("column_"): value for name, value in given.items()}
