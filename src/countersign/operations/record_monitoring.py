"""Record what is known of the person sought for monitoring by group alone; no entry says what it was (EQV-14)."""

from dataclasses import dataclass

from countersign.governance.monitoring import CensusGroup, MonitoringLabel, Sex
from countersign.governance.permission import Permission
from countersign.governance.verdict import require
from countersign.ledger.event import EventKind
from countersign.operations.group_outcomes import label_id
from countersign.operations.turn import Turn, operation
from countersign.primitives.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMonitoring:
    """Of which request, and what is known; what is not stays ``unknown`` and is counted as that.

    Attributes:
        officer_defined: What an officer who knows the imagery would call it.
        self_defined: What the person themselves said, once they could be asked.
    """

    request: RequestId
    officer_defined: CensusGroup
    self_defined: CensusGroup = CensusGroup.UNKNOWN
    sex: Sex = Sex.UNKNOWN


@operation(Permission.MONITORING_RECORD)
def record_monitoring(turn: Turn, arguments: RecordMonitoring) -> bool:
    """Record a label in place of an earlier one, and say whether there was one.

    It is shown to nobody: not to the officer, not to examiners, and it decides nothing.

    Raises:
        GuardError: Not the requester of this request.
    """
    work, request = turn.work, turn.work.requests.get(arguments.request)
    turn.check(
        require(
            request.requester == turn.actor.id, "not_requester", "expected the requester of this request, got another"
        )
    )
    label = MonitoringLabel(
        id=label_id(work, request.id),
        key=request.key,
        officer_defined=arguments.officer_defined,
        self_defined=arguments.self_defined,
        sex=arguments.sex,
        age_band=request.form.age_band,
    )
    replaced = work.labels.find(label.id) is not None
    (work.labels.replace if replaced else work.labels.add)(label)
    turn.record(EventKind.MONITORING_RECORDED, {"replaced": "yes" if replaced else "no"})
    return replaced
