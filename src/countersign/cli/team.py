"""`countersign team`: what a supervisor does: who has how much to do, who covers for whom, who may not act for now."""

from typing import Annotated

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit
from countersign.governance.permission import Permission
from countersign.primitives.ids import PersonId

app = typer.Typer(name="team", help="Queues, clocks, workload, absence; no faces.", no_args_is_help=True)
PersonArgument = Annotated[str, typer.Argument(help="Person id.")]


@app.command()
def queues(key: KeyOption, as_json: JsonOption = False) -> None:
    """Show what waits for whom, until when, and how much each person has to do."""
    from countersign.operations.list_queues import ListQueues, list_queues

    found = act(key, Permission.QUEUE_LIST, list_queues, ListQueues())
    shown = {"lengths": found.lengths, "waiting": found.waiting, "people": found.people}
    stuck, late = (sum(getattr(one, name) for one in found.waiting) for name in ("stuck", "late"))
    emit(shown, as_json=as_json, title=f"{len(found.waiting)} wait, {late} late, {stuck} for somebody who is not here")


@app.command()
def cover(
    person: PersonArgument,
    until: Annotated[str, typer.Option(help="Last day of the absence, as 2026-05-31; a past day ends it.")],
    key: KeyOption,
    to: Annotated[str | None, typer.Option(help="Who takes what is open; person id.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a person is away, and give what is open to a colleague as far as the rules let them."""
    from datetime import date

    from countersign.operations.cover_absence import CoverAbsence, cover_absence
    from countersign.primitives.codec import from_plain

    day: date = from_plain(date, until, "until")
    arguments = CoverAbsence(person=PersonId(person), until=day, to=PersonId(to) if to else None)
    done = act(key, Permission.REQUEST_REASSIGN, cover_absence, arguments)
    stayed = sum(bool(one.refused) for one in done)
    emit({"duties": done}, as_json=as_json, title=f"Away until {day}: {len(done) - stayed} handed over, {stayed} stay")


@app.command()
def bar(
    person: PersonArgument,
    reason: Annotated[str, typer.Option(help="key_lost, under_inquiry, outcomes_overdue or left.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Bar a person at once; nothing they sign is done until somebody else readmits them."""
    from countersign.operations.bar_person import BarPerson, BarReason, bar_person
    from countersign.primitives.codec import from_plain

    code: BarReason = from_plain(BarReason, reason, "reason")
    barred = act(key, Permission.PERSON_BAR, bar_person, BarPerson(person=PersonId(person), reason=code))
    emit({"person": barred.id, "barred_at": barred.barred_at}, as_json=as_json, title=f"Barred: {barred.name}")


@app.command()
def readmit(
    person: PersonArgument,
    reason: Annotated[str, typer.Option(help="key_safe, cleared, outcomes_recorded or mistake.")],
    key: KeyOption,
    as_json: JsonOption = False,
) -> None:
    """Readmit a barred person; not by whoever barred them."""
    from countersign.operations.readmit_person import ReadmitPerson, ReadmitReason, readmit_person
    from countersign.primitives.codec import from_plain

    code: ReadmitReason = from_plain(ReadmitReason, reason, "reason")
    arguments = ReadmitPerson(person=PersonId(person), reason=code)
    back = act(key, Permission.PERSON_READMIT, readmit_person, arguments)
    emit({"person": back.id}, as_json=as_json, title=f"Readmitted: {back.name}")
