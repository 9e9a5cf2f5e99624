import os
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from countersign.errors import CountersignError, IntegrityBroken, Invalid, NotFound, Refused
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.media.exhibit import (
    CaptureBasis,
    Depiction,
    DerivedFrom,
    Exhibit,
    PickedFrom,
    RecorderClock,
    SourceType,
)
from countersign.operations.list_members import list_members
from countersign.operations.seal_exhibit import SealExhibit, seal_exhibit
from countersign.primitives.digest import Sha256, sha256
from countersign.primitives.privacy import Privacy
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, START, Scene, check_refused

ADD = Permission.EXHIBIT_ADD


def still(scene: Scene) -> SealExhibit:
    return SealExhibit(
        case_reference="CASE/1",
        number="CTV/1",
        file=str(scene.draw("still.png", Face(person=7))),
        source_type=SourceType.CCTV,
        depiction=Depiction.PHOTOGRAPH,
        privacy=Privacy.PUBLIC_PLACE,
        captured_earliest=LONG_AGO,
        captured_latest=LONG_AGO + timedelta(hours=1),
        basis=CaptureBasis.RECORDER_LOG,
        lawful_origin="handed over",
        supplied_by="a shop",
    )


def seal(scene: Scene, arguments: SealExhibit, who: str = "requester") -> Exhibit:
    return scene.force.do(who, ADD, seal_exhibit, arguments)


@pytest.mark.row("PRB-01")
def test_a_file_is_sealed_with_its_digest_and_its_worst_age(pilot: Scene):
    given = still(pilot)
    exhibit = seal(pilot, given)

    entry = pilot.last()
    assert entry.kind == "exhibit.sealed"
    assert dict(entry.facts) == {
        "source_type": "cctv",
        "basis": "recorder_log",
        "age_hours": 71,
        "medium": "image",
        "privacy": "public_place",
        "origin": "original",
        "contradictions": 0,
    }
    assert (entry.case, set(entry.commit)) == (exhibit.case, {"file", "arguments", "signature"})
    with pilot.reading() as work:
        assert work.exhibits.get(exhibit.id) == exhibit
        assert work.blobs.get(exhibit.blob, key=exhibit.key) == Path(given.file).read_bytes()


def test_a_second_exhibit_joins_the_case_of_its_reference(pilot: Scene):
    first, second = (seal(pilot, replace(still(pilot), number=number)) for number in ("CTV/1", "CTV/2"))
    other = seal(pilot, replace(still(pilot), case_reference="CASE/2"))

    assert (first.case, first.key) == (second.case, second.key)
    assert other.case != first.case


def test_imagery_of_unknown_age_is_as_old_as_its_sealing(pilot: Scene):
    unknown = replace(still(pilot), captured_earliest=None, captured_latest=None, basis=CaptureBasis.SEALED)

    assert seal(pilot, unknown).capture.latest == START
    earlier = replace(unknown, captured_earliest=LONG_AGO)
    assert seal(pilot, earlier).capture.earliest == LONG_AGO


def test_one_capture_time_is_both_bounds(pilot: Scene):
    exhibit = seal(pilot, replace(still(pilot), captured_earliest=None, captured_latest=START))

    assert (exhibit.capture.earliest, exhibit.capture.latest) == (START, START)


@pytest.mark.row("PRB-02", "P-13")
def test_imagery_of_unknown_age_is_refused_under_any_other_basis(pilot: Scene):
    with check_refused(pilot, ADD, "capture_time_unknown"):
        seal(pilot, replace(still(pilot), captured_latest=None))


@pytest.mark.row("PRB-02")
def test_a_capture_time_that_rests_on_the_sealing_alone_is_refused(pilot: Scene):
    with check_refused(pilot, ADD, "capture_time_unknown"):
        seal(pilot, replace(still(pilot), basis=CaptureBasis.SEALED))


@pytest.mark.row("PRB-02")
def test_imagery_from_the_future_is_refused(pilot: Scene):
    with check_refused(pilot, ADD, "capture_in_future"):
        seal(pilot, replace(still(pilot), captured_latest=START + timedelta(milliseconds=1)))


