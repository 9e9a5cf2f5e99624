"""How far requests came, by group of the people sought, in sums; what the clock does about a difference (EQV-07)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from countersign.governance.monitoring import CensusGroup, MonitoringLabel, Stages, drifted
from countersign.governance.request import RequestState, SearchRequest
from countersign.operations.advance_programme import suspend
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.outcome.lead import Lead, OutcomeCode
from countersign.primitives.ids import RequestId

ATTRIBUTES = ("officer_defined", "self_defined", "sex", "age_band")
Groups = Mapping[str, Mapping[str, Stages]]


def label_id(work: Work, request: RequestId) -> str:
    """Give the id under which a request's label lies: without the secret of this installation it says nothing."""
    return work.keys.keyed_digest("monitoring", request)


def group_counts(work: Work, since: datetime | None = None) -> Groups:
    """Count every request that was submitted, by attribute and group; whoever has no label counts as unknown.

    Args:
        work: Where they lie.
        since: Leads that were released before are left out.
    """
    seeded = {seed.id for seed in work.seeds.where()}
    counts: dict[str, dict[str, Stages]] = {name: defaultdict(Stages) for name in ATTRIBUTES}
    for request in work.requests.where():
        if request.state is RequestState.DRAFT or request.id in seeded:
            continue
        label, came = work.labels.find(label_id(work, request.id)), _stages(work, request, since)
        for name, groups in counts.items():
            group = _group(label, name)
            groups[group] = Stages(**{stage: one + asdict(came)[stage] for stage, one in asdict(groups[group]).items()})
    return {name: dict(groups) for name, groups in counts.items()}


def _group(label: MonitoringLabel | None, attribute: str) -> str:
    return str(getattr(label, attribute)) if label else str(CensusGroup.UNKNOWN)


def _stages(work: Work, request: SearchRequest, since: datetime | None) -> Stages:
    sealed = [work.lists.find(run.id) for run in work.runs.where(request=request.id)]
    leads = [lead for lead in work.leads.where(request=request.id) if _released(lead, since)]
    return Stages(
        probes=1,
        listed=int(any(one is not None and one.candidates for one in sealed)),
        leads=len(leads),
        disproved=sum(lead.disproved is not None for lead in leads),
        arrests=sum(lead.outcome is not None and lead.outcome.code is OutcomeCode.ARREST for lead in leads),
    )


def _released(lead: Lead, since: datetime | None) -> bool:
    return lead.released_at is not None and (since is None or lead.released_at >= since)


def keep_groups(turn: Turn) -> int:
    """Suspend the programme where wrong leads fall on one group; evidence counts from its last step on (EQV-07).

    Whoever lifts that suspension starts the count anew, so that it is not laid again for what was mended.
    """
    verdict = drifted(group_counts(turn.work, turn.programme.since))
    if verdict.allowed:
        return 0
    suspend(turn, verdict)
    return 1
