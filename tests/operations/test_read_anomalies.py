from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.read_anomalies import ReadAnomalies, read_anomalies
from tests.operations.scene import Scene, check_refused


def test_looking_at_anomalies_is_an_event(pilot: Scene):
    assert pilot.force.do(Role.OVERSIGHT, Permission.ANOMALY_READ, read_anomalies, ReadAnomalies()) == []
    assert dict(pilot.last().facts) == {"what": "anomalies", "justification": "self_monitoring"}


def test_an_operator_is_refused_a_look_at_anomalies(pilot: Scene):
    with check_refused(pilot, Permission.ANOMALY_READ, "not_permitted", spoke="policy"):
        pilot.force.do("operator", Permission.ANOMALY_READ, read_anomalies, ReadAnomalies())
