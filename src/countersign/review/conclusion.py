"""What the closed scale of conclusions means, and which words no opinion may use (REV-08)."""

import re
from collections.abc import Iterable

from countersign.errors import Invalid
from countersign.review.facial_review import Conclusion, Opinion

SUPPORTING = frozenset({Conclusion.MODERATE_SUPPORT, Conclusion.STRONG_SUPPORT})
# OSAC 2022-S-0001, ENFSI BPM: the scale says how strong the support is; words of certainty say more than one can know.
BANNED = re.compile(
    r"\b(match(es|ed|ing)?|identif(y|ies|ied|ication|iable)|recogni[sz]ed?|certainty|certainly|definite(ly)?"
    r"|undoubtedly|doubtless|conclusive(ly)?|positive id|same (person|man|woman)|no doubt|beyond doubt)\b"
    r"|\d\s*(%|per ?cent\b)",
    re.IGNORECASE,
)


MEASURED = re.compile(
    r"anthropometr\w*|\b(inter)?(pupillary|ocular) distance\b|\bratio of\b|\bmeasur(ed?|ing|ements?)\b"
    r"|\b\d+([.,]\d+)?\s*(mm|cm|px|pixels?|degrees|°)(?!\w)",
    re.IGNORECASE,
)


class MeasurementError(Invalid):
    """A free text rests on a measurement of a face in a picture."""

    code = "measurement"


class BannedWordsError(Invalid):
    """A free text claims more than a review can."""

    code = "banned_words"


STRONGEST_FIRST = (
    Conclusion.STRONG_SUPPORT,
    Conclusion.MODERATE_SUPPORT,
    Conclusion.LIMITED_SUPPORT,
    Conclusion.INCONCLUSIVE,
    Conclusion.NO_SUPPORT,
)


def strongest(opinions: Iterable[Opinion]) -> Conclusion:
    """Give the strongest conclusion of a review, which is what is said of it where candidates are not named.

    Raises:
        ValueError: There is no opinion.
    """
    return min((opinion.conclusion for opinion in opinions), key=STRONGEST_FIRST.index)


def supports(conclusion: Conclusion) -> bool:
    """Say whether a conclusion counts as support: moderate or strong does, limited does not."""
    return conclusion in SUPPORTING


def check_words(text: str, *, where: str) -> None:
    """Refuse words of certainty, percentages and measurements.

    Raises:
        BannedWordsError: The text holds one; the message names it and the field, not the rest of the text.
        MeasurementError: The text rests on a measurement of the face.
    """
    found = BANNED.search(text)
    if found is not None:
        raise BannedWordsError(f"{where}: expected the scale's own words, got {found.group()!r}")
    check_not_measured(text, where=where)


def check_not_measured(text: str, *, where: str) -> None:
    """Refuse photo-anthropometry: distances, angles and ratios taken from a picture support no opinion (REV-07).

    Raises:
        MeasurementError: The text holds one.

    Source:
        FISWG and ASTM E3149: photo-anthropometric measurement may not be used.
    """
    found = MEASURED.search(text)
    if found is not None:
        raise MeasurementError(f"{where}: expected features that are described, got the measurement {found.group()!r}")
