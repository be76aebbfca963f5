"""Bad input at every command: one sentence that says what to do, the documented exit code, and nothing half-done."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.cli.cast import CODE, Cast, advance
from tests.cli.conftest import Terminal, everything
from tests.desk import Desk
from valetkey.cli.app import app

pytestmark = pytest.mark.django_db

LONG = "x" * 5000
LINK = "https://www.tiktok.com/@mara.makes/video/7310000000000010007"


@dataclass(frozen=True)
class Try:
    """`{…}` in a command stands for a name of the desk. `code` is the refusal's own, for programs."""

    command: str
    exit_code: int
    code: str
    who: str = ""
    typed: str | bytes = ""
    at: str | None = None

    def __str__(self) -> str:
        return f"{self.command[:60]} as {self.who or 'host'}: {self.code}"


UNKNOWN_ID = [
    Try(f"{command} ZZZZZZZ{more}", 3, "no_such_authorization", who=who, typed=CODE)
    for command, more, who in (
        ("decline", " --reason No", "mara"),
        ("withdraw", "", "bo"),
        ("remind", "", "bo"),
        ("request-link send", " --mail m@example.org", "bo"),
        ("request-link extend", " --days 3", "bo"),
        ("request-link show", "", "bo"),
        ("authorize --request", "", "mara"),
        ("record", " --days 30", "mara"),
        ("handover", " --to Bo", "mara"),
        ("sharing list", "", "mara"),
        ("sharing stop", " 1", "mara"),
        ("certificate", "", "bo"),
        ("open", "", "bo"),
        ("open --link", "", "bo"),
        ("apply", " --ad-account {eu}", "bo"),
        ("unbind", " --ad-account {eu}", "bo"),
        ("check", "", "bo"),
        ("extend", " --days 30", "mara"),
        ("replace", "", "mara"),
        ("replace --by-hand", "", "mara"),
        ("owner", " Kim", "bo"),
        ("show", "", ""),
        ("stakes", "", "bo"),
        ("diagnose", "", "bo"),
        ("diagnose", " --code -", "bo"),
        ("campaign use", " --none", "bo"),
        ("end ask", " --reason Over", "mara"),
        ("end acknowledge", "", "bo"),
        ("end pause", "", "bo"),
        ("end switch-off", "", "mara"),
        ("end confirm", "", "mara"),
        ("end tell", " --how mail", "mara"),
    )
]

STRANGER = [
    Try(one.command.replace("ZZZZZZZ", "{issued}"), 3, "no_such_authorization", who="sam", typed=CODE)
    for one in UNKNOWN_ID
]
"""The stranger is told exactly what they would be told of something that is not there."""

NOBODY = [
    Try(f"{one.command}", 3, "no_such_user", who="nobody", typed=CODE)
    for one in (
        Try("list", 0, ""),
        Try("party list", 0, ""),
        Try("terms", 0, ""),
        Try("posts {creator}", 0, ""),
        Try("show {issued}", 0, ""),
        Try("connect Northwind --level advertiser_token", 0, ""),
        Try("user list", 0, ""),
        Try("connections", 0, ""),
        Try("keys rotate", 0, ""),
    )
]

OTHER_ROLES = [
    Try("extend {issued} --days 30", 4, "not_your_verb", who="bo"),
    Try("campaign use {issued} --none", 4, "not_your_verb", who="mara"),
    Try("views save Mine", 4, "not_a_user"),
    Try("apply {issued} --ad-account {eu}", 4, "not_your_verb", who="vera"),
    Try("open {issued}", 4, "not_your_verb"),
    Try("open {issued}", 4, "not_your_verb", who="otto"),
    Try("handover {issued} --to Bo", 4, "not_your_verb", who="bo"),
    Try("end switch-off {issued}", 4, "not_your_verb", who="bo"),
    Try("decline {requested} --reason No", 4, "not_your_verb", who="bo"),
    Try("withdraw {requested}", 4, "not_your_verb", who="mara"),
    Try("remind {requested}", 4, "not_your_verb", who="mara"),
    Try("request-link send {requested} --mail m@example.org", 4, "not_your_verb", who="vera"),
    Try("request-link extend {requested} --days 3", 4, "not_your_verb", who="otto"),
    Try("party add Fabrikam --kind brand", 4, "not_admin", who="bo"),
    Try("user add new@example.org", 4, "not_admin", who="bo"),
    Try("user list", 4, "not_admin", who="sam"),
    Try("user end nobody@example.org --reason Left", 4, "not_admin", who="bo"),
    Try("user desk-role nobody@example.org admin", 4, "not_admin", who="otto"),
    Try("user zone mara@example.org UTC", 4, "not_admin", who="bo"),
    Try("party rename Northwind --name Mine", 4, "not_admin", who="bo"),
    Try("party rename Northwind --name Mine", 3, "no_such_party", who="sam"),
    Try("party enter-creator Zoe", 4, "not_a_buyer", who="vera"),
    Try("invite new@example.org --party Northwind", 4, "not_manager", who="kim"),
    Try("invite new@example.org --party Northwind", 3, "no_such_party", who="sam"),
    Try("invite new@example.org --desk-role admin", 4, "not_admin", who="bo"),
    Try("invitation withdraw 1", 3, "no_such_invitation", who="kim"),
    Try("keys rotate", 4, "not_admin", who="otto"),
    Try("token make mara@example.org --label x", 4, "not_admin", who="bo"),
    Try("token list mara@example.org", 4, "not_admin", who="bo"),
    Try("user join sam@example.org --party Northwind", 4, "not_manager", who="kim"),
    Try("campaign add Hats --ad-account {eu} --from 2026-11-10 --to 2026-11-11", 4, "not_manager", who="vera"),
    Try("request {public} --creator {creator} --for Northwind", 4, "not_your_verb", who="vera"),
]

