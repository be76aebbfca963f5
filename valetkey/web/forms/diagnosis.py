"""What may be pasted to find out why a code does not work. Nothing of it is rendered again, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from valetkey.diagnosis.services import LONGEST

# Passwords are not asked for, and browsers must not keep or mend a code.
_AS_IT_IS: Final = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class _Once(forms.Textarea):
    """Shows what is typed while it is typed, and nothing of it in an answer."""

    def format_value(self, value: Any) -> str:
        return ""


class PasteForm(forms.Form):
    """`words`: the page's own, in its language. At least one of the two fields."""

    is_filter = True  # neither is marked as optional: one of the two is needed

    # Not tidied: a space at the end or a line break inside may be what is wrong.
    code = forms.CharField(required=False, max_length=LONGEST, strip=False, widget=_Once({**_AS_IT_IS, "rows": 2}))
    error = forms.CharField(required=False, max_length=LONGEST, widget=_Once({"rows": 3, "spellcheck": "false"}))

    def __init__(self, *args: Any, words: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._nothing = words["nothing"]
        for name in ("code", "error"):
            self.fields[name].label, self.fields[name].help_text = words[name], words[f"{name}_help"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["code"].strip() or cleaned["error"].strip()):
            raise forms.ValidationError(self._nothing, code="nothing_pasted")
        return cleaned
