"""A recording of two men on a stage: scanned, one track picked, and the right person listed first among 603."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from countersign.operations.edited_pictures import open_still
from countersign.operations.locate_faces import detection_of
from tests.journeys.station import Station

CLIP = "short_hamilton_clip.mp4"
SINGER, PIANIST = "lin-manuel-miranda", "alex-lacamoire"
Track = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Scanned:
    """Everybody enrolled, and a scanned recording."""

    station: Station
    collection: str
    exhibit: str
    said: Mapping[str, object]

    @property
    def tracks(self) -> Sequence[Track]:
        return cast("Sequence[Track]", self.said["tracks"])

    def sheet(self, name: str) -> Mapping[str, object]:
        station = self.station
        return station.command.do(
            "exhibit", "tracks", self.exhibit, "--out", station.home / name, "--key", station.key("requester")
        )

    def pick(self, *picked: str) -> str:
        said = self.station.command.do(
            "exhibit", "pick", *picked, "--reason", "the person who reaches over the counter", "--quality-note",
            "no better one is there", "--key", self.station.key("requester"),
        )  # fmt: skip
        return cast("str", said["id"])

    def copied(self, home: Path) -> "Scanned":
        return Scanned(self.station.copied(home), self.collection, self.exhibit, self.said)

    def listed(self, probe: str) -> list[str]:
        return self.station.listed(self.station.search(self.station.ask(probe, self.collection)))


def references(images: Path) -> Iterator[tuple[str, Path]]:
    for name in (SINGER, PIANIST):
        yield name, images / "video" / f"{name}.png"
    for folder in sorted(path for path in (images / "lfw").iterdir() if path.is_dir()):
        yield f"lfw-{folder.name}", folder / f"{folder.name}_0001.jpg"


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory, piloted: Station, research_images: Path) -> Scanned:
    station = piloted.copied(tmp_path_factory.mktemp("recordings") / "scanned")
    collection = station.register()
    station.enrol(collection, station.manifest(references(research_images)))
    exhibit = station.seal(research_images / "video" / CLIP)
    said = station.command.do(
        "exhibit", "scan", exhibit, "--out", station.home / "sheet", "--key", station.key("requester")
    )
    return Scanned(station, collection, exhibit, said)


def test_a_scan_writes_a_contact_sheet_and_a_timeline(scanned: Scanned):
    html, picture, timeline = (Path(str(name)) for name in cast("list[str]", scanned.said["files"]))

    assert scanned.said["finished"] is True
    assert len(scanned.tracks) >= 12
    assert all(name.read_bytes().startswith(b"\x89PNG") for name in (picture, timeline))
    page = html.read_text(encoding="utf-8")
    assert page.count("<li") == len(scanned.tracks)
    assert "<script" not in page


def test_a_sheet_is_never_written_over(scanned: Scanned):
    station = scanned.station
    again = ("exhibit", "tracks", scanned.exhibit, "--out", station.home / "sheet", "--key", station.key("requester"))

    assert station.command.run(*again).exit_code != 0


def longest(scanned: Scanned) -> int:
    """Give the track that is longest in sight: the singer's, who is shown alone for four seconds."""
    return max((cast("str", one["to"]), cast("int", one["number"])) for one in scanned.tracks if one["stills"] == 5)[1]


def test_a_picked_track_of_the_singer_lists_him_first_and_all_others_are_masked(scanned: Scanned, tmp_path: Path):
    copy = scanned.copied(tmp_path / "copy")
    number = longest(scanned)
    probe = copy.pick(f"{copy.exhibit}:{number}")

    assert copy.listed(probe)[:1] == [SINGER]
    after = copy.sheet("after")
    assert after["picked"] == [number]
    page = (copy.station.home / "after.html").read_text(encoding="utf-8")
    assert page.count(", masked</h2>") == len(scanned.tracks) - 1
    with copy.station.command.archive() as work:
        assert [one.id for one in work.probes.where()] == [probe]


