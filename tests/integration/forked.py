"""Processes that act on an installation, and may be killed at a chosen step. Run as a module, it is their server.

A child is forked from a server that has everything loaded, runs no second thread and has nothing open, so no database
connection and no thread pool is ever shared. It counts its steps: calls and returns inside the product, and the calls
that make something durable. The latter, and those of a database commit, are its edges.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import faiss
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import countersign
from countersign.errors import CountersignError
from countersign.governance.anomalies import Block
from countersign.governance.permission import Permission
from countersign.governance.request import AuthorisationState, SearchRequest
from countersign.media.sandbox.decoder import insecurely_decode_in_process
from countersign.operations import enrol_references as enrolling
from countersign.operations import run_search as searching
from countersign.operations import scan_exhibit as scanning
from countersign.operations.recover_searches import RecoverSearches, recover_searches
from countersign.operations.run_search import Found
from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit
from countersign.operations.turn import Turn, Turns
from countersign.primitives.clock import SimulatedClock, SystemClock
from countersign.primitives.codec import from_plain
from countersign.primitives.ids import KeyId, RequestId, RunId
from countersign.search.probe import SealedList, SearchRun
from tests.operations.scene import START, Ids, Scene, Stage, Stages

PRODUCT = str(Path(countersign.__file__).parent)
DURABLE = (os.fsync, os.replace, os.rename, os.unlink)
APPENDS = 4
ENROLLED_AT_ONCE = 2
SCANNED_AT_ONCE_MS = 1000


@dataclass(frozen=True, kw_only=True)
class Job:
    """What one process does.

    Attributes:
        die_at_step: Number of the step, from 1, that it does not survive; 0 lives.
        die_at_edge: The same for edges alone.
        begun: POSIX time of the scene's start, for a clock that goes on from there; 0 for one that stands.
    """

    folder: str
    action: str
    ids: dict[str, str]
    request: str
    keys: dict[str, str]
    die_at_step: int = 0
    die_at_edge: int = 0
    begun: float = 0


@dataclass(frozen=True, kw_only=True)
class End:
    """How it ended: killed, or with a number of steps and edges and what a CountersignError said."""

    killed: bool
    steps: int = 0
    edges: int = 0
    family: int = 0
    code: str = ""
    message: str = ""

    @property
    def succeeded(self) -> bool:
        return not (self.killed or self.code)


class Ticking(SimulatedClock):
    """A clock that all processes share and that goes on from the scene's start."""

    def __init__(self, begun: float) -> None:
        super().__init__(START)
        self._begun = begun

    def now(self) -> datetime:
        return START.astimezone(UTC) + timedelta(seconds=SystemClock().now().timestamp() - self._begun)


class Steps:
    """Counts, and kills its own process at the step it was told."""

    def __init__(self, job: Job) -> None:
        self.steps = self.edges = 0
        self._job = job

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        durable = event in {"c_call", "c_return"} and argument in DURABLE
        inside = event in {"call", "return"} and code.co_filename.startswith(PRODUCT)
        if not (durable or inside):
            return
        self.steps += 1
        edge = durable or (code.co_name == "commit" and code.co_filename.endswith("apsw_dbapi.py"))
        self.edges += edge
        if self.steps == self._job.die_at_step or (edge and self.edges == self._job.die_at_edge):
            os.kill(os.getpid(), signal.SIGKILL)


def _search_with_list_before_entry(scene: Scene, request: RequestId) -> object:
    """Break the rule on purpose: the list is committed before, and apart from, its entry."""
    whole = searching._seal  # noqa: SLF001  what is broken on purpose lies inside

    def finish(turns: Turns, run_id: RunId) -> SearchRun:
        found = searching._compare(turns, run_id)  # noqa: SLF001
        with turns.desk.archive.begin() as work:
            run = work.runs.get(run_id)
            work.lists.add(sealed_list(run, work.requests.get(run.request).key, found))
            work.commit()
        with turns.turn() as turn:
            turn.work.lists.add = turn.work.lists.replace  # type: ignore[method-assign]
            return whole(turn, run_id, found)

    searching.finish = finish
    return scene.casework.search(request)


def sealed_list(run: SearchRun, key: KeyId, found: Found) -> SealedList:
    return SealedList(
        id=run.id,
        case=run.case,
        key=key,
        entry_seq=run.started_seq,
        weight_sum=found.weight_sum,
        candidates=found.candidates,
        probe_codes=found.probe_codes.tobytes(),
    )


def _search_that_spends_too_late(scene: Scene, request: RequestId) -> object:
    """Break the rule on purpose: the authorisation is spent after the start, in a transaction of its own."""
    start, finish = searching._start, searching.finish  # noqa: SLF001

    def start_unpaid(turn: Turn, request: SearchRequest) -> SearchRun | list[Block]:
        turn.work.authorisations.replace = lambda _row: None  # type: ignore[method-assign]
        return start(turn, request)

    def pay_and_finish(turns: Turns, run_id: RunId) -> SearchRun:
        with turns.desk.archive.begin() as work:
            (given,) = work.authorisations.where()
            work.authorisations.replace(replace(given, state=AuthorisationState.SPENT))
            work.commit()
        return finish(turns, run_id)

    searching._start, searching.finish = start_unpaid, pay_and_finish  # noqa: SLF001
    return scene.casework.search(request)


