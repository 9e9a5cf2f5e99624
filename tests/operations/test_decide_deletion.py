from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.deletion import DeletionRequest
from countersign.governance.permission import Permission
from countersign.governance.register import LegalStatus
from countersign.operations.decide_deletion import DecideDeletion, decide_deletion
from countersign.operations.keep_register import keep_register
from tests.operations.scene import Scene, check_refused
from tests.operations.test_request_deletion import ask, status
from tests.operations.timed import pass_time

DECIDE = Permission.DELETION_DECIDE
EXCEPTIONAL = "A trial of co-defendants is listed for March, and the image is an exhibit in it."


@pytest.fixture
def asked(enrolled: Scene) -> tuple[Scene, DeletionRequest]:
    status(enrolled, LegalStatus.NFA)
    return enrolled, ask(enrolled)


def decide(scene: Scene, request: DeletionRequest, reason: str = "", who: str = "owner") -> DeletionRequest:
    arguments = DecideDeletion(request=request.id, refuse_because=reason)
    return scene.force.do(who, DECIDE, decide_deletion, arguments)


def test_a_request_is_granted_by_erasing_at_once(asked: tuple[Scene, DeletionRequest]):
    scene, request = asked
    assert decide(scene, request).state == "granted"
    with scene.reading() as work:
        assert not work.subjects.find(request.subject)


@pytest.mark.row("DSR-06")
def test_a_refusal_with_an_exceptional_reason_stops_the_clock(asked: tuple[Scene, DeletionRequest]):
    scene, request = asked
    assert decide(scene, request, EXCEPTIONAL).reason == EXCEPTIONAL
    assert dict(scene.last().facts) == {"outcome": "refused", "by": "person"}
    scene.clock.advance(timedelta(days=29))
    assert pass_time(scene, keep_register) == 0


@pytest.mark.row("DSR-06")
def test_a_refusal_without_a_reason_is_refused(asked: tuple[Scene, DeletionRequest]):
    scene, request = asked
    with check_refused(scene, DECIDE, "reasons_too_short"):
        decide(scene, request, "Policy.")


@pytest.mark.row("DSR-06")
def test_a_late_refusal_is_refused(asked: tuple[Scene, DeletionRequest]):
    scene, request = asked
    scene.clock.advance(timedelta(days=29))
    with check_refused(scene, DECIDE, "deletion_granted"):
        decide(scene, request, EXCEPTIONAL)


@pytest.mark.parametrize("reason", ["", EXCEPTIONAL])
def test_a_second_decision_is_refused(asked: tuple[Scene, DeletionRequest], reason: str):
    scene, request = asked
    decide(scene, request, EXCEPTIONAL)
    with check_refused(scene, DECIDE, "deletion_decided"):
        decide(scene, request, reason)


def test_a_refusal_by_whoever_took_the_request_in_is_refused(asked: tuple[Scene, DeletionRequest]):
    scene, request = asked
    with scene.altering() as work:
        work.deletions.replace(replace(request, registered_by=scene.person("owner").id))
    with check_refused(scene, DECIDE, "own_request"):
        decide(scene, request, EXCEPTIONAL)


def test_a_request_whose_records_are_gone_already_is_granted_all_the_same(asked: tuple[Scene, DeletionRequest]):
    scene, request = asked
    with scene.altering() as work:
        for record in work.records.where(subject=request.subject):
            work.records.replace(replace(record, status=LegalStatus.RESTRICTED))
    assert decide(scene, request).state == "granted"
    with scene.reading() as work:
        assert work.subjects.find(request.subject)


def test_people_who_own_no_register_are_refused(asked: tuple[Scene, DeletionRequest]):
    scene, request = asked
    with check_refused(scene, DECIDE, "not_permitted", spoke="policy"):
        decide(scene, request, who="operator")
