"""The pack's numbers for facial review and outcomes; floors and ceilings stand in `policy_lint`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNumbers:
    """Numbers of facial review and outcomes.

    Attributes:
        dwell_s: Least time with each candidate before opinions are locked.
        reviews_per_hour: Most reviews that one examiner may lock in an hour.
        reviews_per_day: Most in a day.
        outcome_block_days: After so many days without an outcome, the requester asks for nothing more.
        outcome_supervisor_days: So many days later, a supervisor who did nothing about it moves no other work.
        false_lead_permille: Rate of false leads in known trials above which an examiner is stood down.
    """

    dwell_s: int
    reviews_per_hour: int
    reviews_per_day: int
    outcome_block_days: int
    outcome_supervisor_days: int
    false_lead_permille: int


LOOSEST = ReviewNumbers(
    dwell_s=20,
    reviews_per_hour=6,
    reviews_per_day=30,
    outcome_block_days=90,
    outcome_supervisor_days=28,
    false_lead_permille=100,
)
"""What no pack may loosen."""
