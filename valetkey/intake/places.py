"""PURE. What a row names: an asset and one of its lists of access. Entered where they are not on record yet."""

from __future__ import annotations

from typing import Final

from valetkey.intake import values
from valetkey.intake.acts import Cells, Do, Draft
from valetkey.intake.columns import Field
from valetkey.intake.known import Asset, Surface, handle
from valetkey.intake.values import looks_rounded
from valetkey.register import catalogue

_ELSEWHERE: Final = {"ad_account": "Ad accounts", "post": "Posts"}
"""What is entered with more than a sheet of people says of it."""
_MOST: Final = 50
"""Of one name, as “TikTok shop”: a sheet brings no more of them unseen."""


def asset_of(cells: Cells, draft: Draft) -> Asset | None:
    """By its id, its name or its reference, of the kind and platform that the row says, if it does."""
    name = cells.line(Field.ASSET, "The asset's name", 300)
    own_id = cells.word(Field.ASSET_ID, values.identifier)
    platform = cells.word(Field.PLATFORM, values.platform)
    kind = cells.word(Field.ASSET_KIND, values.asset_kind)
    if not name and not own_id:
        return None
    found = _fitting(draft.known.assets(own_id) if own_id else [], platform, kind)
    if not found and name:
        found = _fitting(draft.known.assets(name), platform, kind)
        found = _without_other_ids(found, own_id, draft)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        draft.look(f"{len(found)} assets on record are called “{(name or own_id)[:60]}”. Add the asset's id.")
    elif not draft.doubts and not draft.faults:
        return _entered(name, own_id, platform, kind, draft)
    return None


def surface_of(cells: Cells, asset: Asset | None, draft: Draft) -> Surface | None:
    """Of that asset. A name that neither it nor the catalogue has becomes a list of one's own."""
    text = cells.line(Field.SURFACE, "The list's name", 100)
    if not text:
        return None
    if asset is None:
        if not draft.doubts and not draft.faults:
            draft.look(f"It names the list “{text[:60]}”, but not on which asset.")
        return None
    found = draft.known.surface(asset.reference, text)
    if found is not None:
        return found
    wanted = handle(text)
    usual = next(
        (
            each
            for each in catalogue.usual(asset.platform, asset.kind)
            if wanted in {handle(each.name), handle(each.key.replace("_", " "))}
        ),
        None,
    )
    row = Surface(draft.new("surface"), asset.reference, usual.name if usual else text, usual.key if usual else "")
    draft.do(
        Do.ENTER_SURFACE, row.reference, f"Adds the list “{row.name}” to {asset.name}.",
        lambda: draft.known.add_surface(row), asset=asset.reference, name=row.name, kind=row.kind,
    )  # fmt: skip
    return row


def _fitting(found: list[Asset], platform: str, kind: str) -> list[Asset]:
    return [each for each in found if platform in {"", each.platform} and kind in {"", each.kind}]


def _without_other_ids(found: list[Asset], own_id: str, draft: Draft) -> list[Asset]:
    """Of the same name with another id is another asset; one whose id nobody knows may be this one."""
    if not own_id:
        return found
    unclear = [each for each in found if handle(each.platform_id) == handle(each.name)]
    if unclear:
        draft.look(f"{unclear[0].name} is on record without its id. Correct it there, then try again.")
    elif len(found) >= _MOST:
        draft.look(f"{len(found)} assets on record are called {found[0].name} already. Give each a name of its own.")
    return []


def _entered(name: str, own_id: str, platform: str, kind: str, draft: Draft) -> Asset | None:
    called = name or own_id
    if looks_rounded(own_id):
        draft.look(f"The id {own_id} ends in zeros, as one does that a spreadsheet has rounded. Copy it again as text.")
    elif not (name and platform and kind):
        missing = [word for word, text in (("name", name), ("platform", platform), ("kind", kind)) if not text]
        draft.look(f"There is no asset “{called[:60]}” on this record. To enter it, add its {' and '.join(missing)}.")
    elif kind in _ELSEWHERE:
        draft.look(f"{_ELSEWHERE[kind]} are entered on a page of their own: do that first, then try again.")
    elif len(own_id) > 100 or (not own_id and len(name) > 100):
        draft.refuse("Asset id: it is too long to be one.")
    else:
        row = Asset(draft.new("asset"), name, platform, kind, own_id or name)
        draft.do(
            Do.ENTER_ASSET, row.reference, f"Enters {name} with its usual lists.", lambda: draft.known.add_asset(row),
            platform=platform, kind=kind, name=name, platform_id=row.platform_id,
        )  # fmt: skip
        for each in catalogue.usual(platform, kind):
            draft.known.add_surface(Surface(f"{row.reference}/{each.key}", row.reference, each.name, each.key))
        return row
    return None
