"""Pictures as proof: made anew from what was sent, so that nothing but the picture is kept, and sealed in the database.

Where it was taken and by which phone goes with the rest; what is no picture is refused.
"""

from __future__ import annotations

import base64
import hashlib
import io
import warnings
from datetime import datetime
from typing import Final

from PIL import ExifTags, Image

from valetkey.audit.entry import Actor
from valetkey.changes.models import Change, Picture, Step
from valetkey.errors import Invalid, NotFound
from valetkey.secret import Secret

LARGEST: Final = 8_000_000
"""Bytes of what is sent."""
MOST_PIXELS: Final = 40_000_000
_LONGEST_SIDE: Final = 65_535
"""That of a JPEG. Forty million rows of one pixel take a gigabyte."""
_LONG_SIDE: Final = 1600
_KEPT: Final = 400_000
"""Bytes of what is kept, at most."""
_QUALITIES: Final = (82, 65, 45, 25)
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_TURN: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What a phone notes where it should have turned the picture. Nothing else of its notes is read."""


def make_anew(content: bytes) -> Picture:
    """Not yet stored. Raises Invalid for what is too large, and for what is no JPEG, PNG or WebP picture."""
    if len(content) > LARGEST:
        raise Invalid(
            "picture_too_large", f"The picture is larger than {LARGEST // 1_000_000} MB.", "Send a smaller one."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as sent:
                if sent.width * sent.height > MOST_PIXELS or max(sent.size) > _LONGEST_SIDE:
                    raise Invalid("picture_too_large", "The picture has too many pixels.", "Send a smaller one.")
                turn = _TURN.get(sent.getexif().get(ExifTags.Base.Orientation, 1))
                drawn = sent.convert("RGB")
    except Invalid:
        raise
    except Exception:
        # Whatever a broken file makes the reader stumble over; its words may quote the file.
        raise Invalid("no_picture", "This is no picture that can be read.", "Send a JPEG, PNG or WebP.") from None
    drawn = drawn.transpose(turn) if turn is not None else drawn
    drawn.thumbnail((_LONG_SIDE, _LONG_SIDE))
    kept = _small(drawn)
    return Picture(
        content=Secret(base64.b64encode(kept).decode()),
        width=drawn.width,
        height=drawn.height,
        digest=hashlib.sha256(kept).hexdigest(),
    )


def keep(picture: Picture, step: Step, actor: Actor, at: datetime) -> None:
    """In the caller's transaction."""
    picture.step, picture.added_at, picture.added_by = step, at, actor.name[:200]
    picture.save()


def show_picture(*, change: Change, number: int) -> bytes:
    """A JPEG, of a change that the caller has found."""
    found = Picture.objects.filter(step__change=change, step__number=number).first()
    if found is None or found.content is None:
        raise NotFound("no_such_picture", "There is no picture at this step.", "Its proof may be a text.")
    return base64.b64decode(found.content.reveal())


def _small(drawn: Image.Image) -> bytes:
    """As good as fits; what never does, as nothing but specks, at half its size."""
    while True:
        for quality in _QUALITIES:
            out = io.BytesIO()
            drawn.save(out, "JPEG", quality=quality, optimize=True)
            if len(out.getvalue()) <= _KEPT:
                return out.getvalue()
        drawn.thumbnail((drawn.width // 2, drawn.height // 2))
