import pytest

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.show_probe import ShownStill, ShowProbe, show_probe
from tests.operations.scene import Scene, check_refused


def show(scene: Scene, who: str) -> tuple[ShownStill, ...]:
    return scene.force.do(who, Permission.CASE_READ, show_probe, ShowProbe(request=scene.ids.request))


@pytest.mark.parametrize("who", ["requester", "officer", "operator"])
def test_whoever_has_a_part_in_a_request_sees_its_probe(authorised: Scene, who: str):
    (still,) = show(authorised, who)

    assert still.exhibit_number == "CTV/1"
    assert still.data.startswith(b"\x89PNG")
    assert authorised.last().facts["what"] == "request.probe"


def test_whoever_has_none_is_refused(authorised: Scene):
    authorised.hire("colleague", Role.REQUESTER)
    authorised.hire("discloser", Role.DISCLOSURE_OFFICER)
    for who in ("colleague", "discloser", "examiner"):
        with check_refused(authorised, Permission.CASE_READ, "not_party"):
            show(authorised, who)
    assert authorised.last().kind == "denied"
