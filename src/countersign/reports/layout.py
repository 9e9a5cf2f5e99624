"""Puts a report's facts in order, once for every output: a title, a caveat, and sections of facts or opinions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import assert_never

from countersign.governance.composition import AGEING_YEARS
from countersign.operations.issued_facts import ChartReport, RequestReport
from countersign.operations.report_facts import (
    AnyReport,
    EvaluationFacts,
    GalleryFacts,
    Interval,
    LeadReport,
    OpinionFacts,
    Picture,
    PictureError,
    PictureRole,
    RatesAtSize,
    SearchBasis,
    SearchReport,
)
from countersign.primitives.clock import rfc3339
from countersign.reports.document import Document, Part, Row, Section, Table
from countersign.reports.layout_issued import chart_document, request_document

_CERTIFIED_GROWTH = 1.1  # practice P-04: a certificate holds up to 1.1 times the evaluated size


def document(report: AnyReport, pictures: Sequence[Picture]) -> Document:
    """Lay a report out.

    Raises:
        PictureError: A reference picture would show a person whom a search report must not name.
    """
    match report:
        case LeadReport():
            return _lead(report)
        case ChartReport():
            return chart_document(report)
        case RequestReport():
            return request_document(report)
        case SearchReport():
            return _search_only(report, pictures)
        case _:
            assert_never(report)


def _search_only(report: SearchReport, pictures: Sequence[Picture]) -> Document:
    if any(picture.role is PictureRole.REFERENCE for picture in pictures):
        raise PictureError("expected pictures of the probe only in a search report, got a reference")
    return _search(report, pictured=bool(pictures))


def _lead(report: LeadReport) -> Document:
    lead = Section(
        part=Part.FACTS,
        heading="Possible lead",
        rows=(
            Row(name="Name on the record", value=report.lead_name),
            Row(name="Record", value=report.record_reference),
            Row(name="Reference image taken", value=_taken(report)),
            Row(name="Released to", value=report.recipient),
            Row(name="Released", value=f"{_moment(report.released_at)}, by actor {report.released_by}"),
        ),
        pictured=True,
    )
    against = Section(
        part=Part.OPINIONS, heading="Reasons against", rows=(Row(name="As recorded", value=report.reasons_against),)
    )
    return Document(
        title="Possible lead from a face search",
        subtitle=_subtitle(report.basis, report.made_at),
        watermark=report.basis.watermark,
        caveat=report.caveat,
        footer=f"Possible lead, not an identification. For {report.recipient} only.",
        sections=(lead, *_facts(report.basis), _opinions(report.opinions), against),
    )


def _taken(report: LeadReport) -> str:
    """Say when the reference image was taken, with a warning where faces may have changed since (REF-16)."""
    old = f" ({AGEING_YEARS} years ago or more, or of unknown age: the face may have changed)"
    return _day(report.reference_image_date) + (old if report.reference_ageing else "")


def _search(report: SearchReport, *, pictured: bool) -> Document:
    found = report.candidate_count
    ended = Section(
        part=Part.FACTS,
        heading="How the search ended",
        rows=(
            Row(name="Candidates on the list", value=str(found) if found else "None. This is a normal result."),
            Row(name="Review", value=report.review_state),
        ),
        pictured=pictured,
    )
    return Document(
        title="Record of a face search",
        subtitle=_subtitle(report.basis, report.made_at),
        watermark=report.basis.watermark,
        caveat=report.caveat,
        footer="Record of a search. It names nobody.",
        sections=(ended, *_facts(report.basis), _opinions(report.opinions)),
    )


def _facts(basis: SearchBasis) -> tuple[Section, ...]:
    return (_request(basis), _probe(basis), _gallery(basis.gallery), _engine(basis), _evaluation(basis), _ledger(basis))


def _request(basis: SearchBasis) -> Section:
    days = basis.imagery_age_hours / 24
    return Section(
        part=Part.FACTS,
        heading="Request",
        rows=(
            Row(name="Case", value=basis.case_reference),
            Row(name="Request", value=basis.request_number, digest=True),
            Row(name="Purpose", value=basis.purpose),
            Row(name="Authorisation tier", value=basis.tier.value.upper()),
            Row(name="Setting of the imagery", value=_words(basis.setting)),
            Row(
                name="Age of the imagery",
                value=f"at least {basis.imagery_age_hours} hours ({days:.1f} days) when searched, "
                f"by {_words(basis.imagery_age_basis)}",
            ),
            Row(
                name="Classification",
                value=f"{basis.rbi_class}: after the event, on sealed files ({basis.source_type}); {basis.scope};"
                " never live",
            ),
            Row(name="Searched", value=_moment(basis.searched_at)),
        ),
    )


def _probe(basis: SearchBasis) -> Section:
    rows = tuple(
        (still.exhibit_number, f"{still.quality:.2f}", ", ".join(still.edits) or "none", still.exhibit_sha256)
        for still in basis.stills
    )
    headings = ("Exhibit", "Quality, 0 to 1", "Edits", "SHA-256 of the sealed file")
    return Section(part=Part.FACTS, heading="Probe", tables=(Table(headings=headings, rows=rows, digest_column=3),))


def _gallery(gallery: GalleryFacts) -> Section:
    hidden = "; ".join(f"{one.number} {_words(one.reason)}" for one in gallery.hidden) or "none"
    return Section(
        part=Part.FACTS,
        heading="Gallery",
        rows=(
            Row(name="Collection", value=gallery.collection),
            Row(name="Searchable subjects", value=f"{gallery.n_subjects:,}"),
            Row(name="Hidden records, by reason", value=hidden),
            Row(name="Newest record", value=_day(gallery.newest_record)),
            Row(name="Version", value=f"{gallery.seq} / {gallery.root}", digest=True),
        ),
    )


def _engine(basis: SearchBasis) -> Section:
    networks = tuple((one.name, one.role, one.licence, one.sha256) for one in basis.networks)
    return Section(
        part=Part.FACTS,
        heading="Engine",
        rows=(
            Row(name="Mode", value=basis.mode),
            Row(name="Operating point", value=f"{basis.operating_point}, list of at most {basis.list_length}"),
            Row(name="Threshold", value=basis.threshold_id or "none was applied", digest=bool(basis.threshold_id)),
            Row(name="Policy pack", value=basis.pack_sha256, digest=True),
            Row(name="Countersign", value=basis.code_version),
        ),
        tables=(Table(headings=("Network", "Does", "Licence", "SHA-256"), rows=networks, digest_column=3),),
    )


def _evaluation(basis: SearchBasis) -> Section:
    found = basis.evaluation
    return Section(
        part=Part.FACTS,
        heading="How often the engine was wrong when it was tested",
        rows=(
            Row(name="Missed a person who was there (FNIR)", value=_interval(found.fnir)),
            Row(name="Listed somebody though the person was not there (FPIR)", value=_interval(found.fpir)),
            Row(
                name="Tested on",
                value=f"{found.dataset}: {found.searches:,} searches among {found.gallery_size:,} subjects, "
                f"list of at most {found.list_length}",
            ),
            *_rates_here(basis.rates_here),
            *((Row(name="For this person", value=basis.performance_note),) if basis.performance_note else ()),
            Row(name="Evidence", value=f"{found.artefact_version} / {found.artefact_sha256}", digest=True),
        ),
        note=_coverage(found, basis.gallery.n_subjects) if basis.rates_here else ALONE,
    )


ALONE = (
    "These rates are of searches. Here one named person's image was compared with the probe: no score decided whether "
    "it was shown, and no rate above says how often two examiners are wrong about one image."
)


def _rates_here(here: RatesAtSize | None) -> tuple[Row, ...]:
    if here is None:
        return ()
    return (
        Row(name=f"Here, among {here.gallery_size:,}: missed (FNIR)", value=_interval(here.fnir)),
        Row(name=f"Here, among {here.gallery_size:,}: listed wrongly (FPIR)", value=_interval(here.fpir)),
    )


def _coverage(found: EvaluationFacts, n_subjects: int) -> str:
    if n_subjects <= found.gallery_size * _CERTIFIED_GROWTH:
        return ""
    return (
        f"This gallery ({n_subjects:,} subjects) is larger than the tested one ({found.gallery_size:,}). "
        "The rates printed for it are computed as if strangers were independent. Expect both rates to be worse."
    )


def _ledger(basis: SearchBasis) -> Section:
    return Section(
        part=Part.FACTS,
        heading="Log",
        rows=(
            Row(name="Entry", value=str(basis.ledger.seq)),
            Row(name="Checkpoint", value=basis.ledger.checkpoint, digest=True),
        ),
        note="Anyone who holds an export of the log can check this entry with countersign-verify.",
    )


def _opinions(opinions: Sequence[OpinionFacts]) -> Section:
    rows = tuple(
        (_words(one.position), _words(one.conclusion), _moment(one.locked_at), one.examiner) for one in opinions
    )
    headings = ("Opinion", "Conclusion", "Locked", "Examiner (pseudonym)")
    return Section(
        part=Part.OPINIONS,
        heading="Opinions of the examiners",
        tables=(Table(headings=headings, rows=rows, digest_column=3),) if rows else (),
        note="" if rows else "No opinion has been given.",
    )


def _subtitle(basis: SearchBasis, made_at: datetime) -> str:
    return f"Case {basis.case_reference} · made {_moment(made_at)}"


def _moment(moment: datetime) -> str:
    return rfc3339(moment)[:16].replace("T", " ") + " UTC"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "not known"


def _interval(rate: Interval) -> str:
    return f"{rate.value} (95 % interval {rate.low} to {rate.high})"


def _words(code: str) -> str:
    return code.replace("_", " ")
