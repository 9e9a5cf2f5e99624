"""What must hold of searches and the log at any moment, whatever was killed, raced or out of room before."""

from collections.abc import Iterator

from countersign.governance.request import AuthorisationState, RequestState
from countersign.ledger.checkpoint import Checkpoint
from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.ledger.merkle import Frontier, leaf_hash, root_at
from countersign.ledger.note import Note
from countersign.operations.work import Work
from countersign.search.probe import RunState
from tests.operations.scene import Scene

Fact = str | int
SEARCHED = {RequestState.EXECUTED, RequestState.NO_CANDIDATE}


def broken_promises(scene: Scene) -> list[str]:
    """Give in words whatever does not hold of what is committed; nothing when all is well. It changes nothing."""
    with scene.reading() as work:
        data = list(work.ledger.entry_bytes(0, work.ledger.head()))
        entries = [Entry.from_bytes(line) for line in data]
        return [*_log(work, data, entries), *_runs(work, entries), *_lists(work, entries), *_authorisations(work)]


def _log(work: Work, data: list[bytes], entries: list[Entry]) -> Iterator[str]:
    if [entry.seq for entry in entries] != list(range(len(entries))):
        yield "the entries have gaps"
    times = [entry.at for entry in entries]
    if times != sorted(times):
        yield "time runs backwards"
    frontier, roots = Frontier(), {0: Frontier().root()}
    for line in data:
        frontier.append(leaf_hash(line))
        roots[frontier.size] = frontier.root()
    if root_at(work.ledger, len(data)) != frontier.root():
        yield "the stored root is not that of the entries"
    for note in work.ledger.checkpoints():
        checkpoint = Checkpoint.parse(Note.parse(note.encode()).text)
        if roots.get(checkpoint.size) != checkpoint.root:
            yield f"the checkpoint of size {checkpoint.size} is not that of the entries"


def _seqs(entries: list[Entry], kind: EventKind) -> dict[Fact, int]:
    """Give the place of each run's entry of a kind; of two the later, which no row can fit."""
    return {entry.facts["run"]: entry.seq for entry in entries if entry.kind is kind}


def _runs(work: Work, entries: list[Entry]) -> Iterator[str]:
    started, sealed, aborted = (
        _seqs(entries, kind) for kind in (EventKind.SEARCH_STARTED, EventKind.SEARCH_SEALED, EventKind.SEARCH_ABORTED)
    )
    runs = work.runs.where()
    if {run.id: run.started_seq for run in runs} != started:
        yield "runs and search.started entries differ"
    ended = {RunState.SEALED: set(sealed), RunState.ABORTED: set(aborted)}
    ended[RunState.RUNNING] = set(started) - set(sealed) - set(aborted)
    for state, ids in ended.items():
        if {run.id for run in runs if run.state is state} != ids:
            yield f"the runs that are {state} are not those of the log"
    for run in runs:
        request = work.requests.get(run.request)
        if run.state is RunState.RUNNING and request.state is not RequestState.PROBE_LOCKED:
            yield f"a search runs for a request that is {request.state}"
        if run.state is RunState.SEALED and request.state not in SEARCHED:
            yield f"a search is sealed for a request that is {request.state}"


def _lists(work: Work, entries: list[Entry]) -> Iterator[str]:
    sealed = _seqs(entries, EventKind.SEARCH_SEALED)
    if {found.id: found.entry_seq for found in work.lists.where()} != sealed:
        yield "sealed lists and search.sealed entries differ"
    if {run.id: run.sealed_seq for run in work.runs.where(state=RunState.SEALED)} != sealed:
        yield "sealed runs and search.sealed entries differ"
    if sum(entry.kind is EventKind.SEARCH_SEALED for entry in entries) != len(sealed):
        yield "a run was sealed twice"


def _authorisations(work: Work) -> Iterator[str]:
    used = [run.authorisation for run in work.runs.where() if run.state is not RunState.ABORTED]
    if len(used) != len(set(used)):
        yield "an authorisation bought two searches"
    spent = {given.id for given in work.authorisations.where(state=AuthorisationState.SPENT)}
    if spent != set(used):
        yield "the spent authorisations are not those that a search used"
