"""What time does to the programme, always by entries: warn before documents end, suspend when one has ended."""

from dataclasses import replace

from countersign.governance.programme_clock import may_stay, warning_due
from countersign.ledger.event import EventKind
from countersign.operations.advance_programme import suspend
from countersign.operations.record_status import register_numbers
from countersign.operations.turn import Turn


def warn_of_ends(turn: Turn) -> int:
    """Record a warning for each document that ends in 60, 30 or 7 days, once each, and give how many there were."""
    given = 0
    for artefact in turn.artefacts():
        days = warning_due(artefact, turn.today)
        if days is not None:
            turn.work.artefacts.replace(replace(artefact, warned_days=days))
            turn.record(EventKind.PROGRAMME_WARNED, {"type": artefact.type, "days": days})
            given += 1
    return given


def keep_programme(turn: Turn) -> int:
    """Warn, and suspend where something that use rests on has ended; rights, erasure and disclosure go on (GOV-07)."""
    warned = warn_of_ends(turn)
    collections = turn.work.collections.where()
    stays = may_stay(turn.programme, turn.history(), collections, register_numbers(turn), turn.now)
    if stays.allowed:
        return warned
    suspend(turn, stays)
    return warned + 1
