"""How old the imagery of a probe is at its worst case."""

from datetime import datetime

from countersign.governance.policy_pack import PolicyPack
from countersign.governance.request_rules import imagery_old_enough, latest_capture
from countersign.governance.verdict import Verdict
from countersign.operations.work import Work
from countersign.search.probe import Probe


def latest_captures(work: Work, probe: Probe) -> list[datetime]:
    """Give the latest possible capture time of each still."""
    exhibits = [work.exhibits.get(still.exhibit) for still in probe.stills]
    return [latest_capture(exhibit.sealed_at, exhibit.capture.latest) for exhibit in exhibits]


def imagery_ages(work: Work, probe: Probe, pack: PolicyPack, now: datetime, *, urgent: bool = False) -> list[Verdict]:
    """Say for each still whether it is old enough at its worst case (LFR-02)."""
    return [imagery_old_enough(latest, now, pack, urgent=urgent) for latest in latest_captures(work, probe)]
