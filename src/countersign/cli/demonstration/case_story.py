"""One unknown person's case as the story tells it: exhibit, request, search, two reviews, lead, reports."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from countersign.cli.demonstration.casework import Casework
from countersign.cli.demonstration.chronicle import CaseRecord, NotTaken
from countersign.cli.demonstration.material import Unknown
from countersign.cli.demonstration.stage import Stage
from countersign.errors import CountersignError
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.request import Tier
from countersign.media.decoding import UndecodableImageError
from countersign.media.exhibit import LocatedFace
from countersign.media.sandbox.decoder import plain_png
from countersign.operations.analyse_probe import AnalysedReview
from countersign.operations.report_facts import MadeReport
from countersign.operations.report_lead import ReportLead, report_lead
from countersign.operations.report_search import ReportSearch, report_search
from countersign.operations.search_conditions import operating_point
from countersign.operations.shown_candidates import ShownCandidate
from countersign.outcome.lead import OutcomeCode
from countersign.primitives.ids import ExhibitId, LeadId, RequestId
from countersign.reports.render import to_html, to_pdf
from countersign.review.facial_review import Conclusion
from countersign.search.probe import SearchRun

CAPTURED_BEFORE = timedelta(days=2)
TOO_YOUNG = timedelta(minutes=20)
YOUNG = "a search with a still taken 20 minutes ago"


def tell_case(stage: Stage, unknown: Unknown, span: timedelta) -> CaseRecord:
    """Tell one case, from the still to what came of it.

    Args:
        stage: Where it is told.
        unknown: The person sought, and the stills.
        span: Simulated time that the case may take.
    """
    record = CaseRecord(name=unknown.name)
    stage.chronicle.cases.append(record)
    case = Casework(stage.force, reference=f"DEMO/{unknown.name}")
    faces = _tell_exhibits(stage, case, unknown, record)
    if not faces:
        stage.tell.say("No face was located in any still, so nothing can be asked for. The case ends here.")
        return record
    stage.later(span / 20)
    request = _tell_request(stage, case, faces, record)
    stage.later(span / 4)
    _tell_search(stage, case, request, record)
    if record.candidates:
        _tell_reviews(stage, case, unknown, request, record, span)
    stage.later(span / 20)
    if record.lead:
        _tell_lead(stage, case, record.lead, record)
    _tell_reports(stage, request, record)
    return record


def _tell_exhibits(stage: Stage, case: Casework, unknown: Unknown, record: CaseRecord) -> list[tuple[ExhibitId, int]]:
    tell = stage.tell
    tell.chapter(
        f"The exhibit: an unknown person ({unknown.name})",
        "A still is sealed with its digest, its capture time and lawful origin; then a person marks one face.",
        stage.clock,
    )
    marked = []
    for number, file in enumerate(unknown.files, start=1):
        try:
            exhibit = case.seal(file, taken=stage.clock.now() - CAPTURED_BEFORE, number=f"CTV/{number}")
            located = case.locate(exhibit.id)
        except CountersignError as reason:
            _not_taken(stage, file, str(reason))
            continue
        picture = stage.folder.pictures / f"annotated-{unknown.name}-{number}.png"
        picture.write_bytes(located.picture)
        record.annotated.append(str(picture))
        tell.rows([
            (f"sealed CTV/{number}", f"{exhibit.width_px} × {exhibit.height_px} px, SHA-256 {exhibit.sha256[:16]}…"),
            ("located", _said_of(located.faces)),
        ])  # fmt: skip
        if located.faces:
            marked.append((exhibit.id, 1))
        else:
            _not_taken(stage, file, "no face was located")
    record.stills = len(marked)
    return marked


def _said_of(faces: Sequence[LocatedFace]) -> str:
    if not faces:
        return "no face"
    left, _, right, _ = faces[0].box_px
    many = (
        "one face" if len(faces) == 1 else f"{len(faces)} faces; the first is marked, of the others no template is made"
    )
    return f"{many}, {right - left:.0f} px wide"


def _not_taken(stage: Stage, file: Path, reason: str) -> None:
    stage.chronicle.not_taken.append(NotTaken(file=str(file), reason=reason))
    stage.tell.rows([("not taken", f"{file}: {reason}")])


def _tell_request(
    stage: Stage, case: Casework, faces: Sequence[tuple[ExhibitId, int]], record: CaseRecord
) -> RequestId:
    tell = stage.tell
    tell.chapter(
        "The request",
        "Purpose, facts, alternatives, intrusion; a second person of another team decides in their own words.",
        stage.clock,
    )
    probe = case.mark(faces)
    if not stage.has_shown(YOUNG):
        _tell_too_young(stage, case, record)
    request = case.draft(probe.id, stage.collection)
    record.request = request.id
    case.submit(request.id)
    tell.rows([("submitted", f"{request.form.offence_code}, tier {request.tier}, computed from the form")])
    stage.refused("the requester authorises the own request", lambda: case.authorise(request.id, who="requester"))
    case.consider(request.id)
    granted = case.authorise(request.id)
    tell.good(f"Authorised by the officer: one probe, one search, until {granted.expires_at:%d %b}.")
    return request.id


def _tell_too_young(stage: Stage, case: Casework, record: CaseRecord) -> None:
    """Show that imagery of twenty minutes ago cannot be searched: that would be next to live."""
    still = Path(stage.folder.pictures / "young.jpg")
    unknown = next(one for one in stage.material.unknown if one.name == record.name)
    good = next(file for file in unknown.files if str(file) not in {one.file for one in stage.chronicle.not_taken})
    still.write_bytes(good.read_bytes())
    exhibit = case.seal(still, taken=stage.clock.now() - TOO_YOUNG, number="CTV/YOUNG")
    still.unlink()
    case.locate(exhibit.id)
    request = case.draft(case.mark([(exhibit.id, 1)]).id, stage.collection)
    stage.refused(YOUNG, lambda: case.submit(request.id))


def _tell_search(stage: Stage, case: Casework, request: RequestId, record: CaseRecord) -> None:
    tell = stage.tell
    tell.chapter(
        "The search", "One authorisation buys one search; whoever is below the threshold is not listed.", stage.clock
    )
    started = time.perf_counter()
    run = case.search(request)
    record.search_s = round(time.perf_counter() - started, 2)
    record.run, record.n_subjects = run.id, run.n_subjects
    record.candidates = int(stage.entry(run.sealed_seq).facts["candidates"])
    shown = case.show(request)
    record.state = shown.state
    tell.rows(_search_rows(run, record, shown.tier))
    if not record.candidates:
        tell.good("No candidate. That is a normal result: nobody in the gallery reaches the threshold.")
    stage.refused("a second search on the same authorisation", lambda: case.search(request))


def _search_rows(run: SearchRun, record: CaseRecord, tier: Tier) -> list[tuple[str, str]]:
    point = operating_point(read_pack_toml(shipped("demonstration")), tier)
    return [
        ("compared with", f"N = {run.n_subjects:,} data subjects, exhaustively"),
        ("took", f"{record.search_s:.2f} s, sealing and two entries included"),
        ("operating point", f"{run.operating_point}, set by the signed pack for tier {tier}"),
        ("threshold", point.threshold_id),
        ("entries", f"{run.started_seq} search.started (committed first), {run.sealed_seq} search.sealed"),
        ("candidates", f"{record.candidates}, sealed; without score, rank or name for the examiners"),
    ]


def _shown_as(pictures: Iterable[bytes]) -> Iterator[bytes]:
    """Give the pictures as examiners see them; a file that is no picture was listed at enrolment and is left out."""
    for picture in pictures:
        with suppress(UndecodableImageError):
            yield plain_png(picture)


def _tell_reviews(
    stage: Stage, case: Casework, unknown: Unknown, request: RequestId, record: CaseRecord, span: timedelta
) -> None:
    tell = stage.tell
    tell.chapter(
        "Two reviews",
        "Each examiner first describes the probe and locks that; only then come the candidates, in shuffled order.",
        stage.clock,
    )
    known = set(_shown_as(stage.material.pictures_of(unknown.name)))

    def judge(candidate: ShownCandidate) -> bool:
        """Support the letter whose pictures are those of the known person: the script knows, no examiner would."""
        return any(image.data in known for image in candidate.images)

    for who, what in (("operator", "the operator"), ("examiner", "the examiner, who cannot see the first opinion")):
        analysed = case.analyse(case.open(request, who).review.id, who)
        case.opine(analysed, who, judge)
        tell.rows([(what.split(",")[0], _opinion_said(analysed, [judge(one) for one in analysed.candidates]))])
        stage.later(span / 4)
    shown = case.show(request)
    record.state, record.lead = shown.state, shown.lead
    if shown.lead:
        tell.good("Both support the same single candidate, each without seeing the other's opinion: a lead.")
    else:
        tell.say("No two examiners support the same single candidate: no lead. Nothing is released.")


def _opinion_said(analysed: AnalysedReview, supported: Sequence[bool]) -> str:
    letters = [one.label for one, yes in zip(analysed.candidates, supported, strict=True) if yes]
    conclusion = Conclusion.MODERATE_SUPPORT.replace("_", " ")
    said = f"{conclusion} for {letters[0]}" if letters else "no support for any"
    return f"probe analysed and locked; {len(supported)} shown; {said} (scripted)"


def _tell_lead(stage: Stage, case: Casework, lead: LeadId, record: CaseRecord) -> None:
    tell = stage.tell
    tell.chapter(
        "The lead",
        "It is a lead and not an identification. An officer reconfirms, with reasons against; four people took part.",
        stage.clock,
    )
    case.reconfirm(lead)
    case.release(lead)
    tell.good("Released to the requester, and to nobody else.")
    made = stage.force.do("requester", Permission.REPORT_LEAD, report_lead, ReportLead(lead=lead))
    record.lead_name = getattr(made.report, "lead_name", "")
    tell.rows([("the report names", record.lead_name)])
    _write(stage, made, f"lead-{record.name}", record)
    stage.refused(
        "an arrest on the lead alone, without independent evidence",
        lambda: case.outcome(lead, OutcomeCode.ARREST, evidence=False),
    )
    done = case.outcome(lead, OutcomeCode.ELIMINATED, evidence=False)
    code = done.outcome.code if done.outcome else ""
    tell.rows([("outcome", f"{code}: the requester compared the pictures and followed the lead; it led nowhere")])
    if record.request:
        record.state = case.show(record.request).state


def _tell_reports(stage: Stage, request: RequestId, record: CaseRecord) -> None:
    made = stage.force.do("operator", Permission.REPORT_SEARCH, report_search, ReportSearch(request=request))
    _write(stage, made, f"search-{record.name}", record)
    stage.tell.rows(("report", path) for path in record.reports)


def _write(stage: Stage, made: MadeReport, name: str, record: CaseRecord) -> None:
    html, pdf = (stage.folder.reports / f"{name}.{ending}" for ending in ("html", "pdf"))
    html.write_text(to_html(made.report, made.pictures), encoding="utf-8")
    pdf.write_bytes(to_pdf(made.report, made.pictures))
    record.reports += [str(html), str(pdf)]
