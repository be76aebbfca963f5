"""The desk itself: connections, the sandbox, tables, and keys."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from valetkey.accounts.services import find_party, require_admin
from valetkey.cli.answer import table
from valetkey.cli.port import port_in_use, refuse_taken
from valetkey.cli.prepare import make_tables
from valetkey.cli.session import SESSION, read_secret, read_secrets
from valetkey.cli.verbs import PLATFORM
from valetkey.connectors import registry
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level, Renewal, Seeded
from valetkey.connectors.models import SANDBOX, Connection
from valetkey.errors import NotFound
from valetkey.secret import Secret
from valetkey.vault.rotation import rotate

_LEVELS = {Level.CREATOR: "creator token", Level.ADVERTISER: "advertiser token", Level.BY_HAND: "hand"}
_CREATOR_TOKEN = timedelta(hours=24)
"""How long a creator's token lasts (C2); it is renewed before that."""

Party = Annotated[str, typer.Argument(metavar="PARTY", help="Whose connection it is.")]
LevelOption = Annotated[Level, typer.Option("--level", help="creator_token or advertiser_token.")]


def connect(
    party: Party,
    level: LevelOption,
    account_id: Annotated[str, typer.Option("--account-id", help="Creator's own account id (open_id).")] = "",
    app_id: Annotated[
        str, typer.Option("--app-id", help="Your developer app; then its secret and a refresh token are read too.")
    ] = "",
    base_url: Annotated[
        str, typer.Option("--url", help="Another address than TikTok's, or sandbox: for the stand-in.")
    ] = "",
) -> None:
    """Connect a party to TikTok. The token is read from a prompt or from standard input."""
    actor, at = SESSION.actor(), SESSION.at()
    found = find_party(name=party, actor=actor)
    token, renewal = _read_token(app_id)
    row = connections.connect(
        party=found,
        platform=PLATFORM,
        level=level,
        token=token,
        token_ends_at=at + _CREATOR_TOKEN if renewal else None,
        renewal=renewal,
        account_id=account_id,
        base_url=base_url,
        actor=actor,
        at=at,
    )
    where = "the sandbox, a stand-in and not TikTok" if row.base_url == SANDBOX else row.base_url
    values = {"party": row.party.name, "platform": row.platform, "level": row.level, "base_url": row.base_url}
    lines = [Text(f"{row.party.name} is connected by {_LEVELS[level]} to {where}.")]
    if level is Level.CREATOR:
        lines.append(Text(f"Next: `valetkey posts '{row.party.name}'` lists their posts."))
    SESSION.show(values, *lines)


def _read_token(app_id: str) -> tuple[Secret, Renewal | None]:
    """The token alone, or with an app the three that renew it: token, refresh token, app secret, a line each."""
    if not app_id:
        return Secret(read_secret("Token").strip()), None
    texts = read_secrets("Token", "Refresh token", "App secret")
    return texts[0], Renewal(app_id=app_id, app_secret=texts[2], refresh_token=texts[1])


def disconnect(party: Party, level: LevelOption) -> None:
    """End a connection; its token is wiped at once."""
    actor = SESSION.actor()
    found = find_party(name=party, actor=actor)
    row = Connection.objects.live().filter(party=found, platform=PLATFORM, level=level).first()
    if row is None:
        raise NotFound(
            "not_connected",
            f"{found} has no live connection by {_LEVELS[level]}.",
            "`valetkey connections` lists them.",
        )
    connections.disconnect(connection=row, actor=actor, at=SESSION.at())
    SESSION.show({"party": found.name, "level": level.value, "ended": True}, Text(f"{found.name} is disconnected."))


def list_connections() -> None:
    """Who is connected, how, and to which address."""
    rows = [
        {
            "party": row.party.name,
            "platform": row.platform,
            "level": row.level,
            "base_url": row.base_url,
            "since": row.created_at,
            "token_ends_at": row.token_ends_at,
            "is_renewed": row.renewal() is not None,
        }
        for row in Connection.objects.live().visible_to(SESSION.actor()).select_related("party").order_by("party__name")
    ]
    SESSION.show(
        rows,
        table(
            ("Party", "By", "Address", "Since (UTC)"),
            [
                (row["party"], _LEVELS[Level(str(row["level"]))], row["base_url"], f"{row['since']:%Y-%m-%d %H:%M}")
                for row in rows
            ],
            empty="Nobody is connected; everything is by hand. `valetkey connect` connects a party.",
        ),
    )


