import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.monitoring import ERROR, RATIO, Stages, drifted, evidence


def of(leads: int, disproved: int) -> Stages:
    return Stages(probes=leads, listed=leads, leads=leads, disproved=disproved)


@pytest.mark.row("EQV-07")
@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ({"white": of(80, 1), "black": of(20, 1)}, "allowed"),
        ({"white": of(80, 0), "black": of(20, 4)}, "allowed"),
        ({"white": of(80, 0), "black": of(20, 5)}, "group_drift"),
        ({"white": of(80, 10), "black": of(20, 3)}, "allowed"),
        ({"white": of(80, 0), "unknown": of(20, 9)}, "allowed"),
        ({"white": of(0, 0)}, "allowed"),
        ({}, "allowed"),
    ],
)
def test_use_stops_once_wrong_leads_fall_on_a_group_more_often_than_chance_allows(groups: dict[str, Stages], code: str):
    verdict = drifted({"self_defined": groups})

    assert verdict.code == code
    assert verdict.allowed or "self_defined black" in verdict.reason


def test_one_group_alone_can_be_wronged_no_more_than_everybody():
    assert evidence(9, 0, 1.0) == pytest.approx(1.0)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 0.99))
def test_one_more_wrong_lead_within_the_group_speaks_for_a_difference_and_one_elsewhere_against(
    here: int, elsewhere: int, share: float
):
    before = evidence(here, elsewhere, share)
    assert evidence(here + 1, elsewhere, share) > before > evidence(here, elsewhere + 1, share)


@given(st.floats(0.01, 0.99))
def test_evidence_is_a_fair_game_where_groups_do_not_differ(share: float):
    assert share * evidence(1, 0, share) + (1 - share) * evidence(0, 1, share) == pytest.approx(1.0)


@pytest.mark.row("EQV-07")
def test_drift_is_found_and_equality_seldom_taken_for_it():
    """Simulated: 300 leads, a tenth wrong; a fifth of them to a group, wronged equally or three times as often."""
    assert (RATIO, ERROR) == (3.0, 0.05)
    chance = random.Random(7)  # noqa: S311  a simulation
    stopped = {1.0: 0, 3.0: 0}
    for ratio in stopped:
        for _ in range(60):
            counts = {"black": [0, 0], "white": [0, 0]}
            found = False
            for _ in range(300):
                group = "black" if chance.random() < 0.2 else "white"
                counts[group][0] += 1
                counts[group][1] += chance.random() < (0.1 * ratio if group == "black" else 0.1)
                found = found or not drifted({"sex": {name: of(*one) for name, one in counts.items()}}).allowed
            stopped[ratio] += found
    assert stopped[1.0] <= 6
    assert stopped[3.0] >= 40
