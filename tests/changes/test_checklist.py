"""A plan and what was found become steps: in order, filled in, with an owner and a day. No database."""

from __future__ import annotations

from datetime import date

from valetkey.changes.checklist import Facts, Found, checklist
from valetkey.changes.grammar import About, Each, Effect, PlanSheet, PlanStep, Thing, Who

DAY = date(2026, 11, 30)


def step(name: str, **more: object) -> PlanStep:
    texts = {"title": "{person}: {surface}", "where": "w", "do": "d", "confirm": "c", "fails": "f"}
    return PlanStep(name=name, **{**texts, **more})  # type: ignore[arg-type]


def plan(*steps: PlanStep) -> PlanSheet:
    return PlanSheet("leaver", "T", About.PERSON, "I", steps)


def facts(**each: list[Found]) -> Facts:
    return Facts(
        Found("JO", {"person": "Jo", "surface": "?"}), {Each(name): found for name, found in each.items()}, "KIM", "JO"
    )


def test_once_or_for_each_in_the_plans_order() -> None:
    two = [Found("A1", {"surface": "people"}, "SAM"), Found("A2", {"surface": "partners"})]
    made = checklist(
        plan(
            step("first"),
            step("off", each=Each.ACCESS, who=Who.OWNER, days=2, effect=Effect.CLOSE_ACCESS),
            step("last"),
        ),
        facts(access=two),
        day=DAY,
    )
    about = [(each.name, each.thing, each.subject) for each in made]
    assert about[0] == ("first", Thing.PERSON, "JO") and about[3] == ("last", Thing.PERSON, "JO")
    assert about[1:3] == [("off", Thing.ACCESS, "A1"), ("off", Thing.ACCESS, "A2")]
    assert made[1].texts["title"] == "Jo: people"
    assert (made[1].owner, made[2].owner, made[0].owner) == ("SAM", "KIM", "KIM")
    assert made[1].due_on == date(2026, 12, 2)
    assert made[1].effect == "close_access"


def test_who_leaves_gets_no_step_but_those_that_name_them() -> None:
    own = [Found("A1", {}, "JO")]
    made = checklist(
        plan(step("a", each=Each.ACCESS, who=Who.OWNER), step("b", who=Who.THEMSELVES)), facts(access=own), day=DAY
    )
    assert [each.owner for each in made] == ["KIM", "JO"]


def test_what_was_not_found_makes_no_step() -> None:
    assert checklist(plan(step("a", each=Each.TOKEN)), facts(), day=DAY) == ()


def test_words_are_filled_in_once_whatever_they_hold() -> None:
    made = checklist(plan(step("a", each=Each.ACCESS)), facts(access=[Found("A", {"surface": "{person}"})]), day=DAY)
    assert made[0].texts["title"] == "Jo: {person}"
