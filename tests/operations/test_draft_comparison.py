from dataclasses import replace

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.register import LegalStatus
from countersign.governance.request import AgeBand, SearchKind, SubjectCategory, Tier, Urgency, UseClass
from countersign.operations.probe_binding import probe_binding
from countersign.operations.work import Work
from countersign.primitives.ids import ImageId, RequestId
from tests.operations.comparing import NAMED, authorised_comparison, compare, draft
from tests.operations.scene import SOUGHT, Scene, check_refused, everyone

DRAFT = Permission.COMPARISON_DRAFT


@pytest.mark.row("P-05")
def test_a_comparison_is_a_request_of_its_own_kind_and_of_a_lower_tier(marked: Scene):
    request = draft(marked)

    assert (request.kind, request.tier) == (SearchKind.ONE_TO_ONE, Tier.T1)
    assert marked.casework.draft(marked.ids.probe, marked.ids.collection, NAMED).tier is Tier.T2
    with marked.reading() as work:
        image = work.images.get(request.compared_with or "")
        probe = work.probes.get(request.probe)
        assert work.subjects.get(work.records.get(image.record).subject).external_id == str(SOUGHT)
    assert request.binding != probe_binding(probe, request.collection)
    assert request.binding == probe_binding(probe, request.collection, request.compared_with)


def test_everything_else_that_raises_a_tier_raises_a_comparisons(marked: Scene):
    assert draft(marked, form=replace(NAMED, urgency=Urgency.THREAT_TO_LIFE)).tier is Tier.T2
    child = replace(NAMED, age_band=AgeBand.UNDER_18, subject_category=SubjectCategory.VICTIM)
    assert draft(marked, form=replace(child, use_class=UseClass.SAFEGUARDING)).tier is Tier.T2


@pytest.mark.row("P-05")
def test_a_comparison_with_nobody_by_name_is_refused(marked: Scene):
    with check_refused(marked, DRAFT, "nobody_named"):
        draft(marked, form=FORM)


@pytest.mark.row("P-05")
def test_what_is_hidden_and_what_is_not_held_are_refused_alike(marked: Scene):
    with check_refused(marked, DRAFT, "no_comparable_image", family=NotFound) as never:
        draft(marked, 99)
    with marked.altering() as work:
        (record,) = [one for one in work.records.where() if one.external_id == f"{SOUGHT}/folder"]
        work.records.replace(replace(record, searchable=False, status=LegalStatus.NFA))
    with check_refused(marked, DRAFT, "no_comparable_image", family=NotFound) as hidden:
        draft(marked)
    assert str(never.value) == str(hidden.value)


@pytest.mark.row("P-05")
def test_a_fourth_person_for_the_same_exhibits_is_refused_as_a_search_by_hand(marked: Scene):
    for person in (3, 5, SOUGHT):
        request = draft(marked, person)
    assert draft(marked, 3).compared_with  # the same person again is no further one
    with marked.altering() as work:
        work.requests.add(replace(request, id=RequestId("r" * 32), compared_with=ImageId("i" * 32)))
        for one in work.requests.where():
            if one.compared_with == draft_image(work, 3):
                work.requests.remove(one.id)
    with check_refused(marked, DRAFT, "compared_with_many"):
        draft(marked, 3)


def draft_image(work: Work, person: int) -> ImageId:
    (record,) = [one for one in work.records.where() if one.external_id == f"{person}/folder"]
    return work.images.where(record=record.id)[0].id


def test_a_released_lead_of_a_comparison_names_the_person_for_the_next_search(marked: Scene):
    request = authorised_comparison(marked)
    compare(marked, request)
    for who in ("operator", "examiner"):
        marked.casework.review(request, who, everyone)
    lead = marked.casework.show(request).lead
    assert lead is not None
    searched = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    assert marked.casework.submit(searched).kind is SearchKind.INITIAL
    marked.casework.reconfirm(lead)
    marked.casework.release(lead)
    again = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    with check_refused(marked, Permission.REQUEST_SUBMIT, "further_ground_missing"):
        marked.casework.submit(again)


def test_whoever_is_no_requester_is_refused(marked: Scene):
    marked.keys["requester"] = marked.keys["officer"]
    with check_refused(marked, DRAFT, "not_permitted", spoke="policy"):
        draft(marked)
