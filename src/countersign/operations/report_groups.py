"""Report by group how far requests came: probes, lists, leads, wrong leads, arrests; small counts left out (EQV-07)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from countersign.governance.monitoring import Stages
from countersign.governance.permission import Permission
from countersign.governance.suppression import Table, suppressed
from countersign.ledger.event import EventKind
from countersign.operations.group_outcomes import Groups, group_counts
from countersign.operations.turn import Turn, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGroups:
    """Everything that is held."""


@operation(Permission.STATISTICS_PUBLISH)
def report_groups(turn: Turn, _arguments: ReportGroups) -> Mapping[str, Table]:
    """Give a table for each attribute and stage, as ``self_defined.leads``; the unknown are a group of theirs."""
    made = group_tables(group_counts(turn.work))
    turn.record(EventKind.RECORD_CONSULTED, {"what": "monitoring.groups", "justification": "equality"})
    return made


def group_tables(counts: Groups) -> Mapping[str, Table]:
    """Give the counts as they may be published."""
    return {
        f"{attribute}.{stage.name}": suppressed({group: getattr(one, stage.name) for group, one in groups.items()})
        for attribute, groups in counts.items()
        for stage in fields(Stages)
    }
