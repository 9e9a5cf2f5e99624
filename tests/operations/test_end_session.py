from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.operations.end_session import EndSession, end_session
from tests.operations.scene import Scene, check_refused


def test_a_session_that_does_not_exist_is_refused_an_end(founded: Scene):
    with check_refused(founded, Permission.SESSION_END, "no_session", family=NotFound):
        founded.force.do("officer", Permission.SESSION_END, end_session, EndSession(public_key="00" * 32))
    assert founded.last().kind == "denied"
