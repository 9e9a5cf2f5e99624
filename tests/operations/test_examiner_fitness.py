from datetime import date

import pytest

from countersign.governance.known_trial import KnownTrial
from countersign.governance.permission import Permission
from countersign.operations.examiner_fitness import false_lead_bound
from countersign.primitives.ids import PersonId
from tests.operations.scene import Scene, check_refused


def trials(false: int, right: int, mated: int = 0) -> list[KnownTrial]:
    answers = [(False, True)] * false + [(False, False)] * right + [(True, True)] * mated
    return [
        KnownTrial(id=f"T{number}", examiner=PersonId("e"), mated=mate, supported=supported, held_on=date(2026, 1, 5))
        for number, (mate, supported) in enumerate(answers)
    ]


def test_without_a_trial_that_could_show_it_there_is_no_rate():
    assert false_lead_bound(trials(0, 0, mated=9)) is None


@pytest.mark.parametrize(("false", "right", "above"), [(0, 20, False), (2, 18, False), (6, 14, True), (1, 0, False)])
def test_only_enough_trials_show_a_rate_above_the_bound(false: int, right: int, *, above: bool):
    bound = false_lead_bound(trials(false, right))
    assert bound is not None
    assert (bound > 0.1) is above


@pytest.mark.row("REV-10", "GOV-15")
def test_an_examiner_who_was_wrong_too_often_is_refused_a_review(sealed: Scene):
    operator = sealed.person("operator").id
    with sealed.altering() as work:
        for trial in trials(6, 14):
            work.trials.add(
                KnownTrial(
                    id=trial.id, examiner=operator, mated=False, supported=trial.supported, held_on=trial.held_on
                )
            )

    with check_refused(sealed, Permission.REVIEW_OPEN, "stood_down"):
        sealed.casework.open(sealed.ids.request, "operator")