PEOPLE_AND_THINGS = [
    Try("party add '' --kind brand", 2, "text_missing"),
    Try(f"party add {LONG} --kind brand", 2, "text_too_long"),
    Try("party add Northwind --kind brand", 5, "party_exists"),
    Try("party add Fabrikam --kind circus", 2, "usage"),
    Try("user add not-a-mail", 2, "mail_address"),
    Try(f"user add {LONG}@example.org", 2, "mail_address"),
    Try("user add bo@example.org", 5, "user_exists"),
    Try(f"user add new@example.org --name {LONG}", 2, "text_too_long"),
    Try("user join nobody@example.org --party Northwind", 3, "no_such_user"),
    Try("user join bo@example.org --party Nowhere", 3, "no_such_party"),
    Try("user join bo@example.org --party Northwind --role manager", 5, "member_already"),
    Try("user join bo@example.org --party Northwind --role king", 2, "usage"),
    Try("user leave sam@example.org --party Northwind", 3, "not_a_member"),
    Try("user leave nobody@example.org --party Northwind", 3, "no_such_user"),
    Try("user end nobody@example.org --reason Left", 3, "no_such_user"),
    Try("user end bo@example.org", 2, "usage"),
    Try(f"user end bo@example.org --reason {LONG}", 2, "text_too_long"),
    Try("user end ada@example.org --reason Left", 5, "last_admin", who="ada"),
    Try("user desk-role ada@example.org none", 5, "last_admin", who="ada"),
    Try("user desk-role otto@example.org auditor", 5, "desk_role_already"),
    Try("user desk-role otto@example.org king", 2, "usage"),
    Try("user zone bo@example.org Mars/Olympus", 2, "time_zone"),
    Try("party rename Northwind --name ''", 2, "text_missing"),
    Try("party rename Northwind --name contoso", 5, "party_exists"),
    Try("party enter-creator ''", 2, "text_missing"),
    Try("party enter-creator northwind", 5, "party_is_no_creator"),
    Try("invite not-a-mail --party Northwind", 2, "mail_address"),
    Try("invite new@example.org", 2, "invited_to"),
    Try("invite new@example.org --party Northwind --desk-role admin", 2, "invited_to"),
    Try("invite new@example.org --role member", 2, "invited_to"),
    Try("invite new@example.org --party Northwind --role king", 2, "usage"),
    Try("invite new@example.org --party Northwind --days 0", 2, "link_days"),
    Try("invite new@example.org --party Northwind --days 91", 2, "link_days"),
    Try(f"invite new@example.org --party Northwind --name {LONG}", 2, "text_too_long"),
    Try("invite bo@example.org --party Northwind --role manager", 5, "member_already"),
    Try("invite otto@example.org --desk-role auditor", 5, "desk_role_already"),
    Try("invitation withdraw 999", 3, "no_such_invitation"),
    Try("invitation withdraw 99999999999999999999999999", 3, "no_such_invitation"),
    Try("invitation list --at x", 2, "at"),
    Try("token make bo@example.org --label x --days 0", 2, "token_days"),
    Try("token make bo@example.org --label x --days 9999", 2, "token_days"),
    Try("token make nobody@example.org --label x", 3, "no_such_user"),
    Try("token make bo@example.org --label ''", 2, "text_missing"),
    Try(f"token make bo@example.org --label {LONG}", 2, "text_too_long"),
    Try("token list nobody@example.org", 3, "no_such_user"),
    Try("token end 999", 3, "no_such_token"),
    Try("token end 99999999999999999999999999", 3, "no_such_token"),
    Try("token end minus", 2, "usage"),
    Try("post add short --creator {creator}", 2, "post_not_identified", who="mara"),
    Try("post add https://vm.tiktok.com/ZM1234567/ --creator {creator}", 2, "post_not_identified", who="mara"),
    Try("post add {public} --creator Nobody", 3, "no_such_party", who="mara"),
    Try("post add {public} --creator {creator} --visibility secret", 2, "usage", who="mara"),
    Try("ad-account add abc --party Northwind --name X --zone Europe/Berlin", 2, "ad_account_id"),
    Try(f"ad-account add {'7' * 300} --party Northwind --name X --zone Europe/Berlin", 2, "ad_account_id"),
    Try("ad-account add 72 --party Northwind --name X --zone Mars/Olympus", 2, "time_zone"),
    Try("ad-account add 72 --party Northwind --name X --zone ../../etc/passwd", 2, "time_zone"),
    Try("ad-account add 72 --party Northwind --name X --zone ''", 2, "time_zone"),
    Try(f"ad-account add 72 --party Northwind --name {LONG} --zone Europe/Berlin", 2, "text_too_long"),
    Try("ad-account add 72 --party Northwind --name X --zone Europe/Berlin", 3, "no_such_party", who="sam"),
    Try("campaign add Hats --ad-account 99 --from 2026-11-10 --to 2026-11-11", 3, "no_such_ad_account"),
    Try("campaign add Hats --ad-account {rivals} --from 2026-11-10 --to 2026-11-11", 3, "no_such_ad_account", who="bo"),
    Try("campaign add Hats --ad-account {eu} --from 2026-11-12 --to 2026-11-11", 2, "campaign_days"),
    Try("campaign add Hats --ad-account {eu} --from tomorrow --to 2026-11-11", 2, "day"),
    Try("campaign add Hats --ad-account {eu} --from 2026-02-30 --to 2026-03-11", 2, "day"),
    Try("campaign add Hats --ad-account {eu} --from 2026-11-01 --to 9999-12-31", 2, "day"),
    Try("campaign add '' --ad-account {eu} --from 2026-11-01 --to 2026-11-02", 2, "text_missing"),
    Try(f"campaign add {LONG} --ad-account {{eu}} --from 2026-11-01 --to 2026-11-02", 2, "text_too_long"),
    Try("exposure open '' --party {creator} --shared password", 2, "text_missing"),
    Try(f"exposure open {LONG} --party {{creator}} --shared password", 2, "text_too_long"),
    Try("exposure open @mara --party {creator} --shared everything", 2, "usage"),
    Try("exposure open @mara --party {creator} --shared password --since 2027-11-02", 2, "since_to_come"),
    Try("exposure open @mara --party {creator} --shared password --since yesterday", 2, "day"),
    Try("exposure open @mara --party {creator} --shared password", 3, "no_such_party", who="bo"),
    Try("exposure open @mara --party Northwind --shared password", 4, "read_only", who="vera"),
    Try("exposure open @mara --shared password", 2, "whose"),
    Try("exposure open --asset {eu} --party Northwind --shared password", 2, "whose"),
    Try("exposure open --asset ZZZZZZZ --shared password", 3, "no_such_asset", who="mara"),
    Try("exposure known ZZZZZZZ --name Jo", 3, "no_such_exposure", who="mara"),
    Try("exposure close ZZZZZZZ --how Changed", 3, "no_such_exposure", who="mara"),
    Try("exposure close ZZZZZZZ", 2, "usage", who="mara"),
    Try("exposure show ZZZZZZZ", 3, "no_such_exposure", who="mara"),
    Try("exposure list --at x", 2, "at"),
]

