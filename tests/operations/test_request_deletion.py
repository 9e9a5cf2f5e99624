from dataclasses import replace
from datetime import date, timedelta

import pytest

from countersign.errors import NotFound
from countersign.governance.deletion import DeletionRequest
from countersign.governance.permission import Permission
from countersign.governance.register import LegalStatus
from countersign.operations.keep_register import keep_register
from countersign.operations.request_deletion import RequestDeletion, request_deletion
from tests.operations.scene import SOUGHT, START, Scene, check_refused
from tests.operations.timed import pass_time

ASK = Permission.DELETION_REGISTER
TODAY = START.date()


def status(scene: Scene, status: LegalStatus) -> None:
    """Give the records of the person sought another status behind the operations' back."""
    with scene.altering() as work:
        for record in work.records.where():
            if record.external_id.startswith(f"{SOUGHT}/"):
                work.records.replace(replace(record, status=status))


def ask(scene: Scene, subject: int = SOUGHT, *, on: date = TODAY, who: str = "rights") -> DeletionRequest:
    arguments = RequestDeletion(collection=scene.ids.collection, subject=str(subject), received_on=on)
    return scene.force.do(who, ASK, request_deletion, arguments)


@pytest.mark.row("DSR-06")
def test_silence_grants_a_request_on_the_day_after_the_last_one(enrolled: Scene):
    status(enrolled, LegalStatus.UNDER_INVESTIGATION)
    request = ask(enrolled)
    assert request.due == START.date() + timedelta(days=28)
    enrolled.clock.advance(timedelta(days=28))
    assert pass_time(enrolled, keep_register) == 0

    enrolled.clock.advance(timedelta(days=1))
    assert pass_time(enrolled, keep_register) == 1

    decided, erased = enrolled.entries()[-2:]
    assert dict(decided.facts) == {"outcome": "granted", "by": "silence"}
    assert (erased.kind, erased.facts["rule"]) == ("record.erased", "request_granted")
    with enrolled.reading() as work:
        assert not work.subjects.find(request.subject)
        assert work.deletions.get(request.id).state == "granted"


@pytest.mark.row("DSR-06")
def test_a_request_names_nobody_in_the_log(enrolled: Scene):
    status(enrolled, LegalStatus.NFA)
    ask(enrolled)
    assert (enrolled.last().kind, dict(enrolled.last().facts)) == (
        "deletion.requested",
        {"collection": enrolled.ids.collection},
    )


def test_a_request_about_a_convicted_person_is_refused(enrolled: Scene):
    with check_refused(enrolled, ASK, "convicted_record"):
        ask(enrolled)


def test_a_request_about_nobody_is_refused(enrolled: Scene):
    with check_refused(enrolled, ASK, "unknown_subject", family=NotFound):
        ask(enrolled, 99)


def test_a_request_of_tomorrow_is_refused(enrolled: Scene):
    status(enrolled, LegalStatus.NFA)
    with check_refused(enrolled, ASK, "received_in_future"):
        ask(enrolled, on=START.date() + timedelta(days=1))


def test_people_who_handle_no_rights_are_refused(enrolled: Scene):
    with check_refused(enrolled, ASK, "not_permitted", spoke="policy"):
        ask(enrolled, who="operator")
