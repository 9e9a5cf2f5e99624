"""The locked analysis of the probe: what must be written before any candidate is shown (REV-01)."""

from countersign.errors import Invalid, Refused
from countersign.review.conclusion import check_words
from countersign.review.facial_review import ProbeAnalysis


class AnalysisIncompleteError(Invalid):
    """Features or limits of the probe are not described."""

    code = "analysis_incomplete"


class StillsNotAttestedError(Refused):
    """Nobody attests that all stills of the probe show one person; software cannot tell."""

    code = "stills_not_attested"


def check_analysis(analysis: ProbeAnalysis, *, minimum_chars: int) -> None:
    """Accept an analysis that describes features and limits and attests that all stills show one person.

    Raises:
        AnalysisIncompleteError: A text is shorter than ``minimum_chars``.
        BannedWordsError: A text claims more than a review can.
        StillsNotAttestedError: The attestation is missing.
    """
    for where, text in (("features", analysis.features), ("limits", analysis.limits)):
        if len(text.strip()) < minimum_chars:
            raise AnalysisIncompleteError(
                f"{where}: expected at least {minimum_chars} characters, got {len(text.strip())}"
            )
        check_words(text, where=where)
    if not analysis.stills_show_one_person:
        raise StillsNotAttestedError("expected the attestation that all stills show one person, got none")
