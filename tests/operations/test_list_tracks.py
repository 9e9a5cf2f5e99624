import pytest

from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.media.footage import BytesSource, Stretch, StretchEnd
from countersign.media.sandbox import viewer
from countersign.media.sandbox.viewer import Beholder
from countersign.operations import scan_exhibit as scanning
from countersign.operations.list_tracks import ListTracks, list_tracks
from countersign.operations.pick_track import MarkedBox, PickedTrack, PickTrack, pick_track
from countersign.operations.scan_exhibit import ScanExhibit, scan_exhibit
from countersign.operations.shown_tracks import TrackSheet
from countersign.primitives.ids import ExhibitId
from tests.fakes import Face
from tests.operations.films import NOBODY, film
from tests.operations.scene import LONG_AGO, Scene, check_refused

SCAN = Permission.EXHIBIT_SCAN
ONE, OTHER = Face(person=44), Face(person=84)


def sealed(scene: Scene) -> ExhibitId:
    path = film(
        scene.folder / "pictures" / "film.mp4", [[ONE, OTHER]] * 6 + [[NOBODY, NOBODY]] * 8 + [[ONE, NOBODY]] * 5
    )
    return scene.casework.seal(path, taken=LONG_AGO).id


def scan(scene: Scene, exhibit: ExhibitId) -> TrackSheet:
    return scene.force.do("requester", SCAN, scan_exhibit, ScanExhibit(exhibit=exhibit))


def listed(scene: Scene, exhibit: ExhibitId, *, page: int = 1, who: str = "requester") -> TrackSheet:
    return scene.force.do(who, SCAN, list_tracks, ListTracks(exhibit=exhibit, page=page))


def test_tracks_are_listed_with_their_stills_and_who_looked_is_recorded(pilot: Scene):
    exhibit = sealed(pilot)
    found = scan(pilot, exhibit)
    sheet = listed(pilot, exhibit)

    assert sheet.spans_ms == found.spans_ms == ((1, 0, 1000), (2, 0, 1000), (3, 2800, 3600))
    assert (sheet.is_finished, sheet.scanned_ms, sheet.picked) == (True, sheet.duration_ms, frozenset())
    assert [len(track.stills) for track in sheet.shown] == [len(track.stills) for track in found.shown]
    entry = pilot.last()
    assert (entry.kind, entry.facts["what"]) == ("record.consulted", "exhibit.tracks")


def test_a_track_has_the_quality_of_its_best_still_until_it_is_masked(pilot: Scene):
    clear, faint = Face(person=44, quality=0.9), Face(person=44, quality=0.5)
    path = film(pilot.folder / "pictures" / "film.mp4", [[faint, OTHER]] * 6 + [[clear, OTHER]] * 6)
    exhibit = pilot.casework.seal(path, taken=LONG_AGO).id
    before = scan(pilot, exhibit).shown
    arguments = PickTrack(reason="the one at the till", tracks=(PickedTrack(exhibit=exhibit, number=1),))
    pilot.force.do("requester", Permission.EXHIBIT_MARK, pick_track, arguments)
    after = listed(pilot, exhibit).shown

    overall = {track.number: track.measures[0] for track in before}
    assert overall[1].component == "unified"
    assert 80 < overall[1].score < 100
    assert "single_face" not in {one.component for one in before[0].measures}
    assert [(track.number, bool(track.measures)) for track in after] == [(1, True), (2, False)]


def test_before_a_scan_there_is_nothing_to_list(pilot: Scene):
    sheet = listed(pilot, sealed(pilot))

    assert (sheet.tracks, sheet.scanned_ms, sheet.is_finished, sheet.shown) == (0, 0, False, ())


def test_a_scan_that_stopped_is_listed_as_far_as_it_came(pilot: Scene, monkeypatch: pytest.MonkeyPatch):
    exhibit = sealed(pilot)
    monkeypatch.setattr(scanning, "SOFT_MS", 1000)
    watched, count = viewer.watch, 0

    def once(source: BytesSource, stretch: Stretch, beholder: Beholder) -> StretchEnd:
        nonlocal count
        count += 1
        if count > 1:
            raise KeyboardInterrupt
        return watched(source, stretch, beholder)

    monkeypatch.setattr(scanning, "watch", once)
    with pytest.raises(KeyboardInterrupt):
        scan(pilot, exhibit)
    sheet = listed(pilot, exhibit)

    assert (sheet.is_finished, sheet.scanned_ms, sheet.tracks) == (False, 1000, 2)


@pytest.mark.row("PRB-03")
def test_once_one_track_is_picked_all_others_are_masked(pilot: Scene):
    exhibit = sealed(pilot)
    scan(pilot, exhibit)
    arguments = PickTrack(reason="the one at the till", tracks=(PickedTrack(exhibit=exhibit, number=2),))
    pilot.force.do("requester", Permission.EXHIBIT_MARK, pick_track, arguments)
    sheet = listed(pilot, exhibit)

    assert sheet.picked == {2}
    assert [(track.number, track.is_masked) for track in sheet.shown] == [(2, False), (1, True), (3, True)]


@pytest.mark.row("PRB-03")
def test_once_a_face_is_marked_by_hand_all_tracks_are_masked(pilot: Scene):
    exhibit = sealed(pilot)
    scan(pilot, exhibit)
    box = MarkedBox(exhibit=exhibit, time_ms=300, box_px=(8, 8, 56, 56))
    pilot.force.do(
        "requester", Permission.EXHIBIT_MARK, pick_track, PickTrack(reason="the one at the till", boxes=(box,))
    )
    sheet = listed(pilot, exhibit)

    assert (sheet.is_selected, sheet.picked) == (True, frozenset())
    assert all(track.is_masked for track in sheet.shown)


@pytest.mark.row("PRB-03")
def test_a_probe_of_a_picture_in_the_same_case_masks_no_recording(marked: Scene):
    exhibit = sealed(marked)
    scan(marked, exhibit)

    assert not listed(marked, exhibit).is_selected


def test_a_picture_and_a_missing_page_are_refused(marked: Scene):
    exhibit = sealed(marked)

    with check_refused(marked, SCAN, "not_a_recording", family=Invalid):
        listed(marked, marked.ids.exhibit)
    with check_refused(marked, SCAN, "page", family=Invalid):
        listed(marked, exhibit, page=2)


def test_people_outside_casework_are_refused(pilot: Scene):
    exhibit = sealed(pilot)

    with check_refused(pilot, SCAN, "not_permitted", spoke="policy"):
        listed(pilot, exhibit, who="examiner")
