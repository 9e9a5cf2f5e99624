from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.read_case import ReadCase, ShownCase, read_case
from tests.operations.scene import Scene, check_refused

REFERENCE = "CASE/2026/0117"


def read(scene: Scene, who: str = "requester", reference: str = REFERENCE) -> ShownCase:
    return scene.force.do(who, Permission.CASE_READ, read_case, ReadCase(reference=reference))


def test_a_case_lists_its_exhibits_and_how_many_faces_they_have(marked: Scene):
    (exhibit,) = read(marked).exhibits

    assert (exhibit.id, exhibit.number, exhibit.faces) == (marked.ids.exhibit, "CTV/1", 1)
    assert dict(marked.last().facts) == {"what": "case", "justification": "casework"}


def test_a_reference_under_which_nothing_is_sealed_is_no_case_yet(marked: Scene):
    assert read(marked, reference="CASE/NEW") == ShownCase(id=None, reference="CASE/NEW", exhibits=())


def test_somebody_elses_case_is_refused(marked: Scene):
    marked.hire("colleague", Role.REQUESTER)
    with check_refused(marked, Permission.CASE_READ, "not_party"):
        read(marked, "colleague")
    assert marked.last().kind == "denied"
