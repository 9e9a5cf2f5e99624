"""Guards of facial review and of what follows it: time to look, workload, leads without an outcome, error rates."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from countersign.governance.policy_pack import Relaxation, relaxed
from countersign.governance.programme import ProgrammeKind
from countersign.governance.review_numbers import ReviewNumbers
from countersign.governance.verdict import Verdict, first_refusal, require


def dwelt(
    shown_at: datetime | None, now: datetime, candidates: int, numbers: ReviewNumbers, kind: ProgrammeKind
) -> Verdict:
    """Refuse opinions given faster than anybody can look at the candidates (REV-11; AI Act Art 14(4)(b))."""
    least = timedelta(seconds=numbers.dwell_s * candidates)
    looked = now - shown_at if shown_at else timedelta(0)
    return require(
        relaxed(kind, Relaxation.NO_DWELL) or looked >= least,
        "dwell_too_short",
        f"expected at least {least.seconds} s with the candidates, got {int(looked.total_seconds())} s",
    )


def within_workload(locked: Sequence[datetime], now: datetime, numbers: ReviewNumbers, kind: ProgrammeKind) -> Verdict:
    """Refuse another review to an examiner who has locked as many in the last hour or day as anybody may (REV-11)."""
    if relaxed(kind, Relaxation.NO_RATE_RULES):
        return require(True, "", "")
    hour = sum(now - moment < timedelta(hours=1) for moment in locked)
    day = sum(now - moment < timedelta(days=1) for moment in locked)
    return first_refusal(
        require(
            hour < numbers.reviews_per_hour,
            "workload_hour",
            f"expected fewer than {numbers.reviews_per_hour} reviews in an hour, got {hour}",
        ),
        require(
            day < numbers.reviews_per_day,
            "workload_day",
            f"expected fewer than {numbers.reviews_per_day} reviews in a day, got {day}",
        ),
    )


def outcomes_recorded(released: Sequence[datetime], now: datetime, numbers: ReviewNumbers) -> Verdict:
    """Refuse new requests to a requester one of whose leads has had no outcome for too long (REP-04, T20).

    The person is stopped, never the team (practice P-15). ``released`` are the leads that still wait.
    """
    late = [moment for moment in released if now - moment > timedelta(days=numbers.outcome_block_days)]
    return require(
        not late,
        "outcome_overdue",
        f"expected an outcome within {numbers.outcome_block_days} days of each lead, got none for {len(late)}",
    )


def outcomes_attended(waiting: Sequence[datetime], now: datetime, numbers: ReviewNumbers) -> Verdict:
    """Refuse to let a supervisor move other work who left a requester's overdue outcome unattended (practice P-15).

    ``waiting`` are the moments from which the leads of the supervisor's organisation wait: of their release, or of the
    last time that somebody else was given them. First the requester is stopped, after the second limit the supervisor;
    of their colleagues nobody.
    """
    limit = numbers.outcome_block_days + numbers.outcome_supervisor_days
    late = sum(now - moment > timedelta(days=limit) for moment in waiting)
    return require(
        late == 0,
        "outcome_unattended",
        f"expected overdue outcomes to be seen to within {numbers.outcome_supervisor_days} days, got {late} left alone",
    )


def not_stood_down(lower_bound: float | None, numbers: ReviewNumbers) -> Verdict:
    """Refuse a review to an examiner whose rate of false leads in known trials is above the bound for sure (REV-10).

    Args:
        lower_bound: Lower end of the 95 % interval of the rate; None when there was no trial. Equality is still good.
        numbers: The pack's bound.
    """
    bound = numbers.false_lead_permille / 1000
    return require(
        lower_bound is None or lower_bound <= bound,
        "stood_down",
        f"expected a rate of false leads of {bound} or below in known trials, got at least {lower_bound or 0:.3f}",
    )
