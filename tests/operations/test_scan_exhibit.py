import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from countersign.errors import Conflict, Invalid, NotFound
from countersign.faces.detection import Detection
from countersign.governance.permission import Permission
from countersign.media.exhibit import Exhibit, Medium
from countersign.media.footage import BytesSource, Footage, Stretch, StretchEnd
from countersign.media.sandbox import viewer
from countersign.media.sandbox.viewer import Beholder, StretchLostError
from countersign.media.scan import Track, TrackStill
from countersign.operations import scan_exhibit as module
from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit
from countersign.operations.shown_tracks import TrackSheet
from countersign.primitives.arrays import RgbImage
from countersign.primitives.ids import ExhibitId, PictureId
from tests.fakes import Face, FakeEngine
from tests.operations.films import NOBODY, film
from tests.operations.scene import LONG_AGO, Scene, check_refused

R = TypeVar("R")
SCAN = Permission.EXHIBIT_SCAN
ONE, OTHER = Face(person=44), Face(person=84)


def scan(scene: Scene, exhibit: ExhibitId, *, page: int = 1, who: str = "requester") -> TrackSheet:
    return scene.force.do(who, SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit, page=page))


def sealed(scene: Scene, *pictures: list[Face], every_key: int = 25) -> Exhibit:
    path = film(scene.folder / "pictures" / "film.mp4", pictures, every_key=every_key)
    return scene.casework.seal(path, taken=LONG_AGO)


def two_people(scene: Scene) -> Exhibit:
    """Both at once for 1.6 s, nobody for 2 s, then one of them for 1 s."""
    return sealed(scene, *[[ONE, OTHER]] * 8, *[[NOBODY, NOBODY]] * 10, *[[ONE, NOBODY]] * 5)


def kept(scene: Scene) -> list[tuple[object, ...]]:
    with scene.reading() as work:
        tracks = [track for one in work.scans.where() for track in work.tracks.where(scan=one.id)]
        pictures = {one.id: one.png for scan in work.scans.where() for one in work.pictures.where(scan=scan.id)}
    return [_plain(track, pictures) for track in tracks]


def _plain(track: Track, pictures: Mapping[PictureId, bytes]) -> tuple[object, ...]:
    stills = tuple((one.slot, one.time_ms, one.value, one.box_px, pictures[one.picture]) for one in track.stills)
    return (track.number, track.first_ms, track.last_ms, track.seen, track.is_open, track.box_px, stills)


@pytest.mark.row("PRB-03")
def test_faces_are_followed_and_no_template_is_made(pilot: Scene):
    exhibit = two_people(pilot)
    found = scan(pilot, exhibit.id)

    assert exhibit.medium is Medium.VIDEO
    assert found.spans_ms == ((1, 0, 1400), (2, 0, 1400), (3, 3600, 4400))
    assert [(track.number, track.seen) for track in found.shown] == [(1, 8), (2, 8), (3, 5)]
    assert all(track.stills and not track.is_masked for track in found.shown)
    assert pilot.engine.described == 0
    entry = pilot.last()
    assert (entry.kind, dict(entry.facts)) == (
        "exhibit.scanned",
        {"seconds": 4, "tracks": 3, "damaged": 0, "finished": "yes"},
    )


