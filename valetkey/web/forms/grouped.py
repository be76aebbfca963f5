"""A long form in groups with a heading each. The last one is folded while nothing stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms


@dataclass(frozen=True)
class Group:
    title: str
    fields: list[forms.BoundField]
    is_folded: bool = False
    is_open: bool = False


class Grouped:
    """`groups`: heading → names of fields. A group called “More” can be folded."""

    groups: ClassVar[list[tuple[str, tuple[str, ...]]]] = []

    def in_groups(self) -> Iterator[Group]:
        form: Any = self
        for title, names in self.groups:
            fields = [form[name] for name in names if name in form.fields]
            if not fields:
                continue
            is_open = any(each.errors or each.value() for each in fields)
            yield Group(title, fields, title == "More", is_open)