RECORD = [
    Try("person add Jo --party Nobody", 3, "no_such_party", who="bo"),
    Try("person add Jo --party Northwind", 3, "no_such_party", who="sam"),
    Try("person add Jo --party Northwind", 4, "read_only", who="vera"),
    Try("person add '' --party Northwind", 2, "text_missing", who="bo"),
    Try("person add Jo --party Northwind --mail jo", 2, "mail_address", who="bo"),
    Try("person add Jo --party Northwind --mail kim@example.org", 5, "person_exists", who="bo"),
    Try("person add Jo --party Northwind --joined soon", 2, "day", who="bo"),
    Try("person add Jo --party Northwind --works-for Nobody", 3, "no_such_party", who="bo"),
    Try("person list --at x", 2, "at"),
    Try("person show Nobody", 3, "no_such_person", who="bo"),
    Try("person show Kim", 3, "no_such_person", who="sam"),
    Try("person change Kim --name ''", 2, "text_missing", who="bo"),
    Try("person change Kim --name K", 4, "read_only", who="otto"),
    Try("person left Kim", 2, "usage", who="bo"),
    Try("person left Kim --on someday", 2, "day", who="bo"),
    Try("person back Kim", 5, "person_here", who="bo"),
    Try("asset add BC --party Northwind", 2, "usage", who="bo"),
    Try("asset add BC --party Northwind --kind post", 2, "asset_kind", who="bo"),
    Try("asset add BC --party Northwind --kind shop --platform myspace", 2, "usage", who="bo"),
    Try("asset add BC --party Northwind --kind shop", 4, "read_only", who="vera"),
    Try("asset add BC --party Northwind --kind shop --within Nothing", 3, "no_such_asset", who="bo"),
    Try(f"asset add {LONG} --party Northwind --kind shop", 2, "text_too_long", who="bo"),
    Try("asset list --at x", 2, "at"),
    Try("asset show ZZZZZZZ", 3, "no_such_asset", who="bo"),
    Try("asset show {eu}", 3, "no_such_asset", who="sam"),
    Try("asset change {eu} --name Mine", 5, "asset_of_its_own", who="bo"),
    Try("asset change {eu} --within {eu}", 2, "asset_circle", who="bo"),
    Try("surface add {eu}", 2, "text_missing", who="bo"),
    Try("surface add {eu} Staff --kind staff", 2, "surface_kind", who="bo"),
    Try("surface add {eu} --usual", 4, "read_only", who="vera"),
    Try("surface list ZZZZZZZ", 3, "no_such_asset", who="bo"),
    Try("surface change ZZZZZZZ --name x", 3, "no_such_surface", who="bo"),
    Try("access open ZZZZZZZ --role Admin --never-ends", 3, "no_such_surface", who="bo"),
    Try("access open ZZZZZZZ --never-ends", 2, "usage", who="bo"),
    Try("access list --at x", 2, "at"),
    Try("access show ZZZZZZZ", 3, "no_such_access", who="bo"),
    Try("access change ZZZZZZZ --note x", 3, "no_such_access", who="bo"),
    Try("access confirm ZZZZZZZ --how x", 3, "no_such_access", who="bo"),
    Try("access confirm ZZZZZZZ", 2, "usage", who="bo"),
    Try("access end ZZZZZZZ --reason x", 3, "no_such_access", who="bo"),
    Try("access let-end ZZZZZZZ", 3, "no_such_access", who="bo"),
    Try("catalogue myspace", 2, "usage"),
    Try("catalogue --kind nothing", 2, "usage"),
]

LOOKS = [
    Try("who --person Nobody", 3, "no_such_person", who="bo"),
    Try("who --asset {eu}", 3, "no_such_asset", who="sam"),
    Try("who --on yesterday", 2, "day"),
    Try("who --known-now", 2, "known_now"),
    Try(f"find {LONG}", 2, "text_too_long"),
    Try("map ZZZZZZZ", 3, "no_such_asset", who="bo"),
    Try("map {eu} --on 2026-02-30", 2, "day", who="bo"),
    Try("came ZZZZZZZ", 3, "nothing_on_record", who="bo"),
    Try("came {eu}", 3, "nothing_on_record", who="sam"),
    Try("losing Nobody", 3, "nobody_on_record", who="bo"),
    Try("losing Northwind", 3, "nobody_on_record", who="sam"),
]

