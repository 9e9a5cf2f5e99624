"""What a case has asked before, as the rules on repetition need it."""

from countersign.governance.anomalies import moves_about
from countersign.governance.repeat_rules import Earlier
from countersign.governance.request import SearchKind, SearchRequest
from countersign.operations.anomaly_watch import numbers_of, trace_of
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.digest import Sha256
from countersign.primitives.ids import ProbeId
from countersign.search.probe import RunState


def exhibits_of(work: Work, probe: ProbeId) -> frozenset[Sha256]:
    """Give the digests of a probe's files."""
    return frozenset(still.exhibit_sha256 for still in work.probes.get(probe).stills)


def earlier_requests(turn: Turn, request: SearchRequest) -> list[Earlier]:
    """Give the other requests of the case, as far as they can still be read."""
    others = turn.work.requests.where(case=request.case)
    return [_earlier(turn, other) for other in others if other.id != request.id]


def _earlier(turn: Turn, other: SearchRequest) -> Earlier:
    work = turn.work
    runs = work.runs.where(request=other.id, state=RunState.SEALED)
    leads = [lead for lead in work.leads.where(request=other.id) if lead.released_at]
    now = (*work.gallery.version(other.collection), turn.desk.engine.extractor)
    return Earlier(
        request=other.id,
        state=other.state,
        exhibits=exhibits_of(work, other.probe),
        # A comparison searched for nobody; once its lead was released somebody has a name (P-05, AUT-10).
        searched=bool(runs) and (other.kind is not SearchKind.ONE_TO_ONE or bool(leads)),
        lead_holds=any(lead.disproved is None for lead in leads),
        lead_disproved=any(lead.disproved is not None for lead in leads),
        changed_since=any((run.gallery_seq, run.gallery_root, run.extractor) != now for run in runs),
    )


def is_track(turn: Turn, request: SearchRequest) -> bool:
    """Say whether this request goes on following somebody from place to place after a lead (rule A7)."""
    released = [lead.released_at for lead in turn.work.leads.where() if lead.case == request.case and lead.released_at]
    if not released:
        return False
    series = turn.work.traces.where(case=request.case)
    return moves_about(series, trace_of(turn, request, turn.work.probes.get(request.probe)), numbers_of(turn))
