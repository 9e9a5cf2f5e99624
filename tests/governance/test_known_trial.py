from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.governance.artefact_content import ContentError, JointTrial
from countersign.governance.known_trial import JOINT_TRIAL_FLOOR, KnownTrial, jointly_tested
from countersign.governance.programme import ProgrammeKind
from countersign.primitives.ids import PersonId

PRODUCTION, TEST = ProgrammeKind.PRODUCTION, ProgrammeKind.TEST


def trials(*, mated: int, found: int, non_mated: int, false_leads: int) -> list[KnownTrial]:
    kinds = [(True, at < found) for at in range(mated)] + [(False, at < false_leads) for at in range(non_mated)]
    return [
        KnownTrial(id=str(at), examiner=PersonId("e"), mated=is_mated, supported=supported, held_on=date(2026, 1, 1))
        for at, (is_mated, supported) in enumerate(kinds)
    ]


def said(mated: int, found: int, non_mated: int, false_leads: int) -> JointTrial:
    return JointTrial(mated=mated, found=found, non_mated=non_mated, false_leads=false_leads)


@pytest.mark.row("EQV-10")
@pytest.mark.parametrize(
    ("claim", "kind", "code"),
    [
        (said(30, 20, 30, 1), PRODUCTION, "allowed"),
        (said(30, 20, 30, 0), PRODUCTION, "joint_trial_other"),
        (said(29, 20, 30, 1), PRODUCTION, "joint_trial_other"),
        (said(30, 20, 30, 1), TEST, "allowed"),
    ],
)
def test_a_joint_trial_is_what_was_recorded(claim: JointTrial, kind: ProgrammeKind, code: str):
    held = trials(mated=30, found=20, non_mated=30, false_leads=1)

    assert jointly_tested(claim, held, kind).code == code


@pytest.mark.row("EQV-10")
@pytest.mark.parametrize(
    ("mated", "non_mated", "kind", "enough"),
    [
        (JOINT_TRIAL_FLOOR, JOINT_TRIAL_FLOOR, PRODUCTION, True),
        (JOINT_TRIAL_FLOOR - 1, 500, PRODUCTION, False),
        (500, JOINT_TRIAL_FLOOR - 1, PRODUCTION, False),
        (1, 1, TEST, True),
        (0, 1, TEST, False),
        (1, 0, TEST, False),
    ],
)
def test_a_joint_trial_has_lists_enough_with_and_without_the_person(
    mated: int, non_mated: int, kind: ProgrammeKind, *, enough: bool
):
    held = trials(mated=mated, found=0, non_mated=non_mated, false_leads=0)

    assert jointly_tested(said(mated, 0, non_mated, 0), held, kind).allowed is enough


@given(st.tuples(*[st.integers(0, 40)] * 4))
def test_no_trial_has_more_leads_than_lists(counts: tuple[int, int, int, int]):
    mated, found, non_mated, false_leads = counts
    if found <= mated and false_leads <= non_mated:
        assert said(*counts).mated == mated
    else:
        with pytest.raises(ContentError, match="no more leads than lists"):
            said(*counts)