DUTIES = [
    Try("ownership show ZZZZZZZ", 3, "no_such_asset", who="bo"),
    Try("ownership show {eu}", 3, "no_such_asset", who="sam"),
    Try("ownership set {eu} --owner Nobody", 3, "no_such_person", who="bo"),
    Try("ownership set {eu} --owned-by Nobody", 3, "no_such_party", who="bo"),
    Try("ownership set {eu} --owner Mara", 2, "not_on_record"),
    Try("ownership set {eu} --owner Kim", 4, "read_only", who="vera"),
    Try(f"ownership set {{eu}} --evidence {LONG}", 2, "text_too_long", who="bo"),
    Try("ownership confirm {eu}", 5, "no_ownership", who="bo"),
    Try("ownership confirm {eu}", 4, "read_only", who="otto"),
    Try("change open leaver --party Northwind", 2, "change_about", who="bo"),
    Try("change open leaver --party Northwind --person Nobody", 3, "no_such_person", who="bo"),
    Try("change open agency_end --party Northwind --partner Nobody", 3, "no_such_party", who="bo"),
    Try("change open incident --party Northwind --asset Nothing", 3, "no_such_asset", who="bo"),
    Try("change open incident --party Northwind --asset {eu}", 3, "no_such_party", who="sam"),
    Try("change open code_ended --party Northwind --authorization ZZZZZZZ", 3, "no_such_authorization", who="bo"),
    Try("change open party --party Northwind", 2, "usage", who="bo"),
    Try("change open continuity_check --party Northwind", 4, "read_only", who="vera"),
    Try("change open continuity_check --party Northwind --on yesterday", 2, "day", who="bo"),
    Try("change list --at x", 2, "at"),
    Try("change show ZZZZZZZ", 3, "no_such_change", who="bo"),
    Try("change refresh ZZZZZZZ", 3, "no_such_change", who="bo"),
    Try("change do ZZZZZZZ 1 --proof Seen", 3, "no_such_change", who="bo"),
    Try("change do ZZZZZZZ 0 --proof Seen", 2, "usage", who="bo"),
    Try("change skip ZZZZZZZ 1 --reason No", 3, "no_such_change", who="bo"),
    Try("change assign ZZZZZZZ 1 Kim", 3, "no_such_change", who="bo"),
    Try("change close ZZZZZZZ", 3, "no_such_change", who="bo"),
    Try("change report ZZZZZZZ", 3, "no_such_change", who="bo"),
    Try("intake try nowhere.csv --party Northwind", 2, "no_such_file", who="bo"),
    Try("intake try pyproject.toml --party Nobody", 3, "no_such_party", who="bo"),
    Try("intake try pyproject.toml --party Northwind", 4, "read_only", who="vera"),
    Try("intake try pyproject.toml --party Northwind --map name", 2, "no_mapping", who="bo"),
    Try("intake try pyproject.toml --party Northwind --map 1=colour", 2, "no_such_field", who="bo"),
    Try("intake try /bin/true --party Northwind", 2, "sheet_unreadable", who="bo"),
    Try("intake columns ZZZZZZZ --map 1=person", 3, "no_such_intake", who="bo"),
    Try("intake list --at x", 2, "at"),
    Try("intake show ZZZZZZZ", 3, "no_such_intake", who="bo"),
    Try("intake show ZZZZZZZ --verdict good", 2, "usage", who="bo"),
    Try("intake do ZZZZZZZ", 3, "no_such_intake", who="bo"),
    Try("intake undo ZZZZZZZ", 3, "no_such_intake", who="bo"),
    Try("intake rejected ZZZZZZZ", 3, "no_such_intake", who="bo"),
    Try("review open --party Northwind --asset Nothing", 3, "no_such_asset", who="bo"),
    Try("review open --party Northwind --holder Nobody", 3, "no_such_party", who="bo"),
    Try("review open --party Northwind --asset {eu}", 5, "nothing_to_review", who="bo"),
    Try("review open --party Northwind --asset {eu} --holder Northwind", 2, "review_scope", who="bo"),
    Try("review open --party Northwind", 4, "read_only", who="vera"),
    Try("review open --party Northwind", 3, "no_such_party", who="sam"),
    Try("review list --at x", 2, "at"),
    Try("review show ZZZZZZZ", 3, "no_such_review", who="bo"),
    Try("review decide ZZZZZZZ 1 keep", 3, "no_such_review", who="bo"),
    Try("review close ZZZZZZZ --next 2027-05-03", 3, "no_such_review", who="bo"),
    Try("review close ZZZZZZZ --next soon", 2, "day", who="bo"),
    Try("sweep --at x", 2, "at"),
    Try("sweep --no-look", 4, "not_admin", who="bo"),
    Try("sweep --dry-run", 4, "not_admin", who="otto"),
    Try("findings list --at-least very", 2, "usage", who="bo"),
    Try("findings list --which mine", 2, "usage", who="bo"),
    Try("findings list --on someday", 2, "day", who="bo"),
    Try("findings list --party Nowhere", 3, "no_such_party", who="bo"),
    Try("findings list --page 0", 2, "usage", who="bo"),
    Try("feeds list nonsense", 2, "usage", who="bo"),
    Try("feeds add nobody@example.org", 3, "no_such_user"),
    Try("feeds add bo@example.org", 4, "not_admin", who="kim"),
    Try("feeds add bo@example.org --campaign ZZZZZZZ", 3, "no_such_campaign", who="bo"),
    Try("feeds end ZZZZZZZ", 3, "no_such_feed", who="bo"),
    Try("webhooks list nonsense", 2, "usage", who="bo"),
    Try("webhooks add https://8.8.8.8/ --party Nowhere", 3, "no_such_party", who="bo"),
    Try("webhooks add https://8.8.8.8/ --party Northwind", 4, "not_manager", who="kim"),
    Try("webhooks add https://8.8.8.8/ --party Northwind", 3, "no_such_party", who="sam"),
    Try("webhooks add nonsense --party Northwind", 2, "webhook_address", who="bo"),
    Try("webhooks add https://bo:secret@8.8.8.8/ --party Northwind", 2, "webhook_address", who="bo"),
    Try("webhooks add https://127.1/ --party Northwind", 2, "webhook_private", who="bo"),
    Try("webhooks add http://8.8.8.8/ --party Northwind", 2, "webhook_https", who="bo"),
    Try("webhooks add https://8.8.8.8/ --party Northwind --event user.", 2, "webhook_event", who="bo"),
    Try("webhooks rotate ZZZZZZZ", 3, "no_such_webhook", who="bo"),
    Try("webhooks end ZZZZZZZ", 3, "no_such_webhook", who="bo"),
    Try("webhooks deliveries ZZZZZZZ", 3, "no_such_webhook", who="bo"),
    Try("webhooks replay ZZZZZZZ", 3, "no_such_webhook", who="bo"),
    Try("findings show ZZZZZZZ", 3, "no_such_finding", who="bo"),
    Try("findings acknowledge ZZZZZZZ --reason Seen", 3, "no_such_finding", who="bo"),
    Try("findings acknowledge ZZZZZZZ", 2, "usage", who="bo"),
    Try("findings hand-on ZZZZZZZ --to Kim --reason Hers", 3, "no_such_finding", who="bo"),
    Try("findings hand-on ZZZZZZZ --to Nobody --reason Hers", 3, "no_such_person", who="bo"),
    Try("findings snooze ZZZZZZZ --until 2026-12-01 --reason Later", 3, "no_such_finding", who="bo"),
    Try("findings snooze ZZZZZZZ --until later --reason Later", 2, "day", who="bo"),
    Try("findings let-end ZZZZZZZ --reason Planned", 3, "no_such_finding", who="bo"),
    Try("findings wake ZZZZZZZ --reason Wrong", 3, "no_such_finding", who="bo"),
    Try("findings rules --at x", 2, "at"),
    Try("findings limits --at x", 2, "at"),
    Try("findings limit nothing 3", 2, "no_such_limit"),
    Try("findings limit ends_within 0", 2, "limit_bounds"),
    Try("findings limit ends_within many", 2, "usage"),
    Try("findings limit ends_within 9", 4, "not_admin", who="bo"),
    Try("stops Nothing", 3, "no_such_thing", who="bo"),
    Try("stops {issued}", 3, "no_such_thing", who="sam"),
    Try("plan list --at x", 2, "at"),
    Try("plan show nothing", 3, "no_such_plan"),
    Try("plan edit leaver /nowhere/at-all.toml", 2, "no_file"),
    Try("plan edit leaver pyproject.toml", 4, "not_admin", who="bo"),
    Try("plan edit leaver pyproject.toml", 2, "plan_faults"),
    Try("engagement start Nobody --party Northwind --purpose x --from 2026-11-02", 3, "no_such_party", who="bo"),
    Try("engagement start Northwind --party Northwind --purpose x --from 2026-11-02", 2, "with_itself", who="bo"),
    Try("engagement start Contoso --party Northwind --purpose x --from 2026-11-02", 3, "no_such_party", who="sam"),
    Try("engagement start Contoso --party Northwind --purpose '' --from 2026-11-02", 2, "text_missing", who="bo"),
    Try("engagement start Contoso --party Northwind --purpose x --from soon", 2, "day", who="bo"),
    Try(
        "engagement start Contoso --party Northwind --purpose x --from 2026-11-02 --to 2026-11-01",
        2,
        "engagement_days",
        who="bo",
    ),
    Try("engagement list --at x", 2, "at"),
    Try("engagement show ZZZZZZZ", 3, "no_such_engagement", who="bo"),
    Try("engagement change ZZZZZZZ --note x", 3, "no_such_engagement", who="bo"),
    Try("engagement end ZZZZZZZ --reason Over", 3, "no_such_engagement", who="bo"),
    Try("engagement end ZZZZZZZ", 2, "usage", who="bo"),
    Try("responsibility give Nobody --occasion leaver --what x --within 1", 3, "no_such_person", who="bo"),
    Try("responsibility give Kim --occasion birthday --what x --within 1", 2, "usage", who="bo"),
    Try("responsibility give Kim --occasion leaver --what '' --within 1", 2, "text_missing", who="bo"),
    Try("responsibility give Kim --occasion leaver --what x --within 400", 2, "within_days", who="bo"),
    Try(
        "responsibility give Kim --occasion leaver --what x --within 1 --backup Kim", 2, "backup_is_the_same", who="bo"
    ),
    Try("responsibility give Kim --occasion leaver --what x --within 1", 4, "read_only", who="vera"),
    Try("responsibility list --at x", 2, "at"),
    Try("responsibility pass ZZZZZZZ Kim", 3, "no_such_responsibility", who="bo"),
    Try("responsibility end ZZZZZZZ --reason Over", 3, "no_such_responsibility", who="bo"),
    Try("owner {issued} Nobody", 3, "no_such_person", who="bo"),
    Try("owner {issued} Kim", 4, "not_your_verb", who="vera"),
    Try("owner {issued} Sam", 2, "not_on_record"),
]