def sandbox(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where to listen on 127.0.0.1.")] = 8099,
    state: Annotated[
        Path | None, typer.Option("--state", help="File that keeps it; without one it is forgotten.")
    ] = None,
) -> None:
    """Serve the TikTok stand-in alone, for anyone's tests. It is not TikTok."""
    refuse_taken("127.0.0.1", port)
    with _kept_in(state) as file:
        box = registry.platform(PLATFORM).sandbox(file)
        seeded = box.seed()
        SESSION.show(_seeded(seeded, port), *map(Text, _seeded_lines(seeded, port)))
        sys.stdout.flush()  # whoever started it reads this while it serves
        try:
            box.serve("127.0.0.1", port)
        except OSError as fault:
            raise port_in_use(port, fault) from None


@contextmanager
def _kept_in(state: Path | None) -> Iterator[Path]:
    if state is not None:
        yield state
        return
    with tempfile.TemporaryDirectory(prefix="valetkey-sandbox-") as folder:
        yield Path(folder) / "sandbox.sqlite3"


def migrate() -> None:
    """Make or update the desk's tables. The embedded form does it by itself."""
    make_tables()
    SESSION.show({"migrated": True}, "The tables are up to date.")


def rotate_keys() -> None:
    """Encrypt every stored secret with the newest key, after you put one in front of VALETKEY_KEYS."""
    require_admin(SESSION.actor())
    rows = rotate().rows
    SESSION.show(
        {"rotated": rows},
        f"{sum(rows.values())} rows with secrets are under the newest key.",
        "Keep the older keys behind it: links, API tokens and the seals of the history still need them.",
    )


def _seeded(seeded: Seeded, port: int) -> dict[str, object]:
    """Tokens in the clear: they open this stand-in and nothing else, and showing them is what the command is for."""
    return {
        "address": f"http://127.0.0.1:{port}",
        "is_tiktok": False,
        "app": {"app_id": seeded.app_id, "secret": seeded.app_secret.reveal()},
        "creators": [
            {"name": one.name, "account_id": one.account_id, "token": one.token.reveal(), "posts": dict(one.posts)}
            for one in seeded.creators
        ],
        "advertisers": [
            {
                "name": one.name,
                "token": one.token.reveal(),
                "ad_accounts": {account.name: account.ad_account_id for account in one.ad_accounts},
            }
            for one in seeded.advertisers
        ],
    }


def _seeded_lines(seeded: Seeded, port: int) -> list[str]:
    first = seeded.advertisers[0]
    lines = [
        f"A stand-in of TikTok on http://127.0.0.1:{port}. It is not TikTok. Ctrl-C stops it.",
        f"app         {seeded.app_id}  secret {seeded.app_secret.reveal()}",
    ]
    for creator in seeded.creators:
        lines.append(f"creator     {creator.name} @{creator.handle}  open_id {creator.account_id}")
        lines.append(f"  token     {creator.token.reveal()}")
        lines += [f"  post      {post_id}  {name}" for name, post_id in creator.posts.items()]
    for advertiser in seeded.advertisers:
        lines.append(f"advertiser  {advertiser.name}")
        lines.append(f"  token     {advertiser.token.reveal()}")
        lines += [f"  account   {one.ad_account_id}  {one.name} ({one.time_zone})" for one in advertiser.ad_accounts]
    lines.append("Try:")
    account = first.ad_accounts[0].ad_account_id
    lines.append(
        f"  curl -H 'Access-Token: {first.token.reveal()}'"
        f" 'http://127.0.0.1:{port}/open_api/v1.3/tt_video/list/?advertiser_id={account}'"
    )
    return lines
