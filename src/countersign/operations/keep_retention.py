"""Erase what is due by the schedule of the pack, count what is late, and suspend when that is too much.

A search's list goes by itself, a closed request with what it led to goes by `close_request`; everything else of a case
goes with the case, once that was closed and its disclosure period is over. What a hold or a restriction keeps is
counted and stays.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time
from types import MappingProxyType

from countersign.governance.register import LegalStatus
from countersign.governance.request_rules import OVER
from countersign.governance.retention import ObjectClass, erase_on
from countersign.governance.retention_sweep import DatedObject, bearable, sweep
from countersign.ledger.event import EventKind
from countersign.operations.advance_programme import suspend
from countersign.operations.ending import destroy
from countersign.operations.erase_case import CaseErasureRule, erase_whole_case
from countersign.operations.erase_record import ErasureRule, erase_records
from countersign.operations.overlays import held, nothing_held
from countersign.operations.recording import pack_artefact
from countersign.operations.turn import Turn
from countersign.primitives.ids import CaseId, PersonId, RecordId, RunId


def _dated(turn: Turn, object_class: ObjectClass, name: str, since: datetime, *, kept: bool = False) -> DatedObject:
    due = erase_on(turn.pack.retention, object_class, since)
    return DatedObject(object_class=object_class, id=name, due=due, held=kept)


def _lists(turn: Turn) -> Iterator[DatedObject]:
    """Give the lists of searches that led to nobody; those of a lead go with its case."""
    led = {lead.request for lead in turn.work.leads.where()}
    for run in turn.work.runs.where():
        request, listed = turn.work.requests.find(run.request), turn.work.lists.find(run.id)
        if listed is None or request is None or request.id in led or request.state not in OVER:
            continue
        kept = held(turn.work, request.id)
        # Closing a request starts no new time: its list goes so many days after the search led to nobody.
        yield _dated(turn, ObjectClass.SEALED_LIST, run.id, request.ended_at or request.state_since, kept=kept)


def _cases(turn: Turn) -> Iterator[DatedObject]:
    for case in turn.work.cases.where():
        if case.closed_at is not None:
            kept = not nothing_held(turn.work, case.id).allowed
            yield _dated(turn, ObjectClass.CASE, case.id, case.closed_at, kept=kept)


def _records(turn: Turn) -> Iterator[DatedObject]:
    """Give custody records; a review that was made puts off the end, none makes it earlier."""
    for record in turn.work.records.where():
        first = _dated(turn, ObjectClass.CUSTODY_RECORD, record.id, record.added_at)
        restricted = record.status is LegalStatus.RESTRICTED
        yield DatedObject(
            object_class=first.object_class, id=first.id, due=max(first.due, record.review_due), held=restricted
        )


def _people(turn: Turn) -> Iterator[DatedObject]:
    for person in turn.work.people.where():
        if person.left_on is not None:
            left = datetime.combine(person.left_on, time(), tzinfo=UTC)
            yield _dated(turn, ObjectClass.PERSON, person.id, left)


def _erase_list(turn: Turn, name: str) -> None:
    destroy(turn, [turn.work.lists.get(RunId(name)).key])


def _erase_case(turn: Turn, name: str) -> None:
    erase_whole_case(turn, turn.work.cases.get(CaseId(name)), CaseErasureRule.RETENTION)


def _erase_record(turn: Turn, name: str) -> None:
    erase_records(turn, [turn.work.records.get(RecordId(name))], ErasureRule.RETENTION)


def _erase_person(turn: Turn, name: str) -> None:
    destroy(turn, [turn.work.people.get(PersonId(name)).key])


SWEEPS: Mapping[ObjectClass, tuple[Callable[[Turn], Iterator[DatedObject]], Callable[[Turn, str], None]]] = (
    MappingProxyType(
        {
            ObjectClass.SEALED_LIST: (_lists, _erase_list),
            ObjectClass.CASE: (_cases, _erase_case),
            ObjectClass.CUSTODY_RECORD: (_records, _erase_record),
            ObjectClass.PERSON: (_people, _erase_person),
        }
    )
)
"""Classes that the sweep finds by themselves. Every other class is under the key of one of these and goes with it."""


def keep_retention(turn: Turn) -> int:
    """Erase what is due, record how much of each class, suspend where too much was late; give how much was erased."""
    if pack_artefact(turn.work) is None:
        return 0
    found = sweep([one for find, _ in SWEEPS.values() for one in find(turn)], turn.today)
    for one in found.due:
        SWEEPS[one.object_class][1](turn, one.id)
    for object_class, erased in sorted(Counter(one.object_class for one in found.due).items()):
        turn.record(EventKind.RETENTION_KEPT, {"class": object_class, "erased": erased})
    borne = bearable(found, turn.pack.overdue)
    if found.late or found.held:
        facts = {"objects": found.objects, "late": found.late, "latest_days": found.latest_days, "held": found.held}
        turn.record(EventKind.RETENTION_COUNTED, facts)
    if not borne.allowed:
        suspend(turn, borne)
    return len(found.due)