CONNECTING = [
    Try("connect Nobody --level advertiser_token", 3, "no_such_party", typed="token-of-a-test"),
    Try("connect Northwind --level advertiser_token", 3, "no_such_party", who="sam", typed="token-of-a-test"),
    Try("connect Northwind --level advertiser_token", 4, "not_manager", who="kim", typed="token-of-a-test"),
    Try("connect Northwind --level advertiser_token", 2, "nothing_given"),
    Try("connect Northwind --level advertiser_token", 2, "nothing_given", typed=" \n\t "),
    Try("connect Northwind --level advertiser_token", 2, "token", typed="two words"),
    Try("connect Northwind --level advertiser_token", 2, "token", typed="tökén-of-a-test"),
    Try("connect Northwind --level advertiser_token", 2, "not_text", typed="token\x00of-a-test"),
    Try("connect Northwind --level advertiser_token", 2, "not_text", typed=b"\xff\xfe\x00token"),
    Try("connect Northwind --level advertiser_token", 2, "not_text", typed="a" * 100_001),
    Try("connect Northwind --level by_hand", 2, "level", typed="token-of-a-test"),
    Try("connect Northwind --level king", 2, "usage"),
    Try("connect {creator} --level creator_token", 2, "account_id", typed="token-of-a-test"),
    Try("connect {creator} --level creator_token --account-id x --app-id 7", 2, "not_all_given", typed="one\ntwo"),
    Try("connect Northwind --level advertiser_token --url http://example.org", 2, "base_url", typed="token-of-a-test"),
    Try("connect Northwind --level advertiser_token --url ftp://example.org", 2, "base_url", typed="token-of-a-test"),
    Try("connect Northwind --level advertiser_token --url https://[::1", 2, "base_url", typed="token-of-a-test"),
    Try("connect Northwind --level advertiser_token --url https://a:b@c.org", 2, "base_url", typed="token-of-a-test"),
    Try("connect Northwind --level advertiser_token --url nonsense", 2, "base_url", typed="token-of-a-test"),
    Try("disconnect Contoso --level advertiser_token", 3, "not_connected"),
    Try("disconnect Northwind --level advertiser_token", 3, "no_such_party", who="sam"),
]

ASKING = [
    Try("request {public_two} --creator Nobody --for Northwind", 3, "no_such_creator", who="bo"),
    Try("request {public_two} --creator {creator} --for Contoso", 3, "no_such_party", who="bo"),
    Try("request https://vm.tiktok.com/ZM12/ --creator {creator} --for Northwind", 2, "post_not_identified", who="bo"),
    Try("request {public_two} --creator {creator} --for Northwind --days 0", 2, "days_out_of_range", who="bo"),
    Try("request {public_two} --creator {creator} --for Northwind --days 400", 2, "days_out_of_range", who="bo"),
    Try("request {public_two} --creator {creator} --for Northwind --days -1", 2, "days_out_of_range", who="bo"),
    Try("request {public_two} --creator {creator} --for Northwind --days many", 2, "usage", who="bo"),
    Try(
        "request {public_two} --creator {creator} --for Northwind --agreed-until 2026-11-01",
        2,
        "agreed_until_past",
        who="bo",
    ),
    Try("request {public_two} --creator {creator} --for Northwind --agreed-until soon", 2, "day", who="bo"),
    Try("request {public_two} --creator {creator} --for Northwind --campaign NONE", 3, "no_such_campaign", who="bo"),
    Try(
        "request {public_two} --creator {creator} --for Northwind --ad-account {rivals}",
        3,
        "no_such_ad_account",
        who="bo",
    ),
    Try(f"request {{public_two}} --creator {{creator}} --for Northwind --message {LONG}", 2, "text_too_long", who="bo"),
    Try("request {public_two} --creator {creator} --for Northwind --mail mara", 2, "mail_address", who="bo"),
    Try("request {public_two} --creator Nora --for Northwind --mail n@@example.org", 2, "mail_address", who="bo"),
    Try("request {public_two} --creator Nora --for Contoso --mail n@example.org", 3, "no_such_party", who="bo"),
    Try(
        "request https://vm.tiktok.com/ZM12/ --creator Nora --for Northwind --mail n@example.org",
        2,
        "post_not_identified",
        who="bo",
    ),
    Try(
        f"request {{public_two}} --creator {{creator}} --for Northwind --mail m@example.org --recipient {LONG}",
        2,
        "text_too_long",
        who="bo",
    ),
    Try("request-link send {requested}", 2, "mail_address", who="bo"),
    Try("request-link send {requested} --mail mara", 2, "mail_address", who="bo"),
    Try("request-link send {requested} --mail m@example.org --link-days 0", 2, "link_days", who="bo"),
    Try("request-link send {issued} --mail m@example.org", 5, "not_waiting", who="bo"),
    Try("request-link extend {requested} --days 0", 2, "link_days", who="bo"),
    Try("request-link extend {requested} --days 3", 5, "link_ended", who="bo"),
    Try("request-link extend {requested}", 2, "usage", who="bo"),
    Try("remind {requested}", 5, "not_sent", who="bo"),
    Try("remind {issued}", 5, "not_waiting", who="bo"),
    Try("withdraw {issued}", 5, "not_in_this_state", who="bo"),
    Try(f"withdraw {{requested}} --reason {LONG}", 2, "text_too_long", who="bo"),
    Try("decline {requested} --reason ''", 2, "reason_missing", who="mara"),
    Try(f"decline {{requested}} --reason {LONG}", 2, "text_too_long", who="mara"),
    Try("decline {issued} --reason No", 5, "not_in_this_state", who="mara"),
]

AUTHORIZING = [
    Try("authorize", 2, "what_for", who="mara"),
    Try("authorize {public}", 2, "what_for", who="mara"),
    Try("authorize 7399999999999999999 --for Northwind", 3, "no_such_post", who="mara"),
    Try("authorize {public} --for Northwind", 3, "no_such_post", who="sam"),
    Try("authorize {public} --for Nobody", 3, "no_such_advertiser", who="mara"),
    Try("authorize {public} --for Northwind --days 0", 2, "days_out_of_range", who="mara"),
    Try("authorize {public} --for Northwind --days 400", 2, "days_out_of_range", who="mara"),
    Try("authorize {public} --for Northwind --days -1", 2, "days_out_of_range", who="mara"),
    Try("authorize {public} --for Northwind --agreed-until 2020-01-01", 2, "agreed_until_past", who="mara"),
    Try("authorize {public} --for Northwind --ad-account {rivals}", 3, "no_such_ad_account", who="mara"),
    Try("authorize {public} --for Northwind --campaign NONE", 3, "no_such_campaign", who="mara"),
    Try("authorize {private} --for Northwind", 2, "post_private", who="mara"),
    Try("authorize {story} --for Northwind", 2, "post_is_story", who="mara"),
    Try("authorize --request {requested} --days 400", 2, "days_out_of_range", who="mara"),
    Try("authorize --request {issued}", 5, "*", who="mara"),
]

