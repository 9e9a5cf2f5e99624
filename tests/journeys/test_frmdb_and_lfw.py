"""Mugshots and CCTV stills of twelve people among 613, through the command line: who is listed, and who is not."""

import csv
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from countersign.cli.demonstration.casework import AGAINST
from countersign.governance.register import LegalStatus
from countersign.media.sandbox.decoder import plain_png
from countersign.outcome.caveat import CAVEAT
from tests.journeys.station import Station

VIEWS = ("13", "23", "33", "43", "53", "32", "34")
PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Everybody enrolled, and one authorised request for each subject of frmdb."""

    station: Station
    collection: str
    rows: list[dict[str, str]]
    requests: dict[str, str]
    left_out: list[Path]

    def search_copy(self, home: Path, subject: str, *erased: str) -> list[str]:
        """Erase subjects in a copy, run one subject's search there and give who is listed."""
        copy = self.station.copied(home)
        for name in erased:
            arguments = ("erase", name, "--collection", self.collection, "--rule", "request_granted")
            copy.command.do(*arguments, "--key", copy.key("owner"))
        listed = copy.listed(copy.search(self.requests[subject]))
        shutil.rmtree(home)
        return listed


def views(images: Path, subject: str) -> list[Path]:
    return [images / "frmdb" / subject / f"mugshot_{view}.jpg" for view in VIEWS]


def references(images: Path) -> Iterator[tuple[str, Path]]:
    for folder in sorted((images / "frmdb").iterdir()):
        yield from ((f"frmdb-{folder.name}", file) for file in views(images, folder.name))
    for folder in sorted(path for path in (images / "lfw").iterdir() if path.is_dir()):
        yield f"lfw-{folder.name}", folder / f"{folder.name}_0001.jpg"


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory, piloted: Station, research_images: Path) -> Enrolled:
    station = piloted.copied(tmp_path_factory.mktemp("frmdb") / "enrolled")
    collection = station.register()
    listing = station.home / "enrolled.csv"
    manifest = station.manifest(references(research_images))
    station.enrol(collection, manifest, "--list", listing)
    shutil.rmtree(manifest.parent)
    with listing.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    requests: dict[str, str] = {}
    left_out: list[Path] = []
    for folder in sorted((research_images / "frmdb").iterdir()):
        probe, without_face = station.probe(sorted(folder.glob("cctv_0?.jpg")))
        requests[f"frmdb-{folder.name}"] = station.ask(probe, collection)
        left_out += without_face
    return Enrolled(station, collection, rows, requests, left_out)


def test_the_enrolment_list_has_a_row_for_every_file(enrolled: Enrolled, research_images: Path):
    given = [f"{subject}-{file.name}" for subject, file in references(research_images)]

    assert [Path(row["file"]).name for row in enrolled.rows] == given
    assert {row["subject"] for row in enrolled.rows if row["outcome"] == "enrolled"} == {
        subject for subject, _ in references(research_images)
    }
    assert len({row["subject"] for row in enrolled.rows}) == 613
    assert all(row["reason"] for row in enrolled.rows if row["outcome"] != "enrolled")


def test_stills_without_a_located_face_are_few_and_leave_every_subject_a_probe(enrolled: Enrolled):
    assert len(enrolled.requests) == PEOPLE
    assert len(enrolled.left_out) <= 6


def test_five_stills_list_their_subject_first_for_at_least_eleven_of_twelve(enrolled: Enrolled, tmp_path: Path):
    station = enrolled.station.copied(tmp_path / "copy")
    lists = {subject: station.listed(station.search(request)) for subject, request in enrolled.requests.items()}
    first = [subject for subject, listed in lists.items() if listed[:1] == [subject]]

    assert len(first) >= PEOPLE - 1, lists


def test_with_the_subject_erased_the_list_is_empty_for_at_least_nine_of_twelve(enrolled: Enrolled, tmp_path: Path):
    lists = {name: enrolled.search_copy(tmp_path / name, name, name) for name in enrolled.requests}
    empty = [subject for subject, listed in lists.items() if not listed]

    assert not [subject for subject, listed in lists.items() if subject in listed]
    assert len(empty) >= PEOPLE - 3, lists


