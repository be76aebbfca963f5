"""In which form everything leaves."""

from __future__ import annotations

from django import forms

from valetkey.export.services import Form


class DeskExportForm(forms.Form):
    form = forms.ChoiceField(
        label="As",
        choices=[
            (Form.JSONL.value, "JSON lines, which another desk can import"),
            (Form.XLSX.value, "XLSX, a sheet for each table"),
            (Form.CSV.value, "CSV, a file for each table, in a .zip"),
        ],
        initial=Form.JSONL.value,
        widget=forms.RadioSelect,
    )
