"""Make the one authorised comparison: a probe against one named person's image; no gallery is read (practice P-05).

One transaction: authorisation SPENT, the comparison, ``comparison.made`` and the sealed list of one are committed
together. Dying before that leaves the authorisation as it was, and nothing that could be read. The probe's templates
are made before it, outside of any transaction, and are held against nothing until then.

No score decides what is shown: the image goes to two examiners, who do not see the score, as every candidate does.
"""

from dataclasses import dataclass, replace

import numpy as np

from countersign.governance.anomalies import Block
from countersign.governance.one_to_one_rules import comparable
from countersign.governance.permission import Permission
from countersign.governance.request import Authorisation, AuthorisationState, SearchRequest
from countersign.governance.request_rules import age_hours
from countersign.governance.request_transitions import Event
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.anomaly_watch import AnomalyError, remember_list, trace_of, watch
from countersign.operations.edited_pictures import open_marked
from countersign.operations.imagery_age import latest_captures
from countersign.operations.locate_faces import detection_of
from countersign.operations.new_run import SCOPE, source_type
from countersign.operations.record_status import register_numbers
from countersign.operations.request_state import move, officers
from countersign.operations.run_search import NotAuthorisedError
from countersign.operations.search_conditions import comparison_conditions
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.primitives.arrays import Codes
from countersign.primitives.ids import EntrySeq, ImageId, RequestId, RunId, new_id
from countersign.search.fusion import fuse
from countersign.search.probe import ONE_TO_ONE, Candidate, Probe, RunState, SealedList, SearchRun
from countersign.templates.reference import ReferenceTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """Which authorised request."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """Everything that was found in order."""

    request: SearchRequest
    authorisation: Authorisation
    probe: Probe
    template: ReferenceTemplate


@operation_in_turns(Permission.COMPARISON_RUN)
def run_comparison(turns: Turns, arguments: RunComparison) -> SearchRun:
    """Make the comparison of an authorised request.

    Raises:
        NotAuthorisedError: No officer authorised it.
        GuardError: The authorisation is spent, lapsed or for something else; the image may not be compared any more;
            the programme, the imagery or the operator does not meet a condition.
    """
    with turns.look() as turn:
        ready = _ready(turn, arguments.request)
        stills = ready.probe.stills
        marked = [(open_marked(turn.work, one), detection_of(turn.work.faces.get(one.face))) for one in stills]
    codes = turns.desk.engine.describe_probe(marked)
    with turns.turn() as turn:
        made = _make(turn, _ready(turn, arguments.request), codes)
    # What tripped is committed by now, so that it stays; only then is this comparison refused.
    if isinstance(made, list):
        raise AnomalyError(made)
    return made


def _ready(turn: Turn, request_id: RequestId) -> _Ready:
    work, request = turn.work, turn.work.requests.get(request_id)
    granted = work.authorisations.where(request=request.id)
    if not granted:
        raise NotAuthorisedError("expected an authorised request, got one that no officer authorised")
    authorisation, probe = granted[-1], work.probes.get(request.probe)
    requesters = [one.requester for one in work.requests.where(case=request.case)]
    turn.demand(Permission.COMPARISON_RUN, requesters=requesters, officers=officers(work, request.id))
    turn.check(*comparison_conditions(turn, request, authorisation, probe))
    return _Ready(
        request=request, authorisation=authorisation, probe=probe, template=_template(turn, request.compared_with)
    )


def _template(turn: Turn, image: ImageId | None) -> ReferenceTemplate:
    """Give the template of the very image that was authorised, and of no other."""
    found = turn.work.templates.where(image=image or "", extractor=turn.desk.engine.extractor)
    turn.check(
        require(
            bool(found), "image_gone", "expected the image that was authorised, got none: erased, or of another network"
        ),
    )
    turn.check(comparable(turn.work.records.get(found[0].record), turn.now, register_numbers(turn)))
    return found[0]


def _make(turn: Turn, ready: _Ready, codes: Codes) -> SearchRun | list[Block]:
    work, request = turn.work, ready.request
    run_id = RunId(new_id())
    trace = trace_of(turn, request, ready.probe, run_id)
    blocks = watch(turn, trace)
    if blocks:
        facts = {"what": "comparison.blocked", "justification": request.form.purpose}
        turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
        return blocks
    move(turn, move(turn, request, Event.LOCK_PROBE), Event.EXECUTE)
    work.authorisations.replace(replace(ready.authorisation, state=AuthorisationState.SPENT))
    score, weight_sum = fused_score(codes, ready)
    candidate = Candidate(rank=1, subject=ready.template.subject, score=score)
    age = age_hours(max(latest_captures(work, ready.probe)), turn.now)
    key = work.keys.create()
    entry = turn.record(
        EventKind.COMPARISON_MADE,
        {
            "request": request.id,
            "run": run_id,
            "collection": request.collection,
            "age_hours": age,
            "source_type": source_type(work, request.probe),
            "scope": SCOPE,
            "weight_sum": weight_sum,
        },
        committed={"list": (candidate,), "probe": request.binding},
        case=request.case,
        key=key,
    )
    run = _run(turn, ready, run_id, EntrySeq(entry.seq), age)
    work.runs.add(run)
    work.lists.add(
        SealedList(
            id=run.id,
            case=run.case,
            key=key,
            entry_seq=run.sealed_seq,
            weight_sum=weight_sum,
            candidates=(candidate,),
            probe_codes=codes.tobytes(),
        )
    )
    work.traces.add(trace)
    remember_list(turn, run, [candidate.subject])
    return run


def fused_score(codes: Codes, ready: _Ready) -> tuple[int, int]:
    """Give (S, Σw): the fused comparison score of the probe's stills with the one image, and the sum of weights."""
    reference = np.frombuffer(ready.template.codes, dtype=np.int8).astype(np.int32)
    weights = [still.weight for still in ready.probe.stills]
    return int(fuse((codes.astype(np.int32) @ reference).reshape(-1, 1), weights)[0]), sum(weights)


def _run(turn: Turn, ready: _Ready, run: RunId, seq: EntrySeq, age: int) -> SearchRun:
    number, root = turn.work.gallery.version(ready.request.collection)
    return SearchRun(
        id=run,
        request=ready.request.id,
        case=ready.request.case,
        authorisation=ready.authorisation.id,
        collection=ready.request.collection,
        operator=turn.actor.id,
        state=RunState.SEALED,
        operating_point=ONE_TO_ONE,
        threshold=0,
        list_length=1,
        extractor=ready.template.extractor,
        gallery_seq=number,
        gallery_root=root,
        n_subjects=1,
        age_hours=age,
        started_at=turn.now,
        started_seq=seq,
        sealed_seq=seq,
    )
