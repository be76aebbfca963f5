"""What the tests of refused texts share: the text itself, and every place of the desk where it must not be found."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps

SECRET: Final = "my password is Kolibri!4711"
TELLTALE: Final = "Kolibri"
"""Of it, no piece may be anywhere."""


def database() -> str:
    """Every row of every table, as text."""
    rows: list[Any] = []
    for model in apps.get_models(include_auto_created=True):
        rows += model._base_manager.values_list()
    return "\n".join(map(str, rows))