def test_scanned_again_a_recording_is_not_looked_at_again(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = two_people(pilot)
    first = scan(pilot, exhibit.id)
    monkeypatch.setattr(module, "watch", lambda *_: pytest.fail("it was decoded again"))

    assert scan(pilot, exhibit.id).spans_ms == first.spans_ms


def stretches(monkeypatch: pytest.MonkeyPatch, *, of_ms: int = 1000) -> None:
    monkeypatch.setattr(module, "SOFT_MS", of_ms)


def test_tracks_go_on_from_stretch_to_stretch(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = two_people(pilot)
    stretches(monkeypatch)
    found = scan(pilot, exhibit.id)

    assert found.spans_ms == ((1, 0, 1400), (2, 0, 1400), (3, 3600, 4400))
    assert [entry.facts["finished"] for entry in pilot.entries() if entry.kind == "exhibit.scanned"] == [
        *["no"] * 5,
        "yes",
    ]


class Dies(Exception):  # noqa: N818
    """The process ends here."""


@pytest.mark.parametrize("after", range(1, 5))
def test_a_scan_that_was_killed_goes_on_and_finds_what_it_would_have_found(
    pilot: Scene, monkeypatch: pytest.MonkeyPatch, after: int
):
    stretches(monkeypatch)
    whole, cut = two_people(pilot), two_people(pilot)
    scan(pilot, whole.id)
    expected = kept(pilot)
    watched = viewer.watch
    count = 0

    def watch(source: BytesSource, stretch: Stretch, beholder: Beholder) -> StretchEnd:
        nonlocal count
        count += 1
        if count > after:
            watched(source, stretch, beholder)
            raise Dies
        return watched(source, stretch, beholder)

    monkeypatch.setattr(module, "watch", watch)
    with pytest.raises(Dies):
        scan(pilot, cut.id)
    monkeypatch.setattr(module, "watch", watched)
    found = scan(pilot, cut.id)

    assert found.tracks == 3
    assert kept(pilot)[3:] == expected


def test_a_stretch_whose_decoder_is_lost_is_told_as_damaged(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = sealed(pilot, *[[ONE]] * 50)
    watched = viewer.watch

    def watch(source: BytesSource, stretch: Stretch, beholder: Beholder) -> StretchEnd:
        if stretch.start_ms < 3000:
            watched(source, replace(stretch, soft_ms=500, hard_ms=1000), beholder)
            raise StretchLostError("its decoder was stopped by SIGSEGV")
        return watched(source, stretch, beholder)

    monkeypatch.setattr(module, "watch", watch)
    found = scan(pilot, exhibit.id)

    assert found.damaged_ms == ((801, 5801),)
    assert len(found.spans_ms) == 2
    assert found.spans_ms[0] == (1, 0, 800)


def test_a_recording_that_no_decoder_survives_is_refused_and_keeps_what_was_found(
    pilot: Scene, monkeypatch: pytest.MonkeyPatch
):
    exhibit = sealed(pilot, *[[ONE]] * 50)
    monkeypatch.setattr(module, "LOST_IN_A_ROW", 2)

    def watch(*_: object) -> StretchEnd:
        raise StretchLostError("its decoder was stopped by SIGSEGV")

    monkeypatch.setattr(module, "watch", watch)
    with pytest.raises(StretchLostError):
        scan(pilot, exhibit.id)
    assert pilot.last().kind == "denied"
    with pilot.reading() as work:
        assert work.scans.where(exhibit=exhibit.id)[0].next_ms == 5000


def test_a_short_recording_that_is_lost_is_over(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = sealed(pilot, [ONE])

    def watch(*_: object) -> StretchEnd:
        raise StretchLostError("its decoder was stopped by SIGSEGV")

    monkeypatch.setattr(module, "watch", watch)
    found = scan(pilot, exhibit.id)

    assert (found.tracks, found.damaged_ms) == (0, ((0, 5000),))


def test_progress_is_told(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = two_people(pilot)
    stretches(monkeypatch)
    told: list[tuple[int, int]] = []
    pilot.force.desk = replace(pilot.force.desk, progress=lambda done, everything: told.append((done, everything)))
    scan(pilot, exhibit.id)

    assert told[:2] == [(0, 4600), (200, 4600)]
    assert told[-1] == (4600, 4600)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_two_that_scan_at_once_are_told_apart_and_the_later_is_refused(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = two_people(pilot)
    watched = viewer.watch

    def watch(source: BytesSource, stretch: Stretch, beholder: Beholder) -> StretchEnd:
        monkeypatch.setattr(module, "watch", watched)
        scan(pilot, exhibit.id)
        return watched(source, stretch, beholder)

    monkeypatch.setattr(module, "watch", watch)
    with pytest.raises(Conflict, match="expected to be the only one"):
        scan(pilot, exhibit.id)
    assert len(kept(pilot)) == 3


def test_a_single_picture_is_refused(marked: Scene):
    with check_refused(marked, SCAN, "not_a_recording", family=Invalid):
        scan(marked, marked.ids.exhibit)


def test_a_recording_is_refused_where_a_picture_is_needed(pilot: Scene):
    exhibit = two_people(pilot)

    with check_refused(pilot, Permission.EXHIBIT_LOCATE, "not_a_still", family=Invalid):
        pilot.casework.locate(exhibit.id)


def test_a_page_that_does_not_exist_is_refused(pilot: Scene):
    exhibit = two_people(pilot)
    scan(pilot, exhibit.id)

    with pytest.raises(Invalid, match="expected a page from 1 to 1, got 2"):
        scan(pilot, exhibit.id, page=2)


def test_people_outside_casework_are_refused(pilot: Scene):
    exhibit = two_people(pilot)

    with check_refused(pilot, SCAN, "not_permitted", spoke="policy"):
        scan(pilot, exhibit.id, who="examiner")


def test_a_broken_recording_is_refused_and_nothing_of_it_is_kept(pilot: Scene, tmp_path: Path):
    whole = film(tmp_path / "whole.mp4", [[ONE]] * 10).read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[:32] + os.urandom(len(whole)))

    with check_refused(pilot, Permission.EXHIBIT_ADD, "undecodable_video", family=Invalid):
        pilot.casework.seal(broken, taken=LONG_AGO)


def test_a_picture_larger_than_a_picture_may_be_is_refused(
    pilot: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("countersign.operations.seal_exhibit.LIMIT_BYTES", 100)

    with check_refused(pilot, Permission.EXHIBIT_ADD, "input_is_oversize"):
        pilot.casework.seal(pilot.draw("large.png", *[Face(person=k) for k in range(1, 30)]), taken=LONG_AGO)
    assert tmp_path.is_dir()


class ClearerLater(FakeEngine):
    """Sees a drawn face as clearly as its quality says."""

    def glimpse(self, rgb: RgbImage) -> tuple[Detection, ...]:
        return self.locate(rgb // 8 * 8, thorough=False)


def stills_and_pixels(scene: Scene) -> tuple[list[TrackStill], set[PictureId]]:
    with scene.reading() as work:
        (one,) = work.scans.where()
        stills = [still for track in work.tracks.where(scan=one.id) for still in track.stills]
        return stills, {picture.id for picture in work.pictures.where(scan=one.id)}


def test_a_still_that_is_bettered_later_goes_with_its_pixels(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    poor, good = replace(ONE, quality=0.7), replace(ONE, quality=0.95)
    exhibit = sealed(pilot, *[[poor, NOBODY]] * 6, *[[good, NOBODY]] * 14)
    stretches(monkeypatch)
    pilot.force.desk = replace(pilot.force.desk, engine=ClearerLater())
    watched, count = viewer.watch, 0

    def once(source: BytesSource, stretch: Stretch, beholder: Beholder) -> StretchEnd:
        nonlocal count
        count += 1
        if count > 1:
            raise Dies
        return watched(source, stretch, beholder)

    monkeypatch.setattr(module, "watch", once)
    with pytest.raises(Dies):
        scan(pilot, exhibit.id)
    first, before = stills_and_pixels(pilot)
    monkeypatch.setattr(module, "watch", watched)
    scan(pilot, exhibit.id)
    last, after = stills_and_pixels(pilot)

    assert [(still.slot, still.time_ms) for still in first] == [("front 1", 0), ("front 2", 800)]
    assert {still.picture for still in first} == before
    assert [(still.slot, still.time_ms) for still in last] == [
        *(("front 2", 1200), ("front 3", 2000), ("front 4", 2800), ("front 1", 3600))
    ]
    assert min(still.value for still in last) > 1.5 * max(still.value for still in first)
    assert {still.picture for still in last} == after
    assert not before & after


def test_nothing_is_decoded_while_a_transaction_is_open(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    """Another writer, and one who empties the write-ahead log, are held up by none."""
    exhibit = two_people(pilot)
    emptied: list[bool] = []

    def between(run: Callable[..., R]) -> Callable[..., R]:
        def look(*arguments: object) -> R:
            with pilot.altering() as work:
                work.scans.where(exhibit=exhibit.id)
            emptied.append(pilot.installation.archive.scrub())
            return run(*arguments)

        return look

    monkeypatch.setattr(module, "look_at", between(viewer.look_at))
    monkeypatch.setattr(module, "watch", between(viewer.watch))
    scan(pilot, exhibit.id)

    assert emptied == [True, True]


def test_an_exhibit_that_is_erased_meanwhile_ends_its_scan(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = two_people(pilot)
    looked_at = viewer.look_at

    def look(source: BytesSource) -> Footage:
        with pilot.altering() as work:
            work.keys.destroy(exhibit.key)
        return looked_at(source)

    monkeypatch.setattr(module, "look_at", look)
    with pytest.raises(NotFound):
        scan(pilot, exhibit.id)
    with pilot.reading() as work:
        assert work.scans.where() == []