def test_of_a_picked_track_of_the_pianist_he_is_nearest(scanned: Scanned, tmp_path: Path):
    """He is 25 px wide, at the left of the first pictures: too small to be listed at the strict operating point."""
    copy = scanned.copied(tmp_path / "copy")
    with copy.station.command.archive() as work:
        (left,) = [
            track.number
            for track in work.tracks.where(exhibit=copy.exhibit)
            if track.first_ms == 0 and track.box_px[0] < 100
        ]
    probe = copy.pick(f"{copy.exhibit}:{left}")
    engine = copy.station.command.engine
    with copy.station.command.archive() as work:
        stills = [work.faces.get(still.face) for still in work.probes.get(probe).stills]
        pictures = [open_still(work, work.exhibits.get(face.exhibit)) for face in stills]
        codes, subjects = work.gallery.matrix(copy.collection, engine.extractor)
        faces = [(rgb, detection_of(face)) for rgb, face in zip(pictures, stills, strict=True)]
        described = engine.describe_probe(faces)
        nearest = subjects[int((described.astype(int) @ codes.astype(int).T).sum(axis=0).argmax())]

        assert work.subjects.get(nearest).external_id == PIANIST


def test_a_box_drawn_by_hand_joins_a_track_with_its_basis(scanned: Scanned, tmp_path: Path):
    copy = scanned.copied(tmp_path / "copy")
    picture = copy.station.home / "moment.png"
    shown = copy.station.command.do(
        "exhibit", "moment", copy.exhibit, "--at", "0.4", "--out", picture, "--key", copy.station.key("requester")
    )
    box = f"{copy.exhibit}@0:00:00.4=522,46,562,98:the same suit and microphone"
    probe = copy.pick(f"{copy.exhibit}:{longest(scanned)}/1,2", "--box", box)

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert (shown["width_px"], shown["height_px"]) == (640, 360)
    with copy.station.command.archive() as work:
        bases = [still.same_person_basis for still in work.probes.get(probe).stills]
    assert any("the same suit and microphone" in basis for basis in bases)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("pick", "E:x"), "picked_track"),
        (("pick", "--box", "E@1=1,2,3"), "marked_box"),
        (("pick", "--box", "E@1=5,5,5,9"), "marked_box"),
        (("pick", "E:1", "--face", "P:x"), "marked_face"),
        (("moment", "E", "--at", "noon", "--out", "moment.png"), "moment"),
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example(
    begun: Station, arguments: tuple[str, ...], code: str, tmp_path: Path
):
    out = [str(tmp_path / one) if one.endswith(".png") else one for one in arguments]
    more = ("--reason", "the one at the till") if arguments[0] == "pick" else ()
    ended = begun.command.run("exhibit", *out, *more, "--key", begun.key("requester"), "--json")

    assert ended.exit_code != 0
    assert ended.json()["code"] == code


def test_a_broken_recording_is_refused_with_what_is_wrong_with_it(piloted: Station, research_images: Path):
    broken = research_images / "video" / "video_01_invalid.mp4"
    ended = piloted.command.run(*piloted.seal_arguments(broken, taken=piloted.days_ago(3)), "--json")

    assert ended.exit_code != 0
    assert "its index is missing" in str(ended.json()["message"])


@pytest.mark.parametrize(
    "name",
    ["h265_aac.mp4", "mp4v_aac.mp4", "theora_opus.ogg", "vp8_opus.webm", "xvid_aac.avi", "new_face_video-90.mp4"],
)
def test_every_codec_and_a_rotated_recording_are_scanned(
    piloted: Station, research_images: Path, tmp_path: Path, name: str
):
    station = piloted.copied(tmp_path / "copy")
    exhibit = station.seal(research_images / "video" / name)
    said = station.command.do(
        "exhibit", "scan", exhibit, "--out", tmp_path / "sheet", "--key", station.key("requester")
    )

    assert said["finished"] is True
    assert len(cast("list[Track]", said["tracks"])) >= (2 if "face" in name else 3)
