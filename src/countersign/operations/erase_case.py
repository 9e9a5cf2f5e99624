"""Erase a case by destroying its keys: exhibits, requests, lists, opinions, leads; a tombstone stays (RET-03)."""

from dataclasses import dataclass
from enum import StrEnum

from countersign.governance.permission import Permission
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
    work = turn.work
    case = work.cases.get(arguments.case)
    requests = work.requests.where(case=case.id)
    turn.check(case_over(requests), nothing_held(work, case.id))
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
            "rule": arguments.rule,
        },
        case=case.id,
    )
    return erased
