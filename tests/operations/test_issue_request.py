import pytest

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.issue_request import IssueRequest, issue_request
from tests.operations.asking import submitted
from tests.operations.issuing import WHO, check_signed, request_file, result_file
from tests.operations.scene import Scene, check_refused, everyone


@pytest.mark.parametrize("who", ["requester", "officer", "disclosure"])
def test_a_request_is_given_out_signed_and_recorded_to_somebody_named(authorised: Scene, who: str):
    made = request_file(authorised, who)

    check_signed(authorised, made)
    entry = authorised.last()
    assert (entry.kind, dict(entry.facts)) == (
        "report.disclosed",
        {"report": "request", "justification": "investigation"},
    )
    assert {"recipient", "document"} <= set(entry.commit)
    with authorised.reading() as work:
        openings = work.openings.get(entry.seq)  # type: ignore[arg-type]
    assert openings is not None
    assert WHO in openings["recipient"].value.decode()
    assert made.sha256 in openings["document"].value.decode()


def test_a_request_without_a_decision_is_given_out_too(marked: Scene):
    request = submitted(marked)
    arguments = IssueRequest(request=request, recipient=WHO)

    check_signed(marked, marked.force.do("requester", Permission.REPORT_SEARCH, issue_request, arguments))


def test_somebody_without_a_part_in_it_is_refused_the_request_and_the_record(sealed: Scene):
    sealed.hire("colleague", Role.REQUESTER)
    for file in (request_file, result_file):
        with check_refused(sealed, Permission.REPORT_SEARCH, "not_party"):
            file(sealed, "colleague")


@pytest.mark.row("P-21")
def test_whoever_examines_is_refused_the_request_until_their_own_opinion_is_locked(sealed: Scene):
    with check_refused(sealed, Permission.REPORT_SEARCH, "context_too_early"):
        request_file(sealed, "operator")
    sealed.casework.review(sealed.ids.request, "operator", everyone)
    check_signed(sealed, request_file(sealed, "operator"))