RECORDING = [
    Try("record {requested} --days 30", 2, "nothing_given", who="mara"),
    Try("record {requested} --days 30", 2, "code_missing", who="mara", typed="“ ”"),
    Try("record {requested} --days 30", 2, "code_is_link", who="mara", typed=LINK),
    Try("record {requested} --days 30", 2, "code_several_lines", who="mara", typed="#one\n#two"),
    Try("record {requested} --days 30", 2, "code_too_long", who="mara", typed="#" + LONG),
    Try("record {requested} --days 30", 2, "not_text", who="mara", typed="#ab\x00cd"),
    Try("record {requested} --days 30", 2, "not_text", who="mara", typed=b"#\xff\xfe\xfd"),
    Try("record {requested} --days 0", 2, "days_out_of_range", who="mara", typed=CODE),
    Try("record {requested} --days 400", 2, "days_out_of_range", who="mara", typed=CODE),
    Try("record {requested} --days -1", 2, "days_out_of_range", who="mara", typed=CODE),
    Try("record {requested} --ends-on 2026-10-01", 2, "end_past", who="mara", typed=CODE),
    Try("record {requested} --days 30 --agreed-until 2026-10-01", 2, "agreed_until_past", who="mara", typed=CODE),
    Try("record {requested} --days 30 --agreed-until soon", 2, "day", who="mara", typed=CODE),
    Try("record {requested} --ends-on yesterday", 2, "day", who="mara", typed=CODE),
    Try("record {requested} --ends-on 9999-12-31", 2, "day", who="mara", typed=CODE),
    Try("record {requested} --ends-on 2026-12-01 --zone Nowhere", 2, "time_zone", who="mara", typed=CODE),
    Try("record --post {private} --for Northwind --days 30", 2, "post_private", who="mara", typed=CODE),
    Try("record --post {story} --for Northwind --days 30", 2, "post_is_story", who="mara", typed=CODE),
    Try("record --post {public}", 2, "what_for", who="mara", typed=CODE),
    Try("record --post {public} --for Nobody --days 30", 3, "no_such_advertiser", who="mara", typed=CODE),
    Try("record --post 7399999999999999999 --for Northwind", 3, "no_such_post", who="mara", typed=CODE),
    Try("record {requested} --campaign NONE", 2, "what_for", who="mara", typed=CODE),
    Try("record {issued} --days 30", 5, "not_in_this_state", who="mara", typed=CODE),
]

USING = [
    Try("handover {issued} --to ''", 2, "recipient", who="mara"),
    Try(f"handover {{issued}} --to {LONG}", 2, "recipient", who="mara"),
    Try("handover {issued} --to Bo --days 0", 2, "link_days", who="mara"),
    Try("handover {issued} --to Bo --days 400", 2, "link_days", who="mara"),
    Try("handover {issued} --to Bo --days -1", 2, "link_days", who="mara"),
    Try("handover {requested} --to Bo", 5, "not_in_this_state", who="mara"),
    Try("handover {issued} --to Bo --mail bo", 2, "mail_address", who="mara"),
    Try("handover {issued} --to Bo --send", 2, "mail_address", who="mara"),
    Try("sharing stop {issued} 1", 3, "no_such_link", who="mara"),
    Try("sharing stop {issued} -1", 2, "usage", who="mara"),
    Try("sharing stop {issued} first", 2, "usage", who="mara"),
    Try("authorize --request {requested} --agreed-until 2026-11-01", 2, "agreed_until_past", who="mara"),
    Try("authorize --request {requested} --agreed-until soon", 2, "day", who="mara"),
    Try("open {requested}", 5, "not_in_this_state", who="bo"),
    Try("open {issued} --link", 2, "nothing_given", who="bo"),
    Try("open {issued} --link", 3, "no_such_link", who="bo", typed="a-link-that-nobody-made"),
    Try("open {issued} --link", 3, "no_such_link", who="bo", typed=LINK),
    Try("apply {requested} --ad-account {eu}", 5, "*", who="bo"),
    Try("apply {issued} --ad-account 72", 3, "no_such_ad_account", who="bo"),
    Try("apply {issued} --ad-account {rivals}", 3, "no_such_ad_account", who="bo"),
    Try("apply {issued} --ad-account {rivals}", 3, "not_their_ad_account"),
    Try("apply {issued} --ad-account {eu} --source-code", 2, "nothing_given", who="bo"),
    Try("apply {issued} --ad-account {eu} --source-code", 2, "code_is_link", who="bo", typed=LINK),
    Try("apply {issued} --ad-account {eu}", 2, "code_expired", who="bo", at="2027-06-01T00:00Z"),
    Try("unbind {issued} --ad-account {eu}", 3, "not_applied_there", who="bo"),
    Try("check {issued} --saw sideways", 2, "usage", who="bo"),
    Try("check {issued} --ends-on soon", 2, "day", who="bo"),
    Try("check {issued} --ends-on 2026-12-01 --zone Nowhere", 2, "time_zone", who="bo"),
    Try("extend {issued} --days 0", 2, "days_out_of_range", who="mara"),
    Try("extend {issued} --days 400", 2, "days_out_of_range", who="mara"),
    Try("extend {issued} --days -1", 2, "days_out_of_range", who="mara"),
    Try("extend {issued}", 2, "usage", who="mara"),
    Try("extend {requested} --days 30", 5, "not_in_this_state", who="mara"),
    Try("replace {issued} --days 400", 2, "days_out_of_range", who="mara"),
    Try("replace {issued} --by-hand", 2, "nothing_given", who="mara"),
    Try("replace {requested}", 5, "not_in_this_state", who="mara"),
]

ENDING = [
    Try("end ask {issued} --reason ''", 2, "reason_missing", who="mara"),
    Try(f"end ask {{issued}} --reason {LONG}", 2, "text_too_long", who="mara"),
    Try("end ask {requested} --reason Over", 5, "not_in_this_state", who="mara"),
    Try("end acknowledge {issued}", 5, "not_in_this_state", who="bo"),
    Try("end pause {issued}", 5, "not_in_this_state", who="bo"),
    Try("end switch-off {issued}", 5, "not_in_this_state", who="mara"),
    Try("end confirm {issued}", 5, "not_in_this_state", who="mara"),
    Try(f"end confirm {{issued}} --seen {LONG}", 5, "not_in_this_state", who="mara"),
    Try("end tell {issued} --how mail", 5, "not_in_this_state", who="mara"),
    Try("end tell {issued} --how ''", 2, "how_missing", who="mara"),
]

