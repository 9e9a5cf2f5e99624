import pytest

from countersign.governance.actor import Role
from countersign.governance.monitoring import CensusGroup, Sex
from countersign.governance.permission import Permission
from countersign.ledger.event import EventKind
from countersign.operations.group_outcomes import label_id
from countersign.operations.record_monitoring import RecordMonitoring, record_monitoring
from countersign.primitives.codec import canonical_text
from tests.operations.scene import Scene, check_refused

RECORD = Permission.MONITORING_RECORD


def label(
    scene: Scene,
    officer: CensusGroup,
    own: CensusGroup = CensusGroup.UNKNOWN,
    sex: Sex = Sex.FEMALE,
    who: str = "requester",
) -> bool:
    arguments = RecordMonitoring(request=scene.ids.request, officer_defined=officer, self_defined=own, sex=sex)
    return scene.force.do(who, RECORD, record_monitoring, arguments)


@pytest.mark.row("EQV-13", "EQV-14")
def test_a_label_is_kept_apart_sealed_and_said_in_no_entry(authorised: Scene):
    assert label(authorised, CensusGroup.BLACK) is False
    assert label(authorised, CensusGroup.BLACK, CensusGroup.MIXED) is True

    with authorised.reading() as work:
        (held,) = work.labels.where()
        assert held.id == label_id(work, authorised.ids.request)
        assert len(held.id) == 64
    assert (held.officer_defined, held.self_defined, held.sex) == ("black", "mixed", "female")
    (row,) = authorised.state()["monitoring_label"]
    assert not [one for one in row if one in {"black", "mixed", "female", str(authorised.ids.request)}]
    entry = authorised.last()
    assert (entry.kind, dict(entry.facts), entry.case) == (EventKind.MONITORING_RECORDED, {"replaced": "yes"}, "")
    assert "black" not in canonical_text([dict(one.facts) for one in authorised.entries()])


@pytest.mark.row("EQV-13")
def test_nobody_who_decides_or_examines_is_shown_a_label(authorised: Scene):
    label(authorised, CensusGroup.ASIAN)

    for who in ("officer", "operator", "requester"):
        assert "asian" not in canonical_text(authorised.casework.show(authorised.ids.request, who))


def test_another_requester_is_refused(authorised: Scene):
    authorised.hire("other", Role.REQUESTER)

    with check_refused(authorised, RECORD, "not_requester"):
        label(authorised, CensusGroup.WHITE, who="other")


def test_people_who_examine_are_refused(authorised: Scene):
    with check_refused(authorised, RECORD, "not_permitted", spoke="policy"):
        label(authorised, CensusGroup.WHITE, who="examiner")
