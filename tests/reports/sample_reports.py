"""Reports for the tests of this room, filled with invented facts."""

from datetime import UTC, date, datetime
from io import BytesIO

from PIL import Image

from countersign.governance.programme import ProgrammeKind
from countersign.governance.request import Tier
from countersign.operations.report_facts import (
    EvaluationFacts,
    GalleryFacts,
    HiddenRecords,
    Interval,
    LeadReport,
    LedgerFacts,
    NetworkFacts,
    OpinionFacts,
    Picture,
    PictureRole,
    RatesAtSize,
    SearchBasis,
    SearchReport,
    StillFacts,
)
from countersign.primitives.digest import sha256
from countersign.primitives.ids import PersonId
from countersign.review.facial_review import Conclusion, Position

AT = datetime(2026, 3, 2, 14, 5, 9, tzinfo=UTC)
CHECKPOINT = """log.example/countersign
4182
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— log.example Az3grlgtzPICa5OS8npV
"""


def picture(
    role: PictureRole = PictureRole.PROBE, *, kind: str = "PNG", caption: str = "Still 1, exhibit AB/1"
) -> Picture:
    stream = BytesIO()
    Image.new("RGB", (60, 80), (90, 120, 150)).save(stream, kind)
    return Picture(role=role, caption=caption, data=stream.getvalue())


def basis(
    kind: ProgrammeKind = ProgrammeKind.DEMONSTRATION, *, n_subjects: int = 613, purpose: str = ""
) -> SearchBasis:
    return SearchBasis(
        programme_kind=kind,
        case_reference="CASE/2026/0117",
        request_number="b7c0a4f2d9184d0ea7c12f3b9c5e6a10",
        purpose=purpose or "Detection of a crime: robbery",
        tier=Tier.T1,
        setting="ordinary",
        imagery_age_hours=213,
        imagery_age_basis="recorder_log",
        networks=(
            NetworkFacts(name="YuNet 2023mar", role="finds faces", sha256=sha256(b"y"), licence="MIT"),
            NetworkFacts(name="SFace 2021dec", role="makes templates", sha256=sha256(b"s"), licence="Apache-2.0"),
        ),
        stills=(
            StillFacts(exhibit_number="AB/1", exhibit_sha256=sha256(b"1"), quality=0.914, edits=()),
            StillFacts(
                exhibit_number="AB/2", exhibit_sha256=sha256(b"2"), quality=0.702, edits=("rotate", "gamma 1.4")
            ),
        ),
        gallery=GalleryFacts(
            collection="Custody images, central",
            seq=10_412,
            root=sha256(b"root"),
            n_subjects=n_subjects,
            hidden=(
                HiddenRecords(reason="review_overdue", number=14),
                HiddenRecords(reason="no_further_action", number=201),
            ),
            newest_record=date(2026, 2, 27),
        ),
        operating_point="strict",
        threshold_id="strict/views-1:54000/views-2-7:62400/length:10",
        pack_sha256=sha256(b"pack"),
        list_length=10,
        code_version="0.1.0",
        searched_at=AT,
        evaluation=EvaluationFacts(
            artefact_version="2026-01",
            artefact_sha256=sha256(b"validation"),
            dataset="research set, 613 subjects",
            gallery_size=613,
            searches=1_092,
            list_length=10,
            fnir=Interval(value="0.052", low="0.040", high="0.067"),
            fpir=Interval(value="0.002", low="0.0004", high="0.006"),
        ),
        rates_here=RatesAtSize(
            gallery_size=41_207,
            fnir=Interval(value="0.052", low="0.040", high="0.068"),
            fpir=Interval(value="0.126", low="0.026", high="0.333"),
        ),
        source_type="cctv",
        ledger=LedgerFacts(seq=4_181, checkpoint=CHECKPOINT),
    )


def opinions() -> tuple[OpinionFacts, ...]:
    return (
        OpinionFacts(
            position=Position.FIRST,
            examiner=PersonId("5e0c1d7f8a2b4c6d9e0f1a2b3c4d5e6f"),
            conclusion=Conclusion.MODERATE_SUPPORT,
            locked_at=AT,
        ),
        OpinionFacts(
            position=Position.SECOND,
            examiner=PersonId("a10b2c3d4e5f60718293a4b5c6d7e8f9"),
            conclusion=Conclusion.STRONG_SUPPORT,
            locked_at=AT,
        ),
    )


def lead_report(
    basis_facts: SearchBasis | None = None, *, name: str = "Invented Person", against: str = ""
) -> LeadReport:
    return LeadReport(
        basis=basis_facts or basis(),
        made_at=AT,
        lead_name=name,
        record_reference="CR-0093-2",
        reference_image_date=date(2021, 6, 30),
        reference_ageing=False,
        released_by=PersonId("77aa0c1d7f8a2b4c6d9e0f1a2b3c4d5e"),
        released_at=AT,
        recipient="DC 4417 (requester)",
        reasons_against=against or "The reference image is almost five years older than the still.\nNo alibi is known.",
        opinions=opinions(),
    )


def search_report(basis_facts: SearchBasis | None = None, *, candidates: int = 0) -> SearchReport:
    return SearchReport(
        basis=basis_facts or basis(),
        made_at=AT,
        candidate_count=candidates,
        review_state="Closed: nobody was listed.",
        opinions=() if not candidates else opinions(),
    )
