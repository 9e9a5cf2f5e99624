"""What the entries must tell together, checked by an outsider from the log alone.

One row of `RULES` per kind of event. A rule sees the entries in order, remembers what later ones depend on, and names
what is out of order. A log can be whole and signed and still tell of a search that nobody authorised; this finds it.

    request.authorised   after request.submitted, by another person (AUT-04)
    search.started       spends one authorisation, once (AUT-07); a run starts once
    comparison.made      spends one authorisation, once; there is one reference to review and no gallery (P-05)
    search.sealed        ends one running search of the same case; search.aborted too, giving the authorisation back
    review.opined        of a sealed list; each position once, each examiner once (REV-04)
    review.concluded     lead_supported only where two examiners support (REV-04)
    lead.released        only after lead_supported (REP-01)
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from countersign.ledger.entry import Entry
from countersign.ledger.event import EventKind
from countersign.ledger.finding import Finding

SUPPORT = ("moderate_support", "strong_support")
SUPPORTERS_NEEDED = 2


class RunStage(StrEnum):
    """How far a search has come."""

    RUNNING = "running"
    SEALED = "sealed"
    ABORTED = "aborted"
    LEAD_SUPPORTED = "lead_supported"


@dataclass(slots=True, kw_only=True)
class Run:
    """What the log has told of one search."""

    request: str
    case: str
    stage: RunStage = RunStage.RUNNING
    opinions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Position to examiner and conclusion."""


@dataclass(slots=True, kw_only=True)
class Story:
    """What the log has told so far."""

    requesters: dict[str, str] = field(default_factory=dict)
    """Submitted request, not yet decided, to the person who submitted it."""
    authorised: set[str] = field(default_factory=set)
    """Requests with an unspent authorisation."""
    runs: dict[str, Run] = field(default_factory=dict)

    def check(self, entry: Entry) -> Iterator[Finding]:
        """Tell the story one entry further and give what is out of order."""
        if (entry.seq == 0) != (entry.kind is EventKind.PROGRAMME_INITIALISED):
            yield _out_of_order(
                entry, "initialised_misplaced", "programme.initialised must be the first entry and no other"
            )
        rule = RULES.get(entry.kind)
        if rule is not None:
            yield from rule(self, entry)


def _out_of_order(entry: Entry, code: str, sentence: str) -> Finding:
    return Finding(code=code, sentence=f"{entry.kind}: {sentence}", seq=entry.seq)


def _text(entry: Entry, name: str) -> str:
    return str(entry.facts[name])


def _submitted(story: Story, entry: Entry) -> Iterator[Finding]:
    story.requesters[_text(entry, "request")] = entry.actor
    yield from ()


def _decided(story: Story, entry: Entry) -> Iterator[Finding]:
    """Returned, refused or withdrawn: neither open nor authorised any more."""
    story.requesters.pop(_text(entry, "request"), None)
    story.authorised.discard(_text(entry, "request"))
    yield from ()


def _authorised(story: Story, entry: Entry) -> Iterator[Finding]:
    request = _text(entry, "request")
    requester = story.requesters.pop(request, None)
    if requester is None:
        yield _out_of_order(entry, "authorised_unsubmitted", "no open request of this identifier was submitted before")
    elif requester == entry.actor:
        yield _out_of_order(entry, "authorised_own_request", "the requester and the authorising officer are one person")
    story.authorised.add(request)


def _started(story: Story, entry: Entry) -> Iterator[Finding]:
    request, run = _text(entry, "request"), _text(entry, "run")
    if request not in story.authorised:
        yield _out_of_order(entry, "search_unauthorised", "no unspent authorisation stands for this search")
    if run in story.runs:
        yield _out_of_order(entry, "search_started_twice", "a search of this identifier was started before")
    story.authorised.discard(request)
    stage = RunStage.SEALED if entry.kind is EventKind.COMPARISON_MADE else RunStage.RUNNING
    story.runs[run] = Run(request=request, case=entry.case, stage=stage)


def _ended(story: Story, entry: Entry) -> Iterator[Finding]:
    run = story.runs.get(_text(entry, "run"))
    if run is None or run.stage is not RunStage.RUNNING or run.case != entry.case:
        yield _out_of_order(
            entry, "search_not_running", "no running search of this case and identifier was started before"
        )
    elif entry.kind is EventKind.SEARCH_SEALED:
        run.stage = RunStage.SEALED
    else:
        run.stage = RunStage.ABORTED
        story.authorised.add(run.request)


def _opined(story: Story, entry: Entry) -> Iterator[Finding]:
    run = story.runs.get(_text(entry, "run"))
    if run is None or run.stage is not RunStage.SEALED:
        yield _out_of_order(entry, "opinion_without_list", "no sealed list under review has this identifier")
        return
    position = _text(entry, "position")
    if position in run.opinions or entry.actor in {examiner for examiner, _ in run.opinions.values()}:
        yield _out_of_order(entry, "opinion_twice", "this position or this examiner has given an opinion before")
    run.opinions[position] = (entry.actor, _text(entry, "conclusion"))


def _concluded(story: Story, entry: Entry) -> Iterator[Finding]:
    run = story.runs.get(_text(entry, "run"))
    if run is None or run.stage is not RunStage.SEALED:
        yield _out_of_order(entry, "conclusion_without_list", "no sealed list under review has this identifier")
    elif entry.facts["outcome"] == RunStage.LEAD_SUPPORTED:
        supporters = {examiner for examiner, conclusion in run.opinions.values() if conclusion in SUPPORT}
        if len(supporters) < SUPPORTERS_NEEDED:
            yield _out_of_order(entry, "lead_unsupported", "fewer than two examiners support this lead")
        run.stage = RunStage.LEAD_SUPPORTED


def _released(story: Story, entry: Entry) -> Iterator[Finding]:
    run = story.runs.get(_text(entry, "run"))
    if run is None or run.stage is not RunStage.LEAD_SUPPORTED:
        yield _out_of_order(entry, "lead_without_review", "no review has supported a lead of this search")


RULES: Mapping[EventKind, Callable[[Story, Entry], Iterator[Finding]]] = {
    EventKind.REQUEST_SUBMITTED: _submitted,
    EventKind.REQUEST_RETURNED: _decided,
    EventKind.REQUEST_REFUSED: _decided,
    EventKind.REQUEST_WITHDRAWN: _decided,
    EventKind.REQUEST_AUTHORISED: _authorised,
    EventKind.SEARCH_STARTED: _started,
    EventKind.COMPARISON_MADE: _started,
    EventKind.SEARCH_SEALED: _ended,
    EventKind.SEARCH_ABORTED: _ended,
    EventKind.REVIEW_OPINED: _opined,
    EventKind.REVIEW_CONCLUDED: _concluded,
    EventKind.LEAD_RELEASED: _released,
}
