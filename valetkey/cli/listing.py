"""Lists of authorizations: `valetkey list` with its filters, and the names a person gives to some of them, `views`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.authorizations import services
from valetkey.authorizations.filters import Filters, Group, Order
from valetkey.authorizations.lifecycle import State, words
from valetkey.authorizations.models import Authorization
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import is_running, summary_values
from valetkey.credential import Insisted

Plain = dict[str, str]
Name = Annotated[str, typer.Argument(help="How you call it.")]


def _option(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


_OPTIONS: Final = (
    _option(
        "text",
        Annotated[
            str, typer.Argument(metavar="[TEXT]", help="Words in its post, parties, campaigns, ad accounts, texts.")
        ],
        "",
    ),
    _option("group", Annotated[Group | None, typer.Option("--group", help="Only those that stand so.")], None),
    _option(
        "state",
        Annotated[list[State] | None, typer.Option("--state", help="Only those in this state; may be repeated.")],
        None,
    ),
    _option("live", Annotated[bool, typer.Option("--live", help="As --group live: the code may still work.")], False),
    _option("creator", Annotated[str, typer.Option("--creator", help="Only of this creator.")], ""),
    _option("advertiser", Annotated[str, typer.Option("--for", help="Only for this brand or agency.")], ""),
    _option(
        "ends_within",
        Annotated[str, typer.Option("--ends-within", metavar="DAYS", help="Only those that end so soon.")],
        "",
    ),
    _option(
        "short",
        Annotated[bool, typer.Option("--short", help="Only those that end before a campaign that uses them.")],
        False,
    ),
    _option(
        "differs", Annotated[bool, typer.Option("--differs", help="Only where the platform showed otherwise.")], False
    ),
    _option(
        "uncertain",
        Annotated[bool, typer.Option("--uncertain", help="Only where a step's outcome is not known.")],
        False,
    ),
    _option("order", Annotated[Order | None, typer.Option("--order", help="newest, or what ends soonest.")], None),
)


def _with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes `filters`, as one with an option for each of them, told in the words of `Filters`."""
    signature = inspect.signature(command, eval_str=True)
    own = [each for each in signature.parameters.values() if each.name != "filters"]
    names = {option.name for option in _OPTIONS}

    def run(**given: Any) -> None:
        rest = {name: value for name, value in given.items() if name not in names}
        command(filters=_plain({name: given[name] for name in names}), **rest)

    run.__signature__ = signature.replace(parameters=[*own, *_OPTIONS])  # type: ignore[attr-defined]
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


def _plain(given: dict[str, Any]) -> Plain:
    if given.pop("live"):
        given["group"] = given["group"] or Group.LIVE
    given["state"] = ",".join(given["state"] or ())
    given |= {name: "yes" if given[name] else "" for name in ("short", "differs", "uncertain")}
    return {name: value if isinstance(value, Insisted) else str(value) for name, value in given.items() if value}


def _values(row: Authorization, at: datetime) -> dict[str, Any]:
    return {
        **summary_values(row, at),
        "caption": row.post.name,
        "applied_on": [ad_account.name for ad_account in row.applied_on()],
        "coverage": [
            {"campaign": campaign.name, "verdict": coverage.verdict.value, "days_short": coverage.days_short}
            for campaign, coverage in row.coverages()
        ],
        "uncertain": row.is_uncertain or any(one.is_uncertain for one in row.applications.all()),
        "differs": bool(row.drift),
    }


def _table(rows: list[dict[str, Any]]) -> RenderableType:
    return table(
        ("Reference", "State", "Post", "Creator", "Advertiser", "Ends (UTC)", "Left", "Short", "Applied", ""),
        [
            (
                row["reference"],
                words(State(row["state"])),
                row["post"],
                row["creator"],
                row["advertiser"],
                f"{row['ends_at']:%Y-%m-%d %H:%M}" if row["ends_at"] else "",
                row["days_left"] if is_running(row) else "",
                max((one["days_short"] for one in row["coverage"]), default=0) or "",
                len(row["applied_on"]) or "",
                _marks(row),
            )
            for row in rows
        ],
        empty="No authorizations. `valetkey request` asks for one, `valetkey authorize` starts one.",
    )


def _marks(row: dict[str, Any]) -> str:
    marks = [word for word in ("uncertain", "differs") if row[word]]
    return f"! {', '.join(marks)}" if marks else ""


@_with_filters
def list_authorizations(
    *,
    filters: Plain,
    view: Annotated[str, typer.Option("--view", help="Begin with one of your saved views.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
) -> None:
    """The authorizations you can see, newest first."""
    actor, at = SESSION.actor(), SESSION.at()
    saved = services.find_view(name=view, actor=actor).filters if view else {}
    found = services.search(filters=Filters.of({**saved, **filters}), actor=actor, at=at)
    page = services.page(found=found, size=limit)
    values = [_values(row, at) for row in page.rows]
    notes = []
    if page.is_more or page.count > len(values):
        total = f"more than {page.count:,}" if page.is_more else f"{page.count:,}"
        notes = ["", f"{len(values)} of {total} shown; narrow them down, or raise --limit."]
    SESSION.show(values, _table(values), *notes)


@_with_filters
def save_view(*, name: Name, filters: Plain) -> None:
    """Give filters of the list a name of your own. Under the same name, the new ones take the place of the old."""
    row = services.save_view(name=name, filters=Filters.of(filters), actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(
        {"name": row.name, "filters": row.filters}, Text(f"Saved. `valetkey list --view '{row.name}'` shows it.")
    )


def list_views() -> None:
    """Your saved views."""
    rows = [{"name": row.name, "filters": row.filters} for row in services.saved_views(actor=SESSION.actor())]
    SESSION.show(
        rows,
        table(
            ("Name", "Filters"),
            [(row["name"], ", ".join(f"{name} {value}" for name, value in row["filters"].items())) for row in rows],
            empty="No saved views. `valetkey views save NAME` saves one.",
        ),
    )


def forget_view(name: Name) -> None:
    """Forget a saved view. The authorizations stay as they are."""
    actor = SESSION.actor()
    row = services.find_view(name=name, actor=actor)
    services.forget_view(saved_view=row, actor=actor, at=SESSION.at())
    SESSION.show({"name": row.name, "forgotten": True}, Text(f"{row.name} is forgotten."))
