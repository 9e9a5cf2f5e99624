"""Whether the actor may take on another review: workload, and error rates in trials whose answer is known."""

from countersign.evaluation.intervals import proportion_interval
from countersign.governance.known_trial import KnownTrial
from countersign.governance.review_rules import not_stood_down, within_workload
from countersign.governance.verdict import Verdict
from countersign.operations.turn import Turn


def false_lead_bound(trials: list[KnownTrial]) -> float | None:
    """Give the lower end of the 95 % interval of an examiner's rate of false leads; None without a trial for it."""
    without_mate = [trial for trial in trials if not trial.mated]
    if not without_mate:
        return None
    return proportion_interval(sum(trial.supported for trial in without_mate), len(without_mate))[0]


def examiner_fit(turn: Turn) -> list[Verdict]:
    """Give the verdicts on the actor as an examiner today (REV-10, REV-11)."""
    numbers, kind = turn.pack.review, turn.programme.kind
    reviews = turn.work.reviews.where(examiner=turn.actor.id)
    locked = [review.locked_at for review in reviews if review.locked_at]
    return [
        within_workload(locked, turn.now, numbers, kind),
        not_stood_down(false_lead_bound(turn.work.trials.where(examiner=turn.actor.id)), numbers),
    ]
