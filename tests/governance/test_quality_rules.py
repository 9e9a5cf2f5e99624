"""A still that shows too little is refused by the component that it lacks; one that shows little needs a note."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.quality_rules import CODE_FLOORS, QualityFloors, good_enough, note_given

FLOORS = QualityFloors(hard={"inter_eye_distance": 10, "unified": 40}, soft={"unified": 70, "sharpness": 30})
GOOD = {"inter_eye_distance": 30.0, "unified": 80.0, "sharpness": 50.0}


@pytest.mark.row("PRB-05")
def test_a_still_at_every_floor_is_good_enough():
    assert good_enough({"inter_eye_distance": 10, "unified": 40}, FLOORS).allowed
    assert note_given(GOOD, FLOORS, "", 10).allowed


@pytest.mark.row("PRB-05")
@pytest.mark.parametrize("component", ["inter_eye_distance", "unified"])
def test_the_refusal_names_the_component_that_is_too_low(component: str):
    verdict = good_enough({**GOOD, component: 9.9}, FLOORS)

    assert (verdict.allowed, verdict.code) == (False, "quality_floor")
    assert component in verdict.reason
    assert "got 9.9" in verdict.reason


def test_what_was_never_measured_is_not_good_enough():
    verdict = good_enough({"inter_eye_distance": 30.0}, FLOORS)

    assert "unified of at least 40 of 100, got no measure" in verdict.reason


@pytest.mark.row("PRB-06")
def test_no_pack_goes_below_the_floor_in_code():
    assert not good_enough({"inter_eye_distance": CODE_FLOORS["inter_eye_distance"] - 0.1}, QualityFloors()).allowed


@pytest.mark.row("PRB-05")
@given(better=st.floats(0, 100), worse=st.floats(0, 100))
def test_refusals_are_monotone(better: float, worse: float):
    better, worse = max(better, worse), min(better, worse)

    def accepted(score: float) -> bool:
        return good_enough({**GOOD, "unified": score}, FLOORS).allowed

    assert accepted(better) >= accepted(worse)


@pytest.mark.row("PRB-05")
@pytest.mark.parametrize(("note", "allowed"), [("", False), (" too short ", False), ("the only still there is", True)])
def test_a_still_below_a_soft_floor_needs_a_note(note: str, *, allowed: bool):
    verdict = note_given({**GOOD, "unified": 60, "sharpness": 20}, FLOORS, note, 10)

    assert verdict.allowed == allowed
    assert allowed or "low unified, sharpness" in verdict.reason
