from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.permission import Permission
from countersign.governance.programme import ArtefactType, ProgrammeState
from countersign.operations.audit_collection import AuditCollection, AuditedCollection, audit_collection
from countersign.operations.keep_programme import keep_programme
from tests.operations.scene import Scene, check_refused
from tests.operations.timed import pass_time

AUDIT = Permission.COLLECTION_AUDIT
CLEAN = AuditedCollection(records=3, wrongly_searchable=0, not_erased=0, templates_astray=0)


def audit(scene: Scene, who: str = "owner") -> AuditedCollection:
    return scene.force.do(who, AUDIT, audit_collection, AuditCollection(collection=scene.ids.collection))


@pytest.mark.row("REF-07")
def test_an_audit_counts_what_should_not_be_there_and_mends_nothing(enrolled: Scene):
    assert audit(enrolled, "dpo") == CLEAN
    today = enrolled.clock.now().date()
    with enrolled.altering() as work:
        first, second, _ = work.records.where()
        work.records.replace(replace(first, review_due=today - timedelta(days=1)))
        work.records.replace(replace(second, searchable=False, erase_due=today - timedelta(days=1)))
    before = enrolled.state()

    found = audit(enrolled)

    assert (found.records, found.wrongly_searchable, found.not_erased) == (3, 1, 1)
    assert found.templates_astray >= 1
    after = enrolled.state()
    assert {name for name in after if after[name] != before[name]} <= {"collection"}
    assert enrolled.last().kind == "collection.audited"


def test_what_is_due_today_is_not_late_yet(enrolled: Scene):
    with enrolled.altering() as work:
        record = work.records.where()[0]
        work.records.replace(replace(record, erase_due=enrolled.clock.now().date()))

    assert audit(enrolled) == CLEAN


@pytest.mark.row("REF-07")
def test_a_missed_audit_suspends_and_only_an_audit_lets_use_go_on(enrolled: Scene):
    enrolled.clock.advance(timedelta(days=184))
    with enrolled.altering() as work:
        for one in work.artefacts.where(current=True):
            work.artefacts.replace(replace(one, review_by=one.review_by + timedelta(days=900)))
        work.programmes.replace(replace(work.programmes.where()[0], pilot_since=enrolled.clock.now()))
    pass_time(enrolled, keep_programme)
    assert enrolled.last().facts["reason"] == "erasure_audit_overdue"

    enrolled.force.submit(ArtefactType.LIFT_DECISION, {"cause": "no audit", "mended": "it will be done"})
    with check_refused(enrolled, Permission.PROGRAMME_ADVANCE, "erasure_audit_overdue"):
        enrolled.force.advance(ProgrammeState.PILOT, "oversight")
    audit(enrolled)
    enrolled.force.advance(ProgrammeState.PILOT, "oversight")
    assert enrolled.last().facts["to"] == "pilot"


def test_an_audit_by_people_without_the_role_is_refused(enrolled: Scene):
    with check_refused(enrolled, AUDIT, "not_permitted", spoke="policy"):
        audit(enrolled, "operator")
