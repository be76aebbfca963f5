"""Walks through every page a person can reach by links, and looks at each: light and dark, phone and desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from tests.browser.browsing import DESK, PHONE, Person

_AXE: Final = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
_RULES: Final = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
_SIZES: Final = {"phone": PHONE, "desk": DESK}


HEAVIEST: Final = 100_000
"""Bytes of one page without pictures."""


def kind_of(url: str) -> str:
    """Which page it is: the name of its address, and the names of what is asked in it."""
    parts = urlsplit(url)
    try:
        found = resolve(parts.path).view_name
    except Resolver404:
        found = parts.path
    if found.startswith("admin:"):
        # Django's lists and forms are all of one make, and link to themselves with every filter.
        return f"admin:{found.rpartition('_')[2]}"
    if found == "do":
        found = f"do {resolve(parts.path).kwargs['verb']}"
    asked = sorted({each.partition("=")[0] for each in parts.query.split("&") if each})
    return "?".join([found, "&".join(asked)] if asked else [found])


def walk(person: Person, start: str = "/", each: int = 1) -> Iterator[str]:
    """Opens every page that links lead to, `each` examples of a kind, and names it while it is open.

    A form that asks is a page too, and so is a page with a question in its address; Django's own admin is looked at as
    far as its lists and one row of each.
    """
    waiting, seen, opened = [person.desk.url + start], set[str](), dict[str, int]()
    while waiting:
        url = waiting.pop(0)
        kind = kind_of(url)
        if url in seen or opened.get(kind, 0) >= each:
            continue
        seen.add(url)
        opened[kind] = opened.get(kind, 0) + 1
        answer = person.context.request.get(url)
        assert answer.status < 400, f"{url} is linked and answers {answer.status}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue  # a file to keep
        assert len(answer.body()) < HEAVIEST, f"{url} weighs {len(answer.body())} bytes"
        person.page.goto(url)
        yield kind
        for link in person.page.locator("a[href]").evaluate_all("all => all.map(one => one.href)"):
            target = link.partition("#")[0]
            if target.startswith(person.desk.url + "/") and "/static/" not in target:
                waiting.append(target)


def violations(person: Person, sizes: Iterable[str] = tuple(_SIZES)) -> list[str]:
    """What axe finds on the open page, in each size and colour scheme, with where. The page must run scripts."""
    found = []
    for size_name in sizes:
        person.page.set_viewport_size(_SIZES[size_name])
        for scheme in ("light", "dark"):
            person.page.emulate_media(color_scheme=scheme)
            found += [f"{size_name} {scheme}: {one}" for one in _run_axe(person)]
            found += _too_wide(person, size_name)
    return found


def looks_well(person: Person) -> None:
    """The open page, which no link leads to: an answer, or one that came by a link of its own."""
    before = person.page.viewport_size
    found = violations(person)
    assert not found, f"{person.page.url}:\n" + "\n".join(found)
    if before is not None:
        person.page.set_viewport_size(before)


def _run_axe(person: Person) -> list[str]:
    if not person.page.evaluate("() => 'axe' in window"):
        person.page.evaluate(_AXE)
    # A colour on its way from light to dark is nobody's colour.
    person.page.evaluate("() => document.getAnimations().forEach(each => each.finish())")
    result: dict[str, Any] = person.page.evaluate("rules => axe.run(document, rules)", _RULES)
    return [
        f"{one['id']} at {node['target']}: {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"][:3]
    ]


def _too_wide(person: Person, size_name: str) -> list[str]:
    width = person.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{size_name}: {width} px too wide"] if width > 0 else []