LOOKING = [
    Try("list --state asleep", 2, "usage"),
    Try("list --limit 0", 2, "usage"),
    Try("list --group asleep", 2, "usage"),
    Try("list --order random", 2, "usage"),
    Try("list --ends-within soon", 2, "filter_days"),
    Try(f"list {LONG}", 2, "text_too_long"),
    Try("list --view Mine", 3, "no_such_view", who="bo"),
    Try("views save ''", 2, "text_missing", who="bo"),
    Try(f"views save {LONG}", 2, "text_too_long", who="bo"),
    Try("views forget Mine", 3, "no_such_view", who="bo"),
    Try("views list --at x", 2, "at"),
    Try("stakes {issued} --at x", 2, "at"),
    Try("diagnose", 2, "nothing_to_diagnose"),
    Try("diagnose --error ''", 2, "nothing_to_diagnose"),
    Try(f"diagnose --error {LONG}", 2, "text_too_long"),
    Try("diagnose {issued} --code '#AbC+dEf/1234567='", 2, "code_on_command_line"),
    Try("diagnose {issued} --code -", 2, "nothing_given"),
    Try("diagnose --code -", 2, "not_text", typed=b"\xff\xfe"),
    Try("diagnose {issued} --language xx", 2, "usage"),
    Try("campaign change ZZZZZZZ --name x", 3, "no_such_campaign", who="bo"),
    Try("campaign use {issued}", 2, "what_for", who="bo"),
    Try("list --limit many", 2, "usage"),
    Try("list --at yesterday", 2, "at"),
    Try("list --at 0001-01-01T00:00+23:59", 2, "at"),
    Try("list --at 9999-12-31T23:59-23:59", 2, "at"),
    Try("posts Nobody", 3, "no_such_party"),
    Try("posts {creator}", 3, "no_such_party", who="sam"),
    Try("posts {creator} --limit -1", 2, "usage"),
    Try("connections --at x", 2, "at"),
    Try("party list --at x", 2, "at"),
    Try("ad-account list --at x", 2, "at"),
    Try("campaign list --at x", 2, "at"),
    Try("audit verify --at x", 2, "at"),
    Try("audit verify --head abc", 2, "head"),
    Try("audit key --at x", 2, "at"),
    Try("audit key", 4, "not_a_reader", who="mara"),
    Try("audit export x.jsonl", 4, "not_a_reader", who="mara"),
    Try("audit export /no/such/folder/x.jsonl", 2, "no_such_folder"),
    Try("audit export /etc/hostname", 5, "file_exists"),
    Try("audit export /tmp/never-written.jsonl --from 999999", 2, "empty_range"),
    Try("audit export /tmp/never-written.jsonl --to yesterday", 2, "day"),
    Try("history", 4, "not_a_reader", who="mara"),
    Try("history ZZZZZZZ", 3, "no_such_thing"),
    Try("history {issued}", 3, "no_such_thing", who="sam"),
    Try("history {issued} --from yesterday", 2, "day", who="mara"),
    Try("history {issued} --kind post", 2, "two_filters", who="mara"),
    Try("history --kind nonsense", 2, "kind"),
    Try("history --limit 0", 2, "usage"),
    Try("migrate --at x", 2, "at"),
    Try("guides list --at x", 2, "at"),
    Try("guides list --language xx", 2, "usage"),
    Try("guides show no-such-guide", 3, "no_such_guide"),
    Try(f"guides show {LONG}", 3, "no_such_guide"),
    Try("guides search ''", 2, "text_missing"),
    Try(f"guides search {LONG}", 2, "text_too_long"),
    Try("guides check --oldest 0", 2, "usage"),
    Try("guides check --oldest old", 2, "usage"),
    Try("sandbox --port 0", 2, "usage"),
    Try("sandbox --port 99999", 2, "usage"),
    Try("sandbox --state /proc/nowhere/state", 9, "sandbox_unusable"),
    Try("demo --desk /proc/nowhere", 9, "storage"),
    Try("demo --pages --port 0", 2, "usage"),
    Try("seed agency --until 2150-01-01", 2, "until_to_come"),
    Try("seed agency --until yesterday", 2, "day"),
    Try("seed agency --size huge", 2, "usage"),
    Try("seed agency --desk /proc", 5, "folder_not_empty"),
    Try("seed agency --size tiny", 5, "desk_not_empty"),
    Try("simulate --until 2150-01-01", 2, "until_to_come"),
    Try("simulate --days 0", 2, "usage"),
    Try("simulate --size huge", 2, "usage"),
    Try("simulate --desk /proc", 5, "folder_not_empty"),
    Try("simulate --size tiny", 5, "desk_not_empty"),
    Try("serve --port 0", 2, "usage"),
    Try("serve --port 99999", 2, "usage"),
    Try("serve --workers 0", 2, "usage"),
    Try("worker nonsense", 2, "usage"),
    Try("worker", 4, "not_admin", who="otto"),
    Try("worker status", 4, "not_a_reader", who="mara"),
    Try("nonsense", 2, "usage"),
    Try("end", 2, "usage"),
    Try("end nonsense", 2, "usage"),
    Try("--nonsense", 2, "usage"),
]

ALL_OF_IT = [
    Try("notices list --limit 0", 2, "usage"),
    Try("notices list", 3, "no_such_user", who="nobody"),
    Try("notices read ZZZZZZZ", 3, "no_such_notice", who="bo"),
    Try("notices preferences --no-mail", 4, "not_a_user"),
    Try("notices preferences --mute gossip", 2, "usage", who="bo"),
    Try("notices preferences --lead soon", 2, "lead_days", who="bo"),
    Try("notices preferences --lead 400", 2, "lead_days", who="bo"),
    Try("notices preferences --quiet late", 2, "quiet_hours", who="bo"),
    Try("notices preferences --quiet 25:00-08:00", 2, "quiet_hours", who="bo"),
    Try("notices preferences --quiet 08:00-08:00", 2, "quiet_hours", who="bo"),
    Try("export x.txt", 2, "export_form"),
    Try("export /no/such/folder/x.jsonl", 2, "no_such_folder"),
    Try("export /etc/hostname", 5, "file_exists"),
    Try("export /tmp/never-written.jsonl", 4, "not_a_reader", who="mara"),
    Try("export /tmp/never-written.jsonl --with-codes", 2, "text_missing"),
    Try(f"export /tmp/never-written.jsonl --with-codes --reason {LONG}", 2, "text_too_long"),
    Try("export /tmp/never-written.jsonl --with-codes --reason Moving", 4, "not_admin", who="otto"),
    Try("import /no/such/file", 2, "no_such_file"),
    Try("import /etc/hostname", 5, "desk_not_empty"),
    Try("import /etc/hostname", 4, "not_admin", who="otto"),
    Try("backup /no/such/folder/desk.backup", 2, "no_such_folder"),
    Try("backup /etc/hostname", 5, "file_exists"),
    Try("backup /no/such/folder/x.backup", 4, "not_admin", who="bo"),
    Try("restore /no/such/file", 2, "no_such_file"),
    Try("restore /etc/hostname", 5, "desk_holds_something"),
    Try("restore /etc/hostname --replace", 2, "no_backup"),
    Try("restore /etc/hostname --replace", 4, "not_admin", who="otto"),
]

GROUPS = {
    "unknown id": UNKNOWN_ID,
    "stranger": STRANGER,
    "nobody": NOBODY,
    "other roles": OTHER_ROLES,
    "people and things": PEOPLE_AND_THINGS,
    "record": RECORD,
    "looks": LOOKS,
    "duties": DUTIES,
    "connecting": CONNECTING,
    "asking": ASKING,
    "authorizing": AUTHORIZING,
    "recording": RECORDING,
    "using": USING,
    "ending": ENDING,
    "looking": LOOKING,
    "all of it": ALL_OF_IT,
}
EVERY = [one for group in GROUPS.values() for one in group]


