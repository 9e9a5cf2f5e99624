"""What must be recorded before a lead is released, and before an outcome is entered (REP-03, REP-10, practice P-24)."""

from countersign.errors import Conflict, Invalid, Refused
from countersign.outcome.lead import ADVERSE, EvidenceType, Lead, Outcome


class ReasonsAgainstError(Invalid):
    """Nobody wrote what speaks against the lead: age, distance, alibi, custody at the time."""

    code = "reasons_against_missing"


class NotReconfirmedError(Refused):
    """The officer did not confirm again that the search is necessary (AUT-20)."""

    code = "not_reconfirmed"


class AlreadyReleasedError(Conflict):
    """A lead is released once."""

    code = "already_released"


class NotReleasedError(Conflict):
    """A lead that was not released has no outcome."""

    code = "not_released"


class OutcomeRecordedError(Conflict):
    """An outcome is recorded once."""

    code = "outcome_recorded"


class OwnComparisonError(Invalid):
    """The requester did not write an own comparison but took the lead over."""

    code = "own_comparison_missing"


class NoIndependentEvidenceError(Refused):
    """An adverse outcome would rest on the lead alone."""

    code = "no_independent_evidence"


class SafeguardingOnlyError(Refused):
    """What was found to protect or to name somebody would be used against them."""

    code = "safeguarding_only"


def check_safeguarding(outcome: Outcome) -> None:
    """Accept an outcome of a search that safeguards: never an arrest, a charge or a line-up (AUT-21, practice P-10).

    Raises:
        SafeguardingOnlyError: It is one of these.
    """
    if outcome.code in ADVERSE or outcome.line_up:
        what = "a line-up" if outcome.line_up else outcome.code
        raise SafeguardingOnlyError(f"expected an outcome for the good of the person, got {what}")


def check_reasons_against(text: str, minimum_chars: int) -> None:
    """Accept what speaks against a lead: age, distance, alibi, custody at the time (practice P-24).

    Raises:
        ReasonsAgainstError: It is missing or too short.
    """
    if len(text.strip()) < minimum_chars:
        raise ReasonsAgainstError(
            f"reasons against: expected at least {minimum_chars} characters, got {len(text.strip())}"
        )


def check_release(lead: Lead, *, minimum_chars: int) -> None:
    """Accept a lead for release.

    Raises:
        AlreadyReleasedError: It was released before.
        NotReconfirmedError: No officer reconfirmed the necessity.
        ReasonsAgainstError: The reasons against are missing or shorter than ``minimum_chars``.
    """
    if lead.released_at is not None:
        raise AlreadyReleasedError("expected a lead that was not released, got a released one")
    if lead.reconfirmed_by is None:
        raise NotReconfirmedError("expected an officer's reconfirmation before release, got none")
    check_reasons_against(lead.reasons_against, minimum_chars)


def check_own_comparison(outcome: Outcome, minimum_chars: int) -> None:
    """Accept an outcome whose requester compared the images alone (REP-10).

    Raises:
        OwnComparisonError: What they saw is missing or too short.
    """
    if len(outcome.own_comparison.strip()) < minimum_chars:
        raise OwnComparisonError(f"expected an own comparison in at least {minimum_chars} characters, got fewer")


def check_evidence(lead: Lead, outcome: Outcome) -> None:
    """Accept an adverse outcome, or a line-up, only with evidence that does not rest on the lead (REP-03).

    Raises:
        NoIndependentEvidenceError: No item has a reference of its own. For a line-up no item of a witness counts: a
            memory of the picture that the lead put before them is no evidence of its own.

    Source:
        AI Act Art 26(10): no adverse legal effect solely on the output; PACE Code D part 3.
    """
    if outcome.code not in ADVERSE and not outcome.line_up:
        return
    items = [item for item in outcome.evidence if not outcome.line_up or item.type is not EvidenceType.WITNESS]
    if not {item.reference.strip() for item in items} - {"", lead.id, lead.run, lead.request}:
        what = "a line-up" if outcome.line_up else outcome.code
        raise NoIndependentEvidenceError(f"expected independent evidence before {what}, got the lead alone")


def check_outcome(lead: Lead, outcome: Outcome, *, minimum_chars: int) -> None:
    """Accept an outcome of a released lead.

    Raises:
        NotReleasedError: The lead was not released.
        OutcomeRecordedError: It has an outcome already.
        OwnComparisonError: The own comparison is missing or shorter than ``minimum_chars``.
        ReasonsAgainstError: The outcome is adverse and the reasons against are missing or too short.
        NoIndependentEvidenceError: The outcome is adverse and no independent evidence has a reference of its own.
    """
    if lead.released_at is None:
        raise NotReleasedError("expected a released lead, got one that was not released")
    if lead.outcome is not None:
        raise OutcomeRecordedError(f"expected a lead without an outcome, got {lead.outcome.code}")
    check_own_comparison(outcome, minimum_chars)
    if outcome.code in ADVERSE or outcome.line_up:
        check_reasons_against(outcome.reasons_against, minimum_chars)
    check_evidence(lead, outcome)
