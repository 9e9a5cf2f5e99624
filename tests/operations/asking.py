"""Steps between a draft and a search, for tests that need a request in a certain state."""

import tomllib
from dataclasses import replace
from datetime import datetime

from countersign.cli.demonstration.casework import FORM, NECESSITY, PROPORTIONALITY
from countersign.governance.external import ExternalDecision, sign_decision
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import shipped
from countersign.governance.programme import ArtefactType
from countersign.governance.register import CollectionClass
from countersign.governance.request import (
    AgeBand,
    Authorisation,
    RequestForm,
    SafeguardingGround,
    SearchRequest,
    SubjectCategory,
    Urgency,
    UseClass,
)
from countersign.governance.signature import generate, public_hex
from countersign.operations.authorise_urgently import AuthoriseUrgently, authorise_urgently
from countersign.operations.confirm_urgent import ConfirmUrgent, confirm_urgent
from countersign.operations.decide_externally import DecideExternally, decide_externally
from countersign.operations.refer_request import ReferRequest, refer_request
from countersign.operations.run_clock import ClockStep, RunClock, run_clock
from countersign.primitives.ids import RequestId
from tests.operations.scene import Scene

AUTHORITY = generate()
NAMED = replace(FORM, named_person="the man whom the shop assistant calls Kit")
CHILD = replace(
    FORM,
    offence_code="none",
    safeguarding_ground=SafeguardingGround.RISK,
    subject_category=SubjectCategory.MISSING,
    use_class=UseClass.SAFEGUARDING,
    age_band=AgeBand.UNDER_18,
    best_interests="The child was last seen with a stranger and is at risk.",
    objective_facts="",
    expected_benefit="",
)
"""The short form, for a missing child."""
URGENT = replace(FORM, urgency=Urgency.THREAT_TO_LIFE)


def submitted(scene: Scene, form: RequestForm = FORM) -> RequestId:
    """Draft, submit, and open as the officer what a decision rests on."""
    request = scene.casework.draft(scene.ids.probe, scene.ids.collection, form).id
    scene.casework.submit(request)
    scene.casework.consider(request)
    return request


def of_missing_people(scene: Scene) -> None:
    """Make the scene's collection one of missing people."""
    with scene.altering() as work:
        before = work.collections.get(scene.ids.collection)
        work.collections.replace(replace(before, collection_class=CollectionClass.MISSING))


def with_pack(scene: Scene, **changes: object) -> None:
    """Put a pack with changes in force."""
    scene.force.submit(ArtefactType.POLICY_PACK, {**tomllib.loads(shipped("test")), **changes})


def name_authority(scene: Scene) -> None:
    """Put a pack in force that names the external authority."""
    with_pack(scene, external_authority=public_hex(AUTHORITY))


def refer(scene: Scene, request: RequestId, who: str = "officer") -> Authorisation:
    """Refer to the authority."""
    arguments = ReferRequest(request=request, necessity=NECESSITY, proportionality=PROPORTIONALITY)
    return scene.force.do(who, Permission.REQUEST_REFER, refer_request, arguments)


def decision(scene: Scene, request: RequestId, *, granted: bool, at: datetime | None = None) -> ExternalDecision:
    """Decide as the authority."""
    with scene.reading() as work:
        binding = work.requests.get(request).binding
    return sign_decision(AUTHORITY, request, binding, at or scene.clock.now(), granted=granted)


def decide(scene: Scene, made: ExternalDecision, who: str = "officer") -> SearchRequest:
    """File a decision."""
    return scene.force.do(who, Permission.REQUEST_REFER, decide_externally, DecideExternally(decision=made))


def authorise_at_once(scene: Scene, request: RequestId, who: str = "officer") -> Authorisation:
    """Authorise urgently."""
    arguments = AuthoriseUrgently(request=request, necessity=NECESSITY, proportionality=PROPORTIONALITY)
    return scene.force.do(who, Permission.REQUEST_AUTHORISE, authorise_urgently, arguments)


def confirm(scene: Scene, request: RequestId, statement: str = NECESSITY, who: str = "officer") -> Authorisation:
    """Confirm an urgent decision."""
    return scene.force.do(
        who, Permission.REQUEST_CONFIRM, confirm_urgent, ConfirmUrgent(request=request, statement=statement)
    )


def tick(scene: Scene, who: str = "administrator") -> dict[str, int]:
    """Run the clock, and give how much each step did."""
    steps: list[ClockStep] = scene.force.do(who, Permission.CLOCK_RUN, run_clock, RunClock())
    return {step.step: step.done for step in steps}
