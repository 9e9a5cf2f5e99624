from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.errors import Refused
from countersign.governance.register import LegalStatus
from countersign.operations.keep_register import keep_register
from tests.operations.scene import SOUGHT, START, Scene
from tests.operations.timed import pass_time


def overdue(scene: Scene, days: int) -> None:
    """Let the record of the person sought be due for review so many days after the start."""
    with scene.altering() as work:
        for record in work.records.where():
            if record.external_id.startswith(f"{SOUGHT}/"):
                work.records.replace(replace(record, review_due=(START + timedelta(days=days)).date()))


@pytest.mark.row("REF-05")
def test_whose_review_is_overdue_is_hidden_by_an_entry_before_anything_is_compared(authorised: Scene):
    overdue(authorised, -1)
    seq = len(authorised.entries())

    run = authorised.casework.search(authorised.ids.request)

    kinds = [entry.kind for entry in authorised.entries(seq)]
    assert kinds == ["record.status", "search.started", "search.sealed"]
    assert dict(authorised.entries(seq)[0].facts) == {"from": "convicted", "to": "review_overdue"}
    assert run.n_subjects == 2
    with authorised.reading() as work:
        assert work.lists.get(run.id).candidates == ()
        assert {record.status for record in work.records.where(searchable=False)} == {"review_overdue"}
        assert work.templates.where(searchable=True)
        assert not [one for one in work.templates.where(searchable=False) if one.searchable]


def test_on_its_review_date_a_record_is_still_searched(authorised: Scene):
    overdue(authorised, 0)
    run = authorised.casework.search(authorised.ids.request)
    with authorised.reading() as work:
        assert len(work.lists.get(run.id).candidates) == 1


def test_a_search_that_is_refused_hides_nobody(authorised: Scene):
    overdue(authorised, -1)
    with pytest.raises(Refused):
        authorised.casework.search(authorised.ids.request, "officer")
    with authorised.reading() as work:
        assert not work.records.where(searchable=False)


def changed(scene: Scene, **changes: object) -> None:
    """Change the record of the person sought behind the operations' back."""
    with scene.altering() as work:
        for record in work.records.where():
            if record.external_id.startswith(f"{SOUGHT}/"):
                work.records.replace(replace(record, **changes))  # type: ignore[arg-type]


def gallery(scene: Scene) -> int:
    with scene.reading() as work:
        return len(set(work.gallery.matrix(scene.ids.collection, scene.engine.extractor)[1]))


@pytest.mark.row("REF-03")
@pytest.mark.parametrize(("days", "left"), [(30, 3), (31, 2)])
def test_whose_status_is_stale_is_hidden_before_anything_is_compared(authorised: Scene, days: int, left: int):
    changed(authorised, status_checked_at=START - timedelta(days=days))

    run = authorised.casework.search(authorised.ids.request)

    assert run.n_subjects == left
    with authorised.reading() as work:
        hidden = work.records.where(searchable=False)
    assert [record.status for record in hidden] == ["unknown"] * (3 - left)


@pytest.mark.row("REF-04", "REF-15", "RET-02")
def test_nobody_without_a_conviction_is_kept_beyond_their_day(enrolled: Scene):
    changed(enrolled, status=LegalStatus.NFA, searchable=False, erase_due=START.date() + timedelta(days=5))
    enrolled.clock.advance(timedelta(days=4))
    assert pass_time(enrolled, keep_register) == 0

    enrolled.clock.advance(timedelta(days=1))
    assert pass_time(enrolled, keep_register) == 1

    assert (enrolled.last().kind, enrolled.last().facts["rule"]) == ("record.erased", "not_convicted")
    assert gallery(enrolled) == 2
    with enrolled.reading() as work:
        assert str(SOUGHT) not in [subject.external_id for subject in work.subjects.where()]


@pytest.mark.row("REF-04")
def test_a_signed_exception_puts_the_erasure_off_to_its_own_last_day(enrolled: Scene):
    due = START.date()
    changed(enrolled, status=LegalStatus.NFA, searchable=False, erase_due=due, kept_until=due + timedelta(days=9))
    enrolled.clock.advance(timedelta(days=9))
    assert pass_time(enrolled, keep_register) == 0

    enrolled.clock.advance(timedelta(days=1))
    assert pass_time(enrolled, keep_register) == 1


@pytest.mark.row("REF-13")
def test_an_addition_is_shown_once_it_has_waited(enrolled: Scene):
    with enrolled.altering() as work:
        for record in work.records.where():
            if record.external_id.startswith(f"{SOUGHT}/"):
                work.records.replace(replace(record, searchable=False, listed_from=START + timedelta(hours=24)))
                for template in work.templates.where(record=record.id):
                    work.templates.replace(replace(template, searchable=False))
    enrolled.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    assert (pass_time(enrolled, keep_register), gallery(enrolled)) == (0, 2)

    enrolled.clock.advance(timedelta(seconds=1))
    assert (pass_time(enrolled, keep_register), gallery(enrolled)) == (1, 3)
    assert enrolled.last().kind == "record.status"


def test_time_shows_nobody_who_may_not_be_listed(enrolled: Scene):
    changed(enrolled, status=LegalStatus.UNKNOWN, searchable=False)
    assert pass_time(enrolled, keep_register) == 0
