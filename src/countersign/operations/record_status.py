"""Changing the legal status of a custody record: the one way in which it enters or leaves the gallery."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from countersign.governance.register import STRICTEST, CustodyRecord, LegalStatus, RegisterNumbers
from countersign.governance.register_rules import erase_due, listable
from countersign.ledger.event import EventKind
from countersign.operations.recording import pack_artefact
from countersign.operations.turn import Turn
from countersign.templates.gallery import Change

Changes = list[tuple[str, Change]]
"""Templates that were shown or hidden, for the gallery's chain."""


def register_numbers(turn: Turn) -> RegisterNumbers:
    """Give the pack's numbers, or the strictest while no pack is in force."""
    return turn.pack.register if pack_artefact(turn.work) else STRICTEST


def reference_floors(turn: Turn) -> Mapping[str, float]:
    """Give the pack's floors of quality for references; none while no pack is in force."""
    return turn.pack.reference_floors if pack_artefact(turn.work) else {}


def change_status(
    turn: Turn, before: CustodyRecord, *, status: LegalStatus, checked_at: datetime, review_due: date
) -> tuple[CustodyRecord, Changes]:
    """Write status and dates, show or hide the record's templates, and record what decides about searching.

    Returns:
        The record, and what of the gallery changed; the caller extends the gallery's chain by it.
    """
    numbers = register_numbers(turn)
    due = erase_due(before.erase_due, status, turn.today, numbers)
    after = replace(before, status=status, status_checked_at=checked_at, review_due=review_due, erase_due=due)
    after = replace(after, searchable=listable(after, turn.now, numbers).allowed)
    if after == before:
        return after, []
    turn.work.records.replace(after)
    if basis(after) != basis(before):
        facts = {"from": before.status, "to": after.status}
        turn.record(EventKind.RECORD_STATUS, facts, committed={"record": after.id}, key=after.key)
    return after, show_or_hide(turn, after) if after.searchable != before.searchable else []


def show_or_hide(turn: Turn, record: CustodyRecord) -> Changes:
    """Bring the templates of a record to its own ``searchable``, and give what changed."""
    changes: Changes = []
    for template in turn.work.templates.where(record=record.id):
        turn.work.templates.replace(replace(template, searchable=record.searchable))
        changes.append((template.id, "shown" if record.searchable else "hidden"))
    return changes


def basis(record: CustodyRecord) -> tuple[LegalStatus, date, bool]:
    """Give what decides whether a record may be searched; each change of it is an entry."""
    return record.status, record.review_due, record.searchable
