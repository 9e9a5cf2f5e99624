from countersign.errors import NotFound
from countersign.governance.permission import Permission
from tests.operations.issuing import check_signed, result_file
from tests.operations.scene import Scene, check_refused


def test_the_record_of_a_search_is_given_out(sealed: Scene):
    check_signed(sealed, result_file(sealed))
    assert dict(sealed.last().facts) == {"report": "search", "justification": "investigation"}


def test_without_a_search_its_record_is_refused(authorised: Scene):
    with check_refused(authorised, Permission.REPORT_SEARCH, "no_search", family=NotFound):
        result_file(authorised)
