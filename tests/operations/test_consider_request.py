"""No decision before what it rests on was opened (AUT-17)."""

from dataclasses import replace

import pytest

from countersign.cli.demonstration.casework import FORM, NECESSITY, PROPORTIONALITY
from countersign.governance.permission import Permission
from countersign.governance.repeat_rules import Likeness
from countersign.governance.request import FurtherGround, SearchKind
from countersign.operations.authorise_request import AuthoriseRequest, authorise_request
from countersign.operations.consider_request import ConsiderRequest, consider_request
from countersign.operations.refuse_request import RefusalReason, RefuseRequest, refuse_request
from countersign.outcome.caveat import CAVEAT, PERFORMANCE_UNKNOWN
from countersign.primitives.ids import RequestId
from tests.operations.asking import CHILD, of_missing_people, submitted
from tests.operations.scene import Scene, check_refused


def authorise(scene: Scene, request: RequestId) -> None:
    arguments = AuthoriseRequest(request=request, necessity=NECESSITY, proportionality=PROPORTIONALITY)
    scene.force.do("officer", Permission.REQUEST_AUTHORISE, authorise_request, arguments)


@pytest.mark.row("AUT-17")
def test_a_decision_without_a_look_is_refused_and_with_one_is_taken(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    marked.casework.submit(request)
    with check_refused(marked, Permission.REQUEST_AUTHORISE, "basis_not_opened"):
        authorise(marked, request)

    basis = marked.casework.consider(request)
    assert basis.caveat == CAVEAT
    assert basis.quality[0].measures
    assert basis.evaluation.fpir.high
    assert (basis.refused_before, basis.searched_elsewhere, basis.copied) == ((), 0, ())
    assert dict(marked.last().facts) == {"what": "request.basis", "justification": "investigation"}
    authorise(marked, request)


@pytest.mark.row("P-10", "EQV-11")
def test_the_officer_reads_that_performance_is_unknown_for_a_child(marked: Scene):
    assert marked.casework.consider(submitted(marked)).performance_note == ""
    of_missing_people(marked)
    request = submitted(marked, replace(CHILD, further_ground=FurtherGround.NONE))

    assert marked.casework.consider(request).performance_note == PERFORMANCE_UNKNOWN


@pytest.mark.row("AUT-17")
def test_a_look_before_a_return_counts_for_nothing_afterwards(marked: Scene):
    request = submitted(marked)
    with marked.altering() as work:
        before = work.requests.get(request)
        work.requests.replace(replace(before, state="returned"))  # type: ignore[arg-type]
    marked.casework.submit(request)

    with check_refused(marked, Permission.REQUEST_AUTHORISE, "basis_not_opened"):
        authorise(marked, request)


@pytest.mark.row("AUT-12", "AUT-02")
def test_a_refused_request_is_shown_and_a_new_one_that_hides_it_is_refused(marked: Scene):
    first = submitted(marked)
    arguments = RefuseRequest(request=first, reason=RefusalReason.NOT_NECESSARY, explanation="Ask the neighbours.")
    marked.force.do("officer", Permission.REQUEST_REFUSE, refuse_request, arguments)
    silent = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    with check_refused(marked, Permission.REQUEST_SUBMIT, "refusal_not_cited"):
        marked.casework.submit(silent)

    honest = submitted(marked, replace(FORM, earlier_requests=(first,)))
    basis = marked.casework.consider(honest)
    assert basis.refused_before == (first,)
    assert {one.likeness for one in basis.copied if one.request == first} == {Likeness.SHARED}


def test_the_same_file_searched_in_another_case_is_shown(sealed: Scene):
    with sealed.altering() as work:
        (trace,) = work.traces.where()
        work.traces.replace(replace(trace, case="another"))  # type: ignore[arg-type]
    changed = replace(FORM, further_ground=FurtherGround.NONE)
    with sealed.altering() as work:
        work.runs.replace(replace(work.runs.where()[0], case="another"))  # type: ignore[arg-type]
        (run,) = work.runs.where()
        work.runs.replace(replace(run, request="another"))  # type: ignore[arg-type]
    request = submitted(sealed, changed)

    assert sealed.casework.consider(request).searched_elsewhere == 1


@pytest.mark.row("AUT-10")
def test_a_person_whom_a_lead_named_is_searched_for_again_as_a_named_one(supported: Scene):
    supported.casework.reconfirm(supported.ids.lead)
    supported.casework.release(supported.ids.lead)
    with supported.altering() as work:
        (run,) = work.runs.where()
        work.runs.replace(replace(run, extractor="older"))
    again = replace(FORM, further_ground=FurtherGround.GALLERY_OR_NETWORK_CHANGED)
    request = submitted(supported, again)

    with supported.reading() as work:
        assert work.requests.get(request).kind is SearchKind.TARGETED
    with check_refused(supported, Permission.REQUEST_AUTHORISE, "targeted_needs_authority"):
        authorise(supported, request)


@pytest.mark.row("P-03", "LFR-06")
def test_the_same_file_is_not_searched_again_without_a_ground(sealed: Scene):
    request = sealed.casework.draft(sealed.ids.probe, sealed.ids.collection).id
    with check_refused(sealed, Permission.REQUEST_SUBMIT, "further_ground_missing"):
        sealed.casework.submit(request)


def test_a_decided_request_is_refused_a_look_for_a_decision(authorised: Scene):
    with check_refused(authorised, Permission.REQUEST_CONSIDER, "request_not_submitted"):
        authorised.casework.consider(authorised.ids.request)


def test_an_operator_is_refused_the_basis_of_a_decision(marked: Scene):
    request = submitted(marked)
    with check_refused(marked, Permission.REQUEST_CONSIDER, "not_permitted", spoke="policy"):
        marked.force.do("operator", Permission.REQUEST_CONSIDER, consider_request, ConsiderRequest(request=request))
