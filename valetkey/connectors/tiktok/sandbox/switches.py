"""What TikTok does not say, as data: one named switch per open question, with the choices a test can run through.

Decides names, choices and defaults. Does not decide what a choice does: the rule that reads a switch does. Marks are
those of our notes on TikTok's documents: C confirmed, C2 second-hand, U unconfirmed. A default is always a *choice*.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


class UnknownSwitch(ValueError):
    """A switch or a choice of that name does not exist; the message lists those that do."""


@dataclass(frozen=True)
class Switch:
    name: str
    choices: tuple[str, ...]
    default: str
    confidence: str
    doubt: int | None
    """The number of the open doubt in our notes that one real call would close; None: it has no number there."""
    sentence: str

    def told(self) -> dict[str, object]:
        return {
            "choices": list(self.choices),
            "default": self.default,
            "confidence": self.confidence,
            "doubt": self.doubt,
            "sentence": self.sentence,
        }

    def accepts(self, choice: str) -> bool:
        # "n QPS" is written as a whole number; every other choice is one of the listed words.
        return choice in self.choices or ("n" in self.choices and choice.isascii() and choice.isdigit())


_TIMES: Final = ("space", "iso")
_BODY: Final = ("echo", "empty")

ALL: Final = (
    Switch("time_style_spark", _TIMES, "space", "U", 3, "How /tt_video/* writes an instant."),
    Switch("time_style_creator", _TIMES, "space", "C2", 3, "How /business/post/authorize/* writes an instant."),
    Switch("time_style_identity", _TIMES, "iso", "C", 3, "How /identity/* writes an instant."),
    Switch("time_style_marketplace", _TIMES, "space", "C2", 3, "How /tcm/* writes an instant."),
    Switch("time_style_ads", _TIMES, "space", "C2", 3, "How /ad/* writes an instant."),
    Switch("setting_body", _BODY, "echo", "U", 4, "Whether switching on answers like status or with an empty body."),
    Switch("extend_body", _BODY, "echo", "U", 4, "Whether extending answers like status or with an empty body."),
    Switch("delete_body", _BODY, "echo", "U", 4, "Whether deleting answers with the status or with an empty body."),
    Switch("extend_policy", ("add", "reset"), "add", "U", 6, "Days are added to what is left, or counted from now."),
    Switch("extend_expired", ("allow", "refuse"), "allow", "U", 6, "Whether an expired code can be extended."),
    Switch(
        "extend_deleted", ("refuse", "regenerate"), "refuse", "U", 6, "Extending a deleted code fails or makes one."
    ),
    Switch("reapply", ("ok", "refuse"), "ok", "U", 1, "Applying a code again to the ad account that has it."),
    Switch(
        "setting_on_again", ("keep", "new_code"), "keep", "U", 4, "Switching on a post that is on and has a live code."
    ),
    Switch(
        "status_after_off", ("DELETED", "EXPIRED"), "DELETED", "U", 4, "Status of a code after it was switched off."
    ),
    Switch(
        "status_without_code", ("empty", "refuse"), "empty", "U", 4, "Asking for the status of a post with no code."
    ),
    Switch("ad_auth_status_of_deleted", ("EXPIRED", "UNAUTHORIZED"), "EXPIRED", "U", 2, "A deleted code on the list."),
    Switch("unbind_keeps_in_use", ("yes", "no"), "yes", "U", 14, "Status stays IN_USE after the last unbind."),
    Switch(
        "unbind_while_live", ("allow", "refuse"), "allow", "U", 14, "Unbinding a post whose authorization still runs."
    ),
    Switch("many_ad_accounts", ("allow", "refuse"), "allow", "U", 8, "One code on several ad accounts."),
    Switch(
        "off_refused_by", ("enabled_ad", "any_ad"), "enabled_ad", "U", 9, "Which ad stops switching off and deleting."
    ),
    Switch(
        "ads_outlive_deleted_code", ("yes", "no"), "no", "U", 9, "Existing ads run on after their code was deleted."
    ),
    Switch("code_error_number", ("40002", "help_center"), "40002", "U", 1, "What `code` holds when a code is refused."),
    Switch("body_percent_2b", ("yes", "no"), "yes", "U", 7, "Whether a body may write + in a code as %2B."),
    Switch(
        "term_days", ("confirmed", "with_180", "any"), "confirmed", "U", 5, "Days that are accepted; any is 1 to 365."
    ),
    Switch("info_needs_applied", ("yes", "no"), "no", "U", 1, "/tt_video/info/ asks that the code was applied first."),
    Switch(
        "source_code_needed", ("yes", "no"), "yes", "C2", 1, "A duet, stitch or mention needs its source's code too."
    ),
    Switch("private_post_usable", ("yes", "no"), "no", "U", None, "A private or friends-only post can be authorized."),
    Switch("private_posts_listed", ("yes", "no"), "yes", "U", None, "/business/video/list/ shows private posts."),
    Switch(
        "foreign_ad_account", ("40001", "40106", "40300"), "40001", "U", None, "Code for an ad account out of reach."
    ),
    Switch(
        "refresh_rotates", ("yes", "no"), "no", "U", None, "Refreshing a creator's token draws a new refresh token."
    ),
    Switch(
        "throttle_advertiser", ("off", "n"), "off", "U", 11, "Calls per second and ad account on /tt_video/*: 40133."
    ),
    Switch("throttle_app", ("off", "n"), "off", "C2", 11, "Calls per second of the whole app: 40100."),
)
BY_NAME: Final[Mapping[str, Switch]] = {switch.name: switch for switch in ALL}

Settings = Mapping[str, str]
"""Every switch name to the choice in force."""


def read(rows: sqlite3.Connection) -> Settings:
    changed = {row["name"]: row["choice"] for row in rows.execute("SELECT name, choice FROM switches")}
    return {switch.name: changed.get(switch.name, switch.default) for switch in ALL}


def change(rows: sqlite3.Connection, wanted: Mapping[str, str]) -> None:
    """Set switches by name; UnknownSwitch, and nothing set, when one name or choice does not exist."""
    for name, choice in wanted.items():
        if name not in BY_NAME:
            raise UnknownSwitch(f"There is no such switch. Switches: {', '.join(BY_NAME)}.")
        if not BY_NAME[name].accepts(choice):
            raise UnknownSwitch(f"{name} is one of: {', '.join(BY_NAME[name].choices)}.")
    rows.executemany("INSERT OR REPLACE INTO switches (name, choice) VALUES (?, ?)", list(wanted.items()))
