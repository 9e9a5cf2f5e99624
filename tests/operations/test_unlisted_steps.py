"""Every operation that moves a request is refused in every state whose row does not list it, and the log says so."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from countersign.cli.demonstration.casework import AGAINST, NECESSITY, PROPORTIONALITY
from countersign.errors import CountersignError
from countersign.governance.closing import Benefit
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.governance.request_transitions import Event, doers
from countersign.operations.close_request import CloseRequest, close_request
from countersign.operations.disprove_lead import DisproveLead, disprove_lead
from countersign.operations.refuse_request import RefusalReason, RefuseRequest, refuse_request
from countersign.operations.return_request import ReturnReason, ReturnRequest, return_request
from countersign.operations.withdraw_request import WithdrawalReason, WithdrawRequest, withdraw_request
from countersign.outcome.lead import Cause, OutcomeCode
from tests.operations.asking import authorise_at_once, refer
from tests.operations.comparing import compare
from tests.operations.scene import Scene

CAST = ("requester", "officer", "operator", "examiner", "third")
LONG = bool(os.environ.get("COUNTERSIGN_LONG"))


@dataclass(frozen=True)
class Step:
    """What one kind of person does to the scene's request."""

    permission: Permission
    event: Event
    who: str
    run: Callable[[Scene, str], object]


def _withdraw(scene: Scene, who: str) -> object:
    arguments = WithdrawRequest(request=scene.ids.request, reason=WithdrawalReason.NOT_NEEDED)
    return scene.force.do(who, Permission.REQUEST_WITHDRAW, withdraw_request, arguments)


def _refuse(scene: Scene, who: str) -> object:
    arguments = RefuseRequest(
        request=scene.ids.request, reason=RefusalReason.NOT_NECESSARY, explanation=NECESSITY + PROPORTIONALITY
    )
    return scene.force.do(who, Permission.REQUEST_REFUSE, refuse_request, arguments)


def _return(scene: Scene, who: str) -> object:
    arguments = ReturnRequest(request=scene.ids.request, reason=ReturnReason.UNCLEAR, explanation=NECESSITY)
    return scene.force.do(who, Permission.REQUEST_RETURN, return_request, arguments)


def _close(scene: Scene, who: str) -> object:
    arguments = CloseRequest(request=scene.ids.request, benefit=Benefit.NONE, still_necessary=True, lesson=NECESSITY)
    return scene.force.do(who, Permission.REQUEST_CLOSE, close_request, arguments)


def _disprove(scene: Scene, who: str) -> object:
    arguments = DisproveLead(lead=scene.ids.lead, cause=Cause.SIMILAR_PERSON, correction=AGAINST)
    return scene.force.do(who, Permission.LEAD_DISPROVE, disprove_lead, arguments)


def _as(scene: Scene, duty: str, who: str, run: Callable[[], object]) -> object:
    """Let a person do what the scripted casework has another one do."""
    kept = scene.keys[duty]
    scene.keys[duty] = scene.keys[who]
    try:
        return run()
    finally:
        scene.keys[duty] = kept


STEPS = {
    "submit": Step(
        Permission.REQUEST_SUBMIT,
        Event.SUBMIT,
        "requester",
        lambda scene, who: _as(scene, "requester", who, lambda: scene.casework.submit(scene.ids.request)),
    ),
    "authorise": Step(
        Permission.REQUEST_AUTHORISE,
        Event.AUTHORISE,
        "officer",
        lambda scene, who: scene.casework.authorise(scene.ids.request, who),
    ),
    "authorise urgently": Step(
        Permission.REQUEST_AUTHORISE,
        Event.AUTHORISE_URGENTLY,
        "officer",
        lambda scene, who: authorise_at_once(scene, scene.ids.request, who),
    ),
    "refer": Step(
        Permission.REQUEST_REFER,
        Event.REFER_EXTERNALLY,
        "officer",
        lambda scene, who: refer(scene, scene.ids.request, who),
    ),
    "refuse": Step(Permission.REQUEST_REFUSE, Event.REFUSE, "officer", _refuse),
    "return": Step(Permission.REQUEST_RETURN, Event.RETURN, "officer", _return),
    "withdraw": Step(Permission.REQUEST_WITHDRAW, Event.WITHDRAW, "requester", _withdraw),
    "search": Step(
        Permission.SEARCH_RUN,
        Event.LOCK_PROBE,
        "operator",
        lambda scene, who: scene.casework.search(scene.ids.request, who),
    ),
    "compare": Step(
        Permission.COMPARISON_RUN,
        Event.LOCK_PROBE,
        "operator",
        lambda scene, who: compare(scene, scene.ids.request, who),
    ),
    "open the first review": Step(
        Permission.REVIEW_OPEN,
        Event.OPEN_REVIEW,
        "operator",
        lambda scene, who: scene.casework.open(scene.ids.request, who),
    ),
    "release": Step(
        Permission.LEAD_RELEASE,
        Event.RELEASE,
        "operator",
        lambda scene, who: _as(scene, "operator", who, lambda: scene.casework.release(scene.ids.lead)),
    ),
    "record the outcome": Step(
        Permission.LEAD_OUTCOME,
        Event.CORROBORATE,
        "requester",
        lambda scene, who: _as(
            scene,
            "requester",
            who,
            lambda: scene.casework.outcome(scene.ids.lead, OutcomeCode.ELIMINATED, evidence=False),
        ),
    ),
    "disprove": Step(Permission.LEAD_DISPROVE, Event.DISPROVE, "requester", _disprove),
    "close": Step(Permission.REQUEST_CLOSE, Event.CLOSE, "officer", _close),
}


def put_into(scene: Scene, state: RequestState) -> None:
    """Move the request behind the operations' back."""
    with scene.altering() as work:
        work.requests.replace(replace(work.requests.get(scene.ids.request), state=state))


def listed(scene: Scene, state: RequestState, step: Step, who: str) -> bool:
    if step.event is Event.CLOSE:  # the officer looks back and the engine closes
        return bool(doers(state, Event.CLOSE))
    return bool(doers(state, step.event) & set(scene.person(who).roles))


def tried(place: int, state: RequestState) -> bool:
    """Say whether a plain run tries this step in this state: a ninth of all, another one for each step."""
    return LONG or (list(RequestState).index(state) + place) % 9 == 0


@pytest.mark.long
@pytest.mark.row("LOG-02")
def test_whatever_the_table_does_not_list_is_refused_changes_nothing_and_is_recorded_as_denied(supported: Scene):
    refused = 0
    places = [
        (step, state) for place, step in enumerate(STEPS.values()) for state in RequestState if tried(place, state)
    ]
    for step, state in places:
        put_into(supported, state)
        for who in CAST if LONG else (step.who,):
            if not listed(supported, state, step, who):
                check_denied(supported, step, who)
                refused += 1
    assert refused > (1_500 if LONG else 30)


def check_denied(scene: Scene, step: Step, who: str) -> None:
    """Check that the step is refused, with one entry more in the log and nothing else changed."""
    before, seq = scene.state(), len(scene.entries())
    with pytest.raises(CountersignError):
        step.run(scene, who)
    (entry,) = scene.entries(seq)
    assert (entry.kind, entry.facts["operation"]) == ("denied", step.permission), step.event
    assert scene.state() == before
