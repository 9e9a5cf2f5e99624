"""Erase a case by destroying its keys: exhibits, requests, lists, opinions, leads; a tombstone stays (RET-03)."""

from dataclasses import dataclass
from enum import StrEnum

from countersign.governance.permission import Permission
from countersign.governance.request import Case
from countersign.governance.request_rules import case_over
from countersign.ledger.event import EventKind
from countersign.operations.ending import destroy
from countersign.operations.overlays import nothing_held
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CaseId


class CaseErasureRule(StrEnum):
    """Why it is erased; goes into the log."""

    CASE_CLOSED = "case_closed"
    REQUEST_GRANTED = "request_granted"
    UNLAWFUL = "unlawful"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCase:
    """Which case, and under which rule."""

    case: CaseId
    rule: CaseErasureRule


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedCase:
    """What was destroyed."""

    exhibits: int
    probes: int
    lists: int
    openings: int


@operation(Permission.CASE_ERASE)
def erase_case(turn: Turn, arguments: EraseCase) -> ErasedCase:
    """Erase a case in which no request is under way.

    Raises:
        GuardError: A request of the case has not ended.
    """
    case = turn.work.cases.get(arguments.case)
    turn.check(case_over(turn.work.requests.where(case=case.id)), nothing_held(turn.work, case.id))
    return erase_whole_case(turn, case, arguments.rule)


def erase_whole_case(turn: Turn, case: Case, rule: CaseErasureRule) -> ErasedCase:
    """Destroy the keys of a case with one tombstone; whether it may be was checked before."""
    work = turn.work
    requests = work.requests.where(case=case.id)
    exhibits, probes = work.exhibits.where(case=case.id), work.probes.where(case=case.id)
    lists = [one for run in work.runs.where(case=case.id) if (one := work.lists.find(run.id)) is not None]
    for exhibit in exhibits:
        work.blobs.remove(exhibit.blob)
    openings = destroy(turn, [*(one.key for one in lists), *(request.key for request in requests), case.key])
    erased = ErasedCase(exhibits=len(exhibits), probes=len(probes), lists=len(lists), openings=openings)
    turn.record(
        EventKind.CASE_ERASED,
        {
            "exhibits": erased.exhibits,
            "probes": erased.probes,
            "lists": erased.lists,
            "openings": erased.openings,
            "rule": rule,
        },
        case=case.id,
    )
    return erased
