from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from countersign.errors import NotFound, Refused
from countersign.governance.account import ABSOLUTE, IDLE, Mandate, MandateKind, Way, session_key
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeKind
from countersign.governance.signature import SignatureError, public_hex
from countersign.operations.end_session import EndSession, end_session
from countersign.operations.open_session import OpenSession, open_session
from countersign.operations.resume_session import SEEN_EVERY, SessionEndedError, resume_session
from tests.operations.scene import Scene, check_refused, found

SECRET = "00" * 32
KEY = session_key(SECRET)


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Scene]:
    scene = found(tmp_path / "scene", ProgrammeKind.DEMONSTRATION)
    yield scene
    scene.close()


def sign_in(scene: Scene, who: str = "requester", secret: str = SECRET) -> Mandate:
    arguments = OpenSession(public_key=public_hex(session_key(secret)))
    return scene.force.do(who, Permission.SESSION_OPEN, open_session, arguments)


def test_in_a_demonstration_a_persons_own_key_signs_them_in(demonstration: Scene):
    session = sign_in(demonstration)

    assert (session.kind, session.way) == (MandateKind.SESSION, Way.DEMONSTRATION)
    assert session.ends_at == demonstration.clock.now() + ABSOLUTE
    assert dict(demonstration.last().facts) == {"way": "demonstration"}
    signed_in = resume_session(demonstration.desk, public_hex(KEY))
    assert (signed_in.person, signed_in.kind) == (demonstration.person("requester").id, ProgrammeKind.DEMONSTRATION)


def test_anywhere_else_one_click_is_refused(founded: Scene):
    with check_refused(founded, Permission.SESSION_OPEN, "demonstration_only"):
        sign_in(founded)


def test_a_session_that_nobody_opened_is_none(demonstration: Scene):
    with pytest.raises(SessionEndedError, match=r"expected .*got"):
        resume_session(demonstration.desk, public_hex(KEY))


def test_a_session_ends_when_it_was_idle_for_a_quarter_of_an_hour(demonstration: Scene):
    sign_in(demonstration)
    demonstration.clock.advance(IDLE - timedelta(seconds=1))
    resume_session(demonstration.desk, public_hex(KEY))
    demonstration.clock.advance(IDLE - timedelta(seconds=1))
    assert resume_session(demonstration.desk, public_hex(KEY)).name == "R. Quist"

    demonstration.clock.advance(IDLE)
    with pytest.raises(SessionEndedError):
        resume_session(demonstration.desk, public_hex(KEY))


def test_a_session_ends_after_ten_hours_however_busy_it_is(demonstration: Scene):
    sign_in(demonstration)
    for _ in range(59):
        demonstration.clock.advance(timedelta(minutes=10))
        assert resume_session(demonstration.desk, public_hex(KEY)).name

    demonstration.clock.advance(timedelta(minutes=10))
    with pytest.raises(SessionEndedError):
        resume_session(demonstration.desk, public_hex(KEY))


def test_requests_close_together_are_one_write(demonstration: Scene):
    opened = sign_in(demonstration)
    demonstration.clock.advance(SEEN_EVERY - timedelta(seconds=1))
    resume_session(demonstration.desk, public_hex(KEY))

    with demonstration.reading() as work:
        assert work.mandates.get(opened.id).seen_at == opened.seen_at


def test_a_key_of_a_session_signs_for_the_person_until_they_sign_out(demonstration: Scene):
    sign_in(demonstration)
    demonstration.keys["session"] = KEY
    demonstration.force.do("session", Permission.SESSION_END, end_session, EndSession(public_key=public_hex(KEY)))

    assert demonstration.last().actor == demonstration.person("requester").id
    assert dict(demonstration.last().facts) == {"why": "signed_out"}
    with check_refused(demonstration, Permission.SESSION_END, "session_ended"):
        demonstration.force.do("session", Permission.SESSION_END, end_session, EndSession(public_key=public_hex(KEY)))


def test_ending_somebody_elses_session_is_refused(demonstration: Scene):
    sign_in(demonstration)
    with check_refused(demonstration, Permission.SESSION_END, "no_session", family=NotFound):
        demonstration.force.do("officer", Permission.SESSION_END, end_session, EndSession(public_key=public_hex(KEY)))


def test_a_session_alone_is_refused_a_further_session(demonstration: Scene):
    sign_in(demonstration)
    demonstration.keys["session"] = KEY
    with check_refused(demonstration, Permission.SESSION_OPEN, "mandate"):
        sign_in(demonstration, "session", "11" * 32)


def test_the_secret_in_the_browser_and_not_the_database_makes_the_key_that_signs(demonstration: Scene):
    session = sign_in(demonstration)
    kept = demonstration.state()["mandate"]

    assert SECRET not in str(kept)
    assert session.public_key == public_hex(KEY)
    assert session_key("another secret").private_bytes_raw() != KEY.private_bytes_raw()


def test_a_key_of_nobody_is_refused(demonstration: Scene):
    demonstration.keys["stranger"] = session_key("22" * 32)
    with pytest.raises(SignatureError):
        sign_in(demonstration, "stranger")
    assert demonstration.last().kind == "denied"
    assert issubclass(SignatureError, Refused)
