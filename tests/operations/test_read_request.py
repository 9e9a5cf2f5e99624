from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.primitives.codec import canonical_text
from countersign.primitives.ids import RequestId
from tests.operations.scene import Scene, check_refused


def test_looking_at_a_request_is_an_entry(authorised: Scene):
    shown = authorised.casework.show(authorised.ids.request, "requester")

    assert (shown.state, shown.lead) == (RequestState.AUTHORISED, None)
    assert (authorised.last().kind, dict(authorised.last().facts)) == (
        "record.consulted",
        {"what": "request", "justification": "investigation"},
    )


def test_a_request_shows_no_candidate_opinion_or_person(supported: Scene):
    shown = canonical_text(supported.casework.show(supported.ids.request))

    with supported.reading() as work:
        names = [subject.id for subject in work.subjects.where()]
        people = [person.id for person in work.people.where()]
    assert not any(name in shown for name in names + people)
    assert "support" not in shown.replace("lead_supported", "")


def test_a_request_that_does_not_exist_is_refused(authorised: Scene):
    with check_refused(authorised, Permission.CASE_READ, "row_missing", family=NotFound):
        authorised.casework.show(RequestId("none"))


def test_people_outside_casework_are_refused(authorised: Scene):
    with check_refused(authorised, Permission.CASE_READ, "not_permitted", spoke="policy"):
        authorised.casework.show(authorised.ids.request, "owner")
