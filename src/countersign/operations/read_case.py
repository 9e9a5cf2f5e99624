"""Read what a case holds so far: its exhibits and how many faces were located in each. No picture, no face."""

from dataclasses import dataclass
from datetime import datetime

from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.media.exhibit import CaptureInterval, Medium, SourceType
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import CaseId, ExhibitId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCase:
    """By the force's own reference."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedExhibit:
    """One exhibit of the case."""

    id: ExhibitId
    number: str
    source_type: SourceType
    capture: CaptureInterval
    sealed_at: datetime
    width_px: int
    height_px: int
    faces: int
    medium: Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCase:
    """A case; without an id where nothing was sealed under its reference yet."""

    id: CaseId | None
    reference: str
    exhibits: tuple[ListedExhibit, ...]


@operation(Permission.CASE_READ)
def read_case(turn: Turn, arguments: ReadCase) -> ShownCase:
    """List the exhibits of a case that one takes part in, or say that there is no such case yet.

    Raises:
        GuardError: Somebody else's case.
    """
    work = turn.work
    found = work.cases.where(reference_digest=work.keys.keyed_digest("case", arguments.reference))
    facts = {"what": "case", "justification": "casework"}
    if not found:
        turn.record(EventKind.RECORD_CONSULTED, facts)
        return ShownCase(id=None, reference=arguments.reference, exhibits=())
    case = found[0]
    exhibits = work.exhibits.where(case=case.id)
    parties = {one.sealed_by for one in exhibits} | {one.requester for one in work.requests.where(case=case.id)}
    turn.check(
        require(turn.actor.id in parties, "not_party", "expected somebody who takes part in this case, got another")
    )
    turn.record(EventKind.RECORD_CONSULTED, facts, case=case.id, key=case.key)
    return ShownCase(
        id=case.id,
        reference=case.reference,
        exhibits=tuple(
            ListedExhibit(
                id=one.id,
                number=one.number,
                source_type=one.source_type,
                capture=one.capture,
                sealed_at=one.sealed_at,
                width_px=one.width_px,
                height_px=one.height_px,
                faces=len(work.faces.where(exhibit=one.id)),
                medium=one.medium,
            )
            for one in exhibits
        ),
    )
