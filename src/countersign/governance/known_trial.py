"""Trials whose answer is known: seeded lists and proficiency tests, by which an examiner's error rates are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from countersign.governance.artefact_content import JointTrial
from countersign.governance.policy_pack import Relaxation, relaxed
from countersign.governance.programme import ProgrammeKind
from countersign.governance.verdict import Verdict, first_refusal, require
from countersign.primitives.ids import KeyId, PersonId, RequestId, SubjectId

JOINT_TRIAL_FLOOR = 30
"""Least number of lists of each sort in a programme with real data; a house rule: no error in 30 still allows 10 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTrial:
    """One list that somebody reviewed without knowing that its answer is known (REV-03, REV-10).

    Attributes:
        id: The organiser's own number of the trial, so that a result is taken in once.
        mated: Whether the person of the probe was on the list.
        supported: Whether the examiner supported a candidate who is not that person, or that person, as a lead.
    """

    id: str
    examiner: PersonId
    mated: bool
    supported: bool
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededSearch:
    """A search whose answer is known to its organiser alone, reviewed like any other and never released (REV-03).

    Attributes:
        id: The request's.
        key: The request's; ``mate`` is sealed under it.
        mate: The subject whom the probe shows; None where the collection does not hold that person.
    """

    id: RequestId
    key: KeyId
    mate: SubjectId | None
    seeded_by: PersonId
    seeded_at: datetime


def jointly_tested(said: JointTrial, trials: Iterable[KnownTrial], kind: ProgrammeKind) -> Verdict:
    """Refuse to go on from a pilot in which engine and examiners were not tested as one system (EQV-10).

    Args:
        said: What the signed evaluation says.
        trials: Every trial up to its signature; they are counted again.
        kind: A programme without real data may do with a trial of each sort.
    """
    held = list(trials)
    counted = JointTrial(
        mated=sum(one.mated for one in held),
        found=sum(one.mated and one.supported for one in held),
        non_mated=sum(not one.mated for one in held),
        false_leads=sum(not one.mated and one.supported for one in held),
    )
    least = 1 if relaxed(kind, Relaxation.SMALL_JOINT_TRIAL) else JOINT_TRIAL_FLOOR
    return first_refusal(
        require(said == counted, "joint_trial_other", f"expected the recorded trials, {counted}, got {said}"),
        require(
            min(counted.mated, counted.non_mated) >= least,
            "joint_trial_small",
            f"expected at least {least} lists with and without the person, got {counted.mated} and {counted.non_mated}",
        ),
    )
