"""Run the one authorised search: two transactions, with the comparison between them (`decisions.md`).

1. ``search.started``, authorisation SPENT, run RUNNING: committed. Only then is anything compared, and the comparison
   first reads that committed entry.
2. ``search.sealed``, the sealed list, EXECUTED: committed. Only then can a list be read.

Dying before 1 is committed: nothing happened. Dying between 1 and 2: the run is found RUNNING, and its operator's next
``search run`` or ``search recover`` compares again under the same run id, or closes it with ``search.aborted``, which
returns the authorisation. Dying after 2: the list is there.
"""

from dataclasses import dataclass, replace

from countersign.errors import Conflict, CountersignError, IntegrityBroken, NotFound
from countersign.governance.anomalies import Block, SearchTrace
from countersign.governance.permission import Permission
from countersign.governance.request import Authorisation, AuthorisationState, SearchRequest
from countersign.governance.request_transitions import Event
from countersign.governance.verdict import require
from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.operations.anomaly_watch import AnomalyError, remember_list, trace_of, watch, without_new
from countersign.operations.edited_pictures import open_marked
from countersign.operations.keep_register import hide_lapsed
from countersign.operations.locate_faces import detection_of
from countersign.operations.new_run import RBI_CLASS, SCOPE, new_run, source_type
from countersign.operations.repeated_person import check_not_searched_before, known_probes
from countersign.operations.request_state import ENGINE, move, officers
from countersign.operations.search_conditions import operating_point, search_conditions
from countersign.operations.turn import Turn, Turns, operation_in_turns
from countersign.operations.work import Work
from countersign.primitives.arrays import Codes
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.ids import EntrySeq, RequestId, RunId
from countersign.search.candidates import list_candidates
from countersign.search.exact import ExactGallery
from countersign.search.probe import Candidate, RunState, SealedList, SearchRun


class NotAuthorisedError(NotFound):
    """No authorisation was ever given for this request."""

    code = "not_authorised"


class GalleryChangedError(Conflict):
    """The gallery changed after the search started; the search is given up and the authorisation returned."""

    code = "gallery_changed"


class ConditionsChangedError(Conflict):
    """Pack or extractor changed, or the authorisation lapsed, while a search was interrupted; it is given up."""

    code = "conditions_changed"


class GivenUpError(Conflict):
    """An administrator closed an interrupted search."""

    code = "given_up"


class RunEndedError(Conflict):
    """The run was ended meanwhile by somebody else."""

    code = "run_ended"


class NoStartedEntryError(IntegrityBroken):
    """The run has no committed entry: nothing may be compared."""

    code = "no_started_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSearch:
    """Which authorised request."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a comparison gave, before it is sealed."""

    probe_codes: Codes
    weight_sum: int
    candidates: tuple[Candidate, ...]


@operation_in_turns(Permission.SEARCH_RUN)
def run_search(turns: Turns, arguments: RunSearch) -> SearchRun:
    """Run the search of an authorised request, or go on with one that was interrupted.

    Raises:
        GuardError: The authorisation is spent, lapsed or for another probe; the programme, the imagery or the operator
            does not meet a condition.
    """
    with turns.look() as turn:
        running = turn.work.runs.where(request=arguments.request, state=RunState.RUNNING)
        for run in running:
            turn.check(
                require(
                    run.operator == turn.actor.id,
                    "other_operator",
                    "expected the operator who began the interrupted search, got another person",
                )
            )
    if running:
        return finish(turns, running[0].id)
    with turns.turn() as turn:
        started = _start(turn, turn.work.requests.get(arguments.request))
    # What tripped is committed by now, so that it stays; only then is this search refused.
    if isinstance(started, list):
        raise AnomalyError(started)
    return finish(turns, started.id)


def _start(turn: Turn, request: SearchRequest) -> SearchRun | list[Block]:
    work = turn.work
    granted = work.authorisations.where(request=request.id)
    if not granted:
        raise NotAuthorisedError("expected an authorised request, got one that no officer authorised")
    authorisation, probe = granted[-1], work.probes.get(request.probe)
    requesters = [one.requester for one in work.requests.where(case=request.case)]
    turn.demand(Permission.SEARCH_RUN, requesters=requesters, officers=officers(work, request.id))
    hide_lapsed(turn, request.collection)
    subjects = set(work.gallery.matrix(request.collection, turn.desk.engine.extractor)[1])
    turn.check(*search_conditions(turn, request, authorisation, probe, len(subjects)))
    trace = trace_of(turn, request, probe)
    blocks = watch(turn, trace)
    if blocks:
        facts = {"what": "search.blocked", "justification": request.form.purpose}
        turn.record(EventKind.RECORD_CONSULTED, facts, case=request.case, key=request.key)
        return blocks
    run = new_run(turn, request, authorisation, probe, len(subjects))
    return _lock(turn, replace(authorisation, state=AuthorisationState.SPENT), run, trace)


def _lock(turn: Turn, spent: Authorisation, run: SearchRun, trace: SearchTrace) -> SearchRun:
    work, request = turn.work, turn.work.requests.get(run.request)
    move(turn, request, Event.LOCK_PROBE)
    work.authorisations.replace(spent)
    entry = turn.record(
        EventKind.SEARCH_STARTED,
        {
            "request": request.id,
            "run": run.id,
            "gallery_seq": run.gallery_seq,
            "gallery_root": run.gallery_root,
            "n_subjects": run.n_subjects,
            "operating_point": run.operating_point,
            "threshold": run.threshold,
            "list_length": run.list_length,
            "age_hours": run.age_hours,
            "rbi_class": RBI_CLASS,
            "collection": run.collection,
            "source_type": source_type(work, request.probe),
            "scope": SCOPE,
        },
        committed={"probe": request.binding},
        case=run.case,
        key=request.key,
    )
    started = replace(run, started_seq=EntrySeq(entry.seq))
    work.runs.add(started)
    work.traces.add(replace(trace, id=run.id))
    return started


