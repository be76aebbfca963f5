"""PURE. Whom a row names: the person, the party they work for, who answers for an access. Never one of two."""

from __future__ import annotations

from valetkey.intake import values
from valetkey.intake.acts import Cells, Do, Draft
from valetkey.intake.columns import Field
from valetkey.intake.known import Party, Person, same
from valetkey.intake.values import name_and_mail


def company_of(cells: Cells, draft: Draft) -> Party | None:
    """A party of the desk by its name; None where the row names none."""
    text = cells.line(Field.COMPANY, "The company", 200)
    if not text:
        return None
    found = draft.known.party(text)
    if found is None:
        draft.look(f"There is no party “{text[:60]}” on this desk. Write it as it is named here, or add it first.")
    return found


def person_of(cells: Cells, company: Party | None, draft: Draft) -> Person | None:
    """By mail address, by reference, or by a name that only one has. Whoever is not on record is entered."""
    name, beside = name_and_mail(cells.line(Field.PERSON, "The name", 200))
    mail = cells.word(Field.MAIL, values.mail) or beside.lower()
    if not name and not mail:
        return None
    found = _found(name, mail, draft)
    if found is not None:
        _refuse_other_company(found, company, draft)
        return found
    if draft.doubts or draft.faults:
        return None
    if not name:
        draft.look(f"Nobody on this record has the mail address {mail}, and the row gives no name.")
        return None
    return _entered(name, mail, company, cells, draft)


def owner_of(cells: Cells, draft: Draft) -> Person | None:
    """Somebody on the record; nobody is entered just because they answer for something."""
    text = cells.line(Field.OWNER, "The owner", 200)
    if not text:
        return None
    name, mail = name_and_mail(text)
    found = draft.known.people(mail or name)
    if len(found) != 1:
        who = "Nobody" if not found else "More than one person"
        draft.look(f"Owner: {who} on this record is called “{text[:60]}”.")
        return None
    return found[0]


def keep_up(cells: Cells, person: Person | None, draft: Draft, *, note_is_theirs: bool) -> None:
    """What the row says of somebody who is on record already, and of anybody, that they leave."""
    if person is None:
        if cells[Field.LEFT_ON] and not draft.doubts and not draft.faults:
            draft.look("It says a last day, but not whose.")
        return
    left_on = cells.day(Field.LEFT_ON)
    if not person.reference.startswith("+") or draft.known.people(person.reference):
        _change(person, _differing(cells, person, note_is_theirs, draft), draft)
    if left_on is None or left_on == person.left_on:
        return
    if person.left_on is not None:
        draft.look(f"On record, the last day of {person.name} is {person.left_on}; the row says {left_on}.")
        return

    def then() -> None:
        person.left_on = left_on

    draft.do(Do.PERSON_LEFT, person.reference, f"{person.name}: last day {left_on}.", then, on=left_on)


def _found(name: str, mail: str, draft: Draft) -> Person | None:
    if mail:
        found = draft.known.people(mail)
        if found and name and same(found[0].name) != same(name) and same(name) != same(found[0].reference):
            draft.look(f"The mail address {mail} is that of {found[0].name} on record; the row says {name}.")
        if found:
            return found[0]
    called = draft.known.people(name) if name else []
    if mail:
        others = [each for each in called if each.mail]
        called = [each for each in called if not each.mail]
        if others and not called:
            draft.look(f"{others[0].name} is on record with another mail address, {others[0].mail}.")
            return None
    if len(called) > 1:
        draft.look(f"{len(called)} people on record are called {name}. Add the mail address.")
        return None
    return called[0] if called else None


def _refuse_other_company(person: Person, company: Party | None, draft: Draft) -> None:
    if company is not None and company.reference != person.party:
        works_for = draft.known.name(person.party)
        draft.look(f"On record, {person.name} works for {works_for}; the row says {company.name}.")


def _entered(name: str, mail: str, company: Party | None, cells: Cells, draft: Draft) -> Person:
    party = company or draft.known.keeper
    work = cells.line(Field.WORK, "The work", 200)
    note = "" if cells[Field.ROLE] + cells[Field.ASSET] else cells.text(Field.NOTE, "The note", 2000)
    row = Person(draft.new("person"), name, mail, party.reference, work, note)
    of = f" of {party.name}" if party is not draft.known.keeper else ""
    draft.do(
        Do.ENTER_PERSON, row.reference, f"Puts {name}{of} on record.", lambda: draft.known.add_person(row),
        name=name, mail=mail, party=party.reference, work=work, note=note,
    )  # fmt: skip
    return row


def _differing(cells: Cells, person: Person, note_is_theirs: bool, draft: Draft) -> dict[str, str]:
    _, beside = name_and_mail(cells[Field.PERSON])
    wanted = {
        "mail": cells.word(Field.MAIL, values.mail) or beside.lower(),
        "work": cells.line(Field.WORK, "The work", 200),
        "note": cells.text(Field.NOTE, "The note", 2000) if note_is_theirs else "",
    }
    return {name: text for name, text in wanted.items() if text and text != getattr(person, name)}


def _change(person: Person, changes: dict[str, str], draft: Draft) -> None:
    if not changes:
        return

    def then() -> None:
        if "mail" in changes:
            draft.known.renamed(person, changes["mail"])
        person.work, person.note = changes.get("work", person.work), changes.get("note", person.note)

    told = "; ".join(f"{name}: {getattr(person, name) or 'nothing'} → {text}" for name, text in changes.items())
    draft.do(Do.CHANGE_PERSON, person.reference, f"{person.name}: {told}.", then, **changes)
