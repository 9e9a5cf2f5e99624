from dataclasses import replace
from datetime import date, timedelta

import pytest

from countersign.errors import NotFound
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.register import CustodyRecord, LegalStatus
from countersign.operations.keep_record import KeepRecord, keep_record
from tests.operations.scene import SOUGHT, START, Scene, check_refused

KEEP = Permission.RECORD_KEEP
TODAY = START.date()


@pytest.fixture
def unconvicted(enrolled: Scene) -> Scene:
    """The person sought was acquitted and is put up for erasure."""
    with enrolled.altering() as work:
        for record in work.records.where():
            if record.external_id.startswith(f"{SOUGHT}/"):
                work.records.replace(
                    replace(
                        record, status=LegalStatus.ACQUITTED, searchable=False, erase_due=TODAY + timedelta(days=30)
                    )
                )
    return enrolled


def keep(
    scene: Scene,
    *,
    subject: int = SOUGHT,
    until: date = TODAY + timedelta(days=90),
    reason: str = "Named in a live threat to a witness; reviewed monthly by the investigating officer.",
    who: str = "officer",
) -> CustodyRecord:
    arguments = KeepRecord(
        collection=scene.ids.collection,
        subject=str(subject),
        custody_record=f"{subject}/folder",
        until=until,
        reason=reason,
    )
    return scene.force.do(who, KEEP, keep_record, arguments)


@pytest.mark.row("REF-04")
def test_an_exception_is_recorded_and_the_record_stays_hidden(unconvicted: Scene):
    kept = keep(unconvicted)
    assert (kept.kept_until, kept.searchable) == (TODAY + timedelta(days=90), False)
    assert (unconvicted.last().kind, dict(unconvicted.last().facts)) == ("record.kept", {"days": 90})


@pytest.mark.row("REF-04")
@pytest.mark.parametrize("days", [0, 366])
def test_an_exception_without_an_end_in_reach_is_refused(unconvicted: Scene, days: int):
    with check_refused(unconvicted, KEEP, "exception_too_long"):
        keep(unconvicted, until=TODAY + timedelta(days=days))


def test_an_exception_for_a_convicted_person_is_refused(unconvicted: Scene):
    with check_refused(unconvicted, KEEP, "no_exception_needed"):
        keep(unconvicted, subject=3)


def test_an_exception_without_a_reason_is_refused(unconvicted: Scene):
    with check_refused(unconvicted, KEEP, "reasons_too_short"):
        keep(unconvicted, reason="As agreed.")


def test_a_record_that_is_not_held_is_refused(unconvicted: Scene):
    with check_refused(unconvicted, KEEP, "unknown_subject", family=NotFound):
        keep(unconvicted, subject=99)


@pytest.mark.row("REF-06")
def test_an_exception_for_a_child_by_an_inspector_is_refused(unconvicted: Scene):
    unconvicted.hire("inspector", Role.AUTHORISING_OFFICER, rank=Rank.INSPECTOR)
    with unconvicted.altering() as work:
        for record in work.records.where():
            work.records.replace(replace(record, date_of_birth=date(2010, 1, 1)))
    with check_refused(unconvicted, KEEP, "rank_too_low"):
        keep(unconvicted, who="inspector")


def test_people_who_authorise_nothing_are_refused(unconvicted: Scene):
    with check_refused(unconvicted, KEEP, "not_permitted", spoke="policy"):
        keep(unconvicted, who="owner")
