"""PURE. Characters that look like plain ones or like nothing: Cyrillic “а”, Greek “ο”, wide “Ａ”, zero-width signs.

Decides what a text looks like to an eye. Does not judge what it means, and mends nothing that anybody keeps.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_PAIRS: Final = (
    # Cyrillic
    ("АВЕЅІЈКМНОРСТУХЗԌԚԜҮҺӀ", "ABESIJKMHOPCTYX3GQWYHI"),
    ("аеѕіјкмнорстухцԁԛԝгүһӏьпвгѵ", "aesijkmhopctyxudqwryhlbnbrv"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ", "ABEZHIKMNOPTYXCj"),
    ("αβγεηικμνορτυχωϲσ", "abyenikuvoptuxwco"),
    # Armenian, Cherokee, Lisu
    ("օոսհյցքԼՏՕԱ", "onuhjgpLSOU"),
    ("ᎪᎢᎬᎫᏀᎻᏞᏟᎷᏢᏒᏚᏙᏔᏃᏴ", "ATEJGHLCMPRSVWZB"),
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓨꓪꓫꓬꓮꓰꓲꓳꓴ", "BPDTGKJCZFMNLSRVHGWXYAEIOU"),
    # Latin letters of other alphabets, and small capitals
    ("ıȷɑɡɩɪʏʙɢʜʟɴʀᴀᴄᴅᴇᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡᴢĸøđłƅƖǃ", "ijagiiybghlnracdejkmopstuvwzkodlbI!"),
    # Signs a code or a password is written with
    ("‐‑‒–—―−﹘", "--------"),
    ("∕⁄⧸", "///"),
    ("＃﹟♯", "###"),
    ("∶։׃", ":::"),
    ("≡꞊", "=="),
)
_PLAIN: Final = {ord(one): plain for odd, plains in _PAIRS for one, plain in zip(odd, plains, strict=True)}
_UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0") | {
    chr(one) for one in range(0xFE00, 0xFE10)
}
"""Not of Unicode's category for format characters, and yet nobody sees them."""


def fold(text: str) -> str:
    """The text as an eye reads it, in plain letters; capitals stay capitals, accents stay."""
    seen = "".join(one for one in text if not _is_unseen(one))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).translate(_PLAIN))


def strangers(text: str) -> tuple[str, ...]:
    """The characters that only look like plain ASCII ones, in the order in which they come, each once."""
    return tuple(one for one in dict.fromkeys(text) if not one.isascii() and _looks_plain(one))


def _is_unseen(one: str) -> bool:
    return not one.isascii() and (unicodedata.category(one) == "Cf" or one in _UNSEEN)


def _looks_plain(one: str) -> bool:
    seen = fold(one)
    return len(seen) == 1 and seen.isascii() and not seen.isspace()