def test_a_capture_interval_that_ends_before_it_begins_is_refused(pilot: Scene):
    with check_refused(pilot, ADD, "capture_interval", family=Invalid):
        seal(pilot, replace(still(pilot), captured_earliest=START))


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("lawful_origin", "lawful_origin_missing"),
        ("supplied_by", "supplier_missing"),
        ("number", "exhibit_number_missing"),
    ],
)
@pytest.mark.row("PRB-01")
def test_a_file_without_lawful_origin_supplier_or_number_is_refused(pilot: Scene, field: str, code: str):
    with check_refused(pilot, ADD, code):
        seal(pilot, replace(still(pilot), **{field: " "}))  # type: ignore[arg-type]


@pytest.mark.parametrize("depiction", [one for one in Depiction if one is not Depiction.PHOTOGRAPH])
@pytest.mark.row("PRB-07")
def test_whatever_is_declared_to_be_no_photograph_is_refused(pilot: Scene, depiction: Depiction):
    with check_refused(pilot, ADD, "not_a_photograph"):
        seal(pilot, replace(still(pilot), depiction=depiction))


def test_intimate_imagery_is_refused_before_it_is_kept(pilot: Scene):
    with check_refused(pilot, ADD, "intimate_imagery"):
        seal(pilot, replace(still(pilot), privacy=Privacy.INTIMATE))


