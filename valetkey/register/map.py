"""PURE. The map of an asset as a picture: who owns it, who is on its surfaces, who holds codes. Where things are drawn.

Does not decide what is so, and draws nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from valetkey.register.looking import Named

WIDTH: Final = 760
_NODE: Final = 172
_GAP: Final = 24
_HEIGHT: Final = 40
_ROW: Final = _HEIGHT + 8
_COLUMNS: Final = tuple(number * (_NODE + _GAP) for number in range(4))
_OWNERS, _ASSET, _SURFACES, _HOLDERS = range(4)
_LABEL: Final = 20
"""So many letters fit into a node, wide ones and digits too."""
MOST: Final = 6
"""So many people of one surface, or owners, are drawn; the others are counted."""

WORDS: Final = {
    "owner": "owns or controls it",
    "admin": "admin",
    "partner": "partner",
    "person": "person",
    "code": "code",
    "surface": "surface",
    "asset": "asset",
    "more": "and more",
}
"""What a node is, in words: nothing is told by colour alone."""


@dataclass(frozen=True)
class On:
    """Somebody on a surface. `kind`: admin, partner, person or code. `until`: how it ends, in words."""

    one: Named
    kind: str
    role: str
    until: str

    @property
    def note(self) -> str:
        return f"{self.role}, {self.until}"


@dataclass(frozen=True)
class Listed:
    """A surface with those on it. `count` of them in all, which may be more than are given."""

    surface: Named
    holders: Sequence[On]
    count: int


@dataclass(frozen=True)
class Node:
    """`label` and `note` are cut to what fits; `full` is all of it."""

    x: int
    y: int
    width: int
    height: int
    label: str
    note: str
    full: str
    kind: str
    one: Named | None


@dataclass(frozen=True)
class Edge:
    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


@dataclass(frozen=True)
class Map:
    """`rows`: the same as a table, each with what it is, who, where, and the note uncut."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    rows: tuple[tuple[str, Named | None, Named | None, str], ...]


def lay_out(asset: Named, owners: Sequence[tuple[Named, str]], surfaces: Sequence[Listed]) -> Map:
    """Four columns: owners, the asset, its surfaces, who is on each; three where nobody is known to own it. Every place
    is a whole number.
    """
    drawing = _Drawing(0 if owners else _COLUMNS[_ASSET])
    centre = drawing.node(_ASSET, 0, asset.name, "", "asset", asset)
    for row, (one, note) in enumerate(owners[:MOST]):
        drawing.edge(drawing.node(_OWNERS, row, one.name, note, "owner", one), centre)
    if len(owners) > MOST:
        drawing.edge(drawing.more(_OWNERS, MOST, len(owners) - MOST), centre)
    row = 0
    for listed in surfaces[:MOST]:
        surface = drawing.node(_SURFACES, row, listed.surface.name, _people(listed.count), "surface", listed.surface)
        drawing.edge(centre, surface)
        for holder in listed.holders[:MOST]:
            drawing.edge(surface, drawing.holder(row, holder))
            row += 1
        rest = listed.count - min(len(listed.holders), MOST)
        if rest > 0:
            drawing.edge(surface, drawing.more(_HOLDERS, row, rest))
        row += rest > 0 or not listed.holders
    if len(surfaces) > MOST:
        drawing.edge(centre, drawing.more(_SURFACES, row, len(surfaces) - MOST))
    return Map(WIDTH, drawing.height, tuple(drawing.nodes), tuple(drawing.edges), _rows(asset, owners, surfaces))


class _Drawing:
    def __init__(self, left: int) -> None:
        """`left`: where the first column that is drawn begins."""
        self._left = left
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []

    @property
    def height(self) -> int:
        return max(node.y + node.height for node in self.nodes)

    def node(self, column: int, row: int, label: str, note: str, kind: str, one: Named | None) -> Node:
        made = Node(
            x=_COLUMNS[column] - self._left,
            y=row * _ROW,
            width=_NODE,
            height=_HEIGHT,
            label=_cut(label),
            note=_cut(note),
            full=f"{label}: {note}" if note else label,
            kind=kind,
            one=one,
        )
        self.nodes.append(made)
        return made

    def holder(self, row: int, on: On) -> Node:
        """With the role alone, for the end of it would be cut in the middle of a day."""
        made = self.node(_HOLDERS, row, on.one.name, on.note, on.kind, on.one)
        self.nodes[-1] = replace(made, note=_cut(on.role))
        return made

    def more(self, column: int, row: int, count: int) -> Node:
        return self.node(column, row, f"and {count} more", "", "more", None)

    def edge(self, left: Node, right: Node) -> None:
        middle = _HEIGHT // 2
        self.edges.append(Edge(left.x + left.width, left.y + middle, right.x, right.y + middle, right.kind))


def _rows(
    asset: Named, owners: Sequence[tuple[Named, str]], surfaces: Sequence[Listed]
) -> tuple[tuple[str, Named | None, Named | None, str], ...]:
    rows: list[tuple[str, Named | None, Named | None, str]] = [("owner", one, asset, note) for one, note in owners]
    for listed in surfaces:
        rows += [(on.kind, on.one, listed.surface, on.note) for on in listed.holders]
        if listed.count > len(listed.holders):
            rows.append(("more", None, listed.surface, f"and {listed.count - len(listed.holders)} more"))
        if not listed.count:
            rows.append(("surface", None, listed.surface, "nobody"))
    return tuple(rows)


def _people(count: int) -> str:
    return "nobody" if not count else f"{count} on it"


def _cut(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1].rstrip()}…"
