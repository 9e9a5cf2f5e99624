from datetime import timedelta

import pytest

from countersign.errors import Conflict
from countersign.governance.permission import Permission
from countersign.governance.signature import generate
from countersign.operations.rotate_keys import Consent, RotateKeys, consent, rotate_keys
from tests.operations.scene import Scene, check_refused

ROTATE = Permission.KEY_ROTATE
FIRST, SECOND = "administrator", "second administrator"


def rotate(scene: Scene, second: Consent, who: str = FIRST) -> int:
    return scene.force.do(who, ROTATE, rotate_keys, RotateKeys(second=second)).epoch


def consented(scene: Scene, who: str = SECOND) -> Consent:
    return consent(scene.keys[who], scene.clock.now())


def test_two_administrators_rotate_the_epoch_and_everything_stays_readable(enrolled: Scene):
    assert [rotate(enrolled, consented(enrolled)) for _ in range(2)] == [2, 3]

    entry = enrolled.last()
    assert (entry.kind, dict(entry.facts)) == ("key.rotated", {"use": "epoch"})
    with enrolled.reading() as work:
        assert all(person.name for person in work.people.where())
        assert len(work.gallery.matrix(enrolled.ids.collection, enrolled.engine.extractor)[1]) > 0


@pytest.mark.row("SEC-05")
def test_one_administrator_alone_is_refused(founded: Scene):
    with check_refused(founded, ROTATE, "second_person"):
        rotate(founded, consented(founded, FIRST))


def test_a_second_person_who_is_no_administrator_is_refused(founded: Scene):
    with check_refused(founded, ROTATE, "not_permitted", spoke="policy"):
        rotate(founded, consented(founded, "owner"))


def test_a_stranger_as_the_second_person_is_refused(founded: Scene):
    with check_refused(founded, ROTATE, "signature"):
        rotate(founded, consent(generate(), founded.clock.now()))


def test_a_consent_of_yesterday_is_refused(founded: Scene):
    old = consent(founded.keys[SECOND], founded.clock.now() - timedelta(days=1))
    with check_refused(founded, ROTATE, "signature"):
        rotate(founded, old)


def test_a_consent_that_was_used_is_refused(founded: Scene):
    once = consented(founded)
    rotate(founded, once)
    with check_refused(founded, ROTATE, "nonce_used", family=Conflict):
        rotate(founded, once)


def test_whoever_may_not_rotate_is_refused(founded: Scene):
    with check_refused(founded, ROTATE, "not_permitted", spoke="policy"):
        rotate(founded, consented(founded), "operator")
