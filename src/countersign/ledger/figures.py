"""The monthly figures, counted from the log and from nothing else, so that anybody who has the log counts the same.

`COLUMNS` is the whole return: each column counts the entries of a kind, in total and split by facts of that kind. Every
value that a fact can have is a category, those with no entry and "unknown" too (STA-04). Rates name what they divide by
what (STA-03). Searches that were seeded to test examiners are left out.

Source:
    Requirements section 7; AI Act Art 26(10).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.ledger.fact import OneOf

K = EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: entries of a kind whose facts have the values of ``only``, split by some of its facts."""

    kind: EventKind
    split: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a column comes to: the total, and by fact the number of each of its values."""

    column: str
    total: int
    by: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A rate as two counts: what is counted, of what (STA-03). Nothing is divided where there is nothing."""

    name: str
    numerator: str
    denominator: str
    of: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one month, or of one year.

    Attributes:
        month: As 2026-01; of a year, as 2026.
        frame: Programme state, pack, network and code of its last entry.
        log_size: Entries of the log up to its end.
    """

    month: str
    log_size: int
    frame: Mapping[str, str]
    figures: tuple[Figure, ...]
    shares: tuple[Share, ...]


_ASKED = ("tier", "purpose", "offence_code", "subject_category", "setting", "age_band", "kind", "urgency", "use_class")
COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        "requests_drafted": Column(kind=K.REQUEST_DRAFTED),
        "requests_submitted": Column(kind=K.REQUEST_SUBMITTED, split=_ASKED),
        # No cohort of children was validated: each is counted as a search of unknown performance (practice P-10).
        "performance_unknown": Column(kind=K.REQUEST_SUBMITTED, only=(("age_band", "under_18"),)),
        "requests_returned": Column(kind=K.REQUEST_RETURNED, split=("reason",)),
        "requests_refused": Column(kind=K.REQUEST_REFUSED, split=("reason",)),
        "requests_ended": Column(kind=K.REQUEST_WITHDRAWN, split=("ended", "reason")),
        "authorised": Column(kind=K.REQUEST_AUTHORISED, split=("tier",)),
        "urgent_confirmed": Column(kind=K.REQUEST_CONFIRMED),
        "referred_externally": Column(kind=K.REQUEST_REFERRED),
        "exhibits": Column(kind=K.EXHIBIT_SEALED, split=("source_type", "basis")),
        "searches": Column(kind=K.SEARCH_STARTED, split=("operating_point", "source_type", "collection")),
        "searches_given_up": Column(kind=K.SEARCH_ABORTED, split=("reason",)),
        "lists_sealed": Column(kind=K.SEARCH_SEALED),
        "lists_empty": Column(kind=K.SEARCH_SEALED, only=(("candidates", "0"),)),
        "comparisons": Column(kind=K.COMPARISON_MADE, split=("source_type", "collection")),
        "reviews_concluded": Column(kind=K.REVIEW_CONCLUDED, split=("outcome",)),
        "leads_released": Column(kind=K.LEAD_RELEASED),
        "outcomes": Column(kind=K.LEAD_OUTCOME, split=("outcome",)),
        "leads_disproved": Column(kind=K.LEAD_DISPROVED, split=("cause",)),
        "records_changed": Column(kind=K.RECORD_STATUS, split=("to",)),
        "records_erased": Column(kind=K.RECORD_ERASED, split=("rule",)),
        "deletion_requests": Column(kind=K.DELETION_REQUESTED),
        "deletion_decisions": Column(kind=K.DELETION_DECIDED, split=("outcome", "by")),
        "anomalies": Column(kind=K.ANOMALY_TRIPPED, split=("rule", "effect")),
        "denied": Column(kind=K.DENIED, split=("reason", "spoke")),
        "pack_changes": Column(kind=K.PROGRAMME_ARTEFACT, split=("type",)),
        "programme_states": Column(kind=K.PROGRAMME_STATE, split=("to",)),
        "log_exports": Column(kind=K.LEDGER_EXPORTED, split=("justification",)),
    }
)
SHARES: Sequence[tuple[str, str, str]] = (
    ("false leads per lead released", "leads_disproved", "leads_released"),
    ("false leads per search", "leads_disproved", "searches"),
    ("leads released per search", "leads_released", "searches"),
    ("requests refused per request submitted", "requests_refused", "requests_submitted"),
    ("empty lists per list", "lists_empty", "lists_sealed"),
)


FRAME = ("programme_state", "pack", "network", "code")


def count(entries: Iterable[Entry], month: str) -> Figures:
    """Count one month, or one year.

    Args:
        entries: The whole log, in its order.
        month: As 2026-01, or 2026.
    """
    until = [entry for entry in entries if entry.at[: len(month)] <= month]
    here = [entry for entry in until if entry.at[: len(month)] == month]
    seeded = {str(entry.facts["request"]) for entry in until if entry.kind is K.REVIEW_SEEDED}
    runs = {
        str(entry.facts["run"])
        for entry in until
        if entry.kind in {K.SEARCH_STARTED, K.COMPARISON_MADE} and str(entry.facts["request"]) in seeded
    }
    real = [
        entry
        for entry in here
        if str(entry.facts.get("request")) not in seeded and str(entry.facts.get("run")) not in runs
    ]
    figures = {name: _figure(name, column, real) for name, column in COLUMNS.items()}
    frame = {name: str(getattr(entry, name)) for entry in until[-1:] for name in FRAME}
    return Figures(
        month=month,
        log_size=len(until),
        frame=frame,
        figures=tuple(figures.values()),
        shares=shares_of(figures),
    )


def shares_of(figures: Mapping[str, Figure]) -> tuple[Share, ...]:
    """Give every rate with what it counts and of what (STA-03); a false lead is counted of leads and of searches."""
    return tuple(
        Share(name=name, numerator=over, denominator=under, of=(figures[over].total, figures[under].total))
        for name, over, under in SHARES
    )


def _figure(name: str, column: Column, entries: Iterable[Entry]) -> Figure:
    mine = [
        entry
        for entry in entries
        if entry.kind is column.kind and all(str(entry.facts[fact]) == value for fact, value in column.only)
    ]
    return Figure(column=name, total=len(mine), by={fact: _split(column.kind, fact, mine) for fact in column.split})


def _split(kind: EventKind, fact: str, entries: Iterable[Entry]) -> Mapping[str, int]:
    """Count by every value that the fact can have; one that nobody had counts zero and is not left out."""
    told = kind.facts[fact]
    possible = told.codes if isinstance(told, OneOf) else ()
    return {**dict.fromkeys(possible, 0), **Counter(str(entry.facts[fact]) for entry in entries)}
