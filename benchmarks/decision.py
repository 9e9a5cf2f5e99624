"""An officer's decision (policy and every guard) with 10,000 live requests and 1,000 people, against a bare Cedar call.

Ours is what `authorise_request` asks before it writes anything: a transaction of its own, the rows of request,
requester, collection, probe and exhibits, the pack, the programme's documents, Cedar twice, all guards, the transition.
The peer is one call of cedarpy as its documentation shows it, policies and schema as text: what Cedar alone costs.
Processor times are told beside the times by the clock, since other processes of the machine do not lengthen them.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import cedarpy
import numpy as np
from benchmarks.parts.report import report

from countersign.cli.demonstration.casework import NECESSITY, PROPORTIONALITY
from countersign.governance.actor import Person, Role
from countersign.governance.external import decided_inside
from countersign.governance.gate import demand, policy_text, resource
from countersign.governance.permission import Permission
from countersign.governance.request_transitions import Event, apply
from countersign.governance.signature import generate, public_hex
from countersign.operations.authorise_request import AuthoriseRequest
from countersign.operations.command import sign_command
from countersign.operations.officer_conditions import check_officer
from countersign.operations.turn import Turn
from countersign.primitives.ids import CaseId, PersonId, RequestId, new_id
from tests.operations.asking import submitted
from tests.operations.scene import Scene, Stage, Stages

REQUESTS, PEOPLE, DECISIONS, ROUNDS = 10_000, 1_000, 60, 7
BOUND_MS = 5.0
ASKED = Permission.REQUEST_AUTHORISE


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Stages(Path(folder)).open(Stage.MARKED, Path(folder) / "bench")
        try:
            measure(scene, populate(scene))
        finally:
            scene.close()


def populate(scene: Scene) -> list[RequestId]:
    """Copy one submitted request, its case and its requester into as many as a force has; give the requests' ids."""
    first = submitted(scene)
    with scene.altering() as work:
        request, asker = work.requests.get(first), scene.person("requester")
        case, officer = work.cases.get(request.case), scene.person("officer")
        keys = iter(work.keys.create_all(PEOPLE + 2 * REQUESTS))
        public = public_hex(generate())
        people = [
            replace(
                asker, id=PersonId(new_id()), key=next(keys), team=f"team {at % 50}", public_key=f"{at:08x}{public[8:]}"
            )
            for at in range(PEOPLE)
        ]
        ids = [(CaseId(new_id()), RequestId(new_id())) for _ in range(REQUESTS)]
        work.people.add_all(people)
        work.cases.add_all(replace(case, id=one, key=next(keys), reference_digest=one) for one, _ in ids)
        work.requests.add_all(
            replace(
                request,
                id=one,
                case=of,
                key=next(keys),
                requester=people[at % PEOPLE].id,
                considered_by=(officer.id,),
            )
            for at, (of, one) in enumerate(ids)
        )
    return [one for _, one in ids]


def decide(scene: Scene, officer: Person, request: RequestId) -> None:
    """Ask everything that `authorise_request` asks, and write nothing."""
    arguments = AuthoriseRequest(request=request, necessity=NECESSITY, proportionality=PROPORTIONALITY)
    command = sign_command(ASKED, arguments, scene.keys["officer"], scene.clock)
    started, processor = time.perf_counter(), time.process_time()
    with scene.desk.archive.read() as work:
        turn = Turn(work=work, desk=scene.desk, command=command, actor=officer, now=scene.clock.now())
        demand(officer, ASKED, resource(ASKED))
        found = work.requests.get(request)
        check_officer(turn, found, ASKED, NECESSITY, PROPORTIONALITY)
        turn.check(decided_inside(found))
        apply(found.state, Event.AUTHORISE, officer.roles)
    TIMES.append(1000 * (time.perf_counter() - started))
    PROCESSOR.append(1000 * (time.process_time() - processor))


TIMES: list[float] = []
PROCESSOR: list[float] = []


def bare_cedar(officer: Person) -> Callable[[], None]:
    """Give one question to cedarpy alone, as its documentation asks it."""
    policies, schema = policy_text("cedar"), policy_text("cedarschema")
    question = {
        "principal": f'Person::"{officer.id}"',
        "action": f'Action::"{ASKED}"',
        "resource": 'Casework::"one"',
        "context": {},
    }
    entities: list[dict[str, object]] = [
        {
            "uid": {"type": "Person", "id": officer.id},
            "attrs": {"roles": [Role.AUTHORISING_OFFICER.value], "organisation": officer.organisation},
            "parents": [],
        },
        {"uid": {"type": "Casework", "id": "one"}, "attrs": {"requesters": [], "officers": []}, "parents": []},
    ]

    def ask() -> None:
        assert cedarpy.is_authorized(question, policies, entities, schema=schema).allowed

    return ask


def measure(scene: Scene, requests: Sequence[RequestId]) -> None:
    """Take turns, so that a busy moment of the machine meets both."""
    rng, officer = np.random.default_rng(20261125), scene.person("officer")
    ask = bare_cedar(officer)
    decide(scene, officer, requests[0])
    ask()
    TIMES.clear()
    PROCESSOR.clear()
    peer: list[float] = []
    rounds: list[float] = []
    for _ in range(ROUNDS):
        before = len(TIMES)
        for request in rng.choice(np.array(requests), DECISIONS, replace=False).tolist():
            decide(scene, officer, request)
            started = time.perf_counter()
            ask()
            peer.append(1000 * (time.perf_counter() - started))
        rounds.append(statistics.median(peer[before:]) / statistics.median(TIMES[before:]))
    report(
        Path(__file__).stem,
        {
            "ours": round(p95(TIMES), 3),
            "peer": round(p95(peer), 3),
            "unit": "ms, 95th percentile",
            "ratio": round(statistics.median(rounds), 3),
            "detail": {
                "ours": "policy twice and every guard of an officer's decision, all reads, its own transaction",
                "peer": f"one bare call of cedarpy {version('cedarpy')}, policies and schema as text",
                "requests": REQUESTS,
                "people": PEOPLE,
                "decisions": len(TIMES),
                "ours_median": round(statistics.median(TIMES), 3),
                "peer_median": round(statistics.median(peer), 3),
                "ours_processor": round(p95(PROCESSOR), 3),
                "bound": BOUND_MS,
                "within_bound": p95(TIMES) <= BOUND_MS,
                "within_bound_by_processor_time": p95(PROCESSOR) <= BOUND_MS,
                "load_1_min": round(os.getloadavg()[0], 1),
            },
        },
    )


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