@pytest.fixture
def names(desk: Desk, cast: Cast) -> dict[str, str]:
    posts = desk.seeded.creators[0].posts
    desk.note("private", visibility="private")
    desk.note("story", medium="story")
    return {
        "creator": desk.creator.reference,
        "issued": cast.issued.reference,
        "requested": cast.requested.reference,
        "eu": desk.eu.platform_id,
        "rivals": desk.rivals_account.platform_id,
        **{name: posts[name] for name in ("public", "public_two", "private", "story")},
    }


@pytest.mark.parametrize("group", GROUPS)
def test_bad_input_is_one_sentence_and_changes_nothing(
    vk: Terminal, names: dict[str, str], group: str, subtests: pytest.Subtests
) -> None:
    """One desk for a whole group: none of them may change anything that another one meets."""
    before = everything()
    for one in GROUPS[group]:
        with subtests.test(str(one)):
            _refuses(vk, names, one)
            assert everything() == before


def _refuses(vk: Terminal, names: dict[str, str], one: Try) -> None:
    words = [word.format(**names).replace("''", "") for word in one.command.split()]
    has_clock = "--at" not in words
    programs = vk(*words, who=one.who, typed=one.typed, at=one.at, has_clock=has_clock, is_json=True)
    people = vk(*words, who=one.who, typed=one.typed, at=one.at, has_clock=has_clock)

    assert programs.code == people.code == one.exit_code, people.said
    refused = programs.refused()
    assert refused["code"] == one.code or one.code == "*"
    assert refused["sentence"].endswith((".", "?")) and refused["next_step"]
    assert programs.err == ""
    assert people.out == ""
    assert people.err.splitlines() == [refused["sentence"], f"→ {refused['next_step']}"]
    assert CODE not in people.err + programs.out


def test_every_command_is_tried_with_bad_input() -> None:
    every = app()
    commands = {str(command.name) for command in every.registered_commands}
    for group in every.registered_groups:
        assert group.typer_instance is not None
        commands |= {f"{group.name} {command.name}" for command in group.typer_instance.registered_commands}
    tried = {" ".join(one.command.split()[:count]) for one in EVERY for count in (1, 2)}
    assert commands - tried == set()


def test_the_host_is_told_how_to_act_as_somebody(vk: Terminal, cast: Cast) -> None:
    assert "--as MAIL" in vk("open", cast.issued.reference).err
    assert "--as MAIL" not in vk("extend", cast.issued.reference, "--days", 30, who="bo").err


def test_a_code_that_is_there_already_is_not_recorded_twice(desk: Desk, vk: Terminal, cast: Cast) -> None:
    assert vk("record", cast.requested.reference, "--days", 60, who="mara", typed=CODE).code == 0
    desk.note("carousel")
    post = desk.seeded.creators[0].posts["carousel"]
    again = vk("record", "--post", post, "--for", "Northwind", "--days", 30, who="mara", typed=CODE, is_json=True)
    assert again.code == 5 and again.refused()["code"] == "same_code"
    assert cast.requested.reference in again.refused()["sentence"]


def test_a_link_that_ended_opens_nothing(desk: Desk, vk: Terminal, cast: Cast) -> None:
    link = vk("handover", cast.issued.reference, "--to", "Bo", "--days", 1, who="mara", is_json=True).json()["link"]
    late = vk("open", cast.issued.reference, "--link", who="bo", typed=link, at="2026-11-20T00:00Z", is_json=True)
    assert late.code == 5 and late.refused()["code"] == "link_ended" and link not in late.out


def test_a_second_apply_on_the_same_ad_account_is_refused(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "in_use")
    again = vk("apply", row.reference, "--ad-account", desk.eu.platform_id, who="bo", is_json=True)
    assert again.code == 5 and again.refused()["code"] == "already_applied"


def test_a_post_with_a_live_code_is_not_authorized_again(vk: Terminal, names: dict[str, str]) -> None:
    ran = vk("authorize", names["public"], "--for", "Northwind", who="mara", is_json=True)
    assert ran.code == 5 and ran.refused()["code"] == "post_has_code"


NASTY: list[str] = [
    "[red]Ads[/red] [link=https://example.org]x[/link] [/]",
    "Robert'); DROP TABLE accounts_party;--",
    "<script>alert(1)</script>",
    ":smile: 😀 👩‍👩‍👧 Ünïcödé 名前",
    "back\\slash\\",
    "100% {curly} %s {0}",
]


@pytest.mark.parametrize("text", NASTY)
def test_a_text_is_shown_as_it_was_typed(desk: Desk, vk: Terminal, text: str) -> None:
    made = vk("party", "add", text, "--kind", "brand", is_json=True)
    assert made.json()["name"] == text
    assert text in vk("party", "list").out
    account = vk("ad-account", "add", "72001", "--party", text, "--name", text, "--zone", "Europe/Berlin")
    assert account.code == 0 and text in account.out
    campaign = vk("campaign", "add", text, "--ad-account", "72001", "--from", "2026-11-03", "--to", "2026-11-09")
    assert campaign.code == 0 and text in campaign.out
    post = desk.seeded.creators[0].posts["public"]
    asked = vk("request", post, "--creator", "Mara Lindt", "--for", text, "--message", text)
    assert asked.code == 0 and text in asked.out
    row = asked.out.split()[0]
    declined = vk("decline", row, "--reason", text, who="mara")
    assert declined.code == 0 and text in declined.out
    assert text in vk("history", row).out and text in vk("list").out
    assert text in vk("party", "add", text, "--kind", "brand").err


@pytest.mark.parametrize("text", ["nul\x00", "\x1b[31mred", "bell\x07", "half\udcff", "\x9b31m"])
@pytest.mark.parametrize(
    "command",
    ["party add {} --kind brand", "list --as {}", "show {}", "posts {}", "disconnect {} --level creator_token"],
)
def test_control_characters_are_refused_and_not_echoed(vk: Terminal, text: str, command: str) -> None:
    ran = vk(
        *(word.format(text) for word in command.split()),
        *(["--level", "advertiser_token"] if "conn" in command else []),
    )
    assert ran.code == 2 and text not in ran.said and not set("\x00\x1b\x07\x9b") & set(ran.said)


def test_a_caption_from_the_platform_does_not_steer_the_terminal(desk: Desk, vk: Terminal) -> None:
    desk.note("public", caption="fine\x1b[2J\nand [bold]more")
    desk.disconnect_all()
    out = vk("posts", "Mara Lindt", who="mara").out
    assert "\x1b" not in out and "fine�[2J and [bold]more" in out


def test_in_an_empty_desk_the_lists_say_what_to_do(vk: Terminal) -> None:
    for command in ("list", "connections", "party list", "ad-account list", "campaign list"):
        out = vk(*command.split(), who="otto").out
        assert out
    assert "`valetkey" in vk("list").out
