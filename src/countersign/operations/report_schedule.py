"""One line for the disclosure schedule of each search of a case, those that found nobody too (REP-05; CPIA Code)."""

from dataclasses import dataclass
from datetime import datetime

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.request import Case
from countersign.ledger.event import EventKind
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.primitives.digest import Sha256
from countersign.search.probe import RunState, SearchRun


class NoSuchCaseError(NotFound):
    """No case of this reference is held, or it was erased."""

    code = "no_such_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSchedule:
    """Of which case, by the force's own reference, and who gets it; without a name whoever asks."""

    case_reference: str
    recipient: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """One line. It names nobody: of a list it says how long it was.

    Attributes:
        entry: Place in the log of the entry that sealed the list.
    """

    item: int
    description: str
    searched_at: datetime
    exhibits: str
    collection: str
    n_subjects: int
    candidates: int
    ended_as: str
    pack_sha256: Sha256
    entry: int


@operation(Permission.REPORT_SCHEDULE)
def report_schedule(turn: Turn, arguments: ReportSchedule) -> tuple[ScheduleLine, ...]:
    """Give every sealed search of a case, in the order in which they were made.

    Raises:
        NoSuchCaseError: No such case.
    """
    work = turn.work
    case = case_of(work, arguments.case_reference)
    runs = [run for run in work.runs.where(state=RunState.SEALED) if run.case == case.id]
    facts = {"report": "schedule", "justification": "criminal_proceedings"}
    turn.record(
        EventKind.REPORT_DISCLOSED,
        facts,
        committed={"recipient": arguments.recipient.strip() or turn.actor.id},
        case=case.id,
        key=case.key,
    )
    return tuple(_line(turn, item, run) for item, run in enumerate(runs, start=1))


def case_of(work: Work, reference: str) -> Case:
    """Give the case of a reference.

    Raises:
        NoSuchCaseError: No such case.
    """
    cases = work.cases.where(reference_digest=work.keys.keyed_digest("case", reference))
    if not cases:
        raise NoSuchCaseError("expected the reference of a case that is held, got another")
    return cases[0]


def _line(turn: Turn, item: int, run: SearchRun) -> ScheduleLine:
    work, request = turn.work, turn.work.requests.find(run.request)
    sealed = work.lists.find(run.id)
    numbers = (
        [work.exhibits.get(still.exhibit).number for still in work.probes.get(request.probe).stills] if request else []
    )
    return ScheduleLine(
        item=item,
        description="Retrospective face search; list, opinions and log entries held by the disclosure officer",
        searched_at=run.started_at,
        exhibits=", ".join(numbers) or "erased",
        collection=work.collections.get(run.collection).name,
        n_subjects=run.n_subjects,
        candidates=len(sealed.candidates) if sealed else 0,
        ended_as=request.state.replace("_", " ") if request else "erased",
        pack_sha256=turn.pack_sha256,
        entry=run.sealed_seq,
    )
