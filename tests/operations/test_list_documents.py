from countersign.governance.permission import Permission
from countersign.operations.list_documents import ListDocuments, list_documents
from tests.operations.issuing import documents
from tests.operations.scene import Scene, check_refused


def test_what_there_is_of_a_case_is_listed_for_the_disclosure_officer_and_others_are_refused(sealed: Scene):
    (listed,) = documents(sealed)

    assert (listed.request, listed.searched) == (sealed.ids.request, True)
    assert dict(sealed.last().facts) == {"what": "case.documents", "justification": "criminal_proceedings"}
    arguments = ListDocuments(case_reference="CASE/2026/0117")
    with check_refused(sealed, Permission.REPORT_SCHEDULE, "not_permitted", spoke="policy"):
        sealed.force.do("requester", Permission.REPORT_SCHEDULE, list_documents, arguments)
