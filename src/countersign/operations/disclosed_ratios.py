"""Likelihood ratios of a disclosure pack: only after both opinions are locked, only by a validated method (P-21).

A ratio never reaches an examiner before the opinion, nor a requester. Where it may not be stated, the pack says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from countersign.governance.artefact_content import Validation, read_as
from countersign.governance.certificate import fusion_id
from countersign.governance.likelihood import LikelihoodMethod, Ratio, ratio
from countersign.governance.programme import ArtefactType
from countersign.operations.turn import Turn
from countersign.review.facial_review import FacialReview, ReviewState
from countersign.search.comparison import MAX_VIEWS
from countersign.search.probe import Candidate, Probe, SealedList, SearchRun

OPINIONS = 2
CAVEAT = (
    "A likelihood ratio says how much more probable the comparison score is if probe and reference show one person "
    "than if the reference is of somebody else of the stated population. It does not say how likely it is that "
    "they are one person. The candidate was picked as one of the best of all who were searched; that must be weighed "
    "beside it. It never goes beyond the stated bounds."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRatio:
    """The ratio of one candidate by its rank; None where no method was validated for such a comparison."""

    rank: int
    ratio: Ratio | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodStatement:
    """What the pack says of likelihood ratios.

    Attributes:
        absent: Why there are none; empty where there are.
        candidates: By rank.
        caveat: How to read one.
    """

    absent: str
    candidates: tuple[CandidateRatio, ...] = ()
    caveat: str = CAVEAT


def likelihood_statement(
    turn: Turn, run: SearchRun, sealed: SealedList, probe: Probe, reviews: Sequence[FacialReview]
) -> LikelihoodStatement:
    """State the ratios, or why there are none."""
    if not opinions_locked(reviews):
        return LikelihoodStatement(absent="expected two locked opinions before any likelihood ratio is stated")
    methods = validated_methods(turn)
    if not methods:
        return LikelihoodStatement(absent="no method for likelihood ratios was validated")
    quality = max(turn.work.faces.get(still.face).unified for still in probe.stills)
    found = tuple(
        CandidateRatio(
            rank=one.rank,
            ratio=ratio(
                methods,
                one.score / sealed.weight_sum,
                extractor=run.extractor,
                fusion=fusion_id(turn.pack),
                stills=len(probe.stills),
                views=_views(turn, run, one),
                quality=quality,
            ),
        )
        for one in sealed.candidates
    )
    if not any(one.ratio for one in found):
        return LikelihoodStatement(absent="no method was validated for so many stills and views of this quality")
    return LikelihoodStatement(absent="", candidates=found)


def opinions_locked(reviews: Sequence[FacialReview]) -> bool:
    """Say whether two examiners have given their opinion for good."""
    return sum(review.state is ReviewState.OPINED for review in reviews) >= OPINIONS


def validated_methods(turn: Turn) -> tuple[LikelihoodMethod, ...]:
    """Give the methods of the validation in force."""
    found = [one for one in turn.artefacts() if one.type is ArtefactType.VALIDATION]
    return read_as(Validation, found[0].content).likelihood if found else ()


def _views(turn: Turn, run: SearchRun, candidate: Candidate) -> int:
    """Count the candidate's views as a search takes them; 0 of somebody who was erased since."""
    held = turn.work.templates.where(subject=candidate.subject)
    return min(sum(one.searchable and one.extractor == run.extractor for one in held), MAX_VIEWS)
