"""The disclosure pack of one search: everything that the defence needs to test it, for the disclosure officer alone.

Algorithm and version, threshold, list length, quality, all opinions, error rates, and the other candidates by rank and
score (REP-06). What was committed to in the log comes with its openings, so that whoever holds an export of the log can
show that the list is the one that was sealed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.register import CustodyRecord
from countersign.governance.request import RequestForm
from countersign.ledger.commitment import Opening
from countersign.ledger.event import EventKind
from countersign.media.exhibit import QualityMeasure
from countersign.operations.disclosed_ratios import LikelihoodStatement, likelihood_statement
from countersign.operations.report_basis import search_basis
from countersign.operations.report_facts import SearchBasis
from countersign.operations.report_search import UNDER_REVIEW, NoSearchError
from countersign.operations.turn import Turn, operation
from countersign.operations.work import Work
from countersign.outcome.caveat import SEARCH_CAVEAT
from countersign.primitives.ids import EntrySeq, PersonId, RequestId
from countersign.review.facial_review import FacialReview
from countersign.search.probe import RunState, SearchRun


class ListErasedError(NotFound):
    """The list of this search was erased; what is left stands in the log."""

    code = "list_erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDisclosure:
    """Of which request."""

    request: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedImage:
    """A reference image of a candidate, in numbers: its date, and the quality of its face in [0, 1], high is good."""

    image_date: date | None
    unified: float
    measures: tuple[QualityMeasure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedCandidate:
    """One place on the list; ``score`` is the fused comparison score, higher is more alike.

    Attributes:
        images: Quality of each reference image that is held (PRB-09); none where all were erased.
    """

    rank: int
    score: int
    subject: str
    record_references: tuple[str, ...]
    images: tuple[DisclosedImage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedAuthority:
    """The officer's decision in the officer's own words."""

    officer: PersonId
    granted_at: datetime
    necessity: str
    proportionality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosurePack:
    """Everything about one search.

    Attributes:
        lowest: Threshold per unit of weight; a candidate is listed at ``lowest`` · ``weight_sum`` and above.
        quality: Measures of each still.
        reviews: Every review whole: analysis, order in which candidates were shown with its seed, opinions, times.
        likelihood: Ratios of the candidates, or why none is stated (REV-15, practice P-21).
        openings: By place in the log and name, what opens the commitments of the entry that sealed the list.
    """

    basis: SearchBasis
    form: RequestForm
    authority: tuple[DisclosedAuthority, ...]
    extractor: str
    lowest: int
    weight_sum: int
    quality: tuple[tuple[QualityMeasure, ...], ...]
    candidates: tuple[DisclosedCandidate, ...]
    reviews: tuple[FacialReview, ...]
    likelihood: LikelihoodStatement
    openings: Mapping[str, Opening]
    caveat: str = SEARCH_CAVEAT


@operation(Permission.REPORT_DISCLOSURE)
def report_disclosure(turn: Turn, arguments: ReportDisclosure) -> DisclosurePack:
    """Make the pack once the review is over; it says what nobody outside review and disclosure may see (REP-13).

    Raises:
        NoSearchError: Nothing was sealed, or somebody may still have to give an opinion.
        ListErasedError: The list is gone.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    runs = work.runs.where(request=request.id, state=RunState.SEALED)
    if not runs or request.state in UNDER_REVIEW:
        raise NoSearchError("expected a sealed search whose review is over, got none")
    run = runs[0]
    facts = {"report": "disclosure", "justification": "criminal_proceedings"}
    committed = {"recipient": turn.actor.id}
    turn.record(EventKind.REPORT_DISCLOSED, facts, committed=committed, case=request.case, key=request.key)
    sealed = work.lists.find(run.id)
    if sealed is None:
        raise ListErasedError("expected a list that is still held, got one that was erased")
    probe, reviews = work.probes.get(request.probe), tuple(work.reviews.where(run=run.id))
    return DisclosurePack(
        basis=search_basis(turn, request, run),
        form=request.form,
        authority=tuple(
            DisclosedAuthority(
                officer=one.officer,
                granted_at=one.granted_at,
                necessity=one.necessity,
                proportionality=one.proportionality,
            )
            for one in work.authorisations.where(request=request.id)
        ),
        extractor=run.extractor,
        lowest=run.threshold,
        weight_sum=sealed.weight_sum,
        quality=tuple(work.faces.get(still.face).measures for still in probe.stills),
        candidates=_candidates(work, run),
        reviews=reviews,
        likelihood=likelihood_statement(turn, run, sealed, probe, reviews),
        openings=work.openings.get(EntrySeq(run.sealed_seq)) or {},
    )


def _candidates(work: Work, run: SearchRun) -> tuple[DisclosedCandidate, ...]:
    found = []
    for one in work.lists.get(run.id).candidates:
        subject = work.subjects.find(one.subject)
        records = work.records.where(subject=one.subject)
        found.append(
            DisclosedCandidate(
                rank=one.rank,
                score=one.score,
                subject=subject.external_id if subject else "erased",
                record_references=tuple(record.external_id for record in records),
                images=_image_quality(work, records),
            )
        )
    return tuple(found)


def _image_quality(work: Work, records: Iterable[CustodyRecord]) -> tuple[DisclosedImage, ...]:
    return tuple(
        DisclosedImage(image_date=image.image_date, unified=image.unified, measures=image.measures)
        for record in records
        for image in work.images.where(record=record.id)
    )
