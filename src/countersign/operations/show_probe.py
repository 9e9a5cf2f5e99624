"""Show the probe of a request: each still with the marked face, every other face masked; who looks is recorded."""

from dataclasses import dataclass

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.list_requests import concerns
from countersign.operations.probe_pictures import probe_pictures
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId

SEE_FACES = frozenset({Role.REQUESTER, Role.AUTHORISING_OFFICER, Role.OPERATOR, Role.EXAMINER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProbe:
    """Of which request."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStill:
    """One still, PNG."""

    exhibit_number: str
    data: bytes


@operation(Permission.CASE_READ)
def show_probe(turn: Turn, arguments: ShowProbe) -> tuple[ShownStill, ...]:
    """Show the stills of a probe to whoever has a part in its request.

    Raises:
        GuardError: Somebody for whom the request neither waits nor who took part in it, or a role without faces.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    turn.check(
        require(
            concerns(work, request, turn.actor) and bool(SEE_FACES & set(turn.actor.roles)),
            "not_party",
            "expected somebody who has a part in this request, got another person",
        )
    )
    probe = work.probes.get(request.probe)
    facts = {"what": "request.probe", "justification": request.form.purpose}
    turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
    numbers = [work.exhibits.get(still.exhibit).number for still in probe.stills]
    return tuple(
        ShownStill(exhibit_number=number, data=data)
        for number, data in zip(numbers, probe_pictures(work, probe), strict=True)
    )
