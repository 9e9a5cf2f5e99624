import pytest

from countersign.errors import Invalid
from countersign.faces.charting import Pointer, chart
from countersign.governance.permission import Permission
from countersign.operations.issue import named
from tests.fakes import Face
from tests.operations.issuing import request_file
from tests.operations.scene import Scene, check_refused


@pytest.mark.parametrize("recipient", ["", "   ", "two\nlines", "x" * 201])
def test_without_a_named_recipient_nothing_is_given_out_and_that_is_refused(authorised: Scene, recipient: str):
    with check_refused(authorised, Permission.REPORT_SEARCH, "recipient", family=Invalid):
        request_file(authorised, recipient=recipient)
    assert named(" K. Marsh ") == "K. Marsh"


def test_marks_are_drawn_on_a_copy_of_the_picture(sealed: Scene):
    data = sealed.draw("plain.png", Face(person=9)).read_bytes()
    drawn = chart(data, [Pointer(number=1, at_px=(5, 5), to_px=None), Pointer(number=2, at_px=(9, 9), to_px=(30, 30))])

    assert drawn.startswith(b"\x89PNG")
    assert drawn != chart(data, [])
