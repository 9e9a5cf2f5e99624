from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.read_coverage import Coverage, ReadCoverage, read_coverage
from countersign.primitives.ids import RequestId
from tests.operations.scene import Scene, check_refused


def read(scene: Scene, request: RequestId, who: str = "officer") -> Coverage:
    return scene.force.do(who, Permission.CASE_READ, read_coverage, ReadCoverage(request=request))


def test_coverage_counts_what_would_be_searched_and_what_was_asked_before(sealed: Scene):
    request = sealed.casework.draft(sealed.ids.probe, sealed.ids.collection).id
    coverage = read(sealed, request, "requester")

    assert coverage.searchable == 3
    assert coverage.hidden == ()
    assert coverage.newest_record is not None
    (earlier,) = coverage.earlier
    assert (earlier.request, earlier.searched, earlier.same_probe) == (sealed.ids.request, True, True)


def test_somebody_without_a_part_in_the_request_is_refused(authorised: Scene):
    authorised.hire("colleague", Role.REQUESTER)
    with check_refused(authorised, Permission.CASE_READ, "not_party"):
        read(authorised, authorised.ids.request, "colleague")
    assert authorised.last().kind == "denied"