def _recover(scene: Scene, _request: RequestId) -> object:
    return scene.force.do("operator", Permission.SEARCH_RECOVER, recover_searches, RecoverSearches())


def _enrol(scene: Scene, _request: RequestId) -> object:
    """Enrol what lies in the scene's folder, two files a batch; decoding is not what is killed here."""
    insecurely_decode_in_process()
    enrolling.BATCH = ENROLLED_AT_ONCE
    return scene.force.enrol(scene.ids.collection, scene.folder / "pictures" / "references")


def _scan(scene: Scene, _request: RequestId) -> object:
    """Scan the scene's recording, a second at a time; decoding is not what is killed here."""
    insecurely_decode_in_process()
    scanning.SOFT_MS = SCANNED_AT_ONCE_MS
    with scene.reading() as work:
        (exhibit,) = work.exhibits.where()
    return scene.force.do("requester", Permission.EXHIBIT_SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit.id))


def _append(scene: Scene, request: RequestId) -> object:
    return [scene.casework.show(request) for _ in range(APPENDS)]


ACTIONS: Mapping[str, Callable[[Scene, RequestId], object]] = {
    "search": lambda scene, request: scene.casework.search(request),
    "search with the list before its entry": _search_with_list_before_entry,
    "search that spends too late": _search_that_spends_too_late,
    "recover": _recover,
    "authorise": lambda scene, request: scene.casework.authorise(request),
    "append": _append,
    "enrol": _enrol,
    "scan": _scan,
}


def _act(job: Job, wait: Callable[[], None]) -> End:
    keys = {name: Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)) for name, seed in job.keys.items()}
    clock = Ticking(job.begun) if job.begun else SimulatedClock(START)
    scene = Scene(folder=Path(job.folder), clock=clock, keys=keys, ids=from_plain(Ids, job.ids))
    steps = Steps(job)
    wait()
    sys.setprofile(steps)
    try:
        ACTIONS[job.action](scene, RequestId(job.request))
    except CountersignError as reason:
        sys.setprofile(None)
        return End(killed=False, family=reason.exit_code, code=reason.code, message=str(reason))
    sys.setprofile(None)
    return End(killed=False, steps=steps.steps, edges=steps.edges)


def _fork(job: Job, start: int, ready: int) -> tuple[int, int]:
    """Give the child's process id and the pipe on which it says how it ended."""
    answer, told = os.pipe()
    child = os.fork()
    if child:
        os.close(told)
        return child, answer

    def wait() -> None:
        os.write(ready, b".")
        os.read(start, 1)

    try:
        os.write(told, json.dumps(asdict(_act(job, wait))).encode())
    except BaseException:  # noqa: BLE001  the server's copy must end here, whatever happened
        traceback.print_exc()
        os.write(ready, b".")  # the others are not to wait for one that never came so far
        os._exit(1)
    os._exit(0)


def _run(jobs: Iterable[Job]) -> list[End]:
    """Let all of them begin at once, when each has opened its installation."""
    start, begin = os.pipe()
    waiting, ready = os.pipe()
    children = [_fork(job, start, ready) for job in jobs]
    for _ in children:
        os.read(waiting, 1)
    os.write(begin, b"." * len(children))
    ends = []
    for child, answer in children:
        with os.fdopen(answer, "rb") as stream:
            said = stream.read()
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        ends.append(End(killed=True) if killed else End(**json.loads(said or '{"killed": false, "code": "crashed"}')))
    for pipe in (start, begin, waiting, ready):
        os.close(pipe)
    return ends


class Forks:
    """Starts the server and asks it to run jobs."""

    def __init__(self) -> None:
        # One thread for every library: a thread would not be there after the fork, but its locks would.
        alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.forked"],
            cwd=Path(__file__).parents[2],
            env={**os.environ, **alone},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *jobs: Job) -> list[End]:
        server_in, server_out = self._server.stdin, self._server.stdout
        assert server_in is not None
        assert server_out is not None
        server_in.write(json.dumps([asdict(job) for job in jobs]) + "\n")
        server_in.flush()
        return [End(**end) for end in json.loads(server_out.readline())]

    def close(self) -> None:
        self._server.communicate()


def job(scene: Scene, action: str, **more: float) -> Job:
    """Make a job on a scene's installation, with its people's keys."""
    seeds = {name: key.private_bytes_raw().hex() for name, key in scene.keys.items()}
    plain = Job(folder=str(scene.folder), action=action, ids=asdict(scene.ids), request=scene.ids.request, keys=seeds)
    return replace(plain, **more)  # type: ignore[arg-type]


def warm_up() -> None:
    """Search once, so that no child has to load or compile anything; what it opened is closed before the first fork."""
    faiss.omp_set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        Stages(Path(folder, "stages")).open(Stage.SEALED, Path(folder, "scene")).close()
    gc.collect()


def serve() -> None:
    warm_up()
    for line in sys.stdin:
        ends = _run(Job(**plain) for plain in json.loads(line))
        sys.stdout.write(json.dumps([asdict(end) for end in ends]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
