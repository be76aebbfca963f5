"""Assets and their lists of access: `valetkey asset`, `surface`; what platforms call them: `catalogue`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_party
from valetkey.cli.answer import facts, table
from valetkey.cli.record_access import access_table, access_values
from valetkey.cli.session import SESSION
from valetkey.register import catalogue as known
from valetkey.register import services
from valetkey.register.models import Asset, Surface

AssetText = Annotated[
    str, typer.Argument(metavar="ASSET", help="Reference, id on the platform or name, as `asset list` shows it.")
]
SurfaceText = Annotated[
    str, typer.Argument(metavar="SURFACE", help="The list's reference, as `surface list` shows it, or its name.")
]
_REGION = "The country it belongs to, in two letters like DE or US"
Within = Annotated[
    str | None, typer.Option("--within", metavar="ASSET", help="The Business Center or account it belongs to.")
]


def add_asset(
    name: Annotated[str, typer.Argument(help="How it is called, as @mara.makes.")],
    party: Annotated[str, typer.Option("--party", help="On whose record it is put.")],
    kind: Annotated[Asset.Kind, typer.Option("--kind", help="What it is. Posts and ad accounts: see their commands.")],
    platform: Annotated[Asset.Platform, typer.Option("--platform", help="Where it is.")] = Asset.Platform.TIKTOK,
    number: Annotated[
        str, typer.Option("--id", help="Its id there, if it is known; else its name stands for it.")
    ] = "",
    within: Within = None,
    region: Annotated[str, typer.Option("--region", metavar="XX", help=f"{_REGION}.")] = "",
    note: Annotated[str, typer.Option("--note", help="What else is to be known.")] = "",
    with_surfaces: Annotated[
        bool, typer.Option("--surfaces/--no-surfaces", help="Add the lists of access that it usually has.")
    ] = True,
) -> None:
    """Enter an account, a Business Center, a shop, a page or a channel, with its usual lists of access."""
    actor = SESSION.actor()
    row = services.enter_asset(
        held_by=find_party(name=party, actor=actor),
        platform=platform.value,
        kind=kind.value,
        name=name,
        platform_id=number,
        within=_find(within) if within else None,
        region=region,
        note=note,
        with_surfaces=with_surfaces,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def list_assets(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="In the name, id or reference.")] = "",
) -> None:
    """The assets you can see, posts and ad accounts among them."""
    rows = list(services.assets(actor=SESSION.actor(), text=text))
    SESSION.show(
        [_values(row) for row in rows],
        table(
            ("Reference", "Kind", "Platform", "Name", "Record of", "Within"),
            [
                (
                    row.reference,
                    row.get_kind_display(),
                    row.platform,
                    row.name,
                    row.held_by,
                    row.within.name if row.within else "-",
                )
                for row in rows
            ],
            empty="No asset is on record. `valetkey asset add NAME --party PARTY --kind account` enters one.",
        ),
    )


def show_asset(asset: AssetText) -> None:
    """One asset, its lists of access, and who is on them."""
    _show(_find(asset))


def change_asset(
    asset: AssetText,
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    number: Annotated[str | None, typer.Option("--id", help="Another id.")] = None,
    within: Annotated[str | None, typer.Option("--within", metavar="ASSET", help="Another; empty for none.")] = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="XX", help=f"{_REGION}; empty where nobody knows.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="Another note.")] = None,
) -> None:
    """Correct an asset. What you leave out stays as it is."""
    texts = {"name": name, "platform_id": number, "region": region, "note": note}
    changes: dict[str, object] = {column: value for column, value in texts.items() if value is not None}
    if within is not None:
        changes["within"] = _find(within) if within else None
    row = _find(asset)
    _show(services.change_asset(asset=row, changes=changes, actor=SESSION.actor(), at=SESSION.at()))


def add_surface(
    asset: AssetText,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="How the list is called; left out with --usual.")] = "",
    is_usual: Annotated[bool, typer.Option("--usual", help="Add those that such an asset usually has.")] = False,
    kind: Annotated[str, typer.Option("--kind", help="The catalogue's word for it, if it is there.")] = "",
    path: Annotated[str, typer.Option("--path", help="Where it is found on the screen.")] = "",
    note: Annotated[str, typer.Option("--note", help="What else is to be known.")] = "",
) -> None:
    """Add a list of access to an asset, or all that it usually has."""
    row, given = _find(asset), {"actor": SESSION.actor(), "at": SESSION.at()}
    if is_usual:
        services.add_usual_surfaces(asset=row, **given)  # type: ignore[arg-type]  # as each service takes them
    else:
        services.enter_surface(asset=row, name=name, kind=kind, path=path, note=note, **given)  # type: ignore[arg-type]
    _show_surfaces(row)


def list_surfaces(asset: AssetText) -> None:
    """An asset's lists of access, and where they are on the screen."""
    _show_surfaces(_find(asset))


def change_surface(
    surface: SurfaceText,
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="The catalogue's word; empty for none.")] = None,
    path: Annotated[str | None, typer.Option("--path", help="Where it is; empty for the catalogue's.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Another note.")] = None,
) -> None:
    """Correct a list of access. Who is on it stays on it."""
    texts = {"name": name, "kind": kind, "path": path, "note": note}
    changes: dict[str, object] = {column: value for column, value in texts.items() if value is not None}
    actor = SESSION.actor()
    row = services.find_surface(text=surface, actor=actor)
    _show_surfaces(services.change_surface(surface=row, changes=changes, actor=actor, at=SESSION.at()).asset)


