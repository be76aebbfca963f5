"""Whose record it is, sees and does; a stranger is told the same as if there were nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.changes.leaving import DAY, leaver
from tests.desk import HOST, Desk
from valetkey.accounts.models import Person
from valetkey.audit.entry import Actor
from valetkey.changes import services
from valetkey.changes.models import Change, Picture
from valetkey.errors import Forbidden, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


def opened(desk: Desk) -> Change:
    return services.open_change(
        occasion="continuity_check", kept_by=desk.advertiser, day=DAY, actor=desk.bo, at=desk.at
    )


def test_table(desk: Desk) -> None:
    """S: sees it. W: writes, too. -: there is nothing."""
    change = opened(desk)
    who: dict[str, tuple[Actor, str]] = {
        "manager": (desk.bo, "W"), "member": (desk.kim, "W"), "viewer": (desk.viewer, "S"), "admin": (desk.admin, "W"),
        "auditor": (desk.auditor, "S"), "host": (HOST, "W"), "other side": (desk.mara, "-"),
        "stranger": (desk.stranger, "-"),
    }  # fmt: skip
    told = {name: _cell(desk, change, actor) for name, (actor, _) in who.items()}
    assert told == {name: cell for name, (_, cell) in who.items()}
    for actor, cell in who.values():
        assert (change in services.changes(actor=actor)) is (cell != "-")


def _cell(desk: Desk, change: Change, actor: Actor) -> str:
    try:
        services.find_change(text=change.reference, actor=actor)
    except NotFound as missing:
        with pytest.raises(NotFound) as nothing:
            services.find_change(text="ZZZZZZZ", actor=actor)
        assert missing.sentence.replace(change.reference, "ZZZZZZZ") == nothing.value.sentence
        return "-"
    try:
        services.refresh_change(change=change, actor=actor, at=desk.at)
    except Forbidden:
        return "S"
    return "W"


def test_every_verb_asks_who(desk: Desk) -> None:
    change = opened(desk)
    step = services.find_step(change=change, number=1)
    for actor, refusal in ((desk.viewer, Forbidden), (desk.auditor, Forbidden), (desk.mara, NotFound)):
        given: dict[str, Any] = {"actor": actor, "at": desk.at}
        tries: list[Any] = [
            lambda g=given: services.open_change(occasion="incident", kept_by=desk.advertiser, day=DAY, **g),
            lambda g=given: services.refresh_change(change=change, **g),
            lambda g=given: services.do_step(step=step, proof="Seen.", **g),
            lambda g=given: services.skip_step(step=step, reason="No.", **g),
            lambda g=given: services.assign_step(step=step, person=None, **g),
            lambda g=given: services.close_change(change=change, **g),
        ]
        for attempt in tries:
            with pytest.raises(refusal):
                attempt()
    assert Change.objects.count() == 1 and change.steps.filter(state="open").count() == change.steps.count()


def test_a_change_names_what_it_is_about_and_what_is_on_this_record(desk: Desk) -> None:
    who = leaver(desk)
    given: dict[str, Any] = {"kept_by": desk.advertiser, "day": DAY, "actor": desk.bo, "at": desk.at}
    mara = Person.objects.get(kept_by=desk.creator)
    refused: list[tuple[type[Refused], dict[str, Any]]] = [
        (Invalid, {"occasion": "leaver"}),
        (Invalid, {"occasion": "leaver", "party": desk.creator}),
        (Invalid, {"occasion": "leaver", "person": who.person, "asset": who.asset}),
        (Invalid, {"occasion": "continuity_check", "person": who.person}),
        (Invalid, {"occasion": "agency_end", "party": desk.advertiser}),
        (NotFound, {"occasion": "leaver", "person": mara}),
        (NotFound, {"occasion": "incident", "asset": desk.post}),
        (NotFound, {"occasion": "party"}),
        (Invalid, {"occasion": "leaver", "person": who.person, "day": DAY.replace(year=2126)}),
    ]
    for kind, named in refused:
        with pytest.raises(kind):
            services.open_change(**{**given, **named})
    assert not Change.objects.exists()


def test_a_picture_without_more_than_the_picture(desk: Desk) -> None:
    """What a phone writes into a picture is gone, and the database holds nothing that can be read."""
    import io

    from django.db import connection
    from PIL import Image

    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Taken at home, 52.5 N"
    Image.new("RGB", (3000, 100), (200, 10, 10)).save(out, "JPEG", exif=exif)
    change = opened(desk)
    step = services.find_step(change=change, number=change.steps.get(name="backup_codes").number)
    services.do_step(step=step, picture=out.getvalue(), actor=desk.bo, at=desk.at)
    kept = services.show_picture(change=change, number=step.number)
    assert b"Taken at home" in out.getvalue() and b"Taken at home" not in kept
    row = Picture.objects.get()
    assert (row.width, row.height) == (1600, 53)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM changes_picture")
        (sealed,) = cursor.fetchone()
    assert sealed.startswith("gAAAA")
    with pytest.raises(NotFound):
        services.show_picture(change=change, number=999)
