from countersign.governance.request_rules import Duty
from countersign.operations.request_state import duties, officers
from tests.operations.scene import Scene, everyone, nobody


def test_duties_name_who_did_what(sealed: Scene):
    for who, judge in (("operator", everyone), ("examiner", nobody), ("third", everyone)):
        sealed.casework.review(sealed.ids.request, who, judge)

    with sealed.reading() as work:
        done = duties(work, work.requests.get(sealed.ids.request))
        deciding = officers(work, sealed.ids.request)
    names = {duty: sealed.person("examiner" if duty is Duty.EXAMINER else str(duty)).id for duty in Duty}
    assert done == names
    assert deciding == [sealed.person("officer").id]


def test_a_draft_has_a_requester_and_nobody_else(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection)

    with marked.reading() as work:
        assert duties(work, request) == {Duty.REQUESTER: marked.person("requester").id}
        assert officers(work, request.id) == []
