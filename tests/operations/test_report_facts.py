import dataclasses
import subprocess
import sys
import typing
from collections.abc import Iterator

import pytest

from countersign.governance.programme import ProgrammeKind
from countersign.operations.report_checks import (
    FOLLOWING,
    ReportFollowsError,
    ReportTellsError,
    check_follows_nobody,
    check_tells_nothing,
)
from countersign.operations.report_disclosure import DisclosedCandidate
from countersign.operations.report_facts import (
    LeadReport,
    MadeReport,
    Picture,
    PictureError,
    PictureRole,
    SearchReport,
)
from countersign.operations.shown_candidates import ShownCandidate
from countersign.outcome.caveat import CaveatAlteredError
from countersign.search.probe import Candidate, SealedList
from tests.reports.sample_reports import basis, lead_report, picture, search_report


def field_names(kind: object) -> Iterator[str]:
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        for name, hint in typing.get_type_hints(kind).items():
            yield name
            yield from field_names(hint)
    for part in typing.get_args(kind):
        yield from field_names(part)


@pytest.mark.parametrize("kind", [LeadReport, SearchReport])
def test_no_report_has_a_field_for_a_score_a_rank_or_another_candidate(kind: type) -> None:
    names = set(field_names(kind))
    assert {"fpir", "n_subjects", "rbi_class"} <= names
    banned = ("score", "rank", "candidate", "percent", "confidence", "template", "codes")
    assert {name for name in names for word in banned if word in name} <= {"candidate_count"}


def test_only_a_lead_report_can_name_anybody() -> None:
    personal = {"lead_name", "record_reference", "reference_image_date"}
    assert personal <= set(field_names(LeadReport))
    assert not personal & set(field_names(SearchReport))
    assert "candidate_count" not in set(field_names(LeadReport))


@pytest.mark.parametrize("report", [lead_report(), search_report()])
@pytest.mark.row("REV-14", "REP-01", "REP-07")
def test_an_edited_caveat_is_refused(report: LeadReport | SearchReport) -> None:
    with pytest.raises(CaveatAlteredError, match=r"expected the (fixed )?caveat"):
        dataclasses.replace(report, caveat="A certain result.")


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (ProgrammeKind.PRODUCTION, ""),
        (ProgrammeKind.DEMONSTRATION, "DEMONSTRATION"),
        (ProgrammeKind.TEST, "TEST"),
    ],
)
def test_every_kind_but_production_is_watermarked(kind: ProgrammeKind, word: str) -> None:
    assert basis(kind).watermark == word


def test_a_picture_is_told_by_its_first_bytes() -> None:
    assert picture(kind="PNG").media_type == "image/png"
    assert picture(kind="JPEG").media_type == "image/jpeg"
    for data in (b"", b"GIF89a", b"<svg/>"):
        with pytest.raises(PictureError, match="expected a PNG or JPEG file"):
            Picture(role=PictureRole.PROBE, caption="x", data=data)


def test_the_facts_import_neither_a_compiler_nor_a_page_engine() -> None:
    code = "import sys, countersign.reports.render as _; print(sorted({'jinja2', 'typst', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.row("REP-02", "REP-13")
@pytest.mark.parametrize("name", ["score", "fused_score", "rank", "percentage", "probability", "other_candidates"])
def test_a_report_with_a_telling_field_however_deep_is_handed_to_nobody(name: str) -> None:
    inner = dataclasses.make_dataclass("Inner", [(name, int)])
    outer = dataclasses.make_dataclass("Outer", [("parts", tuple)])

    with pytest.raises(ReportTellsError, match=name):
        check_tells_nothing(outer((inner(7),)))


@pytest.mark.parametrize("report", [lead_report(), search_report()])
def test_our_reports_tell_nothing(report: LeadReport | SearchReport) -> None:
    assert MadeReport(report=report, pictures=()).report == report


@pytest.mark.row("LFR-05")
@pytest.mark.parametrize("name", ["latitude", "camera", "sightings", "track", "place", "route", "captured_at"])
def test_a_report_that_says_where_or_when_somebody_was_seen_is_handed_to_nobody(name: str) -> None:
    inner = dataclasses.make_dataclass("Inner", [(name, str)])
    outer = dataclasses.make_dataclass("Outer", [("parts", tuple)])

    with pytest.raises(ReportFollowsError, match=name):
        check_follows_nobody(outer((inner("north"),)))


@pytest.mark.parametrize("kind", [LeadReport, SearchReport, Candidate, SealedList, ShownCandidate, DisclosedCandidate])
def test_no_result_has_a_field_for_a_place_a_camera_or_a_series_of_sightings(kind: type) -> None:
    assert not list(filter(FOLLOWING.search, field_names(kind)))
