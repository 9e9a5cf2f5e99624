import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from countersign.errors import CountersignError, Invalid, NotFound, Refused
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.media.exhibit import CaptureBasis, Exhibit, SourceType
from countersign.operations.seal_exhibit import SealExhibit, seal_exhibit
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, START, Scene, check_refused

ADD = Permission.EXHIBIT_ADD


def still(scene: Scene) -> SealExhibit:
    return SealExhibit(
        case_reference="CASE/1",
        number="CTV/1",
        file=str(scene.draw("still.png", Face(person=7))),
        source_type=SourceType.CCTV,
        captured_earliest=LONG_AGO,
        captured_latest=LONG_AGO + timedelta(hours=1),
        basis=CaptureBasis.RECORDER_LOG,
        lawful_origin="handed over",
        supplied_by="a shop",
    )


def seal(scene: Scene, arguments: SealExhibit, who: str = "requester") -> Exhibit:
    return scene.force.do(who, ADD, seal_exhibit, arguments)


def test_a_file_is_sealed_with_its_digest_and_its_worst_age(pilot: Scene):
    given = still(pilot)
    exhibit = seal(pilot, given)

    entry = pilot.last()
    assert entry.kind == "exhibit.sealed"
    assert dict(entry.facts) == {"source_type": "cctv", "basis": "recorder_log", "age_hours": 71}
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


def test_imagery_of_unknown_age_is_refused_under_any_other_basis(pilot: Scene):
    with check_refused(pilot, ADD, "capture_time_unknown"):
        seal(pilot, replace(still(pilot), captured_latest=None))


def test_a_capture_time_that_rests_on_the_sealing_alone_is_refused(pilot: Scene):
    with check_refused(pilot, ADD, "capture_time_unknown"):
        seal(pilot, replace(still(pilot), basis=CaptureBasis.SEALED))


def test_imagery_from_the_future_is_refused(pilot: Scene):
    with check_refused(pilot, ADD, "capture_in_future"):
        seal(pilot, replace(still(pilot), captured_latest=START + timedelta(milliseconds=1)))


def test_a_capture_interval_that_ends_before_it_begins_is_refused(pilot: Scene):
    with check_refused(pilot, ADD, "capture_interval", family=Invalid):
        seal(pilot, replace(still(pilot), captured_earliest=START))


def test_a_file_without_lawful_origin_is_refused(pilot: Scene):
    with check_refused(pilot, ADD, "lawful_origin_missing"):
        seal(pilot, replace(still(pilot), lawful_origin=" "))


def inputs(folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    os.mkfifo(folder / "pipe")
    (folder / "empty.png").touch()
    (folder / "list.m3u8").write_text("#EXTM3U")
    (folder / "noise.png").write_bytes(b"no picture at all")
    (folder / "link.png").symlink_to(folder / "noise.png")
    names = {"pipe", "empty.png", "list.m3u8", "noise.png", "link.png", "nowhere.png"}
    paths = {name: str(folder / name) for name in names}
    return paths | {"address": "rtsp://camera/1", "page": "https://example.org/a.jpg", "device": "/dev/zero"}


@pytest.mark.parametrize(
    ("name", "code", "family"),
    [
        ("address", "input_is_a_stream", Refused),
        ("page", "input_is_a_stream", Refused),
        ("device", "input_is_not_a_file", Refused),
        ("pipe", "input_is_not_a_file", Refused),
        ("link.png", "input_is_a_link", Refused),
        ("list.m3u8", "input_is_a_playlist", Refused),
        ("empty.png", "input_is_empty", Refused),
        ("nowhere.png", "input_not_found", NotFound),
        ("noise.png", "undecodable_image", Invalid),
    ],
)
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
