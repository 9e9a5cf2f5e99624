"""The locked analysis of the probe: what must be written before any candidate is shown (REV-01)."""

from countersign.errors import Invalid, Refused
from countersign.review.conclusion import check_words
from countersign.review.facial_review import ProbeAnalysis


class AnalysisIncompleteError(Invalid):
    """Features or limits of the probe are not described."""

    code = "analysis_incomplete"


class StruckStillsError(Invalid):
    """A still that does not exist is struck, or one twice, or all of them, or one without a reason."""

    code = "struck_stills"


class StillsNotAttestedError(Refused):
    """Nobody attests that all stills of the probe show one person; software cannot tell."""

    code = "stills_not_attested"


def check_analysis(analysis: ProbeAnalysis, *, stills: int, minimum_chars: int) -> None:
    """Accept an analysis that describes features and limits and attests that the stills left show one person.

    Args:
        analysis: The examiner's.
        stills: How many stills the probe has.
        minimum_chars: Least length of each text, and of the reason why a still is struck.

    Raises:
        AnalysisIncompleteError: A text is shorter than ``minimum_chars``.
        StruckStillsError: What is struck is not some of the stills, once each and with a reason.
        BannedWordsError: A text claims more than a review can.
        StillsNotAttestedError: The attestation is missing.
    """
    for where, text in (("features", analysis.features), ("limits", analysis.limits)):
        if len(text.strip()) < minimum_chars:
            raise AnalysisIncompleteError(
                f"{where}: expected at least {minimum_chars} characters, got {len(text.strip())}"
            )
        check_words(text, where=where)
    _check_struck(analysis, stills=stills, minimum_chars=minimum_chars)
    if not analysis.stills_show_one_person:
        raise StillsNotAttestedError("expected the attestation that all stills show one person, got none")


def _check_struck(analysis: ProbeAnalysis, *, stills: int, minimum_chars: int) -> None:
    numbers = [still.number for still in analysis.struck]
    if len(set(numbers)) < len(numbers) or not set(numbers) < set(range(1, stills + 1)):
        raise StruckStillsError(f"expected some of the stills 1 to {stills} and never all of them, got {numbers}")
    for still in analysis.struck:
        if len(still.reason.strip()) < minimum_chars:
            raise StruckStillsError(f"expected a reason of at least {minimum_chars} characters, got {still.reason!r}")
        check_words(still.reason, where=f"still {still.number}")