def catalogue(
    platform: Annotated[Asset.Platform, typer.Argument(help="Whose words.")] = Asset.Platform.TIKTOK,
    kind: Annotated[Asset.Kind | None, typer.Option("--kind", help="Of this kind of asset alone.")] = None,
) -> None:
    """The lists of access and the roles as a platform calls them, with where that was read and how sure it is."""
    found = known.catalogue().get(platform.value, {})
    chosen = {name: rows for name, rows in found.items() if kind is None or name == kind.value}
    parts = [part for name, rows in chosen.items() for each in rows for part in _kind_parts(name, each)]
    SESSION.show(
        [_kind_values(name, each) for name, rows in chosen.items() for each in rows],
        *(parts or [Text("The catalogue knows nothing here. Lists of your own can be added all the same.")]),
    )


def _find(text: str) -> Asset:
    return services.find_asset(text=text, actor=SESSION.actor())


def _show(row: Asset) -> None:
    lists = list(services.surfaces(asset=row))
    held = list(services.accesses(actor=SESSION.actor()).filter(surface__asset=row, ended_at=None))
    pairs = [
        ("kind", f"{row.get_kind_display()}, {row.platform}"),
        ("id", row.platform_id),
        ("record of", str(row.held_by)),
        ("within", str(row.within or "")),
        ("region", row.region),
        ("note", row.note),
    ]
    SESSION.show(
        {
            **_values(row),
            "surfaces": [_surface_values(each) for each in lists],
            "accesses": [access_values(each) for each in held],
        },
        Text(f"{row.reference}  {row.name}"),
        facts([pair for pair in pairs if pair[1]]),
        _surface_table(lists),
        access_table(held, empty="No access is open on it. `valetkey access open SURFACE` writes one down."),
    )


def _show_surfaces(asset: Asset) -> None:
    rows = list(services.surfaces(asset=asset))
    SESSION.show([_surface_values(row) for row in rows], _surface_table(rows))


def _surface_table(rows: list[Surface]) -> RenderableType:
    return table(
        ("Surface", "List of access", "Where", "How to remove somebody"),
        [(row.reference, row.name, _path(row), _removal(row)) for row in rows],
        empty="It has no list of access yet. `valetkey surface add ASSET --usual` adds those it usually has.",
    )


def _values(row: Asset) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "name": row.name,
        "kind": row.kind,
        "platform": row.platform,
        "platform_id": row.platform_id,
        "kept_by": row.held_by.name,
        "within": row.within.reference if row.within else None,
        "region": row.region or None,
        "note": row.note,
    }


def _surface_values(row: Surface) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "asset": row.asset.reference,
        "name": row.name,
        "kind": row.kind or None,
        "path": _path(row) or None,
        "removal": _removal(row) or None,
        "note": row.note,
    }


def _path(row: Surface) -> str:
    found = known.surface_kind(row.asset.platform, row.asset.kind, row.kind)
    return row.path or (found.path if found else "")


def _removal(row: Surface) -> str:
    found = known.surface_kind(row.asset.platform, row.asset.kind, row.kind)
    return found.removal if found else ""


def _kind_values(asset_kind: str, one: known.SurfaceKind) -> dict[str, Any]:
    return {
        "asset_kind": asset_kind,
        "kind": one.key,
        "name": one.name,
        "path": one.path,
        "removal": one.removal,
        "cascade": one.cascade,
        "disagree": one.disagree or None,
        "source": _source_values(one.source),
        "roles": [
            {
                "name": role.name,
                "what": role.what,
                "is_wide": role.is_wide,
                "has_money": role.has_money,
                "disagree": role.disagree or None,
                "source": _source_values(role.source),
            }
            for role in one.roles
        ],
    }


def _source_values(source: known.Source) -> dict[str, Any]:
    return {
        "source": source.source,
        "address": source.address or None,
        "read_on": source.read_on,
        "confidence": source.confidence,
    }


def _kind_parts(asset_kind: str, one: known.SurfaceKind) -> list[RenderableType]:
    pairs = [
        ("where", one.path),
        ("remove", one.removal),
        ("stays", one.cascade),
        ("source", _source_words(one.source)),
        ("others say", one.disagree),
    ]
    rows = [
        (role.name, _marks(role), f"{role.what} {role.disagree}".strip(), _source_words(role.source))
        for role in one.roles
    ]
    return [
        Text(f"{asset_kind}: {one.name} ({one.key})", style="bold"),
        facts([pair for pair in pairs if pair[1]]),
        table(("Role", "Mind", "What it is", "Source"), rows, empty=""),
        "",
    ]


def _marks(role: known.RoleName) -> str:
    return ", ".join(word for word, is_so in (("wide", role.is_wide), ("money", role.has_money)) if is_so) or "-"


def _source_words(source: known.Source) -> str:
    return f"{source.confidence.replace('_', '-')}: {source.source}, read {source.read_on}"
