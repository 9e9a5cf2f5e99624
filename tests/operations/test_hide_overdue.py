from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.errors import Refused
from tests.operations.scene import SOUGHT, START, Scene


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
