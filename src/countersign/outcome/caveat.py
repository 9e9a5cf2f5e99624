"""The caveat that every report on a lead carries, word for word (REP-01); its digest is a constant."""

from countersign.errors import IntegrityBroken
from countersign.primitives.digest import Sha256, sha256

CAVEAT = (
    "This is an investigative lead, not an identification. Two examiners, working separately, found support for the "
    "view that the person in the probe and the person in the reference image may be the same; they may be wrong, and "
    "similar people exist. This lead alone is not enough for an arrest, a charge, a line-up or any other decision "
    "against anyone. Make your own comparison, consider the reasons against, and find independent evidence before you "
    "act. The report is not expert evidence; evidential use needs a separate examination."
)
SEARCH_CAVEAT = (
    "This is a record that a search was made and how. It names nobody and identifies nobody. That a search listed "
    "nobody does not show that the person is in no collection, and that it listed somebody does not show who is in "
    "the image."
)
PERFORMANCE_UNKNOWN = (
    "Performance unknown: no cohort of children was validated. The error rates were measured with adults and do not "
    "hold for a child."
)
"""What every report and every decision on a search for a child says (practice P-10)."""
CAVEAT_SHA256 = Sha256("bd90a47ed6501107321a3ed09720d36aa67faeff6fd9f5ac2eb8222728281d5b")


class CaveatAlteredError(IntegrityBroken):
    """A text that should be the caveat is another."""

    code = "caveat_altered"


def check_caveat(text: str) -> None:
    """Accept the caveat only as it was fixed.

    Raises:
        CaveatAlteredError: A single character differs.
    """
    if sha256(text.encode()) != CAVEAT_SHA256:
        raise CaveatAlteredError(f"expected the caveat with digest {CAVEAT_SHA256}, got another text")