def finish(turns: Turns, run_id: RunId) -> SearchRun:
    """Compare and seal a RUNNING run, or give it up and return its authorisation."""
    try:
        found = _compare(turns, run_id)
        with turns.turn() as turn:
            return _seal(turn, run_id, found)
    except RunEndedError:
        raise
    except CountersignError as reason:
        with turns.turn() as turn:
            _abort(turn, run_id, reason)
        raise


def give_up(turns: Turns, run_id: RunId) -> None:
    """Abort a RUNNING run without comparing anything, and return its authorisation."""
    with turns.turn() as turn:
        _abort(turn, run_id, GivenUpError("expected its operator to finish it, got an administrator"))


def _running(turn: Turn, run_id: RunId) -> SearchRun:
    run = turn.work.runs.get(run_id)
    if run.state is not RunState.RUNNING:
        raise RunEndedError(f"expected a running search, got one that is {run.state}")
    return run


def _compare(turns: Turns, run_id: RunId) -> Found:
    """Compare probe and gallery. Reads the committed ``search.started`` entry first: no entry, no comparison."""
    desk = turns.desk
    with turns.look() as turn:
        work, run = turn.work, _running(turn, run_id)
        _check_started(turn, run)
        _check_gallery(work, run)
        request = work.requests.get(run.request)
        probe = work.probes.get(request.probe)
        point = operating_point(turn.pack, request.tier)
        marked = [(open_marked(work, still), detection_of(work.faces.get(still.face))) for still in probe.stills]
        codes, subjects = work.gallery.matrix(run.collection, run.extractor)
        known = known_probes(work, request)
    probe_codes = desk.engine.describe_probe(marked)
    check_not_searched_before(request, probe_codes, known, point)
    weights = [still.weight for still in probe.stills]
    gallery = ExactGallery(codes, subjects, threads=desk.threads)
    return Found(
        probe_codes=probe_codes,
        weight_sum=sum(weights),
        candidates=list_candidates(gallery, probe_codes, weights, point),
    )


def _check_gallery(work: Work, run: SearchRun) -> None:
    if work.gallery.version(run.collection) != (run.gallery_seq, run.gallery_root):
        raise GalleryChangedError("expected the gallery the search started on, got a later one")


def _check_started(turn: Turn, run: SearchRun) -> None:
    work = turn.work
    # Read to the end: a half-read cursor keeps its connection reading, and an erasure could not scrub the log file.
    entries = [Entry.from_bytes(data) for data in work.ledger.entry_bytes(run.started_seq, run.started_seq + 1)]
    started = [one for one in entries if one.kind is EventKind.SEARCH_STARTED and one.facts["run"] == run.id]
    if not started:
        raise NoStartedEntryError("expected a committed search.started entry of this run, got none")
    # A run that was interrupted goes on under the rules that its entry names, or not at all.
    rules = (started[0].pack, run.extractor, work.authorisations.get(run.authorisation).expires_at > turn.now)
    if rules != (turn.pack_sha256, turn.desk.engine.extractor, True):
        raise ConditionsChangedError("expected the pack, extractor and authorisation of the start, got others")


def _seal(turn: Turn, run_id: RunId, found: Found) -> SearchRun:
    work, run = turn.work, _running(turn, run_id)
    # The kill switch counts until the last moment: what a suspended programme found is discarded (GOV-13).
    turn.check(turn.in_use())
    # Nor does a list name anybody who was hidden or erased while it was compared.
    _check_gallery(work, run)
    found = replace(found, candidates=without_new(turn, run, found.candidates))
    request = move(turn, work.requests.get(run.request), Event.EXECUTE)
    if not found.candidates:
        request = move(turn, request, Event.FIND_NO_CANDIDATE, by=ENGINE)
    # A key of its own: a list goes when its time is over, the request that asked for it is still answered for.
    key = work.keys.create()
    entry = turn.record(
        EventKind.SEARCH_SEALED,
        {"run": run.id, "candidates": len(found.candidates), "weight_sum": found.weight_sum},
        committed={"list": found.candidates, "probe": probe_digest(found)},
        case=run.case,
        key=key,
    )
    sealed = replace(run, state=RunState.SEALED, sealed_seq=EntrySeq(entry.seq))
    work.lists.add(
        SealedList(
            id=run.id,
            case=run.case,
            key=key,
            entry_seq=EntrySeq(entry.seq),
            weight_sum=found.weight_sum,
            candidates=found.candidates,
            probe_codes=found.probe_codes.tobytes(),
        )
    )
    work.runs.replace(sealed)
    remember_list(turn, run, (candidate.subject for candidate in found.candidates))
    return sealed


def probe_digest(found: Found) -> Sha256:
    """Give the digest of the probe's templates."""
    return sha256(found.probe_codes.tobytes())


def _abort(turn: Turn, run_id: RunId, reason: CountersignError) -> None:
    work, run = turn.work, _running(turn, run_id)
    authorisation = work.authorisations.get(run.authorisation)
    event = Event.ABORT if authorisation.confirm_by is None else Event.ABORT_URGENT
    request = move(turn, work.requests.get(run.request), event, by=ENGINE)
    work.authorisations.replace(replace(authorisation, state=AuthorisationState.LIVE))
    work.runs.replace(replace(run, state=RunState.ABORTED))
    work.traces.remove(run.id)
    facts = {"run": run.id, "reason": reason.code}
    turn.record(EventKind.SEARCH_ABORTED, facts, case=run.case, key=request.key)
