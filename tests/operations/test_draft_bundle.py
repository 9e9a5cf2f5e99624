from dataclasses import replace

import pytest

from countersign.cli.demonstration.casework import FORM
from countersign.governance.bundle_rules import MOST_FACES, bundle_sound
from countersign.governance.permission import Permission
from countersign.governance.repeat_rules import Likeness
from countersign.governance.request import RequestState, SearchRequest
from countersign.operations.draft_bundle import BundledFace, DraftBundle, draft_bundle
from countersign.primitives.ids import CaseId, ProbeId
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, SOUGHT, Scene, check_refused

REASONS = (
    "Only this person reaches over the counter; the shop assistant pointed the person out.",
    "He holds the door from outside for four minutes and takes the bag when it is handed out.",
)
SHARED = replace(FORM, why_this_face="")


def another(scene: Scene, person: int = 3) -> ProbeId:
    still = scene.draw(f"still-{person}.png", Face(person=person, view=9, quality=0.8))
    exhibit = scene.casework.seal(still, taken=LONG_AGO, number=f"CTV/{person}").id
    scene.casework.locate(exhibit)
    return scene.casework.mark([(exhibit, 1)]).id


def bundle(scene: Scene, *faces: tuple[ProbeId, str], who: str = "requester") -> tuple[SearchRequest, ...]:
    bundled = tuple(BundledFace(probe=probe, why_this_face=why) for probe, why in faces)
    arguments = DraftBundle(collection=scene.ids.collection, shared=SHARED, faces=bundled)
    return scene.force.do(who, Permission.REQUEST_DRAFT, draft_bundle, arguments)


def test_each_face_becomes_a_request_of_its_own_and_the_officer_sees_which_belong_together(marked: Scene):
    first, second = bundle(marked, (marked.ids.probe, REASONS[0]), (another(marked), REASONS[1]))

    assert (first.form.why_this_face, second.form.why_this_face) == REASONS
    assert first.form.aim == second.form.aim == FORM.aim
    assert first.key != second.key
    marked.casework.submit(first.id)
    basis = marked.casework.consider(first.id)
    assert basis.bundled == (second.id,)
    assert {copy.likeness for copy in basis.copied} == {Likeness.SHARED}
    marked.casework.authorise(first.id)
    with marked.reading() as work:
        assert [work.requests.get(one.id).state for one in (first, second)] == [
            RequestState.AUTHORISED,
            RequestState.DRAFT,
        ]


def test_a_request_that_stands_alone_has_no_bundle(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    marked.casework.submit(request)

    assert marked.casework.consider(request).bundled == ()


def test_one_reason_for_two_faces_or_faces_of_two_cases_are_refused_and_nothing_is_drafted(marked: Scene):
    probe = another(marked)
    with check_refused(marked, Permission.REQUEST_DRAFT, "bundle_reason_repeated"):
        bundle(marked, (marked.ids.probe, REASONS[0]), (probe, REASONS[0]))
    elsewhere = replace(marked.casework, reference="CASE/2026/0118")
    still = marked.draw("elsewhere.png", Face(person=SOUGHT, view=10, quality=0.8))
    exhibit = elsewhere.seal(still, taken=LONG_AGO).id
    elsewhere.locate(exhibit)
    of_another_case = elsewhere.mark([(exhibit, 1)]).id
    with check_refused(marked, Permission.REQUEST_DRAFT, "bundle_of_many_cases"):
        bundle(marked, (marked.ids.probe, REASONS[0]), (of_another_case, REASONS[1]))


@pytest.mark.parametrize(
    ("probes", "code"), [((), "bundle_size"), (range(MOST_FACES + 1), "bundle_size"), (("p", "p"), "bundle_face_twice")]
)
def test_no_face_too_many_and_a_face_twice_are_refused(probes: tuple[object, ...], code: str):
    reasons = [f"{number} " * 9 for number, _ in enumerate(probes)]

    assert bundle_sound({CaseId("c")}, [ProbeId(str(one)) for one in probes], reasons).code == code
    most = [ProbeId(str(number)) for number in range(MOST_FACES)]
    assert bundle_sound({CaseId("c")}, most, [f"{number} " * 9 for number in range(MOST_FACES)]).allowed
