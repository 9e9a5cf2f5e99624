"""A run as it starts: everything that is fixed before anything is compared."""

from countersign.governance.request import Authorisation, SearchRequest
from countersign.governance.request_rules import age_hours
from countersign.operations.imagery_age import latest_captures
from countersign.operations.search_conditions import operating_point
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.ids import EntrySeq, ProbeId, RunId, new_id
from countersign.search.probe import Probe, RunState, SearchRun

NOT_SEALED = EntrySeq(-1)
RBI_CLASS = "post"
"""How the system classifies itself (LFR-11, AI Act Art 3(43)): after the event, never live."""
SCOPE = "one_case_one_person"


def source_type(work: Work, probe: ProbeId) -> str:
    """Give the kind of source that the stills of a probe come from; ``mixed`` when there are several."""
    kinds = {work.exhibits.get(still.exhibit).source_type for still in work.probes.get(probe).stills}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def new_run(
    turn: Turn, request: SearchRequest, authorisation: Authorisation, probe: Probe, n_subjects: int
) -> SearchRun:
    """Make the run of a search that starts now."""
    point = operating_point(turn.pack, request.tier)
    number, root = turn.work.gallery.version(request.collection)
    return SearchRun(
        id=RunId(new_id()),
        request=request.id,
        case=request.case,
        authorisation=authorisation.id,
        collection=request.collection,
        operator=turn.actor.id,
        state=RunState.RUNNING,
        operating_point=point.name,
        threshold=point.lowest,
        list_length=point.list_length,
        extractor=turn.desk.engine.extractor,
        gallery_seq=number,
        gallery_root=root,
        n_subjects=n_subjects,
        age_hours=age_hours(max(latest_captures(turn.work, probe)), turn.now),
        started_at=turn.now,
        started_seq=NOT_SEALED,
        sealed_seq=NOT_SEALED,
    )