def test_a_file_above_the_limit_is_refused(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("countersign.operations.seal_exhibit.LIMIT_BYTES", 20)

    with check_refused(pilot, ADD, "input_is_oversize"):
        seal(pilot, still(pilot))


@pytest.mark.row("PRB-01")
def test_one_flipped_bit_of_a_sealed_original_is_noticed(pilot: Scene):
    exhibit = seal(pilot, still(pilot))
    path = pilot.folder / "data/blobs" / exhibit.blob[:2] / exhibit.blob
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pilot.reading() as work, pytest.raises(IntegrityBroken):
        work.blobs.get(exhibit.blob, key=exhibit.key)


def test_a_derived_exhibit_says_where_its_master_is(pilot: Scene):
    master = DerivedFrom(
        sha256=Sha256("ab" * 32), reference="VID/3", holder="the hospital", tool="Player 4.1", operator="A. Clerk"
    )
    exhibit = seal(pilot, replace(still(pilot), derived_from=replace(master, face_only=True)))

    assert exhibit.derived_from == replace(master, face_only=True)
    assert pilot.last().facts["origin"] == "derived"
    with pytest.raises(Invalid, match="SHA-256 in 64 hexadecimal digits, tool"):
        replace(master, sha256=Sha256("AB"), tool=" ")


def test_the_retention_rule_of_the_day_is_kept_with_the_exhibit(pilot: Scene):
    exhibit = seal(pilot, still(pilot))

    assert (exhibit.retention_days, exhibit.retention_from) == (31, "case_closed")


def taken_by_a_camera(scene: Scene, written: str) -> str:
    path = scene.draw("camera.png", Face(person=7))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 1
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = written
    with Image.open(path) as image:
        image.save(path, exif=exif)
    return str(path)


@pytest.mark.row("PRB-02")
def test_a_cameras_time_that_contradicts_the_statement_is_recorded(pilot: Scene):
    exhibit = seal(pilot, replace(still(pilot), file=taken_by_a_camera(pilot, "2019:05:01 10:00:00")))

    assert exhibit.camera_time == "2019-05-01T10:00:00"
    assert [one.kind for one in exhibit.contradictions] == ["camera_time_outside"]
    assert pilot.last().facts["contradictions"] == 1


@pytest.mark.row("PRB-02", "P-13")
def test_the_smallest_bound_counts_and_a_recorders_clock_is_corrected(pilot: Scene):
    ahead = RecorderClock(shown=LONG_AGO + timedelta(hours=2), true=LONG_AGO)
    exhibit = seal(pilot, replace(still(pilot), recorder=ahead, seized_at=LONG_AGO + timedelta(hours=9)))

    assert exhibit.capture.earliest == LONG_AGO - timedelta(hours=2)
    assert exhibit.capture.latest == LONG_AGO - timedelta(hours=1)
    assert [one.kind for one in exhibit.contradictions] == ["recorder_clock_off"]


def inputs(folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    os.mkfifo(folder / "pipe")
    (folder / "empty.png").touch()
    (folder / "list.m3u8").write_text("#EXTM3U")
    (folder / "noise.png").write_bytes(b"no picture at all")
    (folder / "link.png").symlink_to(folder / "noise.png")
    names = {"pipe", "empty.png", "list.m3u8", "noise.png", "link.png", "nowhere.png"}
    paths = {name: str(folder / name) for name in names}
    (folder / "folder").mkdir()
    paths["folder"] = str(folder / "folder")
    return paths | {"address": "rtsp://camera/1", "page": "https://example.org/a.jpg", "device": "/dev/zero"}


@pytest.mark.parametrize(
    ("name", "code", "family"),
    [
        ("address", "input_is_a_stream", Refused),
        ("page", "input_is_a_stream", Refused),
        ("device", "input_is_not_a_file", Refused),
        ("pipe", "input_is_not_a_file", Refused),
        ("folder", "input_is_not_a_file", Refused),
        ("link.png", "input_is_a_link", Refused),
        ("list.m3u8", "input_is_a_playlist", Refused),
        ("empty.png", "input_is_empty", Refused),
        ("nowhere.png", "input_not_found", NotFound),
        ("noise.png", "undecodable_image", Invalid),
    ],
)
@pytest.mark.row("LFR-01")
def test_what_is_no_closed_picture_is_refused(
    pilot: Scene, tmp_path: Path, name: str, code: str, family: type[CountersignError]
):
    file = inputs(tmp_path / "inputs")[name]

    with check_refused(pilot, ADD, code, family=family):
        seal(pilot, replace(still(pilot), file=file))


def test_before_the_pilot_every_exhibit_is_refused(founded: Scene):
    with check_refused(founded, ADD, "programme_state"):
        seal(founded, still(founded))


def test_in_a_suspended_programme_every_exhibit_is_refused(pilot: Scene):
    pilot.force.advance(ProgrammeState.SUSPENDED, "dpo")

    with check_refused(pilot, ADD, "programme_state"):
        seal(pilot, still(pilot))


def test_people_outside_casework_are_refused(pilot: Scene):
    with check_refused(pilot, ADD, "not_permitted", spoke="policy"):
        seal(pilot, still(pilot), "owner")


def report(scene: Scene, *members: str) -> tuple[Path, bytes]:
    """Give an extraction report with one picture, and the picture's bytes."""
    picture = Path(still(scene).file).read_bytes()
    path = scene.folder / "report.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("report/about.txt", "made by a tool")
        archive.writestr("report/media/still.png", picture)
        for member in members:
            archive.writestr(member, b"x")
    return path, picture


def test_one_picture_is_picked_from_an_extraction_report_and_nothing_else_is_kept(pilot: Scene):
    path, picture = report(pilot)
    (chosen,) = [one.index for one in list_members(str(path)) if one.name.endswith(".png")]
    before = {name.name for name in pilot.folder.iterdir()}
    exhibit = seal(pilot, replace(still(pilot), file=str(path), member=chosen))

    assert exhibit.picked_from == PickedFrom(
        sha256=sha256(path.read_bytes()), index=chosen, name="report/media/still.png"
    )
    assert (exhibit.sha256, exhibit.format) == (sha256(picture), "PNG")
    assert pilot.last().facts["origin"] == "picked"
    assert {name.name for name in pilot.folder.iterdir()} == before
    with pilot.reading() as work:
        assert work.blobs.get(exhibit.blob, key=exhibit.key) == picture


@pytest.mark.parametrize(
    ("member", "extra", "code"),
    [(1, "../../x.png", "archive"), (9, "x.png", "archive"), (0, "x.png", "undecodable_image")],
    ids=["leads outside", "no such file", "no picture"],
)
def test_an_archive_that_leads_outside_or_a_member_that_is_no_picture_is_refused(
    pilot: Scene, member: int, extra: str, code: str
):
    path, _ = report(pilot, extra)

    with check_refused(pilot, ADD, code, family=Invalid):
        seal(pilot, replace(still(pilot), file=str(path), member=member))


@pytest.mark.row("LFR-01")
def test_a_file_that_a_recorder_still_writes_is_refused(pilot: Scene):
    given = still(pilot)
    with Path(given.file).open("ab"), check_refused(pilot, ADD, "input_is_growing"):
        seal(pilot, given)