def test_a_record_whose_status_lapses_leaves_the_gallery_and_comes_back_with_its_status(
    enrolled: Enrolled, tmp_path: Path, research_images: Path
):
    station, subject = enrolled.station.copied(tmp_path / "copy"), "frmdb-028"
    files = [(subject, file) for file in views(research_images, "028")]
    hidden = station.enrol(enrolled.collection, station.manifest(files, status=LegalStatus.NFA))
    without = station.listed(station.search(enrolled.requests[subject]))
    probe, _ = station.probe(sorted((research_images / "frmdb" / "028").glob("cctv_0?.jpg")), case="CASE/2026/again")
    shown = station.enrol(enrolled.collection, station.manifest(files, status=LegalStatus.CHARGED))
    again = station.listed(station.search(station.ask(probe, enrolled.collection)))

    assert hidden["counts"] == shown["counts"] == {"status_updated": 1, "already_enrolled": len(VIEWS) - 1}
    assert subject not in without
    assert again[:1] == [subject]


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, enrolled: Enrolled, research_images: Path) -> Station:
    """Give a copy in which the search for frmdb-031 ended in a released lead with its outcome and reports."""
    station = enrolled.station.copied(tmp_path_factory.mktemp("frmdb") / "released")
    request = enrolled.requests["frmdb-031"]
    portrait = plain_png(views(research_images, "031")[2].read_bytes())
    station.search(request)
    for who in ("operator", "examiner"):
        station.review(request, who, portrait)
    lead = cast("str", station.show(request)["lead"])
    station.release(lead)
    station.command.do(
        "lead", "outcome", lead, "--code", "arrest", "--evidence", "forensic:fingerprint FP/3 on the till",
        "--own-comparison", "I compared still and photograph myself: outline and brows agree, the nose tip less so.",
        "--reasons-against", AGAINST, "--key", station.key("requester"),
    )  # fmt: skip
    for kind, named in (("lead", lead), ("search", request)):
        out = station.home / "reports" / kind
        station.command.do("report", kind, named, "--out", out, "--key", station.key("requester"))
    station.command.do(
        "ledger",
        "export",
        station.home / "export",
        "--justification",
        "criminal_proceedings",
        "--key",
        station.key("oversight"),
    )
    assert station.show(request)["state"] == "outcome_recorded"
    return station


def test_the_report_of_a_lead_exists_as_html_and_pdf_and_names_nobody_else(released: Station):
    folder = released.home / "reports"
    html = (folder / "lead.html").read_text(encoding="utf-8")

    assert (folder / "lead.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "search.pdf").read_bytes().startswith(b"%PDF")
    assert CAVEAT in html
    assert "lfw-" not in html


def test_the_search_report_names_nobody(released: Station):
    html = (released.home / "reports" / "search.html").read_text(encoding="utf-8")

    assert "frmdb-" not in html
    assert "613" in html


def test_the_pdf_carries_the_fixed_caveat(released: Station):
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("needs pdftotext to read a PDF")
    read = subprocess.run(
        [program, "-raw", str(released.home / "reports" / "lead.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout

    assert "".join(CAVEAT.split()) in "".join(read.split())


def test_the_log_of_the_whole_journey_verifies(released: Station):
    ended = released.command.run("ledger", "verify", "--json")

    assert ended.exit_code == 0
    assert ended.json()["findings"] == []


def verified(released: Station, export: Path) -> "subprocess.CompletedProcess[str]":
    program = export.parent / "countersign-verify"
    if not program.exists():
        released.command.do("ledger", "verifier", program)
    command = [sys.executable, "-I", "-S", str(program), str(export)]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={})


def test_an_outsider_verifies_the_export_with_one_file_and_bare_python(released: Station, tmp_path: Path):
    export = shutil.copytree(released.home / "export", tmp_path / "export")
    ended = verified(released, export)

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_an_outsider_finds_one_changed_entry(released: Station, tmp_path: Path):
    export = shutil.copytree(released.home / "export", tmp_path / "export")
    lines = (export / "entries.jsonl").read_bytes().splitlines(keepends=True)
    at, line = next((at, line) for at, line in enumerate(lines) if b'"search.sealed"' in line)
    lines[at] = line.replace(b'"candidates":1', b'"candidates":2')
    (export / "entries.jsonl").write_bytes(b"".join(lines))
    ended = verified(released, export)

    assert lines[at] != line
    assert ended.returncode == 1
    assert "root_wrong" in ended.stdout


def test_no_name_and_no_score_stands_in_the_log(released: Station, enrolled: Enrolled):
    entries = (released.home / "export" / "entries.jsonl").read_text(encoding="utf-8")

    assert not [row["subject"] for row in enrolled.rows if row["subject"] in entries]
    assert "score" not in entries
