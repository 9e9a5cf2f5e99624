"""Watching for anomalies: the trace of a search, the rules before it starts, and what the clock looks for."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from countersign.errors import Refused
from countersign.governance.anomalies import (
    AT_ONCE,
    Anomaly,
    Block,
    Effect,
    SearchTrace,
    many_young,
    recurring,
    standing,
    too_new,
)
from countersign.governance.anomaly_numbers import AnomalyNumbers, tightened
from countersign.governance.policy_pack import Relaxation, relaxed
from countersign.governance.register import LegalStatus
from countersign.governance.request import SearchRequest
from countersign.governance.request_rules import age_hours
from countersign.ledger.event import EventKind
from countersign.media.exhibit import Exhibit
from countersign.operations.imagery_age import latest_captures
from countersign.operations.record_status import register_numbers, show_or_hide
from countersign.operations.turn import Turn
from countersign.operations.work import Work
from countersign.primitives.ids import CollectionId, RunId, SubjectId, new_id
from countersign.search.probe import Candidate, Probe, SearchRun


class AnomalyError(Refused):
    """A pattern that a live search would show; the code ends in the rule's number."""

    code = "anomaly"

    def __init__(self, blocks: Iterable[Block]) -> None:
        first, *_ = blocks
        super().__init__(
            f"expected a search like other searches, got one that trips rule {first.rule.upper()}: {first.effect}"
            " until the data protection officer or oversight lifts it",
            code=f"anomaly_{first.rule}",
        )


def source_of(exhibit: Exhibit) -> str:
    """Give what an exhibit's source is known by: its own id, or else who supplied it and what took the picture."""
    return exhibit.device.strip().casefold() or f"{exhibit.source_type}/{exhibit.supplied_by.strip().casefold()}"


def trace_of(turn: Turn, request: SearchRequest, probe: Probe, run: RunId | None = None) -> SearchTrace:
    """Give what is remembered of a search: keyed ids and times, no template (REF-09)."""
    work, keyed = turn.work, turn.work.keys.keyed_digest
    exhibits = [work.exhibits.get(still.exhibit) for still in probe.stills]
    captured = latest_captures(work, probe)
    latest = {source_of(one): at for at, one in sorted(zip(captured, exhibits, strict=True), key=lambda pair: pair[0])}
    return SearchTrace(
        id=run or new_id(),
        case=request.case,
        person=turn.actor.id,
        unit=keyed("unit", f"{turn.actor.organisation}/{turn.actor.team}"),
        started_at=turn.now,
        age_hours=age_hours(max(captured), turn.now),
        sources=tuple(keyed("source", source) for source in latest),
        captured=tuple(latest.values()),
        site=keyed("place", " ".join(request.form.place.casefold().split())),
        files=tuple(keyed("file", exhibit.sha256) for exhibit in exhibits),
        forget_on=(turn.now + timedelta(days=numbers_of(turn).kept_days)).date(),
    )


def numbers_of(turn: Turn) -> AnomalyNumbers:
    """Give the pack's numbers, none looser than the catalogue's."""
    return tightened(turn.pack.anomalies)


def watch(turn: Turn, trace: SearchTrace) -> list[Block]:
    """Give what keeps this search from starting; a rule that trips now leaves a block and an entry (LFR-06)."""
    if relaxed(turn.programme.kind, Relaxation.NO_RATE_RULES):
        return []
    there = standing(turn.work.blocks.where(), trace)
    if there:
        return list(there)
    earlier = turn.work.traces.where()
    return [
        trip(turn, rule.anomaly, rule.effect, scope)
        for rule in AT_ONCE.values()
        for scope in rule.trips(earlier, trace, numbers_of(turn))
    ]


def trip(turn: Turn, anomaly: Anomaly, effect: Effect, scope: str) -> Block:
    """Record that a rule tripped and what it stops from now on."""
    block = Block(id=new_id(), rule=anomaly, effect=effect, scope=scope, placed_at=turn.now)
    turn.work.blocks.add(block)
    turn.record(EventKind.ANOMALY_TRIPPED, {"rule": anomaly, "effect": effect})
    return block


def without_new(turn: Turn, run: SearchRun, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Drop candidates all of whose records came in for the occasion, and tell (A8)."""
    if relaxed(turn.programme.kind, Relaxation.NO_ADDITION_DELAY):
        return found
    delay = register_numbers(turn).addition_delay_h
    new = [one for one in found if too_new(_added(turn.work, one.subject), run.started_at, delay)]
    for _ in new:
        trip(turn, Anomaly.A8_COLLECTION, Effect.ALERT, "")
    kept = [one for one in found if one not in new]
    return tuple(replace(one, rank=rank) for rank, one in enumerate(kept, start=1))


def _added(work: Work, subject: SubjectId) -> list[datetime]:
    return [record.added_at for record in work.records.where(subject=subject, searchable=True)]


def remember_list(turn: Turn, run: SearchRun, listed: Iterable[SubjectId]) -> None:
    """Remember whom a sealed list names, by keyed ids."""
    trace = turn.work.traces.get(run.id)
    turn.work.traces.replace(replace(trace, listed=_keyed(turn.work, listed)))


def remember_excluded(turn: Turn, run: RunId, excluded: Iterable[SubjectId]) -> None:
    """Remember whom no examiner supported."""
    trace = turn.work.traces.find(run)
    if trace is not None:  # a review may end after its search was forgotten
        turn.work.traces.replace(replace(trace, excluded=_keyed(turn.work, excluded)))


def _keyed(work: Work, subjects: Iterable[SubjectId]) -> tuple[str, ...]:
    return tuple(sorted(work.keys.keyed_digest("subject", subject) for subject in subjects))


def look_back(turn: Turn) -> int:
    """Forget what has been counted for long enough, and look for A1 and A9 in the rest; give how many rules tripped."""
    work, tripped = turn.work, 0
    for trace in work.traces.where():
        if trace.forget_on < turn.today:
            work.traces.remove(trace.id)
    if relaxed(turn.programme.kind, Relaxation.NO_RATE_RULES):
        return 0
    traces, told = work.traces.where(), {(one.rule, one.scope) for one in work.blocks.where() if not one.lifted_at}
    if many_young(traces, turn.now, numbers_of(turn)) and (Anomaly.A1_AGE, "") not in told:
        trip(turn, Anomaly.A1_AGE, Effect.ALERT, "")
        tripped += 1
    for record, excluded in recurring(traces, turn.now, numbers_of(turn)).items():
        if (Anomaly.A9_RECURRENCE, record) not in told:
            trip(turn, Anomaly.A9_RECURRENCE, Effect.HIDE_RECORD if excluded else Effect.ALERT, record)
            tripped += 1
            if excluded:
                _hide(turn, record)
    return tripped


def _hide(turn: Turn, keyed: str) -> None:
    """Hide the records of the subject behind a keyed id until somebody has looked whether they are of who they say."""
    for collection in turn.work.collections.where():
        for before in turn.work.records.where(collection=collection.id, searchable=True):
            if turn.work.keys.keyed_digest("subject", before.subject) != keyed:
                continue
            after = replace(before, status=LegalStatus.UNKNOWN, searchable=False)
            turn.work.records.replace(after)
            turn.work.gallery.changed(CollectionId(collection.id), show_or_hide(turn, after))
            facts = {"from": before.status, "to": after.status}
            turn.record(EventKind.RECORD_STATUS, facts, committed={"record": after.id}, key=after.key)
