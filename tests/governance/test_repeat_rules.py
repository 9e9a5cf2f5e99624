from dataclasses import replace

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.governance.repeat_rules import (
    Earlier,
    Likeness,
    forced_kind,
    ground_given,
    near_copies,
    refusals_cited,
    same_person,
)
from countersign.governance.request import FurtherGround, RequestState, SearchKind
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.ids import RequestId

FILE, OTHER = sha256(b"file"), sha256(b"other")
BEFORE = Earlier(
    request=RequestId("before"),
    state=RequestState.NO_LEAD,
    exhibits=frozenset({FILE}),
    searched=True,
    lead_holds=False,
    lead_disproved=False,
    changed_since=False,
)
G = FurtherGround


@pytest.mark.row("AUT-12")
def test_a_refused_request_for_the_same_file_is_named_or_this_one_is_refused():
    refused = replace(BEFORE, state=RequestState.REFUSED, searched=False)

    assert refusals_cited(FORM, frozenset({FILE}), [refused]).code == "refusal_not_cited"
    assert refusals_cited(replace(FORM, earlier_requests=(RequestId("before"),)), frozenset({FILE}), [refused]).allowed
    assert refusals_cited(FORM, frozenset({OTHER}), [refused]).allowed
    assert refusals_cited(FORM, frozenset({FILE}), [BEFORE]).allowed


@pytest.mark.row("P-03", "LFR-06", "AUT-07")
@pytest.mark.parametrize(
    ("ground", "files", "changed", "code"),
    [
        (G.NONE, {FILE}, {}, "further_ground_missing"),
        (G.NONE, {OTHER}, {}, "allowed"),
        (G.NONE, {FILE}, {"searched": False}, "allowed"),
        (G.NEW_MATERIAL, {FILE}, {}, "further_ground_untrue"),
        (G.NEW_MATERIAL, {FILE, OTHER}, {}, "allowed"),
        (G.EARLIER_LEAD_DISPROVED, {FILE}, {}, "further_ground_untrue"),
        (G.EARLIER_LEAD_DISPROVED, {FILE}, {"lead_disproved": True}, "allowed"),
        (G.GALLERY_OR_NETWORK_CHANGED, {FILE}, {}, "further_ground_untrue"),
        (G.GALLERY_OR_NETWORK_CHANGED, {FILE}, {"changed_since": True}, "allowed"),
    ],
)
def test_the_same_person_is_searched_for_again_on_a_ground_that_is_true(
    ground: FurtherGround, files: set[Sha256], changed: dict[str, bool], code: str
):
    form, before = replace(FORM, further_ground=ground), replace(BEFORE, **changed)  # type: ignore[arg-type]

    assert ground_given(form, frozenset(files), [before]).code == code


@pytest.mark.row("AUT-10", "LFR-06")
def test_a_person_whom_a_released_lead_named_is_searched_for_as_a_named_one():
    holds = replace(BEFORE, lead_holds=True)
    said = replace(FORM, further_ground=G.NEW_MATERIAL)

    assert forced_kind(FORM, frozenset({FILE}), [holds], track=False) is SearchKind.TARGETED
    assert forced_kind(said, frozenset({OTHER}), [holds], track=False) is SearchKind.TARGETED
    assert forced_kind(FORM, frozenset({OTHER}), [holds], track=False) is SearchKind.INITIAL
    assert forced_kind(FORM, frozenset({FILE}), [BEFORE], track=False) is SearchKind.INITIAL
    assert forced_kind(FORM, frozenset({OTHER}), [], track=True) is SearchKind.TARGETED
    assert forced_kind(replace(FORM, named_person="Kit"), frozenset(), [], track=False) is SearchKind.TARGETED
    assert same_person(FORM, frozenset({FILE}), [holds]) == (holds,)


@pytest.mark.row("AUT-02")
def test_a_text_of_another_case_that_is_nearly_repeated_is_told_as_copied_and_one_of_the_same_case_as_shared():
    alike = replace(FORM, aim=FORM.aim.replace("fourth", "fifth"), why_this_face="Quite another face and reason.")
    others = [(RequestId("there"), alike), (RequestId("here"), alike)]

    found = near_copies(FORM, others, frozenset({RequestId("here")}))

    assert {one.field for one in found} == {
        *("aim", "objective_facts", "alternatives_tried", "collateral_intrusion", "expected_benefit"),
    }
    assert {(one.request, one.likeness) for one in found} == {
        ("there", Likeness.COPIED),
        ("here", Likeness.SHARED),
    }


def test_a_text_that_two_forms_leave_out_is_no_copy():
    short = replace(FORM, objective_facts="", expected_benefit="")
    found = near_copies(short, [(RequestId("there"), short)], frozenset())

    assert {one.field for one in found} == {"aim", "why_this_face", "alternatives_tried", "collateral_intrusion"}
