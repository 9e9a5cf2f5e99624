from dataclasses import replace

import pytest

from countersign.ledger.append import append
from countersign.ledger.entry import EntryDraft, FactValue
from countersign.ledger.event import EventKind
from countersign.ledger.finding import Finding
from countersign.ledger.rules import Story
from tests.fakes_ledger import MemoryLedger, draft, initialised, pseudonym

REQUEST, RUN, CASE = pseudonym("request"), pseudonym("run"), pseudonym("case")
ANNA, BEN, CARA, DAN, EVE = map(pseudonym, ("anna", "ben", "cara", "dan", "eve"))


def event(kind: EventKind, actor: str, /, *, case: str = CASE, **facts: FactValue) -> EntryDraft:
    return replace(draft(actor=actor, case=case), kind=kind, facts=facts)


SUBMITTED = event(
    EventKind.REQUEST_SUBMITTED,
    ANNA,
    request=REQUEST,
    purpose="find_offender",
    subject_category="presumed_offender",
    offence_code="robbery",
    setting="ordinary",
    tier="t1",
    use_class="intelligence",
    age_band="adult",
    kind="initial",
    urgency="none",
)
RETURNED = event(EventKind.REQUEST_RETURNED, BEN, request=REQUEST, reason="unclear")
WITHDRAWN = event(
    EventKind.REQUEST_WITHDRAWN, ANNA, request=REQUEST, ended="withdrawn", reason="not_needed", openings=0
)
AUTHORISED = event(EventKind.REQUEST_AUTHORISED, BEN, request=REQUEST, tier="t1")


def started(run: str = RUN) -> EntryDraft:
    return event(
        EventKind.SEARCH_STARTED,
        CARA,
        request=REQUEST,
        run=run,
        gallery_seq=1,
        gallery_root="00" * 32,
        n_subjects=10,
        operating_point="strict",
        threshold=-5,
        list_length=10,
        age_hours=30,
        rbi_class="post",
        collection="cc" * 16,
        source_type="cctv",
        scope="one_case_one_person",
    )


STARTED = started()
SEALED = event(EventKind.SEARCH_SEALED, CARA, run=RUN, candidates=2, weight_sum=255)
COMPARED = event(
    EventKind.COMPARISON_MADE,
    CARA,
    request=REQUEST,
    run=RUN,
    collection="cc" * 16,
    age_hours=30,
    source_type="cctv",
    scope="one_case_one_person",
    weight_sum=255,
)
ABORTED = event(EventKind.SEARCH_ABORTED, "system", run=RUN, reason="power_cut")


def opined(actor: str, position: str, conclusion: str = "strong_support") -> EntryDraft:
    return event(EventKind.REVIEW_OPINED, actor, run=RUN, position=position, conclusion=conclusion)


def concluded(outcome: str) -> EntryDraft:
    return event(EventKind.REVIEW_CONCLUDED, "system", run=RUN, outcome=outcome)


RELEASED = event(EventKind.LEAD_RELEASED, CARA, run=RUN, justification="investigation")
TO_LIST = (SUBMITTED, AUTHORISED, STARTED, SEALED)
REVIEWED = (*TO_LIST, opined(CARA, "first"), opined(DAN, "second"))


def told(*story: EntryDraft) -> list[str]:
    store, teller = MemoryLedger(), Story()
    findings: list[Finding] = []
    for entry in (initialised(), *story):
        findings += teller.check(append(store, entry))
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    "story",
    [
        (*REVIEWED, concluded("lead_supported"), RELEASED),
        (
            *TO_LIST,
            opined(CARA, "first"),
            opined(DAN, "second", "no_support"),
            concluded("conflict"),
            opined(EVE, "third", "moderate_support"),
            concluded("lead_supported"),
            RELEASED,
        ),
        (SUBMITTED, RETURNED, SUBMITTED, AUTHORISED, STARTED, ABORTED, started(pseudonym("again"))),
        (*TO_LIST[:2], COMPARED, opined(CARA, "first"), opined(DAN, "second"), concluded("lead_supported"), RELEASED),
    ],
)
def test_an_orderly_story_has_no_finding(story: tuple[EntryDraft, ...]) -> None:
    assert told(*story) == []


@pytest.mark.row("LOG-05")
@pytest.mark.parametrize(
    ("story", "code"),
    [
        ((initialised(),), "initialised_misplaced"),
        ((AUTHORISED,), "authorised_unsubmitted"),
        ((SUBMITTED, AUTHORISED, AUTHORISED), "authorised_unsubmitted"),
        ((SUBMITTED, RETURNED, AUTHORISED), "authorised_unsubmitted"),
        ((SUBMITTED, event(EventKind.REQUEST_AUTHORISED, ANNA, request=REQUEST, tier="t1")), "authorised_own_request"),
        ((STARTED,), "search_unauthorised"),
        ((SUBMITTED, STARTED), "search_unauthorised"),
        ((SUBMITTED, AUTHORISED, WITHDRAWN, STARTED), "search_unauthorised"),
        ((*TO_LIST, started(pseudonym("second search"))), "search_unauthorised"),
        ((SUBMITTED, AUTHORISED, STARTED, ABORTED, STARTED), "search_started_twice"),
        ((COMPARED,), "search_unauthorised"),
        ((*TO_LIST[:2], COMPARED, started(pseudonym("again"))), "search_unauthorised"),
        ((*TO_LIST[:2], COMPARED, SEALED), "search_not_running"),
        ((SEALED,), "search_not_running"),
        ((*TO_LIST, SEALED), "search_not_running"),
        ((*TO_LIST, ABORTED), "search_not_running"),
        ((SUBMITTED, AUTHORISED, STARTED, ABORTED, SEALED), "search_not_running"),
        (
            (
                *TO_LIST[:3],
                event(EventKind.SEARCH_SEALED, CARA, case=pseudonym("x"), run=RUN, candidates=0, weight_sum=1),
            ),
            "search_not_running",
        ),
        ((opined(CARA, "first"),), "opinion_without_list"),
        ((*TO_LIST[:3], opined(CARA, "first")), "opinion_without_list"),
        ((*TO_LIST, opined(CARA, "first"), opined(DAN, "first")), "opinion_twice"),
        ((*TO_LIST, opined(CARA, "first"), opined(CARA, "second")), "opinion_twice"),
        ((concluded("no_lead"),), "conclusion_without_list"),
        ((*TO_LIST, concluded("lead_supported")), "lead_unsupported"),
        ((*TO_LIST, opined(CARA, "first"), concluded("lead_supported")), "lead_unsupported"),
        (
            (*TO_LIST, opined(CARA, "first"), opined(DAN, "second", "limited_support"), concluded("lead_supported")),
            "lead_unsupported",
        ),
        ((*REVIEWED, concluded("no_lead"), RELEASED), "lead_without_review"),
        ((RELEASED,), "lead_without_review"),
    ],
)
def test_a_story_out_of_order_has_one_finding(story: tuple[EntryDraft, ...], code: str) -> None:
    assert told(*story) == [code]


def test_a_log_that_does_not_begin_with_its_programme_is_found() -> None:
    store, teller = MemoryLedger(), Story()
    assert [found.code for found in teller.check(append(store, draft()))] == ["initialised_misplaced"]
