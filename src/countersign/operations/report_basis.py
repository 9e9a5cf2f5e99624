"""The facts of a search that every report on it prints, gathered from what is stored."""

from collections import Counter

from countersign.evaluation.extrapolation import fnir_at, fpir_at
from countersign.governance.artefact_content import Rate, Validation, read_as
from countersign.governance.form_rules import performance_unknown
from countersign.governance.programme import Artefact, ArtefactType
from countersign.governance.request import SearchRequest
from countersign.operations.edited_pictures import edit_history
from countersign.operations.new_run import source_type
from countersign.operations.probe_pictures import probe_pictures
from countersign.operations.report_facts import (
    EvaluationFacts,
    GalleryFacts,
    HiddenRecords,
    Interval,
    LedgerFacts,
    OpinionFacts,
    Picture,
    PictureRole,
    RatesAtSize,
    SearchBasis,
    StillFacts,
)
from countersign.operations.search_conditions import operating_point
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.outcome.caveat import PERFORMANCE_UNKNOWN
from countersign.review.conclusion import strongest
from countersign.review.facial_review import ReviewState
from countersign.search.probe import ONE_TO_ONE, Probe, SearchRun


def search_basis(turn: Turn, request: SearchRequest, run: SearchRun) -> SearchBasis:
    """Gather the facts of a sealed run."""
    work, probe = turn.work, turn.work.probes.get(request.probe)
    pack, pack_sha256, alone = turn.pack, turn.pack_sha256, run.operating_point == ONE_TO_ONE
    exhibits = [work.exhibits.get(still.exhibit) for still in probe.stills]
    return SearchBasis(
        programme_kind=turn.programme.kind,
        case_reference=work.cases.get(request.case).reference,
        request_number=request.id,
        purpose=next(term.title for term in pack.purposes if term.code == request.form.purpose),
        tier=request.tier,
        setting=request.form.setting,
        imagery_age_hours=run.age_hours,
        imagery_age_basis=", ".join(sorted({exhibit.capture.basis for exhibit in exhibits})),
        networks=turn.desk.networks,
        stills=tuple(
            StillFacts(
                exhibit_number=exhibit.number,
                exhibit_sha256=exhibit.sha256,
                quality=work.faces.get(still.face).unified,
                edits=edit_history(work, still),
            )
            for exhibit, still in zip(exhibits, probe.stills, strict=True)
        ),
        gallery=_gallery(work, run),
        operating_point=run.operating_point,
        threshold_id="" if alone else operating_point(pack, request.tier).threshold_id,
        pack_sha256=pack_sha256,
        list_length=run.list_length,
        code_version=turn.desk.code,
        searched_at=run.started_at,
        evaluation=(tested := evaluation_facts(turn)),
        rates_here=None if alone else rates_at(tested, run.n_subjects),
        performance_note=PERFORMANCE_UNKNOWN if performance_unknown(request.form) else "",
        mode="one-to-one comparison" if alone else "thresholded identification",
        source_type=source_type(work, request.probe).replace("_", " "),
        ledger=LedgerFacts(seq=run.sealed_seq, checkpoint=work.ledger.latest_checkpoint() or ""),
    )


def _gallery(work: Work, run: SearchRun) -> GalleryFacts:
    records = work.records.where(collection=run.collection)
    hidden = Counter(str(record.status) for record in records if not record.searchable)
    return GalleryFacts(
        collection=work.collections.get(run.collection).name,
        seq=run.gallery_seq,
        root=run.gallery_root,
        n_subjects=run.n_subjects,
        hidden=tuple(HiddenRecords(reason=reason, number=number) for reason, number in sorted(hidden.items())),
        newest_record=max((record.added_at.date() for record in records), default=None),
    )


def validation_in_force(turn: Turn) -> tuple[Artefact, Validation]:
    """Give the validation in force, and what it says."""
    artefact = next(found for found in turn.artefacts() if found.type is ArtefactType.VALIDATION)
    return artefact, read_as(Validation, artefact.content)


def evaluation_facts(turn: Turn) -> EvaluationFacts:
    """Give how often the engine was wrong when it was tested, as the validation in force has it."""
    artefact, validation = validation_in_force(turn)
    return EvaluationFacts(
        artefact_version=artefact.version,
        artefact_sha256=artefact.sha256,
        dataset=validation.dataset,
        gallery_size=validation.gallery_size,
        searches=validation.searches,
        list_length=validation.list_length,
        fnir=_interval(validation.fnir),
        fpir=_interval(validation.fpir),
    )


def rates_at(tested: EvaluationFacts, size: int) -> RatesAtSize:
    """Give what the tested rates, with both ends of their intervals, come to among ``size`` data subjects (P-02)."""
    n = max(size, 1)

    def fpir(one: str) -> str:
        return f"{fpir_at(float(one), tested.gallery_size, n):.4g}"

    def fnir(one: str, stranger: str) -> str:
        rate = fnir_at(float(one), float(stranger), tested.gallery_size, n, places=tested.list_length)
        return f"{rate:.4g}"

    found, lists = tested.fnir, tested.fpir
    return RatesAtSize(
        gallery_size=n,
        fnir=Interval(
            value=fnir(found.value, lists.value), low=fnir(found.low, lists.low), high=fnir(found.high, lists.high)
        ),
        fpir=Interval(value=fpir(lists.value), low=fpir(lists.low), high=fpir(lists.high)),
    )


def _interval(rate: Rate) -> Interval:
    return Interval(value=str(rate.value), low=str(rate.low), high=str(rate.high))


def opinions(work: Work, run: SearchRun) -> tuple[OpinionFacts, ...]:
    """Give the locked opinions by position: each examiner's strongest conclusion."""
    locked = [review for review in work.reviews.where(run=run.id) if review.state is ReviewState.OPINED]
    return tuple(
        OpinionFacts(
            position=review.position,
            examiner=review.examiner,
            conclusion=strongest(review.opinions),
            locked_at=review.locked_at,
        )
        for review in locked
        if review.locked_at is not None
    )


def probe_shown(work: Work, probe: Probe) -> tuple[Picture, ...]:
    """Give the probe's stills with the marked face."""
    numbers = [work.exhibits.get(still.exhibit).number for still in probe.stills]
    return tuple(
        Picture(role=PictureRole.PROBE, caption=f"Still {place}, exhibit {number}", data=data)
        for place, (number, data) in enumerate(zip(numbers, probe_pictures(work, probe), strict=True), start=1)
    )
