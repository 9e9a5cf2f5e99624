from countersign.errors import Invalid
from countersign.governance.permission import Permission
from countersign.operations.pick_track import PickedTrack, PickTrack, pick_track
from countersign.operations.show_moment import Moment, ShowMoment, show_moment
from countersign.primitives.ids import ExhibitId
from tests.operations.scene import Scene, check_refused
from tests.operations.test_scan_exhibit import scan, two_people


def moment(scene: Scene, exhibit: ExhibitId, time_ms: int = 0, who: str = "requester") -> Moment:
    return scene.force.do(who, Permission.EXHIBIT_SCAN, show_moment, ShowMoment(exhibit=exhibit, time_ms=time_ms))


def test_a_whole_picture_is_shown_with_its_own_time_and_that_is_an_entry(pilot: Scene):
    shown = moment(pilot, two_people(pilot).id, 390)

    assert (shown.time_ms, shown.rgb.shape, shown.watermark) == (400, (64, 128, 3), "TEST")
    assert dict(pilot.last().facts) == {"what": "exhibit.moment", "justification": "casework"}


def test_once_somebody_was_picked_whole_pictures_are_refused(pilot: Scene):
    exhibit = two_people(pilot).id
    scan(pilot, exhibit)
    arguments = PickTrack(reason="the person in front", tracks=(PickedTrack(exhibit=exhibit, number=1),))
    pilot.force.do("requester", Permission.EXHIBIT_MARK, pick_track, arguments)
    with check_refused(pilot, Permission.EXHIBIT_SCAN, "person_picked"):
        moment(pilot, exhibit)


def test_a_single_picture_has_no_moments_and_that_is_refused(marked: Scene):
    with check_refused(marked, Permission.EXHIBIT_SCAN, "not_a_recording", family=Invalid):
        moment(marked, marked.ids.exhibit)


def test_an_officer_is_refused_a_moment(marked: Scene):
    with check_refused(marked, Permission.EXHIBIT_SCAN, "not_permitted", spoke="policy"):
        moment(marked, marked.ids.exhibit, who="officer")
