"""Plans: those that come with Valetkey hold, and a text with a fault is refused by step and field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk
from valetkey.changes import services
from valetkey.changes.grammar import EACH_OF, EFFECTS, PLACEHOLDERS, TEXTS, About, Each, Effect, words
from valetkey.changes.plan import read_plan
from valetkey.credential import find
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.guides.library import library
from valetkey.register.occasions import Occasion

CONTENT = Path(services.plans.__code__.co_filename).parent.parent / "content"
GUIDES = frozenset(guide.name for guide in library().guides("en"))
STEP = """
[[steps]]
name = "off"
title = "Take off"
where = "There."
do = "It."
confirm = "Seen."
fails = "Ask."
"""
PLAN = 'title = "T"\nabout = "person"\nintro = "I"\n' + STEP


@pytest.mark.parametrize("occasion", list(Occasion), ids=str)
def test_every_occasion_has_a_plan_that_holds(occasion: Occasion) -> None:
    text = (CONTENT / f"{occasion}.toml").read_text()
    plan, faults = read_plan(occasion, text, about=None, guides=GUIDES)
    assert not faults
    assert find(text) is None
    assert words(occasion) != occasion.value
    assert len({step.name for step in plan.steps}) == len(plan.steps) >= 5


def test_the_plans_use_all_that_a_checklist_can_ask_for() -> None:
    read = [read_plan(each.stem, each.read_text(), about=None, guides=GUIDES)[0] for each in CONTENT.glob("*.toml")]
    used = {step.each for plan in read for step in plan.steps}
    assert used == set(Each)
    effects = {step.effect or step.offer for plan in read for step in plan.steps} - {None}
    assert effects == set(Effect)


def test_what_is_uncertain_is_not_said_as_certain() -> None:
    """Sources do not agree whether a lower role unassigns, nor whether all of a partner's people go with it."""
    for name, step, unsure in (("mover", "each_access", "as far as we know"), ("code_ended", "paused", "usually")):
        plan, _ = read_plan(name, (CONTENT / f"{name}.toml").read_text(), about=None, guides=GUIDES)
        (found,) = [each for each in plan.steps if each.name == step]
        assert unsure in " ".join(getattr(found, key) for key in TEXTS)


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (PLAN.replace("where = ", "were = "), "leaver: steps.off.where", "“where” is missing"),
        (PLAN.replace("where = ", "were = "), "leaver: steps.off.were", "Nothing reads “were”"),
        (
            PLAN.replace('"There."', '"{surface}"'),
            "leaver: steps.off.where",
            "There is no placeholder “{surface}” here",
        ),
        (PLAN.replace('"There."', '"{person"'), "leaver: steps.off.where", "no placeholder “{”"),
        (PLAN + 'each = "asset_owned"', "leaver: steps.off.each", "does not fit a plan about “person”"),
        (PLAN + 'each = "everything"', "leaver: steps.off.each", "is not known here"),
        (PLAN + 'effect = "close_access"', "leaver: steps.off.effect", "cannot be done to “person”"),
        (PLAN + 'each = "access"\noffer = "ended"', "leaver: steps.off.offer", "cannot be done to “access”"),
        (PLAN + 'each = "code_seen"\noffer = "ended"', "leaver: steps.off.offer", "only read from the record"),
        (
            PLAN + 'each = "code_seen"\neffect = "ended"\noffer = "ask_to_end"',
            "leaver: steps.off.offer",
            "has an effect or offers one, not both",
        ),
        (PLAN + "days = 1000", "leaver: steps.off.days", "at most a year"),
        (PLAN + 'days = "3"', "leaver: steps.off.days", "must be a whole number"),
        (PLAN + 'guide = "nowhere"', "leaver: steps.off.guide", "There is no guide “nowhere”"),
        (PLAN + STEP, "leaver: steps.off.name", "is there twice"),
        (PLAN.replace('about = "person"', 'about = "asset"'), "leaver: about", "This plan is about “person”"),
        (PLAN.split("[[steps]]")[0], "leaver: steps", "at least one step"),
        ("title = ", "leaver", "cannot be read as TOML"),
    ],
)
def test_each_fault_is_named_with_its_step_and_field(text: str, where: str, says: str) -> None:
    _, faults = read_plan("leaver", text, about=About.PERSON, guides=GUIDES)
    assert any(fault.where == where and says in fault.sentence for fault in faults), faults


def test_passing_on_needs_somebody_it_is_taken_from() -> None:
    text = PLAN.replace('about = "person"', 'about = "asset"') + 'each = "ownership"\noffer = "pass_on"'
    _, faults = read_plan("x", text, about=About.ASSET, guides=GUIDES)
    assert [fault.where for fault in faults] == ["x: steps.off.offer"]


def test_the_page_about_changes_names_every_word_of_the_grammar() -> None:
    page = re.sub(r"```.*?```", "", (CONTENT.parent.parent.parent / "docs" / "changes.md").read_text(), flags=re.DOTALL)
    told = set(re.findall(r"`([^`]+)`", page))
    placeholders = {f"{{{word}}}" for names in PLACEHOLDERS.values() for word in names}
    asked = {each.value for each in Each if each} | {effect.value for effect in EFFECTS}
    assert not (placeholders | asked | {about.value for about in EACH_OF} | {each.value for each in Occasion}) - told


@pytest.mark.django_db
def test_the_admin_writes_a_plan_anew_and_checklists_stay_as_they_are(desk: Desk) -> None:
    given: dict[str, Any] = {"kept_by": desk.advertiser, "day": desk.at.date(), "actor": desk.bo, "at": desk.at}
    before = services.open_change(occasion="continuity_check", **given)
    text = services.plan_of("continuity_check").text
    with pytest.raises(Forbidden):
        services.edit_plan(name="continuity_check", text=text, actor=desk.bo, at=desk.at)
    with pytest.raises(Conflict, match="exactly this already"):
        services.edit_plan(name="continuity_check", text=text, actor=desk.admin, at=desk.at)
    with pytest.raises(Invalid, match="steps.backup_codes.fails: “fails” is missing"):
        broken = text.replace('fails = "Are they gone', 'failed = "Are they gone')
        services.edit_plan(name="continuity_check", text=broken, actor=desk.admin, at=desk.at)
    with pytest.raises(NotFound):
        services.edit_plan(name="party", text=text, actor=desk.admin, at=desk.at)
    first = services.edit_plan(
        name="continuity_check", text=text.replace("Try the backup", "Look at the backup"), actor=desk.admin, at=desk.at
    )
    second = services.edit_plan(name="continuity_check", text=text, actor=desk.admin, at=desk.at)
    assert (first.version, second.version, services.plan_of("continuity_check").version) == (1, 2, 2)
    assert [each.version for each in services.plan_versions("continuity_check")] == [2, 1]
    assert before.plan_version == 0
    assert before.steps.get(name="backup_codes").title.startswith("Try the backup")
