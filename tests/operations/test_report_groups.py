from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.governance.actor import Role
from countersign.governance.monitoring import CensusGroup, Sex, Stages
from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
from countersign.governance.request import RequestState
from countersign.governance.suppression import Table
from countersign.operations.group_outcomes import group_counts, keep_groups
from countersign.operations.record_monitoring import RecordMonitoring, record_monitoring
from countersign.operations.report_groups import ReportGroups, group_tables, report_groups
from countersign.outcome.lead import Cause, Disproof, OutcomeCode
from countersign.primitives.ids import LeadId, RequestId
from tests.operations.scene import Scene, check_refused
from tests.operations.timed import pass_time

PUBLISH = Permission.STATISTICS_PUBLISH


def report(scene: Scene, who: str = Role.CONTROLLER) -> Mapping[str, Table]:
    return scene.force.do(who, PUBLISH, report_groups, ReportGroups())


def found_wrong(scene: Scene) -> Disproof:
    at = scene.clock.now()
    who = scene.person("requester").id
    return Disproof(by=who, at=at, cause=Cause.SIMILAR_PERSON, correction="told", recalled_at=at)


def arrested(scene: Scene) -> Scene:
    """Label the person, release the lead, and record an arrest."""
    arguments = RecordMonitoring(
        request=scene.ids.request,
        officer_defined=CensusGroup.WHITE,
        self_defined=CensusGroup.MIXED,
        sex=Sex.MALE,
    )
    scene.force.do("requester", Permission.MONITORING_RECORD, record_monitoring, arguments)
    scene.casework.reconfirm(scene.ids.lead)
    scene.casework.release(scene.ids.lead)
    scene.casework.outcome(scene.ids.lead, OutcomeCode.ARREST, evidence=True)
    return scene


@pytest.mark.row("EQV-07", "EQV-14")
def test_requests_are_counted_by_each_label_from_probe_to_arrest(supported: Scene):
    with arrested(supported).reading() as work:
        counts = group_counts(work)
        later = group_counts(work, supported.clock.now() + timedelta(seconds=1))

    whole = Stages(probes=1, listed=1, leads=1, disproved=0, arrests=1)
    assert counts == {
        "officer_defined": {"white": whole},
        "self_defined": {"mixed": whole},
        "sex": {"male": whole},
        "age_band": {"adult": whole},
    }
    assert later["sex"] == {"male": Stages(probes=1, listed=1)}


@pytest.mark.row("EQV-14")
def test_whoever_has_no_label_is_counted_as_unknown_and_a_draft_not_at_all(supported: Scene):
    with supported.reading() as work:
        assert group_counts(work)["self_defined"] == {"unknown": Stages(probes=1, listed=1)}
    with supported.altering() as work:
        work.requests.replace(replace(work.requests.get(supported.ids.request), state=RequestState.DRAFT))
    with supported.reading() as work:
        assert group_counts(work)["self_defined"] == {}


def test_small_counts_are_left_out_of_the_report(supported: Scene):
    made = report(arrested(supported))

    assert made["self_defined.leads"].cells == {"mixed": None}
    assert group_tables({"sex": {"male": Stages(leads=12)}})["sex.leads"].cells == {"male": 10}
    entry = supported.last()
    assert dict(entry.facts) == {"what": "monitoring.groups", "justification": "equality"}


@pytest.mark.row("EQV-07")
def test_the_clock_suspends_where_wrong_leads_fall_on_one_group(supported: Scene):
    arrested(supported)
    with supported.altering() as work:
        lead, request = work.leads.get(supported.ids.lead), work.requests.get(supported.ids.request)
        wrong = replace(lead, disproved=found_wrong(supported))
        for at in range(1, 60):
            other = RequestId(f"{at:032x}")
            work.requests.add(replace(request, id=other))
            work.leads.add(replace(wrong if at <= 12 else lead, id=LeadId(f"{at:032x}"), request=other))
            mine = work.labels.where()[0]
            group = CensusGroup.BLACK if at <= 12 else CensusGroup.WHITE
            work.labels.add(replace(mine, id=work.keys.keyed_digest("monitoring", other), self_defined=group))

    assert pass_time(supported, keep_groups) == 1
    with supported.reading() as work:
        programme = work.programmes.where()[0]
    assert programme.state is ProgrammeState.SUSPENDED
    assert supported.last().facts["reason"] == "group_drift"


def test_the_clock_leaves_a_programme_alone_in_which_groups_do_not_differ(supported: Scene):
    assert pass_time(arrested(supported), keep_groups) == 0


def test_people_of_casework_are_refused_the_report(supported: Scene):
    with check_refused(supported, PUBLISH, "not_permitted", spoke="policy"):
        report(supported, "officer")
